//go:build e2e

package systest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// everyField are the fields of the editor's menu that hold a text, and what is typed into them: by keys, or pasted where a keyboard has no
// such letters.
var everyField = []struct{ choose, typed, pasted string }{
	{choose: "Name Prefix", typed: "Dame"},
	{choose: "Middle Name", typed: "Augusta Byron"},
	{choose: "Name Suffix", typed: "FRS, PhD"},
	{choose: "Spoken Name", pasted: "エイダ"},
	{choose: "Nickname", typed: "Enchantress of Number"},
	{choose: "Department", typed: "Engines & Looms"},
	{choose: "Messenger", typed: "+44 7700 900123"},
	{choose: "Link", typed: "https://example.org/~ada?a=1#b"},
	{choose: "Date", typed: "8 July 1835"},
	{choose: "Label", typed: "Chess"},
	{choose: "Field of Your", pasted: "Größe “M” – naïve, Ωmega"},
}

// exported are lines of the vCard that holds all of it (RFC 6350, unfolded).
var exported = []string{"N:Lovelace;Ada;Augusta Byron;Dame;FRS\\, PhD", "エイダ", "ラブレス", "NICKNAME:Enchantress of Number", "Analytical Society;Engines & Looms", "TITLE:Countess of the Loom",
	"+44 7700 900123", "https://example.org/~ada?a=1#b", "18350708", "BDAY:--1210", "CATEGORIES:Chess", "Größe “M” – naïve\\, Ωmega", "Badge",
	`first line\nsecond\, and "more"; x < y\n\nthe last`}

// TestWindowEveryField fills in every field of a contact by hand, and finds each letter in an export and after the next start; Tab leads
// through all of them, and what it reaches is in sight. Then each is emptied, and one undo brings all of it back.
func TestWindowEveryField(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	w := scr.open(d, 0)

	w.keys("ctrl+n")
	w.shows(content, "Save", "Add Field")
	w.write("Ada")
	w.keys("Tab")
	w.write("Lovelace")
	w.keys("Tab")
	w.write("Analytical Society")
	w.keys("Tab")
	w.write("Countess of the Loom")
	w.keys("Tab", "Tab", "Tab") // past the links that add a phone and an e-mail
	w.write("10 December")      // of no year
	w.keys("Tab")
	w.write("first line")
	w.keys("Return")
	w.write(`second, and "more"; x < y`)
	w.keys("Return", "Return")
	w.write("the last")
	for _, f := range everyField {
		w.bottom()
		w.press(content, "Add Field")
		w.press(whole, f.choose)
		if f.pasted == "" {
			w.write(f.typed)
			continue
		}
		w.paste(f.pasted)
		switch f.choose {
		case "Spoken Name":
			w.keys("Tab")
			w.paste("ラブレス")
		case "Field of Your":
			w.keys("shift+Tab")
			w.write("Badge")
		}
	}
	w.shootOne("every-field-edited")
	w.keys("ctrl+s")
	w.find("Dame Ada", func(*device, string) bool { return true })
	id := d.list()[0].ID
	w.shows(content, "Enchantress of Number", "Countess of the Loom")
	want := exportedBy(d)
	for _, line := range exported {
		if !strings.Contains(want, line) {
			t.Errorf("the export has no %q:\n%s", line, want)
		}
	}
	if got := d.field(id, "birthday"); got != "--12-10" {
		t.Errorf("the birthday is %q", got)
	}

	// After the next start it is all there, and saving changes none of it.
	w.close()
	w = scr.open(d, 0)
	w.press(listPane, "Ada")
	w.shows(content, "Enchantress of Number", "Countess of the Loom", "Engines & Looms")
	w.shootOne("every-field")
	w.bottom()
	w.shows(content, "second, and", "the last")
	w.shootOne("every-field-below")
	w.edit("End")
	w.write("h")
	w.keys("BackSpace")
	w.shows(content, "Edit contact")

	// Each is emptied by keys alone. Tab goes by the kinds too, by the buttons that remove a value and by the links that add one.
	const empty = "ctrl+a BackSpace "
	w.keys(strings.Fields("shift+Tab " + empty + "Tab Tab " + // the prefix; past both names
		strings.Repeat("Tab "+empty, 8) + // middle name, suffix, both as spoken, nickname, organization, title, department
		"Tab Tab Tab Tab " + empty + // the links of phones and e-mails, and a messenger's kind
		"Tab Tab Tab Tab " + empty + // its button, its link, and the kind of a link
		"Tab Tab Tab " + empty + // the birthday
		"Tab Tab Tab Return " + // a date, by the button that removes it: its link has the focus then
		"Tab Return " + // the label, by its cross: the field for more of them has the focus then
		"Tab " + empty + "Tab " + empty + // the label and the value of the own field
		"Tab Tab Tab " + empty)...) // the note
	w.shootOne("every-field-emptied")
	w.keys("Tab")
	w.shows(content, "Add Field") // has come into sight with the focus
	w.keys(strings.Fields(strings.Repeat("shift+Tab ", 40))...)
	w.keys("ctrl+s")
	within(t, "the contact has its name alone", func() (bool, string) {
		now := exportedBy(d)
		return !slices.ContainsFunc(exported, func(line string) bool { return strings.Contains(now, line) }), now
	})
	w.shows(content, "Ada Lovelace", "History")
	if now := exportedBy(d); strings.Contains(now, "X-KITH") || strings.Contains(now, "X-AB") || strings.Contains(now, "X-PHONETIC") {
		t.Errorf("something is left:\n%s", now)
	}
	w.keys("ctrl+z")
	within(t, "everything is back", func() (bool, string) { now := exportedBy(d); return withoutRevision(now) == withoutRevision(want), now })
	w.close()
}

// withoutRevision is a vCard without the lines that say when it was changed.
func withoutRevision(card string) string {
	return string(regexp.MustCompile(`(?m)^(REV|CREATED|PRODID).*\n`).ReplaceAll([]byte(card), nil))
}

// bottom scrolls the right pane to its end by the wheel.
func (w *window) bottom() {
	w.t.Helper()
	w.front()
	w.screen.xdo("mousemove", "--window", w.id, "565", "400", "click", "--repeat", "40", "--delay", "5", "5")
}

// paste puts a text into the field that has the focus, by way of the clipboard.
func (w *window) paste(text string) {
	w.t.Helper()
	cmd := w.screen.command(w.t.Context(), "xclip", "-selection", "clipboard", "-i")
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		w.t.Fatalf("copy (scripts/setup e2e installs xclip): %v", err)
	}
	w.keys("ctrl+v")
}

// exportedBy is what the device exports, its lines unfolded.
func exportedBy(d *device) string {
	d.t.Helper()
	return strings.NewReplacer("\r\n ", "", "\r\n", "\n").Replace(d.ok("export", "--format", "vcf"))
}
