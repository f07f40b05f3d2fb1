package ui

import (
	"net/url"
	"strings"

	"fyne.io/fyne/v2"

	"kith/contact"
)

// block is one quiet card of a contact's view: all values of one kind.
type block struct {
	icon   fyne.Resource
	values []value
}

// value is one line, or one text, of a block.
type value struct {
	text   string
	label  string // quiet, below: "Work"
	open   string // the URL that a click opens; "" : none
	long   bool   // may have several lines
	spoken string // what copying it says: "Phone"
}

// blocks is what a contact's view shows below its head, in order; kinds without a value are left out.
func blocks(c contact.Card) []block {
	var all []block
	add := func(icon fyne.Resource, values []value) {
		if len(values) > 0 {
			all = append(all, block{icon, values})
		}
	}
	var phones, emails, places, links []value
	for _, e := range c.Phones() {
		phones = append(phones, value{text: e.Value, label: valueLabel(phoneKinds, e.Kind, e.Label), open: telURL(e.Value), spoken: "Phone number"})
	}
	for _, e := range c.Emails() {
		emails = append(emails, value{text: e.Value, label: valueLabel(placeKinds, e.Kind, e.Label), open: mailURL(e.Value), spoken: "E-mail address"})
	}
	for _, a := range c.Addresses() {
		text := strings.Join(addressLines(a), "\n")
		if text == "" {
			continue
		}
		places = append(places, value{text: text, label: valueLabel(placeKinds, a.Kind, a.Label), open: mapURL(a), long: true, spoken: "Address"})
	}
	for _, e := range c.Links() {
		v := value{text: e.Value, label: valueLabel(placeKinds, e.Kind, e.Label), spoken: "Link"}
		if u, err := linkURL(e.Value); err == nil {
			v.open = u.String()
		}
		links = append(links, v)
	}
	add(iconQuietPhone, phones)
	add(iconQuietMail, emails)
	add(iconQuietPlace, places)
	add(iconQuietLink, links)
	if text := formatDate(c.Birthday()); text != "" {
		add(iconCake, []value{{text: text, label: "Birthday", spoken: "Birthday"}})
	}
	if note := strings.TrimSpace(c.Note()); note != "" {
		add(iconQuietNote, []value{{text: note, long: true, spoken: "Note"}})
	}
	return all
}

// role is the line below the name: "Countess, Analytical Society".
func role(c contact.Card) string {
	var parts []string
	for _, p := range []string{c.Title(), c.Organization()} {
		if p != "" && p != c.DisplayName() {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func telURL(number string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789+*#", r) {
			return r
		}
		return -1
	}, number)
	if digits == "" {
		return ""
	}
	return (&url.URL{Scheme: "tel", Opaque: strings.ReplaceAll(digits, "#", "%23")}).String()
}

func mailURL(address string) string {
	return (&url.URL{Scheme: "mailto", Opaque: url.PathEscape(address)}).String()
}

func mapURL(a contact.Address) string {
	return "https://www.openstreetmap.org/search?query=" + url.QueryEscape(strings.Join(addressLines(a), ", "))
}
