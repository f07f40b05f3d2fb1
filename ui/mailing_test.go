package ui

import (
	"fmt"
	"strings"
	"testing"

	"kith/contact"
)

func mailed(name, address string) contact.Card {
	return contact.New().WithFullName(name).WithEmails([]contact.Entry{{Value: address}, {Value: "second@example.org"}})
}

func TestMailLine(t *testing.T) {
	cards := []contact.Card{mailed("Zoë O'Brien", "zoe@example.org"), mailed("King, Ada", "ada@example.org"), mailed(`Bob "B" Two`, "bob@example.org"), mailed("", "x@example.org")}
	want := `Zoë O'Brien <zoe@example.org>, "King, Ada" <ada@example.org>, "Bob \"B\" Two" <bob@example.org>, x@example.org`
	if got := mailLine(cards); got != want {
		t.Errorf("line %q, want %q", got, want)
	}
	if got, want := mailLink(cards[:1]), "mailto:zoe@example.org"; got != want {
		t.Errorf("link %q, want %q", got, want)
	}
	if got, want := mailLink([]contact.Card{mailed("", "a?b@example.org"), mailed("", "c@example.org")}), "mailto:?bcc=a%3Fb@example.org,c@example.org"; got != want {
		t.Errorf("link %q, want %q", got, want)
	}
}

// The addresses of all that are chosen are copied, and a mail to them is offered where a link may be so long.
func TestCopyEmails(t *testing.T) {
	cards := []contact.Card{contact.New().WithFullName("Charles Babbage"), mailed("Ada King", "ada@example.org"), mailed("Bob Two", "bob@example.org")}
	h := newHarness(t, cards...)
	h.untilListed("Ada King", "Bob Two", "Charles Babbage")
	h.list.selectAll()
	h.menu("Copy E-mail Addresses")
	h.untilToast("E-mail addresses copied: 2")
	if got, want := h.app.Clipboard().Content(), "Ada King <ada@example.org>, Bob Two <bob@example.org>"; got != want {
		t.Errorf("clipboard %q, want %q", got, want)
	}
	h.list.choose(2)
	h.untilShown("Charles Babbage")
	h.menu("Copy E-mail Addresses")
	h.untilToast("None of them has an e-mail address.")
}

// More than a link can hold are on the clipboard all the same.
func TestCopyManyEmails(t *testing.T) {
	var cards []contact.Card
	for i := range 1200 { // several pages
		cards = append(cards, mailed(fmt.Sprintf("Person %04d", i), fmt.Sprintf("p%d@example.org", i)))
	}
	h := newHarness(t, cards...)
	h.until(t, "all are listed", func() bool { return len(h.list.order) == len(cards) })
	h.list.selectAll()
	h.menu("Copy E-mail Addresses")
	h.untilToast("E-mail addresses copied: 1,200")
	if n := strings.Count(h.app.Clipboard().Content(), "@"); n != len(cards) {
		t.Errorf("%d addresses on the clipboard, want %d", n, len(cards))
	}
	if h.toast.more.Visible() {
		t.Error("a mail is offered that would lose people on its way")
	}
}
