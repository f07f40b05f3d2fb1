package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/syncer"
)

// fullCard has something in every field.
func fullCard(t *testing.T) contact.Card {
	t.Helper()
	c, err := contact.Parse(fmt.Appendf(nil, `{"@type":"Card","version":"1.0","uid":"00000000-0000-7000-8000-0000000000f0"}`))
	if err != nil {
		t.Fatal(err)
	}
	return c.WithGiven("太郎").WithSurname("山田").WithPhonetic("given", "タロウ").WithPhonetic("surname", "ヤマダ").WithNickname("Tarō").
		WithOrganization("جمعية المحركات التحليلية").WithDepartment("Engines").WithTitle("Engineer").
		WithPhones([]contact.Entry{{Value: "+81 3 1234 5678", Label: "Boat"}}).
		WithEmails([]contact.Entry{{Value: "a.very.long.address.of.somebody.who.likes.them@subdomain.of.another.example.org", Kind: "work"}}).
		WithServices([]contact.Entry{{Label: "Signal", Value: "+81 90 1234 5678"}, {Label: "Mastodon", Value: "@taro@example.org"}}).
		WithDates([]contact.DatedEntry{{Kind: "wedding", Date: contact.Date{Year: 2011, Month: 5, Day: 20}}, {Kind: contact.OtherDate, Label: "Name day", Date: contact.Date{Month: 2, Day: 29}}}).
		WithBirthday(contact.Date{Month: 12, Day: 24}).WithCustom([]contact.Entry{{Label: "Shoe size", Value: "42"}}).
		WithRelation(contact.Relation{Name: "山田 花子", Kind: "spouse"}).
		WithLabels([]string{"Family", "Science"}).WithNote("مرحبا\nSecond line.")
}

// TestFieldGoldens draws a contact that has something in every field, and its editor.
func TestFieldGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, fullCard(t))
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 1180))
			h.until(t, "the labels are counted", func() bool { return len(h.counts.Labels) == 2 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.list.choose(0)
			h.untilShown("山田太郎")
			h.golden("fields-" + mode)
			h.menu("Edit")
			h.golden("fields-edit-" + mode)
			h.w.win.Resize(fyne.NewSize(400, 1180))
			h.golden("fields-edit-narrow-" + mode)
		})
	}
}
