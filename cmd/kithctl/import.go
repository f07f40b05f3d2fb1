package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kith/data"
	"kith/transfer"
)

type importCmd struct {
	Book   string   `help:"The book to bring them into, whatever is in others (default: a contact that is there stays in its book, new ones go to the book for new contacts)." placeholder:"BOOK"`
	DryRun bool     `help:"Say what would be imported, and what would change; write nothing."`
	Files  []string `arg:"" name:"FILE" help:"vCard files (2.1, 3.0, 4.0), CSV files (Google, Outlook, Thunderbird and others), LDIF, or JSON (one JSContact card, or an array of them); - is standard input."`
}

// Help is what import adds to its first line.
func (c *importCmd) Help() string {
	return `A contact that is there already is joined with the card: what stands here stays, and what only the card has is added. The same
file twice changes nothing, and one "kithctl undo" takes a whole import back. What can't be read is reported with its line and
kept as NAME.skipped.vcf (or .csv, …) beside the imported file, or in the profile if that can't be written; everything else comes in.`
}

// imported is import's document.
type imported struct {
	counts
	Refused []refused `json:"refused"`
	Kept    []string  `json:"kept"` // files that hold what was refused
}

type counts struct {
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Restored  int `json:"restored"`
	Unchanged int `json:"unchanged"`
}

type refused struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Error string `json:"error"`
}

func (c *importCmd) Run(ctx context.Context, a *app) (err error) {
	files, remove, err := c.files(a)
	defer func() { err = errors.Join(err, remove()) }()
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	book, err := findBook(ctx, s, c.Book)
	if err != nil {
		return err
	}
	if c.DryRun {
		return preview(ctx, a, s, book, files)
	}
	line := newProgress(a.errOut)
	report, err := transfer.ImportTo(ctx, s, book, files, nil, func(p transfer.Progress) { line.line(fmt.Sprintf("Importing: %d", p.Cards)) })
	line.clear()
	result := imported{counts: countsOf(report.Imported), Refused: refusals(report.Refused), Kept: append([]string{}, report.Kept...)}
	sayRefused(a, result.Refused)
	if err != nil {
		return brokenOff(err, report)
	}
	err = a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Added %d, updated %d, brought back %d, there already %d.\n", result.Added, result.Updated, result.Restored, result.Unchanged)
		for _, file := range result.Kept {
			fmt.Fprintf(w, "What could not be imported is kept in %s\n", file)
		}
	})
	return errors.Join(err, refusal(len(result.Refused)))
}

// files finds all of them before the first is read. Standard input is read to its end.
func (c *importCmd) files(a *app) (files []transfer.File, remove func() error, err error) {
	remove = func() error { return nil }
	for _, name := range c.Files {
		var f transfer.File
		if name != "-" {
			f, err = transfer.OnDisk(name)
		} else {
			f, remove, err = transfer.Spool(a.in, "standard input")
			a.in = nothing{} // a second - finds no more
		}
		if err != nil {
			return nil, remove, err
		}
		files = append(files, f)
	}
	return files, remove, nil
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

func countsOf(i data.Imported) counts { return counts{i.Added, i.Updated, i.Restored, i.Unchanged} }

func refusals(all []transfer.Refused) []refused {
	out := []refused{}
	for _, r := range all {
		out = append(out, refused{r.File, r.Line, r.Reason})
	}
	return out
}

func sayRefused(a *app, all []refused) {
	for _, r := range all {
		say(a.errOut, fmt.Sprintf("%s, line %d: %s", r.File, r.Line, r.Error))
	}
}

func refusal(n int) error {
	if n == 0 {
		return nil
	}
	return &outcome{exitError, count(n, "card") + " could not be imported"}
}

// brokenOff says what an import that ends early has left.
func brokenOff(err error, r transfer.Report) error {
	if r.Total() == 0 {
		return err
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if errors.Is(err, data.ErrDiskFull) {
		err = errors.New("the disk is full") // that is not "so nothing was saved"
	}
	return fmt.Errorf(`%w; %s came in before: "kithctl undo" takes them back, the same import again goes on`, err, count(r.Total(), "contact"))
}
