package memremote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/contact"
	"kith/syncer"
)

// Fault is what happens to one request.
type Fault struct {
	Delay   time.Duration // before the request arrives
	Lost    bool          // it never arrives
	NoReply bool          // it is carried out, and its answer is lost
	Late    func(func())  // it is given up; the function that Late is called with makes it arrive all the same, whenever that is
	Twice   bool          // it arrives twice; the second answer is seen
	Err     error         // it is answered with this, and not carried out
}

// Request is what a fault is decided by.
type Request struct {
	// "books", "changes", "poll", "push", "sign-out", "has-blob", "blob", "put-blob"; "add-book", "rename-book", "remove-book", "members",
	// "set-role", "remove-member", "leave", "invite", "invitations", "withdraw", "look", "accept"
	Op     string
	Device string // the device's name
	Book   string // "" : of none
	IDs    []string
}

// SetFaults decides what happens to each request from now on. f may make requests of its own, by other devices.
func (s *Server) SetFaults(f func(Request) Fault) {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if f == nil {
		f = func(Request) Fault { return Fault{} }
	}
	s.faults = f
}

// Connector signs in at this server, whatever the address.
func (s *Server) Connector() syncer.Connector { return connector{s} }

type connector struct{ s *Server }

func (c connector) SignIn(ctx context.Context, r syncer.SignInRequest, deviceID string) (syncer.Account, string, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[r.User]
	if a == nil || a.password != r.Password {
		return syncer.Account{}, "", syncer.ErrCredentials
	}
	if deviceID == "" {
		deviceID = fmt.Sprintf("device-%d", s.next())
	}
	token := fmt.Sprintf("token-%d", s.next())
	s.sessions[token] = device{r.User, deviceID, r.Device}
	return syncer.Account{Server: r.Server, User: r.User, Device: r.Device, DeviceID: deviceID}, token, nil
}

func (c connector) Open(a syncer.Account, token string) syncer.Remote {
	return &remote{c.s, a.Device, token, a.Server}
}

type remote struct {
	s           *Server
	name, token string
	server      string // its address
}

// call carries out one request under the server's lock, with its fault.
func (r *remote) call(ctx context.Context, req Request, do func(device) error) error {
	req.Device = r.name
	r.s.faultMu.Lock()
	decide := r.s.faults
	r.s.faultMu.Unlock()
	f := decide(req)
	if f.Delay > 0 {
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.Lost {
		return &syncer.OfflineError{Reason: "the request was lost", Err: errors.New("a fault on demand")}
	}
	if f.Err != nil {
		return f.Err
	}
	arrive := func() error {
		r.s.mu.Lock()
		defer r.s.mu.Unlock()
		d, ok := r.s.sessions[r.token]
		if !ok {
			return syncer.ErrSignIn
		}
		return do(d)
	}
	if f.Late != nil {
		f.Late(func() { _ = arrive() })
		return &syncer.OfflineError{Reason: "the request was given up", Err: errors.New("a fault on demand")}
	}
	err := arrive()
	if f.Twice {
		err = arrive()
	}
	if f.NoReply {
		return &syncer.OfflineError{Reason: "the answer was lost", Err: errors.New("a fault on demand")}
	}
	return err
}

func (r *remote) Books(ctx context.Context) ([]syncer.Book, syncer.Limits, error) {
	var books []syncer.Book
	var limits syncer.Limits
	err := r.call(ctx, Request{Op: "books"}, func(d device) error {
		books = r.s.booksOf(d.user)
		limits = r.s.limits
		return nil
	})
	if err != nil {
		return nil, syncer.Limits{}, err // a request that arrives late still writes to what nobody reads any more
	}
	return books, limits, nil
}

func (r *remote) Changes(ctx context.Context, id, since string, limit int, wait time.Duration) (syncer.Page, error) {
	op := "changes"
	if wait > 0 {
		op = "poll"
	}
	timeout := time.After(wait)
	for {
		var page syncer.Page
		var changed chan struct{}
		err := r.call(ctx, Request{Op: op, Book: id}, func(d device) (err error) {
			b, _, err := r.s.bookOf(d, id)
			if err != nil {
				return err
			}
			changed = b.changed
			page, err = b.page(since, min(limit, r.s.limits.PageChanges))
			page.Clock = r.s.clock()
			return err
		})
		if err != nil {
			return syncer.Page{}, err
		}
		if wait <= 0 || len(page.Changes) > 0 {
			return page, nil
		}
		select {
		case <-changed:
		case <-timeout:
			return page, nil
		case <-ctx.Done():
			return page, ctx.Err()
		}
	}
}

// page returns what follows the cursor.
func (b *book) page(since string, limit int) (syncer.Page, error) {
	var p syncer.Page
	c, err := b.parse(since)
	if err != nil {
		return p, err
	}
	for i := b.after(c.seq); i < len(b.order); i++ {
		id, at := b.order[i], b.at[i]
		r, ok := b.rows[id]
		if !ok || r.rev != at || r.deleted && at <= c.until {
			continue
		}
		p.Total++
		if len(p.Changes) == limit {
			p.More = true
			continue
		}
		p.Changes = append(p.Changes, *b.change(id))
		c.seq = at
	}
	if !p.More {
		c.seq, c.until = b.seq, 0
	}
	c.tag = b.tags[c.seq]
	p.Cursor = c.String()
	return p, nil
}

// change is a contact as the feed shows it; nil: the book has none.
func (b *book) change(id string) *syncer.Change {
	r, ok := b.rows[id]
	if !ok {
		return nil
	}
	ch := &syncer.Change{ID: id, Rev: r.rev, Deleted: r.deleted, EditedAt: r.editedAt, Device: r.by.id, DeviceName: r.by.name, User: r.by.user}
	if !r.deleted {
		card, err := contact.Parse(r.card)
		if err != nil {
			ch.Unreadable, ch.Raw = err.Error(), r.card
			return ch
		}
		ch.Card = card
	}
	return ch
}

func (r *remote) Push(ctx context.Context, id, since string, changes []syncer.Outgoing) (syncer.Answer, error) {
	req := Request{Op: "push", Book: id}
	for _, c := range changes {
		req.IDs = append(req.IDs, c.ID)
	}
	var answer syncer.Answer
	err := r.call(ctx, req, func(d device) (err error) {
		b, err := r.s.bookAs(d, id, syncer.Writer)
		if err != nil {
			return err
		}
		answer, err = r.s.push(b, d, since, changes)
		return err
	})
	if err != nil {
		return syncer.Answer{}, err
	}
	return answer, nil
}

// push applies a batch. The caller holds the lock.
func (s *Server) push(b *book, by device, since string, changes []syncer.Outgoing) (syncer.Answer, error) {
	var answer syncer.Answer
	c, err := b.parse(since)
	expired := errors.Is(err, syncer.ErrCursorExpired) // still of this history: base revs mean what they say
	if err != nil && !expired {
		return answer, err
	}
	bytes := 0
	for _, ch := range changes {
		bytes += len(ch.Card)
	}
	if len(changes) > s.limits.PushChanges || bytes > s.limits.PushBytes {
		return answer, syncer.ErrTooLarge
	}
	before, tag := b.seq, s.next()
	mine := map[int64]bool{}
	for _, ch := range changes {
		result := s.apply(b, by, ch, tag)
		if result.Status == syncer.Applied {
			mine[result.Rev] = true
		}
		answer.Results = append(answer.Results, result)
	}
	if since != "" && c.until == 0 && !expired {
		between := false
		for i := b.after(c.seq); i < len(b.order); i++ {
			between = between || !mine[b.at[i]] && b.rows[b.order[i]].rev == b.at[i]
		}
		if !between {
			answer.Cursor = cursor{b.epoch, b.seq, b.tags[b.seq], 0}.String()
		}
	}
	if b.seq > before {
		b.wake()
	}
	answer.Clock = s.clock()
	return answer, nil
}

// apply carries out one change, or answers it as it was answered before.
func (s *Server) apply(b *book, by device, ch syncer.Outgoing, tag int64) syncer.PushResult {
	result, ok := b.results[ch.ChangeID]
	if ok {
		return result
	}
	current := b.change(ch.ID)
	rev := int64(0)
	if current != nil {
		rev = current.Rev
	}
	result = syncer.PushResult{ChangeID: ch.ChangeID}
	switch {
	case len(ch.Card) > s.limits.CardBytes:
		result.Status, result.Reason = syncer.Rejected, "the card is too large"
	case s.reject(ch) != "":
		result.Status, result.Reason = syncer.Rejected, s.reject(ch)
	case b.lacks(ch.Blobs) != "":
		result.Status, result.Reason, result.MissingBlob = syncer.Rejected, "the blob "+b.lacks(ch.Blobs)+" has not been sent", true
		return result // not kept: it heals when the blob comes
	case ch.BaseRev != rev:
		result.Status, result.Current = syncer.Conflict, current
		return result // not kept: it was not carried out, and by the next time something else may stand there
	default:
		result.Status = syncer.Applied
		result.EditedAt = min(ch.EditedAt, s.now().UnixMicro())
		deleted := ch.Operation == "DELETE"
		result.Rev = b.commit(ch.ID, row{deleted: deleted, card: ch.Card, editedAt: result.EditedAt, by: by}, tag)
		s.commits(Commit{ch.ChangeID, ch.ID, result.Rev, deleted, ch.Card})
	}
	b.results[ch.ChangeID] = result
	return result
}

func (r *remote) SignOut(ctx context.Context) error {
	return r.call(ctx, Request{Op: "sign-out"}, func(device) error {
		delete(r.s.sessions, r.token)
		return nil
	})
}
