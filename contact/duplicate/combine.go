package duplicate

import (
	"bytes"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"kith/contact"
)

// Choices say what of several cards goes into one, where they can't all be right. The zero Choices: the first card's values stand,
// what another one has beside them is added, and nothing is dropped.
type Choices struct {
	// Take names, for a field of which a contact has one (Single), the card (by its place) whose value stands; the others' go.
	Take map[string]int
	// Drop are entries to be left out: by the card's place and the entry's path in that card (/phones/k1, /keywords/choir); /name is a
	// name that doesn't stand, and would become a nickname.
	Drop map[Source]bool
}

// Source is an entry of one of the cards.
type Source struct {
	Card int
	Path string
}

// Single are the fields of which a contact has one, and so of several cards' values one is to be chosen.
const (
	Name     = "name"
	Birthday = "birthday"
	Photo    = "photo"
)

// aside is the vendor's member (RFC 9553, section 1.8.1) that holds, by the uid of the card they came from, values that there was no place
// for: {"uid": {"/language": "de"}}.
const aside = "kith.app:merged"

// keyed are the members that hold entries by ids that mean nothing outside the card (RFC 9553), so that an id may be exchanged.
var keyed = map[string]bool{
	"nicknames": true, "organizations": true, "titles": true, "emails": true, "onlineServices": true, "phones": true,
	"preferredLanguages": true, "calendars": true, "schedulingAddresses": true, "addresses": true, "cryptoKeys": true,
	"directories": true, "links": true, "media": true, "anniversaries": true, "notes": true, "personalInfo": true,
}

// Combine makes one card of several. The first is the survivor: its uid stays, and so do the keys of its entries. Every value of every card
// is in the outcome: as it was, as one with an equal value, or, where a contact can have one only and the choices don't speak of it, set
// aside in a member of its own (a name: as a nickname). Only what the choices drop is not. The outcome is the same on every machine.
func Combine(cards []contact.Card, choices Choices) (contact.Card, error) {
	if len(cards) == 0 {
		return contact.Card{}, errors.New("combine no cards")
	}
	all := make([]map[string]any, len(cards))
	for i, c := range cards {
		members, err := decode(c)
		if err != nil {
			return contact.Card{}, err
		}
		all[i] = members
		choices.dropFrom(members, i)
	}
	m := &combiner{choices: choices, out: all[0]}
	m.chooseFirst(all)
	for i, members := range all[1:] {
		m.of, m.uid, m.members = i+1, text(members["uid"]), members
		m.add(members)
	}
	m.choosePhoto(all)
	text, err := json.Marshal(m.out)
	if err != nil {
		return contact.Card{}, fmt.Errorf("combine cards: %w", err)
	}
	combined, err := contact.Parse(text)
	if err != nil {
		return contact.Card{}, fmt.Errorf("combine cards: %w", err)
	}
	return combined, nil
}

// combiner adds cards, one after the other, to the first.
type combiner struct {
	choices Choices
	out     map[string]any
	of      int            // the place of the card that is added
	members map[string]any // what it holds
	uid     string
}

func (c Choices) dropFrom(members map[string]any, card int) {
	for s := range c.Drop {
		if s.Card != card {
			continue
		}
		parts := strings.Split(strings.TrimPrefix(s.Path, "/"), "/")
		if len(parts) == 2 && keyed[unescape(parts[0])] || len(parts) == 2 && parts[0] == "keywords" {
			delete(object(members[unescape(parts[0])]), unescape(parts[1]))
		}
	}
}

// chooseFirst puts the chosen name and birthday into the survivor before anything is added.
func (m *combiner) chooseFirst(all []map[string]any) {
	if i, ok := m.choices.Take[Name]; ok && i > 0 && i < len(all) && all[i]["name"] != nil {
		m.out["name"], all[i]["name"] = all[i]["name"], m.out["name"] // they change places, and the other one is dealt with like any other
	}
	i, ok := m.choices.Take[Birthday]
	if !ok || i < 0 || i >= len(all) {
		return
	}
	if key, _ := birth(all[i]); key == "" {
		return
	}
	for j, members := range all {
		if key, _ := birth(members); j != i && key != "" {
			delete(object(members["anniversaries"]), key)
		}
	}
}

// choosePhoto leaves out the pictures that were not chosen.
func (m *combiner) choosePhoto(all []map[string]any) {
	chosen, ok := m.choices.Take[Photo]
	if !ok || chosen < 0 || chosen >= len(all) {
		return
	}
	isOf := func(v any) bool {
		for _, e := range object(all[chosen]["media"]) {
			if text(object(e)["kind"]) == "photo" && sameEntry("media", object(e), object(v)) {
				return true
			}
		}
		return false
	}
	kept := maps.Clone(object(m.out["media"]))
	maps.DeleteFunc(kept, func(_ string, v any) bool { return text(object(v)["kind"]) == "photo" && !isOf(v) })
	if m.out["media"] = kept; len(kept) == 0 {
		delete(m.out, "media")
	}
}

func birth(members map[string]any) (key string, entry map[string]any) {
	held := object(members["anniversaries"])
	for _, k := range slices.Sorted(maps.Keys(held)) {
		if e := object(held[k]); text(e["kind"]) == "birth" {
			return k, e
		}
	}
	return "", nil
}

// add brings one card in.
func (m *combiner) add(members map[string]any) {
	renamed := m.rename(members)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		switch {
		case name == "uid" || name == "@type" || name == "version" || name == "prodId":
		case name == "created":
			m.out[name] = pickTime(m.out[name], value, -1)
		case name == "updated":
			m.out[name] = pickTime(m.out[name], value, 1)
		case name == "name" && isObject(value) && (m.out[name] == nil || isObject(m.out[name])):
			m.addName(object(value))
		case keyed[name] && isEntries(value) && (m.out[name] == nil || isEntries(m.out[name])):
			m.addEntries(name, object(value))
		case name == aside:
			m.addAside(value)
		case name == "vCardProps" && isList(value) && isList(m.out[name]): // RFC 9555, section 3.2.1: a list of properties
			m.out[name] = union(list(m.out[name]), list(value))
		case name == "localizations" && len(renamed) > 0:
			m.out[name] = m.join("/"+name, m.out[name], relocate(value, renamed))
		default:
			m.out[name] = m.join("/"+escape(name), m.out[name], value)
		}
	}
}

// rename gives entries whose keys are taken by something else new ones, everywhere in the card; it returns what was renamed, by path.
func (m *combiner) rename(members map[string]any) map[string]string {
	renamed := map[string]string{}
	for name := range keyed {
		held, entries := object(m.out[name]), object(members[name])
		fresh := map[string]any{}
		for key, entry := range entries {
			if taken, ok := held[key]; ok && !equal(taken, entry) {
				to := derivedKey(m.uid, name, key)
				fresh[to] = entry
				renamed[name+"/"+escape(key)] = name + "/" + to
				if name == "organizations" {
					pointTitles(members, key, to)
				}
				continue
			}
			fresh[key] = entry
		}
		if len(entries) > 0 {
			members[name] = fresh
		}
	}
	return renamed
}

// pointTitles lets the titles of an organization (RFC 9553, section 2.2.5) follow its new key.
func pointTitles(members map[string]any, from, to string) {
	for _, t := range object(members["titles"]) {
		if title := object(t); title["organizationId"] == from {
			title["organizationId"] = to
		}
	}
}

// relocate gives the paths of localizations (RFC 9553, section 2.7.1) the new keys.
func relocate(v any, renamed map[string]string) any {
	out := map[string]any{}
	for language, patch := range object(v) {
		moved := map[string]any{}
		for path, value := range object(patch) {
			parts := strings.SplitN(path, "/", 3)
			if len(parts) > 1 {
				if to, ok := renamed[parts[0]+"/"+parts[1]]; ok {
					path = strings.Join(append([]string{to}, parts[2:]...), "/")
				}
			}
			moved[path] = value
		}
		out[language] = moved
	}
	return out
}

// derivedKey is the same for the same entry on every machine, so that two which both combine the same cards make the same card. It sorts behind
// the keys that people's entries have, so that what the survivor shows first stays first.
func derivedKey(uid, member, key string) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s", uid, member, key)
	return "x" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)))
}

// addName adds a name: its parts where it is the same one, else as a nickname.
func (m *combiner) addName(name map[string]any) {
	held := object(m.out["name"])
	full := fullName(name)
	switch {
	case len(held) == 0:
		m.out["name"] = name
		return
	case equal(held, name) || m.choices.Drop[Source{m.nameOf(), "/name"}]:
		return
	case full != "" && contact.Fold(full) == contact.Fold(fullName(held)):
		if isPlainName(name) {
			return // the same words
		}
		m.out["name"] = m.join("/name", held, without(name, "full"))
		return
	}
	if full != "" {
		m.addEntries("nicknames", map[string]any{derivedKey(m.uid, "name", "full"): map[string]any{"name": full}})
	}
	if full == "" || !isPlainName(name) {
		m.set("/name", name)
	}
}

// isPlainName reports whether all that the name object says is its full form.
func isPlainName(name map[string]any) bool {
	for member := range name {
		if !slices.Contains([]string{"@type", "full", "components", "isOrdered", "defaultSeparator"}, member) {
			return false
		}
	}
	full := contact.Fold(fullName(name))
	for _, v := range list(name["components"]) {
		part := object(v)
		if len(without(part, "@type", "kind", "value")) > 0 || !strings.Contains(full, contact.Fold(text(part["value"]))) {
			return false
		}
	}
	return true
}

// nameOf is the place of the card whose name the card at hand bears: the chosen one and the first have changed places.
func (m *combiner) nameOf() int {
	if i := m.choices.Take[Name]; i == m.of {
		return 0
	}
	return m.of
}

// fullName is what a name object is read as.
func fullName(name map[string]any) string {
	text, err := json.Marshal(map[string]any{"name": name})
	if err != nil {
		return ""
	}
	c, err := contact.Parse(text)
	if err != nil {
		return ""
	}
	return c.FullName()
}

// addEntries adds the entries of a map: each that is there already becomes one with it, if they say nothing different.
func (m *combiner) addEntries(name string, entries map[string]any) {
	held := maps.Clone(object(m.out[name]))
	if held == nil {
		held = map[string]any{}
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		entry := object(entries[key])
		if at, ok := absorb(name, held, key, entry); ok {
			if name == "organizations" {
				pointTitles(m.members, key, at)
			}
			continue
		}
		if held[key] != nil {
			key = derivedKey(m.uid, name, key)
		}
		held[key] = entry
	}
	if len(held) > 0 {
		m.out[name] = held
	}
}

// absorb makes the entry one with one that is there, if there is one that says nothing different, and returns its key.
func absorb(name string, held map[string]any, of string, entry map[string]any) (key string, ok bool) {
	if there, taken := held[of]; taken && equal(there, entry) {
		return of, true
	}
	for _, key := range slices.Sorted(maps.Keys(held)) { // its like comes before what it can be joined with
		if equal(held[key], entry) {
			return key, true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(held)) {
		if joined, ok := joinEntries(name, object(held[key]), entry); ok {
			held[key] = joined
			return key, true
		}
	}
	return "", false
}

// join is a member of which the card at hand has a value: objects member by member; of two values the one that is there stays, and the
// other goes aside.
func (m *combiner) join(path string, held, value any) any {
	switch {
	case held == nil:
		return value
	case equal(held, value):
		return held
	}
	h, v := object(held), object(value)
	if h == nil || v == nil {
		m.set(path, value)
		return held
	}
	out := maps.Clone(h)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		out[name] = m.join(path+"/"+escape(name), h[name], v[name])
	}
	return out
}

// addAside adds what another merge had put aside.
func (m *combiner) addAside(value any) {
	if !isEntries(value) {
		m.set("/"+escape(aside), value)
		return
	}
	for _, uid := range slices.Sorted(maps.Keys(object(value))) {
		values := object(object(value)[uid])
		for _, path := range slices.Sorted(maps.Keys(values)) {
			m.setOf(uid, path, values[path])
		}
	}
}

// set puts a value of the card at hand aside.
func (m *combiner) set(path string, value any) { m.setOf(m.uid, path, value) }

// setOf puts a value aside beside those that are there: the card may have been merged before, with another value, and come back.
func (m *combiner) setOf(uid, path string, value any) {
	all := maps.Clone(object(m.out[aside]))
	if all == nil {
		all = map[string]any{}
	}
	if had, taken := object(all[uid])[path]; taken && !equal(had, value) {
		text, _ := json.Marshal(value) // it came from JSON
		uid += "/" + derivedKey(uid, path, string(text))
	}
	values := maps.Clone(object(all[uid]))
	if values == nil {
		values = map[string]any{}
	}
	values[path] = value
	all[uid] = values
	m.out[aside] = all
}

func pickTime(a, b any, sign int) any {
	x, errX := time.Parse(time.RFC3339, text(a))
	y, errY := time.Parse(time.RFC3339, text(b))
	if errY != nil || errX == nil && y.Compare(x) != sign {
		if a != nil {
			return a
		}
	}
	return b
}

func union(a, b []any) []any {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.ContainsFunc(a, func(w any) bool { return equal(w, v) }) {
			out = append(out, v)
		}
	}
	return out
}

func isEntries(v any) bool {
	entries, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for _, e := range entries {
		if object(e) == nil {
			return false
		}
	}
	return true
}

func decode(c contact.Card) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(c.JSON()))
	d.UseNumber() // the digits of numbers stay
	var members map[string]any
	if err := d.Decode(&members); err != nil {
		return nil, fmt.Errorf("read card: %w", err)
	}
	return members, nil
}

func text(v any) string           { s, _ := v.(string); return s }
func object(v any) map[string]any { m, _ := v.(map[string]any); return m }
func list(v any) []any            { a, _ := v.([]any); return a }

func isObject(v any) bool { _, ok := v.(map[string]any); return ok }
func isList(v any) bool   { _, ok := v.([]any); return ok }

func without(m map[string]any, names ...string) map[string]any {
	out := maps.Clone(m)
	for _, n := range names {
		delete(out, n)
	}
	return out
}

// equal compares two values of a card by their canonical text.
func equal(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escape makes a name a segment of a JSON pointer (RFC 6901).
func escape(s string) string   { return escaper.Replace(s) }
func unescape(s string) string { return unescaper.Replace(s) }
