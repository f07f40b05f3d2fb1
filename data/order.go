package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
)

// listCache keeps the order of all contacts by each kind of name from one question to the next, for as long as no commit changes it.
type listCache struct {
	mu     sync.Mutex
	orders map[Sort]listOrder
}

// listOrder is never changed once it is in the cache: another takes its place.
type listOrder struct {
	version int64
	rows    []RowID
	letters *letters // nil: not read yet
}

func (c *listCache) get(by Sort, version int64) (listOrder, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, there := c.orders[by]
	return o, there && o.version == version
}

func (c *listCache) put(by Sort, o listOrder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.orders == nil {
		c.orders = make(map[Sort]listOrder)
	}
	c.orders[by] = o
}

// cached says that the rows of a query without its text and book are those that the cache keeps.
func (q Query) cached() bool { return q.Label == "" && q.Filter == All && q.Sort != ByChanged }

const (
	wholeList = math.MaxInt

	// fewRows can be brought into order by themselves in less time than the whole list is read in.
	fewRows = 500
)

// firstLooks are how many rows of a list are looked at for the first ones that match, before all of it is.
func firstLooks() []int { return []int{2_000, 16_000} }

// Order returns the row ids of a query in list order: 100,000 in tens of milliseconds, from a covering index.
func (s *Store) Order(ctx context.Context, q Query) ([]RowID, error) {
	order, _, err := s.order(ctx, q, wholeList)
	if err != nil {
		return nil, fmt.Errorf("list contacts: %w", s.explain(err))
	}
	return order, nil
}

// Top returns the beginning of what Order returns, with n rows or more if there are so many. whole: that is all of it, which Top
// returns where it is at hand. Else it reads no more of the list than it needs, where an index has the list's order.
func (s *Store) Top(ctx context.Context, q Query, n int) (top []RowID, whole bool, err error) {
	if top, whole, err = s.order(ctx, q, n); err != nil {
		return nil, false, fmt.Errorf("list the first contacts: %w", s.explain(err))
	}
	return top, whole, nil
}

func (s *Store) order(ctx context.Context, q Query, n int) (order []RowID, whole bool, err error) {
	if nothingToFind(q.Text) {
		return nil, true, nil
	}
	tx, err := s.readers.BeginTx(ctx, nil) // one view of the order and of the index
	if err != nil {
		return nil, false, err
	}
	defer tx.Rollback()
	if n < wholeList {
		if top, err := s.guess(ctx, tx, q, n); err != nil || top != nil {
			return top, false, err
		}
	}
	sets, err := rowSets(ctx, tx, q)
	if err != nil {
		return nil, false, err
	}
	// Neither the index of words nor that of books gives an order, and sorting needs none: where the order of all is at hand, what
	// matches is kept of it.
	var version int64
	if q.cached() {
		if err := tx.QueryRowContext(ctx, "SELECT list_version FROM state").Scan(&version); err != nil {
			return nil, false, err
		}
		if all, ok := s.list.get(q.Sort, version); ok {
			return among(all.rows, sets), true, nil
		}
	}
	if few, ok := smallest(sets); ok && len(few.rows) <= fewRows {
		order, err = s.inOrder(ctx, tx, q, few.rows)
		return among(order, sets), true, err
	}
	if n < wholeList {
		if top, whole, err := s.top(ctx, tx, q, sets, n); err != nil || len(top) >= n || whole {
			return top, whole, err
		}
	}
	all, err := s.ordered(ctx, tx, q, wholeList)
	if err == nil && q.cached() {
		s.list.put(q.Sort, listOrder{version: version, rows: all})
	}
	return among(all, sets), true, err
}

// top looks for the first n rows of a query near the beginning of its list.
func (s *Store) top(ctx context.Context, tx *sql.Tx, q Query, sets []rowSet, n int) (top []RowID, whole bool, err error) {
	if len(sets) == 0 {
		top, err = s.ordered(ctx, tx, q, n)
		return top, err == nil && len(top) < n, err
	}
	if q.Filter != All || q.Label != "" {
		return nil, false, nil // no index has the order, or the list is short
	}
	for _, most := range s.looks {
		some, err := s.ordered(ctx, tx, q, most)
		if err != nil {
			return nil, false, err
		}
		top, whole = among(some, sets), len(some) < most
		if len(top) >= n || whole {
			return top, whole, nil
		}
	}
	return nil, false, nil
}

// ordered returns the rows of a query without its text and its book, in order, n at most. The caller must not change the slice.
func (s *Store) ordered(ctx context.Context, tx *sql.Tx, q Query, n int) ([]RowID, error) {
	where, by, args := s.conditions(q)
	query := "SELECT json_group_array(row_id) FROM (SELECT row_id FROM contacts WHERE " + where + " ORDER BY " + by + ", row_id"
	if n < wholeList {
		query, args = query+" LIMIT ?", append(args, n)
	}
	return rowIDs(ctx, tx, query+")", args...)
}

// inOrder returns which of some rows a query without its text and its book has, in its order.
func (s *Store) inOrder(ctx context.Context, tx *sql.Tx, q Query, rows []RowID) ([]RowID, error) {
	asked, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	where, by, args := s.conditions(q)
	// The rows stand first, and CROSS keeps it so: there are few.
	return rowIDs(ctx, tx, `SELECT json_group_array(row_id) FROM (SELECT row_id FROM json_each(?) CROSS JOIN contacts ON row_id = value
		WHERE `+where+" ORDER BY "+by+", row_id)", slices.Insert(args, 0, any(string(asked)))...)
}

// rowSet is some rows, or (inside false) all but those.
type rowSet struct {
	rows   []RowID
	marked []bool // by row, as far as there are any
	inside bool
}

func newRowSet(rows []RowID, inside bool) rowSet {
	s := rowSet{rows: rows, inside: inside}
	if len(rows) > 0 {
		s.marked = make([]bool, slices.Max(rows)+1)
	}
	for _, row := range rows {
		s.marked[row] = true
	}
	return s
}

func (s rowSet) has(row RowID) bool { return (int(row) < len(s.marked) && s.marked[row]) == s.inside }

// rowSets are what a query's book and its text leave of a list, each.
func rowSets(ctx context.Context, tx *sql.Tx, q Query) (sets []rowSet, err error) {
	add := func(inside bool, query string, args ...any) {
		var rows []RowID
		if err != nil {
			return
		}
		if rows, err = rowIDs(ctx, tx, query, args...); err == nil {
			sets = append(sets, newRowSet(rows, inside))
		}
	}
	if q.Book != "" {
		rows, inside, err := rowsOfBook(ctx, tx, q.Book)
		if err != nil {
			return nil, err
		}
		if inside || len(rows) > 0 {
			sets = append(sets, newRowSet(rows, inside))
		}
	}
	if match := matchExpression(q.Text); match != "" {
		add(true, "SELECT json_group_array(rowid) FROM search WHERE search MATCH ?", match)
	}
	for _, symbol := range symbolsOf(q.Text) {
		add(true, "SELECT json_group_array(row_id) FROM contacts WHERE instr(card, ?) > 0", symbol)
	}
	return sets, err
}

// smallest is the set of the fewest rows.
func smallest(sets []rowSet) (few rowSet, ok bool) {
	for _, s := range sets {
		if s.inside && (!ok || len(s.rows) < len(few.rows)) {
			few, ok = s, true
		}
	}
	return few, ok
}

// among returns what of an order is in every set, as a slice of its own.
func among(order []RowID, sets []rowSet) []RowID {
	if len(sets) == 0 {
		return slices.Clone(order)
	}
	most := len(order)
	for _, s := range sets {
		if s.inside {
			most = min(most, len(s.rows))
		}
	}
	if most == 0 {
		return nil
	}
	kept := make([]RowID, 0, most)
next:
	for _, row := range order {
		for _, s := range sets {
			if !s.has(row) {
				continue next
			}
		}
		kept = append(kept, row)
	}
	return kept
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
