package vcard

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kith/contact"
)

// exporter makes the properties of one card.
type exporter struct {
	version Version
	card    object // what is left of it
	props   []property
	patches []property
	groups  map[string]bool // in use, in lower case
	labels  map[string]bool // groups with an X-ABLabel

	lastGroup int // number of the last one that was made
}

func exportCard(c contact.Card, v Version) []property {
	ex := &exporter{version: v, groups: map[string]bool{}, labels: map[string]bool{}}
	ex.card = c.Object()
	ex.findGroups(ex.card)
	lines, others := ex.takeList(memberLines), ex.takeList(memberProps)
	delete(ex.card, "@type")
	delete(ex.card, "version")
	for _, u := range units {
		ex.unit(u, lines)
	}
	for _, member := range entryMembers {
		ex.entries(member)
	}
	ex.others(others)
	ex.rest()
	return ex.complete(c)
}

// takeList removes a member if it is a list, as it should be.
func (ex *exporter) takeList(member string) list {
	l, ok := ex.card[member].(list)
	if ok {
		delete(ex.card, member)
	}
	return l
}

// findGroups notes the groups that entries and kept properties name, so that a new one is new.
func (ex *exporter) findGroups(v any) {
	switch v := v.(type) {
	case object:
		for name, member := range v {
			if group, ok := member.(string); ok && name == "group" {
				ex.groups[strings.ToLower(group)] = true
			} else {
				ex.findGroups(member)
			}
		}
	case list:
		for _, item := range v {
			ex.findGroups(item)
		}
	}
}

// unit writes members that stand once: as they stood in the file where that still says the same.
func (ex *exporter) unit(u *unit, lines list) {
	var spelled []property
	for _, line := range lines {
		if p, ok := fromJCard(line); ok && slices.Contains(u.names, p.Name) {
			spelled = append(spelled, p)
		}
	}
	props := u.write(ex.card, ex.version)
	if len(spelled) > 0 {
		before := object{}
		if rest := u.read(spelled, before); len(rest) == 0 && sameSet(u.write(before, ex.version), props) {
			props = spelled
		} else {
			props = inherit(props, spelled)
		}
	}
	ex.props = append(ex.props, props...)
	back := object{}
	u.read(props, back)
	for _, path := range u.paths {
		if value := atPath(ex.card, path); value == nil || !reflect.DeepEqual(plainPart(path, value), plainPart(path, atPath(back, path))) {
			continue // left for JSPROP
		}
		removePath(ex.card, path)
	}
}

// plainPart is plain, for a value that stands in an object of a member.
func plainPart(path string, value any) any {
	_, inner, nested := strings.Cut(path, "/")
	if !nested {
		return plain(value)
	}
	return members(plain(object{inner: value}))[inner]
}

// inherit gives a changed property the group and the parameters of the one that it replaces.
func inherit(props, spelled []property) []property {
	named := map[string][]property{}
	for _, s := range spelled {
		named[s.Name] = append(named[s.Name], s)
	}
	for i, p := range props {
		if len(named[p.Name]) != 1 {
			continue
		}
		old := named[p.Name][0]
		props[i].Group = old.Group
		for _, q := range old.Params {
			if props[i].values(q.Name) == nil && q.Name != "VALUE" && q.Name != "ENCODING" {
				props[i].add(q.Name, q.Values...)
			}
		}
	}
	return props
}

// choose is the rule by which an entry is written: that of its vCardName, or the first that can.
func choose(member string, e object, v Version) *rule {
	if r := ruleNamed(strings.ToUpper(text(e[memberName])), member); r != nil {
		var p property
		if r.write(e, v, &p) {
			return r
		}
	}
	for _, r := range defaults[member] {
		var p property
		if !r.only && (r.version == "" || r.version == v) && r.write(e, v, &p) {
			return r
		}
	}
	return nil
}

// written is one entry as a property; line is the number of the line that it shares with others.
type written struct {
	property
	line string
	more []string   // values that follow on the same line
	with []property // of the same group, to say more of it
}

func (ex *exporter) entries(path string) {
	held, ok := atPath(ex.card, path).(object)
	if !ok {
		return
	}
	var out []written
	left := object{}
	for _, key := range sortedKeys(held) {
		e, isObject := held[key].(object)
		if !isObject {
			left[key] = held[key]
			continue
		}
		line := fmt.Sprint(e[memberLine])
		e[""] = key
		var p property
		var missing object
		r := choose(path, e, ex.version)
		composed := r != nil
		if composed {
			p, missing, composed = ex.compose(r, e, key)
		}
		if !composed {
			delete(e, "")
			left[key] = e
			continue
		}
		if e[memberLine] == nil {
			line = ""
		}
		if len(missing) > 0 && !r.keyed {
			p.set("PROP-ID", []string{key})
			line = ""
		}
		with := ex.satellites(r, e, &p)
		out = append(out, written{property: p, line: line, with: with})
		for _, member := range sortedKeys(missing) {
			ex.patch(append(strings.Split(path, "/"), key, member), missing[member])
		}
	}
	for _, w := range joinLines(out) {
		ex.props = append(append(ex.props, w.property), w.with...)
	}
	removePath(ex.card, path)
	for _, key := range sortedKeys(left) {
		ex.patch(append(strings.Split(path, "/"), key), left[key])
	}
}

// compose writes an entry, and gives the members of it that its property doesn't hold. It fails if reading it again would not give an entry
// of the same key.
func (ex *exporter) compose(r *rule, e object, key string) (p property, missing object, ok bool) {
	if p, ok = r.compose(e, ex.version); !ok {
		return p, nil, false
	}
	back, _, ok := r.parse(p)
	if !ok {
		return p, nil, false
	}
	missing = content(e)
	delete(missing, "")
	if r.label && text(e["label"]) != "" {
		delete(missing, "label")
	}
	if _, ok := placeOf(e, ex.version); ok && r.member == "anniversaries" {
		delete(missing, "place")
	}
	if r.name == "X-ABDATE" && isAppleWedding(e) {
		delete(missing, "kind")
	}
	if kept(e, countryParam) != nil && text(e["countryCode"]) != "" {
		delete(missing, "countryCode")
	}
	is := content(back)
	for name, value := range missing {
		if same, ok := is[name]; ok && reflect.DeepEqual(value, same) {
			delete(missing, name)
		} else {
			missing[name] = e[name]
		}
	}
	if r.keyed {
		plain, _ := cutUUID(key)
		return p, missing, back[""] == key || back[""] == plain
	}
	return p, missing, len(missing) == 0 || usableID(key) // PROP-ID has to name it
}

// satellites are the properties that belong to an entry's property by their group.
func (ex *exporter) satellites(r *rule, e object, p *property) (out []property) {
	if label := text(e["label"]); r.label && label != "" {
		if p.Group == "" || ex.labels[strings.ToLower(p.Group)] {
			p.Group = ex.newGroup()
		}
		ex.labels[strings.ToLower(p.Group)] = true
		if raw := kept(e, labelParam); len(raw) == 1 && appleLabel(raw[0]) == label {
			label = raw[0]
		}
		out = append(out, property{Group: p.Group, Name: "X-ABLABEL", Value: escapeText(label, ex.version)})
	}
	if place, ok := placeOf(e, ex.version); ok && r.member == "anniversaries" {
		out = append(out, place)
	}
	if country, code := kept(e, countryParam), text(e["countryCode"]); len(country) > 0 && code != "" {
		if p.Group == "" {
			p.Group = ex.newGroup()
		}
		if strings.EqualFold(country[0], code) {
			code = country[0]
		}
		out = append(out, property{Group: p.Group, Name: "X-ABADR", Value: escapeText(code, ex.version)})
	}
	return out
}

func (ex *exporter) newGroup() string {
	for {
		ex.lastGroup++
		if group := "item" + strconv.Itoa(ex.lastGroup); !ex.groups[group] {
			ex.groups[group] = true
			return group
		}
	}
}

// joinLines puts entries that stood on one line onto one again.
func joinLines(in []written) []written {
	var out []written
	begun := map[string]int{} // by what they have in common, of those in out
	for _, w := range in {
		if w.line == "" {
			out = append(out, w)
			continue
		}
		first := w.property
		first.Value = w.line
		if i, ok := begun[first.key()]; ok {
			out[i].more = append(out[i].more, w.Value)
			continue
		}
		begun[first.key()] = len(out)
		out = append(out, w)
	}
	for i := range out {
		if out[i].more != nil {
			out[i].Value += "," + strings.Join(out[i].more, ",")
		}
	}
	return out
}

// others writes vCardProps. What isn't a property goes out as it is.
func (ex *exporter) others(kept list) {
	var strange list
	for _, v := range kept {
		if p, ok := fromJCard(v); ok {
			ex.props = append(ex.props, p)
		} else {
			strange = append(strange, v)
		}
	}
	if len(strange) > 0 {
		ex.patch([]string{memberProps}, strange)
	}
}

// rest writes every member that no property holds. A member that is partly written is patched part by part.
func (ex *exporter) rest() {
	for _, name := range sortedKeys(ex.card) {
		inner, ok := ex.card[name].(object)
		if !ok || name != "name" && name != "speakToAs" {
			ex.patch([]string{name}, ex.card[name])
			continue
		}
		for _, part := range sortedKeys(inner) {
			if part != "@type" {
				ex.patch([]string{name, part}, inner[part])
			}
		}
	}
}

// patch writes JSPROP: the pointer has no slash in front (RFC 9555 section 3.2.1).
func (ex *exporter) patch(path []string, value any) {
	for i := range path {
		path[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(path[i])
	}
	ex.patches = append(ex.patches, property{Name: "JSPROP", Params: []param{{"JSPTR", []string{strings.Join(path, "/")}}},
		Value: escapeText(string(canonical(value)), ex.version)})
}

// complete adds what both versions want: FN. It says that it is derived.
func (ex *exporter) complete(c contact.Card) []property {
	if !slices.ContainsFunc(ex.props, func(p property) bool { return p.Name == "FN" }) {
		fn := property{Name: "FN", Params: []param{{"DERIVED", []string{"TRUE"}}}, Value: escapeText(c.DisplayName(), ex.version)}
		ex.props = slices.Insert(ex.props, 0, fn)
	}
	return slices.Concat(ex.props, ex.patches)
}
