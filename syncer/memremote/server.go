// Package memremote is a whole Remote in memory: the protocol's promises (conditional pushes, exactly once, a feed with opaque
// cursors, reconciliation after a restored backup) without a network, and with faults on demand. Tests of the engine run on it
// under testing/synctest; remotetest holds it to what the real server does.
package memremote

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"kith/syncer"
)

// Server holds accounts and their books. Safe for concurrent use.
type Server struct {
	mu       sync.Mutex // guards what follows
	now      func() time.Time
	limits   syncer.Limits
	accounts map[string]*account
	books    map[string]*book
	sessions map[string]device
	serial   int64 // of devices, tokens and commits; never goes back, not even with Restore
	reject   func(syncer.Outgoing) string
	commits  func(Commit)

	faultMu sync.Mutex // guards faults
	faults  func(Request) Fault
}

type account struct {
	password string
	home     string // the id of its first book
}

type device struct{ user, id, name string }

// book is one feed. Its seq counts commits' changes; each contact stands in it once, at its rev.
type book struct {
	id      string
	shared  shared
	epoch   string
	seq     int64
	tags    map[int64]int64 // seq -> the serial of the commit that made it
	horizon int64           // tombstones up to here are forgotten
	rows    map[string]row
	order   []string // ids by rev; an entry that is not the id's newest is skipped
	at      []int64  // the rev of each entry of order
	results map[string]syncer.PushResult
	blobs   map[string][]byte
	changed chan struct{} // closed by the next commit
}

type row struct {
	rev      int64
	deleted  bool
	card     json.RawMessage
	editedAt int64
	by       device
}

// New returns a server without accounts.
func New() *Server {
	return &Server{
		now:      time.Now,
		limits:   syncer.Limits{CardBytes: 256 << 10, PushChanges: 1000, PushBytes: 4 << 20, PageChanges: 1000, BlobBytes: 8 << 20},
		accounts: map[string]*account{},
		books:    map[string]*book{},
		sessions: map[string]device{},
		faults:   func(Request) Fault { return Fault{} },
		reject:   func(syncer.Outgoing) string { return "" },
		commits:  func(Commit) {},
	}
}

// AddUser makes an account with one empty book.
func (s *Server) AddUser(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	home := "book-" + user
	s.accounts[user] = &account{password: password, home: home}
	s.addBook(home, "Contacts", user)
}

// addBook makes an empty book. The caller holds the lock.
func (s *Server) addBook(id, name, owner string) *book {
	b := &book{
		id: id, epoch: rand.Text()[:8], tags: map[int64]int64{}, rows: map[string]row{},
		results: map[string]syncer.PushResult{}, blobs: map[string][]byte{}, changed: make(chan struct{}),
		shared: shared{name: name, members: []member{{owner, syncer.Owner, s.now(), s.next()}}},
	}
	s.books[id] = b
	return b
}

// home is an account's first book. The caller holds the lock.
func (s *Server) home(user string) *book { return s.books[s.accounts[user].home] }

// wake lets everyone who waits look again.
func (b *book) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// SetLimits changes what one request may hold.
func (s *Server) SetLimits(l syncer.Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = l
}

// clock is called with the lock held.
func (s *Server) clock() syncer.Clock {
	now := s.now()
	return syncer.Clock{Offset: time.Until(now), Server: now}
}

// SetClock makes the server's clock differ from everybody's.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// SetReject makes the server refuse changes, with the reason returned; "" : not refused.
func (s *Server) SetReject(f func(syncer.Outgoing) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reject = f
}

// Commit is a new state of a contact, and the change that made it.
type Commit struct {
	ChangeID, ID string
	Rev          int64
	Deleted      bool
	Card         json.RawMessage
}

// OnCommit sets what is called with each new state of a contact, under the server's lock.
func (s *Server) OnCommit(f func(Commit)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits = f
}

// Revoke ends every session.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// Snapshot copies everything, as a backup would. The returned function puts it back, as a restored backup would.
func (s *Server) Snapshot() (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	saved := map[string]*book{}
	for id, b := range s.books {
		saved[id] = b.clone()
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, b := range s.books {
			close(b.changed)
		}
		clear(s.books)
		for id, b := range saved {
			s.books[id] = b.clone()
		}
	}
}

func (b *book) clone() *book {
	c := *b
	c.tags, c.rows, c.results = maps.Clone(b.tags), maps.Clone(b.rows), maps.Clone(b.results)
	c.blobs = maps.Clone(b.blobs)
	c.order, c.at = slices.Clone(b.order), slices.Clone(b.at)
	c.shared = b.shared.clone()
	c.changed = make(chan struct{})
	return &c
}

// Compact forgets every tombstone and every stored result: cursors from before the newest tombstone expire.
func (s *Server) Compact() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		for id, r := range b.rows {
			if r.deleted {
				b.horizon = max(b.horizon, r.rev)
				delete(b.rows, id)
			}
		}
		clear(b.results)
	}
}

// Forget drops one live contact of an account without a trace, as no server should.
func (s *Server) Forget(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.home(user)
	for _, id := range b.order {
		if r, ok := b.rows[id]; ok && !r.deleted {
			delete(b.rows, id)
			return
		}
	}
}

// Contact is a contact as the server has it.
type Contact struct {
	Rev     int64
	Deleted bool // only its tombstone is left
	Card    json.RawMessage
}

// Contacts returns the live contacts of an account, by id.
func (s *Server) Contacts(user string) map[string]Contact {
	live := s.Rows(user)
	maps.DeleteFunc(live, func(_ string, c Contact) bool { return c.Deleted })
	return live
}

// Rows returns the contacts of an account's first book, by id, and the tombstones that are kept.
func (s *Server) Rows(user string) map[string]Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home(user).contacts()
}

// BookRows is Rows of any book; nil: there is none.
func (s *Server) BookRows(book string) map[string]Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.books[book]
	if b == nil {
		return nil
	}
	return b.contacts()
}

func (b *book) contacts() map[string]Contact {
	all := map[string]Contact{}
	for id, r := range b.rows {
		all[id] = Contact{r.rev, r.deleted, r.card}
	}
	return all
}

// Ahead returns the ids of the changes after a cursor of an account's first book; false: the cursor is none of this history, or too old.
func (s *Server) Ahead(user, since string) (map[string]bool, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home(user).ahead(since)
}

// BookAhead is Ahead of any book; false: there is none, or as above.
func (s *Server) BookAhead(book, since string) (map[string]bool, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.books[book]
	if b == nil {
		return nil, false
	}
	return b.ahead(since)
}

func (b *book) ahead(since string) (map[string]bool, bool) {
	p, err := b.page(since, math.MaxInt)
	if err != nil {
		return nil, false
	}
	ids := map[string]bool{}
	for _, c := range p.Changes {
		ids[c.ID] = true
	}
	return ids, true
}

// Put makes raw the newest version of a contact, whatever it is: as a newer client, or damage, may.
func (s *Server) Put(user, id string, raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.home(user)
	b.commit(id, row{card: raw, editedAt: s.now().UnixMicro()}, s.next())
	b.wake()
}

// Seq is how many changes an account's book has ever taken.
func (s *Server) Seq(user string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home(user).seq
}

func (s *Server) next() int64 { s.serial++; return s.serial }

// commit gives a change the book's next place.
func (b *book) commit(id string, r row, tag int64) int64 {
	b.seq++
	r.rev = b.seq
	b.rows[id] = r
	b.tags[b.seq] = tag
	b.order, b.at = append(b.order, id), append(b.at, b.seq)
	return b.seq
}

// after returns the index in order of the first place after seq.
func (b *book) after(seq int64) int {
	i, _ := slices.BinarySearch(b.at, seq+1)
	return i
}

// cursor is a place in a book's feed. While a device walks a book for the first time, tombstones up to until are left out.
type cursor struct {
	epoch           string
	seq, tag, until int64
}

func (c cursor) String() string {
	return fmt.Sprintf("%s.%d.%d.%d", c.epoch, c.seq, c.tag, c.until)
}

// parse reads a cursor of this book: ErrCursorUnknown if it is not of this history, ErrCursorExpired if tombstones after it are gone.
func (b *book) parse(s string) (cursor, error) {
	if s == "" {
		return cursor{epoch: b.epoch, until: b.seq}, nil
	}
	var c cursor
	if len(s) < 9 || s[8] != '.' {
		return c, syncer.ErrCursorUnknown
	}
	c.epoch = s[:8]
	if _, err := fmt.Sscanf(s[9:], "%d.%d.%d", &c.seq, &c.tag, &c.until); err != nil {
		return c, syncer.ErrCursorUnknown
	}
	if c.epoch != b.epoch || c.seq > b.seq || b.tags[c.seq] != c.tag {
		return c, syncer.ErrCursorUnknown
	}
	if c.until == 0 && c.seq < b.horizon || c.until > 0 && c.until < b.horizon {
		return c, syncer.ErrCursorExpired
	}
	return c, nil
}
