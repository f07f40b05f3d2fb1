//go:build e2e

package systest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

// TestWindowsAgree is what make demo shows: two devices of one account, side by side, used by keyboard and mouse.
func TestWindowsAgree(t *testing.T) {
	srv, scr := newServer(t), newScreen(t)
	a := scr.open(newDevice(t, "desk"), 0)
	b := scr.open(signedIn(t, "laptop", srv.url()), 1120)

	// An empty book says what to do first, and sync is set up by a dialog that checks before it saves.
	a.shows(listPane, "Your address book is empty", "Set Up Sync")
	a.shootOne("empty")
	a.setUpSync(srv.url(), "not the password")
	a.shows(dialog, "password is wrong")
	a.shootOne("set-up-sync-wrong-password")
	if st := a.status(); st.State != "signed-out" {
		t.Fatalf("a wrong password was saved: %+v", st)
	}
	a.keys("ctrl+a")
	a.write(password)
	a.keys("Return")
	a.waitFor("signed in", func(s status) bool { return s.State == "idle" && s.User == user })
	b.waitFor("signed in", func(s status) bool { return s.State == "idle" })

	// What is saved in one is in the other soon after.
	before := b.picture()
	a.add("Grace", "Hopper")
	began := time.Now()
	within(t, "the contact in the other window's list", func() (bool, string) {
		n := changed(before, b.picture(), listPane)
		return n > 200, fmt.Sprint(n, " points have changed")
	})
	t.Logf("saved in one window, and drawn in the other's list %v later (keys, pictures and all)", time.Since(began).Round(time.Millisecond))
	b.shows(listPane, "Grace Hopper")
	a.shows(listPane, "Grace Hopper")
	scr.shoot("two-windows")

	// Without the server both say so, say what waits, and go on working.
	srv.stop()
	a.add("Ada", "Lovelace")
	b.ok("add", "--name", "Søren Kierkegaard") // by another program: the window follows
	b.shows(listPane, "Kierkegaard")
	a.shows(statusBar, "Offline", "1 change waits")
	b.shows(statusBar, "Offline", "1 change waits")
	a.edit("Tab", "Tab", "Tab") // to the title
	a.write("Countess")
	a.keys("ctrl+s")
	a.find("Ada", func(d *device, id string) bool { return d.field(id, "title") == "Countess" })
	scr.shoot("offline")

	// With it again, both agree by themselves.
	srv.start()
	within(t, "both hold the same", func() (bool, string) {
		ca, cb := a.cards(), b.cards()
		return len(ca) == 3 && maps.Equal(ca, cb), fmt.Sprintf("%v\n%v", ca, cb)
	})
	b.shows(listPane, "Ada Lovelace", "Grace Hopper", "Kierkegaard")
	a.shows(statusBar, "Up to date")

	// The trash, and back by undo: here and there.
	a.keys("Escape", "ctrl+f")
	a.write("grace")
	a.shows(listPane, "Grace Hopper")
	a.keys("Down", "Delete")
	within(t, "Grace in the other's trash", func() (bool, string) { l := b.list("--trash"); return len(l) == 1, fmt.Sprint(l) })
	a.shows(toast, "Undo")
	a.shootOne("undo")
	a.keys("ctrl+z")
	within(t, "Grace back in the other's list", func() (bool, string) { l := b.list(); return len(l) == 3, fmt.Sprint(l) })

	// Sync Now by mouse.
	last := a.status().LastSync
	a.click(-50, -17)
	a.waitFor("a sync by the button", func(s status) bool { return s.LastSync > last })

	a.keys("ctrl+comma")
	a.shows(settings, "two devices edit the same contact")
	a.shootOne("settings")
	a.keys("Escape")
	a.close()
	b.close()
	if got := agree(t, a.device, b.device); len(got) != 3 {
		t.Errorf("%d contacts at the end; want 3", len(got))
	}
}

// setUpSync opens the dialog by mouse and fills it in by keyboard.
func (w *window) setUpSync(url, secret string) {
	w.t.Helper()
	w.click(-58, -17)
	w.shows(dialog, "This device")
	w.write(url)
	w.keys("Tab")
	w.write(user)
	w.keys("Tab")
	w.write(secret)
	w.keys("Return")
}

// add makes a contact by keyboard and waits until it is stored.
func (w *window) add(given, surname string) {
	w.t.Helper()
	w.keys("Escape", "ctrl+n")
	w.shows(content, "Save")
	w.write(given)
	w.keys("Tab")
	w.write(surname)
	w.keys("ctrl+s")
	w.find(given, func(*device, string) bool { return true })
}

// edit begins to edit the selected contact, and presses keys that lead to a field.
func (w *window) edit(keys ...string) {
	w.t.Helper()
	w.keys("ctrl+e")
	w.shows(content, "Save", "Cancel")
	w.keys(keys...)
}

// find waits until the device's one contact of a name is as wanted.
func (w *window) find(name string, wanted func(d *device, id string) bool) {
	w.t.Helper()
	within(w.t, w.name+": "+name+" as wanted", func() (bool, string) {
		for _, c := range w.list() {
			if strings.HasPrefix(c.Name, name) && wanted(w.device, c.ID) {
				return true, ""
			}
		}
		return false, fmt.Sprint(w.list())
	})
}

func (w *window) waitFor(what string, wanted func(status) bool) {
	w.t.Helper()
	within(w.t, w.name+": "+what, func() (bool, string) {
		w.mustRun()
		s := w.status()
		return wanted(s), fmt.Sprintf("%+v", s)
	})
}

// TestWindowClosedInMidSync closes the window while ten thousand contacts arrive.
func TestWindowClosedInMidSync(t *testing.T) {
	srv, scr := newServer(t), newScreen(t)
	full := signedIn(t, "full", srv.url())
	var cards []contact.Card
	for i := range 10_000 {
		cards = append(cards, contacttest.Realistic(1, i))
	}
	full.fill(cards)
	full.sync()

	// The third page is asked for and does not come while the window is closed.
	wire := newWire(t, srv)
	asked, closed := make(chan struct{}), make(chan struct{})
	wire.failOnce(3, isPull, arriving, func() { close(asked); <-closed })
	w := scr.open(signedIn(t, "new", wire.URL), 0)
	select {
	case <-asked:
	case <-time.After(patience):
		t.Fatal("the window does not pull")
	}
	w.shows(statusBar, "Syncing 2,000 of 10,000")
	w.shootOne("syncing")
	w.keys("ctrl+q")
	w.mustEnd()
	close(closed)
	wire.heal()
	if arrived := len(w.list()); arrived != 2_000 {
		t.Errorf("closed when %d contacts had arrived; want two pages of 1,000", arrived)
	}
	if out := w.ok("check"); !strings.HasPrefix(out, "Sound") {
		t.Errorf("check after closing: %s", out)
	}
	if got := agree(t, full, w.device); len(got) != 10_000 {
		t.Errorf("%d contacts after going on; want 10,000", len(got))
	}

	w = scr.open(w.device, 0)
	w.shows(listPane, "10,000")
	w.shows(statusBar, "Up to date")
	w.shootOne("ten-thousand")
	w.write("mar")
	w.shows(listPane, "matches")
	w.keys("Down", "Down", "Down", "Return")
	w.shows(content, "Edit", "History")
	w.shootOne("contact")
	w.close()
}

// TestWindowOnBadProfiles starts the window where it can't work, and requires that it says why.
func TestWindowOnBadProfiles(t *testing.T) {
	scr := newScreen(t)

	first := scr.open(newDevice(t, "first"), 0)
	out, err := scr.kith(first.device).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use") {
		t.Errorf("a second window on one profile: %v, %q; want an error that says so", err, out)
	}
	first.close()

	rubbish := newDevice(t, "rubbish")
	text := []byte(strings.Repeat("this is a letter, not a database\n", 400))
	if err := os.MkdirAll(rubbish.profile, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(rubbish.profile, "kith.db"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	w := scr.open(rubbish, 0)
	w.shows(whole, "address book")
	w.shootOne("not-a-database")
	w.close()
	found := false
	files, err := filepath.Glob(filepath.Join(rubbish.profile, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && string(b) == string(text) {
			found = true
		}
	}
	if !found {
		t.Errorf("the file is gone: %v", files)
	}
}
