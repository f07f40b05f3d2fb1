package systest

import (
	"fmt"
	"strings"
	"testing"

	"kith/data"
)

// held is one of the deletions that kithctl lists.
type held struct{ ID, Name, Deleted, Device string }

// emptied deletes all but the first keep contacts of a device, as a script does.
func (d *device) emptied(keep int) (gone []string) {
	d.t.Helper()
	for _, c := range d.list()[keep:] {
		gone = append(gone, c.ID)
	}
	d.ok(append([]string{"rm"}, gone...)...)
	return gone
}

// A device whose user deletes most of the book is asked before anybody else loses a contact, and so is a device that hears of it.
func TestMassDeletionIsAsked(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.fill(people("A", 30))
	agree(t, a, b)
	a.emptied(10)
	added := a.ok("add", "--name", "Added Meanwhile")

	r := a.run("sync")
	if r.code != conflicts || !strings.Contains(r.errOut, "20 of 31 contacts would be deleted everywhere") ||
		!strings.Contains(r.out, "Held, because they are so many at once: 20 deletions") || !strings.Contains(r.out, "A 00010") {
		t.Errorf("sync = %v; want code %d and what is held", r, conflicts)
	}
	if b.sync(); len(b.list()) != 31 {
		t.Errorf("%d contacts on the other device; want all of 31", len(b.list()))
	}
	var st struct {
		State string
		Held  struct{ Elsewhere, Here, Contacts int }
	}
	if a.json(done, &st, "status"); st.State != "idle" || st.Held.Here != 20 || st.Held.Contacts != 11 {
		t.Errorf("status = %+v", st)
	}
	a.must(usage, "sync", "--allow-deletes", "--keep-deleted")
	if out := a.ok("sync", "--allow-deletes"); !strings.Contains(out, "sent 20") {
		t.Errorf("sync --allow-deletes = %q", out)
	}
	var list []held
	if a.json(done, &list, "held"); len(list) != 0 {
		t.Errorf("held = %v; want none", list)
	}

	// Here it comes back, as a pull that would delete.
	b.must(conflicts, "sync")
	if b.json(done, &list, "held"); len(list) != 20 || list[0].Name != "A 00010" || list[0].Deleted != "elsewhere" || list[0].Device == "" {
		t.Errorf("held = %v", list)
	}
	if out := b.ok("status"); !strings.Contains(out, "20 of 31 contacts would be deleted here") {
		t.Errorf("status = %q", out)
	}
	b.ok("set", added, "note=everything else goes on")
	var s struct{ Pushed, Pending int }
	if b.json(conflicts, &s, "sync"); s.Pushed != 1 || s.Pending != 0 {
		t.Errorf("sync = %+v", s)
	}
	b.ok("sync", "--allow-deletes")
	if live := agree(t, a, b); len(live) != 11 {
		t.Errorf("%d contacts; want 11", len(live))
	}
	b.ok("undo") // the answer is an action of this device's user
	b.sync()
	if live := agree(t, a, b); len(live) != 31 {
		t.Errorf("%d contacts after undo; want 31", len(live))
	}
}

func TestMassDeletionIsKept(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"here", "elsewhere"} {
		t.Run(where, func(t *testing.T) {
			_, a, b := pair(t)
			a.fill(people("A", 30))
			agree(t, a, b)
			a.emptied(5)
			asked := a
			if where == "elsewhere" {
				a.ok("sync", "--allow-deletes")
				asked = b
			}
			asked.must(conflicts, "sync")
			asked.ok("sync", "--keep-deleted")
			if live := agree(t, a, b); len(live) != 30 {
				t.Errorf("%d contacts; want 30", len(live))
			}
		})
	}
}

// Deletions of a day, a few at a time, and a fresh device ask nothing.
func TestFewDeletionsAreNotAsked(t *testing.T) {
	t.Parallel()
	s, a, b := pair(t)
	a.fill(people("A", 30))
	agree(t, a, b)
	for i := range 3 {
		a.emptied(30 - 8*(i+1))
		a.sync()
		b.sync()
	}
	fresh := signedIn(t, "fresh", s.url())
	if live := agree(t, a, b, fresh); len(live) != 6 {
		t.Errorf("%d contacts; want 6", len(live))
	}
	fresh.store(func(st *data.Store) {
		if h, err := st.Held(t.Context(), data.DefaultBook); err != nil || h.Any() {
			t.Errorf("held %s, %v", fmt.Sprint(h), err)
		}
	})
}
