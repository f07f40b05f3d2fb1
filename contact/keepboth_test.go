package contact_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/contact"
	"kith/contact/contacttest"
)

func TestWithBoth(t *testing.T) {
	tests := []struct {
		name, path, mine, theirs, want string
	}{
		{"phones", "/phones/k/number", `{"phones":{"k":{"number":"1","label":"a"}}}`, `{"phones":{"k":{"number":"2","label":"b"}}}`,
			`{"phones":{"k":{"number":"1","label":"a"},"KEY":{"number":"2","label":"b"}}}`},
		{"a number that is there already", "/phones/k/number", `{"phones":{"k":{"number":"1"},"l":{"number":"2"}}}`, `{"phones":{"k":{"number":"2"}}}`,
			`{"phones":{"k":{"number":"1"},"l":{"number":"2"}}}`},
		{"the entry is gone here", "/phones/k/number", `{"phones":{}}`, `{"phones":{"k":{"number":"2"}}}`, `{"phones":{"k":{"number":"2"}}}`},
		{"a part of an address", "/addresses/k/components/kind:locality/value",
			`{"addresses":{"k":{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"Here"}]}}}`,
			`{"addresses":{"k":{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"There"}]}}}`,
			`{"addresses":{"k":{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"Here"}]},
			"KEY":{"components":[{"kind":"name","value":"Main St 1"},{"kind":"locality","value":"There"}]}}}`},
		{"titles", "/titles/title/name", `{"titles":{"title":{"name":"A"}}}`, `{"titles":{"title":{"name":"B"}}}`,
			`{"titles":{"title":{"name":"A"},"KEY":{"name":"B"}}}`},
		{"notes", "/notes/n/note", `{"notes":{"n":{"note":"one\nmine\nend"}}}`, `{"notes":{"n":{"note":"one\ntheirs\nend\nmore"}}}`,
			`{"notes":{"n":{"note":"one\nmine\ntheirs\nend\nmore"}}}`},
		{"notes of other lines", "/notes/n/note", `{"notes":{"n":{"note":"a"}}}`, `{"notes":{"n":{"note":"b"}}}`, `{"notes":{"n":{"note":"a\nb"}}}`},
		{"the same", "/notes/n/note", `{"notes":{"n":{"note":"a"}}}`, `{"notes":{"n":{"note":"a"}}}`, `{"notes":{"n":{"note":"a"}}}`},
		{"nothing there", "/notes/n/note", `{"notes":{"n":{"note":"a"}}}`, `{}`, `{"notes":{"n":{"note":"a"}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, tt.mine).WithBoth(tt.path, parse(t, tt.theirs))
			if err != nil {
				t.Fatal(err)
			}
			text := string(got.JSON())
			if key := furtherKey(text); key != "" {
				text = strings.ReplaceAll(text, key, "KEY")
			}
			if want := parse(t, tt.want); !parse(t, text).Equal(want) {
				t.Errorf("both: %s\nwant  %s", text, want.JSON())
			}
			again, err := got.WithBoth(tt.path, parse(t, tt.theirs))
			if err != nil || !again.Equal(got) {
				t.Errorf("keeping both twice: %s, %v\nwant %s", again.JSON(), err, got.JSON())
			}
		})
	}
}

// furtherKey is the key of the entry that WithBoth has made.
func furtherKey(card string) string {
	for _, word := range strings.Split(card, `"`) {
		if i := strings.LastIndexByte(word, '-'); i > 0 && len(word)-i == 9 {
			return word
		}
	}
	return ""
}

func TestWithBothHasRoomForOne(t *testing.T) {
	for path, cards := range map[string][2]string{
		"/name/full":                           {`{"name":{"full":"A"}}`, `{"name":{"full":"B"}}`},
		"/phones/k/label":                      {`{"phones":{"k":{"number":"1","label":"a"}}}`, `{"phones":{"k":{"number":"1","label":"b"}}}`},
		"/anniversaries/k/date":                {`{"anniversaries":{"k":{"date":{"year":1}}}}`, `{"anniversaries":{"k":{"date":{"year":2}}}}`},
		"/name/components/kind:surname/value":  {`{"name":{"components":[{"kind":"surname","value":"A"}]}}`, `{"name":{"components":[{"kind":"surname","value":"B"}]}}`},
		"/example.com:unknown/deeper/still":    {`{"example.com:unknown":{"deeper":{"still":1}}}`, `{"example.com:unknown":{"deeper":{"still":2}}}`},
		"/emails/k/contexts/example.com:where": {`{"emails":{"k":{"contexts":{"example.com:where":1}}}}`, `{"emails":{"k":{"contexts":{"example.com:where":2}}}}`},
	} {
		mine, theirs := parse(t, cards[0]), parse(t, cards[1])
		if got, err := mine.WithBoth(path, theirs); !errors.Is(err, contact.ErrOneValue) || !got.Equal(mine) {
			t.Errorf("%s: %s, %v", path, got.JSON(), err)
		}
		if contact.CanKeepBoth(path, mine.At(path), theirs.At(path)) {
			t.Errorf("%s can be kept twice", path)
		}
	}
}

// TestWithBothLaws: of two edits that collide, keeping both has both values, changes nothing else, comes to the same entries
// whichever side it begins from, and does nothing the second time.
func TestWithBothLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := contacttest.Card(t)
		local, remote := contacttest.Edit(t, base), contacttest.Edit(t, base)
		merged, conflicts := contact.Merge(base, local, remote, contact.Local)
		for _, c := range conflicts {
			if !contact.CanKeepBoth(c.Path, c.Local, c.Remote) {
				continue
			}
			both, err := merged.WithBoth(c.Path, remote)
			if err != nil {
				t.Fatalf("keep both of %s: %v", c.Path, err)
			}
			for _, value := range []json.RawMessage{c.Local, c.Remote} {
				for _, line := range lines(value) {
					if !strings.Contains(string(both.JSON()), line) {
						t.Fatalf("%s: %s is lost\nof %s\nand %s\nin %s", c.Path, line, local.JSON(), remote.JSON(), both.JSON())
					}
				}
			}
			for _, e := range contact.Diff(merged, both) {
				if e.Old != nil && e.Path != c.Path {
					t.Fatalf("%s: it changed %s from %s to %s", c.Path, e.Path, e.Old, e.New)
				}
			}
			if again, err := both.WithBoth(c.Path, remote); err != nil || !again.Equal(both) {
				t.Fatalf("%s: keeping both twice: %s, %v\nwant %s", c.Path, again.JSON(), err, both.JSON())
			}
		}
	})
}

// lines are what must be found of a value: a text's lines, or the value as it is.
func lines(value json.RawMessage) []string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return []string{string(value)}
	}
	all := strings.Split(text, "\n")
	for i, line := range all {
		quoted, err := json.Marshal(line)
		if err == nil {
			quoted, err = contact.Canonical(quoted) // as the card writes it
		}
		if err != nil {
			panic(err)
		}
		all[i] = strings.Trim(string(quoted), `"`)
	}
	return slices.Compact(all)
}

func TestTypedValue(t *testing.T) {
	tests := []struct{ name, path, typed, like, want string }{
		{"a number", "/phones/k/number", " 123 ", `"1"`, `"123"`},
		{"a whole entry", "/phones/k", "123", `{"number":"1","label":"a"}`, `{"label":"a","number":"123"}`},
		{"a component", "/name/components/kind:given", "Ada", `{"kind":"given","value":"Eva"}`, `{"kind":"given","value":"Ada"}`},
		{"a date", "/anniversaries/k/date", "1815-12-10", "", `{"@type":"PartialDate","day":10,"month":12,"year":1815}`},
		{"what only one side has", "/phones/k/label", "Work", "", `"Work"`},
		{"digits stay a text", "/phones/k/number", "5", `"1"`, `"5"`},
		{"nothing", "/phones/k/number", " ", `"1"`, ""},
		{"no date", "/anniversaries/k/date", "soon", "", ""},
		{"no text", "/organizations/o/units", "x", `[{"name":"a"}]`, ""},
		{"more than a text", "/addresses/k", "x", `{"components":[]}`, ""},
		{"a number of JSON", "/phones/k/pref", "x", `1`, ""},
		{"all entries, where there are none", "/emails", "x", "", ""},
		{"an entry that is not there", "/emails/k", "x", "", ""},
		{"the whole contact", "", "x", "", ""},
		{"the whole contact, which is there", "", "x", `{"uid":"x","name":{"full":"y"}}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var like json.RawMessage
			if tt.like != "" {
				like = json.RawMessage(tt.like)
			}
			got, err := contact.TypedValue(tt.path, tt.typed, like)
			if string(got) != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

func TestEntryPath(t *testing.T) {
	for path, want := range map[string]string{
		"": "", "/name/components/kind:given/value": "/name", "/name": "/name", "/phones/k/number": "/phones/k", "/phones/k": "/phones/k",
		"/addresses/a~1b/components/kind:locality/value": "/addresses/a~1b", "/personalInfo/k/value": "/personalInfo/k",
		"/keywords/starred": "/keywords/starred", "/example.com:a/b/c": "/example.com:a/b/c", "no pointer": "no pointer",
	} {
		if got := contact.EntryPath(path); got != want {
			t.Errorf("%q is a part of %q; want %q", path, got, want)
		}
	}
}
