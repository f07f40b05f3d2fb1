package transfer

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"kith/contact"
	"kith/contact/cardfile"
	"kith/data"
)

// Cards are the live contacts of the rows with their photos, in their order, read page by page. progress hears of every page; it is called from the
// goroutine that reads.
func Cards(ctx context.Context, s *data.Store, rows []data.RowID, progress func(done, of int)) iter.Seq2[contact.Card, error] {
	return func(yield func(contact.Card, error) bool) {
		for from := 0; from < len(rows); from += batchSize {
			page, err := s.Contacts(ctx, rows[from:min(from+batchSize, len(rows))])
			if err != nil {
				yield(contact.Card{}, err)
				return
			}
			for _, c := range page {
				if !c.Deleted.IsZero() { // meanwhile
					continue
				}
				whole, err := c.Card.AttachBlobs(s.BlobBytes(ctx))
				if !yield(whole, err) || err != nil {
					return
				}
			}
			progress(min(from+batchSize, len(rows)), len(rows))
		}
	}
}

// Export writes the contacts of the rows to a file that is whole as soon as it bears its name, and returns how many there were.
func Export(ctx context.Context, s *data.Store, rows []data.RowID, o cardfile.Output, file string, progress func(done, of int)) (n int, err error) {
	err = Replace(file, func(w io.Writer) error {
		n, err = o.Write(w, Cards(ctx, s, rows, progress))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("export to %s: %w", file, err)
	}
	return n, nil
}

// Replace writes a file that is whole as soon as it bears its name; an older one stays until then. What is no regular file (a pipe, a
// device) is written to as it is.
func Replace(name string, write func(io.Writer) error) error {
	buffered := func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 64<<10)
		if err := write(out); err != nil {
			return err
		}
		return out.Flush()
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(buffered(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*") // its owner's alone: these are people's data
	if err != nil {
		return err
	}
	err = buffered(f)
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
