package sim

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"testing/synctest"
	"time"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

var bookSeeds = flag.Int("sim.bookseeds", 8, "how many random schedules of shared books to run")

// people are three accounts on five devices, and what they did with books that they share.
type people struct {
	*world
	server    *memremote.Server
	rnd       *rand.Rand
	trace     []string
	mu        gosync.Mutex
	committed map[string]bool // tokens that the server ever had
	links     []string        // invitations that were made
	amid      bool            // in the middle of a sync, which may bring what others did at any moment
}

// simulated addresses must look like those of links
const bookServer = "https://kith.example"

type bookBackend struct{ *memory }

func (bookBackend) address() string { return bookServer }

func newPeople(t testing.TB, dir string, seed uint64, rewrite func(string) string) *people {
	p := &people{rnd: rand.New(rand.NewPCG(seed, 7)), committed: map[string]bool{}}
	p.world = newWorld(t, dir, 2, func(w *world) backend {
		w.rewrite = rewrite
		m := newMemory(w).(*memory)
		for _, name := range []string{"bob", "cyd"} {
			m.s.AddUser(name, password)
		}
		m.s.OnCommit(func(c memremote.Commit) {
			p.mu.Lock()
			defer p.mu.Unlock()
			maps.Copy(p.committed, tokensIn(string(c.Card)))
		})
		p.server = m.s
		return bookBackend{m}
	})
	for _, name := range []string{"bob", "cyd", "bob"} {
		p.addDevice(name)
	}
	return p
}

func (p *people) note(format string, args ...any) {
	p.trace = append(p.trace, fmt.Sprintf(format, args...))
}

func (p *people) device() *device { return p.devices[p.rnd.IntN(len(p.devices))] }

func (p *people) books(d *device) []data.Book {
	books, err := d.store.Books(ctx)
	p.must(err, "books of %s", d.name)
	return books
}

// book picks a book of a device that it may edit, or any.
func (p *people) book(d *device, writable bool) data.Book {
	books := slices.DeleteFunc(p.books(d), func(b data.Book) bool { return writable && !b.CanEdit() })
	return books[p.rnd.IntN(len(books))]
}

func (p *people) rows(d *device, q data.Query) []data.Row {
	order, err := d.store.Order(ctx, q)
	p.must(err, "list of %s", d.name)
	rows, err := d.store.Rows(ctx, order)
	p.must(err, "rows of %s", d.name)
	return rows
}

// some picks a few contacts, all of books that can be edited or of any.
func (p *people) some(d *device, q data.Query, most int) (ids []string) {
	rows := p.rows(d, q)
	for range min(len(rows), 1+p.rnd.IntN(most)) {
		if id := rows[p.rnd.IntN(len(rows))].ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// shown are the tokens that the user of a device sees, by book.
func (p *people) shown(d *device) (all map[string]bool, byBook map[string]map[string]bool) {
	all, byBook = map[string]bool{}, map[string]map[string]bool{}
	for _, r := range p.rows(d, data.Query{}) {
		c, err := d.store.Contact(ctx, r.ID)
		p.must(err, "contact")
		if byBook[c.Book] == nil {
			byBook[c.Book] = map[string]bool{}
		}
		maps.Copy(byBook[c.Book], tokensIn(string(c.Card.JSON())))
		maps.Copy(all, tokensIn(string(c.Card.JSON())))
	}
	return all, byBook
}

// act is an action of a user: what is gone of what was seen was taken away by somebody who saw it.
func (p *people) act(d *device, what string, f func() error) {
	before, _ := p.shown(d)
	err := f()
	for _, fine := range []error{data.ErrReadOnly, data.ErrNothingToUndo, data.ErrNothingToRedo, data.ErrDeleted, data.ErrExists, data.ErrNotOwner, data.ErrFirstBook} {
		if errors.Is(err, fine) {
			p.note("%s: %s: %v", d.name, what, fine)
			if after, _ := p.shown(d); !p.amid && !maps.Equal(before, after) {
				p.breaks(refused, "device %s: %s was refused, and did something", d.name, what)
			}
			return
		}
	}
	p.must(err, "device %s: %s", d.name, what)
	p.note("%s: %s", d.name, what)
	after, _ := p.shown(d)
	for t := range before {
		if !after[t] {
			p.model.replaced[t] = true
		}
	}
	for t := range after {
		if !before[t] {
			p.model.owner[t] = d.name
			delete(p.model.replaced, t)
		}
	}
}

// online runs what needs the network; what the server refuses is no fault.
func (p *people) online(d *device, what string, f func() error) {
	err := f()
	p.note("%s: %s: %v", d.name, what, err)
	for _, fine := range []error{syncer.ErrForbidden, syncer.ErrInvitation, syncer.ErrLastOwner, syncer.ErrOwnBook, syncer.ErrLimit, data.ErrNotOwner,
		data.ErrFirstBook, data.ErrNoBook, syncer.ErrUnsent, syncer.ErrOffline, syncer.ErrBookExists} {
		if err == nil || errors.Is(err, fine) {
			return
		}
	}
	p.must(err, "device %s: %s", d.name, what)
}

// step is one thing that somebody does.
func (p *people) step() {
	d := p.device()
	time.Sleep(time.Duration(1+p.rnd.IntN(30)) * time.Second)
	switch n := p.rnd.IntN(100); {
	case n < 14:
		b := p.book(d, true)
		p.act(d, "add to "+b.Name, func() error {
			_, err := d.store.AddTo(ctx, b.ID, contact.New().WithFullName("Name "+p.model.token()))
			return err
		})
	case n < 30:
		p.edit(d)
	case n < 34:
		ids := p.some(d, data.Query{}, 2)
		p.act(d, "remove", func() error { return d.store.Delete(ctx, ids...) })
	case n < 36:
		ids := p.some(d, data.Query{Filter: data.Trash}, 2)
		p.act(d, "restore", func() error { return d.store.Restore(ctx, ids...) })
	case n < 39:
		p.act(d, "undo", func() error { _, err := d.store.Undo(ctx); return err })
	case n < 40:
		p.act(d, "redo", func() error { _, err := d.store.Redo(ctx, func(int, int) {}); return err })
	case n < 45:
		b, ids := p.book(d, false), p.some(d, data.Query{}, 3)
		p.act(d, "move to "+b.Name, func() error { _, err := d.store.MoveContacts(ctx, b.ID, ids...); return err })
	case n < 47:
		b, ids := p.book(d, false), p.some(d, data.Query{}, 3)
		p.act(d, "copy to "+b.Name, func() error { _, err := d.store.CopyContacts(ctx, b.ID, ids...); return err })
	case n < 50: // the same card, by a file, to another book, maybe of another account
		if rows := p.rows(p.device(), data.Query{}); len(rows) > 0 {
			c := p.anyCard(rows[p.rnd.IntN(len(rows))].ID)
			b := p.book(d, true)
			p.act(d, "import to "+b.Name, func() error {
				_, _, err := d.store.BeginImportTo(b.ID).Take(ctx, []contact.Card{c})
				return err
			})
		}
	case n < 53:
		if len(p.books(d)) < 5 {
			name := "Book " + p.model.token()
			p.act(d, "add "+name, func() error { _, err := d.store.AddBook(ctx, name); return err })
		}
	case n < 54:
		b := p.book(d, false)
		p.act(d, "rename "+b.Name, func() error { return d.store.RenameBook(ctx, b.ID, "Book "+p.model.token()) })
	case n < 55:
		st := strategies[p.rnd.IntN(len(strategies))]
		p.must(d.store.SetStrategy(ctx, p.book(d, false).ID, st), "strategy")
	case n < 73:
		p.share(d)
	case n < 75:
		p.close(d)
		d.open()
		p.note("%s: opened again", d.name)
	default:
		faults := []fault{none, none, lost, noReply, twice, late, overtaken, other, typing, cancel}
		p.sync(d, faults[p.rnd.IntN(len(faults))], p.rnd.IntN(9))
	}
}

func (p *people) close(d *device) { d.close() }

// anyCard is a card that some device has under an id.
func (p *people) anyCard(id string) contact.Card {
	for _, d := range p.devices {
		if c, ok := d.contact(id); ok {
			return c.Card
		}
	}
	p.fail("nobody has contact %s", id)
	return contact.Card{}
}

func (p *people) edit(d *device) {
	rows := p.rows(d, data.Query{})
	if len(rows) == 0 {
		return
	}
	c, _ := d.contact(rows[p.rnd.IntN(len(rows))].ID)
	to, token := c.Card, p.model.token()
	switch p.rnd.IntN(4) {
	case 0:
		to = to.WithNote(token)
	case 1:
		to = to.WithTitle(token)
	case 2:
		to = to.WithPhones(append(to.Phones(), contact.Entry{Value: token}))
	case 3:
		to = to.WithFullName("Name " + token)
	}
	p.act(d, fmt.Sprintf("edit %s of %s to %s", c.ID, c.Book, token), func() error { _, err := d.store.Save(ctx, c.ID, c.Card, to); return err })
}

// share is one thing that somebody does about members.
func (p *people) share(d *device) {
	b := p.book(d, false)
	for range 2 {
		if b.First() {
			b = p.book(d, false)
		}
	}
	defer p.wire.quiet()()
	roles := []string{syncer.Owner, syncer.Writer, syncer.Writer, syncer.Reader}
	switch n := p.rnd.IntN(20); {
	case n < 7:
		p.watch(d, func() { // a book that is not there yet is brought there by a sync
			p.online(d, "invite to "+b.Name, func() error {
				in, err := d.engine.Invite(ctx, b.ID, roles[p.rnd.IntN(len(roles))], 0)
				if err == nil {
					p.links = append(p.links, in.Link)
				}
				return err
			})
		})
	case n < 14 && len(p.links) > 0:
		link := p.links[max(0, len(p.links)-1-p.rnd.IntN(3))]
		p.watch(d, func() { p.online(d, "join", func() error { _, err := d.engine.Join(ctx, link); return err }) })
	case n < 18:
		p.watch(d, func() { p.changeMember(d, b, roles) })
	case n < 19:
		p.watch(d, func() { p.online(d, "leave "+b.Name, func() error { return d.engine.Leave(ctx, b.ID) }) })
	default:
		p.watch(d, func() { p.online(d, "remove "+b.Name, func() error { return d.engine.RemoveBook(ctx, b.ID) }) })
	}
}

func (p *people) changeMember(d *device, b data.Book, roles []string) {
	members, err := d.engine.Members(ctx, b.ID)
	if err != nil || len(members) == 0 {
		return
	}
	m := members[p.rnd.IntN(len(members))]
	if m.You {
		m = members[p.rnd.IntN(len(members))]
	}
	if p.rnd.IntN(2) == 0 {
		p.online(d, fmt.Sprintf("remove %s from %s", m.User, b.Name), func() error { return d.engine.RemoveMember(ctx, b.ID, m.ID) })
		return
	}
	role := roles[p.rnd.IntN(len(roles))]
	p.online(d, fmt.Sprintf("make %s %s of %s", m.User, role, b.Name), func() error { return d.engine.SetRole(ctx, b.ID, m.ID, role) })
}

// unsent are the tokens in contacts of a device that are not in the trash and wait to be sent, by book.
func (p *people) unsent(d *device) map[string]map[string]bool {
	byBook := map[string]map[string]bool{}
	for _, r := range p.rows(d, data.Query{}) {
		if c, ok := d.contact(r.ID); ok && c.Pending {
			if byBook[c.Book] == nil {
				byBook[c.Book] = map[string]bool{}
			}
			maps.Copy(byBook[c.Book], tokensIn(string(c.Card.JSON())))
		}
	}
	return byBook
}

// watch runs what may take books off a device, and checks that nothing that the server did not have goes with them: what was there and is
// not, the server has, or had, or the device keeps.
func (p *people) watch(d *device, f func()) {
	before, roles := p.unsent(d), map[string]data.Book{}
	_, shown := p.shown(d)
	for _, b := range p.books(d) {
		roles[b.ID] = b
	}
	f()
	now := map[string]data.Book{}
	for _, b := range p.books(d) {
		now[b.ID] = b
	}
	evidence := tokensIn(p.evidence(d))
	for id, was := range roles {
		b, there := now[id]
		if there && (b.CanEdit() || !was.CanEdit()) {
			continue
		}
		p.mu.Lock()
		for t := range before[id] {
			if !evidence[t] && !p.committed[t] && !p.model.replaced[t] {
				p.breaks(kept, "device %s: value %s was not sent, and went with the book %s", d.name, t, was.Name)
			}
		}
		p.mu.Unlock()
		if !there {
			for t := range shown[id] {
				if !evidence[t] {
					p.model.excused[t] = true // it was at the server, and is not this device's any more
				}
			}
			p.excuseHistory(d)
		}
	}
}

// excuseHistory: what only the history of a lost contact held has gone with it.
func (p *people) excuseHistory(d *device) {
	everywhere := map[string]bool{}
	for _, o := range p.devices {
		maps.Copy(everywhere, tokensIn(p.evidence(o)))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := range p.model.owner {
		if !everywhere[t] && p.committed[t] {
			p.model.excused[t] = true
		}
	}
}

// evidence is all that a device holds: contacts, also in the trash, their histories, and what waits for a decision.
func (p *people) evidence(d *device) string {
	var b strings.Builder
	for _, filter := range []data.Filter{data.All, data.Trash} {
		for _, r := range p.rows(d, data.Query{Filter: filter}) {
			b.WriteString(d.seen(r.ID))
			history, err := d.store.History(ctx, r.ID)
			p.must(err, "history")
			for _, e := range history {
				for _, edit := range e.Patch {
					fmt.Fprintln(&b, edit.Path, string(edit.Old), string(edit.New))
				}
			}
		}
	}
	return b.String()
}

// sync is one pass of a device, with one fault.
func (p *people) sync(d *device, f fault, at int) {
	p.note("%s: sync, %s at request %d", d.name, f, at)
	n := p.rnd.IntN(1000)
	p.watch(d, func() {
		syncCtx, stop := context.WithCancel(ctx)
		defer stop()
		after := p.wire.expect(plan{fault: f, at: at, n: n, cancel: stop, between: func(f fault) {
			defer p.wire.quiet()()
			p.amid = true
			defer func() {
				if p.amid = false; p.broken == nil {
					p.broken = recover() // it may be the engine's goroutine: the failure waits for the end of the sync
				}
			}()
			if f == typing {
				p.edit(d)
				return
			}
			o := p.device()
			if o == d {
				return
			}
			if p.rnd.IntN(2) == 0 {
				p.share(o)
			} else {
				p.watch(o, func() { _, _ = o.engine.Sync(ctx) })
			}
		}})
		_, err := d.engine.Sync(syncCtx)
		met := after()
		if p.broken != nil {
			panic(p.broken)
		}
		if err != nil && (!met || f.harmless()) && !errors.As(err, new(*syncer.BooksError)) {
			p.fail("device %s: sync with %s: %v", d.name, f, err)
		}
	})
}

// rest lets everyone decide and sync until nothing moves.
func (p *people) rest() {
	defer p.wire.quiet()()
	p.wire.deliver(true)
	for round := range 12 {
		waiting := 0
		for _, d := range p.devices {
			for _, h := range p.held(d) {
				p.act(d, "allow a deletion", func() error { return d.store.AllowDeletions(ctx, h.ID) })
			}
			side := contact.Side(round % 2)
			all, err := d.store.Conflicts(ctx)
			p.must(err, "conflicts")
			for _, c := range all {
				p.act(d, "resolve", func() error {
					err := d.store.Resolve(ctx, c.ID, &side, nil)
					if errors.Is(err, data.ErrNoConflict) {
						return nil
					}
					return err
				})
			}
			p.watch(d, func() {
				_, err := d.engine.Sync(ctx)
				if err != nil {
					p.breaks(drains, "a sync of device %s at rest: %v", d.name, err)
				}
			})
			counts, err := d.store.Counts(ctx)
			p.must(err, "counts")
			waiting += counts.Pending + len(p.held(d))
		}
		if waiting == 0 && round > 3 {
			return
		}
	}
	p.breaks(drains, "it does not come to rest")
}

func (p *people) held(d *device) []data.HeldDeletion {
	held, err := d.store.HeldDeletions(ctx, "")
	p.must(err, "held")
	return held
}

// check holds devices and server against each other at rest.
func (p *people) check() {
	var evidence strings.Builder
	for _, d := range p.devices {
		remote := p.server.Connector()
		account, err := d.store.Account(ctx)
		p.must(err, "account")
		token, err := d.secrets.Token(ctx, account)
		p.must(err, "token")
		theirs, _, err := remote.Open(account, token).Books(ctx)
		p.must(err, "books")
		books := p.books(d)
		if len(books) != len(theirs) {
			p.breaks(strangers, "device %s of %s has the books %+v, its account has %+v", d.name, d.user, books, theirs)
		}
		for _, b := range books {
			i := slices.IndexFunc(theirs, func(r syncer.Book) bool { return r.ID == b.Remote })
			if i < 0 {
				p.breaks(strangers, "device %s of %s has the book %+v, which its account has not", d.name, d.user, b)
				continue
			}
			if r := theirs[i]; r.Role != b.Role || r.Members != b.Members || r.Name != b.Name && !b.First() {
				p.breaks(equal, "device %s has %+v, the account has %+v", d.name, b, r)
			}
			here := map[string]string{}
			for _, r := range p.rows(d, data.Query{Book: b.ID}) {
				c, _ := d.contact(r.ID)
				if here[c.Card.UID()] != "" {
					p.breaks(once, "device %s has contact %s twice in %s", d.name, c.Card.UID(), b.Name)
				}
				here[c.Card.UID()] = string(c.Card.JSON())
			}
			if diff := difference(live(p.server.BookRows(b.Remote)), here); diff != "" {
				p.breaks(equal, "the server and device %s differ in book %s: %s", d.name, b.Name, diff)
			}
		}
		waiting, err := d.store.Waiting(ctx, "")
		p.must(err, "waiting")
		if waiting.Sendable+waiting.Conflicts+waiting.Rejected > 0 {
			p.breaks(drains, "at rest, device %s has a queue: %+v", d.name, waiting)
		}
		evidence.WriteString(p.evidence(d))
		p.must(d.store.Check(ctx), "check the store of device %s", d.name)
		if s, err := d.engine.Sync(ctx); err != nil || s != (syncer.Summary{}) {
			p.breaks(idle, "a sync of device %s at rest did %+v, %v", d.name, s, err)
		}
	}
	found := tokensIn(evidence.String())
	for _, t := range slices.Sorted(maps.Keys(p.model.owner)) {
		if !found[t] && !p.model.replaced[t] && !p.model.excused[t] {
			p.breaks(kept, "value %s of device %s is lost", t, p.model.owner[t])
		}
	}
}

// livePeople runs the schedule of a seed. rewrite, if it is not nil, changes what the devices' stores ask SQLite.
func livePeople(t *testing.T, seed uint64, steps int, rewrite func(string) string) (problem string) {
	emptyProfile()
	dir, err := os.MkdirTemp(fast(), "kith-books-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	synctest.Test(t, func(t *testing.T) {
		var p *people
		defer func() {
			if r := recover(); r != nil {
				f, ok := r.(failure)
				if !ok {
					f = failure(fmt.Sprintf("%v\n%s", r, debug.Stack()))
				}
				problem = string(f)
				if p != nil {
					problem += "\n  " + strings.Join(p.trace[max(0, len(p.trace)-60):], "\n  ")
				}
			}
			if p != nil {
				p.world.close()
			}
		}()
		p = newPeople(t, dir, seed, rewrite)
		for i := range steps {
			p.step()
			if i == steps/2 {
				p.rest()
				p.check()
			}
		}
		p.rest()
		p.check()
	})
	return problem
}

// TestSharedBooks lets three people on five devices share, invite, remove, move and edit at random.
func TestSharedBooks(t *testing.T) {
	next := *first
	var mu gosync.Mutex
	for i := range min(runtime.GOMAXPROCS(0), *bookSeeds) {
		t.Run(fmt.Sprint("worker ", i), func(t *testing.T) {
			t.Parallel()
			for !t.Failed() {
				mu.Lock()
				seed := next
				next++
				mu.Unlock()
				if seed >= *first+uint64(*bookSeeds) {
					return
				}
				if seed%100 == 0 {
					fmt.Fprintf(os.Stderr, "%s: seed %d\n", t.Name(), seed)
				}
				if problem := livePeople(t, seed, 2**steps, nil); problem != "" {
					t.Errorf("seed %d: %s", seed, problem)
				}
			}
		})
	}
}

// TestSharedBooksMutations breaks a rule at a time, and wants the checks to notice.
func TestSharedBooksMutations(t *testing.T) {
	for _, m := range []struct {
		by      invariant
		seed    uint64 // the first that is known to show it
		name    string
		rewrite func(string) string
	}{
		{kept, 14, "what was not sent goes with a lost book", replaced("WHERE c.book = ?1 AND (c.rev = 0", "WHERE c.book = ?1 AND 0 AND (c.rev = 0")},
		{drains, 30, "what was not sent stays where it can't be sent from when the role is lowered", replaced("SELECT row_id FROM contacts WHERE pending <> 0 AND book = ?", "SELECT row_id FROM contacts WHERE pending <> 0 AND 0 AND book = ?")},
		{equal, 6, "a uid in two books is one contact", replaced("iif(c.remote_id = '', c.id, c.remote_id)", "c.id")},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			const tries = 60
			for seed := m.seed; seed < m.seed+tries; seed++ {
				problem := livePeople(t, seed, 2**steps, m.rewrite)
				if strings.HasPrefix(problem, string(m.by)+": ") {
					t.Logf("seed %d: %.200s", seed, problem)
					return
				}
				if problem != "" {
					t.Logf("seed %d, something else: %.300s", seed, problem)
				}
			}
			t.Errorf("%d schedules did not notice", tries)
		})
	}
}
