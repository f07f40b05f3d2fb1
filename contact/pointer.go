package contact

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// absence is the value of a member that is not there; null is a value.
type absence struct{}

var absent any = absence{}

// whole is the card's object, or absent for the zero Card.
func (c Card) whole() any {
	if c.members == nil {
		return absent
	}
	return c.members
}

// raw is v as JSON, nil for absent.
func raw(v any) json.RawMessage {
	if v == absent {
		return nil
	}
	return encode(v)
}

// parseRaw reads what raw has written.
func parseRaw(b json.RawMessage) (any, error) {
	if b == nil {
		return absent, nil
	}
	return decode(b)
}

// member is m's value of that name, or absent.
func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return absent
}

// kindPrefix begins the segment of an array's element that is addressed by its kind: /name/components/kind:given/value.
const kindPrefix = "kind:"

// byKind gives the elements of an array by their kind, and the kinds in the array's order; ok is false unless v is an array of
// objects each of which has a kind of its own.
func byKind(v any) (elements map[string]any, order []string, ok bool) {
	array, ok := v.([]any)
	if !ok {
		return nil, nil, false
	}
	elements = make(map[string]any, len(array))
	for _, element := range array {
		kind, ok := object(element)["kind"].(string)
		if !ok || elements[kind] != nil {
			return nil, nil, false
		}
		elements[kind] = element
		order = append(order, kind)
	}
	return elements, order, true
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// pointer writes a path as a JSON pointer (RFC 6901).
func pointer(path []string) string {
	var b strings.Builder
	for _, segment := range path {
		b.WriteByte('/')
		b.WriteString(escaper.Replace(segment))
	}
	return b.String()
}

var unescaper = strings.NewReplacer("~1", "/", "~0", "~")

// segments reads a JSON pointer; "" is the whole card.
func segments(p string) ([]string, error) {
	if p == "" {
		return nil, nil
	}
	if p[0] != '/' {
		return nil, fmt.Errorf("the path %q is not a JSON pointer", p)
	}
	path := strings.Split(p[1:], "/")
	for i, segment := range path {
		path[i] = unescaper.Replace(segment)
	}
	return path, nil
}

// at follows a path from v to what stands there, or to absent.
func at(v any, path []string) any {
	for _, segment := range path {
		switch node := v.(type) {
		case map[string]any:
			v = member(node, segment)
		case []any:
			kind, ok := strings.CutPrefix(segment, kindPrefix)
			elements, _, distinct := byKind(node)
			if !ok || !distinct {
				return absent
			}
			v = member(elements, kind)
		default:
			return absent
		}
	}
	return v
}

// put returns v with the value at path replaced, added, or, if it is absent, removed. A new element of an array goes to its end.
// What leads to the value must be there.
func put(v any, path []string, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	segment, rest := path[0], path[1:]
	switch node := v.(type) {
	case map[string]any:
		child, err := put(member(node, segment), rest, value)
		if err != nil {
			return nil, err
		}
		node = maps.Clone(node)
		if child == absent {
			delete(node, segment)
		} else {
			node[segment] = child
		}
		return node, nil
	case []any:
		kind, ok := strings.CutPrefix(segment, kindPrefix)
		elements, order, distinct := byKind(node)
		if !ok || !distinct {
			return nil, fmt.Errorf("the array has no element %q", segment)
		}
		child, err := put(member(elements, kind), rest, value)
		if err != nil {
			return nil, err
		}
		i := slices.Index(order, kind)
		switch {
		case child == absent && i < 0:
			return node, nil
		case child == absent:
			return slices.Delete(slices.Clone(node), i, i+1), nil
		case text(object(child)["kind"]) != kind:
			return nil, fmt.Errorf("an element of the kind %q is to become another one", kind)
		case i < 0:
			return append(slices.Clip(node), child), nil
		}
		node = slices.Clone(node)
		node[i] = child
		return node, nil
	}
	return nil, fmt.Errorf("nothing leads to %q", segment)
}
