package syncer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/contact"
	"kith/contact/picture"
	"kith/data"
)

// blobsAtRemote is what a session knows of the blobs in a book at the remote. Only a pass touches it.
type blobsAtRemote struct {
	there    map[string]bool // asked, or sent
	tooLarge map[string]bool // the remote does not take it, and it can't be made smaller
}

// blobsIn is what a session knows of a book's blobs.
func (s *session) blobsIn(book string) blobsAtRemote {
	known, ok := s.blobs[book]
	if !ok {
		known = blobsAtRemote{there: map[string]bool{}, tooLarge: map[string]bool{}}
		s.blobs[book] = known
	}
	return known
}

func (s *session) forgetBlobs(book string) { delete(s.blobs, book) }

// supply sends the blobs that changes need and the remote lacks, before the changes themselves. A blob that neither side has can't
// hold up what refers to it: it is not named. An upload that was broken off is made again: blobs are named by their content.
func (p *pass) supply(ctx context.Context, changes []Outgoing) ([]Outgoing, error) {
	supplied := slices.Clone(changes)
	for i, c := range supplied {
		var named []string
		for _, id := range c.Blobs {
			there, err := p.supplyOne(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("send the photo %s: %w", id, err)
			}
			if there {
				named = append(named, id)
			}
		}
		supplied[i].Blobs = named
	}
	return supplied, nil
}

// supplyOne reports whether a change may name a blob; also one that the remote is known not to take, so that it says so.
func (p *pass) supplyOne(ctx context.Context, id string) (bool, error) {
	known := p.session.blobsIn(p.book.Remote)
	if known.there[id] || known.tooLarge[id] {
		return true, nil
	}
	there, err := p.session.remote.HasBlob(ctx, p.book.Remote, id)
	if err != nil {
		return false, err
	}
	if !there {
		b, err := p.store.Blob(ctx, id)
		if errors.Is(err, contact.ErrNoBlob) {
			return false, nil
		}
		if err == nil {
			err = p.session.remote.PutBlob(ctx, p.book.Remote, b)
		}
		if errors.Is(err, ErrTooLarge) {
			known.tooLarge[id] = true
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	known.there[id] = true
	return true, nil
}

// shrink puts smaller photos in the place of those that the remote would not take, in the contacts themselves: every device then shows
// the same one, and the large one stays in this device's history.
func (p *pass) shrink(ctx context.Context) error {
	limit := p.session.limits.BlobBytes
	ids, err := p.store.OversizedBlobs(ctx, p.book.ID, limit)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if p.session.blobsIn(p.book.Remote).tooLarge[id] {
			continue
		}
		b, err := p.store.Blob(ctx, id)
		if err != nil {
			return err
		}
		kind, small, err := picture.Shrink(b.Bytes, limit)
		if err != nil {
			p.session.blobsIn(p.book.Remote).tooLarge[id] = true // no picture that we could make smaller: the contact is set aside with the reason
			continue
		}
		if err := p.store.ReplaceBlob(ctx, id, contact.NewBlob(kind, small)); err != nil {
			return err
		}
	}
	return nil
}

// withoutBlobs takes the changes out of an answer that were refused for want of a blob alone, to be pushed again with it: the remote
// has lost what it once had. repeated holds those that were pushed again already, and is added to.
func (p *pass) withoutBlobs(chunk []Outgoing, answer *Answer, repeated map[string]bool) (again []Outgoing) {
	var settled []PushResult
	for i, r := range answer.Results {
		if !r.MissingBlob || repeated[r.ChangeID] {
			if r.MissingBlob {
				r.Reason = p.whyMissing(chunk[i], r.Reason)
			}
			settled = append(settled, r)
			continue
		}
		repeated[r.ChangeID] = true
		for _, id := range chunk[i].Blobs {
			delete(p.session.blobsIn(p.book.Remote).there, id)
		}
		again = append(again, chunk[i])
	}
	answer.Results = settled
	return again
}

func (p *pass) whyMissing(c Outgoing, reason string) string {
	for _, id := range c.Blobs {
		if p.session.blobsIn(p.book.Remote).tooLarge[id] {
			return fmt.Sprintf("its photo is larger than the %d KB that the server takes; choose another one", p.session.limits.BlobBytes>>10)
		}
	}
	return reason
}

// fetcher fetches the photos that are missing, in a goroutine of its own, while the loop goes on: contacts come first, and no pass
// waits for pictures. Used by the loop's goroutine only.
type fetcher struct {
	session *session
	cancel  context.CancelFunc // nil: none runs
	done    chan struct{}      // nil: none runs
	absent  map[string]bool    // the remote has not got them; the running goroutine's
	again   bool               // more may be missing than when the work began
}

// start begins; work that is under way for the same session is followed by more.
func (f *fetcher) start(ctx context.Context, e *Engine, s *session) {
	if f.cancel != nil && f.session == s {
		f.again = true
		return
	}
	f.stop()
	f.again = false
	if f.session != s {
		f.session, f.absent = s, map[string]bool{}
	}
	ctx, f.cancel = context.WithCancel(ctx)
	f.done = make(chan struct{})
	go func(done chan struct{}, absent map[string]bool) {
		defer close(done)
		_ = e.fetchBlobs(ctx, s, absent) // the next pass says what is wrong, and begins again
	}(f.done, f.absent)
}

// stop ends the work and waits for it.
func (f *fetcher) stop() {
	if f.cancel != nil {
		f.cancel()
		<-f.done
		f.ended()
	}
}

// ended forgets work that is done, and reports whether to begin again.
func (f *fetcher) ended() (again bool) {
	f.cancel()
	f.cancel, f.done = nil, nil
	return f.again
}

// fetchBlobs fetches every blob that the books refer to and that is neither here nor absent there.
func (e *Engine) fetchBlobs(ctx context.Context, s *session, absent map[string]bool) error {
	books, err := e.store.Books(ctx)
	if err != nil {
		return err
	}
	for _, b := range books {
		if b.Remote == "" {
			continue
		}
		err := e.fetchBlobsOf(ctx, s, b, absent)
		if err != nil && !errors.Is(err, ErrForbidden) { // of a book that is lost: the next pass will see to that
			return err
		}
	}
	return nil
}

func (e *Engine) fetchBlobsOf(ctx context.Context, s *session, b data.Book, absent map[string]bool) error {
	const some = 100
	for after := ""; ; {
		ids, err := e.store.MissingBlobs(ctx, b.ID, after, some)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			key := b.Remote + " " + id
			if after = id; absent[key] {
				continue
			}
			bytes, err := s.remote.Blob(ctx, b.Remote, id)
			switch {
			case errors.Is(err, contact.ErrNoBlob):
				absent[key] = true
				continue
			case err != nil:
				return fmt.Errorf("fetch the photo %s: %w", id, err)
			}
			if err := e.store.PutBlob(ctx, contact.Blob{ID: id, Bytes: bytes}); err != nil {
				return err
			}
		}
	}
}
