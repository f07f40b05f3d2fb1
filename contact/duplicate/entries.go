package duplicate

import (
	"maps"
	"slices"
	"strings"

	"kith/contact"
)

// mainValue names the text that an entry of a map lives by, and how two of them are compared.
var mainValue = map[string]struct {
	member string
	equal  func(a, b string) bool
}{
	"emails":    {"address", sameMailbox},
	"phones":    {"number", sameNumber},
	"nicknames": {"name", sameText}, "organizations": {"name", sameText}, "titles": {"name", sameText},
	"links": {"uri", sameTrimmed}, "media": {"uri", sameTrimmed}, "onlineServices": {"uri", sameTrimmed},
	"notes": {"note", nil}, // joined by their lines
}

func sameTrimmed(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

func sameText(a, b string) bool {
	return strings.Join(strings.Fields(strings.ToLower(a)), " ") == strings.Join(strings.Fields(strings.ToLower(b)), " ")
}

func sameMailbox(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) // not mailbox: a tag is something that people have typed
}

// sameNumber compares numbers that both say their country, or are typed with the same digits.
func sameNumber(a, b string) bool {
	if contact.Digits(a) == contact.Digits(b) && strings.HasPrefix(strings.TrimSpace(a), "+") == strings.HasPrefix(strings.TrimSpace(b), "+") {
		return onlySigns(a) == onlySigns(b)
	}
	x, y := readPhone(a, ""), readPhone(b, "")
	return samePhone(x, y) == strong && onlySigns(a) == "" && onlySigns(b) == ""
}

// onlySigns are the signs of a number that mean something: letters of an extension, codes.
func onlySigns(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("+-–./() \u00a0", r) || contact.Digits(string(r)) != "" {
			return -1
		}
		return r
	}, strings.ToLower(number))
}

// sameEntry reports whether two entries hold the same value, whatever else they say.
func sameEntry(name string, a, b map[string]any) bool {
	by, ok := mainValue[name]
	x, y := text(a[by.member]), text(b[by.member])
	if !ok || by.equal == nil || x == "" || y == "" {
		return equal(a, b)
	}
	return by.equal(x, y)
}

// joinEntries makes one of two entries that say nothing different; ok is false if they do.
func joinEntries(name string, a, b map[string]any) (joined map[string]any, ok bool) {
	if equal(a, b) {
		return a, true
	}
	if name == "notes" {
		return joinNotes(a, b)
	}
	if name == "anniversaries" {
		return joinBirths(a, b)
	}
	by, known := mainValue[name]
	if !known || text(a[by.member]) == "" || !sameEntry(name, a, b) {
		return nil, false
	}
	joined = maps.Clone(a)
	for member, v := range b {
		held, there := joined[member]
		switch {
		case member == by.member, member == "pref" && there: // one spelling, one place in the order
		case !there:
			joined[member] = v
		case equal(held, v):
		case isSet(held) && isSet(v): // contexts, features
			both := maps.Clone(object(held))
			maps.Copy(both, object(v))
			joined[member] = both
		default:
			return nil, false
		}
	}
	return joined, true
}

// isSet reports whether the value is a set of flags (RFC 9553, section 1.4.3).
func isSet(v any) bool {
	flags, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for _, f := range flags {
		if f != true {
			return false
		}
	}
	return true
}

// joinNotes puts the lines that the first note lacks below it: the window shows one note.
func joinNotes(a, b map[string]any) (map[string]any, bool) {
	if text(a["note"]) == "" || text(b["note"]) == "" || !equal(without(a, "note"), without(b, "note")) {
		return nil, false
	}
	lines := strings.Split(text(a["note"]), "\n")
	fresh := slices.DeleteFunc(strings.Split(text(b["note"]), "\n"), func(l string) bool {
		return strings.TrimSpace(l) == "" || slices.ContainsFunc(lines, func(m string) bool { return sameTrimmed(l, m) })
	})
	joined := maps.Clone(a)
	joined["note"] = strings.Join(append(lines, fresh...), "\n")
	return joined, true
}

// joinBirths makes one of two birthdays of which one says less than the other.
func joinBirths(a, b map[string]any) (map[string]any, bool) {
	if text(a["kind"]) != "birth" || text(b["kind"]) != "birth" {
		return nil, false
	}
	x, y := object(a["date"]), object(b["date"])
	if !equal(without(a, "date"), without(b, "date")) || x == nil || y == nil {
		return nil, false
	}
	for member, v := range y {
		if held, there := x[member]; there && !equal(held, v) {
			return nil, false
		}
	}
	date := maps.Clone(x)
	maps.Copy(date, y)
	joined := maps.Clone(a)
	joined["date"] = date
	return joined, true
}
