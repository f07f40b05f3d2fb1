package contact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a card: deep enough for any JSContact extension, and shallow enough for recursion.
const maxDepth = 64

// ErrParse is that of what is no card in JSON.
var ErrParse = errors.New("parse card")

// Parse reads one JSON object as a card. Unknown members and the exact digits of numbers are kept; of two members with one name
// the last one stands. Members need not be there, so that a card of a newer version is still a card. Error: ErrParse.
func Parse(b []byte) (Card, error) {
	if !utf8.Valid(b) {
		return Card{}, fmt.Errorf("%w: the text is not UTF-8", ErrParse)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var members map[string]any
	if err := d.Decode(&members); err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrParse, describe(err))
	}
	if members == nil {
		return Card{}, fmt.Errorf("%w: a card is a JSON object, not null", ErrParse)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Card{}, fmt.Errorf("%w: something follows the object at byte %d", ErrParse, d.InputOffset())
	}
	if depth(members, maxDepth+1) > maxDepth {
		return Card{}, fmt.Errorf("%w: nested deeper than %d levels", ErrParse, maxDepth)
	}
	return Card{members: members}, nil
}

// describe puts the place and the cause of a decoder's error into words.
func describe(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &kind):
		return fmt.Errorf("a card is a JSON object, not a %s", kind.Value)
	case errors.Is(err, io.EOF):
		return errors.New("the text is empty")
	}
	return err
}

// depth counts the levels of v, and stops at limit.
func depth(v any, limit int) int {
	deepest := 0
	step := func(child any) {
		if deepest < limit-1 {
			deepest = max(deepest, depth(child, limit-1))
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, child := range v {
			step(child)
		}
	case []any:
		for _, child := range v {
			step(child)
		}
	default:
		return 0
	}
	return deepest + 1
}

// JSON is the canonical form: members sorted by name, no white space, no HTML escapes. Equal cards have equal JSON. nil for the
// zero Card.
func (c Card) JSON() []byte {
	if c.members == nil {
		return nil
	}
	return encode(c.members)
}

// encode writes v, which holds nothing but what Parse makes, in the canonical form.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("contact: a card holds what JSON can't: %v", err)) // only a bug here can bring that about
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// decode reads one JSON value of any type.
func decode(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the value")
	}
	return v, nil
}

// MarshalJSON and UnmarshalJSON let a Card stand in a struct; the zero Card is null.
func (c Card) MarshalJSON() ([]byte, error) {
	if c.members == nil {
		return []byte("null"), nil
	}
	return c.JSON(), nil
}

func (c *Card) UnmarshalJSON(b []byte) error {
	if strings.TrimSpace(string(b)) == "null" {
		*c = Card{}
		return nil
	}
	parsed, err := Parse(b)
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// equal compares two values of a card; numbers by their digits.
func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			w, ok := b[k]
			if !ok || !equal(v, w) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case nil:
		return b == nil
	default: // string, json.Number, bool
		return a == b
	}
}
