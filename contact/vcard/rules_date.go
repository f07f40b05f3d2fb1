package vcard

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kith/contact"
)

// dateRules are RFC 9555 section 2.4, and the names that programs give to an anniversary.
func dateRules() []*rule {
	modern, old := dateRule("ANNIVERSARY", "wedding"), dateRule("X-ANNIVERSARY", "wedding")
	modern.version, old.version = V40, V30 // where it has no property, but a name that most programs read
	out := []*rule{dateRule("BDAY", "birth"), modern, old, dateRule("DEATHDATE", "death"), dateRule("X-ABDATE", "kith.app:date").labelled()}
	for _, name := range []string{"X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-WAB-WEDDING-ANNIVERSARY"} {
		r := dateRule(name, "wedding")
		r.only = true
		out = append(out, r)
	}
	return out
}

func dateRule(name, kind string) *rule {
	return &rule{name: name, member: "anniversaries",
		read: func(p *property, e object) bool {
			d, ok := parseDate(p.Value)
			if !ok || p.value("VALUE") == "text" {
				return false
			}
			if p.value("X-APPLE-OMIT-YEAR") == fmt.Sprintf("%04d", d.Year) {
				d.Year = 0
			}
			date := partialDate(d)
			if scale := p.takeOne("CALSCALE"); scale != "" {
				date["calendarScale"] = scale
			}
			e["kind"], e["date"] = kind, date
			return true
		},
		write: func(e object, v Version, p *property) bool {
			if e["kind"] != kind && !(name == "X-ABDATE" && isAppleWedding(e)) {
				return false
			}
			d, ok := dateOf(members(e["date"]))
			if !ok {
				return false
			}
			if scale := text(members(e["date"])["calendarScale"]); scale != "" {
				p.set("CALSCALE", []string{scale})
			}
			if raw := text(e[memberValue]); raw != "" {
				if spelled, ok := parseDate(raw); ok && spelled == d {
					p.Value = raw
					return true
				}
			}
			omit := kept(e, "x-apple-omit-year")
			switch {
			case d.Year == 0 && d.Month > 0 && d.Day > 0 && (v == V30 || omit != nil):
				year := appleNoYear
				if len(omit) == 1 && len(omit[0]) == 4 {
					year = omit[0]
				}
				p.Value = fmt.Sprintf("%s-%02d-%02d", year, d.Month, d.Day)
				p.set("X-APPLE-OMIT-YEAR", []string{year})
			case v == V30:
				p.Value = d.String()
			default:
				p.Value = basicDate(d)
			}
			return true
		},
	}
}

func partialDate(d contact.Date) object {
	date := object{"@type": "PartialDate"}
	for member, n := range map[string]int{"year": d.Year, "month": d.Month, "day": d.Day} {
		if n > 0 {
			date[member] = number(n)
		}
	}
	return date
}

// isAppleWedding reports whether an X-ABDATE is of the kind that its label says, see attach.
func isAppleWedding(e object) bool {
	return e["kind"] == "wedding" && text(e[memberName]) == "x-abdate" && strings.EqualFold(text(e["label"]), "anniversary")
}

// appleNoYear is the year that Apple's programs write for "no year", and name in X-APPLE-OMIT-YEAR.
const appleNoYear = "1604"

var (
	dateForm  = regexp.MustCompile(`^(?:(\d{4})|-)(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T[\d:.,Zz+-]*)?$`)
	dayForm   = regexp.MustCompile(`^---(\d{2})$`)
	looseForm = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
)

// parseDate reads the basic and the extended form (RFC 6350 section 4.3.1, RFC 2426), truncated ones, and leaves the time of day away.
func parseDate(s string) (contact.Date, bool) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits, or nothing, by the forms
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		m = looseForm.FindStringSubmatch(s)
	}
	if day := dayForm.FindStringSubmatch(s); day != nil {
		m = []string{"", "", "", day[1]}
	}
	if m == nil {
		return contact.Date{}, false
	}
	d := contact.Date{Year: number(m[1]), Month: number(m[2]), Day: number(m[3])}
	return d, !d.IsZero() && d.Month <= 12 && d.Day <= 31 && (d.Month > 0 || d.Day == 0 || m[2] == "" && d.Year == 0)
}

func basicDate(d contact.Date) string {
	switch {
	case d.Year == 0 && d.Month == 0:
		return fmt.Sprintf("---%02d", d.Day)
	case d.Year == 0 && d.Day == 0:
		return fmt.Sprintf("--%02d", d.Month)
	case d.Year == 0:
		return fmt.Sprintf("--%02d%02d", d.Month, d.Day)
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day)
}

// dateOf reads a PartialDate; the date of a Timestamp is its first ten characters.
func dateOf(o object) (contact.Date, bool) {
	if utc := text(o["utc"]); len(utc) >= 10 {
		d, err := contact.ParseDate(utc[:10])
		return d, err == nil
	}
	part := func(member string) int {
		digits, _ := o[member].(json.Number)
		n, _ := strconv.Atoi(digits.String()) // what isn't a number isn't known
		return max(n, 0)
	}
	d := contact.Date{Year: part("year"), Month: part("month"), Day: part("day")}
	return d, !d.IsZero() && d.Year <= 9999 && d.Month <= 12 && d.Day <= 31
}
