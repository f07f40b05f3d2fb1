package vcard

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kith/contact"
)

// importer makes one card of one vCard's properties.
type importer struct {
	version Version
	card    object
	places  map[string]int     // how many entries each member has
	groups  map[string][]entry // by the group in lower case
	kept    list               // vCardProps
	lines   int                // of several values so far
}

// entry is one that was made, and how.
type entry struct {
	rule  *rule
	value object
}

// importCard makes the card. JSPROP is applied if the card still says what all properties say then; else it is kept as it is.
func importCard(props []property, v Version) (contact.Card, error) {
	patched := slices.ContainsFunc(props, func(p property) bool { return p.Name == "JSPROP" })
	card, err := build(props, v, patched)
	if err != nil || !patched {
		return card, err
	}
	if covers(exportCard(card, v), props) {
		return card, nil
	}
	return build(props, v, false)
}

// covers reports whether got has all properties of want; two JSPROP are the same if their values are.
func covers(got, want []property) bool {
	plain := func(p property) property {
		if isPatch(p) {
			if v, err := decodeJSON(unescape(p.Value)); err == nil {
				p = property{Name: p.Name, Params: []param{{"JSPTR", p.values("JSPTR")}}, Value: string(canonical(v))}
			}
		}
		return p
	}
	has := tally{}
	for _, p := range got {
		has.add(plain(p))
	}
	for _, p := range want {
		if !has.take(plain(p)) && !(p.Name == "FN" && p.value("DERIVED") != "") {
			return false
		}
	}
	return true
}

// isPatch reports whether a JSPROP says no more than its pointer and its value.
func isPatch(p property) bool {
	return p.Name == "JSPROP" && p.Group == "" && len(p.values("JSPTR")) == 1 &&
		(len(p.Params) == 1 || len(p.Params) == 2 && strings.EqualFold(p.value("VALUE"), "text"))
}

func build(props []property, v Version, patch bool) (contact.Card, error) {
	im := &importer{version: v, card: object{}, places: map[string]int{}, groups: map[string][]entry{}}
	attached := map[string][]property{} // X-ABLabel and X-ABADR, by group
	single := map[*unit][]property{}
	var patches, derived, places []property
	for _, p := range props {
		switch u := unitOf[p.Name]; {
		case p.Name == "FN" && strings.EqualFold(p.value("DERIVED"), "true"):
			derived = append(derived, p)
		case u != nil:
			single[u] = append(single[u], p)
		case p.Name == "JSPROP" && patch:
			patches = append(patches, p)
		case (p.Name == "X-ABLABEL" || p.Name == "X-ABADR") && p.Group != "" && len(p.Params) == 0:
			key := strings.ToLower(p.Group)
			attached[key] = append(attached[key], p)
		case placeKinds[p.Name] != "":
			places = append(places, p)
		case p.Name == "NICKNAME" && len(splitRaw(p.Value, ',')) > 1:
			im.nicknames(p)
		default:
			im.entry(p)
		}
	}
	if full := unitOf["FN"]; len(single[full]) > 0 { // a second name beside it is kept, derived or not
		single[full], derived = append(single[full], derived...), nil
	}
	for _, u := range units {
		im.unit(u, single[u])
	}
	for _, group := range slices.Sorted(maps.Keys(attached)) {
		im.attach(attached[group], im.groups[group])
	}
	for _, p := range places {
		im.place(p)
	}
	for _, p := range patches {
		im.patch(p)
	}
	if len(derived) > 0 {
		if err := im.derived(derived); err != nil {
			return contact.Card{}, err
		}
	}
	return im.finish(props)
}

func (im *importer) finish(props []property) (contact.Card, error) {
	if len(im.kept) > 0 {
		im.card[memberProps] = im.kept
	}
	if text(im.card["uid"]) == "" {
		im.card["uid"] = contentUID(props)
	}
	im.card["@type"], im.card["version"] = "Card", "1.0"
	return contact.FromObject(im.card)
}

// derived takes an FN that was made of other properties (RFC 9554 section 4.4) only if it isn't what the card is called without it.
func (im *importer) derived(names []property) error {
	card, err := contact.FromObject(im.card)
	plain := len(names) == 1 && len(names[0].Params) == 1 && names[0].Group == ""
	if err != nil || plain && card.DisplayName() == unescape(names[0].Value) {
		return err
	}
	im.unit(unitOf["FN"], names)
	return nil
}

func (im *importer) keep(p property) { im.kept = append(im.kept, toJCard(p)) }

// entry maps a property to an entry, or keeps it whole.
func (im *importer) entry(p property) {
	if r, e := im.read(p); e != nil {
		im.put(r, e, p)
	} else {
		im.keep(p)
	}
}

// read gives nil if no rule takes the property, or its way back isn't exact.
func (im *importer) read(p property) (*rule, object) {
	if r := rules[p.Name]; r != nil {
		if e := im.readBy(r, p); e != nil {
			return r, e
		}
	}
	for _, r := range variants[p.Name] {
		if e := im.readBy(r, p); e != nil {
			return r, e
		}
	}
	return nil, nil
}

func (im *importer) readBy(r *rule, p property) object {
	e, rest, ok := r.parse(p)
	if !ok {
		return nil
	}
	if usual := choose(r.member, e, im.version); usual != r {
		e[memberName] = strings.ToLower(r.name)
	}
	if !r.remember(e, p, rest, im.version) {
		return nil
	}
	return e
}

func (im *importer) put(r *rule, e object, p property) {
	holder := im.holder(r.member)
	key := p.value("PROP-ID")
	if r.keyed {
		key = text(e[""])
		delete(e, "")
		if holder[key] != nil {
			im.keep(p)
			return
		}
	} else if key == "" || !usableID(key) || holder[key] != nil {
		key = entryKey(r, im.places[r.member], unescape(p.Value))
	}
	im.places[r.member]++
	holder[key] = e
	if p.Group != "" {
		group := strings.ToLower(p.Group)
		im.groups[group] = append(im.groups[group], entry{r, e})
	}
}

// holder is the map of a member, made if it isn't there.
func (im *importer) holder(path string) object {
	held, _ := atPath(im.card, path).(object)
	if held == nil {
		held = object{}
		setPath(im.card, path, held)
	}
	return held
}

// nicknames maps a line of several names: each is an entry, and they remember that they stood on one line.
func (im *importer) nicknames(p property) {
	var entries []object
	var lines []property
	for _, name := range splitRaw(p.Value, ',') {
		one := p.clone()
		one.Value = name
		lines = append(lines, one)
		one.take("PROP-ID") // it would name several
		_, e := im.read(one)
		if e == nil || p.values("PROP-ID") != nil {
			im.keep(p)
			return
		}
		entries = append(entries, e)
	}
	im.lines++
	for i, e := range entries {
		e[memberLine] = json.Number(strconv.Itoa(im.lines))
		im.put(rules["NICKNAME"], e, lines[i])
	}
}

// unit maps properties to members, and remembers them as they are where the way back isn't exact.
func (im *importer) unit(u *unit, props []property) {
	if len(props) == 0 {
		return
	}
	rest := u.read(props, im.card)
	used := props
	if len(rest) > 0 {
		left := tally{}
		for _, p := range rest {
			left.add(p)
		}
		used = slices.DeleteFunc(slices.Clone(props), left.take)
	}
	for _, p := range rest {
		im.keep(p)
	}
	if !sameSet(u.write(im.card, im.version), used) {
		lines, _ := im.card[memberLines].(list)
		for _, p := range used {
			lines = append(lines, toJCard(p))
		}
		if len(lines) > 0 {
			im.card[memberLines] = lines
		}
	}
}

// sameSet compares without regard to order.
func sameSet(a, b []property) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) == 1 {
		return a[0].same(b[0])
	}
	has := tally{}
	for _, p := range a {
		has.add(p)
	}
	for _, p := range b {
		if !has.take(p) {
			return false
		}
	}
	return true
}

// tally counts properties that are the same.
type tally map[string]int

func (t tally) add(p property) { t[p.key()]++ }

func (t tally) take(p property) bool {
	key := p.key()
	if t[key] == 0 {
		return false
	}
	t[key]--
	return true
}

// attach gives the properties of a group that say something of another to that one's entry.
func (im *importer) attach(props []property, entries []entry) {
	count := map[string]int{}
	for _, p := range props {
		count[p.Name]++
	}
	for _, p := range props {
		value := unescape(p.Value)
		i := -1
		if count[p.Name] == 1 {
			i = slices.IndexFunc(entries, func(e entry) bool {
				if p.Name == "X-ABADR" {
					return e.rule.name == "ADR" && e.value["countryCode"] == nil
				}
				return e.rule.label
			})
		}
		exact := escapeText(value, im.version) == p.Value && strings.TrimSpace(value) == value && value != ""
		if i < 0 || !exact || text(members(entries[i].value[memberParams])["group"]) != p.Group {
			im.keep(p)
			continue
		}
		e := entries[i].value
		if p.Name == "X-ABADR" {
			e["countryCode"] = strings.ToUpper(value)
			members(e[memberParams])[countryParam] = value
			continue
		}
		e["label"] = appleLabel(value)
		if entries[i].rule.name == "X-ABDATE" && strings.EqualFold(text(e["label"]), "anniversary") {
			e["kind"], e[memberName] = "wedding", "x-abdate" // Apple and Google have no other way to say it
		}
		if e["label"] != value {
			members(e[memberParams])[labelParam] = value
		}
	}
}

// appleLabel takes the marks off a label that Apple's programs translate: "_$!<HomePage>!$_".
func appleLabel(s string) string {
	inner, begins := strings.CutPrefix(s, "_$!<")
	inner, ends := strings.CutSuffix(inner, ">!$_")
	if !begins || !ends || strings.TrimSpace(inner) == "" {
		return s
	}
	return inner
}

// patch is JSPROP (RFC 9555 section 3.2.1): a member that has no property, by its pointer. One that does not fit is kept.
func (im *importer) patch(p property) {
	path := strings.Split(strings.TrimPrefix(p.value("JSPTR"), "/"), "/")
	for i := range path {
		path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(path[i])
	}
	value, err := decodeJSON(unescape(p.Value))
	if err != nil || !im.set(path, value) {
		im.keep(p)
	}
}

func decodeJSON(s string) (v any, err error) {
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	if err = decoder.Decode(&v); err != nil {
		return nil, err
	}
	if _, end := decoder.Token(); !errors.Is(end, io.EOF) {
		return nil, errors.New("something follows the JSON value")
	}
	return v, nil
}

// set sets the member at path, if what is around it is an object. It does not touch what makes the card one.
func (im *importer) set(path []string, value any) bool {
	around := im.card
	for _, name := range path[:len(path)-1] {
		if around[name] == nil {
			around[name] = object{}
		}
		next, ok := around[name].(object)
		if !ok {
			return false
		}
		around = next
	}
	last := path[len(path)-1]
	if len(path) == 1 && (last == "@type" || last == "version" || last == "uid" || last == "") {
		return false
	}
	if len(path) == 1 && last == memberProps {
		more, ok := value.(list)
		im.kept = append(im.kept, more...)
		return ok
	}
	around[last] = value
	return true
}

func sortedKeys(m object) []string { return slices.Sorted(maps.Keys(m)) }
