package systest

import (
	"strings"
	"testing"
)

// question is one of the document of `kithctl conflicts`, with all its members.
type question struct {
	ID, Field, Name, Device, User string
	Base, Local, Remote, Now      any
	Local_at, Remote_at, Stands   string
	Both                          bool
}

// TestKeepBothOrAThird: beyond the two values of a field that waits, both of them, or another one.
func TestKeepBothOrAThird(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	for _, tt := range []struct {
		decision []string
		want     string // the numbers, and the note's lines
		code     int
	}{
		{[]string{"phone=both", "note=both"}, "+44 20 b, +44 20 a: mine/theirs", done},
		{[]string{"--keep=both"}, "+44 20 b, +44 20 a: mine/theirs", done},
		{[]string{"phone:=+44 20 c", "--keep=newest"}, "+44 20 c: mine", done},
		{[]string{"phone:=", `note:="x\ny"`}, ": x/y", done},
	} {
		t.Run(strings.Join(tt.decision, " "), func(t *testing.T) {
			a, b := desk.in(t), laptop.in(t)
			id := share(a, b)
			b.ok("strategy", "ask")
			a.ok("set", id, "phone=+44 20 a", "note=theirs")
			a.sync()
			b.ok("set", id, "phone=+44 20 b", "note=mine")
			b.must(conflicts, "sync")
			b.must(tt.code, append([]string{"resolve", id}, tt.decision...)...)
			agree(t, b, a)
			if got := phonesAndNote(a, id); got != tt.want {
				t.Errorf("resolved to %q; want %q", got, tt.want)
			}
		})
	}
}

// phonesAndNote is what a contact holds, in one line.
func phonesAndNote(d *device, id string) string {
	var shown struct {
		Card struct {
			Phones map[string]struct{ Number string }
			Notes  map[string]struct{ Note string }
		}
	}
	d.json(done, &shown, "show", id)
	var numbers []string
	for _, number := range []string{"+44 20 b", "+44 20 a", "+44 20 c"} {
		for _, p := range shown.Card.Phones {
			if p.Number == number {
				numbers = append(numbers, number)
			}
		}
	}
	note := ""
	for _, n := range shown.Card.Notes {
		note = strings.ReplaceAll(n.Note, "\n", "/")
	}
	return strings.Join(numbers, ", ") + ": " + note
}

// TestResolveAll: everything that waits is decided alike, one kind of field first, and one undo takes it back.
func TestResolveAll(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	a, b := desk.in(t), laptop.in(t)
	var ids []string
	for range 5 {
		ids = append(ids, share(a, b))
	}
	b.ok("strategy", "ask")
	for _, id := range ids {
		a.ok("set", id, "phone=+44 20 a", "given=Augusta")
		b.ok("set", id, "phone=+44 20 b", "given=Bea")
	}
	a.sync()
	b.must(conflicts, "sync")
	var all []question
	if b.json(done, &all, "conflicts"); len(all) != 10 || all[0].Device == "" || all[0].User == "" || all[0].Local_at == "" || all[0].Remote_at == "" {
		t.Fatalf("conflicts = %+v", all)
	}
	var decided struct{ Contacts, Fields, Left, Conflicts int }
	b.json(conflicts, &decided, "resolve", "--all", "--keep", "both")
	if decided.Contacts != 5 || decided.Fields != 5 || decided.Left != 5 || decided.Conflicts != 5 {
		t.Errorf("both numbers: %+v", decided)
	}
	b.ok("undo")
	b.json(done, &decided, "resolve", "--all", "--field", "phone", "--keep", "remote")
	if decided.Fields != 5 || decided.Left != 0 || decided.Conflicts != 5 {
		t.Errorf("their numbers: %+v", decided)
	}
	b.json(done, &decided, "resolve", "--all", "--keep", "newest")
	if decided.Fields != 5 || decided.Conflicts != 0 {
		t.Errorf("the newer names: %+v", decided)
	}
	agree(t, b, a)
	for _, id := range ids {
		if phone, given := a.field(id, "phone"), a.field(id, "given"); phone != "+44 20 a" || given != "Bea" {
			t.Errorf("resolved to %q, %q", phone, given)
		}
	}
}

// TestOverruled: a value that the strategy has overruled is on a list until someone has looked at it, and can be taken after all.
func TestOverruled(t *testing.T) {
	t.Parallel()
	_, desk, laptop := pair(t)
	a, b := desk.in(t), laptop.in(t)
	id := share(a, b)
	b.ok("set", id, "phone=+44 20 b", "note=mine") // the earlier edit
	a.ok("set", id, "phone=+44 20 a", "note=theirs")
	a.sync()
	b.ok("sync")
	var all []question
	b.json(done, &all, "conflicts", "--overruled")
	if len(all) != 2 {
		t.Fatalf("overruled = %+v; want the note and the phone", all)
	}
	for _, q := range all {
		if q.ID != id || q.Stands != "remote" || q.Now != q.Remote || q.Local == q.Remote || !q.Both {
			t.Errorf("overruled: %+v", q)
		}
	}
	if b.json(done, &all, "conflicts"); len(all) != 0 {
		t.Errorf("conflicts = %+v; want none", all)
	}
	b.ok("resolve", "--overruled", id, "phone=both")
	agree(t, b, a)
	if got := phonesAndNote(a, id); got != "+44 20 b, +44 20 a: theirs" {
		t.Errorf("now %q", got)
	}
	b.ok("resolve", "--overruled", "--all", "--keep", "now")
	if b.json(done, &all, "conflicts", "--overruled"); len(all) != 0 {
		t.Errorf("overruled = %+v; want none", all)
	}
	if !inHistory(t, b, id, "mine") {
		t.Error("the value that was overruled is not in the history")
	}
}
