package ui

import (
	"context"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
)

// labelColors are the colours that the user gave to labels, as numbers of avatarColors. A label without one has a colour by its
// name, the same on every device.
type labelColors map[string]int

// settingLabelColors keeps them, on this device: "name\tnumber" a line. A card has no place for a label's colour.
const settingLabelColors = "ui.labelColors"

func parseLabelColors(stored string) labelColors {
	colors := labelColors{}
	for line := range strings.Lines(stored) {
		name, number, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(avatarColors) {
			colors[name] = n
		}
	}
	return colors
}

func (c labelColors) String() string {
	var names []string
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name + "\t" + strconv.Itoa(c[name]) + "\n")
	}
	return b.String()
}

// settingEmptyLabels keeps the labels that were made on this device and that no contact has yet, one a line.
const settingEmptyLabels = "ui.labels"

func (c labelColors) of(label string) color.NRGBA {
	if n, ok := c[label]; ok {
		return avatarColors[n]
	}
	return avatarColor(label)
}

// labelDot is a label's colour.
type labelDot struct {
	widget.BaseWidget
	circle *canvas.Circle
}

func newLabelDot() *labelDot {
	d := &labelDot{circle: canvas.NewCircle(color.Transparent)}
	d.ExtendBaseWidget(d)
	return d
}

func (d *labelDot) set(c color.NRGBA) {
	if d.circle.FillColor != c {
		d.circle.FillColor = c
		d.circle.Refresh()
	}
}

// MinSize is an icon's, so that names stand in one column below lists with icons.
func (d *labelDot) MinSize() fyne.Size                  { return fyne.NewSquareSize(theme.IconInlineSize()) }
func (d *labelDot) CreateRenderer() fyne.WidgetRenderer { return &labelDotRenderer{d} }

type labelDotRenderer struct{ *labelDot }

func (r *labelDotRenderer) Layout(s fyne.Size) {
	const size = 11
	r.circle.Resize(fyne.NewSquareSize(size))
	r.circle.Move(fyne.NewPos((s.Width-size)/2, (s.Height-size)/2))
}
func (r *labelDotRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.circle} }
func (r *labelDotRenderer) Refresh()                     { r.circle.Refresh() }
func (r *labelDotRenderer) Destroy()                     {}

// ---- labels of the chosen contacts ----------------------------------------------------------------------------------------

// labelChosen puts a label on the chosen contacts, or takes it off.
func (b *book) labelChosen(name string, on bool) {
	b.editChosen(func(n int, who string) string { return labelledText(name, on, n, who) },
		func(c contact.Card) contact.Card { return c.WithLabel(name, on) })
}

// labelledText says what was done with a label: with n contacts, or with the one of this name.
func labelledText(label string, on bool, n int, name string) string {
	one, many := with{"Name": name, "Label": label}, with{"Count": thousands(n), "Label": label}
	switch {
	case on && n == 1:
		return lang.L("{{.Name}} labelled “{{.Label}}”", one)
	case on:
		return lang.N("{{.Count}} contacts labelled “{{.Label}}”", n, many)
	case n == 1:
		return lang.L("{{.Name}} no longer labelled “{{.Label}}”", one)
	}
	return lang.N("{{.Count}} contacts no longer labelled “{{.Label}}”", n, many)
}

// labelItems are the menu of labels for the chosen contacts: each that all of them have is marked, and choosing it takes it off.
func (b *book) labelItems(have map[string]int, chosen int) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, l := range allLabels(b.counts, b.sidebar.empty) {
		all := have[l.Name] == chosen
		item := fyne.NewMenuItem(l.Name, func() { b.labelChosen(l.Name, !all) })
		item.Checked = all
		items = append(items, item)
	}
	if len(items) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	return append(items, fyne.NewMenuItem(lang.L("New Label…"), func() { b.dialogs.newLabel(true) }))
}

// chooseLabels opens the menu of labels at a place of the window.
func (b *book) chooseLabels(at fyne.Position) {
	rows := b.list.chosenRows()
	if b.editing || len(rows) == 0 {
		return
	}
	ask(b.bg, &b.labelling, func(ctx context.Context) (map[string]int, error) { return b.store.LabelsOf(ctx, rows) },
		func(have map[string]int, err error) {
			if err != nil {
				b.toast.show(userMessage(err), 0)
				return
			}
			if b.editing || !slices.Equal(rows, b.list.chosenRows()) {
				return // it would be about others
			}
			widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", b.labelItems(have, len(rows))...), b.win.Canvas(), at)
		})
}

// ---- the labels themselves ------------------------------------------------------------------------------------------------

// labelMenu is the secondary click on a label in the sidebar.
func (b *book) labelMenu(name string, at fyne.Position) {
	colors := fyne.NewMenuItem(lang.L("Colour"), nil)
	colors.ChildMenu = fyne.NewMenu("")
	for i, n := range labelColorNames() {
		item := fyne.NewMenuItem(n, func() { b.colorLabel(name, i) })
		item.Checked = b.sidebar.colors.of(name) == avatarColors[i]
		colors.ChildMenu.Items = append(colors.ChildMenu.Items, item)
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Rename…"), func() { b.dialogs.renameLabel(name) }), colors, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("Delete Label"), func() { b.renameLabel(name, "") })), b.win.Canvas(), at)
}

// labelColorNames name avatarColors, in their order.
func labelColorNames() [len(avatarColors)]string {
	return [...]string{lang.L("Teal"), lang.L("Blue"), lang.L("Violet"), lang.L("Magenta"), lang.X("colour.orange", "Orange"), lang.L("Ochre"),
		lang.X("colour.leaf", "Leaf"), lang.L("Green"), lang.X("colour.slate", "Slate"), lang.L("Brown"), lang.L("Indigo"), lang.L("Red")}
}

func (b *book) colorLabel(name string, number int) {
	b.sidebar.colors[name] = number
	b.saveLabels()
}

// saveLabels draws the labels, and keeps what this device knows of them beyond the contacts.
func (b *book) saveLabels() {
	b.sidebar.show(b.counts)
	colors, empty := b.sidebar.colors.String(), strings.Join(b.sidebar.empty, "\n")
	b.labelWrites.add(func(ctx context.Context) {
		err := b.store.SetSetting(ctx, settingLabelColors, colors)
		if err == nil {
			err = b.store.SetSetting(ctx, settingEmptyLabels, empty)
		}
		if err != nil && ctx.Err() == nil {
			b.bg.post(func() { b.onlyErrors(err) })
		}
	})
}

// renameLabel gives a label another name on every contact; "" takes it off them.
func (b *book) renameLabel(from, to string) {
	changed := 0
	do(b.bg, func(ctx context.Context) (err error) {
		changed, err = b.store.RenameLabel(ctx, from, to)
		return err
	}, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		b.sidebar.renamed(from, to)
		b.saveLabels()
		switch {
		case b.list.query.Label != from:
		case to == "":
			b.choosePlace(data.All)
		default:
			b.chooseLabel(to)
		}
		b.toast.show(renamedText(from, to, changed), min(changed, 1))
	})
}

// renamed gives what this device knows of a label to its new name; "" : there is none. The old name keeps its colour, with which an undo
// brings it back.
func (s *sidebar) renamed(from, to string) {
	s.empty = slices.DeleteFunc(s.empty, func(l string) bool { return l == from })
	if to == "" {
		return
	}
	s.empty = append(s.empty, to)
	n, ok := s.colors[from]
	if _, taken := s.colors[to]; ok && !taken {
		s.colors[to] = n
	}
}

// allLabels are the labels of contacts and the empty ones, in list order.
func allLabels(used data.Counts, empty []string) []data.Label {
	all := slices.Clone(used.Labels)
	for _, name := range empty {
		if !slices.ContainsFunc(all, func(l data.Label) bool { return l.Name == name }) {
			all = append(all, data.Label{Name: name})
		}
	}
	data.SortLabels(all, used.Collation)
	return all
}

// renamedText says what became of a label.
func renamedText(from, to string, contacts int) string {
	if to == "" && contacts == 0 {
		return lang.L("Label “{{.Label}}” deleted", with{"Label": from})
	}
	if to == "" {
		return lang.N("Label “{{.Label}}” taken off {{.Count}} contacts", contacts, with{"Label": from, "Count": thousands(contacts)})
	}
	return lang.N("Label “{{.Old}}” is now “{{.New}}” on {{.Count}} contacts", contacts, with{"Old": from, "New": to, "Count": thousands(contacts)})
}

// newLabel asks for the name of a label, and gives it to the chosen contacts, or to none yet.
func (d *dialogs) newLabel(forChosen bool) {
	hint := lang.L("It stands in the sidebar; give it to contacts by dragging them onto it.")
	if forChosen {
		hint = lang.L("The chosen contacts get it.")
	}
	d.askLabel(lang.L("New label"), "", lang.L("Add Label"), hint, func(name string) {
		if forChosen {
			d.book.labelChosen(name, true)
			return
		}
		d.book.sidebar.empty = append(d.book.sidebar.empty, name)
		d.book.saveLabels()
	})
}

func (d *dialogs) renameLabel(from string) {
	d.askLabel(lang.L("Rename label"), from, lang.L("Rename"), lang.L("On every contact that has it. A name that another label has joins the two."), func(to string) {
		if to != from {
			d.book.renameLabel(from, to)
		}
	})
}

// askLabel asks for a label's name.
func (d *dialogs) askLabel(title, name, verb, hint string, done func(name string)) {
	if d.book.editing {
		return
	}
	entry := newField(lang.L("Name of the label"))
	entry.SetText(name)
	problem := widget.NewLabel("")
	problem.Wrapping, problem.Importance = fyne.TextWrapWord, widget.DangerImportance
	problem.Hide()
	content := container.New(columnLayout{gap: 8}, entry, flush(newMutedText(hint, fyne.TextAlignLeading)), problem)
	take := func() {
		name, err := contact.LabelName(entry.Text)
		if err != nil {
			problem.SetText(userMessage(err))
			problem.Show()
			content.Refresh()
			d.resize()
			return
		}
		d.close()
		done(name)
	}
	ok := newMainButton(verb, take)
	check := func(text string) { setEnabled(ok, strings.TrimSpace(text) != "") }
	entry.OnChanged, entry.OnSubmitted = check, func(string) {
		if !ok.Disabled() {
			take()
		}
	}
	check(name)
	d.show(title, 400, content, entry, newButton(lang.L("Cancel"), nil, func() { d.close() }), ok)
}
