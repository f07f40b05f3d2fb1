package vcard

import "strings"

// placeKinds are the kinds of anniversary whose place a property of its own says (RFC 6474, RFC 9555 sections 2.4.2 and 2.4.4).
var placeKinds = map[string]string{"BIRTHPLACE": "birth", "DEATHPLACE": "death"}

// place gives BIRTHPLACE to the one birthday that there is, and DEATHPLACE to the day of death; without one, or with two, or with
// parameters that an address has no members for, it is kept.
func (im *importer) place(p property) {
	var entry object
	for _, v := range members(im.card["anniversaries"]) {
		if e := members(v); e["kind"] == placeKinds[p.Name] {
			if entry != nil {
				im.keep(p)
				return
			}
			entry = e
		}
	}
	made := object{"full": unescape(p.Value)}
	if len(p.Params) == 1 && p.value("VALUE") == "uri" && strings.HasPrefix(p.Value, "geo:") {
		made = object{"coordinates": p.Value}
	}
	if entry == nil || entry["place"] != nil {
		im.keep(p)
		return
	}
	entry["place"] = made
	if back, ok := placeOf(entry, im.version); !ok || !back.same(p) {
		delete(entry, "place")
		im.keep(p)
	}
}

// placeOf is the property of an anniversary's place; false: it has none that a property holds.
func placeOf(e object, v Version) (property, bool) {
	place, _ := plain(e["place"]).(object)
	full, coordinates := text(place["full"]), text(place["coordinates"])
	for name, kind := range placeKinds {
		switch {
		case e["kind"] != kind || len(place) != 1:
		case strings.TrimSpace(full) != "":
			return property{Name: name, Value: escapeText(full, v)}, true
		case strings.HasPrefix(coordinates, "geo:"):
			return property{Name: name, Params: []param{{"VALUE", []string{"uri"}}}, Value: oneLine(coordinates)}, true
		}
	}
	return property{}, false
}
