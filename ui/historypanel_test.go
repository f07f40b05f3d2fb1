package ui

import (
	"fmt"
	"testing"

	"kith/contact"
	"kith/data"
)

func TestMayGoBack(t *testing.T) {
	changed := contact.Patch{{Path: "/notes"}}
	history := []data.HistoryEntry{
		{Operation: "UPDATE", Patch: changed, Lost: true},
		{Operation: "UPDATE", Patch: changed},
		{Operation: "INSERT"}, // back from the trash
		{Operation: "DELETE"},
		{Operation: "INSERT"},
	}
	for i, want := range []bool{false, false, true, false, true} {
		if got := mayGoBack(history, i); got != want {
			t.Errorf("entry %d: %v; want %v", i, got, want)
		}
	}
	if mayGoBack(history[2:], 2) {
		t.Error("what was only in the trash meanwhile has nothing to go back to")
	}
}

func TestGoBack(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	id := h.view.shown.ID
	first := h.view.shown.Card
	c, err := h.store.Save(t.Context(), id, first, first.WithNote("one"))
	if err == nil {
		_, err = h.store.Save(t.Context(), id, c.Card, c.Card.WithStarred(true).WithNote("two"))
	}
	if err != nil {
		t.Fatal(err)
	}
	h.until(t, "the changes are shown", func() bool { return h.view.shown.Card.Note() == "two" })
	history, err := h.store.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	h.goBack(history[len(history)-1])
	h.untilToast("Version restored")
	h.until(t, "the first version is shown", func() bool { return h.view.shown.Card.Equal(first) })
}

// TestLongHistory unfolds a long history page by page, and begins anew when it is folded.
func TestLongHistory(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.untilListed("Ada Lovelace")
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	const edits = 2 * historyPage
	card := h.view.shown.Card
	for i := range edits {
		saved, err := h.store.Save(t.Context(), h.view.shown.ID, card, card.WithTitle(fmt.Sprint("Engineer ", i)))
		if err != nil {
			t.Fatal(err)
		}
		card = saved.Card
	}
	h.until(t, "the edits are shown", func() bool { return h.view.shown.Card.Equal(card) })
	p := h.view.history
	for range 2 {
		p.toggle.tapped()
		for i, want := range []string{"9 more changes", "1 more change", ""} {
			drawn := min((i+1)*historyPage, edits+1)
			h.until(t, fmt.Sprint(drawn, " entries are drawn"), func() bool { return len(p.entries.Objects) == drawn })
			if got := p.rest.Visible(); got != (want != "") || got && p.more.text.text != want {
				t.Errorf("%d entries, then %q (shown: %v), want %q", drawn, p.more.text.text, got, want)
			}
			if want != "" {
				p.more.tapped()
			}
		}
		p.toggle.tapped()
		if p.rest.Visible() || p.open() {
			t.Error("the folded history shows something")
		}
	}
}

// A history that comes after another contact was opened is not drawn as that one's: Take Back would give it foreign values.
func TestHistoryOfAnotherContact(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	h.untilListed("Ada Lovelace", "Grace Hopper")
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	h.view.history.toggle.tapped()
	ada, err := readContact(t.Context(), h.store, h.list.order[0])
	if err != nil {
		t.Fatal(err)
	}
	h.view.show(ada)
	h.until(t, "the history has come", func() bool { return h.history.cancel == nil })
	if len(h.view.history.all) > 0 {
		t.Errorf("the history of another contact is drawn: %d entries", len(h.view.history.all))
	}
}
