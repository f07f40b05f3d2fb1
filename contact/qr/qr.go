// Package qr puts a contact into a QR code that a phone's camera reads from a screen: as much of it as stays easy to read, and it
// says what did not fit. It knows no pictures: a Code is a square of modules.
package qr

import (
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"kith/contact"
)

// comfortable is how many bytes a code holds that a camera reads at arm's length: version 15, 77 modules a side, with a quarter of it
// allowed to be misread (level M, ISO 18004 table 7).
const comfortable = 412

// Quiet is how many light modules a code needs around it (ISO 18004 section 6.3.8).
const Quiet = 4

// ErrTooLong is that of a contact whose name alone is too long for a code.
var ErrTooLong = errors.New("the name is too long for a QR code")

// Code is a contact as a square of dark and light modules.
type Code struct {
	Text string   // what a camera reads: a vCard 3.0 (RFC 2426), which every phone takes
	Left []string // members of the card, by their JSContact names, of which something is not in it
	Size int      // modules a side, without the quiet ones around
	dark []bool
}

// Dark reports whether the module is dark; those outside are not.
func (c Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.dark[y*c.Size+x]
}

// Of makes the code of a contact. The name is always in it, then by their use on a phone: numbers, e-mail, organization, addresses,
// links, birthday, note.
func Of(c contact.Card) (Code, error) {
	text, left := compose(c)
	if len(text) > comfortable {
		return Code{}, ErrTooLong
	}
	picture, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return Code{}, fmt.Errorf("make QR code: %w", err)
	}
	return codeOf(picture, text, left), nil
}

func codeOf(picture barcode.Barcode, text string, left []string) Code {
	size := picture.Bounds().Dx()
	code := Code{Text: text, Left: left, Size: size, dark: make([]bool, size*size)}
	for y := range size {
		for x := range size {
			code.dark[y*size+x] = color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y < 128
		}
	}
	return code
}

// line is one property, and the member that it comes from.
type line struct{ member, text string }

// compose writes the properties that fit, in the order of their use, and lists the members that are not whole in it.
func compose(c contact.Card) (text string, left []string) {
	const begin, end = "BEGIN:VCARD\r\nVERSION:3.0\r\n", "END:VCARD\r\n"
	body := nameLines(c)
	room := comfortable - len(begin) - len(body) - len(end)
	missing := map[string]bool{}
	for _, l := range lines(c) {
		if len(l.text) > room {
			missing[l.member] = true
			continue
		}
		body += l.text
		room -= len(l.text)
	}
	for _, member := range without(c) {
		missing[member] = true
	}
	return begin + body + end, slices.Sorted(maps.Keys(missing))
}

// nameLines are N and FN, which every reader wants.
func nameLines(c contact.Card) string {
	parts := map[string][]string{}
	for _, p := range c.NameParts() {
		parts[p.Kind] = append(parts[p.Kind], escape(p.Value))
	}
	joined := func(kinds ...string) string {
		var all []string
		for _, kind := range kinds {
			all = append(all, parts[kind]...)
		}
		return strings.Join(all, " ")
	}
	n := []string{joined("surname", "surname2"), joined("given"), joined("given2"), joined("title"), joined("generation", "credential")}
	if strings.Join(n, "") == "" {
		n[1] = escape(c.DisplayName())
	}
	return "N:" + strings.TrimRight(strings.Join(n, ";"), ";") + "\r\nFN:" + escape(c.DisplayName()) + "\r\n"
}

// lines are the other properties, the most useful first.
func lines(c contact.Card) []line {
	var all []line
	add := func(member, property, value string) {
		if value != "" {
			all = append(all, line{member, property + ":" + value + "\r\n"})
		}
	}
	for _, e := range c.Phones() {
		add("phones", "TEL"+types(e.Kind), escape(e.Value))
	}
	for _, e := range c.Emails() {
		add("emails", "EMAIL"+types(e.Kind), escape(e.Value))
	}
	add("organizations", "ORG", escape(c.Organization()))
	add("titles", "TITLE", escape(c.Title()))
	for _, a := range c.Addresses() {
		if a.Street == "" && a.Locality == "" && a.Postcode == "" {
			a.Street = a.Full // as it came: it has no parts
		}
		value := strings.Join([]string{"", "", escape(a.Street), escape(a.Locality), escape(a.Region), escape(a.Postcode), escape(a.Country)}, ";")
		if strings.Trim(value, ";") != "" {
			add("addresses", "ADR"+types(a.Kind), value)
		}
	}
	for _, e := range c.Links() {
		add("links", "URL", escape(e.Value))
	}
	if d := c.Birthday(); d.Year > 0 && d.Month > 0 && d.Day > 0 {
		add("anniversaries", "BDAY", fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day))
	}
	add("notes", "NOTE", escape(c.Note()))
	return all
}

// types is the TYPE parameter of an entry's kind (RFC 2426 section 3.3.1).
func types(kind string) string {
	names := map[string]string{"private": "HOME", "work": "WORK", "mobile": "CELL", "fax": "FAX", "pager": "PAGER"}
	var all []string
	for _, word := range strings.Fields(kind) {
		if name := names[word]; name != "" {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return ";TYPE=" + strings.Join(all, ",")
}

// without lists members that a person would miss, and that no line speaks of.
func without(c contact.Card) (missing []string) {
	var members map[string]json.RawMessage
	if json.Unmarshal(c.JSON(), &members) != nil {
		return nil
	}
	for _, m := range []string{"media", "onlineServices", "relatedTo", "personalInfo", "nicknames"} {
		if members[m] != nil {
			missing = append(missing, m)
		}
	}
	several := func(member string, held int) {
		var entries map[string]json.RawMessage
		if json.Unmarshal(members[member], &entries) == nil && len(entries) > held {
			missing = append(missing, member)
		}
	}
	several("organizations", 1)
	several("titles", 1)
	several("notes", 1)
	d := c.Birthday()
	dated := 0
	if d.Year > 0 && d.Month > 0 && d.Day > 0 {
		dated = 1
	}
	several("anniversaries", dated)
	return missing
}

// escape writes text as a value (RFC 2426 section 4).
func escape(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}
