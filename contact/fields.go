package contact

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// FieldNames are the fields that have a name of their own in Field and WithField.
var FieldNames = []string{"name", "prefix", "given", "middle", "surname", "suffix", "nickname", "org", "department", "title", "note", "birthday", "email", "phone"}

// Field and WithField are what scripts use: one of FieldNames, or a JSON pointer (RFC 6901) into the card. email and phone stand
// for the first one. Setting "" removes. A pointer's value is JSON if it parses, else a string. A pointer to nothing reads as "".
func (c Card) Field(field string) (string, error) {
	switch field {
	case "name":
		return c.FullName(), nil
	case "given":
		return c.Given(), nil
	case "surname":
		return c.Surname(), nil
	case "prefix":
		return c.Component("title"), nil
	case "middle":
		return c.Component("given2"), nil
	case "suffix":
		return c.Suffix(), nil
	case "nickname":
		return c.Nickname(), nil
	case "department":
		return c.Department(), nil
	case "org":
		return c.Organization(), nil
	case "title":
		return c.Title(), nil
	case "note":
		return c.Note(), nil
	case "birthday":
		return c.Birthday().String(), nil
	case "email":
		return firstValue(c.Emails()), nil
	case "phone":
		return firstValue(c.Phones()), nil
	}
	path, err := parsePointer(field)
	if err != nil {
		return "", err
	}
	v, ok := lookup(c.members, path)
	if !ok {
		return "", nil
	}
	if s, ok := v.(string); ok {
		return s, nil
	}
	return string(encode(v)), nil
}

func firstValue(entries []Entry) string {
	if len(entries) == 0 {
		return ""
	}
	return entries[0].Value
}

// WithField returns the card with one field changed; see Field.
func (c Card) WithField(field, value string) (Card, error) {
	switch field {
	case "name":
		return c.WithFullName(value), nil
	case "given":
		return c.WithGiven(value), nil
	case "surname":
		return c.WithSurname(value), nil
	case "prefix":
		return c.WithComponent("title", value), nil
	case "middle":
		return c.WithComponent("given2", value), nil
	case "suffix":
		return c.WithSuffix(value), nil
	case "nickname":
		return c.WithNickname(value), nil
	case "department":
		return c.WithDepartment(value), nil
	case "org":
		return c.WithOrganization(value), nil
	case "title":
		return c.WithTitle(value), nil
	case "note":
		return c.WithNote(value), nil
	case "birthday":
		if strings.TrimSpace(value) == "" {
			return c.WithBirthday(Date{}), nil
		}
		d, err := ParseDate(strings.TrimSpace(value))
		if err != nil {
			return c, fmt.Errorf("set birthday: %w", err)
		}
		return c.WithBirthday(d), nil
	case "email":
		return c.WithEmails(withFirst(c.Emails(), value)), nil
	case "phone":
		return c.WithPhones(withFirst(c.Phones(), value)), nil
	}
	path, err := parsePointer(field)
	if err != nil {
		return c, err
	}
	return c.withPointer(field, path, value)
}

func withFirst(entries []Entry, value string) []Entry {
	if len(entries) == 0 {
		return []Entry{{Value: value}}
	}
	entries = slices.Clone(entries)
	entries[0].Value = value
	return entries
}

// fixed are the members that say what the object is; an edit of them would make another contact of it, or none.
var fixed = []string{"@type", "uid", "version"}

func (c Card) withPointer(field string, path []string, value string) (Card, error) {
	if slices.Contains(fixed, path[0]) {
		return c, fmt.Errorf("set %s: this member can't be changed", field)
	}
	var v any
	if value != "" {
		var err error
		if v, err = decode([]byte(value)); err != nil {
			v = value
		}
	}
	members, err := setPointer(c.members, v, path)
	if err != nil {
		return c, fmt.Errorf("set %s: %w", field, err)
	}
	made := Card{members: members.(map[string]any)} // an object stays one
	if depth(made.members, maxDepth+1) > maxDepth {
		return c, fmt.Errorf("set %s: nested deeper than %d levels", field, maxDepth)
	}
	return made, nil
}

// parsePointer splits a JSON pointer into its segments; at least one.
func parsePointer(p string) ([]string, error) {
	if !strings.HasPrefix(p, "/") || len(p) == 1 {
		return nil, fmt.Errorf("no field %q: use one of %s, or a JSON pointer such as /nicknames/n1/name", p, strings.Join(FieldNames, ", "))
	}
	segments := strings.Split(p[1:], "/")
	for i, s := range segments {
		segments[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
	}
	return segments, nil
}

// lookup follows a pointer's segments from v.
func lookup(v any, path []string) (any, bool) {
	for _, segment := range path {
		switch at := v.(type) {
		case map[string]any:
			child, ok := at[segment]
			if !ok {
				return nil, false
			}
			v = child
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			v = at[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// setPointer returns v with the value at path replaced, or removed when value is nil; missing objects are made, ones that a
// removal leaves empty go. In an array "-" appends.
func setPointer(v, value any, path []string) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	switch at := v.(type) {
	case nil:
		return setMember(nil, value, path)
	case map[string]any:
		return setMember(at, value, path)
	case []any:
		i, err := strconv.Atoi(path[0])
		if path[0] == "-" {
			i, err = len(at), nil
		}
		if err != nil || i < 0 || i > len(at) || value == nil && i == len(at) {
			return nil, fmt.Errorf("the array has %d elements, no %q", len(at), path[0])
		}
		out := slices.Clone(at)
		if value == nil && len(path) == 1 {
			return slices.Delete(out, i, i+1), nil
		}
		if i == len(at) {
			out = append(out, nil)
		}
		if out[i], err = setPointer(out[i], value, path[1:]); err != nil {
			return nil, err
		}
		return out, nil
	}
	return nil, errors.New("what the pointer leads through is neither an object nor an array")
}

func setMember(in map[string]any, value any, path []string) (any, error) {
	old, there := in[path[0]]
	if value == nil && !there {
		return in, nil
	}
	child, err := setPointer(old, value, path[1:])
	if err != nil {
		return nil, err
	}
	if m, ok := child.(map[string]any); ok && len(m) == 0 && value == nil {
		child = nil
	}
	return Card{members: in}.with(child, path[0]).members, nil
}
