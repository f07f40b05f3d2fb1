package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/language"

	"kith/contact"
	"kith/contact/locale"
	"kith/data"
)

type orderCmd struct {
	Locale string `arg:"" optional:"" name:"LOCALE" help:"Such as sv_SE, ja, de-u-co-phonebk; \"und\": the order of most languages. A window sets its own when it opens."`
}

// orderResult is the command's document.
type orderResult struct {
	Order  string `json:"order"`
	Chosen bool   `json:"chosen"`
}

func (c *orderCmd) Run(ctx context.Context, a *app) error {
	if c.Locale != "" && c.Locale != "und" && locale.Tag(c.Locale) == language.Und {
		return usage("%q is no locale: say one such as sv_SE or ja (see: kithctl order --help)", c.Locale)
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.Locale != "" {
		if err := a.collate(ctx, s, c.Locale); err != nil {
			return err
		}
	}
	var r orderResult
	if r.Order, r.Chosen, err = s.Collation(ctx); err != nil {
		return err
	}
	return a.emit(r, func(w io.Writer) {
		how := "Lists are in the order of " + r.Order + "."
		if r.Order == language.Und.String() {
			how = "Lists are in the order of most languages."
		}
		fmt.Fprintln(w, how)
	})
}

// firstOrder orders lists as the environment says (POSIX: LC_ALL, else LC_COLLATE, else LANG) in a profile for which nobody has chosen yet.
// Later the profile's order stands: a window and programs in other environments must not order it anew in turns.
func (a *app) firstOrder(ctx context.Context, s *data.Store) error {
	name := locale.Environment(os.Getenv, "LC_COLLATE")
	if name == "" {
		return nil
	}
	if _, chosen, err := s.Collation(ctx); err != nil || chosen {
		return err
	}
	return a.collate(ctx, s, name)
}

func (a *app) collate(ctx context.Context, s *data.Store, name string) error {
	line := newProgress(a.errOut)
	defer line.clear()
	return s.Collate(ctx, name, func(done, total int) { line.line(fmt.Sprintf("Sorting names: %d of %d", done, total)) })
}

// dates is how dates are written and read in the environment's locale; false: it has none, and they are as they sort.
func dates() (locale.Locale, bool) {
	name := locale.Environment(os.Getenv, "LC_TIME")
	return locale.New(name, name), name != ""
}

// readDate turns a birthday as people write it here into one that sorts, and says how it was understood if others would understand another
// one. What it can't read is left to whoever says what is wrong with it.
func (a *app) readDate(field, value string) string {
	if field != "birthday" || value == "" {
		return value
	}
	if _, err := contact.ParseDate(value); err == nil {
		return value
	}
	l, ok := dates()
	if !ok {
		return value
	}
	d, err := l.ParseDate(value)
	if err != nil {
		return value
	}
	if l.Ambiguous(value) {
		say(a.errOut, fmt.Sprintf("%s is taken for %s (%s)", value, d, l.Date(d)))
	}
	return d.String()
}
