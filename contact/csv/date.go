package csv

import (
	"regexp"
	"strconv"
	"strings"

	"kith/contact"
)

var dateParts = regexp.MustCompile(`^(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{1,4})(?:[T ].*)?$`)

// parseDate reads a date as a program writes it for people. none: it stands for no date, as Outlook's 0/0/00 does.
func parseDate(s string, dayFirst bool) (d contact.Date, none, ok bool) {
	s = strings.TrimSpace(s)
	if d, err := contact.ParseDate(s); err == nil {
		return d, false, true
	}
	m := dateParts.FindStringSubmatch(s)
	if m == nil {
		return d, false, false
	}
	a, b, c := number(m[1]), number(m[3]), number(m[4])
	switch {
	case a == 0 && b == 0 && c == 0:
		return d, true, true
	case len(m[1]) == 4:
		d = contact.Date{Year: a, Month: b, Day: c}
	case len(m[4]) < 4:
		return d, false, false // which century?
	case dayFirst || m[2] == "." || a > 12:
		d = contact.Date{Year: c, Month: b, Day: a}
	default:
		d = contact.Date{Year: c, Month: a, Day: b}
	}
	d, err := contact.ParseDate(d.String())
	return d, false, err == nil && d.Day > 0
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // digits, or nothing
	return n
}

// dayFirst tells 3/4/1990 from 4/3/1990 by the dates among the samples that allow one reading only, else by the header: the American
// order where it is English.
func dayFirst(m Mapping, header []string, samples [][]string) bool {
	english := false
	for i, c := range m {
		if c.Field != Birthday && c.Field != Anniversary {
			continue
		}
		english = english || normal(header[i]) == "birthday" || normal(header[i]) == "anniversary"
		for _, row := range samples {
			if i >= len(row) {
				continue
			}
			if p := dateParts.FindStringSubmatch(strings.TrimSpace(row[i])); p != nil && len(p[1]) <= 2 {
				switch {
				case number(p[1]) > 12:
					return true
				case number(p[3]) > 12:
					return false
				}
			}
		}
	}
	return !english
}
