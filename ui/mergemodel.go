package ui

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/contact/duplicate"
)

// mergeValue is one value of one of the contacts that are merged.
type mergeValue struct {
	text, label string
	same        string // equal for values that become one
	source      duplicate.Source
}

// mergeField is a line of the merge view: what each contact has of it.
type mergeField struct {
	title   string
	others  bool   // names that don't stand, and may stay as nicknames
	single  string // the field of duplicate.Choices of which one value stands; "" : each stands that is ticked
	columns [][]mergeValue
}

// isEmpty says that no contact has it.
func (f mergeField) isEmpty() bool {
	return !slices.ContainsFunc(f.columns, func(c []mergeValue) bool { return len(c) > 0 })
}

// differs says that there is something to choose between.
func (f mergeField) differs() bool {
	seen := map[string]bool{}
	for _, column := range f.columns {
		for _, v := range column {
			seen[v.same] = true
		}
	}
	return len(seen) > 1
}

// mergeModel is what a user chooses of contacts that become one.
type mergeModel struct {
	cards  []contact.Card
	fields []mergeField
	take   map[string]int
	drop   map[duplicate.Source]bool
}

func newMergeModel(cards []contact.Card) *mergeModel {
	m := &mergeModel{cards: cards, take: map[string]int{}, drop: map[duplicate.Source]bool{}}
	for _, f := range []mergeField{m.names(), m.otherNames(), m.photos()} {
		if !f.isEmpty() {
			m.fields = append(m.fields, f)
		}
	}
	for _, kind := range mergeKinds() {
		if f := m.field(kind.title, kind.read); !f.isEmpty() {
			f.single = kind.single
			if f.single != "" && !f.differs() {
				f.single = "" // nothing to choose
			}
			m.fields = append(m.fields, f)
		}
	}
	for _, f := range m.fields {
		if f.single == "" {
			continue
		}
		for i, column := range f.columns { // the first that has one, unless another one is chosen
			if len(column) > 0 {
				m.take[f.single] = i
				break
			}
		}
	}
	return m
}

// mergeKind is one of the lines below the names, and how it is read from a contact.
type mergeKind struct {
	title, single string
	read          func(contact.Card) []mergeValue
}

// mergeKinds are the lines below the names, in order.
func mergeKinds() []mergeKind {
	return []mergeKind{
		{lang.L("Phone"), "", func(c contact.Card) (all []mergeValue) {
			for _, e := range c.Phones() {
				plus := ifAny(strings.HasPrefix(strings.TrimSpace(e.Value), "+"), "+")
				all = append(all, mergeValue{text: e.Value, label: valueLabel(phoneKinds(), e.Kind, e.Label), same: plus + contact.Digits(e.Value), source: entry("phones", e.ID)})
			}
			return all
		}},
		{lang.L("E-mail"), "", func(c contact.Card) (all []mergeValue) {
			for _, e := range c.Emails() {
				all = append(all, mergeValue{text: e.Value, label: valueLabel(placeKinds(), e.Kind, e.Label), same: strings.ToLower(e.Value), source: entry("emails", e.ID)})
			}
			return all
		}},
		{lang.L("Organization"), "", jsonValues("organizations", "name")},
		{lang.L("Title"), "", jsonValues("titles", "name")},
		{lang.L("Address"), "", func(c contact.Card) (all []mergeValue) {
			for _, a := range c.Addresses() {
				text := strings.Join(addressLines(a), ", ")
				all = append(all, mergeValue{text: text, label: valueLabel(placeKinds(), a.Kind, a.Label), same: contact.Fold(text), source: entry("addresses", a.ID)})
			}
			return all
		}},
		{lang.L("Link"), "", func(c contact.Card) (all []mergeValue) {
			for _, e := range c.Links() {
				all = append(all, mergeValue{text: e.Value, label: valueLabel(placeKinds(), e.Kind, e.Label), same: e.Value, source: entry("links", e.ID)})
			}
			return all
		}},
		{lang.L("Birthday"), duplicate.Birthday, func(c contact.Card) []mergeValue {
			text := formatDate(c.Birthday())
			if text == "" {
				return nil
			}
			return []mergeValue{{text: text, same: text}}
		}},
		{lang.L("Nickname"), "", jsonValues("nicknames", "name")},
		{lang.L("Note"), "", jsonValues("notes", "note")},
		{lang.L("Labels"), "", func(c contact.Card) (all []mergeValue) {
			var labels map[string]any
			if json.Unmarshal(c.At("/keywords"), &labels) != nil {
				return nil // none
			}
			for _, l := range slices.Sorted(maps.Keys(labels)) {
				shown := l
				if l == "starred" {
					shown = lang.L("Favourite")
				}
				all = append(all, mergeValue{text: shown, same: l, source: entry("keywords", l)})
			}
			return all
		}},
	}
}

// entry is an entry's place in a card; the card's place is filled in later.
func entry(member, id string) duplicate.Source {
	return duplicate.Source{Path: "/" + member + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(id)}
}

// jsonValues reads one text of each entry of a map.
func jsonValues(member, value string) func(contact.Card) []mergeValue {
	return func(c contact.Card) (all []mergeValue) {
		var entries map[string]map[string]any
		if json.Unmarshal(c.At("/"+member), &entries) != nil {
			return nil // none
		}
		for _, id := range slices.Sorted(maps.Keys(entries)) {
			if text, ok := entries[id][value].(string); ok && strings.TrimSpace(text) != "" {
				all = append(all, mergeValue{text: text, same: contact.Fold(text), source: entry(member, id)})
			}
		}
		return all
	}
}

func (m *mergeModel) field(title string, read func(contact.Card) []mergeValue) mergeField {
	f := mergeField{title: title}
	for i, c := range m.cards {
		values := read(c)
		for j := range values {
			values[j].source.Card = i
		}
		f.columns = append(f.columns, values)
	}
	return f
}

func nameValues(c contact.Card) []mergeValue {
	name := c.FullName()
	if name == "" {
		return nil
	}
	return []mergeValue{{text: name, same: name, source: duplicate.Source{Path: "/name"}}}
}

func (m *mergeModel) names() mergeField {
	f := m.field(lang.L("Name"), nameValues)
	if f.differs() {
		f.single = duplicate.Name
	}
	return f
}

// otherNames are the names that may stay as nicknames.
func (m *mergeModel) otherNames() mergeField {
	f := m.field(lang.L("Keep as nickname"), nameValues)
	f.others = true
	seen := map[string]bool{}
	for _, column := range f.columns {
		for i := range column {
			column[i].same = contact.Fold(column[i].text)
			seen[column[i].same] = true
		}
	}
	if len(seen) < 2 {
		return mergeField{}
	}
	return f
}

func (m *mergeModel) photos() mergeField {
	f := m.field(lang.L("Photo"), func(c contact.Card) []mergeValue {
		p, ok := c.Photo()
		if !ok {
			return nil
		}
		return []mergeValue{{text: lang.L("This picture"), same: p.BlobID + p.URI}}
	})
	if !f.differs() {
		return mergeField{}
	}
	f.single = duplicate.Photo
	return f
}

// chosen says whether a value stands, and whether the user may say so.
func (m *mergeModel) chosen(f mergeField, card int, v mergeValue) (on, offered bool) {
	switch {
	case f.single != "":
		return m.take[f.single] == card, true
	case f.others: // as a nickname: of the name that stands there is no need
		taken := m.cards[m.take[duplicate.Name]]
		return !m.drop[v.source], contact.Fold(taken.FullName()) != v.same
	case v.source.Path == "" || v.source.Path == "/name":
		return true, false
	}
	return !m.drop[v.source], true
}

// toggle chooses a value, or takes the choice back; equal values of the other contacts go with it.
func (m *mergeModel) toggle(f mergeField, card int, v mergeValue) {
	if f.single != "" {
		m.take[f.single] = card
		return
	}
	on := m.drop[v.source]
	for _, column := range f.columns {
		for _, other := range column {
			if other.same == v.same {
				m.drop[other.source] = !on
			}
		}
	}
}

// bothStand is the choice of a field's every value.
const bothStand = -1

// choices are for duplicate.Combine.
func (m *mergeModel) choices() duplicate.Choices {
	take := maps.Clone(m.take)
	maps.DeleteFunc(take, func(_ string, card int) bool { return card == bothStand })
	drop := map[duplicate.Source]bool{}
	for s, dropped := range m.drop {
		if dropped {
			drop[s] = true
		}
	}
	return duplicate.Choices{Take: take, Drop: drop}
}

// result is the contact that these choices make.
func (m *mergeModel) result() (contact.Card, error) { return duplicate.Combine(m.cards, m.choices()) }

// keep takes over choices that were made among older versions of the contacts.
func (m *mergeModel) keep(old *mergeModel) {
	for field, card := range old.take {
		if _, there := m.take[field]; there {
			m.take[field] = card
		}
	}
	maps.Copy(m.drop, old.drop)
}
