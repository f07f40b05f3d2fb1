package ui

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
)

// labelChips edits a contact's labels: a chip for each, and a field that completes the ones that the book knows.
type labelChips struct {
	editor *editor
	labels []string
	known  []string

	box     *fyne.Container
	chips   *fyne.Container
	entry   *field
	hint    *hint
	offered *fyne.Container
}

// labelsOffered is how many labels are offered at once.
const labelsOffered = 5

func newLabelChips(e *editor) *labelChips {
	l := &labelChips{editor: e, chips: container.New(&flowLayout{gap: 6}), offered: container.New(&flowLayout{gap: 2}), hint: newHint(0)}
	l.entry = e.line("", lang.L("Type a label, then Enter"))
	l.entry.OnChanged = func(string) { l.offer() }
	l.entry.OnSubmitted = func(text string) {
		if strings.TrimSpace(text) == "" {
			e.canvas.FocusNext()
			return
		}
		l.add(text)
	}
	l.entry.onLeave = func() {
		if strings.TrimSpace(l.entry.Text) != "" { // what was typed is meant
			l.add(l.entry.Text)
		}
	}
	l.entry.onKey = func(k *fyne.KeyEvent) bool {
		if k.Name == fyne.KeyBackspace && l.entry.Text == "" && len(l.labels) > 0 {
			l.remove(l.labels[len(l.labels)-1])
			return true
		}
		return false
	}
	l.box = container.New(columnLayout{gap: 4}, l.chips, l.entry, l.hint.box, l.offered)
	return l
}

func (l *labelChips) fill(labels []string) {
	l.labels = slices.Clone(labels)
	l.entry.SetText("")
	l.show()
}

func (l *labelChips) add(typed string) {
	name, err := contact.LabelName(typed)
	if err != nil {
		l.hint.set(explain(err))
		l.editor.rearrange()
		return
	}
	// One that differs in case alone is the one that is there.
	if i := slices.IndexFunc(l.known, func(k string) bool { return strings.EqualFold(k, name) }); i >= 0 {
		name = l.known[i]
	}
	l.hint.set("")
	if !slices.Contains(l.labels, name) {
		l.labels = append(l.labels, name)
	}
	l.entry.SetText("")
	l.show()
	l.editor.typed()
}

func (l *labelChips) remove(name string) {
	l.labels = slices.DeleteFunc(l.labels, func(s string) bool { return s == name })
	l.show()
	l.editor.typed()
	l.editor.canvas.Focus(l.entry) // the chip that had the focus is gone
}

// show draws the chips anew.
func (l *labelChips) show() {
	l.chips.RemoveAll()
	for _, name := range l.labels {
		b := newQuietButton(name, iconRemove, func() { l.remove(name) })
		b.IconPlacement = widget.ButtonIconTrailingText
		b.onFocus = func() { revealIn(l.editor.scroll, b) }
		l.chips.Add(container.NewStack(newCardPanel(colorSelected, ""), b))
	}
	l.chips.Hidden = len(l.labels) == 0
	l.offer()
}

// offer shows the labels that what is typed may become.
func (l *labelChips) offer() {
	l.offered.RemoveAll()
	for _, name := range completions(l.known, l.labels, l.entry.Text) {
		add := newLink(name, nil, func() {
			l.add(name)
			l.editor.canvas.Focus(l.entry) // the offer that had the focus is gone
		})
		add.onFocus = func() { revealIn(l.editor.scroll, add) }
		l.offered.Add(add)
	}
	l.offered.Hidden = len(l.offered.Objects) == 0
	l.editor.rearrange()
}

// completions are the known labels that begin as typed, or have a word that does, but for those that are there.
func completions(known, have []string, typed string) []string {
	typed = contact.Fold(strings.TrimSpace(typed))
	var found []string
	for _, k := range known {
		folded := contact.Fold(k)
		if typed == "" || slices.Contains(have, k) || !strings.HasPrefix(folded, typed) && !strings.Contains(folded, " "+typed) {
			continue
		}
		if found = append(found, k); len(found) == labelsOffered {
			break
		}
	}
	return found
}

// flowLayout sets objects side by side in as many lines as they take.
type flowLayout struct{ gap, width float32 }

func (l *flowLayout) lines(o []fyne.CanvasObject, width float32, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) (height float32) {
	x, y, line := float32(0), float32(0), float32(0)
	for _, c := range o {
		if !c.Visible() {
			continue
		}
		m := c.MinSize()
		if x > 0 && x+m.Width > width {
			x, y = 0, y+line+l.gap
			line = 0
		}
		place(c, fyne.NewPos(x, y), fyne.NewSize(min(m.Width, max(width, 60)), m.Height))
		x, line = x+m.Width+l.gap, max(line, m.Height)
	}
	return y + line
}

func (l *flowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	width := l.width
	if width == 0 {
		width = flowUsual
	}
	return fyne.NewSize(60, l.lines(o, width, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

func (l *flowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.lines(o, s.Width, func(c fyne.CanvasObject, at fyne.Position, size fyne.Size) {
		c.Move(at)
		c.Resize(size)
	})
}

// flowUsual is the width that a flow is measured for before it has one.
const flowUsual = 300

// newLabelLine shows labels, each with its colour.
func newLabelLine(labels []string, colorOf func(string) color.NRGBA) fyne.CanvasObject {
	line := container.New(&flowLayout{gap: 6})
	for _, name := range labels {
		dot := newLabelDot()
		dot.set(colorOf(name))
		chip := container.New(insets{3, 12, 3, 6}, container.New(barLayout{gap: 3, fill: 1}, dot, newCaption(name)))
		line.Add(container.NewStack(newCardPanel(colorCard, colorCardLine), chip))
	}
	return line
}
