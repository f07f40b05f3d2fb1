package ui

import (
	"context"
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"kith/data"
)

// stepping is what the toast knows about the steps that can be taken back.
type stepping struct {
	jobs   serial // one step at a time, in the order of the keys
	number int    // of the newest: the toast speaks of that
	since  time.Time
}

// stepped is what a step did, and what the next would do.
type stepped struct {
	done data.Undone
	next data.Steps
}

// undo takes the last actions of this device back.
func (b *book) undo(actions int) {
	if again := b.toast.dropped; again != nil {
		again()
		return
	}
	b.step(undoingText, undoneText, lang.L("There is nothing to undo"), func(ctx context.Context, report func(done, of int)) (data.Undone, error) {
		var undone data.Undone
		for range actions {
			last, err := b.store.UndoSlowly(ctx, report)
			if err != nil {
				return undone, err
			}
			undone.Name, undone.Operation, undone.IDs = last.Name, last.Operation, append(undone.IDs, last.IDs...)
		}
		return undone, nil
	})
}

// redo does again what the last undo took back.
func (b *book) redo() {
	b.step(redoingText, redoneText, lang.L("There is nothing to redo"), b.store.Redo)
}

// step goes one step back or forth, says what that was, and offers the next ones by name.
func (b *book) step(busy func(done, of int) string, text func(data.Undone) string, nothing string,
	work func(ctx context.Context, report func(done, of int)) (data.Undone, error)) {
	if b.editing {
		return
	}
	b.steps.number++
	number := b.steps.number
	finished := false // of the UI goroutine
	report := seldom(b.bg, func(p [2]int) {
		if !finished && b.steps.number == number {
			b.toast.show(busy(p[0], p[1]), 0)
		}
	})
	b.steps.jobs.add(func(ctx context.Context) {
		var s stepped
		var err error
		if s.done, err = work(ctx, func(done, of int) { report([2]int{done, of}) }); err == nil {
			s.next, err = b.store.NextSteps(ctx)
		}
		if b.bg.ctx.Err() != nil {
			return
		}
		b.bg.post(func() {
			finished = true
			if b.steps.number != number {
				return
			}
			switch {
			case errors.Is(err, data.ErrNothingToUndo), errors.Is(err, data.ErrNothingToRedo):
				b.toast.show(nothing, 0)
			case err != nil:
				b.toast.show(userMessage(err), 0)
			default:
				b.toast.showSteps(text(s.done), nextUndoText(s.next, b.steps.since), len(s.next.Redo.IDs) > 0, func() { b.undo(1) }, b.redo)
			}
		})
	})
}

// stepWho names whom a step changes; short enough to stand in a link.
func stepWho(u data.Undone) string {
	const longest = 28
	name := []rune(nameOr(u.Name))
	if len(name) > longest {
		name = append(name[:longest-1], '…')
	}
	return whom(len(u.IDs), string(name))
}

// undoneText says what was taken back.
func undoneText(u data.Undone) string {
	who := map[string]any{"Who": stepWho(u)}
	switch u.Operation {
	case "INSERT":
		return lang.L("Undone: adding {{.Who}}", who)
	case "DELETE":
		return lang.L("Undone: deleting {{.Who}}", who)
	case "MOVE":
		return lang.L("Undone: moving {{.Who}} to another book", who)
	}
	return lang.L("Undone: the change of {{.Who}}", who)
}

// redoneText says what was done again.
func redoneText(u data.Undone) string {
	who := map[string]any{"Who": stepWho(u)}
	switch u.Operation {
	case "INSERT":
		return lang.L("Done again: adding {{.Who}}", who)
	case "DELETE":
		return lang.L("Done again: deleting {{.Who}}", who)
	case "MOVE":
		return lang.L("Done again: moving {{.Who}} to another book", who)
	}
	return lang.L("Done again: the change of {{.Who}}", who)
}

// nextUndoText names the step that Undo would take back next. Steps from before the window was opened are left to the menu: "" .
func nextUndoText(s data.Steps, since time.Time) string {
	if len(s.Undo.IDs) == 0 || s.UndoOf.Before(since) {
		return ""
	}
	who := map[string]any{"Who": stepWho(s.Undo)}
	switch s.Undo.Operation {
	case "INSERT":
		return lang.L("Undo adding {{.Who}}", who)
	case "DELETE":
		return lang.L("Undo deleting {{.Who}}", who)
	case "MOVE":
		return lang.L("Undo moving {{.Who}}", who)
	}
	return lang.L("Undo the change of {{.Who}}", who)
}

func undoingText(done, of int) string {
	return lang.N("Undoing {{.Done}} of {{.Count}} changes…", of, with{"Done": thousands(done), "Count": thousands(of)})
}

func redoingText(done, of int) string {
	return lang.N("Doing {{.Done}} of {{.Count}} changes again…", of, with{"Done": thousands(done), "Count": thousands(of)})
}

// redoItem is Redo in the menu, with the shortcut that stands beside Undo's everywhere; what Fyne calls Redo (Ctrl+Y) does the same.
func (b *book) redoItem(orInField func(fyne.Shortcut, func()) func()) *fyne.MenuItem {
	i := fyne.NewMenuItem(lang.L("Redo"), func() {
		if b.emptySearchFocused() {
			b.redo()
			return
		}
		orInField(&fyne.ShortcutRedo{}, b.redo)()
	})
	i.Shortcut = ctrlShift(fyne.KeyZ)
	return i
}

// emptySearchFocused: an empty search box, where the window begins, has nothing to take back itself.
func (b *book) emptySearchFocused() bool {
	return b.list.search.Text == "" && b.win.Canvas().Focused() == fyne.Focusable(b.list.search) && b.dialogs.open == nil
}

// alsoOn are shortcuts beside those of the menu: Ctrl+Y, and Ctrl+? wherever its key may be.
func (b *book) alsoOn() {
	also := func(s fyne.Shortcut, action func()) {
		b.win.Canvas().AddShortcut(s, func(fyne.Shortcut) {
			if b.dialogs.open == nil {
				action()
			}
		})
	}
	also(&fyne.ShortcutRedo{}, b.redo)
	for _, s := range helpShortcuts {
		also(s, b.dialogs.shortcuts)
	}
}

// helpShortcuts are Ctrl+? where "?" is Shift and "/", and Ctrl+/ where "/" is Shift and "7" (German, Spanish, the Nordic ones).
// Fyne names keys by what they write without Shift.
var helpShortcuts = []*desktop.CustomShortcut{
	{KeyName: fyne.KeySlash, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
	{KeyName: fyne.Key7, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift},
}

func isHelp(s *desktop.CustomShortcut) bool {
	return slices.ContainsFunc(helpShortcuts, func(h *desktop.CustomShortcut) bool { return *h == *s })
}
