package vcard

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Properties of random vCards. rapid prints the seed of a failure.

var (
	knownNames   = append(sortedKeysOf(rules), sortedKeysOf(unitOf)...)
	unknownNames = []string{"X-FOO", "GENDER", "CLIENTPIDMAP", "XML", "X-MOZILLA-HTML", "LABEL", "MAILER", "AGENT", "X-ABLABEL", "X-ABADR", "CLASS", "CLOUD"}
	paramNames   = []string{"TYPE", "PREF", "VALUE", "LANGUAGE", "ALTID", "PID", "X-P", "LABEL", "GEO", "TZ", "MEDIATYPE", "X-SERVICE-TYPE",
		"SORT-AS", "PROP-ID", "LEVEL", "INDEX", "CC", "X-APPLE-OMIT-YEAR", "USERNAME", "DERIVED", "GROUP"}
	typeWords = []string{"HOME", "home", "Work", "pref", "PREF", "CELL", "voice", "INTERNET", "JPEG", "x-any", "voice,home", "spouse", "twitter"}
	pieces    = []string{"a", "B", "1", " ", ",", ";", `\,`, `\;`, `\n`, `\\`, `\`, ":", "=", "^", "^n", `"`, "é", "漢", "😀", "urn:uuid:",
		"http://x", "1604-02-29", "19850412", "--0412", "data:image/png;base64,", "iVBORw0KGgo=", "tel:+1", "geo:1,2", "_$!<Home>!$_"}
)

func sortedKeysOf[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func drawProperty(t *rapid.T) property {
	p := property{Name: rapid.OneOf(rapid.SampledFrom(knownNames), rapid.SampledFrom(unknownNames)).Draw(t, "name")}
	if rapid.IntRange(0, 4).Draw(t, "grouped") == 0 {
		p.Group = rapid.SampledFrom([]string{"item1", "item2", "Item1", "g"}).Draw(t, "group")
	}
	for range rapid.IntRange(0, 3).Draw(t, "params") {
		name := rapid.SampledFrom(paramNames).Draw(t, "param")
		if p.values(name) != nil {
			continue
		}
		words := rapid.SampledFrom(typeWords)
		if name != "TYPE" {
			words = rapid.OneOf(rapid.SampledFrom([]string{"1", "50", "uri", "text", "date", "de", "true", "expert", "1604"}), rapid.Custom(drawText))
		}
		p.add(name, rapid.SliceOfN(words, 1, 2).Draw(t, "values")...)
	}
	p.Value = rapid.Custom(drawText).Draw(t, "value")
	return p
}

func drawText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 5).Draw(t, "pieces"), "")
}

func drawFile(t *rapid.T) string {
	v := rapid.SampledFrom([]Version{V30, V40}).Draw(t, "version")
	var b strings.Builder
	fmt.Fprintf(&b, "BEGIN:VCARD\r\nVERSION:%s\r\n", v)
	for _, p := range rapid.SliceOfN(rapid.Custom(drawProperty), 0, 8).Draw(t, "props") {
		b.WriteString(format(p) + "\r\n")
	}
	b.WriteString("END:VCARD\r\n")
	return b.String()
}

// Whatever properties a card has, they come out as they went in.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := drawFile(t)
		if err := checkLossless(t, []byte(file)); err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
	})
}
