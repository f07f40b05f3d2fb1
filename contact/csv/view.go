package csv

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"kith/contact"
)

// view is what of a card a CSV file has columns for.
type view struct {
	Name struct {
		Full       string
		Components []component
	}
	Nicknames, Emails, Phones, Links, OnlineServices, Addresses map[string]viewEntry
	Organizations                                               map[string]struct {
		Name  string
		Units []struct{ Name string }
	}
	Titles        map[string]struct{ Name string }
	Notes         map[string]struct{ Note string }
	Keywords      map[string]bool
	Anniversaries map[string]struct {
		Kind, Label string
		Date        struct{ Year, Month, Day int }
	}
	RelatedTo map[string]struct {
		Label    string
		Name     string `json:"kith.app:name"`
		Relation map[string]bool
	}
	Fields map[string]viewEntry `json:"kith.app:fields"`
	Kept   map[string]any       `json:"kith.app:csv"`
}

type component struct{ Kind, Value, Phonetic string }

// viewEntry is an entry of any of the maps; the members that they do not have are empty.
type viewEntry struct {
	Name, Address, Number, URI, User, Service, Full, Label, Value string
	Pref                                                          int
	Contexts, Features                                            map[string]bool
	Components                                                    []component
}

// look reads a card. A member of another type than RFC 9553 has for it is left out.
func look(c contact.Card) view {
	var v view
	_ = json.Unmarshal(c.JSON(), &v) // goes on behind a member of another type
	return v
}

func (v view) component(kinds ...string) string {
	var values []string
	for _, c := range v.Name.Components {
		if slices.Contains(kinds, c.Kind) && c.Value != "" {
			values = append(values, c.Value)
		}
	}
	return strings.Join(values, " ")
}

// otherFullName is the full name if a reader would not make it of the parts.
func (v view) otherFullName() string {
	var read []string
	for _, kinds := range [][]string{{"title"}, {"given"}, {"given2"}, {"surname", "surname2"}, {"generation", "credential"}} {
		if part := v.component(kinds...); part != "" {
			read = append(read, part)
		}
	}
	parts := strings.Join(read, " ")
	if given, surname := v.component("given"), v.component("surname"); inScriptsOfEastAsia(given) && inScriptsOfEastAsia(surname) {
		parts = surname + given
	}
	if v.Name.Full == parts {
		return ""
	}
	return v.Name.Full
}

func (v view) phonetic(kind string) string {
	for _, c := range v.Name.Components {
		if c.Kind == kind {
			return c.Phonetic
		}
	}
	return ""
}

func (e viewEntry) part(kinds ...string) string {
	var values []string
	for _, c := range e.Components {
		if slices.Contains(kinds, c.Kind) && c.Value != "" {
			values = append(values, c.Value)
		}
	}
	return strings.Join(values, " ")
}

// street are the components that make up the line of the street.
var street = []string{"name", "number", "building", "block", "floor", "room", "direction", "landmark"}

func (e viewEntry) wholeStreet() string { return e.part(street...) }

// inOrder are a map's entries by pref, those without one last, then as they were added.
func inOrder(m map[string]viewEntry) []viewEntry {
	keys := sortedKeys(m)
	rank := func(key string) int { return cmp.Or(m[key].Pref, 101) }
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	var out []viewEntry
	for _, key := range keys {
		out = append(out, m[key])
	}
	return out
}

// first is the first entry's value of a map of which a file has one column.
func first[V any](m map[string]V) (v V) {
	for _, key := range sortedKeys(m) {
		return m[key]
	}
	return v
}

func (v view) date(kind string) string {
	for _, key := range sortedKeys(v.Anniversaries) {
		if a := v.Anniversaries[key]; a.Kind == kind {
			return contact.Date(a.Date).String()
		}
	}
	return ""
}

// events are the dates that Google has columns for, each with its label.
func (v view) events() (out [][2]string) {
	for _, key := range sortedKeys(v.Anniversaries) {
		a := v.Anniversaries[key]
		label := a.Label
		switch {
		case a.Kind == "wedding":
			label = "Anniversary"
		case a.Kind != "kith.app:date":
			continue
		}
		if date := contact.Date(a.Date).String(); date != "" {
			out = append(out, [2]string{label, date})
		}
	}
	return out
}

func (v view) notes() string {
	var all []string
	for _, key := range sortedKeys(v.Notes) {
		all = append(all, v.Notes[key].Note)
	}
	return strings.Join(all, "\n")
}

func (v view) department() string {
	var units []string
	for _, u := range first(v.Organizations).Units {
		units = append(units, u.Name)
	}
	return strings.Join(units, ", ")
}

func (v view) labels() []string {
	var labels []string
	for _, label := range sortedKeys(v.Keywords) {
		if v.Keywords[label] && label != "starred" {
			labels = append(labels, label)
		}
	}
	return labels
}
