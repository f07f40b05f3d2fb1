package contact_test

import (
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

// Where both sides prefer differently, want is the result that prefers the local one.
var mergeTests = []struct {
	name, base, local, remote, want string
	conflicts                       []string // path, base, local, remote
}{
	{"different fields", `{"a":1,"b":1,"c":1}`, `{"a":2,"b":1}`, `{"a":1,"b":2,"c":1,"d":1}`, `{"a":2,"b":2,"d":1}`, nil},
	{"the same change", `{"a":1}`, `{"a":2}`, `{"a":2}`, `{"a":2}`, nil},
	{"the same removal", `{"a":1,"b":1}`, `{"b":1}`, `{"b":1,"c":1}`, `{"b":1,"c":1}`, nil},
	{"one field, two values", `{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":2}`, []string{"/a 1 2 3"}},
	{"one field, added twice", `{}`, `{"a":2}`, `{"a":3}`, `{"a":2}`, []string{"/a - 2 3"}},
	{"removed here, changed there", `{"a":1}`, `{}`, `{"a":3}`, `{}`, []string{"/a 1 - 3"}},
	{"changed here, removed there", `{"a":1}`, `{"a":2}`, `{}`, `{"a":2}`, []string{"/a 1 2 -"}},
	{"null is a value", `{"a":1}`, `{"a":null}`, `{}`, `{"a":null}`, []string{"/a 1 null -"}},
	{"another type", `{"a":1}`, `{"a":{"b":1}}`, `{"a":[1]}`, `{"a":{"b":1}}`, []string{`/a 1 {"b":1} [1]`}},
	{"each removes the other's member", `{"a":1,"b":1}`, `{"a":1}`, `{"b":1}`, `{}`, nil},

	{"members of one entry", `{"phones":{"p":{"number":"1","label":"x"}}}`, `{"phones":{"p":{"number":"2","label":"x"}}}`,
		`{"phones":{"p":{"number":"1","label":"y"}}}`, `{"phones":{"p":{"number":"2","label":"y"}}}`, nil},
	{"one entry removed, another changed", `{"phones":{"p":{"number":"1"},"q":{"number":"2"}}}`, `{"phones":{"q":{"number":"2"}}}`,
		`{"phones":{"p":{"number":"1"},"q":{"number":"3"}}}`, `{"phones":{"q":{"number":"3"}}}`, nil},
	{"an entry removed here, changed there", `{"phones":{"p":{"number":"1"},"q":{}}}`, `{"phones":{"q":{}}}`,
		`{"phones":{"p":{"number":"2"},"q":{}}}`, `{"phones":{"q":{}}}`, []string{`/phones/p {"number":"1"} - {"number":"2"}`}},
	{"the last entry removed here, one added there", `{"phones":{"p":{"number":"1"}}}`, `{}`,
		`{"phones":{"p":{"number":"1"},"q":{"number":"2"}}}`, `{"phones":{"q":{"number":"2"}}}`, nil},
	{"the last entry removed here, changed there", `{"phones":{"p":{"number":"1"}}}`, `{}`, `{"phones":{"p":{"number":"2"}}}`, `{}`,
		[]string{`/phones/p {"number":"1"} - {"number":"2"}`}},
	{"an entry of nothing but objects removed here, changed there", `{"x":{"p":{"d":{"a":1}}}}`, `{"x":{}}`, `{"x":{"p":{"d":{"a":2}}}}`, `{"x":{}}`,
		[]string{`/x/p {"d":{"a":1}} - {"d":{"a":2}}`}},
	{"each removes one of two", `{"x":1,"phones":{"p":{},"q":{}}}`, `{"x":1,"phones":{"p":{}}}`, `{"x":1,"phones":{"q":{}}}`, `{"x":1}`, nil},
	{"the last keyword removed here, one added there", `{"keywords":{"starred":true}}`, `{}`, `{"keywords":{"starred":true,"choir":true}}`,
		`{"keywords":{"choir":true}}`, nil},
	{"contexts", `{"phones":{"p":{"number":"1","contexts":{"work":true}}}}`, `{"phones":{"p":{"number":"1"}}}`,
		`{"phones":{"p":{"number":"1","contexts":{"work":true,"private":true}}}}`, `{"phones":{"p":{"number":"1","contexts":{"private":true}}}}`, nil},

	{"one phone typed on both", `{}`, `{"phones":{"p":{"number":"1"}}}`, `{"phones":{"q":{"number":"1"}}}`, `{"phones":{"p":{"number":"1"}}}`, nil},
	{"the smaller key stays", `{}`, `{"phones":{"q":{"number":"1"}}}`, `{"phones":{"p":{"number":"1"}}}`, `{"phones":{"p":{"number":"1"}}}`, nil},
	{"two alike here, one there", `{}`, `{"emails":{"a":{"address":"x"},"b":{"address":"x"}}}`, `{"emails":{"c":{"address":"x"}}}`,
		`{"emails":{"a":{"address":"x"},"b":{"address":"x"}}}`, nil},
	{"not quite the same", `{}`, `{"phones":{"p":{"number":"1"}}}`, `{"phones":{"q":{"number":"1","pref":1}}}`,
		`{"phones":{"p":{"number":"1"},"q":{"number":"1","pref":1}}}`, nil},
	{"one was there before", `{"phones":{"p":{"number":"1"}}}`, `{"phones":{"p":{"number":"1"},"x":{"number":"2"}}}`,
		`{"phones":{"p":{"number":"1"},"q":{"number":"1"}}}`, `{"phones":{"p":{"number":"1"},"q":{"number":"1"},"x":{"number":"2"}}}`, nil},
	{"a title refers to its organization", `{}`, `{"organizations":{"a":{"name":"O"}}}`,
		`{"organizations":{"b":{"name":"O"}},"titles":{"t":{"name":"T","organizationId":"b"}}}`,
		`{"organizations":{"a":{"name":"O"},"b":{"name":"O"}},"titles":{"t":{"name":"T","organizationId":"b"}}}`, nil},
	{"a translation refers to its entry", `{}`, `{"titles":{"a":{"name":"O"}}}`,
		`{"titles":{"b":{"name":"O"}},"localizations":{"de":{"titles/b/name":"P"}}}`,
		`{"titles":{"a":{"name":"O"},"b":{"name":"O"}},"localizations":{"de":{"titles/b/name":"P"}}}`, nil},

	{"arrays are one field", `{"a":[1]}`, `{"a":[1,2]}`, `{"a":[0,1]}`, `{"a":[1,2]}`, []string{"/a [1] [1,2] [0,1]"}},
	{"elements by kind", `{"c":[{"kind":"a","v":1},{"kind":"b","v":1}]}`, `{"c":[{"kind":"a","v":2},{"kind":"b","v":1}]}`,
		`{"c":[{"kind":"a","v":1},{"kind":"b","v":2}]}`, `{"c":[{"kind":"a","v":2},{"kind":"b","v":2}]}`, nil},
	{"one element twice", `{"c":[{"kind":"a","v":1}]}`, `{"c":[{"kind":"a","v":2}]}`, `{"c":[{"kind":"a","v":3}]}`, `{"c":[{"kind":"a","v":2}]}`,
		[]string{"/c/kind:a/v 1 2 3"}},
	{"new elements stand where they were put", `{"c":[{"kind":"a"},{"kind":"z"}]}`, `{"c":[{"kind":"a"},{"kind":"m"},{"kind":"z"}]}`,
		`{"c":[{"kind":"0"},{"kind":"a"},{"kind":"l"},{"kind":"z"}]}`,
		`{"c":[{"kind":"0"},{"kind":"a"},{"kind":"l"},{"kind":"m"},{"kind":"z"}]}`, nil},
	{"one side has another order", `{"c":[{"kind":"a"},{"kind":"b","v":1}]}`, `{"c":[{"kind":"b","v":1},{"kind":"a"}]}`,
		`{"c":[{"kind":"a"},{"kind":"b","v":2},{"kind":"c"}]}`, `{"c":[{"kind":"b","v":2},{"kind":"c"},{"kind":"a"}]}`, nil},
	{"both have another order", `{"c":[{"kind":"a"},{"kind":"b"},{"kind":"c"}]}`, `{"c":[{"kind":"b"},{"kind":"a"},{"kind":"c"}]}`,
		`{"c":[{"kind":"a"},{"kind":"c"},{"kind":"b"}]}`, `{"c":[{"kind":"b"},{"kind":"a"},{"kind":"c"}]}`,
		[]string{`/c [{"kind":"a"},{"kind":"b"},{"kind":"c"}] [{"kind":"b"},{"kind":"a"},{"kind":"c"}] [{"kind":"a"},{"kind":"c"},{"kind":"b"}]`}},
	{"another order, and one element twice", `{"c":[{"kind":"a","v":1},{"kind":"b"},{"kind":"c"}]}`, `{"c":[{"kind":"b"},{"kind":"a","v":2},{"kind":"c"}]}`,
		`{"c":[{"kind":"a","v":3},{"kind":"c"},{"kind":"b"}]}`, `{"c":[{"kind":"b"},{"kind":"a","v":2},{"kind":"c"}]}`,
		[]string{`/c [{"kind":"a","v":1},{"kind":"b"},{"kind":"c"}] [{"kind":"b"},{"kind":"a","v":2},{"kind":"c"}] [{"kind":"a","v":3},{"kind":"c"},{"kind":"b"}]`}},
	{"elements that had no kinds before", `{"c":[1]}`, `{"c":[{"kind":"a"}]}`, `{"c":[{"kind":"b"}]}`, `{"c":[{"kind":"a"}]}`,
		[]string{`/c [1] [{"kind":"a"}] [{"kind":"b"}]`}},
	{"an element removed here, changed there", `{"c":[{"kind":"a","v":1},{"kind":"b"}]}`, `{"c":[{"kind":"b"}]}`,
		`{"c":[{"kind":"a","v":2},{"kind":"b"}]}`, `{"c":[{"kind":"b"}]}`, []string{`/c/kind:a {"kind":"a","v":1} - {"kind":"a","v":2}`}},

	{"given and surname", ada("Ada Byron", "Ada", "Byron"), ada("Augusta Byron", "Augusta", "Byron"), ada("Ada Lovelace", "Ada", "Lovelace"),
		ada("Augusta Lovelace", "Augusta", "Lovelace"), nil},
	{"the same part of a name", ada("Ada Byron", "Ada", "Byron"), ada("Ada King", "Ada", "King"), ada("Ada Lovelace", "Ada", "Lovelace"),
		ada("Ada King", "Ada", "King"), []string{`/name/components/kind:surname/value "Byron" "King" "Lovelace"`}},
	{"a full name of a person's own", ada("Ada Byron", "Ada", "Byron"), ada("Countess Ada", "Ada", "Byron"), ada("Ada Lovelace", "Ada", "Lovelace"),
		ada("Countess Ada", "Ada", "Lovelace"), []string{`/name/full "Ada Byron" "Countess Ada" "Ada Lovelace"`}},
	{"one full name of a person's own, kept by the other", ada("Countess", "Ada", "Byron"), ada("Countess", "Augusta", "Byron"),
		ada("Lady Ada", "Ada", "Byron"), ada("Lady Ada", "Augusta", "Byron"), nil},

	{"updated is the later one", `{"updated":"2026-01-01T00:00:00Z"}`, `{"updated":"2026-01-03T00:00:00+02:00"}`, `{"updated":"2026-01-02T23:00:00Z"}`,
		`{"updated":"2026-01-02T23:00:00Z"}`, nil},
	{"updated that is no time", `{}`, `{"updated":"yesterday"}`, `{"updated":"1999-01-02T23:00:00Z"}`, `{"updated":"1999-01-02T23:00:00Z"}`, nil},
	{"updated removed and changed", `{"updated":"2026-01-01T00:00:00Z"}`, `{}`, `{"updated":"2026-01-02T00:00:00Z"}`, `{"updated":"2026-01-02T00:00:00Z"}`, nil},

	{"a date is one field", birth(`{"month":1,"day":31}`), birth(`{"month":1,"day":30}`), birth(`{"month":2,"day":31}`), birth(`{"month":1,"day":30}`),
		[]string{`/anniversaries/b/date {"day":31,"month":1} {"day":30,"month":1} {"day":31,"month":2}`}},

	{"a note by lines", text("one", "two", "three"), text("zero", "one", "two", "three"), text("one", "two", "3"), text("zero", "one", "two", "3"), nil},
	{"lines that touch", text("one", "two"), text("1", "two"), text("one", "2"), text("1", "2"), nil},
	{"the same line", text("one", "two"), text("1", "two"), text("eins", "two"), text("1", "two"), []string{`/notes/n/note "one\ntwo" "1\ntwo" "eins\ntwo"`}},
	{"a removed line that was changed", text("one", "two", "three"), text("one", "three"), text("one", "2", "three"), text("one", "three"),
		[]string{`/notes/n/note "one\ntwo\nthree" "one\nthree" "one\n2\nthree"`}},
	{"both append", text("one"), text("one", "b"), text("one", "a"), text("one", "a", "b"), nil},
	{"both append, beginning alike", text("one"), text("one", "-", "b"), text("one", "-", "a"), text("one", "-", "a", "b"), nil},
	{"the first text", `{}`, text("a"), text("b"), text("a"), []string{`/notes/n/note - "a" "b"`}},

	{"the first text, of which one is empty", `{}`, text(""), text("b"), text(""), []string{`/notes/n/note - "" "b"`}},

	{"no base is a union", ``, `{"a":1,"phones":{"p":{"number":"1"}}}`, `{"b":1,"phones":{"q":{"number":"2"}}}`,
		`{"a":1,"b":1,"phones":{"p":{"number":"1"},"q":{"number":"2"}}}`, nil},
	{"removed whole, not changed", `{"a":1}`, ``, `{"a":1}`, ``, nil},
	{"removed whole and changed", `{"a":1}`, ``, `{"a":2}`, ``, []string{` {"a":1} - {"a":2}`}},
	{"two new cards, one of which isn't there", ``, `{"a":1}`, ``, `{"a":1}`, nil},
}

func ada(full, given, surname string) string {
	return `{"name":{"full":"` + full + `","components":[{"kind":"given","value":"` + given + `"},{"kind":"surname","value":"` + surname + `"}]}}`
}

func birth(date string) string { return `{"anniversaries":{"b":{"kind":"birth","date":` + date + `}}}` }

func text(lines ...string) string {
	return `{"notes":{"n":{"note":"` + strings.Join(lines, `\n`) + `"}}}`
}

func TestMerge(t *testing.T) {
	for _, tt := range mergeTests {
		t.Run(tt.name, func(t *testing.T) {
			b, l, r := parse(t, tt.base), parse(t, tt.local), parse(t, tt.remote)
			got, conflicts := contact.Merge(b, l, r, contact.Local)
			if want := parse(t, tt.want); !got.Equal(want) {
				t.Errorf("got  %s\nwant %s", got.JSON(), want.JSON())
			}
			if got := listed(conflicts); !slices.Equal(got, tt.conflicts) {
				t.Errorf("conflicts %q, want %q", got, tt.conflicts)
			}
			checkMerge(t, b, l, r, contact.Local)
			checkMerge(t, b, l, r, contact.Remote)
		})
	}
}

// A note too long to be compared line by line with every other still merges where it can.
func TestMergeOfLongNotes(t *testing.T) {
	many := func(word string) string { return strings.Repeat(word+`\n`, 3000) }
	base, local := text("first", many("old"), "last"), text("first", many("new"), "last")
	got, conflicts := contact.Merge(parse(t, base), parse(t, local), parse(t, text("1st", many("old"), "last")), contact.Remote)
	if want := parse(t, text("1st", many("new"), "last")); !got.Equal(want) || len(conflicts) > 0 {
		t.Errorf("got %.100s… and %d conflicts, want %.100s…", got.JSON(), len(conflicts), want.JSON())
	}
}
