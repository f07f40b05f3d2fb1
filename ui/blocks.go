package ui

import (
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

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
		phones = append(phones, value{text: e.Value, label: valueLabel(phoneKinds(), e.Kind, e.Label), open: telURL(e.Value), spoken: lang.L("Phone number")})
	}
	for _, e := range c.Emails() {
		emails = append(emails, value{text: e.Value, label: valueLabel(placeKinds(), e.Kind, e.Label), open: mailURL(e.Value), spoken: lang.L("E-mail address")})
	}
	for _, a := range c.Addresses() {
		text := strings.Join(addressLines(a), "\n")
		if text == "" {
			continue
		}
		places = append(places, value{text: text, label: valueLabel(placeKinds(), a.Kind, a.Label), open: mapURL(a), long: true, spoken: lang.L("Address")})
	}
	for _, e := range c.Links() {
		v := value{text: e.Value, label: valueLabel(placeKinds(), e.Kind, e.Label), spoken: lang.L("Link")}
		if u, err := linkURL(e.Value); err == nil {
			v.open = u.String()
		}
		links = append(links, v)
	}
	add(iconQuietPhone, phones)
	add(iconQuietMail, emails)
	add(iconQuietPlace, places)
	add(iconQuietLink, links)
	add(iconQuietChat, messengers(c))
	var dates []value
	if text := formatDate(c.Birthday()); text != "" {
		dates = append(dates, value{text: text, label: lang.L("Birthday"), spoken: lang.L("Birthday")})
	}
	for _, e := range datesOf(c) {
		dates = append(dates, value{text: e.Value, label: valueLabel(dateKinds(), e.Kind, e.Label), spoken: lang.L("Date")})
	}
	add(iconCake, dates)
	add(iconPerson, aboutName(c))
	var own []value
	for _, e := range c.Custom() {
		own = append(own, value{text: e.Value, label: e.Label, long: true, spoken: ifAny(e.Label != "", e.Label) + ifAny(e.Label == "", lang.L("Text"))})
	}
	add(iconQuietMore, own)
	if note := strings.TrimSpace(c.Note()); note != "" {
		add(iconQuietNote, []value{{text: note, long: true, spoken: lang.L("Note")}})
	}
	return all
}

// role is the line below the name: "Countess, Analytical Society".
func role(c contact.Card) string {
	var parts []string
	for _, p := range []string{c.Title(), c.Department(), c.Organization()} {
		if p != "" && p != c.DisplayName() {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// messengers are the values of a contact's messengers and profiles, which a click opens where their address is known.
func messengers(c contact.Card) []value {
	var all []value
	for _, e := range c.Services() {
		label := e.Label
		if label == "" {
			label = lang.L("Messenger")
		}
		all = append(all, value{text: e.Value, label: label, open: messengerURL(e.Label, e.Value), spoken: label})
	}
	return all
}

// messengerURL is where a click on a user of a service leads; "" : nobody can say.
func messengerURL(service, user string) string {
	if u, err := url.Parse(user); err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "") {
		return user
	}
	number := strings.TrimPrefix(telURL(user), "tel:")
	name := url.PathEscape(strings.TrimPrefix(user, "@"))
	switch strings.ToLower(service) {
	case "whatsapp":
		if number != "" {
			return "https://wa.me/" + strings.TrimPrefix(number, "+")
		}
	case "signal":
		if strings.HasPrefix(number, "+") {
			return "https://signal.me/#p/" + number
		}
	case "telegram":
		return "https://t.me/" + name
	case "matrix":
		return "https://matrix.to/#/" + url.PathEscape(user)
	case "xmpp", "jabber":
		return "xmpp:" + url.PathEscape(user)
	case "skype":
		return "skype:" + name + "?chat"
	case "threema":
		return "https://threema.id/" + name
	case "linkedin":
		return "https://www.linkedin.com/in/" + name
	case "mastodon":
		if at, host, ok := strings.Cut(strings.TrimPrefix(user, "@"), "@"); ok && host != "" {
			return "https://" + host + "/@" + url.PathEscape(at)
		}
	}
	return ""
}

// aboutName is what a contact's name does not say itself.
func aboutName(c contact.Card) []value {
	var all []value
	add := func(text, label string) {
		if text != "" && text != c.DisplayName() {
			all = append(all, value{text: text, label: label, spoken: label})
		}
	}
	add(c.Nickname(), lang.L("Nickname"))
	first, second := c.Phonetic("given"), c.Phonetic("surname")
	if familyFirst, _ := c.FamilyFirst(); familyFirst {
		first, second = second, first
	}
	add(strings.TrimSpace(first+" "+second), lang.L("Spoken"))
	return all
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
