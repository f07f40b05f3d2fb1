package csv

import (
	"fmt"
	"strings"
)

var outlookColumns = []string{
	"Title", "First Name", "Middle Name", "Last Name", "Suffix", "Company", "Department", "Job Title",
	"Business Street", "Business Street 2", "Business Street 3", "Business City", "Business State", "Business Postal Code", "Business Country/Region",
	"Home Street", "Home Street 2", "Home Street 3", "Home City", "Home State", "Home Postal Code", "Home Country/Region",
	"Other Street", "Other Street 2", "Other Street 3", "Other City", "Other State", "Other Postal Code", "Other Country/Region",
	"Assistant's Phone", "Business Fax", "Business Phone", "Business Phone 2", "Callback", "Car Phone", "Company Main Phone", "Home Fax", "Home Phone",
	"Home Phone 2", "ISDN", "Mobile Phone", "Other Fax", "Other Phone", "Pager", "Primary Phone", "Radio Phone", "TTY/TDD Phone", "Telex",
	"Account", "Anniversary", "Assistant's Name", "Billing Information", "Birthday", "Business Address PO Box", "Categories", "Children",
	"Directory Server", "E-mail Address", "E-mail Type", "E-mail Display Name", "E-mail 2 Address", "E-mail 2 Type", "E-mail 2 Display Name",
	"E-mail 3 Address", "E-mail 3 Type", "E-mail 3 Display Name", "Gender", "Government ID Number", "Hobby", "Home Address PO Box", "Initials",
	"Internet Free Busy", "Keywords", "Language", "Location", "Manager's Name", "Mileage", "Notes", "Office Location", "Organizational ID Number",
	"Other Address PO Box", "Priority", "Private", "Profession", "Referred By", "Sensitivity", "Spouse", "User 1", "User 2", "User 3", "User 4", "Web Page",
}

func fillOutlook(v view, s *sheet) {
	s.put("Title", v.component("title"))
	s.put("First Name", v.component("given"))
	s.put("Middle Name", v.component("given2"))
	s.put("Last Name", v.component("surname", "surname2"))
	s.put("Suffix", v.component("generation", "credential"))
	s.put("Full Name", v.otherFullName())
	s.put("Company", first(v.Organizations).Name)
	s.put("Department", v.department())
	s.put("Job Title", first(v.Titles).Name)
	s.put("Notes", v.notes())
	s.put("Categories", strings.Join(v.labels(), ";"))
	s.put("Birthday", outlookDate(v.date("birth")))
	s.put("Anniversary", outlookDate(v.date("wedding")))

	taken := map[string]bool{}
	// one puts the value into the first of the columns that is free, else into one with the next number.
	one := func(value string, columns ...string) {
		if value == "" {
			return
		}
		last := columns[len(columns)-1]
		for n := 2; ; n++ {
			for _, c := range columns {
				if !taken[c] {
					taken[c] = true
					s.put(c, value)
					return
				}
			}
			columns = []string{fmt.Sprintf("%s %d", strings.TrimSuffix(last, " 2"), n)}
		}
	}
	for i, e := range inOrder(v.Emails) {
		if i == 0 {
			s.put("E-mail Address", e.Address)
		} else {
			s.put(fmt.Sprintf("E-mail %d Address", i+1), e.Address)
		}
	}
	for _, e := range inOrder(v.Phones) {
		one(e.Number, outlookPhone(e)...)
	}
	for _, e := range inOrder(v.Links) {
		if e.Contexts["private"] {
			one(e.URI, "Personal Web Page")
		} else {
			one(e.URI, "Web Page", "Other Web Page")
		}
	}
	for _, e := range inOrder(v.OnlineServices) {
		one(strings.TrimPrefix(e.Service+": "+e.User, ": "), "IM Address")
	}
	for _, e := range inOrder(v.Nicknames) {
		one(e.Name, "Nickname")
	}
	addresses := map[string]int{}
	for _, e := range inOrder(v.Addresses) {
		whose := "Other"
		switch {
		case e.Contexts["work"]:
			whose = "Business"
		case e.Contexts["private"]:
			whose = "Home"
		}
		addresses[whose]++
		putOutlookAddress(s, e, whose, addresses[whose])
	}
	putOwn(v, s, Outlook)
	putKept(v, s)
}

// outlookPhone names the columns that a phone may stand in.
func outlookPhone(e viewEntry) []string {
	if labelled[normal(e.Label)] {
		return []string{e.Label}
	}
	switch {
	case e.Features["fax"] && e.Contexts["work"]:
		return []string{"Business Fax"}
	case e.Features["fax"] && e.Contexts["private"]:
		return []string{"Home Fax"}
	case e.Features["fax"]:
		return []string{"Other Fax"}
	case e.Features["pager"]:
		return []string{"Pager"}
	case e.Features["text"] && !e.Features["mobile"]:
		return []string{"TTY/TDD Phone"}
	case e.Features["mobile"]:
		return []string{"Mobile Phone"}
	case e.Features["main-number"]:
		return []string{"Primary Phone"}
	case e.Contexts["work"]:
		return []string{"Business Phone", "Business Phone 2"}
	case e.Contexts["private"]:
		return []string{"Home Phone", "Home Phone 2"}
	}
	return []string{"Other Phone"}
}

// putOutlookAddress writes the nth address of one kind; only the first has columns of Outlook's.
func putOutlookAddress(s *sheet, e viewEntry, whose string, nth int) {
	prefix := whose + " "
	if nth > 1 {
		prefix = fmt.Sprintf("%s Address %d - ", whose, nth)
	}
	line := e.wholeStreet()
	if len(e.Components) == 0 {
		line = e.Full
	}
	s.put(prefix+"Street", line)
	s.put(prefix+"Street 2", e.part("apartment"))
	s.put(prefix+"City", e.part("locality", "district", "subdistrict"))
	s.put(prefix+"State", e.part("region"))
	s.put(prefix+"Postal Code", e.part("postcode"))
	s.put(prefix+"Country/Region", e.part("country"))
	s.put(prefix+"Address PO Box", e.part("postOfficeBox"))
}

// outlookDate is the date in the American order that Outlook's English header goes with; one without a year or day as it is.
func outlookDate(iso string) string {
	d, none, ok := parseDate(iso, false)
	if !ok || none || d.Year == 0 || d.Day == 0 {
		return iso
	}
	return fmt.Sprintf("%d/%d/%d", d.Month, d.Day, d.Year)
}
