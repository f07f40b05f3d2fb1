package data

import (
	"fmt"
	"testing"

	"kith/contact"
)

// A preview says of each card what the import that follows makes of it.
func TestPreviewIsTheImport(t *testing.T) {
	s := newStore(t)
	file := make([]contact.Card, 8)
	for i := range file {
		file[i] = card(fmt.Sprint("Person ", i)).WithNote("of the file")
	}
	mustTake(t, s.BeginImport(), Imported{Added: 6}, file[:6]...)
	edited := mustContact(t, s, file[1].UID())
	mustSave(t, s, edited, edited.Card.WithNote("edited here"))
	if err := s.Delete(t.Context(), file[2].UID()); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, mustContact(t, s, file[3].UID()), file[3].WithTitle("only here"))
	cards := []contact.Card{
		file[0],                              // the same
		file[1],                              // what it was before the edit here
		file[2],                              // in the trash
		file[3],                              // has more here
		file[4].WithOrganization("Analysts"), // has more in the file
		file[5].WithNote("another"),          // says otherwise
		file[6],                              // new
		file[6],                              // and once more
		contact.New().WithNote("nobody"),     // no contact
		file[7],                              //
	}
	want := []Becomes{Stays, Stays, Returns, Stays, Grows, Stays, Comes, Stays, Comes, Comes}
	before := countAll(t, s)
	p := s.BeginPreview()
	var got []Foreseen
	for from := 0; from < len(cards); from += 3 {
		page, err := p.Look(t.Context(), cards[from:min(from+3, len(cards))])
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page...)
	}
	if after := countAll(t, s); after != before {
		t.Errorf("the preview wrote: %v, %v before", after, before)
	}
	for i, f := range got {
		if f.Becomes != want[i] || (f.Refused != nil) != (i == 8) || f.Repeats != (i == 7) {
			t.Errorf("card %d: %+v; want %d", i, f, want[i])
		}
	}
	if f := got[4]; len(f.Adds) != 1 || len(f.Keeps) != 0 {
		t.Errorf("a card with an organization more: %+v", f)
	}
	if f := got[5]; len(f.Adds) != 0 || len(f.Keeps) != 1 || string(f.Keeps[0].Local) != `"of the file"` || string(f.Keeps[0].Remote) != `"another"` {
		t.Errorf("a card with another note: %+v; want that the note here stays", f)
	}
	refused := mustTake(t, s.BeginImport(), Imported{Added: 2, Updated: 1, Restored: 1, Unchanged: 5}, cards...)
	for i, err := range refused {
		if (err != nil) != (got[i].Refused != nil) {
			t.Errorf("card %d: refused by the import: %v, by the preview: %v", i, err, got[i].Refused)
		}
	}
}

func countAll(t *testing.T, s *Store) (n [2]int) {
	t.Helper()
	err := s.read(t.Context(), "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM change_log)", func(row scanner) error {
		return row.Scan(&n[0], &n[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
