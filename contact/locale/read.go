package locale

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kith/contact"
)

// ErrDate says that a text is no date. What to type instead depends on the Locale: see Example.
var ErrDate = errors.New("not a date")

type order int

const (
	dayMonthYear order = iota
	monthDayYear
	yearMonthDay
)

// order is that of a date in numbers.
func (l Locale) order() order {
	switch {
	case slices.Contains(monthFirst, l.region), l.region == "" && (l.base == "" || l.base == "en"):
		return monthDayYear
	case slices.Contains(yearFirst, l.region):
		return yearMonthDay
	}
	return dayMonthYear
}

// ParseDate reads what Date writes, ISO 8601 and vCard dates, and dates in numbers in the order of the locale; the year or the day may be
// missing. Dots put the day first, as everybody does who writes them (the year, where it stands first, decides otherwise); a number
// above 12 is a day wherever it stands. The names of months, or beginnings of them that are clear, are understood in all our languages,
// this one's first. "" is no date, without an error.
func (l Locale) ParseDate(s string) (contact.Date, error) {
	s = strings.TrimSpace(norm.NFKC.String(s))
	if s == "" {
		return contact.Date{}, nil
	}
	d, ok := readMarked(s)
	if !ok {
		d, ok = l.readNumbers(s)
	}
	if !ok {
		d, ok = l.readWords(s)
	}
	if !ok || !possible(d) {
		return contact.Date{}, ErrDate
	}
	return d, nil
}

// Ambiguous says that a date was typed in numbers of which another reader would make another date: the field should say in words what was
// understood.
func (l Locale) Ambiguous(s string) bool {
	d, err := l.ParseDate(s)
	if err != nil || d.Day == 0 || d.Day > 12 || d.Day == d.Month {
		return false
	}
	s = strings.TrimSpace(norm.NFKC.String(s))
	if _, marked := readMarked(s); marked {
		return false
	}
	_, numbers := l.readNumbers(s)
	iso := d.Year > 0 && s == d.String()
	return numbers && !iso
}

// readMarked reads 1990年4月3日, 4月3日, 1990年4月, 1990年 (and 년, 월, 일).
func readMarked(s string) (d contact.Date, ok bool) {
	if !strings.ContainsAny(s, "年月日년월일") {
		return d, false
	}
	number := 0
	for _, r := range s {
		part := &d.Year
		switch {
		case r >= '0' && r <= '9' && number < 10000:
			number = number*10 + int(r-'0')
			continue
		case unicode.IsSpace(r):
			continue
		case r == '年' || r == '년':
		case r == '月' || r == '월':
			part = &d.Month
		case r == '日' || r == '일':
			part = &d.Day
		default:
			return d, false
		}
		if number == 0 || *part != 0 {
			return d, false
		}
		*part, number = number, 0
	}
	return d, number == 0 && d.Year < 10000
}

func (l Locale) readNumbers(s string) (contact.Date, bool) {
	withoutYear := strings.HasPrefix(s, "--") // vCard's way
	s = strings.TrimPrefix(s, "--")
	var parts []int
	fields := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-./", r) || unicode.IsSpace(r) })
	for _, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n < 0 || len(f) > 4 {
			return contact.Date{}, false
		}
		parts = append(parts, n)
	}
	if len(parts) == 0 {
		return contact.Date{}, false
	}
	startsWithYear, dots, iso := len(fields[0]) == 4, strings.Contains(s, "."), strings.Contains(s, "-")
	switch {
	case len(parts) == 1:
		return contact.Date{Year: parts[0]}, startsWithYear && !withoutYear
	case len(parts) == 2 && startsWithYear:
		return contact.Date{Year: parts[0], Month: parts[1]}, !withoutYear
	case len(parts) == 2 && len(fields[1]) == 4:
		return contact.Date{Year: parts[1], Month: parts[0]}, !withoutYear
	case len(parts) == 2:
		monthFirst := withoutYear || iso || l.monthBeforeDay() && (!dots || l.order() == yearMonthDay)
		return monthAndDay(parts[0], parts[1], 0, monthFirst), true
	case len(parts) == 3 && startsWithYear:
		return contact.Date{Year: parts[0], Month: parts[1], Day: parts[2]}, !withoutYear
	case len(parts) == 3 && len(fields[2]) == 4:
		return monthAndDay(parts[0], parts[1], parts[2], l.monthBeforeDay() && !dots), !withoutYear
	}
	return contact.Date{}, false
}

// monthBeforeDay is the order of the two where the year stands behind them, or is missing.
func (l Locale) monthBeforeDay() bool {
	return l.order() == monthDayYear || l.order() == yearMonthDay && !slices.Contains(dayBefore, l.region)
}

func monthAndDay(a, b, year int, monthFirst bool) contact.Date {
	if monthFirst && a <= 12 || b > 12 {
		return contact.Date{Year: year, Month: a, Day: b}
	}
	return contact.Date{Year: year, Month: b, Day: a}
}

func (l Locale) readWords(s string) (contact.Date, bool) {
	var d contact.Date
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.-/", r) }) {
		f = contact.Fold(f)
		if l.filler(f) {
			continue
		}
		if m := l.month(f); m > 0 && d.Month == 0 {
			d.Month = m
			continue
		}
		digits := strings.TrimRightFunc(f, unicode.IsLetter) // 1st, 2nd, 1er; 1º becomes 1o in the folding
		n, err := strconv.Atoi(digits)
		switch {
		case err != nil, f != digits && !slices.Contains([]string{"st", "nd", "rd", "th", "er", "o", "a", "e"}, f[len(digits):]):
			return contact.Date{}, false
		case len(digits) == 4 && d.Year == 0:
			d.Year = n
		case len(digits) <= 2 && d.Day == 0 && n > 0:
			d.Day = n
		default:
			return contact.Date{}, false
		}
	}
	return d, d.Month > 0
}

// reading is the order in which languages are asked for a word: this one's, then all.
func (l Locale) reading() []vocabulary {
	all := []vocabulary{l.words()}
	for _, name := range []string{"en", "de", "es", "fr", "pt"} {
		all = append(all, languages[name])
	}
	return all
}

func (l Locale) filler(word string) bool {
	for _, w := range l.reading() {
		if slices.Contains(w.fillers, word) {
			return true
		}
	}
	return false
}

// month is the number of a month by its folded name, or by a beginning of it, from three letters on, that no other month has.
func (l Locale) month(word string) int {
	if len(word) < 3 || word[0] >= '0' && word[0] <= '9' {
		return 0
	}
	for _, w := range l.reading() {
		found := 0
		for i, name := range w.months {
			name = contact.Fold(name)
			if name == word {
				return i + 1
			}
			if strings.HasPrefix(name, word) {
				if found != 0 {
					found = -1
				} else {
					found = i + 1
				}
			}
		}
		if found > 0 {
			return found
		}
	}
	return others[word]
}

// others are ways to write months that begin no name.
var others = map[string]int{"sept": 9, "maerz": 3, "setiembre": 9, "janner": 1, "jaenner": 1, "feber": 2, "set": 9}

// possible says whether there is such a day. 29 February without a year is a birthday that people have.
func possible(d contact.Date) bool {
	if d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Year < 0 || d.Day > 0 && d.Month == 0 || d == (contact.Date{}) {
		return false
	}
	if d.Day == 0 {
		return true
	}
	year := d.Year
	if year == 0 {
		year = 2000
	}
	return time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() == d.Day
}
