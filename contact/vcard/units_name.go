package vcard

import (
	"slices"
	"strings"
)

// readFullName is RFC 9555 section 2.3.1. An empty FN says nothing, and is remembered.
func readFullName(props []property, card object) (rest []property) {
	for i, p := range props {
		if full := unescape(p.Value); full != "" {
			setPath(card, "name/full", full)
			return slices.Concat(props[:i], props[i+1:])
		}
	}
	return nil
}

func writeFullName(card object, v Version) []property {
	full := text(atPath(card, "name/full"))
	if full == "" {
		return nil
	}
	return []property{{Name: "FN", Value: escapeText(full, v)}}
}

// nameFields are the kinds of component of N's fields (RFC 6350 section 6.2.2; the last two: RFC 9554 section 2.2).
var nameFields = []string{"surname", "given", "given2", "title", "credential", "surname2", "generation"}

// nameOrder is the order in which the components of a name are usually said, as indexes of nameFields.
var nameOrder = []int{3, 1, 2, 0, 5, 6, 4}

// sortedBy are the kinds of component that SORT-AS of N says in their order (RFC 6350 section 5.9, RFC 9555 section 2.1).
var sortedBy = nameFields[:5]

var phonetics = []struct{ name, kind string }{
	{"X-PHONETIC-FIRST-NAME", "given"}, {"X-PHONETIC-MIDDLE-NAME", "given2"}, {"X-PHONETIC-LAST-NAME", "surname"},
}

// readName is RFC 9555 section 2.3.2, and Apple's names for how a name is spoken, which go to the component.
func readName(props []property, card object) (rest []property) {
	seen := false
	var components list
	sortAs := object{}
	for _, p := range props {
		if p.Name != "N" {
			continue
		}
		if seen {
			rest = append(rest, p)
			continue
		}
		seen = true
		words := strings.Split(strings.Join(p.values("SORT-AS"), ","), ",")
		for i, word := range words[:min(len(words), len(sortedBy))] {
			if word != "" {
				sortAs[sortedBy[i]] = word
			}
		}
		parts := fields(p.Value)
		for len(parts) < len(nameFields) {
			parts = append(parts, nil)
		}
		// Surname and suffix repeat, for older readers, what the two fields of RFC 9554 hold.
		for old, split := range map[int]int{0: 5, 4: 6} {
			parts[old] = slices.DeleteFunc(parts[old], func(s string) bool { return slices.Contains(parts[split], s) })
		}
		for _, i := range nameOrder {
			for _, value := range parts[i] {
				if value != "" {
					components = append(components, object{"kind": nameFields[i], "value": value})
				}
			}
		}
	}
	for _, p := range props {
		if p.Name != "N" && !setPhonetic(components, p) {
			rest = append(rest, p)
		}
	}
	if len(components) > 0 {
		setPath(card, "name/components", components)
	}
	if len(sortAs) > 0 {
		setPath(card, "name/sortAs", sortAs)
	}
	return rest
}

func setPhonetic(components list, p property) bool {
	for _, spoken := range phonetics {
		if spoken.name != p.Name {
			continue
		}
		for _, c := range components {
			if part := members(c); part["kind"] == spoken.kind && part["phonetic"] == nil && p.Value != "" {
				part["phonetic"] = unescape(p.Value)
				return true
			}
		}
	}
	return false
}

func writeName(card object, v Version) (props []property) {
	parts := make([][]string, len(nameFields))
	spoken := map[string]string{}
	for _, c := range elements(atPath(card, "name/components")) {
		part := members(c)
		kind, value := text(part["kind"]), text(part["value"])
		if i := slices.Index(nameFields, kind); i >= 0 && value != "" {
			parts[i] = append(parts[i], value)
			if phonetic := text(part["phonetic"]); phonetic != "" && spoken[kind] == "" {
				spoken[kind] = phonetic
			}
		}
	}
	parts[0] = append(parts[0], parts[5]...)
	parts[4] = append(slices.Clone(parts[6]), parts[4]...)
	empty := !slices.ContainsFunc(parts, func(values []string) bool { return len(values) > 0 })
	if empty && v == V40 {
		return nil // RFC 2426 wants one all the same
	}
	n := property{Name: "N", Value: joinFields(parts, 5)}
	if sortAs := members(atPath(card, "name/sortAs")); len(sortAs) > 0 {
		var words []string
		for _, kind := range sortedBy {
			words = append(words, text(sortAs[kind]))
		}
		if word := strings.TrimRight(strings.Join(words, ","), ","); word != "" {
			n.set("SORT-AS", []string{word})
		}
	}
	props = append(props, n)
	for _, s := range phonetics {
		if spoken[s.kind] != "" {
			props = append(props, property{Name: s.name, Value: escapeText(spoken[s.kind], v)})
		}
	}
	return props
}
