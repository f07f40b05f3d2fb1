package ldif

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"kith/contact"
)

// memberKept is the member of a card that holds what has no other place in it.
const memberKept = "kith.app:ldif"

type object = map[string]any

// builder makes one card.
type builder struct {
	card      object
	one       map[string]string            // name parts, and the parts of a birthday, by what they are
	addresses map[string]map[string]string // whose: component kind or "full": value
	kept      map[string][]string
	emails    map[string]bool
	org       object // the first organization
	places    int
	uid       string
}

// card makes a contact of a record's attributes.
func (r *Reader) card(attributes []attribute) (contact.Card, error) {
	b := &builder{card: object{"@type": "Card", "version": "1.0"}, one: map[string]string{}, addresses: map[string]map[string]string{}, kept: map[string][]string{}, emails: map[string]bool{}}
	dn, known, group := "", false, false
	var content []string
	size := 0
	for _, a := range attributes {
		p := placeOf(a)
		if p.what != photo && p.what != certificate {
			if size += len(a.name) + len(a.value); size > maxText {
				return contact.Card{}, &lineError{a.line, ErrTooMuch}
			}
		}
		if !operational[a.name] {
			content = append(content, fmt.Sprintf("%q:%q,", a.name, a.value))
		}
		switch a.name {
		case "dn":
			dn = a.value
		case "changetype":
			if kind := strings.TrimSpace(a.value); !strings.EqualFold(kind, "add") {
				return contact.Card{}, &lineError{a.line, fmt.Errorf("%w (%s)", ErrIsChange, kind)}
			}
			continue
		case "objectclass":
			class := strings.ToLower(strings.TrimSpace(a.value))
			group = group || class == "groupofnames" || class == "groupofuniquenames"
		}
		known = known || p.what != kept
		if !r.put(b, p, a) {
			b.keep(a)
		}
	}
	if dn == "" && !known {
		return contact.Card{}, ErrNoEntry
	}
	if group {
		b.card["kind"] = "group"
	}
	if b.uid == "" {
		slices.Sort(content)
		b.uid = uuid.NewSHA1(namespace, []byte("content:"+strings.Join(content, ""))).String()
	}
	b.card["uid"] = b.uid
	r.remember(dn, b.uid)
	return b.finish()
}

// keep puts an attribute aside, by its name and form.
func (b *builder) keep(a attribute) {
	name, value := a.name, a.value
	switch {
	case a.form == byURL:
		name += "<"
	case a.form == encoded && !utf8.ValidString(value):
		name, value = name+":", base64.StdEncoding.EncodeToString([]byte(value))
	}
	b.kept[name] = append(b.kept[name], value)
}

// put sorts one value in; false: it has to be kept as it is.
func (r *Reader) put(b *builder, p place, a attribute) bool {
	if p.what == photo || p.what == certificate {
		return b.bytes(p, a.value)
	}
	text := a.value
	if a.form == encoded {
		text = toUTF8([]byte(text))
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return true
	}
	switch p.what {
	case kept:
		return false
	case fullName:
		return b.first("full", text) || b.one["full"] == text
	case namePart:
		return b.first(p.kind, text)
	case birthYear:
		return b.first("year", text)
	case birthMonth:
		return b.first("month", text)
	case birthDay:
		return b.first("day", text)
	case birth, wedding:
		return b.date(p.what, text)
	case addressPart:
		whose, kind, _ := strings.Cut(p.kind, "/")
		return b.address(whose, kind, text)
	case fullAddress:
		return b.address(p.kind, "full", lines(text))
	case keyword:
		setFlag(b.card, "keywords", text)
	case relation:
		b.under("relatedTo", text, object{"relation": object{p.kind: true}})
	case identity:
		id, err := uuid.Parse(text)
		if err != nil || b.uid != "" {
			return false
		}
		b.uid = id.String()
	case member:
		return r.member(b, text)
	case department:
		b.department(text)
	case language:
		if strings.ContainsAny(text, " ,;") { // RFC 2798 has a list of them with their weights
			return false
		}
		b.entry(p, a.name, text)
	default:
		b.entry(p, a.name, text)
	}
	return true
}

// first fills in what there is one of; false: it is filled already.
func (b *builder) first(what, text string) bool {
	if b.one[what] != "" {
		return false
	}
	b.one[what] = text
	return true
}

func (b *builder) address(whose, kind, text string) bool {
	if b.addresses[whose] == nil {
		b.addresses[whose] = map[string]string{}
	}
	if b.addresses[whose][kind] != "" {
		return b.addresses[whose][kind] == text
	}
	b.addresses[whose][kind] = text
	return true
}

// lines reads a postal address (RFC 4517 section 3.3.28): lines with "$" between them.
func lines(s string) string {
	parts := strings.Split(s, "$")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(strings.NewReplacer(`\24`, "$", `\5c`, `\`, `\5C`, `\`).Replace(part))
	}
	return strings.Join(parts, "\n")
}

// entryForms are the map and the member of its entries for each attribute of one value.
var entryForms = map[what][2]string{
	nickname: {"nicknames", "name"}, email: {"emails", "address"}, phone: {"phones", "number"}, organization: {"organizations", "name"},
	title: {"titles", "name"}, role: {"titles", "name"}, note: {"notes", "note"}, link: {"links", "uri"}, labelledLink: {"links", "uri"},
	chat: {"onlineServices", "user"}, language: {"preferredLanguages", "language"}, own: {contact.CustomMember, "value"},
}

func (b *builder) entry(p place, name, text string) {
	form := entryForms[p.what]
	e := object{}
	switch p.what {
	case labelledLink: // RFC 2079: the URI, a blank, the label
		uri, label, _ := strings.Cut(text, " ")
		if text = uri; strings.TrimSpace(label) != "" {
			e["label"] = strings.TrimSpace(label)
		}
	case title:
		e["kind"] = "title"
	case role:
		e["kind"] = "role"
	case chat:
		e["service"] = p.kind
	case own:
		e["label"] = p.kind
	case phone:
		if label := labels[strings.TrimSuffix(name, ";binary")]; label != "" {
			e["label"] = label
		}
	}
	e[form[1]] = text
	if p.what == phone || p.what == link {
		setKinds(e, p.kind)
	}
	if p.what == email {
		if b.emails[text] {
			return // mail and mozillaSecondEmail may be the same
		}
		b.emails[text] = true
	}
	if p.what == organization && b.org != nil && b.org["name"] == nil { // its departments came before it
		b.org["name"] = text
		return
	}
	if p.what == role { // behind the titles, the first of which is the contact's
		b.under(form[0], "1"+b.key(form[0], text)[1:], e)
		return
	}
	if b.add(form[0], e); p.what == organization && b.org == nil {
		b.org = e
	}
}

// fixedKeys are those of the only entries of maps of which the window has one field (see contact's doc.go).
var fixedKeys = map[string]string{"organizations": "org", "titles": "title", "notes": "note"}

func (b *builder) fixKeys() {
	for member, fixed := range fixedKeys {
		held := members(b.card[member])
		for key, e := range held {
			if len(held) == 1 && members(e)["kind"] != "role" {
				delete(held, key)
				held[fixed] = e
				break
			}
		}
	}
}

// department is one of the first organization.
func (b *builder) department(text string) {
	if b.org == nil {
		b.org = object{}
		b.under("organizations", b.key("organizations", text), b.org)
	}
	units, _ := b.org["units"].([]any)
	b.org["units"] = append(units, object{"name": text})
}

// bytes takes a photo or a certificate; false: these are no bytes of that kind.
func (b *builder) bytes(p place, value string) bool {
	kind, member, e := p.kind, "cryptoKeys", object{}
	if p.what == photo {
		kind, member, e = http.DetectContentType([]byte(value)), "media", object{"kind": "photo"}
		if !strings.HasPrefix(kind, "image/") {
			return false
		}
	}
	e["uri"] = "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString([]byte(value))
	b.add(member, e)
	return true
}

func (b *builder) date(w what, text string) bool {
	d, err := contact.ParseDate(text)
	if err != nil {
		return false
	}
	key, kind := "anniversary", "wedding"
	if w == birth {
		key, kind = "birthday", "birth"
	}
	if members(b.card["anniversaries"])[key] != nil {
		return false
	}
	b.under("anniversaries", key, object{"kind": kind, "date": partialDate(d)})
	return true
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

// birthday makes a date of the three attributes of Netscape's; what gives none is kept.
func (b *builder) birthday() {
	number := func(part string) int { n, _ := strconv.Atoi(b.one[part]); return n } // what is none fails below
	d := contact.Date{Year: number("year"), Month: number("month"), Day: number("day")}
	checked, err := contact.ParseDate(d.String())
	used := err == nil && checked == d && b.date(birth, d.String())
	for part, name := range map[string]string{"year": "birthyear", "month": "birthmonth", "day": "birthday"} {
		if text := b.one[part]; text != "" && (!used || number(part) == 0) {
			b.kept[name] = append(b.kept[name], text)
		}
	}
}

// member adds somebody to a list: the contact of that name, else by the e-mail address that is part of the name.
func (r *Reader) member(b *builder, dn string) bool {
	if uid, ok := r.uidOf(dn); ok {
		setFlag(b.card, "members", uid)
		return true
	}
	b.kept["member"] = append(b.kept["member"], dn)
	for part := range strings.SplitSeq(dn, ",") {
		if attr, address, ok := strings.Cut(part, "="); ok && strings.EqualFold(strings.TrimSpace(attr), "mail") && strings.Contains(address, "@") {
			setFlag(b.card, "members", "mailto:"+strings.TrimSpace(address))
		}
	}
	return true
}

func (b *builder) finish() (contact.Card, error) {
	b.fixKeys()
	if b.name(); b.one["year"]+b.one["month"]+b.one["day"] != "" {
		b.birthday()
	}
	for _, whose := range slices.Sorted(maps.Keys(b.addresses)) {
		e := object{}
		var components []any
		for _, kind := range []string{"postOfficeBox", "name", "apartment", "locality", "region", "postcode", "country"} {
			if text := b.addresses[whose][kind]; text != "" {
				components = append(components, object{"kind": kind, "value": text})
			}
		}
		if components != nil {
			e["components"] = components
		}
		if full := b.addresses[whose]["full"]; full != "" {
			e["full"] = full
		}
		setKinds(e, strings.TrimPrefix(whose, "other"))
		b.add("addresses", e)
	}
	if len(b.kept) > 0 {
		b.card[memberKept] = b.kept
	}
	text, err := json.Marshal(b.card)
	if err != nil {
		return contact.Card{}, fmt.Errorf("make a card: %w", err)
	}
	c, err := contact.Parse(text)
	if err != nil {
		return contact.Card{}, err
	}
	if full := b.one["full"]; full != "" && b.card["name"] == nil && b.card["kind"] == nil {
		return c.WithFullName(full), nil // which guesses its parts
	}
	return c, nil
}

// name is left out where only the whole of it is known of a person.
func (b *builder) name() {
	var components []any
	for _, kind := range []string{"title", "given", "surname", "generation"} {
		if text := b.one[kind]; text != "" {
			components = append(components, object{"kind": kind, "value": text})
		}
	}
	full := b.one["full"]
	switch {
	case components == nil && b.card["kind"] == "group" && full != "":
		b.card["name"] = object{"full": full}
	case components == nil:
	case full != "":
		b.card["name"] = object{"components": components, "full": full}
	default:
		name := object{"components": components}
		b.card["name"] = name
		if text, err := json.Marshal(object{"name": name}); err == nil {
			if c, err := contact.Parse(text); err == nil {
				name["full"] = c.FullName()
			}
		}
	}
}

func members(v any) object { o, _ := v.(object); return o }

func setFlag(o object, member, flag string) {
	if o[member] == nil {
		o[member] = object{}
	}
	members(o[member])[flag] = true
}

func setKinds(e object, kinds string) {
	for _, kind := range strings.Fields(kinds) {
		if kind == "private" || kind == "work" {
			setFlag(e, "contexts", kind)
		} else {
			setFlag(e, "features", kind)
		}
	}
}

// add gives an entry a key that is made of its place and its value: entries sort as they stand in the file, before any that is added
// later.
func (b *builder) add(member string, e object) {
	text, _ := json.Marshal(e) // it holds what JSON can: texts
	b.under(member, b.key(member, string(text)), e)
}

func (b *builder) key(member, value string) string {
	sum := sha256.Sum256([]byte(member + ":" + value))
	key := []byte{'0', keyAlphabet[b.places>>10&31], keyAlphabet[b.places>>5&31], keyAlphabet[b.places&31]}
	for _, c := range sum[:12] {
		key = append(key, keyAlphabet[c&31])
	}
	b.places++
	return string(key)
}

const keyAlphabet = "0123456789abcdefghijklmnopqrstuv"

func (b *builder) under(member, key string, e object) {
	if b.card[member] == nil {
		b.card[member] = object{}
	}
	members(b.card[member])[key] = e
}
