package systest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pair is a server and two devices of one account.
func pair(t *testing.T) (*server, *device, *device) {
	t.Helper()
	s := newServer(t)
	return s, signedIn(t, "desk", s.url()), signedIn(t, "laptop", s.url())
}

// shared is a pair on which both devices have one contact.
func shared(t *testing.T) (s *server, a, b *device, id string) {
	t.Helper()
	s, a, b = pair(t)
	return s, a, b, share(a, b)
}

// share adds a contact on one device and brings it to the other.
func share(a, b *device) (id string) {
	a.t.Helper()
	id = a.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org", "--phone", "+44 20 1", "--note", "first")
	a.sync()
	b.sync()
	return id
}

func TestAddedOfflineArrives(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	id := a.ok("add", "--name", "Søren Kierkegaard", "--email", "soren@example.org", "--phone", "+45 12 34", "--org", "Regensen", "--note", "Either/Or")
	if st := a.status(); st.Pending != 1 || st.User != user || st.Server != a.url {
		t.Errorf("status before the sync = %+v; want 1 pending, the account and the server", st)
	}
	if got := a.sync(); got != (synced{Pushed: 1}) {
		t.Errorf("first device's sync = %+v; want 1 pushed", got)
	}
	if got := b.sync(); got != (synced{Pulled: 1}) {
		t.Errorf("second device's sync = %+v; want 1 pulled", got)
	}
	here, there := a.show(id), b.show(id)
	if !here.Card.Equal(there.Card) || there.Rev != here.Rev || there.Rev == 0 || there.Pending || here.Pending {
		t.Errorf("the contact differs:\n%+v\n%+v", here, there)
	}
	for _, text := range []string{"soren", "kierk", "regen", "4512"} {
		var found []struct{ ID, Name string }
		if b.json(done, &found, "search", text); len(found) != 1 || found[0].ID != id {
			t.Errorf("search %q on the second device = %v; want %s", text, found, id)
		}
	}
	if got := a.sync(); got != (synced{}) {
		t.Errorf("a sync with no news = %+v; want all 0", got)
	}
	if st := b.status(); st.State != "idle" || st.LastSync == "" {
		t.Errorf("status after the sync = %+v; want idle and a time", st)
	}
}

func TestDifferentFieldsAreBothKept(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	for _, strategy := range []string{"merge", "ask"} {
		t.Run(strategy, func(t *testing.T) {
			a, b := desk.in(t), laptop.in(t)
			id := share(a, b)
			a.ok("strategy", strategy)
			b.ok("strategy", strategy)
			a.ok("set", id, "phone=+44 20 2")
			b.ok("set", id, "email=ada@lovelace.example", "org=Analytical Engines")
			agree(t, a, b)
			for field, want := range map[string]string{"phone": "+44 20 2", "email": "ada@lovelace.example", "org": "Analytical Engines"} {
				if got := a.field(id, field); got != want {
					t.Errorf("%s = %q; want %q", field, got, want)
				}
			}
		})
	}
}

func TestSameFieldTheLaterEditWins(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	tests := []struct {
		strategy          string
		wantEmail         string // an earlier edit of another field by the side that lost
		wantLostInHistory []string
	}{
		{"merge", "early@example.org", []string{"+44 20 early"}},
		{"newest", "ada@example.org", []string{"+44 20 early", "early@example.org"}},
	}
	for _, tt := range tests {
		for _, first := range []string{"earlier edit syncs first", "later edit syncs first"} {
			t.Run(tt.strategy+", "+first, func(t *testing.T) {
				a, b := desk.in(t), laptop.in(t)
				id := share(a, b)
				a.ok("strategy", tt.strategy)
				b.ok("strategy", tt.strategy)
				a.ok("set", id, "phone=+44 20 early", "email=early@example.org")
				b.ok("set", id, "phone=+44 20 late")
				if first == "earlier edit syncs first" {
					agree(t, a, b)
				} else {
					agree(t, b, a)
				}
				if got := a.field(id, "phone"); got != "+44 20 late" {
					t.Errorf("phone = %q; want the later edit", got)
				}
				if got := a.field(id, "email"); got != tt.wantEmail {
					t.Errorf("email = %q; want %q", got, tt.wantEmail)
				}
				for _, lost := range tt.wantLostInHistory {
					if !inHistory(t, a, id, lost) && !inHistory(t, b, id, lost) {
						t.Errorf("%q gave way and is in no history", lost)
					}
				}
			})
		}
	}
}

// inHistory reports whether any change of the contact speaks of the value.
func inHistory(t *testing.T, d *device, id, value string) bool {
	t.Helper()
	var entries []json.RawMessage
	d.json(done, &entries, "history", id)
	for _, e := range entries {
		if strings.Contains(string(e), value) {
			return true
		}
	}
	return false
}

// conflict is one of the document of `kithctl conflicts`.
type conflict struct {
	ID, Field           string
	Base, Local, Remote any
}

func TestAsk(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	tests := []struct {
		name    string
		resolve func(c conflict) []string // after "resolve ID"
		want    string
	}{
		{"keep local", func(conflict) []string { return []string{"--keep", "local"} }, "+44 20 b"},
		{"keep remote", func(conflict) []string { return []string{"--keep", "remote"} }, "+44 20 a"},
		{"by name", func(conflict) []string { return []string{"phone=remote"} }, "+44 20 a"},
		{"by pointer", func(c conflict) []string { return []string{c.Field + "=local"} }, "+44 20 b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := desk.in(t), laptop.in(t)
			id := share(a, b)
			b.ok("strategy", "ask")
			other := b.ok("add", "--name", "Grace Hopper")
			a.ok("set", id, "phone=+44 20 a")
			a.sync()
			b.ok("set", id, "phone=+44 20 b", "note=still edited")

			var s synced
			b.json(conflicts, &s, "sync")
			if s.Conflicts != 1 || s.Pending == 0 {
				t.Errorf("sync = %+v; want 1 conflict, and its contact pending", s)
			}
			var waiting []conflict
			b.json(done, &waiting, "conflicts")
			if len(waiting) != 1 {
				t.Fatalf("conflicts = %+v; want the phone's", waiting)
			}
			c := waiting[0]
			if c.ID != id || c.Base != "+44 20 1" || c.Local != "+44 20 b" || c.Remote != "+44 20 a" {
				t.Errorf("conflict = %+v; want all three values", c)
			}
			if got := b.field(id, "phone"); got != "+44 20 b" {
				t.Errorf("phone of the waiting contact = %q; want the local value", got)
			}
			a.sync()
			if a.show(other); a.field(id, "note") != "first" {
				t.Error("the contact that waits was sent")
			}

			b.ok("set", id, "title=Countess") // it stays editable
			b.ok(append([]string{"resolve", id}, tt.resolve(c)...)...)
			agree(t, b, a)
			for field, want := range map[string]string{"phone": tt.want, "note": "still edited", "title": "Countess"} {
				if got := a.field(id, field); got != want {
					t.Errorf("%s = %q; want %q", field, got, want)
				}
			}
		})
	}
}

// TestAskAboutAPartOfTheName: the full name is derived from its parts, so it follows the decision and is no conflict of its own.
func TestAskAboutAPartOfTheName(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	for _, tt := range []struct{ decision, want string }{
		{"--keep=local", "Bea King"}, {"--keep=remote", "Augusta King"}, {"given=local", "Bea King"}, {"given=remote", "Augusta King"},
	} {
		t.Run(tt.decision, func(t *testing.T) {
			a, b := desk.in(t), laptop.in(t)
			id := share(a, b)
			b.ok("strategy", "ask")
			a.ok("set", id, "given=Augusta")
			a.sync()
			b.ok("set", id, "given=Bea", "surname=King")
			b.must(conflicts, "sync")
			b.ok("resolve", id, tt.decision)
			agree(t, b, a)
			if got := a.field(id, "name"); got != tt.want {
				t.Errorf("name = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestDeletedHereEditedThere(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	tests := []struct {
		strategy    string
		deleteFirst bool // the delete is the earlier of the two
		gone        bool
	}{
		{"merge", true, false},
		{"merge", false, false},
		{"newest", true, false},
		{"newest", false, true},
	}
	for _, tt := range tests {
		for _, deleterFirst := range []bool{true, false} {
			name := tt.strategy
			if tt.deleteFirst {
				name += ", deleted, then edited"
			} else {
				name += ", edited, then deleted"
			}
			if deleterFirst {
				name += "; the deleter syncs first"
			}
			t.Run(name, func(t *testing.T) {
				a, b := desk.in(t), laptop.in(t)
				id := share(a, b)
				a.ok("strategy", tt.strategy)
				b.ok("strategy", tt.strategy)
				if tt.deleteFirst {
					a.ok("rm", id)
					b.ok("set", id, "note=second")
				} else {
					b.ok("set", id, "note=second")
					a.ok("rm", id)
				}
				var live map[string]string
				if deleterFirst {
					live = agree(t, a, b)
				} else {
					live = agree(t, b, a)
				}
				if _, there := live[id]; there == tt.gone {
					t.Errorf("gone = %v; want %v", !there, tt.gone)
				}
				if !tt.gone && a.field(id, "note") != "second" {
					t.Errorf("note = %q; want the edit", a.field(id, "note"))
				}
				if tt.gone && !inHistory(t, b, id, "second") {
					t.Error("the edit gave way and is in no history")
				}
			})
		}
	}
}

func TestAskWhetherDeleted(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	for _, keep := range []string{"local", "remote"} {
		t.Run(keep, func(t *testing.T) {
			a, b := desk.in(t), laptop.in(t)
			id := share(a, b)
			b.ok("strategy", "ask")
			a.ok("rm", id)
			a.sync()
			b.ok("set", id, "note=second")
			b.must(conflicts, "sync")
			var waiting []conflict
			if b.json(done, &waiting, "conflicts"); len(waiting) != 1 || waiting[0].Field != "" || waiting[0].Remote != nil {
				t.Fatalf("conflicts = %+v; want one of the whole contact, deleted there", waiting)
			}
			b.ok("resolve", id, "--keep", keep)
			if _, there := agree(t, b, a)[id]; there != (keep == "local") {
				t.Errorf("keep %s: the contact lives = %v", keep, there)
			}
		})
	}
}

func TestUndoAndRestoreTravel(t *testing.T) {
	t.Parallel()
	_, a, b, id := shared(t)
	a.ok("rm", id)
	agree(t, a, b)
	if got := b.list("--trash"); len(got) != 1 || got[0].ID != id {
		t.Errorf("the second device's trash = %v; want the contact", got)
	}
	b.ok("restore", id)
	if live := agree(t, b, a); len(live) != 1 {
		t.Errorf("%d contacts live after the restore; want 1", len(live))
	}
	a.ok("set", id, "name=Augusta King")
	a.sync()
	a.ok("undo")
	agree(t, a, b)
	if got := b.field(id, "name"); got != "Ada Lovelace" {
		t.Errorf("name after the undo = %q; want the old one", got)
	}
}

// A contact that was added and removed before it was ever sent is no news for anyone, and blocks nothing.
func TestAddedAndRemovedBeforeTheFirstSync(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	gone := a.ok("add", "--name", "Never Was")
	stays := a.ok("add", "--name", "Stays")
	a.ok("rm", gone)
	live := agree(t, a, b)
	if _, ok := live[stays]; !ok || len(live) != 1 {
		t.Errorf("live = %v; want only %s", live, stays)
	}
}

// What people and programs put into a card arrives as it was, to the digit and the byte.
func TestUnusualValuesTravel(t *testing.T) {
	t.Parallel()
	markup := strings.Repeat("<&>", 30<<10) // 90 KiB as they are, six times that as escapes
	tests := []struct{ name, assignment string }{
		{"much markup", "note=" + markup},
		{"a number's digits", "/x.example:n=12345678901234567890.12300"},
		{"a number beyond float64", "/x.example:big=1e400"},
		{"NUL", `/x.example:nul="a\u0000b"`},
		{"line ends", "/x.example:lines=a\r\nb\n\nc\t"},
		{"emoji and joiners", "title=👩‍👩‍👧 chef 🏴"},
		{"right to left", "org=شركة \u200fالحروف"},
		{"a decomposed accent", "/x.example:nfd=Zoë"},
		{"names of members", `/x.example:odd={"":1,"a~b/c":{"ü":null},"__proto__":[]}`},
		{"escapes in a pointer", "/x.example:odd/a~0b~1c/new=1"},
		{"deep nesting", "/x.example:deep=" + strings.Repeat("[", 50) + strings.Repeat("]", 50)},
	}
	_, a, b, id := shared(t)
	for _, tt := range tests {
		a.ok("set", id, tt.assignment)
	}
	agree(t, a, b)
	for _, tt := range tests {
		field, value, _ := strings.Cut(tt.assignment, "=")
		here, there := a.field(id, field), b.field(id, field)
		if here != there || !strings.HasPrefix(field, "/") && there != value {
			t.Errorf("%s: %.80q arrived as %.80q; set was %.80q", tt.name, here, there, value)
		}
	}
	if got := b.field(id, "/x.example:n"); got != "12345678901234567890.12300" {
		t.Errorf("number = %s; want all of its digits", got)
	}
}

// The same file read on two devices that know nothing of each other is one set of contacts, and stays it after edits.
func TestTheSameFileOnTwoDevices(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	file := filepath.Join(t.TempDir(), "friends.vcf")
	if err := os.WriteFile(file, []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nTEL;TYPE=CELL:+44 20 1\r\nEMAIL:ada@example.org\r\nEND:VCARD\r\n"+
		"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Grace Hopper\r\nUID:urn:uuid:0190d5a2-5c1e-7a3b-8c4d-111122223333\r\nEND:VCARD\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a.ok("import", file)
	b.ok("import", file)
	if live := agree(t, a, b); len(live) != 2 {
		t.Errorf("%d contacts; want 2: %v", len(live), live)
	}
	ada := a.list()[0].ID
	a.ok("set", ada, "phone=+44 20 2")
	b.ok("import", file)
	agree(t, a, b)
	if got := b.field(ada, "phone"); got != "+44 20 2" {
		t.Errorf("phone = %q; want the edit to outlive the file", got)
	}
	b.ok("export", file)
	a.ok("import", file)
	if s := a.sync(); s != (synced{}) {
		t.Errorf("sync after an export came home = %+v; want nothing to send", s)
	}
}
