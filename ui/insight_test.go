package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
)

// TestFocusInSight: wherever Tab and Shift+Tab lead in a form that is higher than its place, what has the focus is seen whole.
func TestFocusInSight(t *testing.T) {
	labelled := func(n int) contact.Card {
		return person(fmt.Sprintf("Ada %02d", n), "Lovelace").WithLabels([]string{fmt.Sprintf("Label %02d", n)})
	}
	var many []contact.Card
	for n := range 30 {
		many = append(many, labelled(n))
	}
	for _, tt := range []struct {
		name string
		open func(h *harness) *container.Scroll
	}{
		{"settings", func(h *harness) *container.Scroll {
			h.dialogs.showSettings(preferences{account: data.Account{Server: "https://kith.example.org", User: "ada"}})
			return h.dialogs.shown.middle.Objects[0].(*fyne.Container).Objects[0].(*container.Scroll)
		}},
		{"editor", func(h *harness) *container.Scroll {
			h.list.choose(0)
			h.untilShown("Ada 00 Lovelace")
			h.menu("Edit")
			for _, o := range h.editor.optional {
				o.row.Show()
				if o.begin != nil {
					o.begin()
				}
			}
			h.editor.rearrange()
			return h.editor.scroll
		}},
		{"sidebar", func(h *harness) *container.Scroll {
			h.until(t, "the labels", func() bool { return len(h.sidebar.labels) == len(many) })
			return h.sidebar.scroll
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHarness(t, many...)
			h.w.win.Resize(fyne.NewSize(900, 460))
			scroll := tt.open(h)
			inside := tabbable(scroll.Content)
			if scroll.Content.MinSize().Height <= scroll.Size().Height || len(inside) < 8 {
				t.Fatalf("nothing to scroll: %d widgets, %v in %v", len(inside), scroll.Content.MinSize(), scroll.Size())
			}
			canvas := h.w.win.Canvas()
			for direction, step := range map[string]func(){"Tab": canvas.FocusNext, "Shift+Tab": canvas.FocusPrevious} {
				seen := map[fyne.Focusable]bool{}
				for range 200 {
					step()
					now := canvas.Focused()
					if !inside[now] {
						continue
					}
					seen[now] = true
					top := h.app.Driver().AbsolutePositionForObject(now.(fyne.CanvasObject)).Y - h.app.Driver().AbsolutePositionForObject(scroll).Y
					if bottom := top + now.(fyne.CanvasObject).Size().Height; top < 0 || bottom > scroll.Size().Height {
						t.Errorf("%s: a %T stands from %v to %v of %v", direction, now, top, bottom, scroll.Size().Height)
					}
				}
				if len(seen) != len(inside) {
					t.Errorf("%s reached %d of %d", direction, len(seen), len(inside))
				}
			}
		})
	}
}

// tabbable are the widgets of ours inside that Tab reaches.
func tabbable(o fyne.CanvasObject) map[fyne.Focusable]bool {
	all := map[fyne.Focusable]bool{}
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner)
			}
		case fyne.Focusable:
			if d, ok := o.(fyne.Disableable); !ok || !d.Disabled() {
				all[o] = true
			}
		}
	}
	walk(o)
	return all
}

// TestEscapeFromAnywhere: whatever has the focus in a dialog, Escape closes it.
func TestEscapeFromAnywhere(t *testing.T) {
	for _, tt := range []struct {
		name string
		open func(h *harness)
	}{
		{"settings", func(h *harness) { h.dialogs.showSettings(preferences{}) }},
		{"alike", func(h *harness) { (&alikeDialog{book: h.book}).open([]data.Conflict{{ID: "1", Field: "/titles"}}) }},
		{"shortcuts", func(h *harness) { h.dialogs.shortcuts() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHarness(t, person("Ada", "Lovelace"))
			tt.open(h)
			const n = 12 // more than any of them has
			for i := range n {
				for range i {
					h.w.win.Canvas().FocusNext()
				}
				at := h.focused()
				h.press(fyne.KeyEscape)
				if h.dialogs.open != nil {
					t.Errorf("Escape on a %T does nothing", at)
					h.dialogs.close()
				}
				tt.open(h)
			}
		})
	}
}

// TestTicks: a tick is set by Space, by Enter and by the pointer.
func TestTicks(t *testing.T) {
	test.NewTempApp(t)
	said := []bool{}
	c := newTick("Tell me", false, func(on bool) { said = append(said, on) })
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	c.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	c.TypedRune(' ')
	test.Tap(c)
	if got := fmt.Sprint(said); got != "[true false true]" {
		t.Errorf("said %s", got)
	}
}
