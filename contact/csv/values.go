package csv

import (
	"strings"
	"unicode"
)

// guessByValues takes a column whose name says nothing to us, and in which every sample is an e-mail address, for one of those.
func (r *Reader) guessByValues() {
	for i := range r.mapping {
		if r.mapping[i] != (Column{}) || meansNothing(r.header[i]) {
			continue
		}
		if fitting, all := r.count(i, isEmail); fitting > 0 && fitting == all {
			r.mapping[i] = Column{Field: Email}
		}
	}
}

// meansNothing are names that are known, as those of columns that a contact has no place for.
func meansNothing(header string) bool {
	name := normal(header)
	if _, ok := known[name]; ok {
		return true
	}
	fields, _ := foldedConcepts()
	for _, concept := range fields {
		if concept.in(name) {
			return true
		}
	}
	return false
}

// looks are what the values of a field look like.
var looks = map[Field]func(string) bool{
	Email: isEmail, Phone: hasDigit, BirthYear: hasDigit, BirthMonth: hasDigit, BirthDay: hasDigit, Birthday: isDate, Anniversary: isDate,
	Link: func(s string) bool { return strings.Contains(s, ".") },
}

// Doubtful says of each column whether most of its samples do not look like what it is taken for, so that it is worth a look before
// the import: a column of e-mail addresses without "@", a birthday that is no date.
func (r *Reader) Doubtful() []bool {
	out := make([]bool, len(r.mapping))
	for i, c := range r.mapping {
		if look := looks[c.Field]; look != nil {
			fitting, all := r.count(i, look)
			out[i] = all > 0 && fitting*2 < all
		}
	}
	return out
}

// count looks through a column's samples that are not empty.
func (r *Reader) count(column int, look func(string) bool) (fitting, all int) {
	for _, row := range r.samples {
		if column >= len(row) || strings.TrimSpace(row[column]) == "" {
			continue
		}
		if all++; look(strings.TrimSpace(row[column])) {
			fitting++
		}
	}
	return fitting, all
}

func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && domain != "" && !strings.ContainsAny(local, " ,;")
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

func isDate(s string) bool {
	_, _, ok := parseDate(s, true)
	return ok
}
