package data

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kith/contact"
	"kith/contact/duplicate"
)

const (
	readPage  = 2000 // contacts read at a time
	writePage = 4000 // rows written in one transaction: some ten milliseconds
)

// builder finds the duplicates of the whole book from nothing. It holds the keys of all contacts (16 bytes each) and the profiles of those
// that share one.
type builder struct {
	s       *Store
	st      searchState
	entries []blockEntry
	cards   []keyedCard
}

// blockEntry is a contact under one of its keys.
type blockEntry struct {
	key     duplicate.Key
	contact uint32
	name    uint32
}

type keyedCard struct {
	contact uint32
	name    uint32
	keys    []byte
}

// buildDuplicates makes the search's tables anew. What changes meanwhile is followed by the log afterwards.
func (s *Store) buildDuplicates(ctx context.Context, st searchState) (changed bool, err error) {
	b := &builder{s: s, st: st}
	if b.st.region, err = s.phoneRegion(ctx); err != nil {
		return false, err
	}
	err = s.writer.transact(ctx, func(t *tx) error {
		if err := t.still(st); err != nil {
			return err
		}
		b.st.version, b.st.build = 0, st.build+1
		if err := t.row("SELECT coalesce(max(id), 0) FROM change_log").Scan(&b.st.seen); err != nil {
			return err
		}
		for _, table := range []string{"duplicate_keys", "duplicate_cards"} {
			if _, err := t.exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		_, err := t.exec("UPDATE duplicate_state SET version = 0, build = ?, region = ?, seen = ?", b.st.build, b.st.region, b.st.seen)
		return err
	})
	if err != nil {
		return false, err
	}
	if err := b.read(ctx); err != nil {
		return false, err
	}
	found, err := b.compare(ctx)
	if err != nil {
		return false, err
	}
	return true, b.write(ctx, found)
}

// phoneRegion guesses the country of numbers without one: that of most numbers that say theirs, or else of the machine's locale.
func (s *Store) phoneRegion(ctx context.Context) (string, error) {
	regions := duplicate.Regions{}
	err := s.read(ctx, `SELECT card FROM contacts WHERE deleted_at = 0 AND instr(card, '"number":"+') > 0 LIMIT 2000`, func(row scanner) error {
		var text []byte
		if err := row.Scan(&text); err != nil {
			return err
		}
		card, err := contact.Parse(text)
		regions.Add(card)
		return err
	})
	return regions.Most(localeRegion()), err
}

// eachLive reads contacts by pages; rows nil: all that are not in the trash.
func (s *Store) eachLive(ctx context.Context, rows []uint32, f func(row uint32, book string, c contact.Card)) error {
	for last := int64(0); ; {
		query, args := "SELECT row_id, book, card FROM contacts WHERE deleted_at = 0 AND row_id > ? ORDER BY row_id LIMIT ?", []any{last, readPage}
		if rows != nil {
			page := rows[:min(readPage, len(rows))]
			rows = rows[len(page):]
			asked, err := json.Marshal(page)
			if err != nil {
				return err
			}
			query, args = "SELECT row_id, book, card FROM contacts WHERE deleted_at = 0 AND row_id IN (SELECT value FROM json_each(?))", []any{string(asked)}
		}
		n := 0
		err := s.read(ctx, query, func(row scanner) error {
			var book string
			var text []byte
			if err := row.Scan(&last, &book, &text); err != nil {
				return err
			}
			card, err := contact.Parse(text)
			if err == nil {
				f(uint32(last), book, card)
			}
			n++
			return err
		}, args...)
		if err != nil {
			return err
		}
		if rows == nil && n < readPage || rows != nil && len(rows) == 0 {
			return nil
		}
	}
}

func (b *builder) read(ctx context.Context) error {
	err := b.s.eachLive(ctx, nil, func(row uint32, book string, c contact.Card) {
		p := profileIn(book, c, b.st.region)
		if len(p.Keys) == 0 {
			return
		}
		b.cards = append(b.cards, keyedCard{row, p.Name, packKeys(p.Keys)})
		for _, k := range p.Keys {
			b.entries = append(b.entries, blockEntry{k, row, p.Name})
		}
	})
	if err != nil {
		return err
	}
	slices.SortFunc(b.entries, func(x, y blockEntry) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.contact, y.contact)) })
	return nil
}

// block returns the entries of a key.
func (b *builder) block(k duplicate.Key) []blockEntry {
	at, _ := slices.BinarySearchFunc(b.entries, k, func(e blockEntry, k duplicate.Key) int { return cmp.Compare(e.key, k) })
	end := at
	for end < len(b.entries) && b.entries[end].key == k && end-at < blockLimit {
		end++
	}
	return b.entries[at:end]
}

// pairs lists who is to be compared, each pair once, in order.
func (b *builder) pairs() [][2]uint32 {
	var pairs [][2]uint32
	for at := 0; at < len(b.entries); {
		block := b.block(b.entries[at].key)
		k, n := block[0].key, len(block)
		for i := range block {
			for j := i + 1; j < n && k.Paired(n, i, j); j++ {
				pairs = append(pairs, [2]uint32{block[i].contact, block[j].contact})
			}
		}
		for at += n; at < len(b.entries) && b.entries[at].key == k; at++ { // what is beyond the limit
		}
	}
	slices.SortFunc(pairs, func(p, q [2]uint32) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	return slices.Compact(pairs)
}

// foundPair is a verdict in the text form of duplicate_pairs.
type foundPair struct {
	pair    [2]uint32
	verdict string
}

func (b *builder) compare(ctx context.Context) ([]foundPair, error) {
	pairs := b.pairs()
	var involved []uint32
	for _, p := range pairs {
		involved = append(involved, p[0], p[1])
	}
	slices.Sort(involved)
	involved = slices.Compact(involved)
	profiles := make(map[uint32]*duplicate.Profile, len(involved))
	if len(involved) > 0 {
		if err := b.s.eachLive(ctx, involved, func(row uint32, book string, c contact.Card) { profiles[row] = profileIn(book, c, b.st.region) }); err != nil {
			return nil, err
		}
	}
	cards := func(k duplicate.Key) int { return len(b.block(k)) }
	names := func(k duplicate.Key) int {
		var distinct []uint32
		for _, e := range b.block(k) {
			if e.name != 0 && !slices.Contains(distinct, e.name) {
				distinct = append(distinct, e.name)
			}
		}
		return len(distinct)
	}
	var found []foundPair
	for i, p := range pairs {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x, y := profiles[p[0]], profiles[p[1]]
		if x == nil || y == nil {
			continue // it went to the trash meanwhile
		}
		if text := verdictText(duplicate.Compare(x, y, names, cards)); text != "" {
			found = append(found, foundPair{p, text})
		}
	}
	return found, nil
}

// write fills the tables, in transactions between which edits come through.
func (b *builder) write(ctx context.Context, found []foundPair) error {
	err := writePages(ctx, b, b.entries, `INSERT INTO duplicate_keys (key, contact, name) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
		func(e blockEntry) any { return []any{int64(e.key), e.contact, e.name} })
	if err == nil {
		err = b.inPages(ctx, len(b.cards), func(t *tx, i int) error {
			c := b.cards[i]
			_, err := t.exec("INSERT INTO duplicate_cards (contact, name, keys) VALUES (?, ?, ?)", c.contact, c.name, c.keys)
			return err
		})
	}
	if err != nil {
		return err
	}
	return b.s.writer.transact(ctx, func(t *tx) error {
		if err := t.still(b.st); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM duplicate_pairs"); err != nil { // the old answers stood until here
			return err
		}
		for _, p := range found {
			if err := t.putPair([2]int64{int64(p.pair[0]), int64(p.pair[1])}, p.verdict); err != nil {
				return fmt.Errorf("write a pair: %w", err)
			}
		}
		_, err := t.exec("UPDATE duplicate_state SET version = ?", duplicate.Version)
		return err
	})
}

// writePages writes rows by a statement that takes a JSON array of them: many times faster than as many statements.
func writePages[T any](ctx context.Context, b *builder, all []T, query string, row func(T) any) error {
	for page := range slices.Chunk(all, writePage) {
		rows := make([]any, len(page))
		for i, v := range page {
			rows[i] = row(v)
		}
		text, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		err = b.s.writer.transact(ctx, func(t *tx) error {
			if err := t.still(b.st); err != nil {
				return err
			}
			_, err := t.exec(query, string(text))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// inPages runs put for 0, …, n-1, some thousand in each transaction.
func (b *builder) inPages(ctx context.Context, n int, put func(t *tx, i int) error) error {
	for from := 0; from < n; from += writePage {
		err := b.s.writer.transact(ctx, func(t *tx) error {
			if err := t.still(b.st); err != nil {
				return err
			}
			for i := from; i < min(from+writePage, n); i++ {
				if err := put(t, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
