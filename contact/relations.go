package contact

import (
	"maps"
	"slices"
	"strings"
)

// Relation is one entry of relatedTo (RFC 9553 section 2.1.8): who the other is to this contact.
type Relation struct {
	Key   string // the other's uid, a URI, or, of somebody who is no contact, the name
	Name  string // as the other was called when it was linked: shown when there is no such contact (any more)
	Kind  string // "spouse", "child", …; "" : none that this version knows
	Label string // typed by the user
}

// relatedName remembers the name of the other, for when it is gone.
const relatedName = "kith.app:name"

// inverses say what this contact is to the other, by what the other is to it.
var inverses = map[string]string{
	"spouse": "spouse", "sweetheart": "sweetheart", "sibling": "sibling", "friend": "friend", "colleague": "colleague", "co-worker": "co-worker",
	"neighbor": "neighbor", "kin": "kin", "co-resident": "co-resident", "acquaintance": "acquaintance", "met": "met", "contact": "contact",
	"parent": "child", "child": "parent", "kith.app:manager": "kith.app:report", "kith.app:report": "kith.app:manager",
	"kith.app:assistant": "kith.app:assists", "kith.app:assists": "kith.app:assistant",
}

// Inverse is the relation as the other sees it. A label of the user's own can't be turned round: there it is a plain contact.
func (r Relation) Inverse() string {
	if inverse := inverses[r.Kind]; inverse != "" {
		return inverse
	}
	return "contact"
}

// Relations are ordered by name.
func (c Card) Relations() []Relation {
	var all []Relation
	held := object(c.members["relatedTo"])
	for _, key := range sortedKeys(held) {
		all = append(all, readRelation(key, object(held[key])))
	}
	slices.SortStableFunc(all, func(a, b Relation) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func readRelation(key string, o map[string]any) Relation {
	r := Relation{Key: key, Name: text(o[relatedName]), Label: text(o["label"])}
	kinds := object(o["relation"])
	for _, kind := range sortedKeys(kinds) {
		if kinds[kind] == true && (r.Kind == "" || inverses[r.Kind] == "") {
			r.Kind = kind
		}
	}
	if r.Name == "" {
		r.Name = key
	}
	return r
}

// WithRelations makes the card hold exactly these; one without a Key is of a name alone. Unknown members of an entry stay.
func (c Card) WithRelations(relations []Relation) Card {
	held := object(c.members["relatedTo"])
	out := map[string]any{}
	for _, r := range relations {
		r.Name = strings.TrimSpace(r.Name)
		if r.Key == "" {
			r.Key = r.Name
		}
		if r.Key == "" || r.Key == c.UID() {
			continue
		}
		before := readRelation(r.Key, object(held[r.Key]))
		o := maps.Clone(object(held[r.Key]))
		if o == nil {
			o = map[string]any{"@type": "Relation"}
			before = Relation{Name: r.Key}
		}
		setText(o, relatedName, before.Name, r.Name)
		setText(o, "label", before.Label, r.Label)
		if r.Kind != before.Kind {
			setFlag(o, "relation", []string{before.Kind, r.Kind}, r.Kind)
		}
		out[r.Key] = o
	}
	if len(out) == 0 {
		return c.with(nil, "relatedTo")
	}
	return c.with(out, "relatedTo")
}

// WithRelation puts one relation on the card, in the place of the one with its key.
func (c Card) WithRelation(r Relation) Card {
	return c.WithRelations(append(slices.DeleteFunc(c.Relations(), func(o Relation) bool { return o.Key == r.Key }), r))
}

// WithoutRelation takes the relation to a key off the card.
func (c Card) WithoutRelation(key string) Card {
	return c.WithRelations(slices.DeleteFunc(c.Relations(), func(o Relation) bool { return o.Key == key }))
}
