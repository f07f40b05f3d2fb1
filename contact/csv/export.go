package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"kith/contact"
)

// Format is whose CSV is written. Both are UTF-8; Outlook's has a byte order mark, without which Outlook takes it for Windows-1252.
type Format string

const (
	Google  Format = "google"
	Outlook Format = "outlook"
)

// Write writes the contacts, which it walks through twice: first for the columns that they need. More values than the format has
// columns for (a fourth e-mail for Outlook, a second business address) and what was kept from another file get columns of their own
// behind those. What CSV files have no column for at all, such as a photo or a member that we do not know, is not in them: they are
// for other programs, vCard and JSON are for keeping.
func Write(w io.Writer, f Format, cards iter.Seq[contact.Card]) error {
	var fill func(view, *sheet)
	s := &sheet{at: map[string]int{}}
	switch f {
	case Google:
		s.columns(googleColumns...)
		fill = fillGoogle
	case Outlook:
		s.columns(outlookColumns...)
		fill = fillOutlook
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	default:
		return fmt.Errorf("write CSV: there is no format %q", f)
	}
	fixed := len(s.header)
	for c := range cards {
		fill(look(c), s)
	}
	s.sortFrom(fixed, f)
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(s.header); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for c := range cards {
		s.row = make([]string, len(s.header))
		fill(look(c), s)
		if err := out.Write(s.row); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	if out.Flush(); out.Error() != nil {
		return fmt.Errorf("write CSV: %w", out.Error())
	}
	return nil
}

// sheet collects the columns on the first walk, and one row at a time on the second.
type sheet struct {
	header []string
	at     map[string]int
	row    []string // nil on the first walk
}

func (s *sheet) columns(names ...string) {
	for _, name := range names {
		if _, there := s.at[name]; !there {
			s.at[name] = len(s.header)
			s.header = append(s.header, name)
		}
	}
}

func (s *sheet) put(column, value string) {
	if value == "" {
		return
	}
	if s.columns(column); s.row != nil {
		s.row[s.at[column]] = value
	}
}

// sortFrom orders the columns that were added behind the fixed ones, so that they do not depend on the order of the contacts.
func (s *sheet) sortFrom(fixed int, f Format) {
	added := s.header[fixed:]
	if f == Google {
		slices.SortStableFunc(added, compareGoogle)
	} else {
		slices.Sort(added)
	}
	for i, name := range s.header {
		s.at[name] = i
	}
}

var googleColumns = []string{
	"First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name", "Name Prefix",
	"Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title", "Organization Department", "Birthday", "Notes", "Photo", "Labels",
}

// googleGroups are the numbered columns, in Google's order, and what stands in a group.
var googleGroups = []struct {
	name  string
	parts []string
}{
	{"E-mail", []string{"Label", "Value"}},
	{"Phone", []string{"Label", "Value"}},
	{"Address", []string{"Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address"}},
	{"IM", []string{"Label", "Service", "Value"}},
	{"Website", []string{"Label", "Value"}},
	{"Event", []string{"Label", "Value"}},
	{"Relation", []string{"Label", "Value"}},
	{"Custom Field", []string{"Label", "Value"}},
}

// compareGoogle orders the added columns: by group, by number, by part; others last, by name.
func compareGoogle(a, b string) int {
	x, y := googlePlace(a), googlePlace(b)
	if c := slices.Compare(x[:], y[:]); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func googlePlace(column string) [3]int {
	for i, g := range googleGroups {
		rest, ok := strings.CutPrefix(column, g.name+" ")
		if !ok {
			continue
		}
		var n int
		digits, part, ok := strings.Cut(rest, " - ")
		if _, err := fmt.Sscanf(digits, "%d", &n); ok && err == nil {
			return [3]int{i, n, slices.Index(g.parts, part)}
		}
	}
	return [3]int{len(googleGroups), 0, 0}
}

func fillGoogle(v view, s *sheet) {
	s.put("First Name", v.component("given"))
	s.put("Middle Name", v.component("given2"))
	s.put("Last Name", v.component("surname", "surname2"))
	s.put("Phonetic First Name", v.phonetic("given"))
	s.put("Phonetic Last Name", v.phonetic("surname"))
	s.put("Name Prefix", v.component("title"))
	s.put("Name Suffix", v.component("generation", "credential"))
	s.put("Name", v.otherFullName()) // as in Google's old header
	nicknames := inOrder(v.Nicknames)
	for i := range nicknames {
		nicknames[i].Address = nicknames[i].Name
	}
	s.put("Nickname", joined(nicknames))
	s.put("Organization Name", first(v.Organizations).Name)
	s.put("Organization Title", first(v.Titles).Name)
	s.put("Organization Department", v.department())
	s.put("Birthday", v.date("birth"))
	s.put("Notes", v.notes())
	labels := append(v.labels(), "* myContacts")
	if v.Keywords["starred"] {
		labels = append(labels, "* starred")
	}
	s.put("Labels", strings.Join(labels, separator))
	numbered := func(group string, i int, e viewEntry, part, value string) {
		prefix := fmt.Sprintf("%s %d - ", group, i+1)
		s.columns(prefix+"Label", prefix+part)
		s.put(prefix+"Label", googleLabel(e))
		s.put(prefix+part, value)
	}
	for i, e := range inOrder(v.Emails) {
		numbered("E-mail", i, e, "Value", e.Address)
	}
	for i, e := range inOrder(v.Phones) {
		numbered("Phone", i, e, "Value", e.Number)
	}
	for i, e := range inOrder(v.Links) {
		numbered("Website", i, e, "Value", e.URI)
	}
	for i, e := range inOrder(v.OnlineServices) {
		numbered("IM", i, e, "Value", e.User)
		numbered("IM", i, e, "Service", e.Service)
	}
	for i, e := range inOrder(v.Addresses) {
		numbered("Address", i, e, "Formatted", e.Full)
		numbered("Address", i, e, "Street", e.wholeStreet())
		numbered("Address", i, e, "City", e.part("locality", "district", "subdistrict"))
		numbered("Address", i, e, "PO Box", e.part("postOfficeBox"))
		numbered("Address", i, e, "Region", e.part("region"))
		numbered("Address", i, e, "Postal Code", e.part("postcode"))
		numbered("Address", i, e, "Country", e.part("country"))
		numbered("Address", i, e, "Extended Address", e.part("apartment"))
	}
	for i, e := range v.events() {
		prefix := fmt.Sprintf("Event %d - ", i+1)
		s.columns(prefix+"Label", prefix+"Value")
		s.put(prefix+"Label", e[0])
		s.put(prefix+"Value", e[1])
	}
	putOwn(v, s, Google)
	putKept(v, s)
}

// putKept writes what was kept from a file under its header again, unless that column is filled.
func putKept(v view, s *sheet) {
	for _, header := range sortedKeys(v.Kept) {
		value, _ := v.Kept[header].(string)
		if s.row == nil || s.row[s.at[header]] == "" {
			s.put(header, value)
		}
	}
}

// joined are the values of entries in one cell.
func joined(entries []viewEntry) string {
	var values []string
	for _, e := range entries {
		values = append(values, e.Address)
	}
	return strings.Join(values, separator)
}

// googleLabel is what labelKinds reads as the entry's kinds; a star says that it is the first.
func googleLabel(e viewEntry) string {
	label := e.Label
	if label == "" {
		switch {
		case e.Features["fax"] && e.Contexts["private"]:
			label = "Home Fax"
		case e.Features["fax"] && e.Contexts["work"]:
			label = "Work Fax"
		case e.Features["fax"]:
			label = "Fax"
		case e.Features["pager"]:
			label = "Pager"
		case e.Features["mobile"] && e.Contexts["work"]:
			label = "Work Mobile"
		case e.Features["mobile"]:
			label = "Mobile"
		case e.Features["main-number"]:
			label = "Main"
		case e.Contexts["private"]:
			label = "Home"
		case e.Contexts["work"]:
			label = "Work"
		}
	}
	if e.Pref == 1 {
		return strings.TrimSpace("* " + label)
	}
	return label
}
