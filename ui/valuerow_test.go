package ui

import "testing"

// The row loses the pointer to its own button, and must not take it away then.
func TestCopyButtonStays(t *testing.T) {
	newHarness(t)
	r := newValueRow(value{text: "ada@example.org"}, func(value) {}, func(value) {})
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"at first", func() {}, false},
		{"the pointer comes", func() { r.MouseIn(nil) }, true},
		{"and goes on to the button", func() { r.MouseOut(); r.copy.MouseIn(nil) }, true},
		{"and back", func() { r.copy.MouseOut(); r.MouseIn(nil) }, true},
		{"and away", func() { r.MouseOut() }, false},
		{"the focus comes", r.FocusGained, true},
		{"and goes on to the button", func() { r.FocusLost(); r.copy.FocusGained() }, true},
		{"and away", func() { r.copy.FocusLost() }, false},
	} {
		step.do()
		if got := r.copy.Visible(); got != step.want {
			t.Errorf("%s: the button is visible: %v; want %v", step.name, got, step.want)
		}
	}
}

func TestParsePlace(t *testing.T) {
	for stored, want := range map[string]string{"": "none", "12,34": "(12,34)", "-5,20": "(-5,20)", "junk": "none", "12": "none"} {
		got := "none"
		if at := parsePlace(stored); at != nil {
			got = at.String()
		}
		if got != want {
			t.Errorf("parsePlace(%q) = %s; want %s", stored, got, want)
		}
	}
}
