package transfer

import (
	"context"
	"errors"
	"fmt"

	"kith/contact"
	"kith/contact/cardfile"
	"kith/data"
)

// How much of a file a preview tells by name.
const (
	sampleNames   = 4
	sampleChanges = 100
	sampleRefused = 100
)

// Foreseen is what an import would do with one file.
type Foreseen struct {
	File    File
	Err     error // it can't be read to its end: what stands before the fault is counted
	Format  cardfile.Format
	Columns *Columns // nil: no CSV
	Counts  data.Imported
	Repeats int      // of Counts.Updated and Counts.Unchanged: cards whose contact stands before them in the files
	Names   []string // of the first new ones
	Changes []Change // the first contacts that are there already and that the file says something else of
	Broken  int
	Refused []Refused // the first of them
}

// Cards is how many parts the file has, good or not.
func (f Foreseen) Cards() int { return f.Counts.Total() + f.Broken }

// Readable says whether the file is one of contacts at all.
func (f Foreseen) Readable() bool { return f.Format != "" }

// Change is what an import would do to one contact that is there already.
type Change struct {
	Name string
	Adds []contact.Edit     // what it gets
	Stay []contact.Conflict // what the file says otherwise, and stays as it is here (Local)
}

// Progress is how far a preview or an import is.
type Progress struct {
	Bytes, OfBytes int64 // read of all files
	Cards          int   // good ones so far
}

// Preview says what an import of the files would do. It writes nothing, and holds a few bytes per card. An error is one of the book,
// or that ctx has ended; what is wrong with a file stands in its Foreseen. progress is called from this goroutine.
func Preview(ctx context.Context, s *data.Store, files []File, chosen Mappings, progress func(Progress)) ([]Foreseen, error) {
	return PreviewTo(ctx, s, "", files, chosen, progress)
}

// PreviewTo says what ImportTo would do.
func PreviewTo(ctx context.Context, s *data.Store, book string, files []File, chosen Mappings, progress func(Progress)) ([]Foreseen, error) {
	p := &previewer{store: s, look: s.BeginPreviewTo(book), chosen: chosen, progress: progress}
	for _, f := range files {
		p.at.OfBytes += f.size()
	}
	seen := make([]Foreseen, len(files))
	for i, f := range files {
		seen[i].File = f
		err := p.file(ctx, &seen[i])
		if ctx.Err() != nil {
			return nil, fmt.Errorf("preview import: %w", ctx.Err())
		}
		if p.failed != nil {
			return nil, p.failed
		}
		seen[i].Err = err
	}
	return seen, nil
}

type previewer struct {
	store    *data.Store
	look     *data.Preview
	chosen   Mappings
	progress func(Progress)
	at       Progress
	failed   error // of the book
}

func (p *previewer) file(ctx context.Context, f *Foreseen) error {
	r, err := f.File.open(&p.at.Bytes)
	if err != nil {
		return err
	}
	f.Format = r.Format()
	f.Columns, p.failed = columns(ctx, p.store, r, p.chosen)
	if p.failed == nil {
		err = each(ctx, r, false, func(b batch) error { return p.batch(ctx, f, b) }, func(b *cardfile.Broken) error {
			p.refuse(f, b.Line, b.Err)
			return nil
		})
	}
	return errors.Join(err, r.close())
}

func (p *previewer) refuse(f *Foreseen, line int, err error) {
	if f.Broken++; f.Broken <= sampleRefused {
		f.Refused = append(f.Refused, Refused{f.File.Name, line, reason(err), err})
	}
}

func (p *previewer) batch(ctx context.Context, f *Foreseen, b batch) error {
	cards, err := p.look.Look(ctx, b.cards)
	if err != nil {
		p.failed = err
		return err
	}
	for i, c := range cards {
		if c.Refused != nil {
			p.refuse(f, b.lines[i], c.Refused)
			continue
		}
		f.count(c)
	}
	p.at.Cards += len(cards)
	p.progress(p.at)
	return nil
}

func (f *Foreseen) count(c data.Foreseen) {
	switch c.Becomes {
	case data.Comes:
		f.Counts.Added++
		if len(f.Names) < sampleNames {
			f.Names = append(f.Names, c.Name)
		}
	case data.Grows:
		f.Counts.Updated++
	case data.Returns:
		f.Counts.Restored++
	case data.Stays:
		f.Counts.Unchanged++
	}
	if c.Repeats {
		f.Repeats++
	}
	if len(c.Adds)+len(c.Keeps) > 0 && len(f.Changes) < sampleChanges {
		f.Changes = append(f.Changes, Change{c.Name, c.Adds, c.Keeps})
	}
}
