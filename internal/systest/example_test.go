package systest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact"
)

// example is a book of the client in docs/examples/client: whoever reads docs/PROTOCOL.md and it can write one.
type example struct {
	t             *testing.T
	program, file string
}

// newExample builds the client and signs it in.
func newExample(t *testing.T, url string) *example {
	t.Helper()
	dir := t.TempDir()
	e := &example{t, filepath.Join(dir, "client"), filepath.Join(dir, "book.json")}
	if out, err := exec.Command("go", "build", "-o", e.program, "kith/docs/examples/client").CombinedOutput(); err != nil {
		t.Fatalf("build the example: %v\n%s", err, out)
	}
	e.ok("login", url, user, password, "example")
	return e
}

func (e *example) run(args ...string) (code int, out string) {
	e.t.Helper()
	cmd := exec.Command(e.program, append([]string{e.file}, args...)...)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		e.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), both.String()
}

func (e *example) ok(args ...string) string {
	e.t.Helper()
	code, out := e.run(args...)
	if code != 0 {
		e.t.Fatalf("example %v: code %d: %s", args, code, out)
	}
	return out
}

// cards are the live contacts, canonical, by id.
func (e *example) cards() map[string]string {
	e.t.Helper()
	all := map[string]string{}
	for line := range strings.Lines(e.ok("list")) {
		c, err := contact.Parse([]byte(strings.TrimSpace(line)))
		if err != nil {
			e.t.Fatal(err)
		}
		all[c.UID()] = string(c.JSON())
	}
	return all
}

// agreeWith syncs both until neither has news, and wants the same of both.
func (e *example) agreeWith(devices ...*device) map[string]string {
	e.t.Helper()
	for range 3 {
		e.ok("sync")
		for _, d := range devices {
			d.run("sync")
		}
	}
	e.ok("sync")
	want := agree(e.t, devices...)
	got := e.cards()
	if len(got) != len(want) {
		e.t.Errorf("the example holds %d contacts, the others %d", len(got), len(want))
	}
	for id, card := range want {
		if got[id] != card {
			e.t.Errorf("contact %s\n%s\nis at the example\n%s", id, card, got[id])
		}
	}
	return got
}

// A client that was written from the protocol's description syncs with ours.
func TestExampleClient(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := newWire(t, s)
	a := signedIn(t, "desk", s.url())
	a.fill(people("A", 1100)) // more than a page and a push
	a.sync()
	e := newExample(t, w.URL)
	e.ok("sync")
	for i := range 3 {
		e.ok("add", fmt.Sprint("example-", i), fmt.Sprint("Example ", i))
	}
	e.agreeWith(a)

	// Edits of both sides, of different members and of the same one; a deletion; members that nobody knows.
	a.ok("set", "example-0", "org=Analytical Engines", "note=kithctl's")
	e.ok("set", "example-0", "example.org:unknown", `{"kept": [1.50, 9007199254740993]}`)
	e.ok("rm", "example-1")
	a.ok("set", "example-1", "title=an edit brings it back")
	e.ok("rm", "example-2")
	live := e.agreeWith(a)
	if card := live["example-0"]; !strings.Contains(card, "Analytical Engines") || !strings.Contains(card, `"example.org:unknown":{"kept":[1.50,9007199254740993]}`) {
		t.Errorf("merged: %s", card)
	}
	if live["example-1"] == "" || live["example-2"] != "" || len(live) != 1102 {
		t.Errorf("%d contacts; deleted and edited: %q, deleted: %q", len(live), live["example-1"], live["example-2"])
	}

	// Requests and answers that are lost: everything once.
	for n, at := range []moment{arriving, halfway, answered, torn} {
		id := fmt.Sprint("lost-", n)
		e.ok("add", id, "Lost "+at.String())
		happened := w.failOnce(1, isPush, at, func() {})
		if code, out := e.run("sync"); code != 3 || !happened() {
			t.Errorf("%s: code %d: %s", at, code, out)
		}
		w.heal()
		e.ok("set", id, "example.org:after", `"edited before the answer came"`)
		if live := e.agreeWith(a); !strings.Contains(live[id], "before the answer") {
			t.Errorf("%s: %s", at, live[id])
		}
	}

	// A server that is put back: both give it back what it lost.
	file := filepath.Join(t.TempDir(), "backup.db")
	s.command("", "backup", file)
	e.ok("add", "after-backup", "After The Backup")
	a.ok("set", "example-0", "title=after the backup")
	e.agreeWith(a)
	s.stop()
	s.command("", "restore", file)
	s.start()
	e.ok("set", "lost-0", "example.org:late", `true`)
	live = e.agreeWith(a)
	if live["after-backup"] == "" || !strings.Contains(live["example-0"], "after the backup") || !strings.Contains(live["lost-0"], "late") || len(live) != 1107 {
		t.Errorf("%d contacts after a restore: %s", len(live), live["example-0"])
	}

	// A card that can't be read stops nothing.
	s.tamper("UPDATE contacts SET card = '[]', seq = (SELECT max(seq) FROM contacts) + 1 WHERE id = 'lost-1'")
	s.tamper("UPDATE books SET seq = (SELECT max(seq) FROM contacts)")
	a.ok("add", "--name", "Behind It")
	a.sync()
	if out := e.ok("sync") + e.ok("list"); !strings.Contains(out, "Behind It") {
		t.Error("what is behind a poisoned card does not come")
	}
	var kept struct{ Aside map[string]json.RawMessage }
	if raw, err := os.ReadFile(e.file); err != nil || json.Unmarshal(raw, &kept) != nil || string(kept.Aside["lost-1"]) != "[]" {
		t.Errorf("aside: %v, %v", kept.Aside, err)
	}
}
