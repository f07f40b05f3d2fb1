package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"kith/data"
)

// ctrlShift is ctrl with Shift.
func ctrlShift(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// decide carries out what was chosen in the questions of a contact.
func (b *book) decide(done string, decisions ...data.Decision) {
	var decided data.Decided
	do(b.bg, func(ctx context.Context) (err error) {
		decided, err = b.store.Decide(ctx, decisions...)
		return err
	}, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			b.changed() // it may be that something else is asked now
			return
		}
		b.view.askNext = true
		b.tellDecided(done, decided)
	})
}

// tellDecided says in the toast what was decided. To be content with what stands is nothing that could be undone.
func (b *book) tellDecided(done string, decided data.Decided) {
	actions := 0
	if decided.Undoable {
		actions = 1
	}
	b.toast.show(done, actions)
}

// asks says whether a list is one of contacts with questions.
func asks(f data.Filter) bool { return f == data.Conflicted || f == data.Reviewed }

// asksAlike says whether a list offers to decide all of its contacts alike.
func asksAlike(q data.Query, contacts int) bool { return asks(q.Filter) && contacts > 1 }

// nextQuestion goes to the next contact with a question, or the one before; from another list, to the first of them.
func (b *book) nextQuestion(by int) {
	if b.editing {
		return
	}
	if asks(b.list.query.Filter) && len(b.list.order) > 0 {
		b.view.askNext = true
		at := min(max(0, b.list.selection.place(b.list.order)+by), len(b.list.order)-1)
		b.list.choose(at)
		return
	}
	place := data.Conflicted
	if b.counts.Conflicted == 0 {
		place = data.Reviewed
	}
	if b.counts.Conflicted+b.counts.Reviewed == 0 {
		b.toast.show(lang.L("There are no conflicts"), 0)
		return
	}
	b.list.begin, b.view.askNext = true, true // before the answer, which may be there at once
	b.choosePlace(place)
}

// ---- what time has decided ------------------------------------------------------------------------------------------------

// noneYet is the newest review of a book that was not asked for one.
const noneYet = -1

// newsPause is how long the notice waits for its turn while another toast can be undone.
const newsPause = 2 * time.Second

type reviewAnswer struct {
	fresh  []data.Conflict
	newest int64
}

// newsOfReviews is what the notice speaks of. The UI goroutine alone touches it, but for the number.
type newsOfReviews struct {
	asking repeating
	newest atomic.Int64 // the newest review that was heard of
	shown  string       // what the notice says
	fresh  []data.Conflict
}

// lookForReviews tells of what time has decided since the window was opened. What was there before, the sidebar shows.
func (b *book) lookForReviews() {
	n := &b.news
	askAgain(b.bg, &n.asking, func(ctx context.Context) (reviewAnswer, error) {
		fresh, newest, err := b.store.NewReviews(ctx, n.newest.Load())
		return reviewAnswer{fresh, newest}, err
	}, func(a reviewAnswer, err error) {
		if err != nil {
			return // the list says it
		}
		n.newest.Store(a.newest)
		if len(a.fresh) == 0 {
			return
		}
		if n.shown != "" && !b.tellsNews() {
			n.fresh = nil // the user has seen those
		}
		n.fresh = append(n.fresh, a.fresh...)
		b.tellNews()
	})
}

// tellsNews says whether the notice is to be seen.
func (b *book) tellsNews() bool { return b.toast.box.Visible() && b.toast.text.text == b.news.shown }

// tellNews shows the notice, once nothing else can be undone by the toast; several pieces of news are one notice.
func (b *book) tellNews() {
	n := &b.news
	if b.toast.box.Visible() && b.toast.actions > 0 {
		b.bg.after(newsPause, b.tellNews)
		return
	}
	n.shown = reviewNotice(n.fresh)
	first := n.fresh[0].Row
	b.toast.showWith(n.shown, 0, lang.L("Review"), func() { b.review(first) })
}

// review shows the questions about what time has decided, beginning with a contact.
func (b *book) review(row data.RowID) {
	if b.editing {
		b.toast.show(lang.L("Save or cancel the edit first, then review"), 0)
		return
	}
	b.chooseBook("")
	b.list.reveal, b.view.askNext = row, true
	b.choosePlace(data.Reviewed)
	b.list.refresh()
}
