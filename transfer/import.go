package transfer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/contact/cardfile"
	"kith/data"
)

// Report is what an import has done.
type Report struct {
	data.Imported
	Refused []Refused
	Kept    []string // files that hold what was refused
	Stopped bool     // before the end: the context ended, or the book takes no more
}

// Import brings the files in, as one action that one undo takes back. It goes on behind what can't be read, and keeps that beside
// the file, or in the profile's folder where the file's can't be written. A file that can't be read to its end keeps no other from
// coming in. The error joins a *FileError of each such file. After it (also ctx's end) the report says what came in, and importing the same files again goes on. progress is
// called from this goroutine.
func Import(ctx context.Context, s *data.Store, files []File, chosen Mappings, progress func(Progress)) (Report, error) {
	return ImportTo(ctx, s, "", files, chosen, progress)
}

// ImportTo is Import to one book; "" : contacts that are there stay in their books, and new ones go where new ones go.
func ImportTo(ctx context.Context, s *data.Store, book string, files []File, chosen Mappings, progress func(Progress)) (Report, error) {
	im := &importer{store: s, action: s.BeginImportTo(book), chosen: chosen, progress: progress}
	for _, f := range files {
		im.at.OfBytes += f.size()
	}
	var faults []error
	for _, f := range files {
		if err := im.file(ctx, f); err != nil {
			faults = append(faults, &FileError{f.Name, err})
		}
		if im.failed || ctx.Err() != nil {
			im.report.Stopped = true
			break
		}
	}
	return im.report, errors.Join(faults...)
}

// FileError is what kept a file from being imported to its end.
type FileError struct {
	File string
	Err  error
}

func (e *FileError) Error() string { return fmt.Sprintf("import %s: %v", e.File, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

type importer struct {
	store    *data.Store
	action   *data.Import
	chosen   Mappings
	progress func(Progress)
	at       Progress
	report   Report
	failed   bool // the book, not a file
}

func (im *importer) file(ctx context.Context, f File) error {
	r, err := f.open(&im.at.Bytes)
	if err != nil {
		return err
	}
	defer r.close()
	if _, err := columns(ctx, im.store, r, im.chosen); err != nil {
		im.failed = true
		return err
	}
	keep, from := keeper{file: f, profile: im.store.Dir()}, len(im.report.Refused)
	refuse := func(line int, err error, raw []byte) {
		im.report.Refused = append(im.report.Refused, Refused{f.Name, line, reason(err), err})
		keep.add(r, raw)
	}
	err = each(ctx, r, true, func(b batch) error {
		done, faults, err := im.action.Take(ctx, b.cards)
		if err != nil {
			im.failed = true
			return err
		}
		for i, fault := range faults {
			if fault != nil {
				refuse(b.lines[i], fault, b.raw[i])
			}
		}
		im.report.Imported = im.report.Plus(done)
		im.at.Cards = im.report.Total()
		im.progress(im.at)
		return nil
	}, func(b *cardfile.Broken) error {
		refuse(b.Line, b.Err, b.Raw)
		return nil
	})
	slices.SortStableFunc(im.report.Refused[from:], func(a, b Refused) int { return cmp.Compare(a.Line, b.Line) })
	kept, keepErr := keep.save(r.Format())
	if kept != "" {
		im.report.Kept = append(im.report.Kept, kept)
	}
	return errors.Join(err, keepErr)
}
