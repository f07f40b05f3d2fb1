package vcard

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"kith/contact"

	"pgregory.net/rapid"
)

// What a card holds comes back from a vCard of both versions, known or not; only what the importer remembers of the vCard is new.
func TestCardsSurvive(t *testing.T) {
	for name, card := range map[string]string{
		"an app's card": `{"uid":"u1","name":{"full":"Ada Lovelace","isOrdered":true,"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}]},
			"emails":{"1aaaaaaaaaaaaaaa":{"address":"ada@example.com","label":"a, b; c"}},"phones":{"1b":{"number":"+1;2,3","features":{"mobile":true,"fax":true},"pref":3}},
			"notes":{"note":{"note":"one\ntwo\\n, three"}},"titles":{"title":{"name":"Countess"}},"keywords":{"starred":true,"a, b":true},
			"organizations":{"org":{"name":"Engine; Co","units":[{"name":"A,B"}]}},"anniversaries":{"birthday":{"kind":"birth","date":{"@type":"PartialDate","month":12,"day":10}}}}`,
		"other members": `{"uid":"u2","name":{"full":"X","sortAs":{"surname":"x"},"defaultSeparator":"-"},"phones":{"p":{"number":"1","example.com:x":{"y":[1,null,true]},"features":{"voice":true,"example.com:f":true}}},
			"speakToAs":{"grammaticalGender":"feminine","pronouns":{"k":{"pronouns":"she/her","pref":2}}},"example.com:top":[1.50,"a"],
			"localizations":{"de":{"name/full":"Y"}},"media":{"m":{"kind":"photo","uri":"blob:abc","blobId":"B"}},"preferredLanguages":{"l":{"language":"de","contexts":{"work":true}}}}`,
		"an entry that is no entry": `{"uid":"u3","name":{"full":"X"},"emails":{"a":"not an object"},"phones":{"b":{"features":{"fax":true}}},"members":{"urn:x":true,"f":false},"keywords":{"on":true,"off":false}}`,
		"strange kinds":             `{"uid":"u4","name":{"full":"X","components":[{"kind":"separator","value":", "},{"kind":"given","value":"Y","x":1}]},"anniversaries":{"a":{"kind":"example.com:moon","date":{"@type":"Timestamp","utc":"1969-07-20T20:17:40Z"}},"b":{"kind":"birth","date":{"@type":"Timestamp","utc":"1969-07-20T20:17:40Z"},"place":{"full":"Sea"}}},"addresses":{"a":{"components":[{"kind":"locality","value":"B"},{"kind":"name","value":"A"},{"kind":"separator","value":"/"}],"isOrdered":true,"defaultSeparator":", "}}}`,
		"relations":                 `{"uid":"u5","name":{"full":"X"},"relatedTo":{"u1":{"relation":{"friend":true,"example.com:x":true}},"6b29fc40-ca47-1067-b31d-00dd010662da":{"relation":{}},"A name: with a colon":{"relation":{"spouse":true}}}}`,
	} {
		t.Run(name, func(t *testing.T) { survives(t, card) })
	}
}

func survives(t tester, text string) {
	t.Helper()
	c, err := contact.Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	for _, v := range []Version{V30, V40} {
		file := write(t, v, c)
		back, broken := readAll(t, file)
		if len(back) != 1 || len(broken) > 0 {
			t.Fatalf("%s: %d cards, broken %v\n%s", v, len(back), broken, file)
		}
		want, got := bare(t, c), bare(t, back[0])
		for member, value := range want {
			if !reflect.DeepEqual(value, got[member]) {
				a, _ := json.Marshal(value)
				b, _ := json.Marshal(got[member])
				t.Fatalf("%s: %s was\n %s\nand is\n %s\n%s", v, member, a, b, file)
			}
		}
	}
}

// bare is the card without type names and what the importer adds, its entries without their keys.
func bare(t tester, c contact.Card) object {
	decoder := json.NewDecoder(bytes.NewReader(c.JSON()))
	decoder.UseNumber()
	var card object
	if err := decoder.Decode(&card); err != nil {
		t.Fatalf("decode: %v", err)
	}
	for _, member := range append(entryMembers, "titles") {
		held := members(atPath(card, member))
		bareEntries := map[string]int{}
		for key, value := range held {
			e, ok := value.(object)
			if ok {
				delete(e, "vCardParams")
				delete(e, "kith.app:vCardValue")
				if member == "titles" && e["kind"] == "title" {
					delete(e, "kind")
				}
				b, _ := json.Marshal(content(e))
				bareEntries[string(b)]++
			} else {
				b, _ := json.Marshal(value)
				bareEntries[key+string(b)]++
			}
		}
		if held != nil && member != "relatedTo" {
			setPath(card, member, bareEntries)
		}
	}
	for _, member := range []string{"@type", "version", memberLines} {
		delete(card, member)
	}
	out, _ := plain(card).(object)
	for member, value := range out {
		if empty, ok := value.(object); ok && len(empty) == 0 {
			delete(out, member) // says what its absence says
		}
	}
	return out
}

// Random cards of any members survive too.
func TestRandomCardsSurvive(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "a", "B c", "x,y;z", `back\slash`, "line\nbreak", `"quoted"`, "^n", "漢字", "urn:uuid:6b29fc40-ca47-1067-b31d-00dd010662da", "http://x/", "data:,x", "kind", "text"})
	name := rapid.SampledFrom([]string{"label", "kind", "uri", "number", "address", "name", "note", "value", "pref", "contexts", "features", "relation", "full", "components", "date", "user",
		"service", "mediaType", "units", "level", "language", "pronouns", "coordinates", "timeZone", "countryCode", "example.com:x"})
	entry := rapid.Custom(func(t *rapid.T) any {
		e := object{}
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			n := name.Draw(t, "member")
			e[n] = rapid.OneOf(rapid.Map(word, func(s string) any { return s }), rapid.SampledFrom([]any{true, nil, json.Number("1"), json.Number("7"),
				object{"private": true}, object{"fax": true, "odd": false}, list{object{"kind": "locality", "value": "x"}}, list{object{"name": "u"}},
				object{"year": json.Number("2000"), "month": json.Number("2")}})).Draw(t, "value")
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		card := object{"uid": "u"}
		for range rapid.IntRange(0, 4).Draw(t, "maps") {
			member := rapid.SampledFrom(entryMembers).Draw(t, "map")
			setPath(card, member, map[string]any{
				rapid.SampledFrom([]string{"k1", "k2", "a/b~c"}).Draw(t, "key"): entry.Draw(t, "entry"),
				"z": entry.Draw(t, "second"),
			})
		}
		for range rapid.IntRange(0, 3).Draw(t, "others") {
			member := rapid.SampledFrom([]string{"kind", "language", "prodId", "created", "updated", "keywords", "members", "name", "x"}).Draw(t, "member")
			card[member] = entry.Draw(t, "other")
		}
		text, _ := json.Marshal(card)
		survives(t, string(text))
	})
}
