package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact/cardfile"
	"kith/contact/csv"
	"kith/data"
	"kith/transfer"
)

// formatNames are how people call the formats.
var formatNames = map[cardfile.Format]string{
	cardfile.VCard: "vCard", cardfile.CSV: "CSV table", cardfile.JSON: "JSContact JSON", "ldif": "LDIF",
}

func formatName(f cardfile.Format) string {
	if name, ok := formatNames[f]; ok {
		return name
	}
	return strings.ToUpper(string(f))
}

// foreseenText says what a file would do, in contacts.
func foreseenText(c data.Imported, broken int) string {
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, thousands(n)+" "+text)
		}
	}
	add(c.Added, "new")
	add(c.Updated, "to be updated")
	add(c.Restored, "back from the trash")
	add(c.Unchanged, "already here")
	add(broken, "can’t be read")
	if len(parts) == 0 {
		return lang.L("No contacts")
	}
	return strings.Join(parts, "  ·  ")
}

// namesText are the first new ones by name, and how many more there are.
func namesText(names []string, added int) string {
	if len(names) == 0 {
		return ""
	}
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = nameOr(n)
	}
	if more := added - len(names); more > 0 {
		return strings.Join(shown, ", ") + " and " + thousands(more) + " more"
	}
	return strings.Join(shown, ", ")
}

// changeTexts say what a contact that is here already gets, and what stays as it is although the file says otherwise.
func changeText(c transfer.Change) string {
	var adds, stays []string
	for _, e := range c.Adds {
		adds = append(adds, fieldName(e.Path))
	}
	for _, k := range c.Stay {
		stays = append(stays, fieldName(k.Path))
	}
	var parts []string
	if len(adds) > 0 {
		parts = append(parts, "gets "+strings.Join(distinct(adds), ", "))
	}
	if len(stays) > 0 {
		parts = append(parts, "keeps its own "+strings.Join(distinct(stays), ", "))
	}
	return strings.Join(parts, "; ")
}

func distinct(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// importButton names what the import would do.
func importButton(all data.Imported) string {
	if n := all.Changed(); n > 0 {
		return "Import " + count(n, "Contact", "Contacts")
	}
	return lang.L("Import")
}

// importNote says why there is nothing to import, or what will happen to what is here.
func importNote(files []transfer.Foreseen) string {
	all, broken := totals(files)
	switch {
	case len(files) == 0:
		return ""
	case all.Changed() == 0 && all.Unchanged > 0:
		return lang.L("Everything is already here. Nothing would change.")
	case all.Changed() == 0 && broken == 0:
		return lang.L("There is nothing to import.")
	case all.Changed() == 0:
		return lang.L("Nothing here can be read as a contact.")
	case all.Updated > 0:
		return lang.L("Contacts already here only gain what is new. One Undo takes everything back.")
	}
	return lang.L("One Undo takes everything back.")
}

// totals are the sums over all files.
func totals(files []transfer.Foreseen) (all data.Imported, broken int) {
	for _, f := range files {
		all = all.Plus(f.Counts)
		broken += f.Broken
	}
	return all, broken
}

// importedText says what an import has done.
func importedText(r transfer.Report, cancelled bool) string {
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, thousands(n)+" "+text)
		}
	}
	add(r.Added, "added")
	add(r.Updated, "updated")
	add(r.Restored, "brought back")
	if n := len(r.Refused); n > 0 {
		parts = append(parts, thousands(n)+" can’t be read")
	}
	begin := "Imported: "
	if cancelled {
		begin = "Import stopped: "
	}
	if len(parts) == 0 {
		return begin + "nothing changed"
	}
	return begin + strings.Join(parts, ", ")
}

// refusedText is one line of what could not be read.
func refusedText(r transfer.Refused) string {
	return fmt.Sprintf("%s, line %s: %s", fileName(r.File), thousands(r.Line), refusedWords(r))
}

// fileName is a path's last part.
func fileName(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 && i < len(path)-1 {
		return path[i+1:]
	}
	return path
}

// columnOption is what a column can be chosen to mean.
type columnOption struct {
	text   string
	column csv.Column
}

// columnOptions are offered for every column.
var columnOptions = []columnOption{
	{"Keep as it is", csv.Column{Field: csv.Keep}}, {"Leave out", csv.Column{Field: csv.Skip}},
	{"Full name", csv.Column{Field: csv.FullName}}, {"Title before the name", csv.Column{Field: csv.Prefix}}, {"Given name", csv.Column{Field: csv.Given}},
	{"Middle name", csv.Column{Field: csv.Middle}}, {"Surname", csv.Column{Field: csv.Surname}}, {"Suffix", csv.Column{Field: csv.Suffix}},
	{"Given name, phonetic", csv.Column{Field: csv.GivenPhonetic}}, {"Surname, phonetic", csv.Column{Field: csv.SurnamePhonetic}},
	{"Nickname", csv.Column{Field: csv.Nickname}}, {"Organization", csv.Column{Field: csv.Organization}}, {"Department", csv.Column{Field: csv.Department}},
	{"Job title", csv.Column{Field: csv.Title}},
	{"E-mail", csv.Column{Field: csv.Email}}, {"E-mail (home)", csv.Column{Field: csv.Email, Kind: "private"}}, {"E-mail (work)", csv.Column{Field: csv.Email, Kind: "work"}},
	{"Phone", csv.Column{Field: csv.Phone}}, {"Phone (mobile)", csv.Column{Field: csv.Phone, Kind: "mobile"}},
	{"Phone (home)", csv.Column{Field: csv.Phone, Kind: "private"}}, {"Phone (work)", csv.Column{Field: csv.Phone, Kind: "work"}},
	{"Phone (fax)", csv.Column{Field: csv.Phone, Kind: "fax"}},
	{"Link", csv.Column{Field: csv.Link}}, {"Messenger", csv.Column{Field: csv.Chat}},
	{"Whole address", csv.Column{Field: csv.Address}}, {"Street", csv.Column{Field: csv.Street, Group: "address"}},
	{"Street, second line", csv.Column{Field: csv.Street2, Group: "address"}}, {"PO box", csv.Column{Field: csv.POBox, Group: "address"}},
	{"City", csv.Column{Field: csv.Locality, Group: "address"}}, {"Region", csv.Column{Field: csv.Region, Group: "address"}},
	{"Postcode", csv.Column{Field: csv.Postcode, Group: "address"}}, {"Country", csv.Column{Field: csv.Country, Group: "address"}},
	{"Birthday", csv.Column{Field: csv.Birthday}}, {"Anniversary", csv.Column{Field: csv.Anniversary}},
	{"Note", csv.Column{Field: csv.Note}}, {"Labels", csv.Column{Field: csv.Labels}},
}

// addressFields belong together by their group.
var addressFields = []csv.Field{csv.Street, csv.Street2, csv.POBox, csv.Locality, csv.Region, csv.Postcode, csv.Country}

// otherFields are not offered, but may be found by a header.
var otherFields = map[csv.Field]string{
	csv.BirthYear: "Birthday (year)", csv.BirthMonth: "Birthday (month)", csv.BirthDay: "Birthday (day)", csv.ChatName: "Messenger (service)",
	csv.EntryLabel: "Label of an entry",
}

// kindWords are the words of a column's kind.
var kindWords = map[string]string{"private": "home", "work": "work", "mobile": "mobile", "fax": "fax", "pager": "pager", "text": "text"}

// columnText is what a column means, in words.
func columnText(c csv.Column) string {
	text := otherFields[c.Field]
	for _, o := range columnOptions {
		if o.column.Field == c.Field && o.column.Kind == "" {
			text = o.text
		}
	}
	if text == "" {
		text = string(c.Field)
	}
	var more []string
	for _, word := range strings.Fields(c.Kind) {
		more = append(more, kindWords[word])
	}
	if slices.Contains(addressFields, c.Field) && c.Group != "" && c.Group != "address" {
		group := c.Group
		if word := kindWords[group]; word != "" {
			group = word
		}
		more = append(more, group)
	}
	if c.Label != "" {
		more = append(more, "“"+c.Label+"”")
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, ", ") + ")"
	}
	return text
}

// columnChoices are the options for a column that means c now, and c's own text among them.
func columnChoices(c csv.Column) (options []string, chosen string) {
	chosen = columnText(c)
	for _, o := range columnOptions {
		options = append(options, o.text)
	}
	if !slices.Contains(options, chosen) {
		options = append([]string{chosen}, options...)
	}
	return options, chosen
}

// columnMeant is the column of a chosen text; found is what the file's header was taken for, whose text may be the chosen one.
func columnMeant(text string, found csv.Column) csv.Column {
	if text == columnText(found) {
		return found
	}
	for _, o := range columnOptions {
		if o.text == text {
			c := o.column
			if c.Group != "" && slices.Contains(addressFields, found.Field) && found.Group != "" {
				c.Group = found.Group // of the address that it stood in
			}
			return c
		}
	}
	return found
}

// doubtText goes before the example of a column whose values do not look like what it is taken for.
func doubtText(f csv.Field) string {
	switch f {
	case csv.Email:
		return "No e-mail: "
	case csv.Phone:
		return "No number: "
	case csv.Link:
		return "No web address: "
	case csv.Birthday, csv.Anniversary:
		return "No date: "
	case csv.BirthYear, csv.BirthMonth, csv.BirthDay:
		return "No number: "
	}
	return ""
}

// example is the first value of a column, on one line.
func example(samples [][]string, column int) string {
	for _, row := range samples {
		if column < len(row) {
			if text := strings.Join(strings.Fields(row[column]), " "); text != "" {
				return text
			}
		}
	}
	return ""
}
