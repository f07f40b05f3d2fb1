package ui

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
)

// entryGroup edits any number of values of one kind: phones, e-mails, links.
type entryGroup struct {
	editor *editor
	name   string // as form.problems names it
	hold   string // placeholder
	kinds  []kind
	usual  string                                    // kind of a new value
	people func(text string, done func([]candidate)) // who a name may be; nil: the values are no names
	named  bool                                      // the kinds are names that stand in the label: of messengers
	rows   []*entryRow
	box    *fyne.Container
	list   *fyne.Container
	add    *link
}

type entryRow struct {
	entry  contact.Entry
	kind   *kindPicker
	value  *field
	remove *button
	hint   *hint
	box    *fyne.Container

	offered *fyne.Container // contacts that the name may be
	linked  string          // the name of the contact that was chosen
}

func newEntryGroup(e *editor, name, add, placeHolder string, kinds []kind, usual string) *entryGroup {
	g := &entryGroup{editor: e, name: name, hold: placeHolder, kinds: kinds, usual: usual, list: container.New(columnLayout{gap: 6})}
	g.add = e.addLink(add, func() {
		row := g.append(contact.Entry{Kind: g.usual})
		g.editor.rearrange()
		g.editor.canvas.Focus(row.value)
	})
	g.box = container.New(columnLayout{gap: 4}, g.list, container.NewHBox(g.add))
	return g
}

func (g *entryGroup) fill(entries []contact.Entry) {
	g.rows = nil
	g.list.RemoveAll()
	g.list.Hide()
	var boxes []fyne.CanvasObject // together: a container measures all that it has with each one that is added
	for _, e := range entries {
		boxes = append(boxes, g.row(e).box)
	}
	g.list.Objects = boxes
	g.list.Hidden = len(boxes) == 0
	layOut(g.list)
}

// append adds a row at the end.
func (g *entryGroup) append(e contact.Entry) *entryRow {
	r := g.row(e)
	g.list.Add(r.box)
	g.list.Show()
	return r
}

// row makes the next row; the list does not have it yet.
func (g *entryGroup) row(e contact.Entry) *entryRow {
	r := &entryRow{entry: e, hint: newHint(entryKindWidth + 8)}
	r.value = g.editor.line("", g.hold)
	r.linked = e.Value
	r.offered = container.New(columnLayout{})
	r.value.SetText(e.Value)
	typed := r.value.OnChanged
	r.value.OnChanged = func(text string) {
		if g.people != nil && text != r.linked {
			r.entry.ID = "" // another name than that of the contact: whose it is is to be chosen anew
			g.offerPeople(r)
		}
		typed(text)
	}
	r.value.onLeave = func() { g.editor.left(g.name + "." + strconv.Itoa(slices.Index(g.rows, r))) }
	r.kind = newKindPicker(g.editor, g.kinds, e.Kind, e.Label, func(key, label string) { r.entry.Kind, r.entry.Label = key, label })
	r.remove = g.editor.removeButton(func() { g.remove(r) })
	line := container.New(entryLayout{}, r.kind.box, r.value, r.remove)
	r.box = container.New(columnLayout{gap: 2}, line, r.hint.box, container.New(insets{left: entryKindWidth}, r.offered))
	g.rows = append(g.rows, r)
	return r
}

func (g *entryGroup) remove(r *entryRow) {
	i := slices.Index(g.rows, r)
	g.rows = slices.Delete(g.rows, i, i+1)
	g.list.Remove(r.box)
	g.list.Hidden = len(g.rows) == 0
	for name := range g.editor.touched { // they name places, which have moved
		if strings.HasPrefix(name, g.name+".") {
			delete(g.editor.touched, name)
		}
	}
	g.editor.rearrange()
	g.editor.canvas.Focus(g.add)
	g.editor.typed()
}

func (g *entryGroup) entries() []contact.Entry {
	var all []contact.Entry
	for _, r := range g.rows {
		e := r.entry
		e.Value = r.value.Text
		if g.named && e.Label == "" && e.Kind != "" && slices.ContainsFunc(g.kinds, func(k kind) bool { return k.Key == e.Kind }) {
			e.Kind, e.Label = "", e.Kind
		}
		all = append(all, e)
	}
	return all
}

// hint shows each value's problem below it, and says whether something moved.
func (g *entryGroup) hint(problem func(name string) string) (moved bool) {
	for i, r := range g.rows {
		known := ""
		if g.name == "date" {
			known = readAs(r.value.Text)
		}
		moved = r.hint.note(problem(g.name+"."+strconv.Itoa(i)), known) || moved
	}
	return moved
}

// entryLayout is a kind, a value that takes the rest, and the button that removes them.
type entryLayout struct{}

const entryKindWidth = 130

func (entryLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(entryKindWidth+120, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

func (entryLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	remove := o[2].MinSize().Width
	o[0].Resize(fyne.NewSize(entryKindWidth, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(s.Width-entryKindWidth-remove-12, s.Height))
	o[1].Move(fyne.NewPos(entryKindWidth+8, 0))
	o[2].Resize(fyne.NewSize(remove, s.Height))
	o[2].Move(fyne.NewPos(s.Width-remove, 0))
}

// addressGroup edits any number of postal addresses.
type addressGroup struct {
	editor *editor
	rows   []*addressRow
	box    *fyne.Container
	list   *fyne.Container
	add    *link
}

type addressRow struct {
	address                                     contact.Address
	kind                                        *kindPicker
	street, postcode, locality, region, country *field
	remove                                      *button
	box                                         *fyne.Container
}

func newAddressGroup(e *editor) *addressGroup {
	g := &addressGroup{editor: e, list: container.New(columnLayout{gap: 12})}
	g.add = e.addLink(lang.L("Add Address"), func() {
		row := g.append(contact.Address{Kind: "private"})
		g.editor.rearrange()
		g.editor.canvas.Focus(row.street)
	})
	g.box = container.New(columnLayout{gap: 4}, g.list, container.NewHBox(g.add))
	return g
}

func (g *addressGroup) fill(addresses []contact.Address) {
	g.rows = nil
	g.list.RemoveAll()
	g.list.Hide()
	for _, a := range addresses {
		g.append(a)
	}
}

func (g *addressGroup) append(a contact.Address) *addressRow {
	r := &addressRow{address: a}
	// An address of one text only is edited as one text.
	street := a.Street
	if street == "" && a.Locality == "" {
		street = a.Full
	}
	r.street = g.editor.text(lang.L("Street"))
	r.street.SetMinRowsVisible(1 + strings.Count(street, "\n"))
	r.street.SetText(street)
	line := func(placeHolder, text string) *field {
		f := g.editor.line("", placeHolder)
		f.SetText(text)
		return f
	}
	r.postcode, r.locality = line(lang.L("Postcode"), a.Postcode), line(lang.L("Town"), a.Locality)
	r.region, r.country = line(lang.L("Region"), a.Region), line(lang.L("Country"), a.Country)
	r.kind = newKindPicker(g.editor, placeKinds(), a.Kind, a.Label, func(key, label string) { r.address.Kind, r.address.Label = key, label })
	r.remove = g.editor.removeButton(func() { g.remove(r) })
	parts := container.New(columnLayout{gap: 6}, r.street, container.New(townLayout{}, r.postcode, r.locality), newPair(r.region, r.country))
	r.box = container.New(&addressLayout{}, r.kind.box, parts, r.remove)
	g.rows = append(g.rows, r)
	g.list.Add(r.box)
	g.list.Show()
	return r
}

func (g *addressGroup) remove(r *addressRow) {
	i := slices.Index(g.rows, r)
	g.rows = slices.Delete(g.rows, i, i+1)
	g.list.Remove(r.box)
	g.list.Hidden = len(g.rows) == 0
	g.editor.rearrange()
	g.editor.canvas.Focus(g.add)
	g.editor.typed()
}

func (g *addressGroup) addresses() []contact.Address {
	var all []contact.Address
	for _, r := range g.rows {
		a := r.address
		if a.Street == "" && a.Locality == "" && a.Full != "" {
			a.Full = r.street.Text
			if r.street.Text != r.address.Full {
				a.Full, a.Street = "", r.street.Text
			}
		} else {
			a.Street = r.street.Text
		}
		a.Postcode, a.Locality, a.Region, a.Country = r.postcode.Text, r.locality.Text, r.region.Text, r.country.Text
		all = append(all, a)
	}
	return all
}

// addressLayout is a kind, the parts of the address, and the button that removes it; the parts are below the other two where there is little
// room for them beside each other.
type addressLayout struct{ narrow bool }

// addressParts is the least width of the parts beside their kind.
const addressParts = 300

func (l *addressLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := o[1].MinSize().Height
	if l.narrow {
		h += o[0].MinSize().Height + 6
	}
	return fyne.NewSize(entryKindWidth+120, h)
}

func (l *addressLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	remove, kind := o[2].MinSize(), o[0].MinSize()
	parts := s.Width - entryKindWidth - remove.Width - 12
	l.narrow = parts < addressParts
	o[0].Resize(fyne.NewSize(entryKindWidth, kind.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[2].Resize(fyne.NewSize(remove.Width, kind.Height))
	o[2].Move(fyne.NewPos(s.Width-remove.Width, 0))
	if l.narrow {
		o[1].Resize(fyne.NewSize(s.Width, s.Height-kind.Height-6))
		o[1].Move(fyne.NewPos(0, kind.Height+6))
		return
	}
	o[1].Resize(fyne.NewSize(parts, s.Height))
	o[1].Move(fyne.NewPos(entryKindWidth+8, 0))
}

// townLayout is a postcode, as wide as one is, and the town.
type townLayout struct{ pairLayout }

func (townLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	text := fyne.MeasureText("00000-0000", theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width
	hint := fyne.MeasureText(lang.L("Postcode"), theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width
	w := min(max(text, hint)+4*theme.InnerPadding(), (s.Width-8)/2)
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(s.Width-w-8, s.Height))
	o[1].Move(fyne.NewPos(w+8, 0))
}

// formRow is a quiet label left of its fields; above them where there is little room.
func formRow(label string, content fyne.CanvasObject) *fyne.Container {
	return container.New(&formRowLayout{}, newTextLine(label, colorMuted, theme.SizeNameText), content)
}

type formRowLayout struct{ narrow bool }

const (
	formLabelLeast = 84
	formLabelMost  = 140
	formNarrow     = 420
	formFieldTop   = 9 // to the label's line: a field has an inner padding
)

func (l *formRowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := o[1].MinSize().Height
	if l.narrow {
		h += l.above(o[0])
	}
	return fyne.NewSize(formLabelLeast+100, h)
}

func (l *formRowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if l.narrow = s.Width < formNarrow; l.narrow {
		above := l.above(o[0])
		o[0].Resize(fyne.NewSize(s.Width, o[0].MinSize().Height))
		o[0].Move(fyne.NewPos(0, 0))
		o[1].Resize(fyne.NewSize(s.Width, s.Height-above))
		o[1].Move(fyne.NewPos(0, above))
		return
	}
	labels := formLabelWidth()
	o[0].Resize(fyne.NewSize(labels-8, o[0].MinSize().Height))
	o[0].Move(fyne.NewPos(0, formFieldTop))
	o[1].Resize(fyne.NewSize(s.Width-labels, s.Height))
	o[1].Move(fyne.NewPos(labels, 0))
}

// above is the height that a label takes above its field.
func (l *formRowLayout) above(label fyne.CanvasObject) float32 {
	if t, ok := label.(*textLine); ok && t.text == "" {
		return 0
	}
	return label.MinSize().Height + 2
}

// formLabelWidth is the width of the labels' column, which is the same in every form: the longest word of the language in use fits.
func formLabelWidth() float32 {
	width := float32(formLabelLeast)
	for _, label := range []string{lang.L("Birthday"), lang.L("Phone"), lang.L("Messenger"), lang.L("Nickname"), lang.L("Relation"), lang.L("This device")} {
		width = max(width, fyne.MeasureText(label, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width+10)
	}
	return min(width, formLabelMost)
}

// newPair is two fields side by side.
func newPair(a, b fyne.CanvasObject) *fyne.Container { return container.New(pairLayout{}, a, b) }

type pairLayout struct{}

func (pairLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+8, max(a.Height, b.Height))
}

func (pairLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := (s.Width - 8) / 2
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w+8, 0))
}
