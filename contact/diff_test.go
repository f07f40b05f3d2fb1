package contact_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/contact"
	"kith/contact/contacttest"
)

func parse(t testing.TB, s string) contact.Card {
	t.Helper()
	if s == "" {
		return contact.Card{}
	}
	c, err := contact.Parse([]byte(s))
	if err != nil {
		t.Fatalf("parse %s: %v", s, err)
	}
	return c
}

func TestDiff(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       []string // path, old, new
	}{
		{"equal", `{"uid":"u","x":[1,{"a":null}]}`, `{"x":[1,{"a":null}],"uid":"u"}`, nil},
		{"no card, then one", ``, `{"uid":"u"}`, []string{` - {"uid":"u"}`}},
		{"a card, then none", `{}`, ``, []string{` {} -`}},
		{"a member of each kind of change", `{"a":1,"b":1,"d":1}`, `{"a":2,"c":1,"d":1}`, []string{`/a 1 2`, `/b 1 -`, `/c - 1`}},
		{"null is a value", `{"a":null}`, `{"b":null}`, []string{`/a null -`, `/b - null`}},
		{"numbers by their digits", `{"a":1}`, `{"a":1.0}`, []string{`/a 1 1.0`}},
		{"objects by member", `{"emails":{"e":{"address":"x","pref":1}}}`, `{"emails":{"e":{"address":"y","pref":1}}}`,
			[]string{`/emails/e/address "x" "y"`}},
		{"an added object is one edit", `{"emails":{}}`, `{"emails":{"e":{"address":"x"}}}`, []string{`/emails/e - {"address":"x"}`}},
		{"an emptied object stays", `{"emails":{"e":{}}}`, `{"emails":{}}`, []string{`/emails/e {} -`}},
		{"an object that gives way to another type", `{"a":{"b":1}}`, `{"a":[]}`, []string{`/a {"b":1} []`}},
		{"names with / and ~", `{"a/b":{"~":1}}`, `{"a/b":{"~":2}}`, []string{`/a~1b/~0 1 2`}},
		{"an array is a leaf", `{"a":[1,2]}`, `{"a":[1,3]}`, []string{`/a [1,2] [1,3]`}},
		{"components by kind", `{"name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Byron"}]}}`,
			`{"name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}]}}`,
			[]string{`/name/components/kind:surname/value "Byron" "Lovelace"`}},
		{"a component at the end", `{"c":[{"kind":"a"}]}`, `{"c":[{"kind":"a"},{"kind":"b"}]}`, []string{`/c/kind:b - {"kind":"b"}`}},
		{"a component in the middle moves others", `{"c":[{"kind":"a"},{"kind":"b"}]}`, `{"c":[{"kind":"a"},{"kind":"m"},{"kind":"b"}]}`,
			[]string{`/c [{"kind":"a"},{"kind":"b"}] [{"kind":"a"},{"kind":"m"},{"kind":"b"}]`}},
		{"another order", `{"c":[{"kind":"a"},{"kind":"b"}]}`, `{"c":[{"kind":"b"},{"kind":"a"}]}`,
			[]string{`/c [{"kind":"a"},{"kind":"b"}] [{"kind":"b"},{"kind":"a"}]`}},
		{"a kind that comes twice", `{"c":[{"kind":"a"},{"kind":"a"}]}`, `{"c":[{"kind":"a"}]}`,
			[]string{`/c [{"kind":"a"},{"kind":"a"}] [{"kind":"a"}]`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := parse(t, tt.a), parse(t, tt.b)
			p := contact.Diff(a, b)
			if got := shown(p); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			checkPatch(t, a, b, p)
		})
	}
}

func shown(p contact.Patch) []string {
	var out []string
	for _, e := range p {
		out = append(out, e.Path+" "+or(e.Old)+" "+or(e.New))
	}
	return out
}

func or(b json.RawMessage) string {
	if b == nil {
		return "-"
	}
	return string(b)
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkPatch holds that p, also once it was stored as JSON, turns a into b and back.
func checkPatch(t fataler, a, b contact.Card, p contact.Patch) {
	t.Helper()
	if inverse, other := p.Invert(), contact.Diff(b, a); !slices.Equal(shown(inverse), shown(other)) {
		t.Fatalf("the inverse is %q, the difference the other way %q", shown(inverse), shown(other))
	}
	stored, err := json.Marshal(p)
	if err != nil {
		t.Fatalf("store the patch: %v", err)
	}
	p = nil
	if err := json.Unmarshal(stored, &p); err != nil {
		t.Fatalf("read the patch: %v", err)
	}
	got, err := p.Apply(a)
	if err != nil || !got.Equal(b) {
		t.Fatalf("apply %s:\n got %s, %v\nwant %s", stored, got.JSON(), err, b.JSON())
	}
	back, err := p.Invert().Apply(b)
	if err != nil || !back.Equal(a) {
		t.Fatalf("apply the inverse of %s:\n got %s, %v\nwant %s", stored, back.JSON(), err, a.JSON())
	}
	if !slices.IsSortedFunc(p, func(a, b contact.Edit) int { return strings.Compare(a.Path, b.Path) }) {
		t.Fatalf("not ordered by path: %q", shown(p))
	}
}

func TestDiffOfRandomCards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := contacttest.Card(t)
		b := contacttest.Card(t)
		if rapid.Bool().Draw(t, "edit of one") {
			b = contacttest.Edit(t, a)
		}
		p := contact.Diff(a, b)
		if (p == nil) != a.Equal(b) {
			t.Fatalf("the patch of %s and %s is %q", a.JSON(), b.JSON(), shown(p))
		}
		checkPatch(t, a, b, p)
		for _, e := range p {
			if got := or(a.At(e.Path)); got != or(e.Old) {
				t.Fatalf("At(%q) = %s, want %s", e.Path, got, or(e.Old))
			}
		}
	})
}

func TestApplyChecks(t *testing.T) {
	card := `{"uid":"u","emails":{"e":{"address":"x"}},"c":[{"kind":"a"}],"l":[1]}`
	tests := []struct{ name, path, old, new, want string }{
		{"another value", "/emails/e/address", `"y"`, `"z"`, `holds "x", not "y"`},
		{"absent", "/emails/f", `{}`, ``, `holds nothing, not {}`},
		{"already there", "/emails/e", ``, `{}`, `holds {"address":"x"}, not nothing`},
		{"the way is missing", "/phones/p", ``, `{}`, `nothing leads to "p"`},
		{"into a text", "/uid/x", ``, `1`, `nothing leads to "x"`},
		{"into an array by index", "/l/0", `1`, `2`, `holds nothing`},
		{"an element with another kind", "/c/kind:a", `{"kind":"a"}`, `{"kind":"b"}`, "become another one"},
		{"no pointer", "emails", ``, `1`, "not a JSON pointer"},
		{"no JSON", "/x", ``, `{`, "parse the new value"},
		{"no card", "", card, `1`, "not a card"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := parse(t, card)
			e := contact.Edit{Path: tt.path}
			if tt.old == card {
				e.Old = c.JSON()
			} else if tt.old != "" {
				e.Old = json.RawMessage(tt.old)
			}
			if tt.new != "" {
				e.New = json.RawMessage(tt.new)
			}
			p := contact.Patch{e}
			if tt.path != "" {
				p = contact.Patch{{Path: "/fine", New: json.RawMessage("1")}, e}
			}
			got, err := p.Apply(c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if !got.Equal(c) {
				t.Errorf("got %s, want the card as it was", got.JSON())
			}
		})
	}
}

func TestWithAt(t *testing.T) {
	const ada = `{"name":{"full":"Ada Byron","components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Byron"}]}}`
	tests := []struct{ name, card, path, value, want string }{
		{"replace", `{"a":{"b":1}}`, "/a/b", `2`, `{"a":{"b":2}}`},
		{"make the way", `{}`, "/emails/e/address", `"x"`, `{"emails":{"e":{"address":"x"}}}`},
		{"make an element", `{}`, "/c/kind:a/value", `1`, `{"c":[{"kind":"a","value":1}]}`},
		{"remove, and what is empty then", `{"a":{"b":{"c":1}},"d":1}`, "/a/b/c", ``, `{"d":1}`},
		{"remove an element", `{"c":[{"kind":"a"},{"kind":"b"}]}`, "/c/kind:a", ``, `{"c":[{"kind":"b"}]}`},
		{"remove what isn't there", `{"a":{}}`, "/b/c", ``, `{"a":{}}`},
		{"the whole", `{"a":1}`, "", `{"b":1}`, `{"b":1}`},
		{"the whole goes", `{"a":1}`, "", ``, ``},
		{"a derived full name follows", ada, "/name/components/kind:surname/value", `"Lovelace"`,
			`{"name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}],"full":"Ada Lovelace"}}`},
		{"one that was typed stays", strings.Replace(ada, "Ada Byron", "Countess", 1), "/name/components/kind:surname", ``,
			`{"name":{"components":[{"kind":"given","value":"Ada"}],"full":"Countess"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := parse(t, tt.card)
			before := string(c.JSON())
			var value json.RawMessage
			if tt.value != "" {
				value = json.RawMessage(tt.value)
			}
			got, err := c.WithAt(tt.path, value)
			if want := parse(t, tt.want); err != nil || !got.Equal(want) {
				t.Errorf("got %s, %v, want %s", got.JSON(), err, want.JSON())
			}
			if string(c.JSON()) != before {
				t.Errorf("the card itself became %s", c.JSON())
			}
		})
	}
	for path, value := range map[string]string{"a": `1`, "/a": `{`, "": `[]`, "/l/0": `1`, "/s/x": `1`} {
		if got, err := parse(t, `{"l":[1],"s":""}`).WithAt(path, json.RawMessage(value)); err == nil {
			t.Errorf("WithAt(%q, %s) = %s, want an error", path, value, got.JSON())
		}
	}
}

func BenchmarkDiff(b *testing.B) {
	from := contacttest.Realistic(1, 1)
	to := from.WithNote("another").WithSurname("Lovelace")
	b.ReportAllocs()
	for b.Loop() {
		contact.Diff(from, to)
	}
}
