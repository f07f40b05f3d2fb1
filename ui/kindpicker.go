package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
)

// kindPicker chooses what a value is for: one of our kinds, or a label that the user types.
type kindPicker struct {
	box    *fyne.Container
	choice *choice
	label  *field // in the choice's place while a label is typed
}

// newKindPicker makes a picker in the editor. changed gets the new kind and label.
func newKindPicker(e *editor, kinds []kind, key, label string, changed func(key, label string)) *kindPicker {
	shown := kindName(kinds, key)
	if label != "" {
		shown = label
	}
	names, custom := kindNames(kinds), lang.L("Custom…")
	if !slices.Contains(names, shown) {
		names = append(names, shown)
	}
	p := &kindPicker{choice: newChoice(append(names, custom), nil), label: newField(lang.L("Label"))}
	p.choice.SetSelected(shown)
	p.choice.OnChanged = func(name string) {
		switch {
		case name == shown:
		case name == custom:
			p.choice.Hide()
			p.label.Show()
			e.canvas.Focus(p.label)
		case label != "" && name == label:
			shown = name
			changed(key, label)
			e.typed()
		default:
			shown = name
			changed(kindKey(kinds, name), "")
			e.typed()
		}
	}
	p.choice.onFocus = func() { revealIn(e.scroll, p.choice) }
	p.label.Hide()
	p.label.OnChanged = func(text string) {
		changed("", strings.TrimSpace(text))
		e.typed()
	}
	p.label.OnSubmitted = func(string) { e.canvas.FocusNext() }
	p.label.onFocus = func() { revealIn(e.scroll, p.label) }
	p.label.onLeave = func() {
		if strings.TrimSpace(p.label.Text) == "" { // nothing was typed: as it was before
			p.label.Hide()
			p.choice.Show()
			p.choice.SetSelected(shown)
			changed(kindKey(kinds, shown), "")
			if shown == label {
				changed(key, label)
			}
		}
	}
	if len(kinds) == 0 { // there is nothing to choose
		p.choice.Hide()
		p.label.SetText(label)
		p.label.Show()
		p.label.onLeave = nil
	}
	p.box = container.NewStack(p.choice, p.label)
	return p
}
