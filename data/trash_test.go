package data

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/contact"
)

// emptied empties the trash, and returns the ids of what was in it.
func emptied(t testing.TB, s *Store) (ids []string) {
	t.Helper()
	order, err := s.Order(t.Context(), Query{Filter: Trash})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Rows(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	if p := mustPurge(t, s, order...); p.Waiting != 0 {
		t.Fatalf("removed %+v", p)
	}
	return ids
}

func mustPurge(t testing.TB, s *Store, rows ...RowID) Purged {
	t.Helper()
	p, err := s.Purge(t.Context(), rows, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustTidy(t testing.TB, s *Store) Purged {
	t.Helper()
	p, err := s.Tidy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// clockedStore is a store with a clock that the test moves.
func clockedStore(t *testing.T) (s *Store, now *time.Time) {
	t.Helper()
	now = new(time.Time)
	*now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "profile"), Options{Now: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	s.background.Wait()
	t.Cleanup(func() {
		mustCheck(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, now
}

// traces counts the rows that mention a contact, table by table, but for what is left of it by intent.
func traces(t *testing.T, s *Store, c Contact) (found []string) {
	t.Helper()
	for _, q := range []string{
		"SELECT count(*) FROM contacts WHERE id = ?1", "SELECT count(*) FROM change_log WHERE record_id = ?1",
		"SELECT count(*) FROM base WHERE contact = ?2", "SELECT count(*) FROM search WHERE rowid = ?2", "SELECT count(*) FROM labels WHERE contact = ?2",
		"SELECT count(*) FROM media WHERE contact = ?2", "SELECT count(*) FROM outbox WHERE contact = ?2", "SELECT count(*) FROM conflicts WHERE contact = ?2",
		"SELECT count(*) FROM settled WHERE contact = ?2", "SELECT count(*) FROM merged WHERE contact = ?2", "SELECT count(*) FROM deletions_in WHERE contact = ?2",
		"SELECT count(*) FROM deletions_out WHERE contact = ?2", "SELECT count(*) FROM duplicate_keys WHERE contact = ?2",
		"SELECT count(*) FROM duplicate_cards WHERE contact = ?2", "SELECT count(*) FROM duplicate_pairs WHERE a = ?2 OR b = ?2",
		"SELECT count(*) FROM change_log WHERE instr(patch, ?3)", "SELECT count(*) FROM contacts WHERE instr(card, ?3)",
	} {
		var n int
		if err := s.readers.QueryRowContext(t.Context(), q, c.ID, c.Row, "secret").Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, fmt.Sprint(q, ": ", n))
		}
	}
	return found
}

func TestPurgeLeavesNothing(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	blob := mustPut(t, s, photo(t, 30))
	secret := r.agreed(someone("Ada secret", "ada@secret.org", "").WithLabels([]string{"secret"}).WithPhoto(blob))
	other := r.agreed(someone("Ada secret", "ada@secret.org", "").WithFullName("Ada S.").WithNote("v1"))
	other = mustSave(t, s, other, other.Card.WithFullName("Grace").WithEmails(nil))
	mustFind(t, s)
	secret = mustSave(t, s, secret, secret.Card.WithNote("secret"))
	must(t, s.Delete(t.Context(), secret.ID))
	if p := mustPurge(t, s, secret.Row); p != (Purged{Waiting: 1}) {
		t.Errorf("what waits to be synced: %+v", p)
	}
	r.sync()
	watch := s.Watch(t.Context())
	if p := mustPurge(t, s, secret.Row); p != (Purged{Gone: 1}) {
		t.Errorf("removed %+v", p)
	}
	signal(t, watch, "the removal")
	mustCheck(t, s)
	if _, err := s.Contact(t.Context(), secret.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the contact: %v", err)
	}
	// What the survivors' own histories hold of it is theirs: here, that they once had the same name.
	if got := traces(t, s, secret); len(got) != 1 || !strings.Contains(got[0], "patch") {
		t.Errorf("left: %q", got)
	}
	mustTidy(t, s)
	if _, err := s.Blob(t.Context(), blob.ID); err != nil {
		t.Errorf("a photo that was put here a moment ago: %v", err)
	}
	if _, err := s.writer.conn.ExecContext(t.Context(), "UPDATE blobs SET added = 0"); err != nil {
		t.Fatal(err)
	}
	mustTidy(t, s)
	if _, err := s.Blob(t.Context(), blob.ID); !errors.Is(err, contact.ErrNoBlob) {
		t.Errorf("its photo: %v", err)
	}
	if _, err := s.Purge(t.Context(), []RowID{other.Row}, nil); !errors.Is(err, ErrNotDeleted) {
		t.Errorf("a contact outside the trash: %v", err)
	}
}

// TestIDsAreNeverGivenOutTwice: what has seen one elsewhere must not mistake another for it.
func TestIDsAreNeverGivenOutTwice(t *testing.T) {
	s := newStore(t)
	mustAdd(t, s, card("Stays"))
	seen := RowID(0)
	logged := int64(0)
	for range 3 {
		c := mustAdd(t, s, card("Goes"))
		must(t, s.Delete(t.Context(), c.ID))
		var last int64
		if err := s.readers.QueryRowContext(t.Context(), "SELECT last_edit FROM contacts WHERE id = ?", c.ID).Scan(&last); err != nil {
			t.Fatal(err)
		}
		if c.Row <= seen || last <= logged {
			t.Errorf("row %d after %d, log entry %d after %d", c.Row, seen, last, logged)
		}
		seen, logged = c.Row, last
		emptied(t, s)
	}
}

// TestPurgeWaits: what is not settled between this device and the server, or the user, stays.
func TestPurgeWaits(t *testing.T) {
	tests := []struct {
		name string
		by   bool // Purge does not wait either
		do   func(t *testing.T, s *Store, r *remote, c Contact)
	}{
		{"for its deletion to be sent", false, func(t *testing.T, s *Store, r *remote, c Contact) { must(t, s.Delete(t.Context(), c.ID)) }},
		{"for the answer", false, func(t *testing.T, s *Store, r *remote, c Contact) {
			must(t, s.Delete(t.Context(), c.ID))
			r.receive(r.take())
		}},
		{"for a question", false, func(t *testing.T, s *Store, r *remote, c Contact) {
			r.strategy(contact.StrategyAsk)
			must(t, s.Delete(t.Context(), c.ID))
			r.edit(c.Card.WithNote("theirs"))
			r.pull()
		}},
		{"for the end of a walk", false, func(t *testing.T, s *Store, r *remote, c Contact) {
			must(t, s.Delete(t.Context(), c.ID))
			r.sync()
			r.begin(CursorUnknown)
		}},
		{"for what could not be read", false, func(t *testing.T, s *Store, r *remote, c Contact) {
			must(t, s.Delete(t.Context(), c.ID))
			r.sync()
			r.seq++
			r.apply(Page{Since: r.book().Cursor, Cursor: fmt.Sprint(r.seq), Changes: []RemoteChange{{ID: c.ID, Rev: r.seq, Unreadable: "it is new", Raw: []byte("{}")}}})
		}},
		{"for a draft", false, func(t *testing.T, s *Store, r *remote, c Contact) {
			must(t, s.SetDraft(t.Context(), Draft{ID: c.ID, From: c.Card, To: c.Card.WithNote("typed")}))
			must(t, s.Delete(t.Context(), c.ID))
			r.sync()
		}},
		{"for a look at what time has decided", true, func(t *testing.T, s *Store, r *remote, c Contact) {
			r.strategy(contact.StrategyNewest)
			mustSave(t, s, c, c.Card.WithNote("mine"))
			r.delete(c.Card)
			r.pull()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, now := clockedStore(t)
			r := newRemote(t, s)
			c := r.agreed(card("Ada"))
			tt.do(t, s, r, c)
			if got := mustContact(t, s, c.ID); got.Deleted.IsZero() {
				t.Fatalf("it is not in the trash: %+v", got)
			}
			for range 50 {
				*now = now.Add(day)
				if p := mustTidy(t, s); p.Gone != 0 {
					t.Fatalf("it is gone: %+v", p)
				}
			}
			mustCheck(t, s)
			if p := mustPurge(t, s, c.Row); (p.Gone == 1) != tt.by {
				t.Errorf("asked for: %+v", p)
			}
			mustCheck(t, s)
		})
	}
}

// TestTrashClock: what the clocks say, and how many days are left of 30.
func TestTrashClock(t *testing.T) {
	const year = 365 * day
	type at struct {
		machine time.Duration // since the beginning, as this machine's clock has it
		server  time.Duration // the same by the server's; -1: nobody asks it
		left    int
	}
	tests := []struct {
		name  string
		steps []at
	}{
		{"day by day", []at{{day, -1, 29}, {2 * day, -1, 28}, {60 * time.Hour, -1, 28}, {3 * day, -1, 27}}},
		{"a machine that was off, and does not sync", []at{{10 * day, -1, 29}, {40 * day, -1, 28}}},
		{"a machine that was off, and syncs", []at{{time.Minute, time.Minute, 30}, {10 * day, -1, 29}, {10 * day, 10 * day, 20}, {39 * day, 39 * day, 0}}},
		{"this clock leaps", []at{{0, 0, 30}, {10 * year, time.Minute, 29}, {10*year + day, day, 28}}},
		{"this clock leaps, and back", []at{{0, 0, 30}, {-10 * year, time.Minute, 30}, {2 * day, 2 * day, 29}, {3 * day, 3 * day, 28}}},
		{"the server's clock leaps", []at{{0, 0, 30}, {time.Minute, 10 * year, 30}, {day, 10*year + day, 29}, {2 * day, 2 * day, 28}}},
		{"deleted after a machine was off, and before it syncs", []at{{0, 0, 30}, {40 * day, -1, 29}, {-1, 0, 30}, {40*day + time.Hour, 40*day + time.Hour, 30}, {41 * day, 41 * day, 29}}},
		{"both, at different times", []at{{0, 0, 30}, {time.Hour, 10 * year, 30}, {10 * year, 10*year + 2*time.Hour, 29}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, now := clockedStore(t)
			begin := *now
			c := mustAdd(t, s, card("Ada"))
			must(t, s.Delete(t.Context(), c.ID))
			for _, st := range tt.steps {
				if st.machine < 0 { // it is deleted anew
					must(t, s.Restore(t.Context(), c.ID))
					must(t, s.Delete(t.Context(), c.ID))
				} else {
					*now = begin.Add(st.machine)
					mustTidy(t, s)
				}
				if st.server >= 0 && st.machine >= 0 {
					must(t, s.Observe(t.Context(), st.server-st.machine, begin.Add(st.server)))
				}
				left := 0
				if rows := listRows(t, s, Query{Filter: Trash}); len(rows) == 1 {
					left = rows[0].DaysLeft
				}
				if left != st.left {
					t.Errorf("after %v here and %v there %d days are left, want %d", st.machine, st.server, left, st.left)
				}
			}
		})
	}
}

func TestTrashDays(t *testing.T) {
	tests := []struct {
		setting    string
		left, days int // days: until it goes; 0: never
	}{{"", 30, 30}, {"7", 7, 7}, {"rubbish", 30, 30}, {"0", 30, 30}, {TrashForEver, ForEver, 0}}
	for _, tt := range tests {
		t.Run(tt.setting, func(t *testing.T) {
			s, now := clockedStore(t)
			must(t, s.SetSetting(t.Context(), SettingTrash, tt.setting))
			c := mustAdd(t, s, card("Ada"))
			mustAdd(t, s, card("Bob"))
			must(t, s.Delete(t.Context(), c.ID))
			if rows := listRows(t, s, Query{Filter: Trash}); rows[0].DaysLeft != tt.left {
				t.Errorf("%d days left, want %d", rows[0].DaysLeft, tt.left)
			}
			gone := 0
			for d := 1; d <= 100 && gone == 0; d++ {
				*now = now.Add(day)
				if p := mustTidy(t, s); p.Gone > 0 {
					gone = d
				}
			}
			if gone != tt.days {
				t.Errorf("gone after %d days, want %d", gone, tt.days)
			}
			wantNames(t, s, Query{}, "Bob")
		})
	}
}

// TestRestoreStartsTheTimeAnew, also where the contact comes back from elsewhere.
func TestRestoreStartsTheTimeAnew(t *testing.T) {
	s, now := clockedStore(t)
	c := mustAdd(t, s, card("Ada"))
	must(t, s.Delete(t.Context(), c.ID))
	for d := range 50 {
		*now = now.Add(day)
		mustTidy(t, s)
		if d%20 == 19 {
			must(t, s.Restore(t.Context(), c.ID))
			must(t, s.Delete(t.Context(), c.ID))
		}
	}
	if rows := listRows(t, s, Query{Filter: Trash}); len(rows) != 1 || rows[0].DaysLeft != 20 {
		t.Errorf("%+v", rows)
	}
}

// TestPurgedAndTheServer: what the server and other devices do brings nothing back that nobody edited, and loses no edit.
func TestPurgedAndTheServer(t *testing.T) {
	tests := []struct {
		name   string
		do     func(r *remote, c Contact, before map[string]RemoteChange)
		note   string // of the contact, outside the trash; "-" : it is not there
		server bool   // it lives at the server in the end
	}{
		{"nothing", func(r *remote, c Contact, _ map[string]RemoteChange) { r.sync() }, "-", false},
		{"the deletion comes again", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.delete(c.Card)
			r.sync()
		}, "-", false},
		{"a page that was asked for before", func(r *remote, c Contact, before map[string]RemoteChange) {
			r.apply(Page{Since: r.book().Cursor, Cursor: r.book().Cursor, Changes: []RemoteChange{before[c.ID]}})
		}, "-", false},
		{"edited elsewhere", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.edit(c.Card.WithNote("theirs"))
			r.sync()
		}, "theirs", true},
		{"edited elsewhere, deleted, purged, edited", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.edit(c.Card.WithNote("one"))
			r.sync()
			r.delete(c.Card)
			r.sync()
			emptied(r.t, r.s)
			r.edit(c.Card.WithNote("two"))
			r.sync()
		}, "two", true},
		{"away for too long", func(r *remote, c Contact, _ map[string]RemoteChange) {
			delete(r.contacts, c.ID)
			r.begin(CursorExpired)
			r.walk(10, false)
			r.sync()
		}, "-", false},
		{"away for too long, and edited elsewhere", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.edit(c.Card.WithNote("theirs"))
			r.begin(CursorExpired)
			r.walk(10, false)
			r.sync()
		}, "theirs", true},
		{"the server is put back", func(r *remote, c Contact, before map[string]RemoteChange) {
			r.restored(before)
			r.begin(CursorUnknown)
			r.walk(10, false)
			if rows := listRows(r.t, r.s, Query{Filter: Trash}); len(rows) != 1 || !rows[0].Pending {
				r.t.Errorf("on its way to be deleted there: %+v", rows)
			}
			mustTidy(r.t, r.s)
			r.sync()
			if got := r.contacts[c.ID]; !got.Deleted {
				r.t.Errorf("at the server: %+v", got)
			}
			if p := mustTidy(r.t, r.s); p.Gone != 1 {
				r.t.Errorf("removed again: %+v", p)
			}
		}, "-", false},
		{"the server is put back, and the trash is restored meanwhile", func(r *remote, c Contact, before map[string]RemoteChange) {
			r.restored(before)
			r.begin(CursorUnknown)
			r.walk(10, false)
			must(r.t, r.s.Restore(r.t.Context(), c.ID))
			r.sync()
		}, "v1", true},
		{"the server is put back, and has a later edit", func(r *remote, c Contact, before map[string]RemoteChange) {
			r.restored(before)
			r.edit(c.Card.WithNote("theirs"))
			r.begin(CursorUnknown)
			r.walk(10, false)
			r.sync()
		}, "theirs", true},
		{"the server forgets everything", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.restored(map[string]RemoteChange{})
			r.begin(CursorUnknown)
			r.walk(10, false)
			r.sync()
		}, "-", false},
		{"the server forgets everything, and another device brings it there", func(r *remote, c Contact, before map[string]RemoteChange) {
			r.restored(map[string]RemoteChange{})
			r.begin(CursorUnknown)
			r.walk(10, false)
			r.seq++
			brought := before[c.ID]
			brought.Rev = r.seq
			r.contacts[c.ID] = brought
			r.sync()
			mustTidy(r.t, r.s)
		}, "-", false},
		{"the server forgets everything, and another device edits it", func(r *remote, c Contact, _ map[string]RemoteChange) {
			r.restored(map[string]RemoteChange{})
			r.begin(CursorUnknown)
			r.walk(10, false)
			r.edit(c.Card.WithNote("theirs"))
			r.sync()
		}, "theirs", true},
		{"added here again", func(r *remote, c Contact, _ map[string]RemoteChange) {
			mustAdd(r.t, r.s, c.Card.WithNote("again"))
			r.sync()
		}, "again", true},
		{"another account", func(r *remote, c Contact, before map[string]RemoteChange) {
			must(r.t, r.s.SetAccount(r.t.Context(), Account{Server: "a", User: "u"}))
			must(r.t, r.s.SetAccount(r.t.Context(), Account{Server: "b", User: "u"}))
			r.restored(before)
			r.sync()
		}, "v1", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			c := r.agreed(card("Ada").WithNote("v1"))
			r.agreed(card("Bob"))
			before := map[string]RemoteChange{}
			for id, v := range r.contacts {
				before[id] = v
			}
			must(t, s.Delete(t.Context(), c.ID))
			r.sync()
			emptied(t, s)
			tt.do(r, c, before)
			mustCheck(t, s)
			got, err := s.Contact(t.Context(), c.ID)
			if tt.note == "-" {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("it came back: %+v, %v", got, err)
				}
			} else if err != nil || !got.Deleted.IsZero() || got.Card.Note() != tt.note {
				t.Errorf("got %+v %s, %v", got, got.Card.JSON(), err)
			}
			if at, there := r.contacts[c.ID]; (there && !at.Deleted) != tt.server {
				t.Errorf("at the server: %+v", at)
			}
		})
	}
}

// TestUndoAfterPurge: what can't be taken back whole is not taken back by halves.
func TestUndoAfterPurge(t *testing.T) {
	s := newStore(t)
	first := mustAdd(t, s, card("First"))
	a, b := mustAdd(t, s, someone("Ada", "a@x.org", "")), mustAdd(t, s, someone("Ada", "b@x.org", ""))
	must(t, s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}}))
	if into, ok, err := s.MergedInto(t.Context(), b.ID); !ok || err != nil || into.ID != a.ID {
		t.Errorf("merged into %+v, %v, %v", into, ok, err)
	}
	emptied(t, s)
	if u := mustUndo(t, s); u.IDs[0] == a.ID && u.Operation == opUpdate {
		t.Errorf("undone: %+v", u)
	}
	if got := mustContact(t, s, a.ID).Card.Emails(); len(got) != 2 && mustContact(t, s, a.ID).Deleted.IsZero() {
		t.Errorf("the survivor has lost %d addresses", 2-len(got))
	}
	if u, err := s.Redo(t.Context(), func(int, int) {}); err != nil || len(mustContact(t, s, a.ID).Card.Emails()) != 2 {
		t.Errorf("done again: %+v, %v", u, err)
	}
	// An import of which one contact is gone is undone for the others.
	ids, err := s.AddAll(t.Context(), []contact.Card{card("X"), card("Y"), card("Z")})
	must(t, err)
	must(t, s.Delete(t.Context(), ids[0]))
	emptied(t, s)
	if u := mustUndo(t, s); !slices.Equal(u.IDs, ids[1:]) {
		t.Errorf("undone %+v, want %q", u, ids[1:])
	}
	_ = first
}

func TestMergedIntoWhatIsGone(t *testing.T) {
	s := newStore(t)
	a, b := mustAdd(t, s, someone("Ada", "a@x.org", "")), mustAdd(t, s, someone("Ada", "b@x.org", ""))
	must(t, s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}}))
	must(t, s.Delete(t.Context(), a.ID))
	mustPurge(t, s, a.Row)
	if _, ok, err := s.MergedInto(t.Context(), b.ID); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func purgeForEver(ctx context.Context, s *Store) error {
	for {
		cards := make([]contact.Card, 3*purgeBatch)
		for i := range cards {
			cards[i] = card("Goes")
		}
		ids, err := s.AddAll(ctx, cards)
		if err == nil {
			err = s.Delete(ctx, ids...)
		}
		if err != nil {
			return err
		}
		order, err := s.Order(ctx, Query{Filter: Trash})
		if err == nil {
			fmt.Println(slices.Max(order))
			_, err = s.Purge(ctx, order, func(done, of int) { fmt.Println(slices.Max(order)) })
		}
		if err != nil {
			return err
		}
	}
}

// TestKillWhilePurging: the store is sound whenever its program dies, and no id comes twice.
func TestKillWhilePurging(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := filepath.Join(t.TempDir(), "profile")
	for range 4 {
		cmd, lines := startChild(t, "purge", dir)
		highest := 0
		for range 1 + random.IntN(12) {
			if !lines.Scan() {
				t.Fatal("the child ended by itself")
			}
			if _, err := fmt.Sscan(lines.Text(), &highest); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		mustCheck(t, s)
		if c := mustAdd(t, s, card("Next")); int(c.Row) <= highest {
			t.Errorf("row %d, after %d", c.Row, highest)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReclaim: a file of which most is gone becomes small, also one that was made before files could.
func TestReclaim(t *testing.T) {
	s := newStore(t)
	cards := make([]contact.Card, 3000)
	for i := range cards {
		cards[i] = card("Goes").WithNote(strings.Repeat("long ", 300))
	}
	ids, err := s.AddAll(t.Context(), cards)
	must(t, err)
	must(t, s.Delete(t.Context(), ids...))
	size := func() (pages int) {
		if err := s.readers.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
			t.Fatal(err)
		}
		return pages
	}
	before := size()
	emptied(t, s)
	mustTidy(t, s)
	if after := size(); after > before/4 {
		t.Errorf("%d pages after %d", after, before)
	}
}

// TestBlobsThatAreWantedAgain: what comes to be referred to while it is being collected stays.
func TestBlobsThatAreWantedAgain(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(s *Store, c Contact, b contact.Blob)
	}{
		{"in a card", func(s *Store, c Contact, b contact.Blob) { mustSave(t, s, c, c.Card.WithPhoto(b)) }},
		{"in a history", func(s *Store, c Contact, b contact.Blob) {
			c = mustSave(t, s, c, c.Card.WithPhoto(b))
			mustSave(t, s, c, c.Card.WithoutPhoto())
		}},
		{"in a draft", func(s *Store, c Contact, b contact.Blob) {
			must(t, s.SetDraft(t.Context(), Draft{ID: c.ID, From: c.Card, To: c.Card.WithPhoto(b)}))
		}},
		{"by being put here again", func(s *Store, c Contact, b contact.Blob) { mustPut(t, s, b) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, now := clockedStore(t)
			c := mustAdd(t, s, card("Ada"))
			wanted, other := mustPut(t, s, photo(t, 30)), mustPut(t, s, photo(t, 60))
			*now = now.Add(2 * day)
			loose, err := s.looseBlobs(t.Context())
			if err != nil || len(loose.ids) != 2 {
				t.Fatalf("%+v, %v", loose, err)
			}
			tt.do(s, c, wanted)
			if n, err := s.dropBlobs(t.Context(), loose); n != 1 || err != nil {
				t.Errorf("%d removed, %v", n, err)
			}
			if _, err := s.Blob(t.Context(), wanted.ID); err != nil {
				t.Error(err)
			}
			if _, err := s.Blob(t.Context(), other.ID); !errors.Is(err, contact.ErrNoBlob) {
				t.Error(err)
			}
		})
	}
}
