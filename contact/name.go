package contact

import (
	"slices"
	"strings"
	"unicode"
)

// nameOrder is the order in which components are joined when the name does not say that it is ordered (RFC 9553, section 2.2.1).
var nameOrder = map[string]int{
	"title": 1, "given": 2, "given2": 3, "surname": 4, "surname2": 5, "generation": 6, "credential": 7,
}

// component is one part of a name.
type component struct{ kind, value string }

// FullName is name.full, or the components joined.
func (c Card) FullName() string {
	name := object(c.members["name"])
	if full := text(name["full"]); full != "" {
		return full
	}
	return joinComponents(name)
}

// Given and Surname are the components of that kind, joined by a blank.
func (c Card) Given() string   { return c.nameComponent("given") }
func (c Card) Surname() string { return c.nameComponent("surname") }

func (c Card) nameComponent(kind string) string {
	var values []string
	for _, part := range components(object(c.members["name"])) {
		if part.kind == kind {
			values = append(values, part.value)
		}
	}
	return strings.Join(values, " ")
}

// components reads name.components; elements that are not components are left out.
func components(name map[string]any) []component {
	var parts []component
	for _, v := range list(name["components"]) {
		if part := object(v); text(part["kind"]) != "" {
			parts = append(parts, component{text(part["kind"]), text(part["value"])})
		}
	}
	return parts
}

// joinComponents is the full name that the components of a name object make (RFC 9553, section 2.2.1.2): in their own order
// with their separators if isOrdered is true, else as its script has it. "" without components.
func joinComponents(name map[string]any) string {
	parts := components(name)
	ordered, _ := name["isOrdered"].(bool)
	separator, ok := name["defaultSeparator"].(string)
	if !ok {
		separator = " "
	}
	if !ordered {
		parts = slices.DeleteFunc(parts, func(p component) bool { return nameOrder[p.kind] == 0 || p.value == "" })
		parts, separator = manner(parts).arrange(parts)
	}
	var b strings.Builder
	gap := "" // goes before the next component
	for _, part := range parts {
		if part.kind == "separator" {
			gap = part.value
			continue
		}
		if part.value == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(gap)
		}
		b.WriteString(part.value)
		gap = separator
	}
	return b.String()
}

// WithFullName sets name.full as typed, and guesses its components for sorting; "" removes both.
func (c Card) WithFullName(s string) Card {
	s = strings.TrimSpace(s)
	if s == c.FullName() {
		return c
	}
	return c.withName(s, splitName(s))
}

// WithGiven and WithSurname set that component and write name.full anew from the components; "" removes.
func (c Card) WithGiven(s string) Card   { return c.withNameComponent("given", s) }
func (c Card) WithSurname(s string) Card { return c.withNameComponent("surname", s) }

func (c Card) withNameComponent(kind, value string) Card {
	value = strings.TrimSpace(value)
	if value == c.nameComponent(kind) {
		return c
	}
	name := object(c.members["name"])
	parts := components(name)
	if len(parts) == 0 {
		parts = splitName(text(name["full"]))
		if len(parts) == 1 && parts[0].kind == kind { // the guess was wrong: the user says what this part is, so the word is the other
			parts[0].kind = otherName(kind)
		}
	}
	if at := slices.IndexFunc(parts, func(p component) bool { return p.kind == kind }); at >= 0 {
		parts[at].value = value
		rest := slices.DeleteFunc(slices.Clone(parts[at+1:]), func(p component) bool { return p.kind == kind })
		parts = append(parts[:at+1], rest...)
		if value == "" {
			parts = slices.Delete(parts, at, at+1)
		}
	} else if value != "" {
		parts = slices.Insert(parts, insertAt(parts, kind, value), component{kind, value})
	}
	return c.withName("", parts)
}

func otherName(kind string) string {
	if kind == "given" {
		return "surname"
	}
	return "given"
}

// insertAt is where a new component belongs among ordered ones: before the first that usually follows it; a surname of a script
// that writes it first stands before the given name.
func insertAt(parts []component, kind, value string) int {
	rank := func(p component) int { return nameRank(p.kind, surnameFirst(p.value)) }
	for i, p := range parts {
		if rank(p) > rank(component{kind, value}) {
			return i
		}
	}
	return len(parts)
}

// withName replaces full and components; full "" is derived. Members of the name that depend on neither stay.
func (c Card) withName(full string, parts []component) Card {
	old := object(c.members["name"])
	name := map[string]any{}
	for k, v := range old {
		name[k] = v
	}
	delete(name, "full")
	delete(name, "components")
	if full == "" {
		parts = inManner(name, components(old), parts)
	}
	keep := list(old["components"]) // an unchanged component keeps its unknown members
	var out []any
	for _, part := range parts {
		made := map[string]any{"kind": part.kind, "value": part.value}
		if i := slices.IndexFunc(keep, func(v any) bool {
			return text(object(v)["kind"]) == part.kind && text(object(v)["value"]) == part.value
		}); i >= 0 {
			made = object(keep[i])
		}
		out = append(out, made)
	}
	if len(out) > 0 {
		name["components"] = out
	}
	if full != "" {
		name["isOrdered"] = true
		if delete(name, "defaultSeparator"); joinComponents(name) != full {
			delete(name, "isOrdered")
		}
	} else {
		full = joinComponents(name)
	}
	if full != "" {
		name["full"] = full
	}
	if len(out) == 0 {
		delete(name, "isOrdered")
		delete(name, "defaultSeparator")
		if len(name) == 1 && name["@type"] != nil {
			delete(name, "@type")
		}
	}
	if len(name) == 0 {
		return c.with(nil, "name")
	}
	return c.with(name, "name")
}

var (
	honorifics = words("mr mrs ms miss mx dr prof professor sir dame lord lady rev fr hon herr frau fräulein monsieur madame " +
		"mme mlle m señor señora sr sra srta signor signora dott dottoressa dhr mevr ing dipl-ing mag don doña")
	generations = words("jr sr ii iii iv")
	credentials = words("phd md dds esq mba msc bsc ba ma jd cpa rn dphil llm llb")
	particles   = words("van de der den von vom zu zum zur und la le du des di da del della delle dos das do el al bin ibn ter ten af av st")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

func plainWord(w string) string { return strings.ToLower(strings.Trim(w, ".,")) }

// splitName guesses the components of a full name, for sorting only: titles, given names, surname with its particles,
// generation and credentials. "Surname, Given" is understood; Chinese, Japanese and Korean names are split at a blank only, the
// surname first.
func splitName(full string) []component {
	if before, after, ok := strings.Cut(full, ","); ok {
		tail := strings.Fields(after)
		if len(tail) > 0 && !generations[plainWord(tail[0])] && !credentials[plainWord(strings.ReplaceAll(tail[0], ".", ""))] {
			return appendParts([]component{{"surname", strings.TrimSpace(before)}}, "given", strings.TrimSpace(after))
		}
	}
	fields := strings.Fields(full)
	var head, tail []component
	for len(fields) > 1 && honorifics[plainWord(fields[0])] && (len(fields) > 2 || strings.HasSuffix(fields[0], ".")) {
		head = append(head, component{"title", fields[0]})
		fields = fields[1:]
	}
	for len(fields) > 1 {
		last := fields[len(fields)-1]
		switch {
		case credentials[plainWord(strings.ReplaceAll(last, ".", ""))] && (len(fields) > 2 || strings.HasSuffix(fields[len(fields)-2], ",")):
			tail = slices.Insert(tail, 0, component{"credential", last})
		case generations[plainWord(last)] && len(fields) > 2:
			tail = slices.Insert(tail, 0, component{"generation", last})
		default:
			last = ""
		}
		if last == "" {
			break
		}
		fields = fields[:len(fields)-1]
	}
	if len(fields) > 1 && surnameFirst(full) {
		return append(appendParts(append(head, component{"surname", fields[0]}), "given", strings.Join(fields[1:], " ")), tail...)
	}
	at := len(fields) - 1 // where the surname begins
	for at > 1 && particles[strings.ToLower(fields[at-1])] {
		at--
	}
	if at < 1 {
		return append(appendParts(head, "given", strings.Join(fields, " ")), tail...)
	}
	parts := appendParts(head, "given", fields[0])
	parts = appendParts(parts, "given2", strings.Join(fields[1:at], " "))
	return append(appendParts(parts, "surname", strings.Join(fields[at:], " ")), tail...)
}

func appendParts(parts []component, kind, value string) []component {
	if value == "" {
		return parts
	}
	return append(parts, component{kind, value})
}

// surnameFirst reports whether the text is in a script whose names begin with the surname.
func surnameFirst(s string) bool {
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return true
		}
	}
	return false
}

// DisplayName is what the list shows: the full name, else nickname, organization, e-mail, phone, else "".
func (c Card) DisplayName() string {
	if name := c.FullName(); name != "" {
		return name
	}
	for _, e := range c.entries(nicknames) {
		return e.Value
	}
	if org := c.Organization(); org != "" {
		return org
	}
	for _, e := range c.Emails() {
		return e.Value
	}
	for _, e := range c.Phones() {
		return e.Value
	}
	return ""
}

// Subtitle is the list's second line, whatever DisplayName did not use: title and organization, else e-mail, else phone.
func (c Card) Subtitle() string {
	shown := c.DisplayName()
	var work []string
	for _, s := range []string{c.Title(), c.Organization()} {
		if s != "" && s != shown {
			work = append(work, s)
		}
	}
	if len(work) > 0 {
		return strings.Join(work, ", ")
	}
	for _, e := range slices.Concat(c.Emails(), c.Phones()) {
		if e.Value != shown {
			return e.Value
		}
	}
	return ""
}
