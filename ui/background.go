package ui

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// background runs the window's work off the UI goroutine and brings the answers back. Its methods may be called from any goroutine.
type background struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	post   func(func())                                  // runs a function on the UI goroutine, later: fyne.Do; tests have a queue of their own
	after  func(d time.Duration, f func()) (stop func()) // runs a function on the UI goroutine when d has passed; stop, called there, prevents it for good
	now    func() time.Time
}

func newBackground(ctx context.Context) *background {
	b := &background{post: fyne.Do, now: time.Now}
	b.ctx, b.cancel = context.WithCancel(ctx)
	b.after = func(d time.Duration, f func()) func() {
		stopped := false // of the UI goroutine
		t := time.AfterFunc(d, func() {
			b.post(func() {
				if !stopped { // it may have been between the timer and here
					f()
				}
			})
		})
		return func() {
			stopped = true
			t.Stop()
		}
	}
	return b
}

// run starts work on a goroutine that stop waits for.
func (b *background) run(work func(ctx context.Context)) {
	b.wg.Go(func() { work(b.ctx) })
}

// stop cancels all work and waits for it.
func (b *background) stop() {
	b.cancel()
	b.wg.Wait()
}

// question numbers the askings of one kind. Only the UI goroutine may touch it.
type question struct {
	number int
	cancel context.CancelFunc // of the work that is under way; nil: none is
}

// drop makes the answer that is under way, if any, an old one.
func (q *question) drop() {
	q.number++
	if q.cancel != nil {
		q.cancel()
		q.cancel = nil
	}
}

// ask runs work off the UI goroutine, and done with its answer on it, unless a newer question was asked of q meanwhile; that also
// cancels the older work. Called on the UI goroutine.
func ask[T any](b *background, q *question, work func(context.Context) (T, error), done func(T, error)) {
	askWithin(b, q, 0, work, done)
}

// halfFrame is how long a key or a click waits for what it asks for: half a frame. The answers of a book in memory are there by then, and
// are drawn in the frame that draws the key; a later one comes as the answers of ask do.
const halfFrame = 8 * time.Millisecond

// askSoon is ask for what a hand asks for and looks at: it waits a moment for the answer, and done may run before it returns.
func askSoon[T any](b *background, q *question, work func(context.Context) (T, error), done func(T, error)) {
	askWithin(b, q, halfFrame, work, done)
}

func askWithin[T any](b *background, q *question, patience time.Duration, work func(context.Context) (T, error), done func(T, error)) {
	q.drop()
	number := q.number
	ctx, cancel := context.WithCancel(b.ctx)
	q.cancel = cancel
	soon := make(chan func(), 1)
	var waits atomic.Bool // whoever ends the wait, the answer or the patience, says where the answer goes
	waits.Store(patience > 0)
	b.wg.Go(func() {
		answer, err := work(ctx)
		cancelled := b.ctx.Err() != nil // the window is closing: its widgets must not be touched any more
		cancel()
		if cancelled {
			return
		}
		tell := func() {
			if q.number == number {
				q.cancel = nil
				done(answer, err)
			}
		}
		if waits.CompareAndSwap(true, false) {
			soon <- tell
			return
		}
		b.post(tell)
	})
	if patience == 0 {
		return
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case tell := <-soon:
		tell()
	case <-late.C:
		if !waits.CompareAndSwap(true, false) { // it came with the bell
			(<-soon)()
		}
	}
}

// repeating is a question about something that changes: asked again while its answer is under way, it is put once more after it.
type repeating struct {
	question
	again func() // asks once more as it was asked last; nil: nobody did meanwhile
}

// askAgain is ask for a question whose every answer is worth showing: none is dropped, however fast the askings come.
func askAgain[T any](b *background, r *repeating, work func(context.Context) (T, error), done func(T, error)) {
	if r.cancel != nil {
		r.again = func() { askAgain(b, r, work, done) }
		return
	}
	ask(b, &r.question, work, func(answer T, err error) {
		done(answer, err)
		if again := r.again; again != nil {
			r.again = nil
			again()
		}
	})
}

// do runs work that always is to finish (a save), and done with its error on the UI goroutine. Called on the UI goroutine.
func do(b *background, work func(context.Context) error, done func(error)) {
	b.wg.Go(func() {
		// A save that the user asked for is not cut off by closing the window.
		err := work(context.WithoutCancel(b.ctx))
		if b.ctx.Err() == nil {
			b.post(func() { done(err) })
		}
	})
}
