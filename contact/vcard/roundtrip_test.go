package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/contact"
)

// tester is a testing.T, F or B, or a rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// readAll gives the cards and what was broken.
func readAll(t tester, file []byte) (cards []contact.Card, broken []*BrokenCard) {
	t.Helper()
	r := NewReader(bytes.NewReader(file))
	for {
		c, err := r.Next()
		var b *BrokenCard
		var large *LargeCard
		switch {
		case errors.Is(err, io.EOF):
			return cards, broken
		case errors.As(err, &b):
			broken = append(broken, b)
		case err == nil, errors.As(err, &large):
			cards = append(cards, c)
		default:
			t.Fatalf("Next: %v", err)
		}
	}
}

// blocks gives the properties of each card of a file, and its version, without mapping them.
func blocks(t tester, file []byte) (props [][]property, versions []Version) {
	t.Helper()
	r := NewReader(bytes.NewReader(file))
	for {
		err := r.nextBlock()
		var b *BrokenCard
		switch {
		case errors.Is(err, io.EOF):
			return props, versions
		case errors.As(err, &b):
			continue
		case err != nil:
			t.Fatalf("nextBlock: %v", err)
		}
		p, v, err := parseBlock(&r.block)
		if err == nil {
			props, versions = append(props, p), append(versions, v)
		}
	}
}

func write(t tester, v Version, cards ...contact.Card) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, v, cards...); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return b.Bytes()
}

// lost are the properties of want that got lacks. The order of parameters and properties means nothing; what a card
// must have by its version may be added.
func lost(want, got []property) (missing, added []string) {
	show := func(props []property) []string {
		var out []string
		for _, p := range props {
			if p.Name == "VERSION" || p.Name == "JSPROP" && strings.HasPrefix(p.Value, `[["version"`) {
				continue // a second one can't be written as such
			}
			if strings.Contains(strings.ToLower(strings.Join(p.values("TYPE"), ",")), "pref") && p.value("PREF") == "1" {
				p.take("PREF") // a 4.0 card with TYPE=pref gets the PREF=1 that it meant
			}
			if v, err := decodeJSON(unescape(p.Value)); isPatch(p) && err == nil {
				p.take("VALUE")
				p.Value = escapeField(string(canonical(v))) // JSON has spaces that say nothing
			}
			slices.SortFunc(p.Params, func(a, b param) int { return strings.Compare(a.Name, b.Name) })
			out = append(out, format(p))
		}
		return out
	}
	missing, added = show(want), show(got)
	for _, line := range slices.Clone(missing) {
		if i := slices.Index(added, line); i >= 0 {
			added = slices.Delete(added, i, i+1)
			i = slices.Index(missing, line)
			missing = slices.Delete(missing, i, i+1)
		}
	}
	added = slices.DeleteFunc(added, func(line string) bool {
		return strings.HasPrefix(line, "FN;DERIVED=TRUE:") || strings.HasPrefix(line, "UID:") || line == "N:;;;;"
	})
	return missing, added
}

// checkLossless imports and exports a file in the version of each card, and again by way of the other version.
func checkLossless(t tester, file []byte) error {
	t.Helper()
	want, versions := blocks(t, file)
	cards, _ := readAll(t, file)
	if len(cards) != len(want) {
		return fmt.Errorf("%d cards of %d", len(cards), len(want))
	}
	for i, c := range cards {
		out := write(t, versions[i], c)
		got, _ := blocks(t, out)
		if len(got) != 1 {
			return fmt.Errorf("the written card can't be read:\n%s", out)
		}
		if missing, added := lost(clone(want[i]), clone(got[0])); len(missing)+len(added) > 0 {
			return fmt.Errorf("card %d:\n lost  %q\n added %q\n card %s", i, missing, added, c.JSON())
		}
		other := V30
		if versions[i] == V30 {
			other = V40
		}
		changed, broken := readAll(t, write(t, other, c))
		if len(changed) != 1 || len(broken) > 0 {
			return fmt.Errorf("card %d as %s: %d cards, %v", i, other, len(changed), broken)
		}
		if changed[0].UID() != c.UID() {
			return fmt.Errorf("card %d as %s: uid %q became %q", i, other, c.UID(), changed[0].UID())
		}
		got, _ = blocks(t, write(t, versions[i], changed[0]))
		if missing, added := lostValues(want[i], got[0]); len(missing)+len(added) > 0 {
			return fmt.Errorf("card %d by way of %s:\n lost  %q\n added %q\n card %s\n then %s", i, other, missing, added, c.JSON(), changed[0].JSON())
		}
	}
	return nil
}

func clone(props []property) []property {
	out := slices.Clone(props)
	for i := range out {
		out[i] = out[i].clone()
	}
	return out
}

// sameThing are properties that have another name in the other version.
var sameThing = map[string]string{
	"X-ADDRESSBOOKSERVER-KIND": "KIND", "X-ADDRESSBOOKSERVER-MEMBER": "MEMBER", "X-ANNIVERSARY": "ANNIVERSARY", "X-SOCIALPROFILE": "SOCIALPROFILE",
}

// lostValues compares in what both versions can say: the value without its escapes, and dates, times and places in one form.
func lostValues(want, got []property) (missing, added []string) {
	plain := func(props []property) []property {
		var out []property
		for _, p := range props {
			value := unescape(p.Value)
			switch p.Name {
			case "UID":
				continue
			case "FN":
				if p.value("DERIVED") != "" {
					continue
				}
			case "N":
				value = strings.TrimRight(p.Value, ";")
			case "REV", "CREATED":
				if time, ok := readTime(value); ok {
					value = time
				}
			case "PHOTO", "LOGO", "SOUND", "KEY":
				if _, bytes, ok := cutData(value); ok {
					value = bytes // base64 is what 3.0 has for a data: URI
				}
			case "TEL":
				if number, ok := telNumber(value); ok {
					value = number
				}
			case "GEO":
				if e := (object{}); readGeo(&p, e) {
					value = text(e["coordinates"])
				}
			}
			if d, ok := parseDate(value); ok && rules[p.Name] != nil && rules[p.Name].member == "anniversaries" {
				if p.value("X-APPLE-OMIT-YEAR") == value[:min(4, len(value))] {
					d.Year = 0
				}
				value = d.String()
			}
			if name, ok := sameThing[p.Name]; ok {
				p.Name = name
			}
			if value != "" {
				out = append(out, property{Name: p.Name, Value: value})
			}
		}
		return out
	}
	return lost(plain(want), plain(got))
}
