package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
)

// A kind is what a value is for: Key as contact.Entry.Kind has it, Name as people read it.
type kind struct{ Key, Name string }

func phoneKinds() []kind {
	return []kind{{"mobile", lang.L("Mobile")}, {"private", lang.L("Home")}, {"work", lang.L("Work")}, {"fax", lang.L("Fax")}, {"pager", lang.L("Pager")}, {"", lang.X("kind.other", "Other")}}
}

func dateKinds() []kind {
	return []kind{{"wedding", lang.L("Anniversary")}, {"death", lang.X("date.death", "Death")}, {"", lang.X("kind.other", "Other")}}
}

func serviceKinds() []kind {
	return []kind{{"Signal", "Signal"}, {"WhatsApp", "WhatsApp"}, {"Telegram", "Telegram"}, {"Threema", "Threema"}, {"Matrix", "Matrix"},
		{"XMPP", "XMPP"}, {"Discord", "Discord"}, {"Skype", "Skype"}, {"Mastodon", "Mastodon"}, {"LinkedIn", "LinkedIn"}, {"", lang.X("kind.other", "Other")}}
}

func placeKinds() []kind {
	return []kind{{"private", lang.L("Home")}, {"work", lang.L("Work")}, {"", lang.X("kind.other", "Other")}}
}

// kindName is the name of a kind among kinds; one that is not ours stands for itself.
func kindName(kinds []kind, key string) string {
	for _, k := range kinds {
		if k.Key == key {
			return k.Name
		}
	}
	return key
}

// kindKey is the reverse; a name that is not ours is its own key.
func kindKey(kinds []kind, name string) string {
	for _, k := range kinds {
		if k.Name == name {
			return k.Key
		}
	}
	return name
}

func kindNames(kinds []kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return names
}

// valueLabel is the quiet word beside a value: the label that the user typed, else its kind; "" for "other".
func valueLabel(kinds []kind, key, label string) string {
	if label != "" {
		return label
	}
	if key == "" {
		return ""
	}
	return kindName(kinds, key)
}

// checkEmail says what is wrong with an address; nil for an empty one.
func checkEmail(s string) error {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return errors.New(lang.L("Type an address like {{.Example}}.", with{"Example": "ada@example.org"}))
	}
	return nil
}

// checkPhone accepts what people write down as a number, extensions and letters included, but not a text without a digit.
func checkPhone(s string) error {
	if strings.TrimSpace(s) != "" && !strings.ContainsAny(s, "0123456789") {
		return errors.New(lang.L("A phone number has digits."))
	}
	return nil
}

// linkURL is where a link leads; one without a scheme is https.
func linkURL(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, ":") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Host == "" && u.Opaque == "") || strings.ContainsAny(s, " \t") {
		return nil, errors.New(lang.L("Type a link like {{.Example}}.", with{"Example": "https://example.org"}))
	}
	return u, nil
}

func checkLink(s string) error {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	_, err := linkURL(s)
	return err
}

// addressLines is an address as on an envelope.
func addressLines(a contact.Address) []string { return a.Lines(here().Country()) }

// memberName is the word for a member of a card; "" : it has none of its own.
func memberName(member string) string {
	switch member {
	case "name":
		return lang.L("Name")
	case "emails":
		return lang.L("E-mail")
	case "phones":
		return lang.L("Phone")
	case "addresses":
		return lang.L("Address")
	case "links":
		return lang.L("Link")
	case "notes":
		return lang.L("Note")
	case "organizations":
		return lang.L("Organization")
	case "titles":
		return lang.L("Title")
	case "anniversaries":
		return lang.L("Birthday")
	case "keywords":
		return lang.L("Favourite")
	case "nicknames":
		return lang.L("Nickname")
	case "onlineServices":
		return lang.L("Messenger")
	case "relatedTo":
		return lang.L("Relation")
	case "media":
		return lang.L("Picture")
	case "personalInfo":
		return lang.L("Personal")
	case "preferredLanguages":
		return lang.L("Language")
	case "speakToAs":
		return lang.L("How to address")
	}
	return ""
}

// partName is the word for a part of an entry that needs telling apart; "" : it needs none.
func partName(part string) string {
	switch part {
	case "contexts", "features":
		return lang.X("part.kind", "kind")
	case "label":
		return lang.X("part.label", "label")
	case "pref":
		return lang.X("part.order", "order")
	case "components":
		return lang.X("part.components", "parts")
	case "date":
		return lang.X("part.date", "date")
	}
	return ""
}

// namePartName is the word for a component of a name that has a field of its own; "" : it has none. They stand at /name/components/kind:KIND.
func namePartName(kind string) string {
	switch kind {
	case "given":
		return lang.L("Given name")
	case "surname":
		return lang.L("Surname")
	case "title":
		return lang.L("Title before the name")
	case "given2":
		return lang.L("Middle name")
	}
	return ""
}

// fieldName puts a JSON pointer into a card into words: "/phones/x1/number" is "Phone", "/phones/x1/contexts" "Phone (kind)".
func fieldName(path string) string {
	if path == "" {
		return lang.L("The whole contact")
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	name := memberName(parts[0])
	if name == "" {
		name = capital(parts[0])
	}
	if len(parts) > 2 && parts[1] == "components" && parts[0] == "name" {
		if part := namePartName(strings.TrimPrefix(parts[2], "kind:")); part != "" {
			return part
		}
	}
	if parts[0] == "name" || parts[0] == "anniversaries" {
		return name
	}
	for _, p := range parts[1:] {
		if part := partName(p); part != "" {
			return lang.L("{{.Field}} ({{.Part}})", with{"Field": name, "Part": part})
		}
	}
	return name
}

// plainValue puts a JSON value of a card into words, for conflicts and the history; nil is "nothing".
func plainValue(raw json.RawMessage) string {
	if len(raw) == 0 {
		return lang.L("(nothing)")
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	if s := plain(v); s != "" {
		return s
	}
	return lang.L("(nothing)")
}

// telling are the members of an object that a person would read out, in this order.
var telling = []string{"full", "address", "number", "uri", "note", "name", "user", "value", "date"}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return lang.L("yes")
		}
		return lang.L("no")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var parts []string
		for _, e := range v {
			if s := plain(e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, " ")
	case map[string]any:
		if y, m, d := v["year"], v["month"], v["day"]; m != nil || y != nil {
			n := func(v any) int { f, _ := v.(float64); return int(f) }
			return formatDate(contact.Date{Year: n(y), Month: n(m), Day: n(d)})
		}
		for _, key := range telling {
			if s := plain(v[key]); s != "" {
				return s
			}
		}
		if c, ok := v["components"]; ok {
			return plain(c)
		}
		var parts []string
		for key, e := range v {
			if e == true {
				parts = append(parts, kindName(phoneKinds(), key)) // a set, as contexts are
			} else if s := plain(e); s != "" && !strings.HasPrefix(key, "@") {
				parts = append(parts, s)
			}
		}
		return commaed(sorted(parts))
	}
	return fmt.Sprint(v)
}

func sorted(s []string) []string { slices.Sort(s); return s }
