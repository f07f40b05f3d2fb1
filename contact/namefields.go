package contact

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Component is the name's component of a kind (RFC 9553 section 2.2.1.2): "title", "given2", …; several are joined by a blank.
func (c Card) Component(kind string) string { return c.nameComponent(kind) }

// WithComponent sets a component and writes the full name anew; "" removes it.
func (c Card) WithComponent(kind, value string) Card { return c.withNameComponent(kind, value) }

// Suffix is what stands behind the surname: the generation and the credentials.
func (c Card) Suffix() string {
	return strings.TrimSpace(c.nameComponent("generation") + " " + c.nameComponent("credential"))
}

// WithSuffix sets both from what a person types: "Jr. PhD".
func (c Card) WithSuffix(s string) Card {
	if s = strings.TrimSpace(s); s == c.Suffix() {
		return c
	}
	var generation, credential []string
	for _, word := range strings.Fields(s) {
		if generations[plainWord(word)] && len(credential) == 0 {
			generation = append(generation, word)
		} else {
			credential = append(credential, word)
		}
	}
	return c.withNameComponent("generation", strings.Join(generation, " ")).withNameComponent("credential", strings.Join(credential, " "))
}

// Phonetic is how the name's component of a kind is spoken.
func (c Card) Phonetic(kind string) string {
	for _, v := range list(object(c.members["name"])["components"]) {
		if part := object(v); text(part["kind"]) == kind {
			if s := text(part["phonetic"]); s != "" {
				return s
			}
		}
	}
	return ""
}

// WithPhonetic says how a component is spoken; "" removes. A name without a component of that kind has nothing to be spoken.
func (c Card) WithPhonetic(kind, s string) Card {
	if s = strings.TrimSpace(s); s == c.Phonetic(kind) {
		return c
	}
	name := maps.Clone(object(c.members["name"]))
	parts := slices.Clone(list(name["components"]))
	done, any := false, ""
	for i, v := range parts {
		part := object(v)
		if text(part["kind"]) == kind && (!done || part["phonetic"] != nil) {
			part = maps.Clone(part)
			if delete(part, "phonetic"); s != "" && !done {
				part["phonetic"] = s
			}
			done = true
			parts[i] = part
		}
		any += text(part["phonetic"])
	}
	if !done {
		return c
	}
	name["components"] = parts
	// RFC 9553 section 2.2.1.4: it must be said in which script, or by which system, it is written.
	switch {
	case any == "":
		delete(name, "phoneticScript")
		delete(name, "phoneticSystem")
	case name["phoneticSystem"] == nil:
		name["phoneticScript"] = scriptOf(any)
	}
	return c.with(name, "name")
}

// scriptOf is the code (ISO 15924) of the script in which a word is spelled out.
func scriptOf(s string) string {
	for _, script := range []struct {
		code  string
		table *unicode.RangeTable
	}{
		{"Kana", unicode.Katakana}, {"Hira", unicode.Hiragana}, {"Bopo", unicode.Bopomofo}, {"Hang", unicode.Hangul}, {"Hani", unicode.Han},
		{"Cyrl", unicode.Cyrillic}, {"Grek", unicode.Greek}, {"Arab", unicode.Arabic}, {"Hebr", unicode.Hebrew},
	} {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script.table, r) }) {
			return script.code
		}
	}
	return "Latn"
}

// Nickname is the first nickname; WithNickname sets it, "" removes it.
func (c Card) Nickname() string           { return c.single(nickname) }
func (c Card) WithNickname(s string) Card { return c.withSingle(nickname, strings.TrimSpace(s)) }

var nickname = single{"nicknames", "name", "nickname"}

// Department is the first unit of the first organization.
func (c Card) Department() string {
	_, org := c.organizationEntry()
	for _, u := range list(org["units"]) {
		return text(object(u)["name"])
	}
	return ""
}

// organizationEntry is the organization whose name Organization gives, or the first that has a unit.
func (c Card) organizationEntry() (key string, entry map[string]any) {
	held := object(c.members["organizations"])
	if key, _ := c.firstOf(organization); key != "" {
		return key, object(held[key])
	}
	for _, k := range sortedKeys(held) {
		if len(list(object(held[k])["units"])) > 0 {
			return k, object(held[k])
		}
	}
	return organization.key, nil
}

// WithDepartment sets that unit; "" removes it. Further units stay.
func (c Card) WithDepartment(s string) Card {
	if s = strings.TrimSpace(s); s == c.Department() {
		return c
	}
	key, org := c.organizationEntry()
	units := slices.Clone(list(org["units"]))
	switch {
	case s == "":
		units = units[1:]
	case len(units) == 0:
		units = []any{map[string]any{"name": s}}
	default:
		unit := maps.Clone(object(units[0]))
		unit["name"] = s
		units[0] = unit
	}
	if len(units) == 0 {
		return c.with(nil, "organizations", key, "units")
	}
	return c.with(units, "organizations", key, "units")
}
