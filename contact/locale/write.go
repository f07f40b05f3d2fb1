package locale

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/contact"
)

// Date writes a date in words: "3 April 1990", "3. April", "avril 1990", "1990年4月3日". What is not known is left out; "" for
// nothing.
func (l Locale) Date(d contact.Date) string {
	w := l.words()
	if l.american() {
		w.full, w.monthDay = americanDates.full, americanDates.monthDay
	}
	hasMonth := d.Month >= 1 && d.Month <= 12
	switch {
	case hasMonth && d.Day > 0 && d.Year > 0:
		return w.write(w.full, d)
	case hasMonth && d.Day > 0:
		return w.write(w.monthDay, d)
	case hasMonth && d.Year > 0:
		return w.write(w.month, d)
	case hasMonth:
		return w.write(monthAlone(w.month), d)
	case d.Year > 0:
		return w.write(w.year, d)
	}
	return ""
}

// Day is the day of a point in time, in words; DayOfYear without its year.
func (l Locale) Day(t time.Time) string { return l.Date(dateOf(t)) }
func (l Locale) DayOfYear(t time.Time) string {
	return l.Date(contact.Date{Month: int(t.Month()), Day: t.Day()})
}

func dateOf(t time.Time) contact.Date {
	return contact.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}
}

// Weekday is the name of a day of the week.
func (l Locale) Weekday(d time.Weekday) string { return l.words().weekdays[d] }

// Clock is the hour and the minute: "15:04" or "3:04 PM".
func (l Locale) Clock(t time.Time) string {
	if !l.twelve() {
		return t.Format("15:04")
	}
	return t.Format("3:04 PM")
}

// twelve: English alone has words for the halves of a day that are the same everywhere; elsewhere 24 hours are always understood.
func (l Locale) twelve() bool {
	region := l.region
	if region == "" && l.text == "" {
		region = "US"
	}
	return l.words().name == "en" && slices.Contains(twelveHours, region) && !slices.Contains(twelveHoursNot, l.base+"-"+region)
}

// american: English with the month before the day.
func (l Locale) american() bool {
	return l.words().name == "en" && (slices.Contains(monthFirst, l.region) || l.region == "CA" || l.region == "")
}

// write fills a pattern.
func (w vocabulary) write(pattern string, d contact.Date) string {
	var b strings.Builder
	quoted := false
	for _, r := range pattern {
		switch {
		case r == '\'':
			quoted = !quoted
		case quoted:
			b.WriteRune(r)
		case r == 'y':
			b.WriteString(strconv.Itoa(d.Year))
		case r == 'M':
			b.WriteString(w.months[d.Month-1])
		case r == 'd' && w.name == "fr" && d.Day == 1:
			b.WriteString("1er") // what every French date has, though no pattern of CLDR can say it
		case r == 'd':
			b.WriteString(strconv.Itoa(d.Day))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// monthAlone is the part of a month's pattern with its year that is the month: "M", "M月".
func monthAlone(pattern string) string {
	if at := strings.IndexRune(pattern, '年'); at >= 0 {
		return pattern[at+len("年"):]
	}
	return "M"
}

// Example is a date as a field asks for it.
func (l Locale) Example() string { return l.Date(contact.Date{Year: 1990, Month: 12, Day: 24}) }

// NumericExample is the same date in numbers, as they are written here.
func (l Locale) NumericExample() string {
	switch l.order() {
	case yearMonthDay:
		if l.words().name == "ja" || l.words().name == "zh" {
			return "1990/12/24"
		}
		return "1990-12-24"
	case monthDayYear:
		return "12/24/1990"
	}
	if l.text == "de" || slices.Contains(dotted, l.base) {
		return "24.12.1990"
	}
	return "24/12/1990"
}

// dotted are the languages that write dates with dots (CLDR 46, dateFormats, short).
var dotted = []string{"de", "pl", "cs", "sk", "sl", "hr", "ru", "uk", "nb", "nn", "no", "da", "fi", "tr", "ro", "bg", "et", "lv"}

// Number writes a whole number with the marks that group its digits (CLDR 46, numbers/symbols).
func (l Locale) Number(n int) string {
	mark, from := ",", 4
	switch name, place := l.words().name, l.region; {
	case name == "de" && place == "CH", name == "de" && place == "LI":
		mark = "’"
	case name == "de" && place == "AT":
		mark = "\u00a0"
	case name == "es" && slices.Contains([]string{"MX", "US", "GT", "HN", "NI", "PA", "PE", "PR", "SV", "DO"}, place):
	case name == "es":
		mark, from = ".", 5 // minimumGroupingDigits 2
	case name == "pt" && (place == "PT" || place == "AO" || place == "MZ"):
		mark, from = "\u00a0", 5
	case name == "de", name == "pt":
		mark = "."
	case name == "fr" && place == "CA":
		mark = "\u00a0"
	case name == "fr":
		mark = "\u202f"
	}
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) < from {
		return sign + digits
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}
