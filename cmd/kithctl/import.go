package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"kith/contact"
	"kith/data"
)

type importCmd struct {
	Files []string `arg:"" name:"FILE" help:"vCard files (2.1, 3.0, 4.0), CSV files (Google, Outlook, Thunderbird and others), or JSON (one JSContact card, or an array of them)."`
}

// Help is what import adds to its first line.
func (c *importCmd) Help() string {
	return `A contact that is there already is joined with the card: what stands here stays, and what only the card has is added. The same
file twice changes nothing, and one "kithctl undo" takes a whole import back. What can't be read is reported with its line and
kept in a file beside the one that was imported; everything else comes in.`
}

// imported is import's document.
type imported struct {
	Added     int       `json:"added"`
	Updated   int       `json:"updated"`
	Restored  int       `json:"restored"`
	Unchanged int       `json:"unchanged"`
	Refused   []refused `json:"refused"`
	Kept      []string  `json:"kept"` // files that hold what was refused
}

type refused struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Error string `json:"error"`
}

func (c *importCmd) Run(ctx context.Context, a *app) error {
	var files []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for _, name := range c.Files { // all of them, before the first is read
		f, err := openToImport(name)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	im := &importer{action: s.BeginImport(), progress: newProgress(a.errOut), result: imported{Refused: []refused{}, Kept: []string{}}}
	for i, f := range files {
		if err = im.file(ctx, c.Files[i], f); err != nil {
			break
		}
	}
	im.progress.clear()
	for _, r := range im.result.Refused {
		say(a.errOut, fmt.Sprintf("%s, line %d: %s", r.File, r.Line, r.Error))
	}
	if err != nil {
		return im.broken(err)
	}
	if err := a.emit(im.result, func(w io.Writer) { im.describe(w) }); err != nil {
		return err
	}
	if n := len(im.result.Refused); n > 0 {
		return &outcome{exitError, count(n, "card") + " could not be imported"}
	}
	return nil
}

func openToImport(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("import: %s is a folder: name the files in it", name)
	}
	return f, nil
}

// importer brings files in, in batches, so that neither the size of a file matters nor other programs have to wait for all of it.
type importer struct {
	action   *data.Import
	progress *progress
	result   imported
}

const importBatch = 200

func (im *importer) file(ctx context.Context, name string, f *os.File) error {
	src, err := openSource(f)
	if err != nil {
		return fmt.Errorf("import %s: %w", name, err)
	}
	keep, from := keeper{beside: name}, len(im.result.Refused)
	var cards []contact.Card
	var lines []int
	flush := func() error {
		done, faults, err := im.action.Take(ctx, cards)
		if err != nil {
			return err
		}
		im.count(done)
		for i, fault := range faults {
			if fault == nil {
				continue
			}
			im.result.Refused = append(im.result.Refused, refused{name, lines[i], reasonOf(fault)})
			raw, err := writeVCard(cards[i])
			if err != nil {
				return err
			}
			keep.add(".vcf", raw)
		}
		cards, lines = cards[:0], lines[:0]
		return nil
	}
	for {
		card, err := src.next()
		var broken *brokenPart
		switch {
		case errors.Is(err, io.EOF):
			if err := flush(); err != nil {
				return err
			}
			slices.SortStableFunc(im.result.Refused[from:], func(a, b refused) int { return cmp.Compare(a.Line, b.Line) })
			kept, err := keep.save()
			im.result.Kept = append(im.result.Kept, kept...)
			return err
		case errors.As(err, &broken):
			im.result.Refused = append(im.result.Refused, refused{name, broken.line, broken.err.Error()})
			keep.add(src.ending, broken.raw)
			continue
		case err != nil:
			return fmt.Errorf("import %s: %w", name, err)
		}
		if cards, lines = append(cards, card), append(lines, src.line()); len(cards) == importBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

func (im *importer) count(done data.Imported) {
	im.result.Added += done.Added
	im.result.Updated += done.Updated
	im.result.Restored += done.Restored
	im.result.Unchanged += done.Unchanged
	im.progress.line(fmt.Sprintf("Importing: %d", im.taken()))
}

func (im *importer) taken() int {
	r := im.result
	return r.Added + r.Updated + r.Restored + r.Unchanged
}

// broken says what an import that ends early has left.
func (im *importer) broken(err error) error {
	if im.taken() == 0 {
		return err
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	return fmt.Errorf(`%w; %s came in before: "kithctl undo" takes them back, the same import again goes on`, err, count(im.taken(), "contact"))
}

func (im *importer) describe(w io.Writer) {
	r := im.result
	fmt.Fprintf(w, "Added %d, updated %d, brought back %d, there already %d.\n", r.Added, r.Updated, r.Restored, r.Unchanged)
	for _, file := range r.Kept {
		fmt.Fprintf(w, "What could not be imported is kept in %s\n", file)
	}
}

// reasonOf is a refusal without what the reader of the line knows already.
func reasonOf(err error) string {
	var invalid *contact.ValidationError
	if errors.As(err, &invalid) {
		return problems(invalid)
	}
	return err.Error()
}
