package contact

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// FromObject makes a card of a JSON object that was built in memory: what Parse makes of its text, without the text. It holds nothing but
// map[string]any, []any, string, json.Number, bool and nil, and the caller keeps no part of it to change.
func FromObject(members map[string]any) (Card, error) {
	if members == nil {
		return Card{}, fmt.Errorf("make card: a card is a JSON object, not null")
	}
	if err := check(members, maxDepth); err != nil {
		return Card{}, fmt.Errorf("make card: %w", err)
	}
	return Card{members: members}, nil
}

func check(v any, levels int) error {
	switch v := v.(type) {
	case map[string]any:
		if levels == 0 {
			return fmt.Errorf("nested deeper than %d levels", maxDepth)
		}
		for name, child := range v {
			if !utf8.ValidString(name) {
				return fmt.Errorf("the name %q is not UTF-8", name)
			}
			if err := check(child, levels-1); err != nil {
				return err
			}
		}
	case []any:
		if levels == 0 {
			return fmt.Errorf("nested deeper than %d levels", maxDepth)
		}
		for _, child := range v {
			if err := check(child, levels-1); err != nil {
				return err
			}
		}
	case string:
		if !utf8.ValidString(v) {
			return fmt.Errorf("the text %.40q is not UTF-8", v)
		}
	case json.Number:
		if !json.Valid([]byte(v)) {
			return fmt.Errorf("%q is no number", v)
		}
	case bool, nil:
	default:
		return fmt.Errorf("a %T is nothing that JSON has", v)
	}
	return nil
}

// Object is a copy of the card's members that the caller may change, as FromObject takes it; nil for the zero Card.
func (c Card) Object() map[string]any {
	if c.members == nil {
		return nil
	}
	return deepCopy(c.members).(map[string]any) // of a map it is one
}

func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, child := range v {
			out[name] = deepCopy(child)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			out[i] = deepCopy(child)
		}
		return out
	}
	return v
}
