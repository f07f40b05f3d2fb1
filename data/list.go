package data

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kith/contact"
	"kith/contact/locale"
)

// Filter is what a list shows.
type Filter int

const (
	All Filter = iota
	Favourites
	Conflicted // fields that wait for the user, and contacts that the server refused
	Trash
	Birthdays // whose birthday is known, the next ones first
	Recent    // changed in the last recentDays days, here or elsewhere, the newest first
	Reviewed  // of which time has decided a field, and the user has not looked at it: also those in the trash
)

const recentDays = 30

// where is the condition of the filter's partial index, to the letter.
func (f Filter) where() string {
	switch f {
	case Birthdays:
		return "deleted_at = 0 AND birthday <> 0"
	case Favourites:
		return "deleted_at = 0 AND starred = 1"
	case Conflicted:
		return "attention = 1"
	case Trash:
		return "deleted_at <> 0"
	case Reviewed:
		return "row_id IN (SELECT contact FROM settled WHERE closed = 0)"
	}
	return "deleted_at = 0"
}

// Sort is the order of a list. Birthdays and Recent have their own.
type Sort int

const (
	ByName    Sort = iota // as it is shown
	ByFamily              // the surname first
	ByChanged             // the newest change first
)

// Query selects and orders. Text "" : everything; else every word must match the start of a word anywhere in the card (accents
// and case ignored; in scripts without blanks between words, any part of it), or a part of a phone number by its digits; emoji and other signs must stand in the card, and punctuation
// alone finds nothing. Label "" : with any labels or none.
type Query struct {
	Book   string // "" : all
	Filter Filter
	Label  string
	Sort   Sort
	Text   string
}

// RowID is a contact's short key in this database, for lists only.
type RowID int64

// Row is one line of the list.
type Row struct {
	RowID                      RowID
	ID, Book                   string
	Name, Section, Subtitle    string
	FamilySection              string // the section where the list is ordered ByFamily
	Starred, Pending, Conflict bool
	Deleted                    time.Time
	DaysLeft                   int          // in the trash: until it is removed for good; ForEver
	Birthday                   contact.Date // zero: its day is not known
	Changed                    time.Time
	Waits                      string // the paths of the fields that wait for the user, a line each; "/": the whole contact
	Reviews                    string // and of those that time has decided, for the user to look at
	Photo                      string // the id of its photo's blob, which may not be here yet; "" : it has none
}

// conditions are the SQL of a query without its text.
func (s *Store) conditions(q Query) (where, order string, args []any) {
	where = q.Filter.where()
	switch q.Sort {
	case ByFamily:
		order = "family_key"
	case ByChanged:
		order = "edited_at DESC"
	default:
		order = "sort_key"
	}
	switch q.Filter {
	case Birthdays: // today's first, then round the year
		today := s.now()
		order = "birthday < ?, birthday, sort_key"
		args = append(args, int(today.Month())*100+today.Day())
	case Recent:
		where += " AND edited_at >= ?"
		order = "edited_at DESC"
		args = append(args, s.now().AddDate(0, 0, -recentDays).UnixMicro())
	}
	if q.Label != "" {
		where += " AND row_id IN (SELECT contact FROM labels WHERE label = ?)"
		args = slices.Insert(args, len(args)-strings.Count(order, "?"), any(q.Label)) // the conditions stand before the order
	}
	return where, order, args
}

// Rows returns one page, in the order asked; ids that are gone are left out.
func (s *Store) Rows(ctx context.Context, ids []RowID) ([]Row, error) {
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("read list rows: %w", err)
	}
	place := make(map[RowID]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	rows := make([]Row, 0, len(ids))
	since := map[RowID]int64{} // in the trash, by its clock
	err = s.read(ctx, `SELECT row_id, id, book, name, section, subtitle, starred, pending <> 0, attention, deleted_at, trashed,
		family_section, birthday, born, edited_at,
		CASE conflicts WHEN 0 THEN '' ELSE (SELECT group_concat(iif(path = '', '/', path), char(10)) FROM conflicts WHERE contact = row_id) END,
		coalesce((SELECT group_concat(iif(path = '', '/', path), char(10)) FROM settled WHERE contact = row_id AND closed = 0), ''),
		coalesce((SELECT blob FROM media WHERE contact = row_id AND photo = 1), '')
		FROM contacts WHERE row_id IN (SELECT value FROM json_each(?))`, func(row scanner) error {
		var r Row
		var deleted, trashed, edited int64
		var birthday, born int
		err := row.Scan(&r.RowID, &r.ID, &r.Book, &r.Name, &r.Section, &r.Subtitle, &r.Starred, &r.Pending, &r.Conflict, &deleted, &trashed,
			&r.FamilySection, &birthday, &born, &edited, &r.Waits, &r.Reviews, &r.Photo)
		r.Deleted, r.Changed = fromMicros(deleted), fromMicros(edited)
		if birthday != 0 {
			r.Birthday = contact.Date{Year: born, Month: birthday / 100, Day: birthday % 100}
		}
		if deleted != 0 {
			since[r.RowID] = trashed
		}
		rows = append(rows, r)
		return err
	}, string(asked))
	if err != nil {
		return nil, fmt.Errorf("read list rows: %w", err)
	}
	if len(since) > 0 {
		left, err := s.daysLeft(ctx)
		if err != nil {
			return nil, fmt.Errorf("read list rows: %w", err)
		}
		for i, r := range rows {
			if trashed, there := since[r.RowID]; there {
				rows[i].DaysLeft = left(trashed)
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return place[a.RowID] - place[b.RowID] })
	return rows, nil
}

// Counts are the numbers beside the lists, and what the server does not have: Pending counts contacts, also those that wait for
// the user or were refused. Rejected are those of Conflicted that the server refused.
type Counts struct {
	All, Favourites, Conflicted, Trash, Birthdays, Reviewed, Pending, Rejected int

	Labels    []Label
	Collation string // the name of the order of names
}

// Label is a label that contacts have, in list order.
type Label struct {
	Name  string
	Count int
}

// Counts counts all contacts.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var parts []string
	var args, dest []any
	for _, of := range []struct {
		filter Filter
		into   *int
	}{{All, &c.All}, {Favourites, &c.Favourites}, {Conflicted, &c.Conflicted}, {Trash, &c.Trash}, {Birthdays, &c.Birthdays}, {Reviewed, &c.Reviewed}} {
		where, order, values := s.conditions(Query{Filter: of.filter})
		parts, dest = append(parts, "(SELECT count(*) FROM contacts WHERE "+where+")"), append(dest, of.into)
		args = append(args, values[:len(values)-strings.Count(order, "?")]...)
	}
	parts = append(parts, "(SELECT count(*) FROM contacts WHERE pending <> 0)",
		"(SELECT count(*) FROM contacts WHERE "+Conflicted.where()+" AND rejected <> '')")
	dest = append(dest, &c.Pending, &c.Rejected)
	err := s.read(ctx, "SELECT "+strings.Join(parts, ", "), func(row scanner) error { return row.Scan(dest...) }, args...)
	if err == nil {
		c.Collation, _, err = s.Collation(ctx)
	}
	if err == nil {
		c.Labels, err = s.labels(ctx, "")
		SortLabels(c.Labels, c.Collation)
	}
	if err != nil {
		return Counts{}, fmt.Errorf("count contacts: %w", err)
	}
	return c, nil
}

// labels counts each label, on the contacts that a condition selects; "" : on all.
func (s *Store) labels(ctx context.Context, where string, args ...any) ([]Label, error) {
	var labels []Label
	if where != "" {
		where = " WHERE contact IN (SELECT row_id FROM contacts WHERE " + where + ")"
	}
	err := s.read(ctx, "SELECT label, count(*) FROM labels"+where+" GROUP BY label", func(row scanner) error {
		var l Label
		err := row.Scan(&l.Name, &l.Count)
		labels = append(labels, l)
		return err
	}, args...)
	return labels, err
}

// SortLabels brings labels into the order of a collation.
func SortLabels(labels []Label, collation string) {
	order := locale.Collate(collation)
	slices.SortFunc(labels, func(a, b Label) int {
		return cmp.Or(bytes.Compare(order.Key(a.Name, ""), order.Key(b.Name, "")), strings.Compare(a.Name, b.Name))
	})
}

// LabelsOf says how many of these contacts have each label that any of them has.
func (s *Store) LabelsOf(ctx context.Context, rows []RowID) (map[string]int, error) {
	asked, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	have := make(map[string]int)
	err = s.read(ctx, "SELECT label, count(*) FROM labels WHERE contact IN (SELECT value FROM json_each(?)) GROUP BY label", func(row scanner) error {
		var label string
		var n int
		err := row.Scan(&label, &n)
		have[label] = n
		return err
	}, string(asked))
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	return have, nil
}
