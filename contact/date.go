package contact

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"time"
)

// Date is an RFC 9553 PartialDate; zero parts are not known.
type Date struct{ Year, Month, Day int }

// IsZero reports whether nothing is known.
func (d Date) IsZero() bool { return d == Date{} }

// String is "1815-12-10", "1815-12", "1815", or "--12-10" without a year: what ParseDate reads.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Year == 0 && d.Day == 0:
		return fmt.Sprintf("--%02d", d.Month)
	case d.Year == 0:
		return fmt.Sprintf("--%02d-%02d", d.Month, d.Day)
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

var dateForm = regexp.MustCompile(`^(?:(\d{4})|-)(?:-(\d{1,2})(?:-(\d{1,2}))?)?$`)

// ParseDate reads what String writes.
func ParseDate(s string) (Date, error) {
	wrong := errors.New("a date is 1815-12-10, or --12-10 without the year")
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		return Date{}, wrong
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // digits, or nothing, by the form
	d := Date{number(m[1]), number(m[2]), number(m[3])}
	if m[1] == "" && d.Month == 0 || m[2] != "" && (d.Month < 1 || d.Month > 12) || m[3] != "" && d.Day < 1 {
		return Date{}, wrong
	}
	year := d.Year
	if year == 0 {
		year = 2000 // a leap year: 29 February without a year is a birthday that people have
	}
	if d.Day > 0 && time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() != d.Day {
		return Date{}, fmt.Errorf("%s has no day %d", time.Month(d.Month), d.Day)
	}
	return d, nil
}

// Birthday is the date of the anniversary of kind "birth".
func (c Card) Birthday() Date {
	_, entry := c.birth()
	return readDate(object(entry["date"]))
}

// readDate reads a Timestamp or a PartialDate.
func readDate(date map[string]any) Date {
	if utc := text(date["utc"]); utc != "" {
		if t, err := time.Parse(time.RFC3339, utc); err == nil {
			return Date{t.Year(), int(t.Month()), t.Day()}
		}
	}
	part := func(member string) int {
		digits, _ := date[member].(json.Number)
		n, _ := strconv.Atoi(digits.String()) // what is not a number is not known
		return max(n, 0)
	}
	return Date{part("year"), part("month"), part("day")}
}

func (c Card) birth() (key string, entry map[string]any) {
	held := object(c.members["anniversaries"])
	for _, k := range sortedKeys(held) {
		if e := object(held[k]); text(e["kind"]) == "birth" {
			return k, e
		}
	}
	return "birthday", nil
}

// WithBirthday sets it; the zero Date removes it.
func (c Card) WithBirthday(d Date) Card {
	key, entry := c.birth()
	if d == c.Birthday() {
		return c
	}
	if d.IsZero() {
		return c.with(nil, "anniversaries", key)
	}
	made := maps.Clone(entry)
	if made == nil {
		made = map[string]any{"kind": "birth"}
	}
	made["date"] = d.partial()
	return c.with(made, "anniversaries", key)
}

// partial is the date as a card holds it (RFC 9553, section 2.8.1).
func (d Date) partial() map[string]any {
	date := map[string]any{"@type": "PartialDate"}
	for member, n := range map[string]int{"year": d.Year, "month": d.Month, "day": d.Day} {
		if n > 0 {
			date[member] = json.Number(strconv.Itoa(n))
		}
	}
	return date
}
