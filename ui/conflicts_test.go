package ui

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// tap presses the first button with a text among the questions.
func (p *questionPanel) tap(t *testing.T, text string) {
	t.Helper()
	if b := findButton(p.box, text); b != nil {
		b.OnTapped()
		return
	}
	t.Fatalf("no button %q", text)
}

func findButton(o fyne.CanvasObject, text string) *button {
	if b, ok := o.(*button); ok && b.Text == text {
		return b
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, o := range c.Objects {
			if b := findButton(o, text); b != nil {
				return b
			}
		}
	}
	return nil
}

func TestSideWords(t *testing.T) {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	tests := []struct {
		name         string
		c            data.Conflict
		mine, theirs words
	}{
		{"a number with its label", data.Conflict{Field: "/phones/p/number", Local: raw(`"1"`), LocalEntry: raw(`{"number":"1","features":{"mobile":true}}`),
			Remote: raw(`"2"`), RemoteEntry: raw(`{"number":"2","label":"Desk"}`)}, words{"1", "Mobile"}, words{"2", "Desk"}},
		{"an address in lines", data.Conflict{Field: "/addresses/a/components/kind:locality/value", Local: raw(`"Here"`), Remote: raw(`"There"`),
			LocalEntry:  raw(`{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"Here"}],"contexts":{"work":true}}`),
			RemoteEntry: raw(`{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"There"}]}`)},
			words{"Main St 1\nHere", "Work"}, words{"Main St 1\nThere", ""}},
		{"a name as a name", data.Conflict{Field: "/name/components/kind:given/value", Local: raw(`"Eva"`), Remote: raw(`"Ida"`),
			LocalEntry:  raw(`{"components":[{"kind":"given","value":"Eva"},{"kind":"surname","value":"日本語"}],"full":"Eva 日本語"}`),
			RemoteEntry: raw(`{"components":[{"kind":"given","value":"Ida"}]}`)}, words{"Eva 日本語", ""}, words{"Ida", ""}},
		{"a note", data.Conflict{Field: "/notes/n/note", Local: raw(`"a\nb"`), LocalEntry: raw(`{"note":"a\nb"}`), Remote: raw(`"c"`), RemoteEntry: raw(`{"note":"c"}`)},
			words{"a\nb", ""}, words{"c", ""}},
		{"a title", data.Conflict{Field: "/titles/t/name", Local: raw(`"a"`), LocalEntry: raw(`{"name":"a"}`), Remote: raw(`"b"`), RemoteEntry: raw(`{"name":"b"}`)},
			words{"a", ""}, words{"b", ""}},
		{"removed", data.Conflict{Field: "/emails/e", Local: raw(`{"address":"a@b"}`), LocalEntry: raw(`{"address":"a@b"}`)}, words{"a@b", ""}, words{"Nothing", ""}},
		{"a birthday", data.Conflict{Field: "/anniversaries/b/date", Local: raw(`{"year":1815,"month":12,"day":10}`), Remote: raw(`{"year":1816}`),
			LocalEntry: raw(`{"date":{"year":1815}}`), RemoteEntry: raw(`{"date":{"year":1816}}`)}, words{"10 December 1815", ""}, words{"1816", ""}},
		{"what the words leave out", data.Conflict{Field: "/phones/p/pref", Local: raw(`1`), LocalEntry: raw(`{"number":"1","pref":1}`),
			RemoteEntry: raw(`{"number":"1"}`)}, words{"1", "1"}, words{"1", "none"}},
		{"units", data.Conflict{Field: "/organizations/o/units", Local: raw(`[{"name":"R&D"}]`), Remote: raw(`[{"name":"Sales"}]`),
			LocalEntry: raw(`{"name":"X","units":[{"name":"R&D"}]}`), RemoteEntry: raw(`{"name":"X","units":[{"name":"Sales"}]}`)}, words{"R&D", ""}, words{"Sales", ""}},
		{"deleted", data.Conflict{Base: raw(`{"uid":"x"}`), Local: raw(`{"uid":"x","notes":{"n":{"note":"new"}}}`)}, words{"Edited", "Note: added new"}, words{"Deleted", ""}},
		{"unknown", data.Conflict{Field: "/example.com:x", Local: raw(`{"a":{"b":1}}`), LocalEntry: raw(`{"a":{"b":1}}`), Remote: raw(`true`), RemoteEntry: raw(`true`)},
			words{"1", ""}, words{"yes", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := sideWords(contact.Local, tt.c); got != tt.mine {
				t.Errorf("mine: %q, want %q", got, tt.mine)
			}
			if got := sideWords(contact.Remote, tt.c); got != tt.theirs {
				t.Errorf("theirs: %q, want %q", got, tt.theirs)
			}
		})
	}
}

func TestReviewNotice(t *testing.T) {
	phone := data.Conflict{ID: "a", Name: "Ada Lovelace", Field: "/phones/p/number"}
	note := data.Conflict{ID: "a", Name: "Ada Lovelace", Field: "/notes/n/note"}
	other := data.Conflict{ID: "b", Name: "Bob", Field: "/phones/p/number"}
	whole := data.Conflict{ID: "a", Name: "Ada Lovelace"}
	gone := whole
	gone.InTrash = true
	for want, news := range map[string][]data.Conflict{
		"Kept the newer phone number of Ada Lovelace":                   {phone},
		"Kept newer values of Ada Lovelace":                             {phone, note},
		"Kept newer values of 2 contacts":                               {phone, note, other},
		"Kept Ada Lovelace, who was deleted on another device":          {whole},
		"Deleted Ada Lovelace, who was edited here or elsewhere before": {gone},
		"Kept the newer note of Ada Lovelace":                           {note},
		"Kept the newer birthday of No name":                            {{ID: "c", Field: "/anniversaries/b/date"}},
		"Kept the newer value of No name":                               {{ID: "c", Field: "/example.com:x"}},
		"":                                                              nil,
	} {
		if got := reviewNotice(news); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWaitsText(t *testing.T) {
	for paths, want := range map[string]string{
		"": "", "/phones/p/number": "Phone", "/phones/p/number\n/notes/n/note": "2 fields: Note, Phone", "/": "Deleted or edited",
		"/phones/p/number\n/phones/q/number\n/name/full": "3 fields: Name, Phone",
	} {
		if got := waitsText(paths); got != want {
			t.Errorf("%q: %q, want %q", paths, got, want)
		}
	}
}

func TestTypedValueOfAField(t *testing.T) {
	phone := data.Conflict{Field: "/phones/p/number", Local: json.RawMessage(`"1"`)}
	tests := []struct {
		name, typed, want string
		c                 data.Conflict
	}{
		{"a number", " 44 20 ", `"44 20"`, phone},
		{"no number", "none", "", phone},
		{"nothing", " ", "", phone},
		{"an address", "no address", "", data.Conflict{Field: "/emails/e/address", Local: json.RawMessage(`"a@b"`)}},
		{"a date", "10 December 1815", `{"@type":"PartialDate","day":10,"month":12,"year":1815}`, data.Conflict{Field: "/anniversaries/b/date", Remote: json.RawMessage(`{"year":1}`)}},
		{"a whole number", "5", `{"label":"Desk","number":"5"}`, data.Conflict{Field: "/phones/p", Remote: json.RawMessage(`{"number":"1","label":"Desk"}`)}},
	}
	for _, tt := range tests {
		got, err := typedValue(tt.c, tt.typed)
		if string(got) != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("%s: %s, %v; want %s", tt.name, got, err, tt.want)
		}
		if _, ok := typeable(tt.c); !ok {
			t.Errorf("%s can't be typed", tt.name)
		}
	}
	if _, ok := typeable(data.Conflict{Local: json.RawMessage(`{}`)}); ok {
		t.Error("a whole contact can be typed")
	}
}

// apart lets two devices edit the same contacts without hearing of each other, the window's edit being the earlier; then they sync.
func apart(t *testing.T, st contact.Strategy, here, there func(contact.Card) contact.Card, cards ...contact.Card) (*harness, *data.Store, *syncer.Engine) {
	t.Helper()
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", cards...)
	if err := h.store.SetStrategy(t.Context(), data.DefaultBook, st); err != nil {
		t.Fatal(err)
	}
	phone, engine := otherDevice(t, server)
	server.SetFaults(cutOff("Laptop"))
	var ids []string
	for _, c := range cards {
		ids = append(ids, c.UID())
	}
	if _, err := h.store.EditAll(t.Context(), ids, here); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the window has tried in vain to send them", func() bool {
		return h.status.shown.State == syncer.Offline && h.status.shown.Pending == len(cards)
	})
	if _, err := phone.EditAll(t.Context(), ids, there); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.SetFaults(nil)
	h.menu("Sync Now")
	return h, phone, engine
}

func withPhone(number string) func(contact.Card) contact.Card {
	return func(c contact.Card) contact.Card {
		return c.WithPhones([]contact.Entry{{ID: "p", Value: number, Kind: "mobile"}})
	}
}

func phonesOf(t *testing.T, s *data.Store, id string) (numbers []string) {
	t.Helper()
	c, err := s.Contact(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Card.Phones() {
		numbers = append(numbers, p.Value)
	}
	return numbers
}

func TestKeepBothAndUndoInTheWindow(t *testing.T) {
	grace := withPhone("1")(person("Grace", "Hopper"))
	h, _, _ := apart(t, contact.StrategyAsk, withPhone("2"), withPhone("3"), grace)
	h.until(t, "a conflict waits", func() bool { return h.sidebar.items[data.Conflicted].count == 1 })
	h.menu("Next Conflict")
	h.untilShown("Grace Hopper")
	h.until(t, "the question has the focus", func() bool {
		b, ok := h.focused().(*button)
		return ok && b.Text == "Keep Mine"
	})
	h.untilListed("Grace Hopper")
	if got := h.list.rowState(0).row.Subtitle; got != "Phone" {
		t.Errorf("the row says %q", got)
	}
	h.view.questions.tap(t, "Keep Both")
	h.untilToast("Kept both")
	h.until(t, "both are stored", func() bool { return slices.Equal(phonesOf(t, h.store, grace.UID()), []string{"2", "3"}) })
	h.until(t, "nothing waits", func() bool { return h.sidebar.items[data.Conflicted].count == 0 })
	h.menu("Undo")
	h.until(t, "it is taken back", func() bool { return slices.Equal(phonesOf(t, h.store, grace.UID()), []string{"2"}) })
	h.until(t, "it is asked again", func() bool { return h.counts.Conflicted+h.counts.Reviewed == 1 })
}

func TestThirdValueInTheWindow(t *testing.T) {
	grace := withPhone("1")(person("Grace", "Hopper"))
	h, phone, engine := apart(t, contact.StrategyAsk, withPhone("2"), withPhone("3"), grace)
	h.until(t, "a conflict waits", func() bool { return h.sidebar.items[data.Conflicted].count == 1 })
	h.menu("Next Conflict")
	h.untilShown("Grace Hopper")
	h.view.questions.tap(t, "Type Another…")
	f := h.view.questions.typing
	if f == nil || f.Text != "2" || h.focused() != f {
		t.Fatalf("the field: %+v", f)
	}
	f.SetText("none")
	h.press(fyne.KeyReturn)
	if h.view.questions.typing == nil || len(h.view.shown.conflicts) != 1 {
		t.Fatal("no number was taken for one")
	}
	h.view.questions.typing.SetText("44")

	// The other device changes it again meanwhile: the question is drawn anew, and what was typed stays.
	if _, err := phone.EditAll(t.Context(), []string{grace.UID()}, withPhone("5")); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.menu("Sync Now")
	h.until(t, "the newer value is shown", func() bool {
		return len(h.view.shown.conflicts) == 1 && string(h.view.shown.conflicts[0].Remote) == `"5"`
	})
	if got := h.view.questions.typing; got == nil || got.Text != "44" {
		t.Fatalf("what was typed: %+v", got)
	}
	h.w.win.Canvas().Focus(h.view.questions.typing)
	h.press(fyne.KeyReturn)
	h.untilToast("Kept what you typed")
	if got := phonesOf(t, h.store, grace.UID()); !slices.Equal(got, []string{"44"}) {
		t.Errorf("stored: %q", got)
	}
}

func TestReviewInTheWindow(t *testing.T) {
	grace := withPhone("1")(person("Grace", "Hopper"))
	h, _, _ := apart(t, contact.StrategyMerge, withPhone("2"), withPhone("3"), grace, withPhone("1")(person("Mary", "Somerville")))
	h.untilToast("Kept newer values of 2 contacts")
	h.until(t, "they are counted", func() bool {
		return h.sidebar.items[data.Reviewed].count == 2 && !h.sidebar.items[data.Reviewed].Hidden
	})
	h.toast.more.tapped()
	h.untilListed("Grace Hopper", "Mary Somerville")
	h.untilShown("Grace Hopper")
	h.until(t, "the question is drawn", func() bool { return len(h.view.shown.reviews) == 1 })
	h.view.questions.tap(t, "Use This Instead")
	h.untilToast("Kept yours")
	h.untilListed("Mary Somerville")
	if got := phonesOf(t, h.store, grace.UID()); !slices.Equal(got, []string{"2"}) {
		t.Errorf("stored: %q", got)
	}
	h.untilShown("Mary Somerville")
	h.until(t, "the next question is drawn", func() bool { return len(h.view.shown.reviews) == 1 })
	h.view.questions.tap(t, "All Right")
	h.untilToast("Left as it is")
	if h.toast.undo.Visible() {
		t.Error("an undo of nothing is offered")
	}
	h.untilListed()
	h.choosePlace(data.All)
	h.until(t, "nothing is to be reviewed", func() bool { return h.sidebar.items[data.Reviewed].Hidden })
}

// TestNewsWaitsForTheToast: a toast that offers Undo is not pushed aside by a notice.
func TestNewsWaitsForTheToast(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.toast.show("Grace Hopper saved", 1)
	h.news.fresh = []data.Conflict{{ID: "a", Name: "Ada", Field: "/phones/p/number"}}
	h.tellNews()
	if h.toast.text.text != "Grace Hopper saved" {
		t.Errorf("the toast says %q", h.toast.text.text)
	}
	h.toast.hide()
	h.elapse(newsPause)
	h.untilToast("Kept the newer phone number of Ada")
}

func TestManyConflictsAlike(t *testing.T) {
	const people = 100
	var cards []contact.Card
	for i := range people {
		cards = append(cards, withPhone("1")(person(fmt.Sprintf("Given%03d", i), "Surname")))
	}
	both := func(number, title string) func(contact.Card) contact.Card {
		return func(c contact.Card) contact.Card {
			return withPhone(number)(c).WithTitle(title).WithGiven(c.Given() + title)
		}
	}
	h, _, _ := apart(t, contact.StrategyAsk, both("2", "A"), both("3", "B"), cards...)
	h.until(t, "all wait", func() bool { return h.sidebar.items[data.Conflicted].count == people })
	h.choosePlace(data.Conflicted)
	h.until(t, "all are listed", func() bool { return len(h.list.order) == people && h.list.alike.Visible() })
	h.until(t, "the rows are read", func() bool { return h.list.rowState(0).loaded })
	if got := h.list.rowState(0).row.Subtitle; got != "3 fields: Given name, Phone, Title" {
		t.Errorf("a row says %q", got)
	}

	h.menu("Decide Conflicts Alike…")
	h.until(t, "the dialog is open", func() bool { return h.dialogs.open != nil })
	d := h.deciding
	if got := d.scope.Options; len(got) != 4 || got[0] != "Every field · 300 fields of 100 contacts" || got[2] != "Phone · 100 fields of 100 contacts" {
		t.Errorf("scopes %q", got)
	}
	d.scope.SetSelectedIndex(2)
	test.Tap(d.answers[1])
	if d.ok.Text != "Decide 100 Fields" {
		t.Errorf("the button says %q", d.ok.Text)
	}
	d.ok.OnTapped()
	h.untilToast("Decided 100 fields of 100 contacts")
	for _, c := range cards {
		if got := phonesOf(t, h.store, c.UID()); !slices.Equal(got, []string{"3"}) {
			t.Fatalf("stored: %q", got)
		}
	}
	if h.dialogs.open != nil {
		t.Error("the dialog is still open")
	}
	h.menu("Undo")
	h.until(t, "all wait again", func() bool {
		all, err := h.store.Conflicts(t.Context())
		return err == nil && len(all) == 3*people
	})
}

func TestFieldGroups(t *testing.T) {
	groups := fieldGroups([]data.Conflict{{ID: "a", Field: "/phones/p/number"}, {ID: "a", Field: "/phones/q/label"}, {ID: "b", Field: "/phones/p/number"}, {ID: "b"}})
	var got []string
	for _, g := range groups {
		got = append(got, g.text())
	}
	want := []string{"Every field · 4 fields of 2 contacts", "Phone · 3 fields of 2 contacts", "Deleted or edited · 1 field of 1 contact"}
	if strings.Join(got, ";") != strings.Join(want, ";") {
		t.Errorf("groups %q, want %q", got, want)
	}
	if one := fieldGroups([]data.Conflict{{ID: "a", Field: "/name/full"}}); len(one) != 1 || one[0].name != "Name" {
		t.Errorf("one field: %+v", one)
	}
}

// goldenConflict is a contact with two fields that wait, one of them decided by time.
func goldenQuestions() (waiting, reviews []data.Conflict) {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	at := testNow.Add(-3 * time.Hour)
	phone := data.Conflict{ID: "x", Field: "/phones/p/number", Base: raw(`"+44 20 7946 0000"`), Local: raw(`"+44 20 7946 0958"`), Remote: raw(`"+44 7700 900123"`),
		LocalEntry: raw(`{"number":"+44 20 7946 0958","contexts":{"work":true}}`), RemoteEntry: raw(`{"number":"+44 7700 900123","features":{"mobile":true}}`),
		Device: "Phone", User: "ada", LocalUser: "ada", LocalAt: at, RemoteAt: at.Add(time.Hour)}
	address := data.Conflict{ID: "x", Field: "/addresses/a/components/kind:locality/value", Base: raw(`"Londin"`), Local: raw(`"London"`), Remote: raw(`"Ockham"`),
		LocalEntry:  raw(`{"components":[{"kind":"name","value":"12 St James’s Square"},{"kind":"locality","value":"London"},{"kind":"postcode","value":"SW1Y 4JH"}]}`),
		RemoteEntry: raw(`{"components":[{"kind":"name","value":"Ockham Park"},{"kind":"locality","value":"Ockham"}]}`),
		Device:      "Laptop of the Analytical Society", User: "charles.babbage", LocalUser: "ada", LocalAt: at, RemoteAt: at.Add(-26 * time.Hour)}
	title := data.Conflict{ID: "x", Field: "/titles/t/name", Base: raw(`"Lady"`), Local: raw(`"Countess"`), Remote: raw(`"解析者"`), Now: raw(`"解析者"`),
		LocalEntry: raw(`{"name":"Countess"}`), RemoteEntry: raw(`{"name":"解析者"}`), Review: 1, Stands: contact.Remote,
		Device: "Phone", User: "ada", LocalUser: "ada", LocalAt: at, RemoteAt: at.Add(time.Hour)}
	return []data.Conflict{phone, address}, []data.Conflict{title}
}

func TestGoldensOfConflicts(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 860))
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			waiting, reviews := goldenQuestions()
			h.view.show(shownContact{Contact: h.view.shown.Contact, conflicts: waiting})
			h.golden("conflicts-" + mode)
			h.view.show(shownContact{Contact: h.view.shown.Contact, reviews: reviews})
			h.view.questions.tap(t, "Type Another…")
			h.toast.showWith("Kept the newer phone number of Ada Lovelace", 0, "Review", func() {})
			h.golden("review-" + mode)
			h.view.show(shownContact{Contact: h.view.shown.Contact, conflicts: []data.Conflict{{ID: "x", InTrash: true, Base: h.view.shown.Card.JSON(),
				Remote: h.view.shown.Card.WithNote("Call her at once").WithTitle("Lady").JSON(), Device: "Phone", LocalAt: testNow, RemoteAt: testNow}}})
			h.toast.hide()
			h.golden("deletion-" + mode)
			d := &alikeDialog{book: h.book}
			d.open(append(waiting, data.Conflict{ID: "y", Field: "/phones/p/number"}, data.Conflict{ID: "y"}))
			h.goldenDialog("alike-" + mode)
		})
	}
}
