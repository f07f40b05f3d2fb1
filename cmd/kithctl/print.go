package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kith/data"
	"kith/paper"
	"kith/transfer"
)

// printed says whether the export is one to be printed.
func (c *exportCmd) printed() bool {
	return strings.HasPrefix(c.Format, "pdf") || c.Format == "" && strings.EqualFold(filepath.Ext(c.File), ".pdf")
}

// print writes a PDF, on the paper of the locale (POSIX: LC_ALL, else LC_PAPER, else LANG).
func (c *exportCmd) print(ctx context.Context, a *app, s *data.Store, rows []data.RowID) error {
	o := paper.Options{Layout: paper.List, Title: cmp.Or(c.Label, "Contacts"), Now: time.Now(),
		Size: paper.SizeFor(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_PAPER"), os.Getenv("LANG")))}
	if l, ok := dates(); ok {
		o.Date, o.Home = l.Date, l.Country()
	}
	if c.Format == "pdf-cards" {
		o.Layout = paper.Cards
	}
	if dir, err := os.UserCacheDir(); err == nil {
		o.CacheDir = filepath.Join(dir, "kith")
	}
	line := newProgress(a.errOut)
	var r paper.Result
	err := transfer.Replace(c.File, func(w io.Writer) (err error) {
		show := func(done, of int) { line.line(fmt.Sprintf("Printing: %d of %d", done, of)) }
		r, err = paper.Write(w, transfer.Cards(ctx, s, rows, show), o)
		return err
	})
	line.clear()
	if err != nil {
		return fmt.Errorf("print to %s: %w", c.File, err)
	}
	if len(r.Missing) > 0 {
		say(a.errOut, fmt.Sprintf("warning: no font here has a glyph for %s: boxes stand in their place", string(r.Missing)))
	}
	return a.exported(c.File, r.Contacts)
}
