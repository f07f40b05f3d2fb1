package data

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
)

// Section is the first row of a section of a list.
type Section struct {
	Letter string
	At     int // its place in the order
}

// mostSections is where Sections gives up: nobody chooses from more.
const mostSections = 200

// letters are under which letter each row of a whole list stands.
type letters struct {
	names []string
	of    []uint16 // by row: the place of its letter in names, and one; 0: the row is not in the list
}

// lettersOf spreads the sections of an order over its rows.
func lettersOf(order []RowID, sections []Section) *letters {
	l := &letters{}
	if len(order) > 0 {
		l.of = make([]uint16, slices.Max(order)+1)
	}
	for i, s := range sections {
		end := len(order)
		if i+1 < len(sections) {
			end = sections[i+1].At
		}
		l.names = append(l.names, s.Letter)
		for _, row := range order[s.At:end] {
			l.of[row] = uint16(len(l.names))
		}
	}
	return l
}

// sections finds where the sections of an order begin, which has rows of the whole list only; ok: it has.
func (l *letters) sections(order []RowID) (all []Section, ok bool) {
	last := uint16(0)
	for i, row := range order {
		if int(row) >= len(l.of) || l.of[row] == 0 {
			return nil, false
		}
		n := l.of[row]
		if n != last && (last == 0 || l.names[n-1] != l.names[last-1]) {
			all = append(all, Section{l.names[n-1], i})
		}
		last = n
	}
	return all, true
}

// SectionsAtHand is Sections where that need not read the letters of the list first; ok: it need not.
func (s *Store) SectionsAtHand(ctx context.Context, order []RowID, by Sort) (sections []Section, ok bool, err error) {
	list, ok, err := s.listAtHand(ctx, s.readers, by)
	if err != nil || !ok || list.letters == nil {
		return nil, false, s.explain(err)
	}
	sections, ok = list.letters.sections(order)
	return sections, ok, nil
}

// Sections finds where the sections of an order ByName or ByFamily begin. nil: there are more than anyone would choose from.
func (s *Store) Sections(ctx context.Context, order []RowID, by Sort) ([]Section, error) {
	if sections, ok, err := s.SectionsAtHand(ctx, order, by); err != nil || ok {
		return sections, err
	}
	sections, err := s.sections(ctx, order, by)
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", s.explain(err))
	}
	return sections, nil
}

func (s *Store) sections(ctx context.Context, order []RowID, by Sort) ([]Section, error) {
	tx, err := s.readers.BeginTx(ctx, nil) // one view of the list's version and of its letters
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	list, ok, err := s.listAtHand(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	if ok && list.letters == nil { // those of the whole list are read once, and do for all searches in it
		whole, err := readSections(ctx, tx, list.rows, by)
		if err != nil {
			return nil, err
		}
		list.letters = &letters{}
		if whole != nil { // else there are too many, and each search in the list has its own
			list.letters = lettersOf(list.rows, whole)
		}
		s.list.put(by, list)
	}
	if list.letters != nil {
		if sections, ok := list.letters.sections(order); ok {
			return sections, nil
		}
	}
	return readSections(ctx, tx, order, by)
}

// listAtHand is what the cache holds, if nothing has changed since.
func (s *Store) listAtHand(ctx context.Context, in interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, by Sort) (list listOrder, ok bool, err error) {
	var version int64
	if err := in.QueryRowContext(ctx, "SELECT list_version FROM state").Scan(&version); err != nil {
		return listOrder{}, false, err
	}
	list, ok = s.list.get(by, version)
	return list, ok, nil
}

// readSections finds the sections of an order without reading all of it: sections follow each other, so each one's end is found by
// doubling steps.
func readSections(ctx context.Context, tx *sql.Tx, order []RowID, by Sort) ([]Section, error) {
	column := "section"
	if by == ByFamily {
		column = "family_section"
	}
	stmt, err := tx.PrepareContext(ctx, "SELECT coalesce((SELECT "+column+" FROM contacts WHERE row_id = ?), '')")
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	var failed error
	letter := func(i int) (l string) {
		if failed == nil {
			failed = stmt.QueryRowContext(ctx, order[i]).Scan(&l)
		}
		return l
	}
	var all []Section
	for at := 0; at < len(order); {
		here := letter(at)
		if len(all) == mostSections {
			return nil, nil
		}
		all = append(all, Section{here, at})
		step := 1
		for at+step < len(order) && letter(at+step) == here && failed == nil {
			step *= 2
		}
		from := at + step/2 + 1
		at = from + sort.Search(min(at+step, len(order))-from, func(i int) bool { return letter(from+i) != here })
		if failed != nil {
			return nil, failed
		}
	}
	return all, nil
}
