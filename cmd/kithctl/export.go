package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kith/contact"
	"kith/contact/csv"
	"kith/contact/vcard"
	"kith/data"
)

type exportCmd struct {
	Format string `enum:",vcf,csv,json" default:"" placeholder:"vcf|csv|json" help:"vcf: vCard 4.0, everything. json: an array of JSContact cards (RFC 9553), everything. csv: Google's columns, for programs that read nothing else. Default: by FILE's ending, else vcf."`
	File   string `arg:"" optional:"" name:"FILE" help:"Where to write; an older file of that name is replaced in one step. Default: standard output."`
}

func (c *exportCmd) Run(ctx context.Context, a *app) error {
	format := c.Format
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(c.File)), ".")
	}
	if c.Format == "" && c.File == "" && a.json {
		format = "json"
	}
	if c.File == "" && a.json && format != "json" {
		return usage("with --json, standard output is JSON: name a FILE for the vCards")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	n := 0
	write := func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 64<<10)
		if n, err = exportCards(ctx, s, out, format); err != nil {
			return err
		}
		return out.Flush()
	}
	if c.File == "" {
		if err := write(a.out); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return nil
	}
	if err := replaceFile(c.File, write); err != nil {
		return fmt.Errorf("export to %s: %w", c.File, err)
	}
	result := struct {
		File     string `json:"file"`
		Contacts int    `json:"contacts"`
	}{c.File, n}
	return a.emit(result, func(w io.Writer) { fmt.Fprintf(w, "Written: %s, %s.\n", c.File, count(n, "contact")) })
}

// exportCards writes all live contacts in the order of the list.
func exportCards(ctx context.Context, s *data.Store, w io.Writer, format string) (n int, err error) {
	switch format {
	case "json":
		return exportJSON(ctx, s, w)
	case "csv":
		return exportCSV(ctx, s, w)
	}
	out := vcard.NewWriter(w, vcard.V40)
	return eachCard(ctx, s, out.Write)
}

func exportJSON(ctx context.Context, s *data.Store, w io.Writer) (int, error) {
	separator := "[\n"
	n, err := eachCard(ctx, s, func(c contact.Card) error {
		_, err := fmt.Fprintf(w, "%s%s", separator, c.JSON())
		separator = ",\n"
		return err
	})
	if err != nil {
		return n, err
	}
	end := "\n]\n"
	if n == 0 {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return n, err
}

// exportCSV holds all cards, as text: the columns have to be known before the first row is written.
func exportCSV(ctx context.Context, s *data.Store, w io.Writer) (int, error) {
	var cards [][]byte
	n, err := eachCard(ctx, s, func(c contact.Card) error {
		cards = append(cards, c.JSON())
		return nil
	})
	if err != nil {
		return n, err
	}
	var parseErr error
	err = csv.Write(w, csv.Google, func(yield func(contact.Card) bool) {
		for _, b := range cards {
			c, err := contact.Parse(b)
			if err != nil {
				parseErr = err
				return
			}
			if !yield(c) {
				return
			}
		}
	})
	return n, errors.Join(parseErr, err)
}

// eachCard calls f with the card of each live contact, and returns how many there were.
func eachCard(ctx context.Context, s *data.Store, f func(contact.Card) error) (n int, err error) {
	var ids []string
	if err := eachRow(ctx, s, data.Query{}, func(r data.Row) { ids = append(ids, r.ID) }); err != nil {
		return 0, err
	}
	for _, id := range ids {
		c, err := s.Contact(ctx, id)
		switch {
		case errors.Is(err, data.ErrNotFound):
			continue
		case err != nil:
			return n, err
		case !c.Deleted.IsZero(): // meanwhile
			continue
		}
		if err := f(c.Card); err != nil {
			return n, fmt.Errorf("contact %s: %w", id, err)
		}
		n++
	}
	return n, nil
}

// replaceFile writes a file that is whole as soon as it bears its name. What is no regular file (a pipe, a device) is written to
// as it is.
func replaceFile(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // its owner's alone: these are people's data
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
