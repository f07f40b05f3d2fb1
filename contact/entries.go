package contact

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Entry is one value of a keyed map (emails, phones, links): ID is its key there. Unknown members of an entry are kept by With….
type Entry struct {
	ID    string
	Value string // the address, the number as typed
	Kind  string // the one context shown: "private", "work", or ""; phones also "mobile", "fax", "pager" from their features
	Label string // typed by the user
	Pref  int    // 1 (first) to 100; 0: none
}

// entryMap describes one keyed map whose entries have one text value.
type entryMap struct {
	member, value string
	features      bool // phones: what the number can do
	service       bool // the label is a service's name, and the value may be a URI instead
}

var (
	emails    = entryMap{member: "emails", value: "address"}
	phones    = entryMap{member: "phones", value: "number", features: true}
	links     = entryMap{member: "links", value: "uri"}
	nicknames = entryMap{member: "nicknames", value: "name"}
)

// Emails, Phones and Links are ordered by pref, then as they were added.
func (c Card) Emails() []Entry { return c.entries(emails) }
func (c Card) Phones() []Entry { return c.entries(phones) }
func (c Card) Links() []Entry  { return c.entries(links) }

// WithEmails makes the card hold exactly these, in this order; an Entry with an empty ID gets a new key; blank values are left
// out. WithPhones and WithLinks likewise.
func (c Card) WithEmails(e []Entry) Card { return c.withEntries(emails, e) }
func (c Card) WithPhones(e []Entry) Card { return c.withEntries(phones, e) }
func (c Card) WithLinks(e []Entry) Card  { return c.withEntries(links, e) }

func (c Card) entries(m entryMap) []Entry {
	var out []Entry
	held := object(c.members[m.member])
	for _, id := range inOrder(held) {
		if e := m.read(id, object(held[id])); e.Value != "" {
			out = append(out, e)
		}
	}
	return out
}

func (m entryMap) read(id string, o map[string]any) Entry {
	e := Entry{ID: id, Value: text(o[m.value]), Kind: m.kind(o), Label: text(o["label"]), Pref: pref(o)}
	if m.service {
		e.Value, e.Label = cmp.Or(e.Value, text(o["uri"])), cmp.Or(text(o["service"]), e.Label)
	}
	return e
}

func pref(o map[string]any) int {
	digits, _ := o["pref"].(json.Number)
	n, err := strconv.Atoi(digits.String())
	if err != nil || n < 1 || n > 100 {
		return 0
	}
	return n
}

var shownFeatures = []string{"mobile", "fax", "pager"}

// kind is the one feature or context that a list has room for.
func (m entryMap) kind(o map[string]any) string {
	if m.features {
		for _, f := range shownFeatures {
			if object(o["features"])[f] == true {
				return f
			}
		}
	}
	return contextOf(o)
}

func contextOf(o map[string]any) string {
	for _, c := range []string{"private", "work"} {
		if object(o["contexts"])[c] == true {
			return c
		}
	}
	return ""
}

func (c Card) withEntries(m entryMap, entries []Entry) Card {
	held := object(c.members[m.member])
	out := map[string]any{}
	now := time.Now()
	var ids []string
	for i, e := range entries {
		if strings.TrimSpace(e.Value) == "" {
			continue
		}
		if e.ID == "" {
			e.ID = newKey(now, i)
		}
		out[e.ID] = m.write(object(held[e.ID]), e)
		ids = append(ids, e.ID)
	}
	// An entry that these views do not show (it has no value that we know) is not ours to remove.
	for id, v := range held {
		if m.read(id, object(v)).Value == "" {
			out[id] = v
		}
	}
	if len(out) == 0 {
		return c.with(nil, m.member)
	}
	keepOrder(out, ids)
	return c.with(out, m.member)
}

// keepOrder gives the entries of ids preferences if they would not be read in this order without.
func keepOrder(entries map[string]any, ids []string) {
	shown := slices.DeleteFunc(inOrder(entries), func(id string) bool { return !slices.Contains(ids, id) })
	if slices.Equal(shown, ids) {
		return
	}
	for i, id := range ids {
		entry := maps.Clone(object(entries[id]))
		entry["pref"] = json.Number(strconv.Itoa(min(i+1, 100)))
		entries[id] = entry
	}
}

// inOrder are the keys of a keyed map by pref, those without one last, then as they were added.
func inOrder(entries map[string]any) []string {
	ids := sortedKeys(entries)
	rank := func(id string) int {
		if n := pref(object(entries[id])); n > 0 {
			return n
		}
		return 101
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	return ids
}

// write changes what differs from what the entry says now, and leaves the rest of it alone.
func (m entryMap) write(old map[string]any, e Entry) map[string]any {
	before := m.read(e.ID, old)
	o := maps.Clone(old)
	if o == nil {
		o = map[string]any{}
	}
	if e.Value != before.Value {
		o[m.value] = strings.TrimSpace(e.Value)
		if m.service { // what it was before may stand in either
			if delete(o, "uri"); isURI(e.Value) {
				delete(o, m.value)
				o["uri"] = strings.TrimSpace(e.Value)
			}
		}
	}
	if m.service && (o["service"] != nil || o["label"] == nil) {
		setText(o, "service", before.Label, e.Label)
	} else {
		setText(o, "label", before.Label, e.Label)
	}
	if e.Pref != before.Pref {
		if delete(o, "pref"); e.Pref > 0 {
			o["pref"] = json.Number(strconv.Itoa(min(e.Pref, 100)))
		}
	}
	if e.Kind != before.Kind {
		if m.features {
			setFlag(o, "features", shownFeatures, e.Kind)
		}
		setFlag(o, "contexts", []string{"private", "work"}, e.Kind)
	}
	return o
}

// setText writes a text member if it changed; "" removes it.
func setText(o map[string]any, member, before, after string) {
	if after = strings.TrimSpace(after); after == before {
		return
	}
	if after == "" {
		delete(o, member)
	} else {
		o[member] = after
	}
}

// setFlag makes flag the only one of choices that is set in o's map member; flags beside the choices stay.
func setFlag(o map[string]any, member string, choices []string, flag string) {
	flags := maps.Clone(object(o[member]))
	if flags == nil {
		flags = map[string]any{}
	}
	for _, c := range choices {
		delete(flags, c)
		if c == flag {
			flags[c] = true
		}
	}
	if len(flags) == 0 {
		delete(o, member)
	} else {
		o[member] = flags
	}
}

// single is a map of which the window shows one entry: the first. Its first entry made gets a fixed key, so that two devices
// which both fill in the field meet in one entry.
type single struct{ member, value, key string }

var (
	organization = single{"organizations", "name", "org"}
	jobTitle     = single{"titles", "name", "title"}
	note         = single{"notes", "note", "note"}
)

func (c Card) Organization() string { return c.single(organization) }
func (c Card) Title() string        { return c.single(jobTitle) }
func (c Card) Note() string         { return c.single(note) }

// WithOrganization, WithTitle and WithNote set the first one; "" removes it.
func (c Card) WithOrganization(s string) Card {
	return c.withSingle(organization, strings.TrimSpace(s))
}
func (c Card) WithTitle(s string) Card { return c.withSingle(jobTitle, strings.TrimSpace(s)) }
func (c Card) WithNote(s string) Card  { return c.withSingle(note, strings.TrimRight(s, " \t\r\n")) }

func (c Card) single(s single) string {
	_, value := c.firstOf(s)
	return value
}

func (c Card) firstOf(s single) (key, value string) {
	held := object(c.members[s.member])
	for _, k := range sortedKeys(held) {
		if v := text(object(held[k])[s.value]); v != "" {
			return k, v
		}
	}
	return "", ""
}

func (c Card) withSingle(s single, value string) Card {
	key, before := c.firstOf(s)
	switch {
	case value == before:
		return c
	case key == "":
		return c.with(value, s.member, s.key, s.value)
	case value != "":
		return c.with(value, s.member, key, s.value)
	}
	if units := list(object(object(c.members[s.member])[key])["units"]); len(units) > 0 {
		return c.with(nil, s.member, key, s.value) // a department stays when the organization's name goes
	}
	return c.with(nil, s.member, key)
}
