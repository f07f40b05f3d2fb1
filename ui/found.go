package ui

import (
	"context"
	"strings"
	"unicode/utf8"

	"kith/contact"
	"kith/data"
)

// readFound reads what a search found in contacts whose rows do not show it: a piece of the note, another phone number, a street.
// A row that shows all that was looked for has "". Safe off the UI goroutine.
func readFound(ctx context.Context, store *data.Store, q data.Query, rows []data.Row) (map[data.RowID]string, error) {
	words := strings.Fields(q.Text)
	if len(words) == 0 {
		return nil, nil
	}
	found := make(map[data.RowID]string, len(rows))
	unseen := map[data.RowID][]string{}
	var ids []data.RowID
	for _, r := range rows {
		found[r.RowID] = ""
		if left := notIn(words, nameOr(r.Name), secondLine(r, q)); len(left) > 0 {
			unseen[r.RowID] = left
			ids = append(ids, r.RowID)
		}
	}
	if len(ids) == 0 {
		return found, nil
	}
	cards, err := store.Cards(ctx, ids)
	for id, card := range cards {
		found[id] = foundIn(card, unseen[id])
	}
	return found, err
}

// secondLine is the part of a row's second line that can be searched.
func secondLine(r data.Row, q data.Query) string {
	switch q.Filter {
	case data.All, data.Favourites:
		return r.Subtitle
	}
	return ""
}

// notIn are the words of a search that match none of the texts.
func notIn(words []string, texts ...string) (left []string) {
	for _, w := range words {
		seen := false
		for _, text := range texts {
			_, _, ok := matchIn(text, w)
			seen = seen || ok
		}
		if !seen {
			left = append(left, w)
		}
	}
	return left
}

// foundIn is the piece of a card that the first of the words is found in; "" : none is.
func foundIn(card contact.Card, words []string) string {
	values := card.SearchValues()
	for _, w := range words {
		for _, v := range values {
			if from, _, ok := matchIn(v, w); ok {
				return around(v, from)
			}
		}
	}
	return ""
}

// around is the line of a text that has a place, beginning a few words before that if it is far in.
func around(text string, at int) string {
	const before, after = 18, 200 // characters: before it and a part of a second line are in sight
	start := strings.LastIndexByte(text[:at], '\n') + 1
	line := text[start:]
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	at -= start
	if utf8.RuneCountInString(line[:at]) > before {
		from := at
		for range before {
			_, size := utf8.DecodeLastRuneInString(line[:from])
			from -= size
		}
		if blank := strings.IndexByte(line[from:at], ' '); blank >= 0 {
			from += blank + 1
		}
		line = "…" + line[from:]
	}
	if runes := []rune(line); len(runes) > after {
		line = string(runes[:after])
	}
	return strings.TrimSpace(line)
}
