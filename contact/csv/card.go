package csv

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"kith/contact"
)

// memberKept is the member of a card that holds what has no other place in it: an object of texts by header.
const memberKept = "kith.app:csv"

type object = map[string]any

var ErrNoDate = errors.New("the parts make no date")

// namespace is that of the uids (version 5, RFC 9562) of contacts that come from a row.
var namespace = uuid.MustParse("c2b1f7de-0a55-5c7e-8f0d-52a3b7a0d914")

// separator stands between several values in one cell of Google's.
const separator = " ::: "

// entry is a cell that becomes an entry of a keyed map; the parts of an address are one.
type entry struct {
	column Column
	value  string
	parts  map[Field]string
}

// row is one row under its columns' meanings.
type row struct {
	one      map[Field]string
	entries  []*entry
	groups   map[string]*entry           // addresses
	about    map[string]map[Field]string // a group's EntryLabel and ChatName
	kept     object
	dayFirst bool
}

// card makes a contact of a row.
func (r *Reader) card(cells []string) (contact.Card, error) {
	w := row{one: map[Field]string{}, groups: map[string]*entry{}, about: map[string]map[Field]string{}, kept: object{}, dayFirst: r.dayFirst}
	var content strings.Builder
	for i, cell := range cells {
		value := strings.TrimSpace(strings.ToValidUTF8(cell, "\ufffd"))
		if value == "" {
			continue
		}
		column, header := Column{}, fmt.Sprintf("Column %d", i+1) // a cell beyond the header
		if i < len(r.header) {
			column, header = labelOfOwn(r.mapping[i], r.header[i]), r.header[i]
		}
		fmt.Fprintf(&content, "%q:%q,", header, value)
		if !w.take(column, value) {
			w.keep(header, value)
		}
	}
	card := object{"@type": "Card", "version": "1.0", "uid": uuid.NewSHA1(namespace, []byte(content.String())).String()}
	w.build(card)
	text, err := json.Marshal(card)
	if err != nil {
		return contact.Card{}, fmt.Errorf("make a card: %w", err)
	}
	c, err := contact.Parse(text)
	if err != nil {
		return contact.Card{}, err
	}
	if full := w.one[FullName]; full != "" && card["name"] == nil {
		return c.WithFullName(full), nil // which guesses its parts
	}
	return c, nil
}

// keep puts a value aside under a header, or under the header with a number if there is one already.
func (w *row) keep(header, value string) {
	free := header
	for nth := 2; w.kept[free] != nil; nth++ {
		free = fmt.Sprintf("%s (%d)", header, nth)
	}
	w.kept[free] = value
}

// put fills in what there is one of; false: it is filled already.
func put(to map[Field]string, f Field, value string) bool {
	if to[f] != "" {
		return false
	}
	to[f] = value
	return true
}

// take sorts one cell in; false: it has to be kept as it is.
func (w *row) take(c Column, value string) bool {
	switch c.Field {
	case Keep:
		return false
	case Skip:
	case Anniversary:
		d, none, ok := parseDate(value, w.dayFirst)
		if ok && !none && c.Group != "" { // Google's, which has a label
			w.entries = append(w.entries, &entry{column: c, value: d.String()})
			return true
		}
		return ok && (none || put(w.one, c.Field, d.String()))
	case Birthday:
		d, none, ok := parseDate(value, w.dayFirst)
		return ok && (none || put(w.one, c.Field, d.String()))
	case Email, Phone, Link, Chat, Nickname:
		for _, v := range strings.Split(value, strings.TrimSpace(separator)) {
			if v = strings.TrimSpace(v); v != "" {
				w.entries = append(w.entries, &entry{column: c, value: v})
			}
		}
	case Relation, Custom:
		w.entries = append(w.entries, &entry{column: c, value: value})
	case EntryLabel, ChatName:
		if w.about[c.Group] == nil {
			w.about[c.Group] = map[Field]string{}
		}
		return put(w.about[c.Group], c.Field, value)
	case Street, Street2, POBox, Locality, Region, Postcode, Country, Address:
		e := w.groups[c.Group]
		if e == nil {
			e = &entry{column: c, parts: map[Field]string{}}
			w.groups[c.Group] = e
			w.entries = append(w.entries, e)
		}
		return put(e.parts, c.Field, value)
	case Note, Labels:
		if before := w.one[c.Field]; before != "" {
			glue := "\n"
			if c.Field == Labels {
				glue = separator
			}
			value = before + glue + value
		}
		w.one[c.Field] = value
	default:
		return put(w.one, c.Field, value)
	}
	return true
}

func (w *row) build(card object) {
	if name := w.name(); name != nil {
		card["name"] = name
	}
	org := object{}
	if v := w.one[Organization]; v != "" {
		org["name"] = v
	}
	if v := w.one[Department]; v != "" {
		org["units"] = []any{object{"name": v}}
	}
	if len(org) > 0 {
		card["organizations"] = object{"org": org}
	}
	if v := w.one[Title]; v != "" {
		card["titles"] = object{"title": object{"name": v}}
	}
	if v := w.one[Note]; v != "" {
		card["notes"] = object{"note": object{"note": v}}
	}
	if labels := parseLabels(w.one[Labels]); len(labels) > 0 {
		card["keywords"] = labels
	}
	dates := object{}
	if date := w.birthday(); date != nil {
		dates["birthday"] = object{"kind": "birth", "date": date}
	}
	if d, err := contact.ParseDate(w.one[Anniversary]); err == nil {
		dates["anniversary"] = object{"kind": "wedding", "date": partialDate(d)}
	}
	if len(dates) > 0 {
		card["anniversaries"] = dates
	}
	w.entriesInto(card)
	if len(w.kept) > 0 {
		card[memberKept] = w.kept
	}
}

// birthday is the date of one column, or of three; what is not used of them is kept.
func (w *row) birthday() object {
	d, err := contact.ParseDate(w.one[Birthday])
	whole := err == nil
	if !whole {
		d = contact.Date{Year: number(w.one[BirthYear]), Month: number(w.one[BirthMonth]), Day: number(w.one[BirthDay])}
		var checked contact.Date
		if checked, err = contact.ParseDate(d.String()); err == nil && checked != d {
			err = ErrNoDate
		}
	}
	for _, f := range []Field{BirthYear, BirthMonth, BirthDay} {
		if v := w.one[f]; strings.Trim(v, "0") != "" && (whole || err != nil || number(v) == 0) {
			w.keep(string(f), v)
		}
	}
	if err != nil {
		return nil
	}
	return partialDate(d)
}

func partialDate(d contact.Date) object {
	date := object{"@type": "PartialDate"}
	for member, n := range map[string]int{"year": d.Year, "month": d.Month, "day": d.Day} {
		if n > 0 {
			date[member] = n
		}
	}
	return date
}

// generations tell "Jr." from "PhD": both stand behind a name.
var generations = map[string]bool{"jr": true, "sr": true, "ii": true, "iii": true, "iv": true, "junior": true, "senior": true}

// name is nil where no part of it has a column of its own.
func (w *row) name() object {
	suffix := "credential"
	if generations[normal(w.one[Suffix])] {
		suffix = "generation"
	}
	var components []any
	phonetic := ""
	add := func(kind string, f, sound Field) {
		c := object{"kind": kind, "value": w.one[f]}
		if p := w.one[sound]; p != "" && w.one[f] != "" {
			c["phonetic"], phonetic = p, phonetic+p
		} else if p != "" {
			w.keep(string(sound), p)
		}
		if w.one[f] != "" {
			components = append(components, c)
		}
	}
	add("title", Prefix, "")
	given := func() { add("given", Given, GivenPhonetic); add("given2", Middle, "") }
	gap, ordered := w.surnameFirst()
	if ordered {
		add("surname", Surname, SurnamePhonetic)
		given()
	} else {
		given()
		add("surname", Surname, SurnamePhonetic)
	}
	add(suffix, Suffix, "")
	if len(components) == 0 {
		return nil
	}
	name := object{"components": components}
	if ordered {
		name["isOrdered"], name["defaultSeparator"] = true, gap
	}
	if phonetic != "" {
		name["phoneticScript"] = scriptOf(phonetic)
	}
	if full := w.one[FullName]; full != "" {
		name["full"] = full
	} else if text, err := json.Marshal(object{"name": name}); err == nil {
		if c, err := contact.Parse(text); err == nil {
			name["full"] = c.FullName()
		}
	}
	return name
}

// surnameFirst tells by the full name, and without one by the script, and what stands between the two names then.
func (w *row) surnameFirst() (gap string, ok bool) {
	surname, given, full := w.one[Surname], w.one[Given], w.one[FullName]
	switch {
	case surname == "" || given == "":
		return "", false
	case full == "" && inScriptsOfEastAsia(surname+given), full == surname+given:
		return "", true
	}
	return " ", full == surname+" "+given
}

func inScriptsOfEastAsia(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return false
		}
	}
	return s != ""
}

// scriptOf is the ISO 15924 code of what a phonetic name is written in.
func scriptOf(s string) string {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "Hrkt"
		case unicode.Is(unicode.Bopomofo, r):
			return "Bopo"
		case unicode.Is(unicode.Cyrillic, r):
			return "Cyrl"
		}
	}
	return "Latn"
}

// parseLabels reads Google's labels and Outlook's categories. A star before a label says that Google made it.
func parseLabels(s string) object {
	labels := object{}
	for _, label := range strings.FieldsFunc(strings.ReplaceAll(s, ":::", ";"), func(r rune) bool { return r == ';' }) {
		label = strings.TrimSpace(label)
		system, ok := strings.CutPrefix(label, "* ")
		switch {
		case ok && strings.ReplaceAll(normal(system), " ", "") == "mycontacts": // every contact of Google's
		case ok && normal(system) == "starred":
			labels["starred"] = true
		case ok:
			labels[strings.TrimSpace(system)] = true
		case label != "":
			labels[label] = true
		}
	}
	return labels
}

// members are the keyed map and the member of its entries that each field of one value goes to.
var members = map[Field][2]string{
	Email: {"emails", "address"}, Phone: {"phones", "number"}, Link: {"links", "uri"}, Chat: {"onlineServices", "user"}, Nickname: {"nicknames", "name"},
	Custom: {customMember, "value"},
}

func (w *row) entriesInto(card object) {
	used := map[string]bool{}
	for place, e := range w.entries {
		if e.column.Field == Relation {
			label := e.column.Label
			if about := w.about[e.column.Group]; e.column.Group != "" {
				used[e.column.Group] = true
				label = strings.TrimPrefix(about[EntryLabel], "* ")
			}
			w.relate(card, e.value, relation(e.column.Kind, label))
			continue
		}
		member, o := "addresses", object{}
		if e.column.Field == Anniversary {
			member, o = "anniversaries", event(e.value)
		} else if m, ok := members[e.column.Field]; ok {
			member, o[m[1]] = m[0], e.value
		} else {
			o = address(e.parts)
		}
		kinds := e.column.Kind
		if about := w.about[e.column.Group]; about != nil && e.column.Group != "" {
			used[e.column.Group] = true
			label, preferred := strings.CutPrefix(about[EntryLabel], "* ")
			if preferred || label == "*" {
				o["pref"] = 1
			}
			if e.column.Field == Anniversary && weddings[normal(label)] {
				o["kind"], kinds = "wedding", ""
			} else if k, ok := labelKinds[normal(label)]; ok && e.column.Field != Anniversary && e.column.Field != Custom {
				kinds = k
			} else if label != "" {
				o["label"] = label
			}
			if service := about[ChatName]; service != "" {
				o["service"] = service
			}
		}
		if e.column.Label != "" {
			o["label"] = e.column.Label
		}
		setKinds(o, kinds)
		if card[member] == nil {
			card[member] = object{}
		}
		card[member].(object)[entryKey(member, place, o)] = o
	}
	for _, group := range sortedKeys(w.about) {
		if used[group] {
			continue
		}
		for _, f := range []Field{EntryLabel, ChatName} { // of nothing: an empty phone may have a label
			if v := w.about[group][f]; v != "" {
				w.keep(strings.TrimSpace(group+" "+string(f)), v)
			}
		}
	}
}

// event is a date of a person's own. Its label says which.
func event(date string) object {
	d, err := contact.ParseDate(date)
	if err != nil { // it was written by Date.String
		return object{}
	}
	return object{"kind": "kith.app:date", "date": partialDate(d)}
}

// weddings are Google's labels of an event that is an anniversary.
var weddings = map[string]bool{"anniversary": true, "jahrestag": true, "anniversaire": true, "aniversario": true, "anniversario": true, "jubileum": true, "記念日": true, "纪念日": true}

var contexts = []string{"private", "work"}

func setKinds(o object, kinds string) {
	for _, kind := range strings.Fields(kinds) {
		member := "features"
		if slices.Contains(contexts, kind) {
			member = "contexts"
		}
		if o[member] == nil {
			o[member] = object{}
		}
		o[member].(object)[kind] = true
	}
}

// addressKinds are the kinds of component that the parts of an address become (RFC 9553, section 2.5.1.2), in the order of their joining.
var addressKinds = []struct {
	field Field
	kind  string
}{
	{POBox, "postOfficeBox"}, {Street, "name"}, {Street2, "apartment"}, {Locality, "locality"}, {Region, "region"}, {Postcode, "postcode"}, {Country, "country"},
}

func address(parts map[Field]string) object {
	o := object{}
	var components []any
	for _, k := range addressKinds {
		if v := parts[k.field]; v != "" {
			components = append(components, object{"kind": k.kind, "value": v})
		}
	}
	if len(components) > 0 {
		o["components"] = components
	}
	if v := parts[Address]; v != "" {
		o["full"] = v
	}
	return o
}

// labelKinds are the labels of Google's entries that are kinds of ours, in the languages that Google writes.
var labelKinds = map[string]string{
	"home": "private", "private": "private", "privat": "private", "domicile": "private", "casa": "private", "thuis": "private",
	"work": "work", "arbeit": "work", "geschaftlich": "work", "bureau": "work", "professionnel": "work", "trabajo": "work", "lavoro": "work", "werk": "work",
	"mobile": "mobile", "mobil": "mobile", "cell": "mobile", "portable": "mobile", "movil": "mobile", "cellulare": "mobile",
	"work fax": "work fax", "home fax": "private fax", "fax": "fax", "pager": "pager", "main": "main-number", "work mobile": "work mobile",
	"fax geschaftlich": "work fax", "fax privat": "private fax", "": "",
}

const keyAlphabet = "0123456789abcdefghijklmnopqrstuv"

// entryKey is made of the place and the value: entries sort as they stood in the row, and before any that is added later.
func entryKey(member string, place int, o object) string {
	names := sortedKeys(o)
	hash := sha256.New()
	fmt.Fprintf(hash, "%s", member)
	for _, name := range names {
		fmt.Fprintf(hash, ",%q:%v", name, o[name])
	}
	sum := hash.Sum(nil)
	key := []byte{'0', keyAlphabet[place>>5&31], keyAlphabet[place&31]}
	for _, b := range sum[:13] {
		key = append(key, keyAlphabet[b&31])
	}
	return string(key)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
