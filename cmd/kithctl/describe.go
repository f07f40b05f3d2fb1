package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"kith/contact"
	"kith/data"
)

// told is a contact with what "show" says of it and the card does not hold.
type told struct {
	data.Contact
	bookName string            // "" : there is no other book
	names    map[string]string // what the contacts that it is related to are called now
}

func tell(ctx context.Context, s *data.Store, c data.Contact) (told, error) {
	t := told{Contact: c}
	books, err := s.Books(ctx)
	if err != nil {
		return t, err
	}
	for _, b := range books {
		if b.ID == c.Book && len(books) > 1 {
			t.bookName = b.Name
		}
	}
	var ids []string
	for _, r := range c.Card.Relations() {
		ids = append(ids, r.Key)
	}
	t.names, err = s.Names(ctx, ids)
	return t, err
}

// describe is a contact as labelled values: all that the window shows.
func describe(c told) [][]string {
	card := c.Card
	var rows [][]string
	add := func(label, value string) {
		for line := range strings.Lines(value) {
			rows = append(rows, []string{label, strings.TrimRight(line, "\r\n")})
			label = ""
		}
	}
	entries := func(noun string, all []contact.Entry) {
		for _, e := range all {
			add(label(noun, e), e.Value)
		}
	}
	add("Name", card.FullName())
	add("Nickname", card.Nickname())
	add("Spoken", strings.TrimSpace(card.Phonetic("given")+" "+card.Phonetic("surname")))
	add("Organization", card.Organization())
	add("Department", card.Department())
	add("Title", card.Title())
	entries("Phone", card.Phones())
	entries("E-mail", card.Emails())
	for _, a := range card.Addresses() {
		add(label("Address", contact.Entry{Kind: a.Kind, Label: a.Label}), postal(a))
	}
	entries("Link", card.Links())
	entries("Messenger", card.Services())
	add("Birthday", card.Birthday().String())
	for _, d := range card.Dates() {
		kind := strings.TrimPrefix(strings.TrimPrefix(d.Kind, contact.OtherDate), "kith.app:")
		add(label("Date", contact.Entry{Kind: kind, Label: d.Label}), d.Date.String())
	}
	for _, r := range card.Relations() {
		kind := strings.TrimPrefix(r.Kind, "kith.app:")
		add(label("Related", contact.Entry{Kind: kind, Label: r.Label}), cmp.Or(c.names[r.Key], r.Name))
	}
	for _, e := range card.Custom() {
		add(cmp.Or(e.Label, "Field"), e.Value)
	}
	add("Labels", strings.Join(card.Labels(), ", "))
	if p, ok := card.Photo(); ok {
		add("Photo", cmp.Or(p.Type, "yes")+`: "kithctl photo ID --export FILE" writes it`)
	}
	add("Note", card.Note())
	if card.Starred() {
		add("Favourite", "yes")
	}
	add("Book", c.bookName)
	switch {
	case !c.Deleted.IsZero():
		add("In the trash", "since "+clock(c.Deleted))
	case c.Conflicts > 0:
		add("Waits for you", fmt.Sprintf(`%s: see "kithctl conflicts"`, count(c.Conflicts, "field")))
	case c.Rejected != "":
		add("Not accepted", c.Rejected)
	case c.Pending:
		add("Not sent yet", `"kithctl sync" sends it`)
	}
	add("Id", c.ID)
	return rows
}

func label(noun string, e contact.Entry) string {
	kind := e.Label
	if kind == "" {
		kind = map[string]string{"private": "home"}[e.Kind]
	}
	if kind == "" {
		kind = e.Kind
	}
	if kind == "" {
		return noun
	}
	return noun + " (" + kind + ")"
}

func postal(a contact.Address) string {
	home := ""
	if l, ok := dates(); ok {
		home = l.Country()
	}
	return strings.Join(a.Lines(home), "\n")
}
