package contact

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Address is one postal address, in the parts that a person types. Full is the whole as it came, where it has no parts.
type Address struct {
	ID                                          string
	Street, Locality, Region, Postcode, Country string
	Full                                        string
	Kind, Label                                 string // as in Entry
	CountryCode                                 string // as it came; one that the Country says otherwise goes
}

// IsZero reports whether nothing was typed.
func (a Address) IsZero() bool {
	return strings.TrimSpace(a.Street+a.Locality+a.Region+a.Postcode+a.Country+a.Full) == ""
}

// streetKinds are the component kinds that make up what people call the street line.
var streetKinds = []string{"room", "apartment", "floor", "building", "number", "name", "block", "direction", "landmark", "postOfficeBox"}

// Addresses are ordered by pref, then as they were added.
func (c Card) Addresses() []Address {
	var out []Address
	held := object(c.members["addresses"])
	for _, id := range inOrder(held) {
		if a := readAddress(id, object(held[id])); !a.IsZero() {
			out = append(out, a)
		}
	}
	return out
}

func readAddress(id string, o map[string]any) Address {
	part := func(kinds ...string) string {
		var values []string
		for _, p := range components(o) {
			if slices.Contains(kinds, p.kind) && p.value != "" {
				values = append(values, p.value)
			}
		}
		return strings.Join(values, " ")
	}
	return Address{
		ID: id, Street: part(streetKinds...), Locality: part("locality"), Region: part("region"), Postcode: part("postcode"),
		Country: part("country"), Full: text(o["full"]), Kind: contextOf(o), Label: text(o["label"]),
		CountryCode: text(o["countryCode"]),
	}
}

// WithAddresses makes the card hold exactly these, in this order; one with an empty ID gets a new key; blank ones are left out. Parts that did
// not change keep their components as they are.
func (c Card) WithAddresses(addresses []Address) Card {
	held := object(c.members["addresses"])
	out := map[string]any{}
	now := time.Now()
	var ids []string
	for i, a := range addresses {
		if a.IsZero() {
			continue
		}
		if a.ID == "" {
			a.ID = newKey(now, i)
		}
		out[a.ID] = writeAddress(object(held[a.ID]), a)
		ids = append(ids, a.ID)
	}
	for id, v := range held {
		if readAddress(id, object(v)).IsZero() {
			out[id] = v // not shown by this view, so not removed by it
		}
	}
	if len(out) == 0 {
		return c.with(nil, "addresses")
	}
	keepOrder(out, ids)
	return c.with(out, "addresses")
}

func writeAddress(old map[string]any, a Address) map[string]any {
	before := readAddress(a.ID, old)
	o := maps.Clone(old)
	if o == nil {
		o = map[string]any{}
	}
	parts := slices.Clone(list(o["components"]))
	set := func(was, after, kind string, kinds ...string) {
		if after = strings.TrimSpace(after); after == was {
			return
		}
		parts = slices.DeleteFunc(parts, func(v any) bool { return slices.Contains(kinds, text(object(v)["kind"])) })
		if after != "" {
			parts = append(parts, map[string]any{"kind": kind, "value": after})
		}
		delete(o, "isOrdered") // the order was that of the old parts
		if a.Full == before.Full {
			delete(o, "full") // it would say what is no longer so
		}
	}
	set(before.Street, a.Street, "name", streetKinds...)
	set(before.Locality, a.Locality, "locality", "locality")
	set(before.Region, a.Region, "region", "region")
	set(before.Postcode, a.Postcode, "postcode", "postcode")
	set(before.Country, a.Country, "country", "country")
	if strings.TrimSpace(a.Country) != before.Country {
		delete(o, "countryCode")
	}
	if delete(o, "components"); len(parts) > 0 {
		o["components"] = parts
	}
	if a.Full != before.Full {
		setText(o, "full", before.Full, a.Full)
	}
	setText(o, "label", before.Label, a.Label)
	if a.Kind != before.Kind {
		setFlag(o, "contexts", []string{"private", "work"}, a.Kind)
	}
	return o
}
