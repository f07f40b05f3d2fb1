package data

import (
	"errors"
	"fmt"
	"testing"

	"kith/contact"
)

func mustTake(t *testing.T, im *Import, want Imported, cards ...contact.Card) []error {
	t.Helper()
	got, refused, err := im.Take(t.Context(), cards)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("import did %+v; want %+v", got, want)
	}
	return refused
}

func TestImport(t *testing.T) {
	s := newStore(t)
	file := make([]contact.Card, 5)
	for i := range file {
		file[i] = card(fmt.Sprint("Person ", i)).WithNote("from the file").WithTitle("of the file")
	}
	im := s.BeginImport()
	mustTake(t, im, Imported{Added: 3}, file[:3]...)
	mustAdd(t, s, card("Somebody Else")) // between two batches
	mustTake(t, im, Imported{Added: 2}, file[3:]...)
	mustTake(t, s.BeginImport(), Imported{Unchanged: 5}, file...)

	// What was edited, and even what was taken away, since the file was read stays so when it is read again.
	edited := mustContact(t, s, file[0].UID())
	mustSave(t, s, edited, edited.Card.WithNote("edited").WithTitle(""))
	mustTake(t, s.BeginImport(), Imported{Unchanged: 5}, file...)
	if c := mustContact(t, s, file[0].UID()).Card; c.Note() != "edited" || c.Title() != "" {
		t.Errorf("after the same file again: %s", c.JSON())
	}

	// A newer file adds what is new, and takes the place of nothing.
	newer := file[0].WithOrganization("New").WithNote("newer")
	mustTake(t, s.BeginImport(), Imported{Updated: 1}, newer)
	if c := mustContact(t, s, file[0].UID()).Card; c.Note() != "edited" || c.Organization() != "New" {
		t.Errorf("after a newer file: %s", c.JSON())
	}

	if err := s.Delete(t.Context(), file[1].UID()); err != nil {
		t.Fatal(err)
	}
	mustTake(t, s.BeginImport(), Imported{Restored: 1, Unchanged: 1}, file[1], file[2])
	wantCounts(t, s, Counts{All: 6, Pending: 6})
}

func TestImportIsOneAction(t *testing.T) {
	s := newStore(t)
	there := mustAdd(t, s, card("Already Here"))
	cards := []contact.Card{card("One"), card("Two"), there.Card.WithNote("more"), card("Three")}
	im := s.BeginImport()
	mustTake(t, im, Imported{Added: 2}, cards[:2]...)
	mustTake(t, im, Imported{Added: 1, Updated: 1}, cards[2:]...)

	undone, err := s.Undo(t.Context())
	if err != nil || len(undone.IDs) != 4 {
		t.Fatalf("undo: %+v, %v; want all four", undone, err)
	}
	wantNames(t, s, Query{}, "Already Here")
	if note := mustContact(t, s, there.ID).Card.Note(); note != "" {
		t.Errorf("note after the undo = %q", note)
	}
	mustTake(t, s.BeginImport(), Imported{Restored: 3, Updated: 1}, cards...)
	if note := mustContact(t, s, there.ID).Card.Note(); note != "more" {
		t.Errorf("note after the same file once more = %q", note)
	}
	wantNames(t, s, Query{}, "Already Here", "One", "Three", "Two")
}

func TestImportRefuses(t *testing.T) {
	s := newStore(t)
	nameless := contact.New().WithNote("nobody")
	refused := mustTake(t, s.BeginImport(), Imported{Added: 2}, card("One"), nameless, card("Two"))
	var invalid *contact.ValidationError
	if refused[0] != nil || !errors.As(refused[1], &invalid) || refused[2] != nil {
		t.Errorf("refused = %v; want the second alone", refused)
	}
	wantNames(t, s, Query{}, "One", "Two")
}
