package duplicate

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"kith/contact"
)

// Version of the rules. What was found with another one is found anew.
const Version = 1

// Key is one value, or a pair of values, under which cards meet: a hash, so that two values may now and then share one, which costs
// a comparison and no more. Its lowest bits are its Sort.
type Key uint64

// Sort says what a key stands for, and so how many may share it before it says nothing.
type Sort int

const (
	byValue Sort = iota // an address, a number: of all who have it
	byName              // a name alone
	byBoth              // a name together with something else
)

// Sort is the key's.
func (k Key) Sort() Sort { return Sort(k & 3) }

func newKey(sort Sort, parts ...string) Key {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // never fails
		_, _ = h.Write([]byte{0})
	}
	return Key(h.Sum64()>>1)&^3 | Key(sort) // positive as the int64 that databases hold
}

// Profile is what comparing needs of one card.
type Profile struct {
	Keys []Key  // each once
	Name uint32 // a hash of the name: by how many different names share a key, it is a person's or many people's. 0: no name

	uid, kind     string
	name          personName
	emails        []sharedValue
	phones        []phoneValue
	orgs          []string
	orgTyped      string
	birthday      contact.Date
	addresses     []string
	links         []string
	notDuplicates []string
}

type sharedValue struct {
	typed, value string
	key          Key
}

type phoneValue struct {
	phone
	typed string
	key   Key
}

// Read makes the profile of a card; region is the country of phone numbers that don't say theirs.
func Read(c contact.Card, region string) *Profile {
	p := &Profile{uid: c.UID(), name: readName(c), birthday: c.Birthday(), notDuplicates: NotDuplicatesOf(c)}
	p.kind, _ = c.Field("/kind") // reading a pointer that is well formed can't fail
	if p.kind == "group" {
		return p // its members meet, it does not
	}
	for _, e := range c.Emails() {
		if m := mailbox(e.Value); m != "" {
			p.emails = append(p.emails, sharedValue{e.Value, m, newKey(byValue, "email", m)})
		}
	}
	for _, e := range c.Phones() {
		n := readPhone(e.Value, region)
		if n.national == "" || e.Kind == "fax" {
			continue
		}
		n.mobile = n.mobile || e.Kind == "mobile"
		p.phones = append(p.phones, phoneValue{n, e.Value, newKey(byValue, "phone", n.national)})
	}
	p.readOrgs(c)
	for _, a := range c.Addresses() {
		if text := address(a); text != "" {
			p.addresses = append(p.addresses, text)
		}
	}
	p.readLinks(c)
	p.makeKeys()
	return p
}

func (p *Profile) makeKeys() {
	for _, e := range p.emails {
		p.Keys = append(p.Keys, e.key)
	}
	for _, n := range p.phones {
		p.Keys = append(p.Keys, n.key)
	}
	name := p.name.key()
	if name == "" && len(p.name.sorted) == 0 {
		name = strings.Join(p.orgs, " ") // an organization's card is named by it
	}
	if name != "" {
		p.Name = uint32(newKey(byName, name)>>2)<<1 | 1
		p.Keys = append(p.Keys, newKey(byName, "name", name))
		join := func(what, value string) { p.Keys = append(p.Keys, newKey(byBoth, name, what, value)) }
		for _, e := range p.emails {
			join("email", e.value)
		}
		for _, n := range p.phones {
			join("phone", n.national)
		}
		for _, o := range p.orgs {
			join("org", o)
		}
		if p.birthday.Month != 0 && p.birthday.Day != 0 {
			join("birthday", strconv.Itoa(p.birthday.Month*100+p.birthday.Day))
		}
	}
	if p.name.reading != "" {
		p.Keys = append(p.Keys, newKey(byName, "reading", p.name.reading))
	}
	if len(p.name.given) > 0 && len(p.name.surname) > 0 { // J. Smith meets John Smith where they work
		for _, o := range p.orgs {
			p.Keys = append(p.Keys, newKey(byBoth, "initial", string(first(p.name.given[0])), p.name.surname[len(p.name.surname)-1], o))
		}
	}
	slices.Sort(p.Keys)
	p.Keys = slices.Compact(p.Keys)
}

// legalForms are words that an organization is written with and without.
var legalForms = wordSet("gmbh ag kg ohg ug mbh co inc incorporated ltd limited llc llp plc corp corporation company sa sas sarl srl spa bv nv oy ab as aps kk pty e v ev the")

func organization(s string) string {
	words := tokens(s)
	kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return legalForms[w] })
	if len(kept) == 0 {
		kept = words
	}
	return strings.Join(kept, " ")
}

func (p *Profile) readOrgs(c contact.Card) {
	p.orgTyped = c.Organization()
	for _, e := range entriesOf(c, "organizations") {
		if o := organization(e["name"]); o != "" {
			p.orgs = append(p.orgs, o)
		}
	}
}

// readLinks reads what stands for one person elsewhere: a profile, a chat name. A site's front page is an organization's.
func (p *Profile) readLinks(c contact.Card) {
	add := func(s string) {
		s = strings.ToLower(strings.TrimSpace(s))
		if _, rest, ok := strings.Cut(s, "://"); ok {
			s = strings.TrimPrefix(rest, "www.")
		}
		s = strings.TrimRight(s, "/")
		if strings.ContainsAny(s, "/:@") {
			p.links = append(p.links, s)
		}
	}
	for _, e := range c.Links() {
		add(e.Value)
	}
	for _, e := range entriesOf(c, "onlineServices") {
		switch {
		case e["uri"] != "":
			add(e["uri"])
		case e["user"] != "" && e["service"] != "":
			add(e["service"] + ":" + e["user"])
		}
	}
}

// address is a place as it is compared: its words in the alphabet's order, as the same parts stand in different ones. Without a house
// number it is too large a place.
func address(a contact.Address) string {
	words := tokens(strings.Join([]string{a.Street, a.Locality, a.Postcode, a.Full}, " "))
	if len(words) < 3 || !strings.ContainsAny(strings.Join(words, ""), "0123456789") {
		return ""
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// entriesOf gives the text members of each entry of a map of the card.
func entriesOf(c contact.Card, member string) []map[string]string {
	var entries map[string]map[string]any
	if json.Unmarshal(c.At("/"+member), &entries) != nil {
		return nil // none, or not a map of entries
	}
	var all []map[string]string
	for _, key := range slices.Sorted(keysOf(entries)) {
		texts := map[string]string{}
		for name, v := range entries[key] {
			if s, ok := v.(string); ok {
				texts[name] = s
			}
		}
		all = append(all, texts)
	}
	return all
}
