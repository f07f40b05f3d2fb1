package syncer

import (
	"context"
	"errors"
	"fmt"

	"kith/data"
)

// fetched is a page on its way from the remote.
type fetched struct {
	since string
	page  Page
	err   error
}

// pull applies pages until there are no more. The next page is fetched while one is applied; each is applied together with its
// cursor, so a pull can be broken off anywhere and goes on there.
func (p *pass) pull(ctx context.Context, polled *polled) error {
	ctx, cancel := context.WithCancel(ctx)
	var next <-chan fetched // nil: nothing is being fetched
	defer func() {
		cancel()
		if next != nil {
			<-next
		}
	}()
	fetch := func(since string) {
		c := make(chan fetched, 1)
		next = c
		go func() {
			page, err := p.session.remote.Changes(ctx, p.book.Remote, since, p.session.limits.PageChanges, 0)
			c <- fetched{since, page, err}
		}()
	}
	if polled != nil && polled.since == p.book.Cursor {
		c := make(chan fetched, 1)
		c <- fetched{polled.since, polled.page, nil}
		next = c
	}
	first := true
	for {
		if next == nil {
			fetch(p.book.Cursor)
		}
		f := <-next
		next = nil
		if f.err != nil {
			if err := p.reset(ctx, f.err); err != nil {
				return fmt.Errorf("pull after %q: %w", f.since, err)
			}
			first = true // the walk has a total of its own
			continue
		}
		if first {
			p.total, first = p.done+f.page.Total, false
			p.progress(p.done, p.total)
		}
		if f.page.More {
			if f.page.Cursor == f.since {
				return fmt.Errorf("pull after %q: the server says that there is more, and does not move on", f.since)
			}
			fetch(f.page.Cursor)
		}
		more, err := p.apply(ctx, f)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		if next != nil && p.book.Cursor != f.page.Cursor { // someone else moved it: what is being fetched is of no use
			<-next
			next = nil
		}
	}
}

// apply stores one page, and reports whether there are more to come.
func (p *pass) apply(ctx context.Context, f fetched) (bool, error) {
	if err := p.observe(ctx, f.page.Clock); err != nil {
		return false, err
	}
	if len(f.page.Changes) == 0 && f.page.Cursor == f.since && f.since != "" && !p.book.Reconciling {
		return false, nil // nothing new costs no write
	}
	a, err := p.store.ApplyPage(ctx, p.book.ID, data.Page{
		Since: f.since, Cursor: f.page.Cursor, Changes: f.page.Changes, More: f.page.More,
	})
	if errors.Is(err, data.ErrCursorMoved) {
		if p.moved++; p.moved > maxMoved {
			return false, fmt.Errorf("apply the page after %q: %w", f.since, err)
		}
		return true, p.reload(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("apply the page after %q: %w", f.since, err)
	}
	p.count(a)
	p.book.Cursor = f.page.Cursor
	if !f.page.More {
		p.book.Reconciling = false
	}
	p.step(len(f.page.Changes))
	return f.page.More, nil
}
