package vcard

import (
	"slices"
	"strings"
	"time"
)

// unit maps properties that stand once in a card, or whose lines don't matter one by one (CATEGORIES, MEMBER), to members of the card.
type unit struct {
	names []string // of the properties, as usually written first
	paths []string // of the members it fills
	read  func(props []property, card object) (rest []property)
	write func(card object, v Version) []property
}

var units = []*unit{
	textUnit("uid", func(value string) (string, bool) { return uidOf(value), value != "" }, nil, "UID"),
	textUnit("kind", lower, nil, "KIND", "X-ADDRESSBOOKSERVER-KIND"),
	{names: []string{"FN"}, paths: []string{"name/full"}, read: readFullName, write: writeFullName},
	{names: []string{"N", "X-PHONETIC-FIRST-NAME", "X-PHONETIC-MIDDLE-NAME", "X-PHONETIC-LAST-NAME"}, paths: []string{"name/components", "name/sortAs"},
		read: readName, write: writeName},
	{names: []string{"CATEGORIES"}, paths: []string{"keywords"}, read: readCategories, write: writeCategories},
	{names: []string{"MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"}, paths: []string{"members"}, read: readMembers, write: writeMembers},
	textUnit("speakToAs/grammaticalGender", lower, nil, "GRAMGENDER"),
	textUnit("language", func(value string) (string, bool) { return value, value != "" }, nil, "LANGUAGE"),
	textUnit("prodId", func(value string) (string, bool) { return value, value != "" }, nil, "PRODID"),
	textUnit("created", readTime, writeTime, "CREATED"),
	textUnit("updated", readTime, writeTime, "REV"),
}

// unitOf finds the unit of a property.
var unitOf = func() map[string]*unit {
	byName := map[string]*unit{}
	for _, u := range units {
		for _, name := range u.names {
			byName[name] = u
		}
	}
	return byName
}()

// textUnit maps one text to one member. The second name is that of the property in 3.0.
func textUnit(path string, read func(string) (string, bool), write func(string, Version) string, names ...string) *unit {
	return &unit{names: names, paths: []string{path},
		read: func(props []property, card object) []property {
			for i, p := range props {
				if value, ok := read(unescape(p.Value)); ok {
					setPath(card, path, value)
					return slices.Concat(props[:i], props[i+1:])
				}
			}
			return props
		},
		write: func(card object, v Version) []property {
			value := text(atPath(card, path))
			if value == "" {
				return nil
			}
			p := property{Name: names[0], Value: escapeText(value, v)}
			if write != nil {
				p.Value = oneLine(write(value, v))
			}
			if len(names) > 1 && v == V30 {
				p.Name = names[1]
			}
			return []property{p}
		},
	}
}

func lower(value string) (string, bool) { return strings.ToLower(value), value != "" }

// Times of REV and CREATED: RFC 6350 section 4.3.5, and the extended form of RFC 2426.
const basicTime, extendedTime = "20060102T150405Z0700", "2006-01-02T15:04:05Z07:00"

func readTime(value string) (string, bool) {
	for _, form := range []string{basicTime, extendedTime, "20060102T150405Z07"} {
		if t, err := time.Parse(form, value); err == nil && t.Year() > 0 {
			return t.UTC().Format(time.RFC3339Nano), true
		}
	}
	return "", false
}

func writeTime(value string, v Version) string {
	t, err := time.Parse(time.RFC3339, value)
	if err != nil || v == V30 || t.Nanosecond() != 0 {
		return value
	}
	return t.UTC().Format(basicTime)
}

// atPath and setPath reach a member, or one of a member's.
func atPath(card object, path string) any {
	outer, inner, nested := strings.Cut(path, "/")
	if !nested {
		return card[outer]
	}
	return members(card[outer])[inner]
}

func setPath(card object, path string, value any) {
	outer, inner, nested := strings.Cut(path, "/")
	if !nested {
		card[outer] = value
		return
	}
	if members(card[outer]) == nil {
		card[outer] = object{}
	}
	members(card[outer])[inner] = value
}

func removePath(card object, path string) {
	outer, inner, nested := strings.Cut(path, "/")
	if !nested {
		delete(card, outer)
	} else if in := members(card[outer]); in != nil {
		if delete(in, inner); len(in) == 0 {
			delete(card, outer)
		}
	}
}

func readCategories(props []property, card object) []property {
	keywords := object{}
	for _, p := range props {
		for _, item := range splitRaw(p.Value, ',') {
			if keyword := strings.TrimSpace(unescape(item)); keyword != "" {
				keywords[keyword] = true
			}
		}
	}
	if len(keywords) > 0 {
		card["keywords"] = keywords
	}
	return nil
}

func writeCategories(card object, _ Version) []property {
	keywords := members(card["keywords"])
	var items []string
	for _, keyword := range sortedKeys(keywords) {
		if keywords[keyword] == true {
			items = append(items, escapeField(keyword))
		}
	}
	if items == nil {
		return nil
	}
	return []property{{Name: "CATEGORIES", Value: strings.Join(items, ",")}}
}

func readMembers(props []property, card object) (rest []property) {
	group := object{}
	for _, p := range props {
		key, _ := cutUUID(unescape(p.Value))
		if key == "" || group[key] != nil {
			rest = append(rest, p)
			continue
		}
		group[key] = true
	}
	if len(group) > 0 {
		card["members"] = group
	}
	return rest
}

func writeMembers(card object, v Version) (props []property) {
	name := map[Version]string{V30: "X-ADDRESSBOOKSERVER-MEMBER", V40: "MEMBER"}[v]
	group := members(card["members"])
	for _, key := range sortedKeys(group) {
		if group[key] == true {
			value := key
			if isUUID(key) {
				value = uuidPrefix + key
			}
			props = append(props, property{Name: name, Value: oneLine(value)})
		}
	}
	return props
}
