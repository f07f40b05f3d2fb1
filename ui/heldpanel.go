package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
	"kith/syncer"
)

// heldText says what sync waits for, because so many deletions at once may be a mistake. One question at a time: first what others deleted.
func heldText(h data.Held) string {
	if h.In > 0 {
		return lang.N("{{.Deleted}} of {{.Count}} contacts would be deleted here", h.Live, with{"Deleted": thousands(h.In), "Count": thousands(h.Live)})
	}
	all := h.Live + h.Out
	return lang.N("{{.Deleted}} of {{.Count}} contacts would be deleted everywhere", all, with{"Deleted": thousands(h.Out), "Count": thousands(all)})
}

// heldQuestion is what the review says above the names.
func heldQuestion(held []data.HeldDeletion) string {
	if held[0].Out {
		return lang.L("You deleted them on this computer. Because they are so many at once, your other devices and the server still have them. Everything else is synced.")
	}
	names, known := heldDevices(held)
	const most = 3
	switch n := len(names); {
	case !known:
		return lang.L("They were deleted on another device. Because they are so many at once, they are still on this computer. Everything else is synced.")
	case n > most:
		return lang.N("They were deleted on {{.Count}} other devices. Because they are so many at once, they are still on this computer. Everything else is synced.",
			n, counted(n))
	}
	return lang.L("They were deleted on {{.Devices}}. Because they are so many at once, they are still on this computer. Everything else is synced.",
		with{"Devices": listed(names)})
}

// heldDevices are the devices on which contacts were deleted, unless one of them has no name.
func heldDevices(held []data.HeldDeletion) (names []string, known bool) {
	for _, h := range held {
		if h.Device == "" {
			return nil, false
		}
		names = append(names, h.Device)
	}
	return distinct(names), true
}

// heldAnswers are the two buttons' texts, and what the toast says after each.
func heldAnswers(out bool, n int) (remove, keep, removed, kept string) {
	if out {
		return lang.L("Delete Them Everywhere"), lang.L("Bring Them Back"),
			lang.N("{{.Count}} contacts will be deleted everywhere", n, counted(n)), lang.N("{{.Count}} contacts brought back", n, counted(n))
	}
	return lang.L("Delete Them Here Too"), lang.L("Keep Them"),
		lang.N("{{.Count}} contacts moved to the trash", n, counted(n)), lang.N("{{.Count}} contacts kept, and put back everywhere", n, counted(n))
}

// reviewHeld asks the user about the deletions that sync holds.
func (b *book) reviewHeld() {
	if b.editing {
		return
	}
	ask(b.bg, &b.dialogs.asking, func(ctx context.Context) ([]data.HeldDeletion, error) {
		return b.store.HeldDeletions(ctx, "")
	},
		func(held []data.HeldDeletion, err error) {
			switch {
			case err != nil:
				b.toast.show(userMessage(err), 0)
			case len(held) == 0:
				b.toast.show(lang.L("No deletion waits any more"), 0)
			default:
				b.dialogs.showHeld(oneWay(held), b.counts.All)
			}
		})
}

// oneWay are the deletions of one question: all that came, else all that would go.
func oneWay(held []data.HeldDeletion) []data.HeldDeletion {
	for i, h := range held {
		if h.Out != held[0].Out {
			return held[:i]
		}
	}
	return held
}

const heldWidth = 520

func (d *dialogs) showHeld(held []data.HeldDeletion, live int) {
	out, n := held[0].Out, len(held)
	counts := data.Held{In: n, Live: live}
	if out {
		counts = data.Held{Out: n, Live: live}
	}
	remove, keep, removed, kept := heldAnswers(out, n)
	ids := make([]string, n)
	for i, h := range held {
		ids[i] = h.ID
	}
	answer := func(give func(context.Context, ...string) error, done string, actions int) func() {
		return func() {
			d.close()
			do(d.book.bg, func(ctx context.Context) error { return give(ctx, ids...) }, func(err error) {
				if err != nil {
					d.book.toast.show(userMessage(err), 0)
					return
				}
				d.book.toast.show(done, actions)
			})
		}
	}
	undoable := 1
	if out {
		undoable = 0 // to say yes to one's own deletion is no action of its own: Undo would take back whatever came before
	}
	names := newNameList(held)
	column := container.New(pinned{}, container.New(insets{0, -8, 10, -8}, newParagraph(heldQuestion(held))), names, newNothing())
	later := newButton(lang.L("Later"), nil, func() { d.close() })
	deleteAll := newButton(remove, nil, answer(d.book.store.AllowDeletions, removed, undoable))
	keepAll := newMainButton(keep, answer(d.book.store.RefuseDeletions, kept, 1))
	s := d.sheet(heldWidth, func() {})
	s.show(heldText(counts), column, later, later, deleteAll, keepAll)
}

// newNameList lists who would be deleted: as many as there are, drawn as they come into view.
func newNameList(held []data.HeldDeletion) fyne.CanvasObject {
	list := widget.NewList(func() int { return len(held) },
		func() fyne.CanvasObject { return newNameLine() },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*nameLine).show(held[i]) })
	list.HideSeparators = true
	frame := container.New(insets{4, 4, 4, 4}, list)
	height := canvasHeight(min(len(held), 6) * nameLineHeight)
	return container.New(height, container.NewStack(newCardPanel(theme.ColorNameBackground, colorCardLine), frame))
}

const nameLineHeight = 48

// canvasHeight gives what is in it at least that height.
type canvasHeight float32

func (h canvasHeight) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(h)+8)
}
func (h canvasHeight) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// nameLine is one contact of such a list.
type nameLine struct {
	widget.BaseWidget
	face       *avatar
	name, more *textLine
	line       *fyne.Container
}

func newNameLine() *nameLine {
	l := &nameLine{face: newAvatar(32), name: newTextLine("", theme.ColorNameForeground, theme.SizeNameText), more: newTextLine("", colorMuted, sizeSmall)}
	text := container.New(columnLayout{gap: 1}, l.name, l.more)
	l.line = container.New(insets{4, 8, 4, 8}, container.New(barLayout{gap: 12, fill: 1}, l.face, text))
	l.ExtendBaseWidget(l)
	return l
}

func (l *nameLine) MinSize() fyne.Size          { return fyne.NewSize(120, nameLineHeight) }
func (l *nameLine) inside() []fyne.CanvasObject { return []fyne.CanvasObject{l.line} }

func (l *nameLine) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.line) }

func (l *nameLine) show(h data.HeldDeletion) {
	l.face.set(h.Name, h.ID)
	l.name.setText(nameOr(h.Name))
	l.more.setText(h.Subtitle)
	l.more.Hidden = h.Subtitle == ""
	l.line.Refresh()
}

// noticeHeld says once, when it begins, that sync waits for an answer.
func (b *book) noticeHeld(before, now syncer.Status) {
	if now.Held.Any() && !before.Held.Any() && now.State != syncer.SignedOut {
		b.toast.showWith(lang.L("Sync waits: {{.What}}", with{"What": heldText(now.Held)}), 0, lang.L("Review"), b.reviewHeld)
	}
}
