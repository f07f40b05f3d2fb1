package ui

import (
	"encoding/json"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/contact/duplicate"
	"kith/data"
)

// twins are cards of two people who are there twice, and of one who is not; with fixed ids, so that their avatars have the same colours.
func twins(t *testing.T) []contact.Card {
	t.Helper()
	var cards []contact.Card
	for _, text := range []string{
		`{"uid":"00000000-0000-7000-8000-000000000001","name":{"full":"Ada Lovelace"},"emails":{"e":{"address":"ada@example.org"}},
			"phones":{"p":{"number":"+44 20 7946 0958","features":{"mobile":true}}},"organizations":{"org":{"name":"Analytical Society"}},"notes":{"note":{"note":"Met in London"}}}`,
		`{"uid":"00000000-0000-7000-8000-000000000002","name":{"full":"Ada Lovelace"},"emails":{"f":{"address":"ada@example.org","contexts":{"work":true}}},
			"phones":{"q":{"number":"+44 20 7946 0321","contexts":{"work":true}}},"notes":{"note":{"note":"Likes engines"}},"keywords":{"Choir":true},
			"anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":12,"day":10}}}}`,
		`{"uid":"00000000-0000-7000-8000-000000000003","name":{"full":"Robert Smith"},"emails":{"e":{"address":"bob@example.com"}},"organizations":{"org":{"name":"Harbour & Sons"}}}`,
		`{"uid":"00000000-0000-7000-8000-000000000004","name":{"full":"Bob Smith"},"emails":{"e":{"address":"BOB@example.com"}},"phones":{"p":{"number":"+44 7700 900123"}}}`,
		`{"uid":"00000000-0000-7000-8000-000000000005","name":{"full":"Grace Hopper"},"emails":{"e":{"address":"grace@example.org"}}}`,
	} {
		c, err := contact.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, c)
	}
	return cards
}

// searched waits until the search has found n groups.
func (h *harness) searched(n int) {
	h.Helper()
	h.elapse(searchPause)
	h.until(h.T, "the duplicates are found", func() bool { return h.sidebar.duplicates == n })
}

// untilCompared waits until the contacts side by side are these.
func (h *harness) untilCompared(names ...string) {
	h.Helper()
	h.until(h.T, "side by side are "+plainList(names), func() bool {
		var shown []string
		for _, c := range h.merge.contacts {
			shown = append(shown, c.Card.DisplayName())
		}
		return slices.Equal(shown, names) && h.merge.box.Visible() == (len(names) > 0)
	})
}

func TestDuplicatesPlace(t *testing.T) {
	h := newHarness(t, twins(t)...)
	item := h.sidebar.items[duplicatesPlace]
	if item.Visible() {
		t.Error("the place is there before anything was found")
	}
	h.searched(2)
	if !item.Visible() || item.count != 2 {
		t.Errorf("the sidebar shows %v %d, want 2", item.Visible(), item.count)
	}
	item.choose()
	h.untilCompared("Ada Lovelace", "Ada Lovelace")
	if got := h.merge.why.text; got != "Same e-mail, same name" {
		t.Errorf("because %q", got)
	}
	if h.list.box.Visible() && !h.dups.box.Visible() {
		t.Error("the list of contacts is shown")
	}

	// By keys alone: to the merge button, and there it is.
	h.press(fyne.KeyReturn)
	if h.focused() != fyne.Focusable(h.merge.merge) {
		t.Fatalf("Enter leads to %T", h.focused())
	}
	h.press(fyne.KeyReturn)
	h.untilToast("2 contacts merged into Ada Lovelace")
	h.until(t, "one group is left", func() bool { return h.sidebar.duplicates == 1 && len(h.dups.groups) == 1 })
	if got := h.stored(data.All); plainList(got) != plainList([]string{"Ada Lovelace", "Bob Smith", "Grace Hopper", "Robert Smith"}) {
		t.Errorf("the book has %q", got)
	}
	h.dups.choose(duplicate.Likely)
	h.untilCompared("Robert Smith", "Bob Smith")
	h.merge.apart.OnTapped()
	h.untilToast("Remembered as not the same")
	h.until(t, "no group is left", func() bool { return h.sidebar.duplicates == 0 })
	h.untilCompared()

	h.undo(1)
	h.until(t, "the pair is there again", func() bool { return h.sidebar.duplicates == 1 })
	h.undo(1)
	h.until(t, "both are", func() bool { return h.sidebar.duplicates == 2 })
	h.press(fyne.KeyEscape)
	h.untilListed("Ada Lovelace", "Ada Lovelace", "Bob Smith", "Grace Hopper", "Robert Smith")
	if h.dups.box.Visible() || h.comparing() {
		t.Error("the place is still open")
	}
}

func TestMergeAllCertain(t *testing.T) {
	cards := twins(t)
	copied, err := contact.Parse([]byte(`{"uid":"00000000-0000-7000-8000-000000000006","name":{"full":"Grace Hopper"},"emails":{"e":{"address":"grace@example.org"}},"titles":{"t":{"name":"Admiral"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, append(cards, copied)...)
	h.searched(3)
	h.sidebar.items[duplicatesPlace].choose()
	if h.dups.mergeAll.Text != "Merge all 2" {
		t.Errorf("the button says %q", h.dups.mergeAll.Text)
	}
	h.dups.mergeAll.OnTapped()
	h.untilToast("4 contacts merged into 2")
	h.until(t, "one group is left", func() bool { return h.sidebar.duplicates == 1 })
	h.toast.undo.tapped()
	h.until(t, "one undo brings all back", func() bool { return h.sidebar.duplicates == 3 })
}

func TestMergeChoices(t *testing.T) {
	h := newHarness(t, twins(t)...)
	h.searched(2)
	h.sidebar.items[duplicatesPlace].choose()
	h.dups.choose(duplicate.Likely)
	h.untilCompared("Robert Smith", "Bob Smith")
	if h.merge.previewName.text != "Robert Smith" {
		t.Errorf("the preview is of %q", h.merge.previewName.text)
	}
	m := h.merge.model
	toggle := func(title string, card int) {
		for _, f := range m.fields {
			if f.title == title {
				m.toggle(f, card, f.columns[card][0])
				h.merge.update()
				return
			}
		}
		t.Fatalf("no field %q", title)
	}
	toggle("Name", 1)
	if h.merge.previewName.text != "Bob Smith" {
		t.Errorf("with the other name: %q", h.merge.previewName.text)
	}
	toggle("Keep as nickname", 0)
	toggle("Organization", 0)
	// An edit elsewhere keeps what was chosen, and is in the merge.
	robert := h.merge.contacts[0]
	if _, err := h.store.Save(t.Context(), robert.ID, robert.Card, robert.Card.WithNote("new")); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the edit is in the preview", func() bool { return h.merge.result.Note() == "new" })
	if h.merge.previewName.text != "Bob Smith" || h.merge.result.Organization() != "" {
		t.Errorf("the choices are gone: %s", h.merge.result.JSON())
	}
	h.merge.merge.OnTapped()
	h.untilToast("2 contacts merged into Bob Smith")
	c, err := h.store.Contact(t.Context(), robert.ID)
	if err != nil {
		t.Fatal(err)
	}
	if c.Card.FullName() != "Bob Smith" || c.Card.Organization() != "" || c.Card.At("/nicknames") != nil || c.Card.Note() != "new" || len(c.Card.Phones()) != 1 {
		t.Errorf("merged: %s", c.Card.JSON())
	}
}

func TestMergeLater(t *testing.T) {
	cards := twins(t)
	for _, text := range []string{`{"uid":"00000000-0000-7000-8000-000000000006","name":{"full":"Grace Hopper"},"emails":{"e":{"address":"grace@example.org"}}}`} {
		c, err := contact.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, c)
	}
	h := newHarness(t, cards...)
	h.searched(3)
	h.sidebar.items[duplicatesPlace].choose()
	first := h.dups.shown[0].Rows[0].Name
	h.untilCompared(first, first)
	h.merge.later.OnTapped()
	second := h.dups.shown[0].Rows[0].Name
	h.untilCompared(second, second)
	if second == first || h.dups.shown[1].Rows[0].Name != first {
		t.Errorf("after %q comes %q", first, second)
	}
}

func TestMergeSelection(t *testing.T) {
	h := newHarness(t, twins(t)...)
	h.untilListed("Ada Lovelace", "Ada Lovelace", "Bob Smith", "Grace Hopper", "Robert Smith")
	h.list.choose(2)
	h.untilShown("Bob Smith")
	h.menu("Merge…")
	h.untilToast("Choose two contacts or more to merge them")
	h.list.tapped(4, fyne.KeyModifierShortcutDefault)
	h.list.bar.merge.OnTapped()
	h.untilCompared("Bob Smith", "Robert Smith")
	if h.merge.later.Text != "Cancel" {
		t.Errorf("the way out is %q", h.merge.later.Text)
	}
	h.press(fyne.KeyEscape)
	h.until(t, "the contact is shown again", func() bool { return h.view.box.Visible() && !h.merge.box.Visible() })
	h.menu("Merge…")
	h.untilCompared("Bob Smith", "Robert Smith")
	h.merge.merge.OnTapped()
	h.untilToast("2 contacts merged into Bob Smith")
	h.untilListed("Ada Lovelace", "Ada Lovelace", "Bob Smith", "Grace Hopper")
	h.untilShown("Bob Smith")
	h.undo(1)
	h.untilListed("Ada Lovelace", "Ada Lovelace", "Bob Smith", "Grace Hopper", "Robert Smith")
}

func TestDuplicateWords(t *testing.T) {
	row := func(name string) data.Row { return data.Row{Name: name} }
	for _, tt := range []struct {
		rows []data.Row
		want string
	}{
		{[]data.Row{row("Ada"), row("Ada")}, "Ada"},
		{[]data.Row{row("Bob Smith"), row("Robert Smith")}, "Bob Smith, Robert Smith"},
		{[]data.Row{row("Ada"), row("Ada"), row("")}, "Ada, No name"},
	} {
		if got := groupName(data.Duplicates{Rows: tt.rows}); got != tt.want {
			t.Errorf("groupName = %q, want %q", got, tt.want)
		}
	}
	reasons := []duplicate.Reason{{Kind: duplicate.SameEmail}}
	if got := groupText(data.Duplicates{Rows: make([]data.Row, 2), Reasons: reasons}); got != "Same e-mail" {
		t.Errorf("groupText of two: %q", got)
	}
	if got := groupText(data.Duplicates{Rows: make([]data.Row, 3), Reasons: reasons}); got != "3 contacts · Same e-mail" {
		t.Errorf("groupText of three: %q", got)
	}
	if got := mergeAllText(1200); got != "Merge all 1,200" {
		t.Errorf("mergeAllText: %q", got)
	}
	if got := mergedAllText(1200, 500); got != "1,200 contacts merged into 500" {
		t.Errorf("mergedAllText: %q", got)
	}
	if got := reasonsText([]duplicate.Reason{{Kind: duplicate.SameEmail}, {Kind: duplicate.SameEmail}, {Kind: duplicate.SimilarName}}); got != "Same e-mail, similar name" {
		t.Errorf("reasonsText: %q", got)
	}
	for _, l := range lanes() {
		if w := noDuplicates(l.lane, 0); w.title == "" || w.text == "" {
			t.Errorf("an empty lane %v says nothing", l.lane)
		}
	}
}

func TestDuplicatesGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, twins(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1100, 760))
			h.searched(2)
			h.sidebar.items[duplicatesPlace].choose()
			h.dups.choose(duplicate.Likely)
			h.untilCompared("Robert Smith", "Bob Smith")
			h.golden("duplicates-likely-" + mode)
			h.dups.choose(duplicate.Certain)
			h.untilCompared("Ada Lovelace", "Ada Lovelace")
			h.golden("duplicates-" + mode)
		})
	}
}

func TestMergeKeepsBothBirthdays(t *testing.T) {
	var cards []contact.Card
	for i, year := range []int{1815, 1816} {
		c := person("Ada", "Lovelace").WithBirthday(contact.Date{Year: year, Month: 12, Day: 10})
		if i == 1 {
			c = c.WithNote("second")
		}
		cards = append(cards, c)
	}
	m := newMergeModel(cards)
	births := func() int {
		c, err := m.result()
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(c.At("/anniversaries"), &all); err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if got := births(); got != 1 {
		t.Errorf("the first stands: %d birthdays", got)
	}
	m.take[duplicate.Birthday] = bothStand
	if got := births(); got != 2 {
		t.Errorf("both stand: %d birthdays", got)
	}
}

// A contact in the trash says what it was merged into.
func TestMergedIntoInTheTrash(t *testing.T) {
	h := newHarness(t, twins(t)...)
	ids := []string{"00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"}
	if err := h.store.MergeContacts(t.Context(), data.Merge{IDs: ids}); err != nil {
		t.Fatal(err)
	}
	h.choosePlace(data.Trash)
	h.untilListed("Ada Lovelace")
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	if h.view.shown.into != "Ada Lovelace" {
		t.Errorf("it says %q", h.view.shown.into)
	}
	c := shownContact{Contact: data.Contact{Deleted: testNow}, into: "Ada", row: data.Row{DaysLeft: data.ForEver}}
	if got := trashText(c, testNow); got != "Merged into Ada, and in the trash since "+moment(testNow, testNow)+"." {
		t.Errorf("trashText: %q", got)
	}
}
