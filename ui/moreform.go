package ui

import (
	"slices"
	"strings"

	"kith/contact"
)

// more is what the form holds beside the fields that most contacts have.
type more struct {
	Prefix, Middle, Suffix, Nickname string
	SpokenGiven, SpokenSurname       string
	Department                       string
	Services, Dates, Custom, Related []contact.Entry
	Labels                           []string
	Starred                          bool
}

func moreOf(c contact.Card) more {
	return more{
		Prefix: c.Component("title"), Middle: c.Component("given2"), Suffix: c.Suffix(), Nickname: c.Nickname(),
		SpokenGiven: c.Phonetic("given"), SpokenSurname: c.Phonetic("surname"), Department: c.Department(),
		Services: c.Services(), Dates: datesOf(c), Custom: c.Custom(), Related: relationsOf(c), Labels: c.Labels(), Starred: c.Starred(),
	}
}

// datesOf are the dates beside the birthday, in words.
func datesOf(c contact.Card) []contact.Entry {
	var all []contact.Entry
	for _, d := range c.Dates() {
		e := contact.Entry{ID: d.ID, Value: formatDate(d.Date), Kind: d.Kind, Label: d.Label}
		if d.Kind == contact.OtherDate {
			e.Kind = ""
		}
		all = append(all, e)
	}
	return all
}

// apply writes what differs from the card. The name's spoken parts come after the parts.
func (m more) apply(c contact.Card, was more) contact.Card {
	set := func(now, before string, with func(string) contact.Card) {
		if now != before {
			c = with(strings.TrimSpace(now))
		}
	}
	set(m.Prefix, was.Prefix, func(s string) contact.Card { return c.WithComponent("title", s) })
	set(m.Middle, was.Middle, func(s string) contact.Card { return c.WithComponent("given2", s) })
	set(m.Suffix, was.Suffix, func(s string) contact.Card { return c.WithSuffix(s) })
	set(m.Nickname, was.Nickname, func(s string) contact.Card { return c.WithNickname(s) })
	set(m.SpokenGiven, c.Phonetic("given"), func(s string) contact.Card { return c.WithPhonetic("given", s) })
	set(m.SpokenSurname, c.Phonetic("surname"), func(s string) contact.Card { return c.WithPhonetic("surname", s) })
	set(m.Department, was.Department, func(s string) contact.Card { return c.WithDepartment(s) })
	if e := given(m.Services); !slices.Equal(e, was.Services) {
		c = c.WithServices(e)
	}
	if e := given(m.Related); !slices.Equal(e, was.Related) {
		c = c.WithRelations(relationsFrom(e))
	}
	if e := given(m.Custom); !slices.Equal(e, was.Custom) {
		c = c.WithCustom(e)
	}
	if e := given(m.Dates); !slices.Equal(e, was.Dates) {
		c = c.WithDates(datesFrom(e, was.Dates, c.Dates()))
	}
	if !slices.Equal(sorted(slices.Clone(m.Labels)), was.Labels) {
		c = c.WithLabels(m.Labels)
	}
	if m.Starred != was.Starred {
		c = c.WithStarred(m.Starred)
	}
	return c
}

// datesFrom reads dates in words; one that did not change stays as the card has it, and what can't be read yet is left out.
func datesFrom(typed, was []contact.Entry, had []contact.DatedEntry) []contact.DatedEntry {
	var dates []contact.DatedEntry
	for _, e := range typed {
		d, err := parseDate(e.Value)
		if i := slices.IndexFunc(had, func(h contact.DatedEntry) bool { return h.ID == e.ID }); i >= 0 {
			if j := slices.IndexFunc(was, func(w contact.Entry) bool { return w.ID == e.ID && w.Value == e.Value }); j >= 0 {
				d, err = had[i].Date, nil
			}
		}
		if err != nil {
			continue
		}
		kind := e.Kind
		if kind == "" {
			kind = contact.OtherDate
		}
		dates = append(dates, contact.DatedEntry{ID: e.ID, Date: d, Kind: kind, Label: e.Label})
	}
	return dates
}

// checkDate says what is wrong with a date in words.
func checkDate(s string) error {
	_, err := parseDate(s)
	return err
}

// unreadable says that a date was typed that no card can hold yet.
func (m more) unreadable(was more) bool {
	return slices.ContainsFunc(m.Dates, func(e contact.Entry) bool {
		return checkDate(e.Value) != nil && !slices.Contains(was.Dates, e)
	})
}
