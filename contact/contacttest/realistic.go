package contacttest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"kith/contact"
)

// Realistic returns the i-th contact of an address book that seed stands for: names of many languages and scripts, with a mail
// address, mostly a phone, often an organization, and now and then an address, a birthday or a note; 415 bytes of JSON on average. The
// same seed and i give the same card, uid included, on every machine; two different i never share a uid.
func Realistic(seed uint64, i int) contact.Card {
	d := dice{rand.NewPCG(seed, uint64(i))}
	l := &locales[d.below(len(locales))]
	given, surname := pick(d, l.given), pick(d, l.surnames)
	made := epoch.Add(time.Duration(i) * time.Minute)

	card := map[string]any{
		"@type": "Card", "version": "1.0",
		"uid":    d.uuid(made).String(),
		"name":   l.name(given.text, surname.text),
		"emails": d.emails(given.ascii, surname.ascii),
	}
	if d.percent(85) {
		card["phones"] = d.phones(l)
	}
	if d.percent(40) {
		card["updated"] = made.Add(time.Duration(d.below(1e6)) * time.Second).Format(time.RFC3339)
	}
	if d.percent(30) {
		card["organizations"] = map[string]any{"org": map[string]any{"name": pick(d, l.organizations)}}
		if d.percent(30) {
			card["titles"] = map[string]any{"title": map[string]any{"name": pick(d, l.titles)}}
		}
	}
	if d.percent(10) {
		street, place, _ := strings.Cut(pick(d, l.addresses), "; ")
		full := fmt.Sprintf(street, 1+d.below(98)) + ", " + place
		card["addresses"] = map[string]any{d.key(): map[string]any{"contexts": map[string]any{"private": true}, "full": full}}
	}
	if d.percent(10) {
		date := map[string]any{"@type": "PartialDate", "month": 1 + d.below(12), "day": 1 + d.below(28)}
		if d.percent(80) {
			date["year"] = 1940 + d.below(70)
		}
		card["anniversaries"] = map[string]any{"birthday": map[string]any{"kind": "birth", "date": date}}
	}
	if d.percent(6) {
		card["notes"] = map[string]any{"note": map[string]any{"note": pick(d, l.notes)}}
	}
	if d.percent(5) {
		card["keywords"] = map[string]any{"starred": true}
	}

	text, err := json.Marshal(card)
	if err != nil {
		panic(err) // only a bug here can bring that about
	}
	c, err := contact.Parse(text)
	if err != nil {
		panic(err)
	}
	return c
}

// epoch is when the first contact of every book was made.
var epoch = time.Date(2019, time.March, 4, 8, 0, 0, 0, time.UTC)

// dice draws from a generator whose sequence is fixed by its specification, by arithmetic that is written out here: no release of
// Go can change what it gives.
type dice struct{ pcg *rand.PCG }

func (d dice) below(n int) int       { return int(d.pcg.Uint64() >> 11 % uint64(n)) }
func (d dice) percent(p int) bool    { return d.below(100) < p }
func pick[T any](d dice, list []T) T { return list[d.below(len(list))] }

// uuid is a UUIDv7 of that time.
func (d dice) uuid(at time.Time) (u uuid.UUID) {
	ms := uint64(at.UnixMilli())
	a, b := d.pcg.Uint64(), d.pcg.Uint64()
	for i := range 6 {
		u[i] = byte(ms >> (8 * (5 - i)))
	}
	for i := range 2 {
		u[6+i] = byte(a >> (8 * i))
	}
	for i := range 8 {
		u[8+i] = byte(b >> (8 * i))
	}
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

// key is the key of an entry, as long as those that the app makes.
func (d dice) key() string {
	const alphabet = "0123456789abcdefghijklmnopqrstuv"
	var key [16]byte
	for i := range key {
		key[i] = alphabet[d.below(len(alphabet))]
	}
	return string(key[:])
}

func (d dice) emails(given, surname string) map[string]any {
	domain := pick(d, []string{"example.com", "example.org", "example.net", "mail.example", "post.example"})
	local := given + "." + surname
	switch d.below(4) {
	case 0:
		local = given[:1] + surname
	case 1:
		local = fmt.Sprintf("%s%d", given, d.below(100))
	}
	emails := map[string]any{d.key(): map[string]any{"address": local + "@" + domain}}
	if d.percent(10) {
		emails[d.key()] = map[string]any{"address": surname + "@work.example", "contexts": map[string]any{"work": true}}
	}
	return emails
}

func (d dice) phones(l *locale) map[string]any {
	phones := map[string]any{}
	for range 1 + d.below(5)/4 {
		number := []byte(pick(d, l.phones))
		for i := range number {
			if number[i] == '#' {
				number[i] = byte('0' + d.below(10))
			}
		}
		phone := map[string]any{"number": string(number)}
		if d.percent(30) {
			phone["features"] = map[string]any{"mobile": true}
		}
		phones[d.key()] = phone
	}
	return phones
}

// name is a JSContact Name with its parts in the order in which the language writes them.
func (l *locale) name(given, surname string) map[string]any {
	components := []any{
		map[string]any{"kind": "given", "value": given},
		map[string]any{"kind": "surname", "value": surname},
	}
	if !l.surnameFirst {
		return map[string]any{"full": given + " " + surname, "components": components}
	}
	components[0], components[1] = components[1], components[0]
	return map[string]any{
		"full": surname + l.separator + given, "components": components, "isOrdered": true, "defaultSeparator": l.separator,
	}
}
