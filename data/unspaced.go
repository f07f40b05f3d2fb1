package data

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"kith/contact"
)

// Scripts that put no blanks between words, so that one looks for what stands in the middle; and Korean, whose names are written as one
// word of surname and given name.
var unspacedScripts = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

func unspaced(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.IsLetter(r) && unicode.In(r, unspacedScripts...)
}

// pieceLetters is how many letters of an unspaced script a piece has. The index of a text of n letters grows with n times this, and a
// search for more letters looks for several pieces.
const pieceLetters = 8

// pieces are the parts of a word that begin at its second letter of an unspaced script, at its third, and so on, each cut off after
// pieceLetters of those. The beginning of a piece is what is found of a word's middle.
func pieces(word string) []string {
	var starts []int
	for i, r := range word {
		if unspaced(r) {
			starts = append(starts, i)
		}
	}
	var all []string
	for i, from := range starts {
		if from > 0 {
			all = append(all, word[from:pieceEnd(word, starts, i)])
		}
	}
	return all
}

func pieceEnd(word string, starts []int, i int) int {
	if i+pieceLetters < len(starts) {
		return starts[i+pieceLetters]
	}
	return len(word)
}

// cutAlike are the pieces that an index holds of each text with this word in it: all but the last are whole pieces.
func cutAlike(word string) []string {
	var starts []int
	for i, r := range word {
		if unspaced(r) {
			starts = append(starts, i)
		}
	}
	if len(starts) <= pieceLetters || starts[0] > 0 {
		return []string{word} // what begins with a letter of another script is found by its beginning only
	}
	var all []string
	for i := 0; ; i++ {
		end := pieceEnd(word, starts, i)
		all = append(all, word[starts[i]:end])
		if end == len(word) {
			return all
		}
	}
}

// searchRules is raised when indexWords changes: the index is then made anew behind the edits.
const searchRules = 1

// reindexPage is how many contacts are looked at in one transaction: an edit meanwhile waits for no more.
const reindexPage = 200

// reindex brings the words of contacts that were indexed by other rules to today's. What an edit writes meanwhile is by today's already;
// a search finds by the old ones until this is done. If the process ends first, the next one begins anew.
func (s *Store) reindex(ctx context.Context) error {
	var rules int
	err := s.read(ctx, "SELECT indexed FROM state", func(row scanner) error { return row.Scan(&rules) })
	if err != nil || rules == searchRules {
		return err
	}
	more := false
	for after, done := int64(0), false; err == nil && !done; {
		err = s.writer.transact(ctx, func(t *tx) (err error) { // quietly: whoever shows a search need not ask again for each page
			last, found := after, 0
			if after, found, err = t.reindexFrom(last); err != nil {
				return err
			}
			more = more || found > 0
			if done = after == last; done {
				_, err = t.exec("UPDATE state SET indexed = ?", searchRules)
			}
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("index the words: %w", s.explain(err))
	}
	if more {
		s.watch.notify()
	}
	return nil
}

// reindexFrom indexes those contacts of a page that today's rules find by more, and returns the page's last row; after: there was none.
func (t *tx) reindexFrom(after int64) (last int64, found int, err error) {
	type entry struct {
		row   int64
		words string
	}
	var all []entry // in the order of the rows: another makes FTS5 write what it holds with each
	last = after
	err = t.each("SELECT row_id, card FROM contacts WHERE row_id > ? ORDER BY row_id LIMIT ?", func(row scanner) error {
		var text string
		if err := row.Scan(&last, &text); err != nil {
			return err
		}
		if !strings.Contains(text, `\u`) && !strings.ContainsFunc(text, unspaced) {
			return nil
		}
		card, err := contact.Parse([]byte(text))
		if err != nil {
			return fmt.Errorf("row %d: %w", last, err)
		}
		all = append(all, entry{last, indexWords(card)})
		return nil
	}, after, reindexPage)
	if err != nil {
		return after, 0, err
	}
	for _, e := range all {
		if _, err := t.exec("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", e.row, e.words); err != nil {
			return after, 0, err
		}
	}
	return last, len(all), nil
}
