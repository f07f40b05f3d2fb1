package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/data"
	"kith/transfer"
)

// foreseen is the document of import --dry-run.
type foreseen struct {
	counts
	Broken int            `json:"broken"`
	Files  []foreseenFile `json:"files"`
}

type foreseenFile struct {
	File   string `json:"file"`
	Format string `json:"format"`
	counts
	Broken  int              `json:"broken"`
	Columns []foreseenColumn `json:"columns,omitempty"` // of CSV: what they are taken for
	Changes []foreseenChange `json:"changes"`           // the first contacts that are there already and that the file says something else of
	Refused []refused        `json:"refused"`           // the first parts that can't be read
	Error   string           `json:"error,omitempty"`   // the file can't be read to its end
}

type foreseenColumn struct {
	Header string `json:"header"`
	Field  string `json:"field"`
}

type foreseenChange struct {
	Name  string   `json:"name"`
	Adds  []string `json:"adds"`  // JSON pointers: what the contact gets
	Stays []string `json:"stays"` // what the file says otherwise, and stays as it is here
}

// preview is import --dry-run: it ends as the import would.
func preview(ctx context.Context, a *app, s *data.Store, book string, files []transfer.File) error {
	line := newProgress(a.errOut)
	seen, err := transfer.PreviewTo(ctx, s, book, files, nil, func(p transfer.Progress) { line.line(fmt.Sprintf("Reading: %d", p.Cards)) })
	line.clear()
	if err != nil {
		return err
	}
	result, fault := foreseen{Files: []foreseenFile{}}, error(nil)
	var all data.Imported
	for _, f := range seen {
		if f.Err != nil && fault == nil {
			fault = fmt.Errorf("import %s: %w", f.File.Name, f.Err)
		}
		all = all.Plus(f.Counts)
		result.Broken += f.Broken
		result.Files = append(result.Files, foresee(f))
		sayRefused(a, refusals(f.Refused))
	}
	result.counts = countsOf(all)
	if fault != nil {
		return fault
	}
	err = a.emit(result, func(w io.Writer) { result.describe(w) })
	return errors.Join(err, refusal(result.Broken))
}

func foresee(f transfer.Foreseen) foreseenFile {
	out := foreseenFile{File: f.File.Name, Format: string(f.Format), counts: countsOf(f.Counts), Broken: f.Broken,
		Changes: []foreseenChange{}, Refused: refusals(f.Refused)}
	if f.Err != nil {
		out.Error = f.Err.Error()
	}
	if f.Columns != nil {
		for i, header := range f.Columns.Header {
			field := string(f.Columns.Mapping[i].Field)
			if field == "" {
				field = "kept"
			}
			out.Columns = append(out.Columns, foreseenColumn{header, field})
		}
	}
	for _, c := range f.Changes {
		change := foreseenChange{Name: c.Name, Adds: []string{}, Stays: []string{}}
		for _, e := range c.Adds {
			change.Adds = append(change.Adds, e.Path)
		}
		for _, k := range c.Stay {
			change.Stays = append(change.Stays, k.Path)
		}
		out.Changes = append(out.Changes, change)
	}
	return out
}

func (f foreseen) describe(w io.Writer) {
	fmt.Fprintf(w, "Would add %d, update %d, bring back %d; there already %d, can't be read %d. Nothing was written.\n",
		f.Added, f.Updated, f.Restored, f.Unchanged, f.Broken)
	for _, file := range f.Files {
		if len(f.Files) > 1 {
			fmt.Fprintf(w, "%s: %d new, %d to update, %d to bring back, %d there already, %d can't be read\n",
				oneLine(file.File), file.Added, file.Updated, file.Restored, file.Unchanged, file.Broken)
		}
		for _, c := range file.Changes {
			if len(c.Adds) > 0 {
				fmt.Fprintf(w, "  %s gets %s\n", oneLine(c.Name), named(c.Adds))
			}
			if len(c.Stays) > 0 {
				fmt.Fprintf(w, "  %s keeps its own %s\n", oneLine(c.Name), named(c.Stays))
			}
		}
	}
}

// named are the fields of pointers in words, each once.
func named(paths []string) string {
	var names []string
	for _, p := range paths {
		if name := friendly(p); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
