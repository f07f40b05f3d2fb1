package ui

import (
	"errors"
	"os"
	"sync"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/contact/locale"
)

// here is how dates, hours and numbers are written in this window: in the words of its language, in the order and with the clock of the
// system's country.
func here() locale.Locale {
	return locale.New(lang.X("language.tag", "en"), systemLocale("LC_TIME"))
}

// systemLocale is the system's locale for a category of POSIX: only there a user may have a language for texts and another country's dates.
func systemLocale(category string) string {
	if name := locale.Environment(os.Getenv, category); name != "" {
		return name
	}
	return otherLocale()
}

// otherLocale is the system's where the environment does not say it; macOS runs a program to find out.
var otherLocale = sync.OnceValue(func() string { return string(lang.SystemLocale()) })

// formatDate writes a date as people do: "10 December 1815", "10. Dezember", "décembre 1815", "1815年".
func formatDate(d contact.Date) string { return here().Date(d) }

// parseDate reads what formatDate writes, ISO dates, and the common ways between; the year may be missing.
func parseDate(s string) (contact.Date, error) {
	d, err := here().ParseDate(s)
	if err != nil {
		l := here()
		return d, errors.New(lang.L("type a date like {{.Words}}, {{.Numbers}}, or {{.Short}}", map[string]any{
			"Words": l.Example(), "Numbers": l.NumericExample(), "Short": l.Date(contact.Date{Month: 12, Day: 24})}))
	}
	return d, nil
}

// readAs says in words which date was understood, where another reader would understand another one; "" : it is clear, or none.
func readAs(s string) string {
	l := here()
	if !l.Ambiguous(s) {
		return ""
	}
	d, err := l.ParseDate(s)
	if err != nil {
		return ""
	}
	return l.Date(d)
}
