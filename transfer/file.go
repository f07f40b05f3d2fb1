package transfer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kith/contact"
	"kith/contact/cardfile"
)

// File is one file to import. It may be read several times: for the preview, and for the import.
type File struct {
	Name   string // as the user calls it
	path   string
	beside bool // what can't be read is kept next to it
}

// ErrFolder is that of a folder where a file is meant.
var ErrFolder = errors.New("is a folder")

// OnDisk is a file of the user's. It must be there, and be no folder (ErrFolder).
func OnDisk(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return File{}, fmt.Errorf("%s %w: name the files in it", name, ErrFolder)
	}
	return File{Name: name, path: name, beside: true}, nil
}

// Spool writes what can be read only once to a temporary file; remove removes that.
func Spool(in io.Reader, name string) (file File, remove func() error, err error) {
	f, err := os.CreateTemp("", "kith-import-*")
	if err != nil {
		return File{}, nil, err
	}
	_, err = io.Copy(f, in)
	if err = errors.Join(err, f.Close()); err != nil {
		return File{}, nil, errors.Join(err, os.Remove(f.Name()))
	}
	return File{Name: name, path: f.Name()}, func() error { return os.Remove(f.Name()) }, nil
}

// base is the file's name without its folder and its ending.
func (f File) base() string {
	base := filepath.Base(f.Name)
	return base[:len(base)-len(filepath.Ext(base))]
}

func (f File) size() int64 {
	info, err := os.Stat(f.path)
	if err != nil {
		return 0 // opening it says what is wrong
	}
	return info.Size()
}

// reading is a file while it is read.
type reading struct {
	*cardfile.Reader
	file  *os.File
	read  *int64            // bytes of all files so far
	blobs map[string][]byte // of the card that is being read
	groups
}

func (f File) open(read *int64) (*reading, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	r := &reading{file: file, read: read, blobs: map[string][]byte{}}
	if r.Reader, err = cardfile.NewReader(r.counted(), f.Name, cardfile.TakeBlobs(r.keepBlob)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if r.groups, err = f.groupsIn(r.Format()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

func (r *reading) keepBlob(b contact.Blob) error {
	r.blobs[b.ID] = b.Bytes
	return nil
}

// next is Next for cards of any size: their photos do not count, and are in them again afterwards. The book takes out what is large.
func (r *reading) next() (contact.Card, error) {
	var card contact.Card
	for is := false; !is; {
		clear(r.blobs)
		var err error
		if card, err = r.Next(); err != nil {
			return card, err
		}
		card, is = r.apply(card)
	}
	if len(r.blobs) == 0 {
		return card, nil
	}
	return card.AttachBlobs(func(id string) ([]byte, error) {
		if b, ok := r.blobs[id]; ok {
			return b, nil
		}
		return nil, contact.ErrNoBlob
	})
}

func (r *reading) close() error { return r.file.Close() }

// counted counts what is read of the file.
func (r *reading) counted() io.Reader { return counter{r.file, r.read} }

type counter struct {
	io.Reader
	n *int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}
