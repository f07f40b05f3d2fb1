package ui

import (
	"slices"
	"testing"

	"kith/contact"
)

// A form that nobody typed in changes nothing, also where every field is filled.
func TestFullFormKeepsWhatIsNotTouched(t *testing.T) {
	c := fullCard(t)
	f := formOf(c)
	if got := f.apply(c); !got.Equal(c) || f.changed(c) || len(f.problems(c)) > 0 {
		t.Errorf("changed %v, problems %v\n%s\n%s", f.changed(c), f.problems(c), c.JSON(), got.JSON())
	}
}

func TestMoreApplies(t *testing.T) {
	card := person("Ada", "Lovelace")
	f := formOf(card)
	f.Prefix, f.Middle, f.Suffix, f.Nickname, f.SpokenGiven, f.Department = "Lady", "Augusta", "PhD", "Addie", "eh-da", "Engines"
	f.Services = []contact.Entry{{Label: "Signal", Value: "ada.15"}}
	f.Dates = []contact.Entry{{Kind: "wedding", Value: "8 July 1835"}, {Label: "Name day", Value: "26 July"}, {Value: "someday"}}
	f.Custom = []contact.Entry{{Label: "Shoe size", Value: "38"}, {Label: "empty"}}
	f.Labels, f.Starred = []string{"Science", "Family"}, true
	got := f.apply(card)
	if got.FullName() != "Lady Ada Augusta Lovelace PhD" || got.Nickname() != "Addie" || got.Phonetic("given") != "eh-da" || got.Department() != "Engines" {
		t.Errorf("got %s", got.JSON())
	}
	if d := got.Dates(); len(d) != 2 || d[0].Date.Year != 1835 || d[1].Kind != contact.OtherDate || d[1].Label != "Name day" {
		t.Errorf("dates %+v", d)
	}
	if len(got.Custom()) != 1 || len(got.Services()) != 1 || !slices.Equal(got.Labels(), []string{"Family", "Science"}) || !got.Starred() {
		t.Errorf("got %s", got.JSON())
	}
	if wrong := f.problems(card); len(wrong) != 1 || wrong["date.2"] == "" {
		t.Errorf("problems %v, want one of the third date", wrong)
	}
}

func TestMessengerURL(t *testing.T) {
	for _, tt := range []struct{ service, user, want string }{
		{"WhatsApp", "+44 20 7946 0958", "https://wa.me/442079460958"},
		{"Signal", "+44 20", "https://signal.me/#p/+4420"},
		{"Signal", "ada.15", ""},
		{"Telegram", "@ada", "https://t.me/ada"},
		{"Matrix", "@ada:example.org", "https://matrix.to/#/@ada:example.org"},
		{"Mastodon", "@ada@example.org", "https://example.org/@ada"},
		{"Mastodon", "ada", ""},
		{"", "https://example.org/ada", "https://example.org/ada"},
		{"Anything", "xmpp:ada@example.org", "xmpp:ada@example.org"},
		{"Carrier pigeon", "ada", ""},
	} {
		if got := messengerURL(tt.service, tt.user); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.service, tt.user, got, tt.want)
		}
	}
}

func TestCompletions(t *testing.T) {
	known := []string{"Book club", "Family", "Ärzte", "Friends"}
	for _, tt := range []struct {
		typed string
		want  []string
	}{{"", nil}, {"f", []string{"Friends"}}, {"CLUB", []string{"Book club"}}, {"arz", []string{"Ärzte"}}, {"x", nil}} {
		if got := completions(known, []string{"Family"}, tt.typed); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, want %v", tt.typed, got, tt.want)
		}
	}
}

// Only useful fields are there at first; the menu adds the others, and what is filled is there at once.
func TestAddField(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	add := func(name string) {
		t.Helper()
		for _, i := range h.editor.addItems() {
			if i.Label == name {
				i.Action()
				return
			}
		}
		t.Fatalf("the menu has no %q", name)
	}
	for _, o := range h.editor.optional {
		if o.row.Visible() {
			t.Errorf("%s is there at first", o.name)
		}
	}
	add("Nickname")
	if h.focused() != h.editor.nickname {
		t.Errorf("the focus is on %T", h.focused())
	}
	h.editor.nickname.SetText("Addie")
	add("Date")
	h.editor.dates.rows[0].value.SetText("8 July 1835")
	add("Date")
	add("Field of Your Own")
	row := h.editor.custom.rows[0]
	row.kind.label.SetText("Shoe size")
	row.value.SetText("38")
	add("Label")
	h.editor.labels.entry.SetText("Science")
	h.editor.labels.entry.OnSubmitted("Science")
	for _, i := range h.editor.addItems() {
		if i.Label == "Nickname" || i.Label == "Label" {
			t.Errorf("%s is offered though it is there", i.Label)
		}
	}
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	c, err := h.store.Contact(h.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	if c.Card.Nickname() != "Addie" || len(c.Card.Dates()) != 1 || c.Card.Custom()[0].Label != "Shoe size" || !slices.Equal(c.Card.Labels(), []string{"Science"}) {
		t.Errorf("saved %s", c.Card.JSON())
	}
	h.menu("Edit")
	for _, o := range h.editor.optional {
		if want := o.name == "Nickname" || o.name == "Date" || o.name == "Label" || o.name == "Field of Your Own"; o.row.Visible() != want {
			t.Errorf("%s is there: %v", o.name, o.row.Visible())
		}
	}
}
