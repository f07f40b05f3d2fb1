package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kith/contact"
)

const (
	// indexedLetters are the letters of the longest beginnings whose rows the index of words has at hand (see its option prefix). The
	// rows of a longer one are merged, word by word, before the first of them is there: where most contacts have one of the words, that takes
	// longer than to look at the cards of the list's first rows.
	indexedLetters = 3

	// manyRows are so many that merging them takes half a frame.
	manyRows = 20_000
)

// guess looks for the first n rows of a search among the first rows of its list, by their cards. nil: there are fewer, or the index is
// as fast.
func (s *Store) guess(ctx context.Context, tx *sql.Tx, q Query, n int) ([]RowID, error) {
	begins, ok := beginnings(q.Text)
	if !ok || !q.cached() || q.Book != "" {
		return nil, nil
	}
	if many, err := s.manyHave(ctx, tx, begins); err != nil || !many {
		return nil, err
	}
	rows, err := s.ordered(ctx, tx, q, 2*n)
	if err != nil {
		return nil, err
	}
	words, err := wordsOf(ctx, tx, rows)
	if err != nil || len(words) < len(rows) {
		return nil, err
	}
	var found []RowID
	for _, row := range rows {
		if beginAll(words[row], begins) {
			found = append(found, row)
		}
	}
	if len(found) < n {
		return nil, nil
	}
	return found, nil
}

// manyHave says whether many contacts may have one of the beginnings that the index does not have at hand.
func (s *Store) manyHave(ctx context.Context, tx *sql.Tx, begins []string) (bool, error) {
	for _, b := range begins {
		if utf8.RuneCountInString(b) <= indexedLetters {
			continue
		}
		var today bool // a search finds by the index: what that does not have yet is no answer
		err := tx.QueryRowContext(ctx, "SELECT (SELECT indexed FROM state) = ? FROM search WHERE search MATCH ? LIMIT 1 OFFSET ?",
			searchRules, prefix(string([]rune(b)[:indexedLetters])), s.many).Scan(&today)
		if !errors.Is(err, sql.ErrNoRows) {
			return today, err
		}
	}
	return false, nil
}

// wordsOf are the words by which the index finds some contacts.
func wordsOf(ctx context.Context, tx *sql.Tx, rows []RowID) (map[RowID][]string, error) {
	cards, err := cardsOf(ctx, tx, rows)
	words := make(map[RowID][]string, len(cards))
	for id, card := range cards {
		words[id] = strings.Fields(indexWords(card))
	}
	return words, err
}

// Cards reads the cards of some rows. Those that are gone, or can't be read, are left out.
func (s *Store) Cards(ctx context.Context, rows []RowID) (map[RowID]contact.Card, error) {
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("read cards: %w", err)
	}
	defer tx.Rollback()
	return cardsOf(ctx, tx, rows)
}

func cardsOf(ctx context.Context, tx *sql.Tx, rows []RowID) (map[RowID]contact.Card, error) {
	asked, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	answer, err := tx.QueryContext(ctx, "SELECT row_id, card FROM contacts WHERE row_id IN (SELECT value FROM json_each(?))", string(asked))
	if err != nil {
		return nil, err
	}
	cards := make(map[RowID]contact.Card, len(rows))
	return cards, drain(answer, func(row scanner) error {
		var id RowID
		var text []byte
		if err := row.Scan(&id, &text); err != nil {
			return err
		}
		if card, err := contact.Parse(text); err == nil { // whose card can't be read is left to the index
			cards[id] = card
		}
		return nil
	})
}

// beginAll says whether each beginning is that of a word.
func beginAll(words, begins []string) bool {
	for _, b := range begins {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, b) }) {
			return false
		}
	}
	return true
}

// beginnings are what matchExpression looks for, where that is words alone: no numbers, and no signs.
func beginnings(text string) (all []string, ok bool) {
	if len(symbolsOf(text)) > 0 {
		return nil, false
	}
	for _, field := range strings.Fields(contact.Fold(text)) {
		if strings.IndexFunc(field, notInNumber) < 0 {
			return nil, false
		}
		for _, w := range splitWords(field) {
			all = append(all, cutAlike(w)...)
		}
	}
	return all, len(all) > 0
}
