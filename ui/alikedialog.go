package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"kith/data"
)

const alikeWidth = 480

// fieldGroup is the fields of one kind among many questions; name "" : all of them.
type fieldGroup struct {
	name             string
	fields, contacts int
}

// groupOf is the kind of field that a question is about.
func groupOf(c data.Conflict) string {
	if c.Field == "" {
		return lang.L("Deleted or edited")
	}
	member, _, _ := strings.Cut(c.Field[1:], "/")
	return fieldName("/" + member)
}

// fieldGroups are the kinds of field that are asked about, the most frequent first; all of them together come first.
func fieldGroups(all []data.Conflict) []fieldGroup {
	byName := map[string]*fieldGroup{}
	people := map[[2]string]bool{}
	total := fieldGroup{}
	for _, c := range all {
		name := groupOf(c)
		g := byName[name]
		if g == nil {
			g = &fieldGroup{name: name}
			byName[name] = g
		}
		g.fields++
		total.fields++
		if !people[[2]string{name, c.ID}] {
			people[[2]string{name, c.ID}] = true
			g.contacts++
		}
		if !people[[2]string{"", c.ID}] {
			people[[2]string{"", c.ID}] = true
			total.contacts++
		}
	}
	var groups []fieldGroup
	for _, g := range byName {
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(a, b fieldGroup) int {
		return cmp.Or(cmp.Compare(b.fields, a.fields), strings.Compare(a.name, b.name))
	})
	if len(groups) > 1 {
		groups = append([]fieldGroup{total}, groups...)
	}
	return groups
}

func (g fieldGroup) text() string {
	name := g.name
	if name == "" {
		name = lang.L("Every field")
	}
	return facts(name, lang.L("{{.Fields}} of {{.Contacts}}",
		with{"Fields": lang.N("{{.Count}} fields", g.fields, counted(g.fields)), "Contacts": lang.N("{{.Count}} contacts", g.contacts, counted(g.contacts))}))
}

// alikeOption is one answer to many questions.
type alikeOption struct {
	text string
	keep data.Keep
}

// alikeOptions are the answers that many questions can be given alike.
func alikeOptions(reviews bool) []alikeOption {
	if reviews {
		return []alikeOption{{lang.L("All right: leave them as they are"), data.KeepAsIs}, {lang.L("The values of this device"), data.KeepLocal},
			{lang.L("The values of the other devices"), data.KeepRemote}, {lang.L("Both, where a field has room for two"), data.KeepBoth}}
	}
	return []alikeOption{{lang.L("Mine: the values of this device"), data.KeepLocal}, {lang.L("Theirs: the values of the other devices"), data.KeepRemote},
		{lang.L("The newer value of each field"), data.KeepNewest}, {lang.L("Both, where a field has room for two"), data.KeepBoth}}
}

// alikeDialog decides the questions of many contacts by one answer.
type alikeDialog struct {
	book    *book
	sheet   *sheet
	reviews bool
	asking  question

	groups  []fieldGroup
	scope   *choice
	answers []*pick
	keep    data.Keep
	ok      *button
}

// decideAlike opens the dialog for the list of questions that is shown, or for what waits.
func (b *book) decideAlike() {
	if b.editing {
		return
	}
	d := &alikeDialog{book: b, reviews: b.list.query.Filter == data.Reviewed || b.counts.Conflicted == 0}
	list := b.store.Conflicts
	if d.reviews {
		list = b.store.Reviews
	}
	ask(b.bg, &b.alike, list, func(all []data.Conflict, err error) {
		switch {
		case err != nil:
			b.toast.show(userMessage(err), 0)
		case len(all) == 0:
			b.toast.show(lang.L("There are no conflicts"), 0)
		case b.dialogs.open == nil && !b.editing:
			d.open(all)
		}
	})
}

func (d *alikeDialog) open(all []data.Conflict) {
	d.sheet = d.book.dialogs.sheet(alikeWidth, func() {
		d.asking.drop()
		d.book.deciding = nil
	})
	d.book.deciding = d
	d.groups = fieldGroups(all)
	var scopes []string
	for _, g := range d.groups {
		scopes = append(scopes, g.text())
	}
	d.ok = newMainButton("", d.begin)
	d.scope = newChoice(scopes, func(string) { d.name() })
	d.scope.SetSelected(scopes[0])
	heading, text := lang.L("Decide all alike"), lang.L("Every field is decided in the same way. One undo takes all of it back.")
	if d.reviews {
		heading, text = lang.L("Review all alike"), lang.L("Nothing is lost: the values that gave way are in each contact's history.")
	}
	content := container.New(columnLayout{gap: 10}, flush(newParagraph(text)), wideRow(lang.L("Decide"), d.scope), wideRow(lang.L("Keep"), d.offer()))
	d.sheet.show(heading, content, d.scope, newNothing(), newButton(lang.L("Cancel"), nil, func() { d.book.dialogs.close() }), d.ok)
}

// name writes on the button how many fields it decides.
func (d *alikeDialog) name() {
	if g, ok := d.group(); ok {
		d.ok.SetText(lang.N("Decide {{.Count}} Fields", g.fields, counted(g.fields)))
	}
}

func (d *alikeDialog) group() (fieldGroup, bool) {
	i := d.scope.SelectedIndex()
	if i < 0 || i >= len(d.groups) {
		return fieldGroup{}, false
	}
	return d.groups[i], true
}

// offer shows what can be kept; the first is chosen.
func (d *alikeDialog) offer() fyne.CanvasObject {
	column := container.New(columnLayout{gap: 2})
	d.answers = nil
	for i, o := range alikeOptions(d.reviews) {
		p := newPick(o.text, "", true, nil)
		p.tapped = func() {
			d.keep = o.keep
			for _, other := range d.answers {
				other.set(other == p, true)
			}
		}
		p.set(i == 0, true)
		d.answers = append(d.answers, p)
		column.Add(p)
	}
	d.keep = alikeOptions(d.reviews)[0].keep
	return column
}

// begin decides, with a count of what is done; closing the dialog gives it up, and nothing is changed then.
func (d *alikeDialog) begin() {
	g, ok := d.group()
	if !ok {
		return
	}
	b := d.book
	keep := d.keep
	pane := newProgressPane(lang.N("{{.Count}} fields", g.fields, counted(g.fields)))
	stop := newButton(lang.L("Stop"), nil, func() { b.dialogs.close() })
	d.sheet.show(lang.L("Deciding…"), pane.box, stop, newNothing(), stop)
	type step struct{ done, total int }
	report := seldom(b.bg, func(s step) {
		left := s.total - s.done
		pane.show(lang.N("{{.Count}} fields left", left, counted(left)), float64(s.done)/float64(max(1, s.total)))
	})
	ask(b.bg, &d.asking, func(ctx context.Context) (data.Decided, error) {
		match := func(c data.Conflict) bool { return g.name == "" || groupOf(c) == g.name }
		return b.store.DecideAll(ctx, d.reviews, data.Choice{Keep: keep}, match, func(done, total int) { report(step{done, total}) })
	}, func(decided data.Decided, err error) {
		b.dialogs.close()
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		b.win.Canvas().Focus(b.list.list) // where Ctrl+Z takes it back, and not what was typed
		b.tellDecided(decidedAllText(decided), decided)
	})
}
