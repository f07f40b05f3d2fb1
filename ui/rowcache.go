package ui

import (
	"container/list"

	"kith/data"
)

// rowCache keeps the rows that were drawn last, at most capacity of them. A stale row is still drawn, until its new state comes.
type rowCache struct {
	capacity   int
	generation int // of the book: rows of an older one are stale
	rows       map[data.RowID]*list.Element
	recent     *list.List // of *cachedRow, the latest used first
}

type cachedRow struct {
	data.Row
	generation int
}

func newRowCache(capacity int) *rowCache {
	return &rowCache{capacity: capacity, rows: map[data.RowID]*list.Element{}, recent: list.New()}
}

// get returns a row, and whether it is of the newest generation.
func (c *rowCache) get(id data.RowID) (row data.Row, ok, fresh bool) {
	e, ok := c.rows[id]
	if !ok {
		return data.Row{}, false, false
	}
	c.recent.MoveToFront(e)
	r := e.Value.(*cachedRow)
	return r.Row, true, r.generation == c.generation
}

// put stores rows that were read in the given generation.
func (c *rowCache) put(generation int, rows []data.Row) {
	for _, r := range rows {
		if e, ok := c.rows[r.RowID]; ok {
			e.Value = &cachedRow{r, generation}
			c.recent.MoveToFront(e)
			continue
		}
		c.rows[r.RowID] = c.recent.PushFront(&cachedRow{r, generation})
	}
	for c.recent.Len() > c.capacity {
		last := c.recent.Back()
		delete(c.rows, c.recent.Remove(last).(*cachedRow).RowID)
	}
}

// outdate makes every row stale: the book has changed.
func (c *rowCache) outdate() { c.generation++ }
