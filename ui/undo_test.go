package ui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/data"
)

// Several steps are taken back one after the other from the toast, which names each before it is taken, and done again.
func TestStepsFromTheToast(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"), person("Mary", "Somerville"))
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	test.Tap(h.view.star)
	h.untilToast("Grace Hopper added to the favourites")
	h.menu("Move to Trash")
	h.untilToast("Grace Hopper moved to the trash")
	h.untilListed("Ada Lovelace", "Mary Somerville")

	test.Tap(h.toast.undo)
	h.untilToast("Undone: deleting Grace Hopper")
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	if got := h.toast.more.text.text; got != "Undo the change of Grace Hopper" || h.toast.more.Hidden {
		t.Errorf("the next step is %q", got)
	}
	test.Tap(h.toast.more)
	h.untilToast("Undone: the change of Grace Hopper")
	if got := h.toast.more.text.text; got != "Undo adding 3 contacts" {
		t.Errorf("the next step is %q", got)
	}
	test.Tap(h.toast.undo)
	h.untilToast("Done again: the change of Grace Hopper")
	h.menu("Redo")
	h.untilToast("Done again: deleting Grace Hopper")
	h.untilListed("Ada Lovelace", "Mary Somerville")
	if !h.toast.undo.Hidden {
		t.Error("there is nothing more to redo, and it is offered")
	}
	h.menu("Redo")
	h.untilToast("There is nothing to redo")
	h.menu("Undo")
	h.untilToast("Undone: deleting Grace Hopper")
	h.list.choose(0)
	h.menu("Favourite")
	h.untilToast("Ada Lovelace added to the favourites")
	h.menu("Redo")
	h.untilToast("There is nothing to redo")
}

func TestNextUndoText(t *testing.T) {
	step := func(op, name string, n int) data.Steps {
		return data.Steps{Undo: data.Undone{IDs: slices.Repeat([]string{"x"}, n), Operation: op, Name: name}, UndoOf: testNow}
	}
	for _, tt := range []struct {
		name  string
		s     data.Steps
		since time.Time
		want  string
	}{
		{"nothing", data.Steps{}, testNow, ""},
		{"before the window", step("UPDATE", "Ada", 1), testNow.Add(1), ""},
		{"an edit", step("UPDATE", "Ada", 1), testNow, "Undo the change of Ada"},
		{"an import", step("INSERT", "Ada", 1200), testNow, "Undo adding 1,200 contacts"},
		{"a deletion", step("DELETE", "", 1), testNow, "Undo deleting No name"},
		{"a long name", step("DELETE", "Wolfeschlegelsteinhausenbergerdorff", 1), testNow, "Undo deleting Wolfeschlegelsteinhausenber…"},
	} {
		if got := nextUndoText(tt.s, tt.since); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

// Ctrl+? opens the list of shortcuts wherever the focus is, also where Fyne gives shortcuts to the focused field alone.
func TestHelpShortcuts(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	for i, s := range helpShortcuts {
		if h.w.win.Canvas().Focus(h.list.search); i == 1 {
			h.w.win.Canvas().Unfocus()
		}
		if f, ok := h.focused().(fyne.Shortcutable); ok {
			f.TypedShortcut(s)
		} else {
			h.w.win.Canvas().(fyne.Shortcutable).TypedShortcut(s)
		}
		if !h.dialogs.close() {
			t.Errorf("%s opens nothing", s.ShortcutName())
		}
	}
	for _, f := range []fyne.Focusable{nil, h.list.search, h.list.list, h.list.add, h.sidebar.items[data.All]} {
		h.w.win.Canvas().Focus(f)
		h.press(fyne.KeyF1)
		if !h.dialogs.close() {
			t.Errorf("F1 opens nothing with the focus on %T", f)
		}
	}
}
