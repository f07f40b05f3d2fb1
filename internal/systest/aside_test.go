package systest

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to be at the server's database as nobody should

	"kith/contact"
	"kith/data"
)

// tamper changes the server's database behind its back, while it is stopped.
func (s *server) tamper(query string, args ...any) {
	s.t.Helper()
	s.stop()
	db, err := sql.Open("sqlite", s.db)
	if err != nil {
		s.t.Fatal(err)
	}
	result, err := db.Exec(query, args...)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		s.t.Fatalf("%s: %d rows, %v", query, n, err)
	}
	if err := db.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.start()
}

// aside is one contact as `kithctl aside` shows it.
type aside struct {
	ID, Name, Kind, Reason string
	Card                   json.RawMessage
	Raw                    []byte
}

func (d *device) aside() []aside {
	d.t.Helper()
	var all []aside
	d.json(done, &all, "aside")
	return all
}

// Cards that no device can read lie in the server's database: everything else comes, they are kept as they are, shown, exported, and
// replaced when somebody makes a good one of them.
func TestPoisonedCards(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := signedIn(t, "desk", s.url())
	poison := map[string]string{
		"an array":         `["Ada"]`,
		"text":             `"Ada"`,
		"a number":         `42`,
		"too deep":         strings.Repeat(`{"a":`, 100) + `1` + strings.Repeat(`}`, 100),
		"not UTF-8":        "{\"name\":{\"full\":\"Ad\xff\"}}",
		"no JSON":          `{"name":{"full":"Torn`,
		"null":             `null`,
		"two objects":      `{}{}`,
		"a lone surrogate": `{"name":{"full":"\ud800"}}`,
	}
	readable := map[string]bool{"a lone surrogate": true} // JSON allows it: it is a card
	ids := map[string]string{}
	for name := range poison {
		ids[name] = a.ok("add", "--name", name)
	}
	good := a.ok("add", "--name", "Good")
	a.sync()
	b := signedIn(t, "laptop", s.url())
	b.sync()
	for name, raw := range poison {
		s.tamper("UPDATE contacts SET card = ?, seq = (SELECT max(seq) FROM contacts) + 1 WHERE id = ?", raw, ids[name])
	}
	s.tamper("UPDATE books SET seq = (SELECT max(seq) FROM contacts)")
	fresh := signedIn(t, "fresh", s.url())
	behind := a.ok("add", "--name", "Behind Them")
	if r := a.run("sync"); r.code != done || !strings.Contains(r.errOut, `see "kithctl aside"`) {
		t.Errorf("sync = %v", r)
	}
	bad := len(poison) - len(readable)
	for _, d := range []*device{b, fresh} {
		r := d.run("sync")
		if r.code != done {
			t.Fatalf("%s: sync = %v", d.name, r)
		}
		if got := d.show(behind).Card.DisplayName(); got != "Behind Them" {
			t.Errorf("%s: what is behind the poison is %q", d.name, got)
		}
		all := d.aside()
		if len(all) != bad {
			t.Errorf("%s: %d are set aside, want %d: %+v", d.name, len(all), bad, all)
		}
		var shown aside
		d.json(done, &shown, "aside", "show", ids["an array"])
		if shown.Kind != "unreadable" || string(shown.Raw) != poison["an array"] {
			t.Errorf("%s: shown %+v", d.name, shown)
		}
		if out := d.ok("status"); !strings.Contains(out, "Not readable") {
			t.Errorf("status: %s", out)
		}
		file := filepath.Join(t.TempDir(), "aside.json")
		d.ok("aside", "export", file)
		var exported []aside
		if b, err := os.ReadFile(file); err != nil || json.Unmarshal(b, &exported) != nil || len(exported) != bad {
			t.Errorf("exported %s, %v", b, err)
		}
		for _, e := range exported {
			name := ""
			for n, id := range ids {
				if id == e.ID {
					name = n
				}
			}
			if want := poison[name]; name != "no JSON" && name != "two objects" && string(e.Raw) != want {
				t.Errorf("%s became %q", want, e.Raw)
			}
			if want := strings.ToValidUTF8(poison[name], "\uFFFD"); (name == "no JSON" || name == "two objects") && string(e.Raw) != string(mustJSON(t, want)) {
				t.Errorf("%s became %q", want, e.Raw) // no JSON, in a string that is
			}
		}
		if out := d.ok("aside", "retry"); !strings.Contains(out, "still can't be read") {
			t.Errorf("retry: %s", out)
		}
		d.sync()
	}
	if len(fresh.list()) != 3 { // good, behind, and the one that is a card after all
		t.Errorf("fresh: %v", fresh.list())
	}
	if len(b.list()) != len(poison)+2 {
		t.Errorf("what was here in a version that can be read is gone: %v", b.list())
	}

	// An edit of one of them waits, and overwrites nothing; until somebody mends it.
	b.ok("set", ids["text"], "note=mine")
	if st := b.status(); st.Pending != 1 {
		t.Errorf("status %+v", st)
	}
	if b.sync(); b.status().Pending != 1 {
		t.Error("the edit was sent over what nobody here can read")
	}
	for name := range poison {
		mended := contact.New().WithFullName("Mended " + name)
		card, err := mended.WithAt("/uid", mustJSON(t, ids[name]))
		if err != nil {
			t.Fatal(err)
		}
		s.tamper("UPDATE contacts SET card = ?, seq = (SELECT max(seq) FROM contacts) + 1 WHERE id = ?", string(card.JSON()), ids[name])
	}
	s.tamper("UPDATE books SET seq = (SELECT max(seq) FROM contacts)")
	live := agree(t, a, b, fresh)
	if len(live) != len(poison)+2 || !strings.Contains(live[ids["text"]], "mine") || !strings.Contains(live[ids["text"]], "Mended text") {
		t.Errorf("%d contacts: %s", len(live), live[ids["text"]])
	}
	for _, d := range []*device{a, b, fresh} {
		if all := d.aside(); len(all) > 0 {
			t.Errorf("%s: still aside: %+v", d.name, all)
		}
	}
	if _, ok := live[good]; !ok {
		t.Error("the good one is gone")
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What the server refuses is set aside, shown, exported, and sent again when asked.
func TestRefusedContact(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t)
	a.sync()
	note := strings.Repeat("x", 100_000)
	var id string
	a.store(func(st *data.Store) {
		c, err := st.Add(t.Context(), contact.New().WithFullName("Too Large").WithNote(note))
		if err != nil {
			t.Fatal(err)
		}
		id = c.ID
	})
	other := a.ok("add", "--name", "Beside It")
	w := newWire(t, s)
	a.login(w.URL)
	w.refuse(func(body []byte) bool { return len(body) > 50_000 })
	if r := a.run("sync"); r.code != failed || !strings.Contains(r.errOut, `did not accept 1 contact; "kithctl aside" says why`) {
		t.Fatalf("sync = %v", r)
	}
	b.sync()
	if live := b.list(); len(live) != 1 || live[0].ID != other {
		t.Errorf("the other device has %v", live)
	}
	all := a.aside()
	if len(all) != 1 || all[0].ID != id || all[0].Kind != "refused" || all[0].Reason == "" {
		t.Errorf("aside: %+v", all)
	}
	for _, name := range []string{"refused.vcf", "refused.json"} {
		file := filepath.Join(t.TempDir(), name)
		a.ok("aside", "export", file, id[len(id)-6:])
		if b, err := os.ReadFile(file); err != nil || !slices.ContainsFunc([]string{"FN:Too Large", `"full":"Too Large"`, `"full": "Too Large"`}, func(s string) bool { return strings.Contains(string(b), s) }) {
			t.Errorf("%s: %.200s, %v", name, b, err)
		}
	}
	if r := a.run("sync"); r.code != failed {
		t.Errorf("it is sent again without being asked: %v", r)
	}
	w.refuse(nil)
	a.ok("aside", "retry", id)
	if live := agree(t, a, b); len(live) != 2 {
		t.Errorf("%d contacts; want 2", len(live))
	}
}
