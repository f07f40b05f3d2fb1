package systest

import (
	"testing"

	"kith/contact"
)

type group struct {
	Lane     string
	Contacts []struct{ ID, Name string }
}

func (d *device) duplicates() (groups []group) {
	d.t.Helper()
	d.json(done, &groups, "duplicates")
	return groups
}

// twins is a pair of devices that both have one person twice.
func twins(t *testing.T) (a, b *device, first, second string) {
	t.Helper()
	_, a, b = pair(t)
	first = a.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org", "--note", "one")
	second = a.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org", "--phone", "+44 20 7946 0958")
	a.sync()
	b.sync()
	return a, b, first, second
}

// agreed is what both devices hold once they agree.
func agreed(t *testing.T, devices ...*device) map[string]contact.Card {
	t.Helper()
	cards := map[string]contact.Card{}
	for id, text := range agree(t, devices...) {
		c, err := contact.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		cards[id] = c
	}
	return cards
}

// A merge goes to the other device as an edit and a deletion; so does its undo.
func TestMergeArrives(t *testing.T) {
	t.Parallel()
	a, b, first, second := twins(t)
	if got := b.duplicates(); len(got) != 1 || got[0].Lane != "certain" || len(got[0].Contacts) != 2 {
		t.Fatalf("duplicates on the other device: %+v", got)
	}
	a.ok("merge", first, second)
	a.sync()
	b.sync()
	cards := agreed(t, a, b)
	if c := cards[first]; len(cards) != 1 || len(c.Phones()) != 1 || c.Note() != "one" {
		t.Errorf("both have %v", cards)
	}
	if got := b.duplicates(); len(got) != 0 {
		t.Errorf("still duplicates there: %+v", got)
	}
	a.ok("undo")
	a.sync()
	b.sync()
	if cards := agreed(t, a, b); len(cards) != 2 || len(cards[first].Phones()) != 0 {
		t.Errorf("after undo both have %v", cards)
	}
}

// What the other device edited meanwhile in the contact that went brings it back on both, as a duplicate again; nothing is lost.
func TestMergeAgainstAnEdit(t *testing.T) {
	t.Parallel()
	a, b, first, second := twins(t)
	a.ok("merge", first, second)
	b.ok("set", second, "note=edited there")
	b.ok("set", first, "org=Engines")
	b.sync()
	a.sync()
	b.sync()
	cards := agreed(t, a, b)
	if len(cards) != 2 || cards[second].Note() != "edited there" || cards[first].Organization() != "Engines" || len(cards[first].Phones()) != 1 {
		t.Errorf("both have %v", cards)
	}
	for _, d := range []*device{a, b} {
		if got := d.duplicates(); len(got) != 1 || got[0].Lane != "certain" {
			t.Errorf("%s: duplicates %+v", d.name, got)
		}
	}
}

// Both devices merge the same two, each its own way round or the same: in the end one contact is there, or both are and show as a duplicate.
func TestBothMerge(t *testing.T) {
	t.Parallel()
	a, b, first, second := twins(t)
	a.ok("merge", first, second)
	b.ok("merge", first, second)
	a.sync()
	b.sync()
	a.sync()
	cards := agreed(t, a, b)
	if c := cards[first]; len(cards) != 1 || len(c.Phones()) != 1 || len(c.Emails()) != 1 || c.Note() != "one" {
		t.Errorf("both have %v", cards)
	}
}

// Each merges into another one: whichever wins, every value of both is still in some contact that is not in the trash.
func TestBothMergeCrosswise(t *testing.T) {
	t.Parallel()
	a, b, first, second := twins(t)
	a.ok("merge", first, second)
	b.ok("merge", second, first)
	for range 2 {
		a.sync()
		b.sync()
	}
	a.sync()
	cards := agreed(t, a, b)
	var phones, notes int
	for _, c := range cards {
		phones += len(c.Phones())
		if c.Note() == "one" {
			notes++
		}
	}
	if len(cards) == 0 || phones == 0 || notes == 0 {
		t.Errorf("both have %v", cards)
	}
}

// "Not a duplicate" is remembered on every device.
func TestDistinctArrives(t *testing.T) {
	t.Parallel()
	a, b, first, second := twins(t)
	a.ok("distinct", first, second)
	a.sync()
	b.sync()
	if got := b.duplicates(); len(got) != 0 {
		t.Errorf("duplicates on the other device: %+v", got)
	}
	if got := string(b.show(first).Card.At("/kith.app:notDuplicateOf/" + second)); got != "true" {
		t.Errorf("it holds %s", got)
	}
}
