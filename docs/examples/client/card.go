package main

import (
	"bytes"
	"encoding/json"
	"errors"
)

type card = map[string]any

// normalize makes equal cards equal bytes, and refuses what is no card.
func normalize(raw json.RawMessage) (json.RawMessage, error) {
	c, err := decode(raw)
	if err != nil {
		return nil, err
	}
	return encode(c), nil
}

// decode reads a card. Numbers keep their digits, and members that nobody here knows stay.
func decode(raw json.RawMessage) (card, error) {
	var c card
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		return nil, err
	}
	if c == nil {
		return nil, errors.New("null is no card")
	}
	return c, nil
}

// members are those of a card of ours; none if there is none.
func members(raw json.RawMessage) card {
	c, err := decode(raw)
	if err != nil {
		return card{}
	}
	return c
}

// encode writes JSON with sorted members and no white space.
func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // nothing here holds what JSON can't
	}
	return raw
}

func keys(c card) []string {
	var all []string
	for k := range c {
		all = append(all, k)
	}
	return all
}
