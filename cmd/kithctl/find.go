package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kith/contact"
	"kith/data"
)

// minEnding is the shortest ending of an id that stands for it. UUIDv7s of one day begin alike; their endings are random.
const minEnding = 4

// find returns the contact, deleted or not, with that id, or the only one whose id ends so.
func find(ctx context.Context, s *data.Store, id string) (data.Contact, error) {
	c, err := s.Contact(ctx, id)
	if err == nil || !errors.Is(err, data.ErrNotFound) {
		return c, err
	}
	if len(id) < minEnding {
		return c, fmt.Errorf("%w: %q", data.ErrNotFound, id)
	}
	var found []data.Row
	for _, filter := range []data.Filter{data.All, data.Trash} {
		err := eachRow(ctx, s, data.Query{Filter: filter}, func(r data.Row) {
			if strings.HasSuffix(r.ID, strings.ToLower(id)) || strings.HasSuffix(r.ID, id) {
				found = append(found, r)
			}
		})
		if err != nil {
			return c, err
		}
	}
	switch len(found) {
	case 0:
		return c, fmt.Errorf("%w: %q", data.ErrNotFound, id)
	case 1:
		return s.Contact(ctx, found[0].ID)
	}
	return c, fmt.Errorf("%q is the ending of %d ids, of %s and %s among them: write more of it",
		id, len(found), oneLine(found[0].Name), oneLine(found[1].Name))
}

// findAll resolves every id before any is acted upon, each once.
func findAll(ctx context.Context, s *data.Store, ids []string) ([]string, error) {
	var all []string
	seen := map[string]bool{}
	for _, id := range ids {
		c, err := find(ctx, s, id)
		if err != nil {
			return nil, err
		}
		if !seen[c.ID] {
			seen[c.ID] = true
			all = append(all, c.ID)
		}
	}
	return all, nil
}

// eachRow walks a list in order, a page at a time.
func eachRow(ctx context.Context, s *data.Store, q data.Query, f func(data.Row)) error {
	order, err := s.Order(ctx, q)
	if err != nil {
		return err
	}
	const page = 500
	for len(order) > 0 {
		n := min(page, len(order))
		rows, err := s.Rows(ctx, order[:n])
		if err != nil {
			return err
		}
		for _, r := range rows {
			f(r)
		}
		order = order[n:]
	}
	return nil
}

// title names a contact in a sentence.
func title(c contact.Card) string {
	if name := c.DisplayName(); name != "" {
		return name
	}
	return "the contact"
}
