package data

import (
	"context"
	"errors"
	"testing"

	"kith/contact"
)

func TestSearch(t *testing.T) {
	s := newStore(t)
	phone := func(name string, numbers ...string) contact.Card {
		var e []contact.Entry
		for _, n := range numbers {
			e = append(e, contact.Entry{Value: n})
		}
		return card(name).WithPhones(e)
	}
	for _, c := range []contact.Card{
		phone("Søren Kierkegaard", "+49 (151) 234"),
		phone("Ada Lovelace", "0171 5550123").WithNote("Met in Łódź, at \"the\" café (NOT a bar)"),
		card("Grace Hopper").WithEmails([]contact.Entry{{Value: "grace.hopper@navy.example"}}).WithOrganization("US Navy"),
		phone("王秀英", "+86 10 5555 0000"),
		card("Straße 12"),
		card("Rosa ❤️"), card("Coder 👩‍💻 Two"),
	} {
		mustAdd(t, s, c)
	}
	gone := mustAdd(t, s, card("Gone Navy"))
	if err := s.Delete(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		text string
		want []string
	}{
		{"❤️", []string{"Rosa ❤️"}},
		{"❤", []string{"Rosa ❤️"}},
		{"coder 💻", []string{"Coder 👩‍💻 Two"}},
		{"rosa 💻", nil},
		{"🦄", nil},
		{"…", nil},
		{`"`, nil}, // nothing to look for
		{"soren", []string{"Søren Kierkegaard"}},
		{"SØR kier", []string{"Søren Kierkegaard"}},
		{"kier søren", []string{"Søren Kierkegaard"}},
		{"lodz", []string{"Ada Lovelace"}},
		{"strasse", []string{"Straße 12"}},
		{"ierkegaard", nil}, // a word's middle is not its beginning
		{"ada hopper", nil},
		{"hopper@na", []string{"Grace Hopper"}},
		{"grace.hopper@navy.example", []string{"Grace Hopper"}},
		{"navy", []string{"Grace Hopper"}},
		{"王秀", []string{"王秀英"}},
		{"秀英", []string{"王秀英"}}, // no blanks, no beginnings
		{"英", []string{"王秀英"}},
		{"王英", nil},

		{"0151234", []string{"Søren Kierkegaard"}},
		{"151 23", []string{"Søren Kierkegaard"}},
		{"+49151234", []string{"Søren Kierkegaard"}},
		{"0049 151/234", []string{"Søren Kierkegaard"}},
		{"1234", []string{"Søren Kierkegaard"}},
		{"234", []string{"Søren Kierkegaard"}},
		{"(151) 234 kierk", []string{"Søren Kierkegaard"}},
		{"+49 171 5550123", []string{"Ada Lovelace"}}, // typed with the country's code, saved without
		{"5555-0000", []string{"王秀英"}},
		{"12 straße", []string{"Straße 12"}},
		{"555", []string{"Ada Lovelace", "王秀英"}},

		{"  ", []string{"Ada Lovelace", "Coder 👩‍💻 Two", "Grace Hopper", "Rosa ❤️", "Søren Kierkegaard", "Straße 12", "王秀英"}},
		{`"the"`, []string{"Ada Lovelace"}},
		{`the OR navy`, nil},
		{`NOT`, []string{"Ada Lovelace"}},
		{`words:ada`, nil},
		{`ada*`, []string{"Ada Lovelace"}},
		{`^ada + "lovelace"`, []string{"Ada Lovelace"}},
		{`NEAR(ada lovelace)`, nil},
		{`-- ; ' \ %_`, nil},
		{"ada\x00lovelace", []string{"Ada Lovelace"}},
		{"\xff\xfe", nil},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) { wantNames(t, s, Query{Text: tt.text}, tt.want...) })
	}
}

func TestSearchFollowsEdits(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Zoe"))
	wantNames(t, s, Query{Text: "zoe"}, "Zoe")
	c = mustSave(t, s, c, c.Card.WithFullName("Bea"))
	wantNames(t, s, Query{Text: "zoe"})
	wantNames(t, s, Query{Text: "bea"}, "Bea")
	mustAdd(t, s, card("Al Bear"))
	wantNames(t, s, Query{Text: "bea"}, "Al Bear", "Bea")
	mustSave(t, s, c, c.Card.WithFullName("Aaron Bea"))
	wantNames(t, s, Query{Text: "bea"}, "Aaron Bea", "Al Bear")
}

func TestSearchEndsWithItsContext(t *testing.T) {
	s := newStore(t)
	mustAdd(t, s, card("Ada"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Order(ctx, Query{Text: "ada"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	wantNames(t, s, Query{Text: "ada"}, "Ada")
}
