package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/contact"
	"kith/contact/cardfile"
)

// Refused is one part of a file that did not come in, and why.
type Refused struct {
	File   string
	Line   int
	Reason string
	Err    error // the reason as a value; a window says it in its own language
}

// batchSize is how many cards are looked up or stored together: neither the size of a file matters, nor do other programs have to
// wait for all of it. Cards with large photos make smaller batches.
const (
	batchSize  = 200
	batchBytes = 8 << 20
)

// batch is some cards of one file, with where they stand.
type batch struct {
	cards []contact.Card
	lines []int
	raw   [][]byte // what they were read from, if that was asked for
}

// each calls use with the cards of a reader, batch by batch, and broken with what is none.
func each(ctx context.Context, r *reading, raw bool, use func(batch) error, broken func(*cardfile.Broken) error) error {
	var b batch
	size := 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		card, err := r.next()
		var part *cardfile.Broken
		switch {
		case errors.Is(err, io.EOF):
			if len(b.cards) == 0 {
				return nil
			}
			return use(b)
		case errors.As(err, &part):
			if err := broken(part); err != nil {
				return err
			}
			continue
		case err != nil:
			if len(b.cards) > 0 {
				err = errors.Join(err, use(b))
			}
			return err
		}
		b.cards, b.lines = append(b.cards, card), append(b.lines, r.Line())
		if raw {
			b.raw = append(b.raw, bytes.Clone(r.Raw()))
		}
		if size += len(r.Raw()); len(b.cards) == batchSize || size > batchBytes {
			if err := use(b); err != nil {
				return err
			}
			size = 0
			b = batch{cards: b.cards[:0], lines: b.lines[:0], raw: b.raw[:0]}
		}
	}
}

// reason is why a part was refused, without what the reader of its line knows already.
func reason(err error) string {
	var invalid *contact.ValidationError
	if !errors.As(err, &invalid) || len(invalid.Problems) == 0 {
		return err.Error()
	}
	lines := make([]string, len(invalid.Problems))
	for i, p := range invalid.Problems {
		lines[i] = p.Message
		if p.Path != "" {
			lines[i] += fmt.Sprintf(" (%s)", p.Path)
		}
	}
	return strings.Join(lines, "; ")
}
