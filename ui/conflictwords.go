package ui

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// words are a value as a person reads it: what it is, and quiet beside it what it is for ("Work").
type words struct{ text, label string }

// authorText says whose one of two values is, and on which device it was saved.
func authorText(side contact.Side, c data.Conflict) string {
	switch {
	case side == contact.Local:
		return lang.L("You, on this device")
	case c.Device == "" && c.User == "":
		return lang.L("Another device")
	case c.User == "":
		return c.Device
	case c.User == c.LocalUser && c.Device == "":
		return lang.L("You, on another device")
	case c.User == c.LocalUser:
		return lang.L("You, on {{.Device}}", with{"Device": c.Device})
	case c.Device == "":
		return c.User
	}
	return lang.L("{{.User}}, on {{.Device}}", with{"User": c.User, "Device": c.Device})
}

// savedText says when it was saved; the newer of the two says so.
func savedText(side contact.Side, c data.Conflict, now time.Time) string {
	at := c.LocalAt
	if side == contact.Remote {
		at = c.RemoteAt
	}
	if at.IsZero() {
		return ""
	}
	if c.Newer() == side && !c.LocalAt.Equal(c.RemoteAt) {
		return facts(moment(at, now), lang.L("newer"))
	}
	return moment(at, now)
}

// sideWords are one side's value in words.
func sideWords(side contact.Side, c data.Conflict) words {
	value, entry := c.Local, c.LocalEntry
	other, otherEntry := c.Remote, c.RemoteEntry
	if side == contact.Remote {
		value, entry, other, otherEntry = other, otherEntry, value, entry
	}
	switch {
	case c.Field == "":
		return deletionWords(value, c.Base)
	case picturedAt(c.Field, value).ok:
		return words{text: lang.X("noun.picture", "picture")}
	}
	said := fieldWords(c.Field, value, entry)
	if said == fieldWords(c.Field, other, otherEntry) { // they differ in what an entry's words leave out
		said.label = valueOr(value, lang.L("none"))
	}
	return said
}

// picturedSide is one side's value where that is a picture.
func picturedSide(side contact.Side, c data.Conflict) pictured {
	if side == contact.Remote {
		return picturedAt(c.Field, c.Remote)
	}
	return picturedAt(c.Field, c.Local)
}

// deletionWords are one side of a deletion and an edit.
func deletionWords(value, base json.RawMessage) words {
	if absentValue(value) {
		return words{text: lang.L("Deleted")}
	}
	edited, err := contact.Parse(value)
	began, baseErr := contact.Parse(base)
	if err != nil || baseErr != nil {
		return words{text: lang.L("Edited")}
	}
	const most = 4
	var lines []string
	for _, l := range editLines(contact.Diff(began, edited)) {
		lines = append(lines, l.words())
	}
	if len(lines) > most {
		lines = append(lines[:most-1], lang.N("{{.Count}} more changes", len(lines)-most+1, counted(len(lines)-most+1)))
	}
	return words{text: lang.L("Edited"), label: strings.Join(lines, "\n")}
}

func absentValue(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func valueOr(value json.RawMessage, none string) string {
	if absentValue(value) {
		return none
	}
	return plainValue(value)
}

// fieldWords are a field's value in words: as a part of the entry that it belongs to, where there is one.
func fieldWords(field string, value, entry json.RawMessage) words {
	path := contact.EntryPath(field)
	if absentValue(entry) {
		return words{text: valueOr(value, lang.L("Nothing"))}
	}
	card, err := contact.New().WithAt(path, entry)
	if err != nil {
		return words{text: valueOr(value, lang.L("Nothing"))}
	}
	switch member, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); member {
	case "name":
		if full := card.FullName(); full != "" {
			return words{text: full}
		}
	case "phones", "emails", "addresses", "links":
		if all := blocks(card); len(all) > 0 {
			v := all[0].values[0]
			return words{v.text, v.label}
		}
	case "notes":
		if note := card.Note(); note != "" {
			return words{text: note}
		}
	case "titles":
		if title := card.Title(); title != "" {
			return words{text: title}
		}
	case "organizations":
		if name := card.Organization(); name != "" && strings.HasSuffix(field, "/name") {
			return words{text: name}
		}
	}
	if !absentValue(value) {
		return words{text: plainValue(value)}
	}
	return words{text: lang.L("Nothing")}
}

// baseText is the line that says what both sides began from; "" : nothing that a person would miss.
func baseText(c data.Conflict) string {
	if c.Field == "" || absentValue(c.Base) || picturedAt(c.Field, c.Base).ok {
		return ""
	}
	if path := contact.EntryPath(c.Field); !absentValue(c.LocalEntry) && path != c.Field {
		if card, err := contact.New().WithAt(path, c.LocalEntry); err == nil {
			if card, err = card.WithAt(c.Field, c.Base); err == nil {
				return beforeText(fieldWords(c.Field, c.Base, card.At(path)).text)
			}
		}
	}
	return beforeText(plainValue(c.Base))
}

func beforeText(value string) string {
	return lang.L("Before: {{.Value}}", with{"Value": oneLine(value)})
}

// nowText is the line that says what a field holds, where that is neither of the two values any more.
func nowText(c data.Conflict) string {
	switch {
	case c.Review == 0 || c.Field == "" || string(c.Now) == string(c.Local) || string(c.Now) == string(c.Remote):
		return ""
	case absentValue(c.Now):
		return lang.L("Removed since")
	case picturedAt(c.Field, c.Now).ok:
		return lang.L("Now: {{.Value}}", with{"Value": lang.X("noun.picture", "picture")})
	}
	return lang.L("Now: {{.Value}}", with{"Value": oneLine(plainValue(c.Now))})
}

// typeable says whether a third value can be typed, and the text that typing begins with.
func typeable(c data.Conflict) (text string, ok bool) {
	like := likeOf(c)
	if c.Field == "" || !contact.CanType(c.Field, like) || picturedAt(c.Field, like).ok {
		return "", false
	}
	if absentValue(like) {
		return "", true
	}
	return plainValue(like), true
}

// likeOf is a value that the field holds on one of the sides.
func likeOf(c data.Conflict) json.RawMessage {
	for _, v := range []json.RawMessage{c.Now, c.Local, c.Remote, c.Base} {
		if !absentValue(v) {
			return v
		}
	}
	return nil
}

// typedValue is what was typed for a field, as its value; an error says what is wrong with it.
func typedValue(c data.Conflict, text string) (json.RawMessage, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New(lang.L("Type a value."))
	}
	var err error
	switch parts := strings.Split(c.Field, "/"); {
	case len(parts) < 2:
	case parts[1] == "phones" && (len(parts) == 3 || parts[3] == "number"):
		err = checkPhone(text)
	case parts[1] == "emails" && (len(parts) == 3 || parts[3] == "address"):
		err = checkEmail(text)
	case parts[1] == "links" && (len(parts) == 3 || parts[3] == "uri"):
		err = checkLink(text)
	case parts[1] == "anniversaries" && len(parts) == 4 && parts[3] == "date":
		var d contact.Date
		if d, err = parseDate(text); err == nil {
			text = d.String()
		}
	}
	if err != nil {
		return nil, err
	}
	return contact.TypedValue(c.Field, text, likeOf(c))
}

// manyLines says whether a field's text may have several lines.
func manyLines(field string) bool { return strings.HasPrefix(field, "/notes/") }

// questionName is a field as it heads a question: an address of which parts differ is shown as a whole.
func questionName(field string) string {
	if parts := strings.Split(field, "/"); len(parts) > 3 && parts[3] == "components" {
		return fieldName("/" + parts[1])
	}
	return fieldName(field)
}

// sideVerb is the button below one side's value of a field that waits.
func sideVerb(side contact.Side, c data.Conflict) string {
	value := c.Local
	if side == contact.Remote {
		value = c.Remote
	}
	switch {
	case c.Field == "" && absentValue(value):
		return lang.L("Delete the Contact")
	case c.Field == "":
		return lang.L("Keep the Contact")
	case side == contact.Local:
		return lang.L("Keep Mine")
	}
	return lang.L("Keep Theirs")
}

// reviewHeading says what time has decided.
func reviewHeading(c data.Conflict) string {
	stands, gave := c.Local, c.Remote
	if c.Stands == contact.Remote {
		stands, gave = gave, stands
	}
	switch {
	case c.Field == "" && absentValue(gave):
		return lang.L("Deleted on one device, kept because it was edited on another")
	case c.Field == "" && absentValue(stands):
		return lang.L("Edited on one device, deleted later on another")
	case c.Newer() != c.Stands:
		return lang.L("{{.Field}}: this value was kept", with{"Field": questionName(c.Field)}) // the other device's clock, or an undo
	}
	return lang.L("{{.Field}}: the newer value was kept", with{"Field": questionName(c.Field)})
}

// fieldNoun is a field as a sentence has it.
func fieldNoun(field string) string {
	member, _, _ := strings.Cut(strings.TrimPrefix(field, "/"), "/")
	switch member {
	case "name":
		return lang.X("noun.name", "name")
	case "phones":
		return lang.X("noun.phone", "phone number")
	case "emails":
		return lang.X("noun.email", "e-mail address")
	case "addresses":
		return lang.X("noun.address", "address")
	case "links":
		return lang.X("noun.link", "link")
	case "notes":
		return lang.X("noun.note", "note")
	case "organizations":
		return lang.X("noun.organization", "organization")
	case "titles":
		return lang.X("noun.title", "title")
	case "anniversaries":
		return lang.X("noun.birthday", "birthday")
	case "nicknames":
		return lang.X("noun.nickname", "nickname")
	case "onlineServices":
		return lang.X("noun.messenger", "messenger address")
	case "relatedTo":
		return lang.X("noun.relation", "relation")
	case "media":
		return lang.X("noun.picture", "picture")
	case "keywords":
		return lang.X("noun.labels", "labels")
	case "personalInfo":
		return lang.X("noun.personal", "personal details")
	case "preferredLanguages":
		return lang.X("noun.language", "language")
	}
	return lang.X("noun.value", "value")
}

// reviewNotice says what time has just decided.
func reviewNotice(news []data.Conflict) string {
	people := map[string]bool{}
	deletions := 0
	nouns := map[string]bool{}
	for _, c := range news {
		people[c.ID] = true
		if c.Field == "" {
			deletions++
		} else {
			nouns[fieldNoun(c.Field)] = true
		}
	}
	switch {
	case len(news) == 0:
		return ""
	case len(people) > 1:
		return lang.N("Kept newer values of {{.Count}} contacts", len(people), counted(len(people)))
	}
	who := with{"Name": nameOr(news[0].Name), "Field": fieldNoun(news[0].Field)}
	switch {
	case deletions > 0 && news[0].InTrash:
		return lang.L("Deleted {{.Name}}, who was edited here or elsewhere before", who)
	case deletions > 0:
		return lang.L("Kept {{.Name}}, who was deleted on another device", who)
	case len(nouns) == 1:
		return lang.L("Kept the newer {{.Field}} of {{.Name}}", who)
	}
	return lang.L("Kept newer values of {{.Name}}", who)
}

// waitsText is a row's line where the list is one of questions: how many fields, and which.
func waitsText(paths string) string {
	if paths == "" {
		return ""
	}
	var names []string
	n := 0
	for path := range strings.SplitSeq(paths, "\n") {
		n++
		name := lang.L("Deleted or edited")
		if path != "/" {
			name = questionName(path)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if n == 1 {
		return names[0]
	}
	return lang.N("{{.Count}} fields: {{.Names}}", n, with{"Count": thousands(n), "Names": commaed(names)})
}

// decidedText says what a choice has done.
func decidedText(k data.Keep) string {
	switch k {
	case data.KeepLocal:
		return lang.L("Kept yours")
	case data.KeepRemote:
		return lang.L("Kept theirs")
	case data.KeepNewest:
		return lang.L("Kept the newer")
	case data.KeepBoth:
		return lang.L("Kept both")
	case data.KeepValue:
		return lang.L("Kept what you typed")
	}
	return lang.L("Left as it is")
}

// decidedAllText is the toast after many decisions.
func decidedAllText(d data.Decided) string {
	text := lang.L("Decided {{.Fields}} of {{.Contacts}}",
		with{"Fields": lang.N("{{.Count}} fields", d.Fields, counted(d.Fields)), "Contacts": lang.N("{{.Count}} contacts", d.Contacts, counted(d.Contacts))})
	if d.Left == 0 {
		return text
	}
	return lang.N("{{.Decided}}; {{.Count}} fields have room for one value only", d.Left, with{"Decided": text, "Count": thousands(d.Left)})
}
