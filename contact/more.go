package contact

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Services are the messengers and profiles (RFC 9553 section 2.3.2): Value is the user or the URI, Label the service's name.
func (c Card) Services() []Entry { return c.entries(services) }

// WithServices makes the card hold exactly these, as WithEmails does.
func (c Card) WithServices(e []Entry) Card { return c.withEntries(services, e) }

// Custom are the fields of people's own making: a Label and a Value. JSContact has no place for them, so they have a member of ours, of
// the form that its own members have; in vCards they are X-KITH-FIELD properties with an X-ABLabel, which programs that know neither
// keep, and the label of which many show.
func (c Card) Custom() []Entry           { return c.entries(custom) }
func (c Card) WithCustom(e []Entry) Card { return c.withEntries(custom, e) }

// CustomMember is the member of a card that holds them.
const CustomMember = "kith.app:fields"

var (
	services = entryMap{member: "onlineServices", value: "user", service: true}
	custom   = entryMap{member: CustomMember, value: "value"}
)

// isURI says whether a messenger's value is an address of its own and not a user's name at the service.
func isURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || strings.ContainsAny(s, " \t\n") {
		return false
	}
	for i, r := range scheme {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || i > 0 && (r == '+' || r == '-' || r == '.' || '0' <= r && r <= '9')) {
			return false
		}
	}
	return scheme != ""
}

// DatedEntry is one anniversary (RFC 9553 section 2.8.1) beside the birthday.
type DatedEntry struct {
	ID    string
	Date  Date
	Kind  string // "wedding", "death", or OtherDate
	Label string // typed by the user
}

// OtherDate is the kind of a date that only its label names.
const OtherDate = "kith.app:date"

// Dates are the anniversaries but the birthday, in the order in which they were added.
func (c Card) Dates() []DatedEntry {
	var all []DatedEntry
	held := object(c.members["anniversaries"])
	for _, id := range sortedKeys(held) {
		if e := readDated(id, object(held[id])); e.Kind != "birth" && !e.Date.IsZero() {
			all = append(all, e)
		}
	}
	return all
}

func readDated(id string, o map[string]any) DatedEntry {
	return DatedEntry{ID: id, Date: readDate(object(o["date"])), Kind: text(o["kind"]), Label: text(o["label"])}
}

// WithDates makes the card hold exactly these beside the birthday; one with an empty ID gets a new key, one without a date is left out.
func (c Card) WithDates(dates []DatedEntry) Card {
	held := object(c.members["anniversaries"])
	out := map[string]any{}
	for id, v := range held { // the birthday, and what these views do not show
		if e := readDated(id, object(v)); e.Kind == "birth" || e.Date.IsZero() {
			out[id] = v
		}
	}
	now := time.Now()
	for i, d := range dates {
		if d.Date.IsZero() {
			continue
		}
		if d.ID == "" {
			d.ID = newKey(now, i)
		}
		before := readDated(d.ID, object(held[d.ID]))
		o := maps.Clone(object(held[d.ID]))
		if o == nil {
			o = map[string]any{}
		}
		if d.Date != before.Date {
			o["date"] = d.Date.partial()
		}
		setText(o, "kind", before.Kind, d.Kind)
		setText(o, "label", before.Label, d.Label)
		out[d.ID] = o
	}
	if len(out) == 0 {
		return c.with(nil, "anniversaries")
	}
	return c.with(out, "anniversaries")
}

// WithLabels makes these the card's labels; that it is a favourite stays.
func (c Card) WithLabels(labels []string) Card {
	for _, had := range c.Labels() {
		if !slices.Contains(labels, had) {
			c = c.WithLabel(had, false)
		}
	}
	for _, label := range labels {
		c = c.WithLabel(label, true)
	}
	return c
}
