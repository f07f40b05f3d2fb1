package ui

import (
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact/cardfile"
	"kith/contact/csv"
	"kith/data"
	"kith/transfer"
)

// formatName is how people call a format.
func formatName(f cardfile.Format) string {
	switch f {
	case cardfile.VCard:
		return "vCard"
	case cardfile.CSV:
		return lang.L("CSV table")
	case cardfile.JSON:
		return "JSContact JSON"
	}
	return strings.ToUpper(string(f))
}

// foreseenText says what a file would do, in contacts.
func foreseenText(c data.Imported, broken int) string {
	var parts []string
	add := func(n int, text func() string) {
		if n > 0 {
			parts = append(parts, text())
		}
	}
	add(c.Added, func() string { return lang.N("{{.Count}} new", c.Added, counted(c.Added)) })
	add(c.Updated, func() string { return lang.N("{{.Count}} to be updated", c.Updated, counted(c.Updated)) })
	add(c.Restored, func() string { return lang.N("{{.Count}} back from the trash", c.Restored, counted(c.Restored)) })
	add(c.Unchanged, func() string { return lang.N("{{.Count}} already here", c.Unchanged, counted(c.Unchanged)) })
	add(broken, func() string { return lang.N("{{.Count}} can’t be read", broken, counted(broken)) })
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
	all := commaed(shown)
	if more := added - len(names); more > 0 {
		return lang.N("{{.Names}} and {{.Count}} more", more, with{"Names": all, "Count": thousands(more)})
	}
	return all
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
		parts = append(parts, lang.L("gets {{.Fields}}", with{"Fields": commaed(distinct(adds))}))
	}
	if len(stays) > 0 {
		parts = append(parts, lang.L("keeps its own {{.Fields}}", with{"Fields": commaed(distinct(stays))}))
	}
	return strings.Join(parts, lang.X("list.semicolon", "; "))
}

func distinct(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// importButton names what the import would do.
func importButton(all data.Imported) string {
	if n := all.Changed(); n > 0 {
		return lang.N("Import {{.Count}} Contacts", n, counted(n))
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
func importedText(r transfer.Report) string {
	var parts []string
	if r.Added > 0 {
		parts = append(parts, lang.N("{{.Count}} added", r.Added, counted(r.Added)))
	}
	if r.Updated > 0 {
		parts = append(parts, lang.N("{{.Count}} updated", r.Updated, counted(r.Updated)))
	}
	if r.Restored > 0 {
		parts = append(parts, lang.N("{{.Count}} brought back", r.Restored, counted(r.Restored)))
	}
	if n := len(r.Refused); n > 0 {
		parts = append(parts, lang.N("{{.Count}} can’t be read", n, counted(n)))
	}
	what := with{"What": commaed(parts)}
	switch {
	case r.Stopped && len(parts) == 0:
		return lang.L("Import stopped: nothing changed")
	case r.Stopped:
		return lang.L("Import stopped: {{.What}}", what)
	case len(parts) == 0:
		return lang.L("Imported: nothing changed")
	}
	return lang.L("Imported: {{.What}}", what)
}

// importFault says what kept an import from its end, and how it goes on.
func importFault(r transfer.Report, err error) string {
	if r.Stopped && r.Total() > 0 && errors.Is(err, data.ErrDiskFull) {
		return lang.L("The disk is full, so the import stopped. Make room, then import the same file again: it goes on where it stopped.")
	}
	return userMessage(err)
}

// refusedText is one line of what could not be read.
func refusedText(r transfer.Refused) string {
	return lang.L("{{.File}}, line {{.Line}}: {{.Reason}}", with{"File": fileName(r.File), "Line": thousands(r.Line), "Reason": refusedWords(r)})
}

// fileName is a path's last part.
func fileName(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 && i < len(path)-1 {
		return path[i+1:]
	}
	return path
}

// columnOptions are what every column can be chosen to mean, in order.
var columnOptions = []csv.Column{
	{Field: csv.Keep}, {Field: csv.Skip},
	{Field: csv.FullName}, {Field: csv.Prefix}, {Field: csv.Given}, {Field: csv.Middle}, {Field: csv.Surname}, {Field: csv.Suffix},
	{Field: csv.GivenPhonetic}, {Field: csv.SurnamePhonetic}, {Field: csv.Nickname}, {Field: csv.Organization}, {Field: csv.Department}, {Field: csv.Title},
	{Field: csv.Email}, {Field: csv.Email, Kind: "private"}, {Field: csv.Email, Kind: "work"},
	{Field: csv.Phone}, {Field: csv.Phone, Kind: "mobile"}, {Field: csv.Phone, Kind: "private"}, {Field: csv.Phone, Kind: "work"}, {Field: csv.Phone, Kind: "fax"},
	{Field: csv.Link}, {Field: csv.Chat},
	{Field: csv.Address}, {Field: csv.Street, Group: wholeAddress}, {Field: csv.Street2, Group: wholeAddress}, {Field: csv.POBox, Group: wholeAddress},
	{Field: csv.Locality, Group: wholeAddress}, {Field: csv.Region, Group: wholeAddress}, {Field: csv.Postcode, Group: wholeAddress}, {Field: csv.Country, Group: wholeAddress},
	{Field: csv.Birthday}, {Field: csv.Anniversary}, {Field: csv.Note}, {Field: csv.Labels}, {Field: csv.Relation}, {Field: csv.Custom},
}

// wholeAddress is the group of an address of no kind.
const wholeAddress = "address"

// addressFields belong together by their group.
var addressFields = []csv.Field{csv.Street, csv.Street2, csv.POBox, csv.Locality, csv.Region, csv.Postcode, csv.Country}

// csvFieldName is what a column's field is called; some are not offered, but may be found by a header.
func csvFieldName(f csv.Field) string {
	switch f {
	case csv.Keep:
		return lang.L("Keep as it is")
	case csv.Skip:
		return lang.L("Leave out")
	case csv.FullName:
		return lang.L("Full name")
	case csv.Prefix:
		return lang.L("Title before the name")
	case csv.Given:
		return lang.L("Given name")
	case csv.Middle:
		return lang.L("Middle name")
	case csv.Surname:
		return lang.L("Surname")
	case csv.Suffix:
		return lang.L("Suffix")
	case csv.GivenPhonetic:
		return lang.L("Given name, phonetic")
	case csv.SurnamePhonetic:
		return lang.L("Surname, phonetic")
	case csv.Nickname:
		return lang.L("Nickname")
	case csv.Organization:
		return lang.L("Organization")
	case csv.Department:
		return lang.L("Department")
	case csv.Title:
		return lang.L("Job title")
	case csv.Email:
		return lang.L("E-mail")
	case csv.Phone:
		return lang.L("Phone")
	case csv.Link:
		return lang.L("Link")
	case csv.Chat:
		return lang.L("Messenger")
	}
	return csvMoreName(f)
}

func csvMoreName(f csv.Field) string {
	switch f {
	case csv.Address:
		return lang.L("Whole address")
	case csv.Street:
		return lang.L("Street")
	case csv.Street2:
		return lang.L("Street, second line")
	case csv.POBox:
		return lang.L("PO box")
	case csv.Locality:
		return lang.L("City")
	case csv.Region:
		return lang.L("Region")
	case csv.Postcode:
		return lang.L("Postcode")
	case csv.Country:
		return lang.L("Country")
	case csv.Birthday:
		return lang.L("Birthday")
	case csv.Anniversary:
		return lang.L("Anniversary")
	case csv.Note:
		return lang.L("Note")
	case csv.Labels:
		return lang.L("Labels")
	case csv.Relation:
		return lang.L("Relation")
	case csv.Custom:
		return lang.L("Field of Your Own")
	case csv.BirthYear:
		return lang.L("Birthday (year)")
	case csv.BirthMonth:
		return lang.L("Birthday (month)")
	case csv.BirthDay:
		return lang.L("Birthday (day)")
	case csv.ChatName:
		return lang.L("Messenger (service)")
	case csv.EntryLabel:
		return lang.L("Label of an entry")
	}
	return string(f)
}

// csvKindWord is the word for a column's kind, "" for one that has none.
func csvKindWord(kind string) string {
	switch kind {
	case "private":
		return lang.X("column.home", "home")
	case "work":
		return lang.X("column.work", "work")
	case "mobile":
		return lang.X("column.mobile", "mobile")
	case "fax":
		return lang.X("column.fax", "fax")
	case "pager":
		return lang.X("column.pager", "pager")
	case "text":
		return lang.X("column.text", "text")
	}
	return ""
}

// columnText is what a column means, in words.
func columnText(c csv.Column) string {
	text := csvFieldName(c.Field)
	var more []string
	for _, kind := range strings.Fields(c.Kind) {
		if c.Field == csv.Relation {
			more = append(more, valueLabel(relationKinds(), kind, ""))
		} else {
			more = append(more, csvKindWord(kind))
		}
	}
	if slices.Contains(addressFields, c.Field) && c.Group != "" && c.Group != wholeAddress {
		group := c.Group
		if word := csvKindWord(group); word != "" {
			group = word
		}
		if !slices.Contains(more, group) { // "work" says the kind of the address and which one it is
			more = append(more, group)
		}
	}
	if c.Label != "" {
		more = append(more, lang.L("“{{.Label}}”", with{"Label": c.Label}))
	}
	if len(more) > 0 {
		text = lang.L("{{.Field}} ({{.Part}})", with{"Field": text, "Part": commaed(more)})
	}
	return text
}

// columnChoices are the options for a column that means c now, and c's own text among them.
func columnChoices(c csv.Column) (options []string, chosen string) {
	chosen = columnText(c)
	for _, o := range columnOptions {
		options = append(options, columnText(o))
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
		if columnText(o) == text {
			c := o
			if c.Group != "" && slices.Contains(addressFields, found.Field) && found.Group != "" {
				c.Group = found.Group // of the address that it stood in
			}
			return c
		}
	}
	return found
}

// doubtText is the example of a column whose values do not look like what it is taken for; "" : there is nothing to doubt.
func doubtText(f csv.Field, example string) string {
	value := with{"Value": example}
	switch f {
	case csv.Email:
		return lang.L("No e-mail: {{.Value}}", value)
	case csv.Phone, csv.BirthYear, csv.BirthMonth, csv.BirthDay:
		return lang.L("No number: {{.Value}}", value)
	case csv.Link:
		return lang.L("No web address: {{.Value}}", value)
	case csv.Birthday, csv.Anniversary:
		return lang.L("No date: {{.Value}}", value)
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
