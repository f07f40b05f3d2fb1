package data

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
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

// listCache keeps the order of all contacts by each kind of name from one question to the next, for as long as no commit changes it.
type listCache struct {
	mu     sync.Mutex
	orders map[Sort]listOrder
}

type listOrder struct {
	version int64
	rows    []RowID // never changed once it is here
}

func (c *listCache) get(by Sort, version int64) ([]RowID, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, there := c.orders[by]
	return o.rows, there && o.version == version
}

func (c *listCache) put(by Sort, o listOrder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.orders == nil {
		c.orders = make(map[Sort]listOrder)
	}
	c.orders[by] = o
}

// Order returns the row ids of a query in list order: 100,000 in tens of milliseconds, from a covering index.
func (s *Store) Order(ctx context.Context, q Query) ([]RowID, error) {
	order, err := s.order(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list contacts: %w", s.explain(err))
	}
	return order, nil
}

// Top returns the first n row ids of what Order returns. Of a query without a text or a book it reads no more than these, where an index
// has their order.
func (s *Store) Top(ctx context.Context, q Query, n int) ([]RowID, error) {
	if q.Book != "" || q.Text != "" {
		order, err := s.Order(ctx, q)
		return order[:min(len(order), n)], err
	}
	where, by, args := s.conditions(q)
	var top []RowID
	err := s.read(ctx, "SELECT row_id FROM contacts WHERE "+where+" ORDER BY "+by+", row_id LIMIT ?", func(row scanner) error {
		top = append(top, 0)
		return row.Scan(&top[len(top)-1])
	}, append(args, n)...)
	if err != nil {
		return nil, fmt.Errorf("list the first contacts: %w", err)
	}
	return top, nil
}

func (s *Store) order(ctx context.Context, q Query) ([]RowID, error) {
	tx, err := s.readers.BeginTx(ctx, nil) // one view of the order and of the index
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	order, err := s.wholeOrder(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	// Neither the index of words nor that of books gives an order, and sorting needs none: the order of all is at hand, and what
	// matches is kept of it.
	kept := false
	if q.Book != "" {
		rows, inside, err := rowsOfBook(ctx, tx, q.Book)
		if err != nil {
			return nil, err
		}
		if inside || len(rows) > 0 {
			order, kept = among(order, rows, inside), true
		}
	}
	if match := matchExpression(q.Text); match != "" {
		rows, err := rowIDs(ctx, tx, "SELECT json_group_array(rowid) FROM search WHERE search MATCH ?", match)
		if err != nil {
			return nil, err
		}
		order, kept = among(order, rows, true), true
	}
	for _, symbol := range symbolsOf(q.Text) {
		rows, err := rowIDs(ctx, tx, "SELECT json_group_array(row_id) FROM contacts WHERE instr(card, ?) > 0", symbol)
		if err != nil {
			return nil, err
		}
		order, kept = among(order, rows, true), true
	}
	switch {
	case nothingToFind(q.Text):
		return nil, nil
	case !kept:
		return slices.Clone(order), nil
	}
	return order, nil
}

// among returns what of an order is among rows, or (inside false) what is not.
func among(order, rows []RowID, inside bool) []RowID {
	if len(rows) == 0 && inside {
		return nil
	}
	marked := make([]bool, 1)
	if len(rows) > 0 {
		marked = make([]bool, slices.Max(rows)+1)
	}
	for _, row := range rows {
		marked[row] = true
	}
	kept := make([]RowID, 0, min(len(order), max(len(rows), 16)))
	for _, row := range order {
		if (int(row) < len(marked) && marked[row]) == inside {
			kept = append(kept, row)
		}
	}
	return kept
}

// wholeOrder returns every row of a query without its text, in order; the caller must not change the slice.
func (s *Store) wholeOrder(ctx context.Context, tx *sql.Tx, q Query) ([]RowID, error) {
	all := q.Label == "" && q.Filter == All && q.Sort != ByChanged
	if !all {
		where, order, args := s.conditions(q)
		return rowIDs(ctx, tx, "SELECT json_group_array(row_id) FROM (SELECT row_id FROM contacts WHERE "+where+" ORDER BY "+order+", row_id)", args...)
	}
	var version int64
	if err := tx.QueryRowContext(ctx, "SELECT list_version FROM state").Scan(&version); err != nil {
		return nil, err
	}
	if order, ok := s.list.get(q.Sort, version); ok {
		return order, nil
	}
	where, order, _ := s.conditions(q)
	rows, err := rowIDs(ctx, tx, "SELECT json_group_array(row_id) FROM (SELECT row_id FROM contacts WHERE "+where+" ORDER BY "+order+", row_id)")
	if err == nil {
		s.list.put(q.Sort, listOrder{version, rows})
	}
	return rows, err
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

// rowIDs reads a query's one value, a JSON array of row ids: it takes less time than as many rows through database/sql.
func rowIDs(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]RowID, error) {
	var array []byte
	if err := tx.QueryRowContext(ctx, query, args...).Scan(&array); err != nil {
		return nil, err
	}
	ids := make([]RowID, 0, len(array)/6)
	var id RowID
	for _, b := range array {
		switch {
		case b >= '0' && b <= '9':
			id = id*10 + RowID(b-'0')
		case id != 0: // a comma or the end; row ids begin with 1
			ids = append(ids, id)
			id = 0
		}
	}
	return ids, nil
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

// Section is the first row of a section of a list.
type Section struct {
	Letter string
	At     int // its place in the order
}

// mostSections is where Sections gives up: nobody chooses from more.
const mostSections = 200

// Sections finds where the sections of an order ByName or ByFamily begin, without reading all of it: sections follow each other, so
// each one's end is found by doubling steps. nil: there are more than anyone would choose from.
func (s *Store) Sections(ctx context.Context, order []RowID, by Sort) ([]Section, error) {
	column := "section"
	if by == ByFamily {
		column = "family_section"
	}
	stmt, err := s.readers.PrepareContext(ctx, "SELECT coalesce((SELECT "+column+" FROM contacts WHERE row_id = ?), '')")
	if err != nil {
		return nil, fmt.Errorf("read sections: %w", s.explain(err))
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
			return nil, fmt.Errorf("read sections: %w", s.explain(failed))
		}
	}
	return all, nil
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
