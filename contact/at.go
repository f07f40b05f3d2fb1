package contact

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// At is the value at a path as Edit and Conflict name it, as canonical JSON; nil: absent.
func (c Card) At(path string) json.RawMessage {
	p, err := segments(path)
	if err != nil {
		return nil
	}
	return raw(at(c.whole(), p))
}

// WithAt returns the card with the value at a path as Edit and Conflict name it; nil removes it. What leads to the value is made
// where it is missing, and goes where a removal leaves it empty. A full name that was derived from its components follows them, so
// a conflict is resolved by WithAt with the value that is to stand.
func (c Card) WithAt(path string, value json.RawMessage) (Card, error) {
	made, err := c.withAt(path, value)
	if err != nil {
		return c, fmt.Errorf("set %q: %w", path, err)
	}
	return made, nil
}

func (c Card) withAt(path string, value json.RawMessage) (Card, error) {
	p, err := segments(path)
	if err != nil {
		return c, err
	}
	v, err := parseRaw(value)
	if err != nil {
		return c, fmt.Errorf("parse the value: %w", err)
	}
	whole := any(map[string]any{})
	if c.members != nil {
		whole = c.members
	}
	if v == absent {
		whole, err = prune(whole, p)
	} else if whole, err = grow(whole, p); err == nil {
		whole, err = put(whole, p, v)
	}
	if err != nil {
		return c, err
	}
	if whole == absent {
		return Card{}, nil
	}
	members, ok := whole.(map[string]any)
	if !ok {
		return c, errors.New("the value is not a card")
	}
	made := Card{members: members}
	if depth(members, maxDepth+1) > maxDepth {
		return c, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	if before, name := object(c.members["name"]), object(members["name"]); len(p) > 1 && p[0] == "name" && p[1] != "full" &&
		name != nil && hasDerivedFull(before) {
		return made.with(withDerivedFull(name), "name"), nil // name is new: put has made it
	}
	return made, nil
}

// EntryPath is the path of what a person sees the field at path as a part of: an entry (the phone number of a label), the name; else
// it is path itself.
func EntryPath(path string) string {
	p, err := segments(path)
	if err != nil || len(p) == 0 {
		return path
	}
	if isName(p[:1]) {
		return pointer(p[:1])
	}
	if _, keyed := keyedMaps[p[0]]; len(p) > 2 && (keyed || severalOf[p[0]] != nil) {
		return pointer(p[:2])
	}
	return path
}

// Canonical is a JSON value in the form in which At returns it.
func Canonical(value json.RawMessage) (json.RawMessage, error) {
	v, err := decode(value)
	if err != nil {
		return nil, err
	}
	return encode(v), nil
}

// grow makes what is missing of the way to path.
func grow(v any, path []string) (any, error) {
	for i := 1; i < len(path); i++ {
		if at(v, path[:i]) != absent {
			continue
		}
		var missing any = map[string]any{}
		if kind, ok := strings.CutPrefix(path[i-1], kindPrefix); ok {
			missing = map[string]any{"kind": kind}
		} else if strings.HasPrefix(path[i], kindPrefix) {
			missing = []any{}
		}
		var err error
		if v, err = put(v, path[:i], missing); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// prune removes the value at path and each object or array on the way that is empty then.
func prune(v any, path []string) (any, error) {
	if at(v, path) == absent {
		return v, nil
	}
	v, err := put(v, path, absent)
	for i := len(path) - 1; i > 0 && err == nil; i-- {
		switch held := at(v, path[:i]).(type) {
		case map[string]any:
			if len(held) > 0 {
				return v, nil
			}
		case []any:
			if len(held) > 0 {
				return v, nil
			}
		}
		v, err = put(v, path[:i], absent)
	}
	return v, err
}
