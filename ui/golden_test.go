package ui

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

var update = flag.Bool("update", false, "write the golden images anew")

// goldenCards are contacts with fixed ids, so that their avatars have the same colours in each run.
func goldenCards(t *testing.T) []contact.Card {
	t.Helper()
	names := [][2]string{{"Ada", "Lovelace"}, {"Charles", "Babbage"}, {"Émilie", "du Châtelet"}, {"Grace", "Hopper"}, {"X", ""},
		{"Wolfeschlegelsteinhausenbergerdorff", "von und zu Hohenstein-Sigmaringen"}}
	var cards []contact.Card
	for i, n := range names {
		c, err := contact.Parse(fmt.Appendf(nil, `{"@type":"Card","version":"1.0","uid":"00000000-0000-7000-8000-00000000000%d"}`, i))
		if err != nil {
			t.Fatal(err)
		}
		c = c.WithGiven(n[0]).WithSurname(n[1])
		if i == 0 {
			c = c.WithTitle("Countess").WithOrganization("Analytical Society").WithStarred(true).
				WithPhones([]contact.Entry{{Value: "+44 20 7946 0958", Kind: "mobile"}, {Value: "+44 20 7946 0321"}}).
				WithEmails([]contact.Entry{{Value: "ada@example.org", Kind: "private"}}).
				WithAddresses([]contact.Address{{Street: "12 St James’s Square", Locality: "London", Postcode: "SW1Y 4JH", Kind: "private"}}).
				WithBirthday(contact.Date{Year: 1815, Month: 12, Day: 10}).WithNote("Notes on the engine.\nSecond line.")
		}
		if i < 4 {
			c = c.WithLabel([]string{"Science", "Family", "Book club"}[i%3], true)
		}
		if i > 0 && i < 4 {
			c = c.WithBirthday(contact.Date{Year: 1900 + i, Month: 11, Day: 20 + i})
		}
		cards = append(cards, c)
	}
	return cards
}

// showHistory edits a contact twice, and shows what it was.
func (h *harness) showHistory(name string) {
	h.Helper()
	h.until(h.T, "it is listed", func() bool { return slices.Contains(h.names(), name) })
	h.list.choose(slices.Index(h.names(), name))
	h.untilShown(name)
	for _, title := range []string{"Inventor", "Lucasian Professor of Mathematics"} {
		was := h.view.shown
		if _, err := h.store.Save(h.Context(), was.ID, was.Card, was.Card.WithTitle(title)); err != nil {
			h.Fatal(err)
		}
		h.until(h.T, "the edit is shown", func() bool {
			return h.view.shown.Card.Title() == title && h.list.rowState(h.list.selection.place(h.list.order)).row.Subtitle == title
		})
	}
	h.view.history.toggle.tapped()
	h.until(h.T, "the history is shown", func() bool { return len(h.view.history.entries.Objects) == 3 })
}

// TestGoldens draws the window's views in light and dark. Run with -update after a wanted change, and look at the images.
func TestGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.golden("contact-" + mode)
			h.cropPhoto(h.photoOwner(), portrait(900, 1200))
			h.golden("crop-" + mode)
			h.press(fyne.KeyEscape)
			h.menu("Edit")
			h.golden("edit-" + mode)
			h.press(fyne.KeyEscape)
			h.untilShown("Ada Lovelace")
			h.dialogs.shortcuts()
			h.goldenDialog("keys-" + mode)
			h.dialogs.close()
			h.choosePlace(data.Birthdays)
			h.untilListed("Émilie du Châtelet", "Grace Hopper", "Ada Lovelace", "Charles Babbage")
			h.golden("birthdays-" + mode)
			h.choosePlace(data.All)
			h.showHistory("Charles Babbage")
			h.golden("history-" + mode)
			h.until(t, "everybody is listed", func() bool { return len(h.names()) == 6 && h.names()[0] == "Ada Lovelace" && h.names()[5] != "" })
			h.w.win.Resize(fyne.NewSize(420, 660))
			h.showList()
			h.golden("narrow-" + mode)
			h.list.tapped(0, 0)
			h.untilShown("Ada Lovelace")
			h.golden("contact-narrow-" + mode)
			h.dialogs.shortcuts()
			h.goldenDialog("keys-narrow-" + mode)
		})
	}
}

func (h *harness) golden(name string) {
	h.Helper()
	counts, err := h.store.CountsOf(h.Context(), h.books.chosen)
	if err != nil {
		h.Fatal(err)
	}
	h.until(h.T, "the book is counted, and no sync runs", func() bool { return reflect.DeepEqual(h.counts, counts) && h.status.shown.State != syncer.Syncing })
	h.goldenImage(name, h.w.win.Canvas().Capture())
}

// goldenDialog is golden for the dialog that is open alone.
func (h *harness) goldenDialog(name string) {
	h.Helper()
	at, size := h.app.Driver().AbsolutePositionForObject(h.dialogs.open.Content), h.dialogs.open.Content.Size()
	area := image.Rect(int(at.X), int(at.Y), int(at.X+size.Width), int(at.Y+size.Height))
	part := image.NewNRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	draw.Draw(part, part.Bounds(), h.w.win.Canvas().Capture(), area.Min, draw.Src)
	h.goldenImage(name, part)
}

func (h *harness) goldenImage(name string, got image.Image) {
	h.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			h.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			h.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		h.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		h.Fatal(err)
	}
	if different, of := difference(got, want); different > of/1000 {
		failed := filepath.Join(os.TempDir(), "kith-"+name+".png")
		var b bytes.Buffer
		if err := png.Encode(&b, got); err == nil {
			err = os.WriteFile(failed, b.Bytes(), 0o644)
			h.Logf("drawn: %s (%v)", failed, err)
		}
		h.Errorf("%s: %d of %d pixels differ", name, different, of)
	}
}

// difference counts the pixels that look different. Machines round curves a little differently.
func difference(a, b image.Image) (different, of int) {
	size := a.Bounds()
	of = size.Dx() * size.Dy()
	if b.Bounds() != size {
		return of, of
	}
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			p, q := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(b.At(x, y)).(color.NRGBA)
			if far(p.R, q.R) || far(p.G, q.G) || far(p.B, q.B) {
				different++
			}
		}
	}
	return different, of
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 24 }
