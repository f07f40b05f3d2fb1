package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"kith/contact/cardfile"
	"kith/data"
	"kith/transfer"
)

type exportCmd struct {
	Format  string   `enum:",vcf,vcf3,csv,csv-outlook,json,pdf,pdf-cards" default:"" placeholder:"FORMAT" help:"vcf: vCard 4.0, everything. vcf3: vCard 3.0, for phones and older programs. json: an array of JSContact cards (RFC 9553), everything. csv, csv-outlook: Google's or Outlook's columns, for programs that read nothing else. pdf, pdf-cards: a list or cards to be printed, on the paper of the locale. Default: by FILE's ending, else vcf."`
	Label   string   `placeholder:"LABEL" help:"Only the contacts with this label."`
	Book    string   `placeholder:"BOOK" help:"Only the contacts of this book."`
	Contact []string `placeholder:"ID" sep:"none" help:"Only this contact; may be given several times."`
	File    string   `arg:"" optional:"" name:"FILE" help:"Where to write; an older file of that name is replaced in one step. Default: standard output."`
}

func (c *exportCmd) Run(ctx context.Context, a *app) error {
	format := c.format(a.json)
	if c.File == "" && c.printed() {
		return usage("name a FILE for the PDF")
	}
	if c.File == "" && a.json && format.Name != "json" {
		return usage("with --json, standard output is JSON: name a FILE for the vCards")
	}
	if (c.Label != "" || c.Book != "") && len(c.Contact) > 0 {
		return usage("choose by --label and --book, or by --contact")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	rows, err := c.rows(ctx, s)
	if err != nil {
		return err
	}
	if c.printed() {
		return c.print(ctx, a, s, rows)
	}
	line := newProgress(a.errOut)
	show := func(done, of int) { line.line(fmt.Sprintf("Exporting: %d of %d", done, of)) }
	if c.File == "" {
		out := bufio.NewWriterSize(a.out, 64<<10)
		if _, err := format.Write(out, transfer.Cards(ctx, s, rows, func(int, int) {})); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return nil
	}
	n, err := transfer.Export(ctx, s, rows, format, c.File, show)
	line.clear()
	if err != nil {
		return err
	}
	return a.exported(c.File, n)
}

func (a *app) exported(file string, n int) error {
	result := struct {
		File     string `json:"file"`
		Contacts int    `json:"contacts"`
	}{file, n}
	return a.emit(result, func(w io.Writer) { fmt.Fprintf(w, "Written: %s, %s.\n", file, count(n, "contact")) })
}

func (c *exportCmd) format(json bool) cardfile.Output {
	name := c.Format
	if name == "" {
		name = strings.TrimPrefix(strings.ToLower(filepath.Ext(c.File)), ".")
	}
	if c.Format == "" && c.File == "" && json {
		name = "json"
	}
	if o, ok := cardfile.OutputNamed(name); ok {
		return o
	}
	return cardfile.Outputs[0]
}

// rows are those of the contacts that were asked for.
func (c *exportCmd) rows(ctx context.Context, s *data.Store) ([]data.RowID, error) {
	if len(c.Contact) == 0 {
		book, err := findBook(ctx, s, c.Book)
		if err != nil {
			return nil, err
		}
		rows, err := s.Order(ctx, data.Query{Book: book, Label: c.Label})
		if err == nil && c.Label != "" && len(rows) == 0 {
			err = fmt.Errorf("no contact has the label %q", c.Label)
		}
		return rows, err
	}
	ids, err := findAll(ctx, s, c.Contact)
	if err != nil {
		return nil, err
	}
	var rows []data.RowID
	for _, id := range ids {
		contact, err := s.Contact(ctx, id)
		if err != nil {
			return nil, err
		}
		if !contact.Deleted.IsZero() {
			return nil, fmt.Errorf("%s is in the trash: restore it first", id)
		}
		rows = append(rows, contact.Row)
	}
	return rows, nil
}
