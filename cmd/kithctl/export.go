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
	"kith/contact/vcard"
	"kith/data"
)

type exportCmd struct {
	Format string `enum:",vcf,json" default:"" placeholder:"vcf|json" help:"vcf: vCard 4.0. json: an array of JSContact cards (RFC 9553). Default: by FILE's ending, else vcf."`
	File   string `arg:"" optional:"" name:"FILE" help:"Where to write; an older file of that name is replaced in one step. Default: standard output."`
}

func (c *exportCmd) Run(ctx context.Context, a *app) error {
	format := c.Format
	if format == "" && (strings.EqualFold(filepath.Ext(c.File), ".json") || c.File == "" && a.json) {
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

// exportCards writes all live contacts in the order of the list, one at a time.
func exportCards(ctx context.Context, s *data.Store, w io.Writer, format string) (n int, err error) {
	one := func(c contact.Card) error { return vcard.Write(w, vcard.V40, c) }
	if format == "json" {
		one = func(c contact.Card) error {
			separator := ",\n"
			if n == 0 {
				separator = "[\n"
			}
			_, err := fmt.Fprintf(w, "%s%s", separator, c.JSON())
			return err
		}
	}
	var ids []string
	err = eachRow(ctx, s, data.Query{}, func(r data.Row) { ids = append(ids, r.ID) })
	if err != nil {
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
		if err := one(c.Card); err != nil {
			return n, fmt.Errorf("contact %s: %w", id, err)
		}
		n++
	}
	if format == "json" {
		end := "\n]\n"
		if n == 0 {
			end = "[]\n"
		}
		_, err = io.WriteString(w, end)
	}
	return n, err
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
