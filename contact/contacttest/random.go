package contacttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"kith/contact"
)

// Card draws a card of few keys and few values, so that two edits of it collide: entries, a name with components, a note of
// several lines, sets, dates, members that nobody knows, deep values, numbers of many digits, null, and empty objects and arrays.
func Card(t *rapid.T) contact.Card { return card(members(t)) }

// Edit draws a card that differs from c in a few members, at any depth.
func Edit(t *rapid.T, c contact.Card) contact.Card {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(c.JSON()))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		t.Fatalf("decode the card to edit: %v", err)
	}
	fresh := members(t)
	for range rapid.IntRange(0, 4).Draw(t, "edits") {
		edit(t, m, fresh)
	}
	return card(m)
}

func card(m map[string]any) contact.Card {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // only a bug here can bring that about
	}
	c, err := contact.Parse(b)
	if err != nil {
		panic(err)
	}
	return c
}

// edit changes one member of m: takes it from fresh, removes it, or goes into it.
func edit(t *rapid.T, m, fresh map[string]any) {
	all := slices.Sorted(maps.Keys(m))
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		if _, there := m[name]; !there {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return
	}
	name := rapid.SampledFrom(all).Draw(t, "edited")
	with, has := fresh[name]
	switch old := m[name].(type) {
	case map[string]any:
		if rapid.IntRange(0, 3).Draw(t, "deeper") > 0 {
			inner, _ := with.(map[string]any)
			edit(t, old, inner)
			return
		}
	case []any:
		if len(old) > 0 && rapid.Bool().Draw(t, "deeper") {
			i := rapid.IntRange(0, len(old)-1).Draw(t, "element")
			if element, ok := old[i].(map[string]any); ok {
				edit(t, element, map[string]any{"value": value(t)})
				return
			}
		}
	}
	if !has || rapid.IntRange(0, 3).Draw(t, "remove") == 0 {
		delete(m, name)
		return
	}
	m[name] = with
}

func members(t *rapid.T) map[string]any {
	m := map[string]any{"@type": "Card", "version": "1.0", "uid": "0198c0de-0000-7000-8000-000000000000"}
	some := func(name string, draw func(*rapid.T) any) {
		if rapid.IntRange(0, 2).Draw(t, name) > 0 {
			m[name] = draw(t)
		}
	}
	some("name", name)
	some("emails", entries(func(t *rapid.T) any {
		return optional(t, map[string]any{"address": value(t), "contexts": set(t), "pref": number(t)})
	}))
	some("phones", entries(func(t *rapid.T) any {
		return optional(t, map[string]any{"number": value(t), "features": set(t), "label": value(t)})
	}))
	some("notes", entries(func(t *rapid.T) any { return map[string]any{"note": lines(t)} }))
	some("organizations", entries(func(t *rapid.T) any { return map[string]any{"name": value(t)} }))
	some("titles", entries(func(t *rapid.T) any {
		return optional(t, map[string]any{"name": value(t), "organizationId": key(t)})
	}))
	some("addresses", entries(func(t *rapid.T) any {
		return optional(t, map[string]any{"components": components(t, "locality", "name", "postcode"), "full": value(t)})
	}))
	some("anniversaries", entries(func(t *rapid.T) any {
		return map[string]any{"kind": "birth", "date": optional(t, map[string]any{
			"year": number(t), "month": number(t), "day": number(t)})}
	}))
	some("keywords", func(t *rapid.T) any { return set(t) })
	some("updated", func(t *rapid.T) any {
		return rapid.SampledFrom([]string{"2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-02-01T00:00:00Z", "soon"}).Draw(t, "updated")
	})
	some("example.com/x~y", anything(3))
	some("vCardProps", anything(2))
	return m
}

func name(t *rapid.T) any {
	n := map[string]any{"components": components(t, "given", "given2", "surname", "title")}
	if rapid.Bool().Draw(t, "ordered") {
		n["isOrdered"] = true
	}
	switch rapid.IntRange(0, 2).Draw(t, "full") {
	case 0:
		n["full"] = value(t)
	case 1: // as it is derived: a card without full is asked for it
		n["full"] = card(map[string]any{"name": n}).FullName()
	}
	return n
}

// components are mostly one of each kind, in any order; now and then a kind comes twice.
func components(t *rapid.T, kinds ...string) []any {
	out := []any{}
	for _, kind := range rapid.SliceOfNDistinct(rapid.SampledFrom(kinds), 0, len(kinds), rapid.ID).Draw(t, "kinds") {
		out = append(out, map[string]any{"kind": kind, "value": value(t)})
	}
	if len(out) > 0 && rapid.IntRange(0, 9).Draw(t, "twice") == 0 {
		out = append(out, out[0])
	}
	return out
}

func entries(draw func(*rapid.T) any) func(*rapid.T) any {
	return func(t *rapid.T) any {
		m := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			m[key(t)] = draw(t)
		}
		return m
	}
}

func optional(t *rapid.T, m map[string]any) map[string]any {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if rapid.IntRange(0, 2).Draw(t, "without "+name) == 0 {
			delete(m, name)
		}
	}
	return m
}

func set(t *rapid.T) map[string]any {
	m := map[string]any{}
	for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"private", "starred", "work"}), 0, 3).Draw(t, "set") {
		m[name] = true
	}
	return m
}

// anything is any JSON value down to a depth.
func anything(depth int) func(*rapid.T) any {
	return func(t *rapid.T) any {
		kinds := 4
		if depth > 0 {
			kinds = 6
		}
		switch rapid.IntRange(0, kinds).Draw(t, "kind of value") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return number(t)
		case 3, 4:
			return value(t)
		case 5:
			out := []any{}
			for range rapid.IntRange(0, 2).Draw(t, "length") {
				out = append(out, anything(depth-1)(t))
			}
			return out
		}
		out := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "size") {
			out[key(t)] = anything(depth - 1)(t)
		}
		return out
	}
}

func key(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c", "d/~1"}).Draw(t, "key")
}

func value(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "b", "Zoë", "x\ny", "<&>\u2028"}).Draw(t, "word")
}

func lines(t *rapid.T) string {
	text := ""
	for i, line := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "one", "two", "three"}), 1, 5).Draw(t, "lines") {
		if i > 0 {
			text += "\n"
		}
		text += line
	}
	return text
}

func number(t *rapid.T) json.Number {
	return json.Number(rapid.SampledFrom([]string{"0", "1", "1.0", "-0", "12345678901234567890.123456789", "1e400", fmt.Sprint(1 << 53)}).Draw(t, "number"))
}
