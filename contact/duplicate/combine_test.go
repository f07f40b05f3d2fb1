package duplicate

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/contact"
	"kith/contact/contacttest"
)

// notValues are members that say how a value is held, or by which program, and are no value of a person's.
var notValues = wordSet("@type version uid prodId created updated kind pref organizationId isOrdered defaultSeparator")

// leaves collects every value in v with the path that leads to it.
func leaves(v any, path string, to map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, v := range v {
			if !notValues[name] {
				leaves(v, path+"/"+escape(name), to)
			}
		}
	case []any:
		for i, v := range v {
			leaves(v, fmt.Sprint(path, "/", i), to)
		}
	case string:
		to[path] = v
	case json.Number:
		to[path] = v.String()
	}
}

// unlike gives every text in v a mark of its own, so that no two are equal by chance.
func unlike(v any, card int, n *int) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out[name] = v[name]
			if !notValues[name] && name != "date" {
				out[name] = unlike(v[name], card, n)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = unlike(v[i], card, n)
		}
		return out
	case string:
		*n++
		return fmt.Sprintf("%s~%d.%d~", v, card, *n)
	}
	return v
}

func mustDecode(t interface{ Fatal(...any) }, c contact.Card) map[string]any {
	m, err := decode(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustParse(t interface{ Fatal(...any) }, m map[string]any) contact.Card {
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	c, err := contact.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every value of every card is in the outcome, wherever; whatever the cards are, and in whatever order.
func TestCombineLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cards []contact.Card
		marks := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "cards") {
			m := mustDecode(t, contacttest.Card(t))
			if rapid.Bool().Draw(t, "marked") {
				m = unlike(m, i, &marks).(map[string]any)
			}
			m["uid"] = fmt.Sprint("uid-", i)
			cards = append(cards, mustParse(t, m))
		}
		combined, err := Combine(cards, Choices{})
		if err != nil {
			t.Fatal(err)
		}
		if combined.UID() != "uid-0" {
			t.Fatalf("the survivor's uid has become %s", combined.UID())
		}
		held := map[string]string{}
		leaves(mustDecode(t, combined), "", held)
		for i, c := range cards {
			values := map[string]string{}
			leaves(mustDecode(t, c), "", values)
			for path, v := range values {
				if !isHeld(held, v) {
					t.Fatalf("card %d's %s %q is lost\ncards: %s\ncombined: %s", i, path, v, cards, combined.JSON())
				}
			}
		}
		if again, err := Combine(cards, Choices{}); err != nil || !again.Equal(combined) {
			t.Fatalf("again: %s\nfirst: %s (%v)", again.JSON(), combined.JSON(), err)
		}
	})
}

// isHeld reports whether a value is somewhere: by itself, or, line by line, in a text; or joined with an equal one in other letters.
func isHeld(held map[string]string, value string) bool {
	for line := range strings.Lines(value) {
		line = strings.ToLower(strings.TrimSpace(line))
		found := false
		for _, h := range held {
			if h == value || strings.Contains(strings.ToLower(h), line) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// What the choices drop goes, and nothing else.
func TestCombineDrops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		marks := 0
		var cards []contact.Card
		for i := range 2 {
			m := unlike(mustDecode(t, contacttest.Card(t)), i, &marks).(map[string]any)
			m["uid"] = fmt.Sprint("uid-", i)
			cards = append(cards, mustParse(t, m))
		}
		drop := map[Source]bool{}
		for i, c := range cards {
			members := mustDecode(t, c)
			for name := range keyed {
				if !isEntries(members[name]) {
					continue
				}
				for _, key := range slices.Sorted(maps.Keys(object(members[name]))) {
					if rapid.Bool().Draw(t, "drop") {
						drop[Source{i, "/" + name + "/" + escape(key)}] = true
					}
				}
			}
		}
		combined, err := Combine(cards, Choices{Drop: drop})
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]string{}
		leaves(mustDecode(t, combined), "", held)
		for i, c := range cards {
			values := map[string]string{}
			leaves(mustDecode(t, c), "", values)
			for path, v := range values {
				parts := strings.SplitN(path, "/", 4)
				dropped := len(parts) > 2 && drop[Source{i, strings.Join(parts[:3], "/")}]
				if !strings.HasSuffix(v, "~") {
					continue // it has no mark, and may be another's too
				}
				if dropped == isHeld(held, v) {
					t.Fatalf("card %d's %s %q: dropped %v\ncards: %s\ncombined: %s", i, path, v, dropped, cards, combined.JSON())
				}
			}
		}
	})
}

func TestCombineCopies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := mustDecode(t, contacttest.Card(t))
		m["uid"] = "a"
		original := mustParse(t, m)
		m["uid"] = "b"
		if got, err := Combine([]contact.Card{original, mustParse(t, m), mustParse(t, m)}, Choices{}); err != nil || !got.Equal(original) {
			t.Fatalf("a card and its copies make %s, not %s (%v)", got.JSON(), original.JSON(), err)
		}
	})
}

func cardOf(t *testing.T, text string) contact.Card {
	t.Helper()
	c, err := contact.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newKeys are keys that were made anew: the table can't know them.
var newKeys = regexp.MustCompile(`(["/])x[0-9a-v]{13}"`)

func TestCombine(t *testing.T) {
	tests := []struct {
		name    string
		cards   []string
		choices Choices
		want    string
	}{
		{"values are added", []string{
			`{"uid":"a","name":{"full":"Ada Lovelace"},"emails":{"1":{"address":"a@x.org"}}}`,
			`{"uid":"b","name":{"full":"Ada Lovelace"},"phones":{"1":{"number":"+44 20 7946 0958"}},"keywords":{"choir":true}}`,
		}, Choices{}, `{"uid":"a","name":{"full":"Ada Lovelace"},"emails":{"1":{"address":"a@x.org"}},"phones":{"1":{"number":"+44 20 7946 0958"}},"keywords":{"choir":true}}`},
		{"one address is one, with what both say of it", []string{
			`{"uid":"a","emails":{"1":{"address":"Ada@x.org","contexts":{"private":true}}}}`,
			`{"uid":"b","emails":{"9":{"address":"ada@x.org","contexts":{"work":true},"label":"Main"}}}`,
		}, Choices{}, `{"uid":"a","emails":{"1":{"address":"Ada@x.org","contexts":{"private":true,"work":true},"label":"Main"}}}`},
		{"two labels are two entries", []string{
			`{"uid":"a","phones":{"1":{"number":"+44 20 7946 0958","label":"Home"}}}`,
			`{"uid":"b","phones":{"2":{"number":"+44 (0)20 79460958","label":"Shop"}}}`,
		}, Choices{}, `{"uid":"a","phones":{"1":{"number":"+44 20 7946 0958","label":"Home"},"2":{"number":"+44 (0)20 79460958","label":"Shop"}}}`},
		{"notes are joined by their lines", []string{
			`{"uid":"a","notes":{"note":{"note":"one\ntwo"}}}`,
			`{"uid":"b","notes":{"note":{"note":"two\nthree"}}}`,
		}, Choices{}, `{"uid":"a","notes":{"note":{"note":"one\ntwo\nthree"}}}`},
		{"a taken key", []string{
			`{"uid":"a","organizations":{"org":{"name":"Acme"}},"titles":{"title":{"name":"Boss","organizationId":"org"}}}`,
			`{"uid":"b","organizations":{"org":{"name":"Bolt"}},"titles":{"t":{"name":"Clerk","organizationId":"org"}}}`,
		}, Choices{}, `{"uid":"a","organizations":{"org":{"name":"Acme"},"xKEY":{"name":"Bolt"}},"titles":{"t":{"name":"Clerk","organizationId":"xKEY"},"title":{"name":"Boss","organizationId":"org"}}}`},
		{"a title finds its organization", []string{
			`{"uid":"a","organizations":{"o":{"name":"Acme"}}}`,
			`{"uid":"b","organizations":{"p":{"name":"ACME"}},"titles":{"t":{"name":"Clerk","organizationId":"p"}}}`,
		}, Choices{}, `{"uid":"a","organizations":{"o":{"name":"Acme"}},"titles":{"t":{"name":"Clerk","organizationId":"o"}}}`},
		{"another name is a nickname", []string{
			`{"uid":"a","name":{"full":"Robert Smith"}}`, `{"uid":"b","name":{"full":"Bob Smith"}}`,
		}, Choices{}, `{"uid":"a","name":{"full":"Robert Smith"},"nicknames":{"xKEY":{"name":"Bob Smith"}}}`},
		{"the other name was chosen", []string{
			`{"uid":"a","name":{"full":"Bob Smith"}}`, `{"uid":"b","name":{"full":"Robert Smith"}}`,
		}, Choices{Take: map[string]int{Name: 1}}, `{"uid":"a","name":{"full":"Robert Smith"},"nicknames":{"xKEY":{"name":"Bob Smith"}}}`},
		{"and the first is dropped", []string{
			`{"uid":"a","name":{"full":"Bob Smith"}}`, `{"uid":"b","name":{"full":"Robert Smith"}}`,
		}, Choices{Take: map[string]int{Name: 1}, Drop: map[Source]bool{{0, "/name"}: true}}, `{"uid":"a","name":{"full":"Robert Smith"}}`},
		{"a birthday learns its year", []string{
			`{"uid":"a","anniversaries":{"birthday":{"kind":"birth","date":{"month":12,"day":10}}}}`,
			`{"uid":"b","anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":12,"day":10}}}}`,
		}, Choices{}, `{"uid":"a","anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":12,"day":10}}}}`},
		{"two birthdays, one chosen", []string{
			`{"uid":"a","anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":1,"day":1}}}}`,
			`{"uid":"b","anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":12,"day":10}}}}`,
		}, Choices{Take: map[string]int{Birthday: 1}}, `{"uid":"a","anniversaries":{"birthday":{"kind":"birth","date":{"year":1815,"month":12,"day":10}}}}`},
		{"two photos, one chosen", []string{
			`{"uid":"a","media":{"m":{"kind":"photo","uri":"u:1"},"l":{"kind":"logo","uri":"u:3"}}}`,
			`{"uid":"b","media":{"m":{"kind":"photo","uri":"u:2"}}}`,
		}, Choices{Take: map[string]int{Photo: 1}}, `{"uid":"a","media":{"xKEY":{"kind":"photo","uri":"u:2"},"l":{"kind":"logo","uri":"u:3"}}}`},
		{"what nobody knows, and what there is no room for", []string{
			`{"uid":"a","x:y":{"k":1},"language":"en","vCardProps":[["x-a",{},"text","1"]]}`,
			`{"uid":"b","x:y":{"k":2,"l":3},"language":"de","vCardProps":[["x-a",{},"text","1"],["x-b",{},"text","2"]]}`,
		}, Choices{}, `{"uid":"a","x:y":{"k":1,"l":3},"language":"en","vCardProps":[["x-a",{},"text","1"],["x-b",{},"text","2"]],
			"kith.app:merged":{"b":{"/language":"de","/x:y/k":2}}}`},
		{"merged before, and come back with another value", []string{
			`{"uid":"a","language":"en","kith.app:merged":{"b":{"/language":"de"},"c":{"/language":"ja"}}}`,
			`{"uid":"b","language":"fr","kith.app:merged":{"a":{"/language":"en"},"c":{"/language":"zh"}}}`,
		}, Choices{}, `{"uid":"a","language":"en","kith.app:merged":{"a":{"/language":"en"},"b":{"/language":"de"},"b/xKEY":{"/language":"fr"},
			"c":{"/language":"ja"},"c/xKEY":{"/language":"zh"}}}`},
		{"times", []string{
			`{"uid":"a","created":"2020-01-01T00:00:00Z","updated":"2021-01-01T00:00:00Z"}`,
			`{"uid":"b","created":"2019-01-01T00:00:00Z","updated":"2022-01-01T00:00:00Z"}`,
		}, Choices{}, `{"uid":"a","created":"2019-01-01T00:00:00Z","updated":"2022-01-01T00:00:00Z"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var cards []contact.Card
			for _, text := range tt.cards {
				cards = append(cards, cardOf(t, text))
			}
			got, err := Combine(cards, tt.choices)
			if err != nil {
				t.Fatal(err)
			}
			text := newKeys.ReplaceAllString(string(got.JSON()), `${1}xKEY"`)
			if want := cardOf(t, tt.want); !cardOf(t, text).Equal(want) {
				t.Errorf("got  %s\nwant %s", text, want.JSON())
			}
		})
	}
}
