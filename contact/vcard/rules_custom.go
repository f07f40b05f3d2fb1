package vcard

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Android writes what vCard 2.1 has no property for as a row of its database: the kind of row, and fifteen columns of it, of which
// the first is the value, the second its type, and the third a label of the user's.
const (
	androidCustom   = "X-ANDROID-CUSTOM"
	androidNickname = "vnd.android.cursor.item/nickname"
	androidEvent    = "vnd.android.cursor.item/contact_event"
	androidRelation = "vnd.android.cursor.item/relation"
)

// androidRelations are the types of a relation, as ContactsContract.CommonDataKinds.Relation numbers them, and what RFC 6350 section
// 6.6.6 calls them.
var androidRelations = map[int]string{
	1: "kith.app:assistant", 2: "sibling", 3: "child", 4: "spouse", 5: "parent", 6: "friend", 7: "kith.app:manager", 8: "parent", 9: "parent",
	10: "spouse", 11: "contact", 12: "kin", 13: "sibling", 14: "spouse",
}

// androidTypes are those that an edited relation is written with.
var androidTypes = map[string]int{
	"kith.app:assistant": 1, "child": 3, "friend": 6, "kith.app:manager": 7, "parent": 9, "contact": 11, "kin": 12, "sibling": 2, "spouse": 14,
}

func androidRules() []*rule {
	nickname := &rule{name: androidCustom, member: "nicknames", only: true, types: plainTypes,
		read: func(p *property, e object) bool {
			name, _, _, ok := androidRow(p, androidNickname)
			e["name"] = name
			return ok && strings.Trim(androidColumn(p, 2), "01") == "" && androidColumn(p, 3) == ""
		},
		write: func(e object, _ Version, p *property) bool {
			p.Value = androidValue(androidNickname, text(e["name"]), 1, "")
			return text(e["name"]) != ""
		},
	}
	event := &rule{name: androidCustom, member: "anniversaries", only: true,
		read: func(p *property, e object) bool {
			value, kind, label, ok := androidRow(p, androidEvent)
			d, isDate := parseDate(value)
			kinds := map[int]string{0: "kith.app:date", 1: "wedding", 2: "kith.app:date", 3: "birth"}
			e["kind"], e["date"] = kinds[kind], partialDate(d)
			if label != "" {
				e["label"] = label
			}
			return ok && isDate && kinds[kind] != ""
		},
		write: func(e object, _ Version, p *property) bool {
			d, ok := dateOf(members(e["date"]))
			label := text(e["label"])
			kind, known := map[string]int{"wedding": 1, "kith.app:date": 2, "birth": 3}[text(e["kind"])]
			if kind == 2 && label != "" {
				kind = 0
			}
			p.Value = androidValue(androidEvent, d.String(), kind, label)
			return ok && known
		},
	}
	relation := &rule{name: androidCustom, member: "relatedTo", only: true, keyed: true,
		read: func(p *property, e object) bool {
			name, kind, label, ok := androidRow(p, androidRelation)
			e[""] = name
			if word := androidRelations[kind]; word != "" {
				e["relation"] = object{word: true}
			}
			if label != "" {
				e["label"] = label
			}
			return ok && (kind == 0 || androidRelations[kind] != "")
		},
		write: func(e object, _ Version, p *property) bool {
			words := sortedKeys(members(e["relation"]))
			kind, known := 0, len(words) == 0
			if len(words) == 1 {
				kind, known = androidTypes[words[0]], androidTypes[words[0]] != 0 && members(e["relation"])[words[0]] == true
			}
			p.Value = androidValue(androidRelation, text(e[""]), kind, text(e["label"]))
			return known && text(e[""]) != ""
		},
	}
	return []*rule{nickname, event, relation}
}

// androidRow reads a row of a kind; false: it is of another, or more is in it.
func androidRow(p *property, row string) (value string, kind int, label string, ok bool) {
	columns := splitRaw(p.Value, ';')
	if columns[0] != row || len(columns) < 2 || len(columns) > 4 && strings.Join(columns[4:], "") != "" {
		return "", 0, "", false
	}
	value = unescape(columns[1])
	kind, err := strconv.Atoi(androidColumn(p, 2))
	if androidColumn(p, 2) == "" {
		kind, err = 0, nil
	}
	return value, kind, androidColumn(p, 3), err == nil && strings.TrimSpace(value) != ""
}

func androidColumn(p *property, n int) string {
	if columns := splitRaw(p.Value, ';'); n < len(columns) {
		return unescape(columns[n])
	}
	return ""
}

func androidValue(row, value string, kind int, label string) string {
	return row + ";" + escapeField(value) + ";" + strconv.Itoa(kind) + ";" + escapeField(label) + strings.Repeat(";", 12)
}

// number is a number of JSON.
func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
