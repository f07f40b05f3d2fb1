package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

func relationKinds() []kind {
	return []kind{{"spouse", lang.L("Spouse")}, {"sweetheart", lang.L("Partner")}, {"child", lang.L("Child")}, {"parent", lang.L("Parent")},
		{"sibling", lang.L("Sibling")}, {"friend", lang.L("Friend")}, {"colleague", lang.L("Colleague")}, {"kith.app:manager", lang.L("Manager")},
		{"kith.app:report", lang.X("relation.report", "Report")}, {"kith.app:assistant", lang.L("Assistant")}, {"contact", lang.L("Contact")}}
}

// relationsOf are a contact's relations as the form holds them: the ID is the other's, the Value its name.
func relationsOf(c contact.Card) []contact.Entry {
	var all []contact.Entry
	for _, r := range c.Relations() {
		all = append(all, contact.Entry{ID: r.Key, Value: r.Name, Kind: r.Kind, Label: r.Label})
	}
	return all
}

// relationsFrom reads them back; one without an ID is of a name alone.
func relationsFrom(typed []contact.Entry) []contact.Relation {
	var all []contact.Relation
	for _, e := range typed {
		all = append(all, contact.Relation{Key: e.ID, Name: e.Value, Kind: e.Kind, Label: e.Label})
	}
	return all
}

// openScheme begins what a click opens in this window.
const openScheme = "kith:contact/"

// relationValues are the relations that the view shows; names are what the others are called now, for those that are there.
func relationValues(c contact.Card, names map[string]string) []value {
	var all []value
	for _, r := range c.Relations() {
		label := valueLabel(relationKinds(), r.Kind, r.Label)
		if label == "" {
			label = lang.L("Related")
		}
		v := value{text: r.Name, label: label, spoken: lang.L("Name")}
		if name, there := names[r.Key]; there {
			v.text, v.open = nameOr(name), openScheme+r.Key
		}
		all = append(all, v)
	}
	return all
}

// relatedIDs are the keys that may be contacts.
func relatedIDs(c contact.Card) []string {
	var ids []string
	for _, r := range c.Relations() {
		ids = append(ids, r.Key)
	}
	return ids
}

// openRelated shows the contact that a relation leads to, in the list of all contacts.
func (b *book) openRelated(id string) {
	var row data.RowID
	do(b.bg, func(ctx context.Context) error {
		c, err := b.store.Contact(ctx, id)
		row = c.Row
		return err
	}, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		if b.editing {
			return
		}
		b.reach(row)
	})
}

// reach shows a contact, in the list of all contacts.
func (b *book) reach(row data.RowID) {
	b.chooseBook("")
	if b.list.query.Filter != data.All || b.list.query.Label != "" || b.list.query.Text != "" {
		b.list.search.SetText("")
		b.choosePlace(data.All)
	}
	b.list.selection.only(row, b.list.selection.at)
	b.list.reveal = row
	b.list.refresh()
	b.load(row)
	b.showContact()
}

// peopleOffered is how many contacts are offered while a name is typed.
const peopleOffered = 5

// candidate is a contact that a relation may lead to.
type candidate struct{ id, name, subtitle string }

// findPeople looks for contacts while a name is typed; the newest question alone is answered.
func (b *book) findPeople(text string, done func([]candidate)) {
	if strings.TrimSpace(text) == "" {
		b.peopling.drop()
		done(nil)
		return
	}
	own := b.editor.id
	ask(b.bg, &b.peopling, func(ctx context.Context) ([]candidate, error) {
		order, err := b.store.Order(ctx, data.Query{Text: text})
		if err != nil {
			return nil, err
		}
		rows, err := b.store.Rows(ctx, order[:min(len(order), peopleOffered+1)])
		var found []candidate
		for _, r := range rows {
			if r.ID != own && len(found) < peopleOffered {
				found = append(found, candidate{r.ID, nameOr(r.Name), r.Subtitle})
			}
		}
		return found, err
	}, func(found []candidate, err error) {
		if err == nil {
			done(found)
		}
	})
}

// offerPeople shows below a row who its name may be; choosing one links the relation to that contact.
func (g *entryGroup) offerPeople(r *entryRow) {
	if g.people == nil || g.editor.filling {
		return
	}
	g.people(r.value.Text, func(found []candidate) {
		r.offered.RemoveAll()
		for _, p := range found {
			text := p.name
			if p.subtitle != "" {
				text += " · " + p.subtitle
			}
			choose := newLink(text, nil, func() {
				r.entry.ID = p.id
				r.linked = p.name
				r.value.SetText(p.name)
				r.offered.RemoveAll()
				g.editor.rearrange()
				g.editor.typed()
				g.editor.canvas.Focus(r.value)
			})
			choose.onFocus = func() { revealIn(g.editor.scroll, choose) }
			r.offered.Add(choose)
		}
		g.editor.rearrange()
		revealIn(g.editor.scroll, r.box)
	})
}

// withRelations adds the block of relations before the last ones: the note ends a contact.
func withRelations(blocks []block, c contact.Card, names map[string]string) []block {
	values := relationValues(c, names)
	if len(values) == 0 {
		return blocks
	}
	at := len(blocks)
	if at > 0 && blocks[at-1].icon == iconQuietNote {
		at--
	}
	return slices.Insert(blocks, at, block{iconPeople, values})
}
