package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"kith/contact"
	"kith/contact/picture"
	"kith/data"
)

type photoCmd struct {
	ID     string `arg:"" help:"The contact."`
	File   string `arg:"" optional:"" name:"FILE" help:"The new photo: JPEG, PNG, GIF, WebP or BMP. The square in its middle is taken, at most 1024 pixels wide, and nothing of what the camera wrote beside."`
	Remove bool   `help:"Take the photo off."`
	Export string `help:"Write the photo to a new file." placeholder:"FILE"`
}

func (c *photoCmd) Run(ctx context.Context, a *app) error {
	chosen := 0
	for _, on := range []bool{c.File != "", c.Remove, c.Export != ""} {
		if on {
			chosen++
		}
	}
	if chosen != 1 {
		return usage("name a FILE to set the photo, or use --remove or --export FILE (see: kithctl photo --help)")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	old, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	if c.Export != "" {
		return c.export(ctx, a, s, old)
	}
	if !old.Deleted.IsZero() {
		return fmt.Errorf("%s is in the trash: bring it back with \"kithctl restore %s\" first", title(old.Card), old.ID)
	}
	card, err := withPhotoFile(ctx, s, old.Card, c.File)
	if err != nil {
		return err
	}
	saved, err := s.Save(ctx, old.ID, old.Card, card)
	if err != nil {
		return err
	}
	return a.emit(idResult{saved.ID}, func(w io.Writer) { fmt.Fprintln(w, "Saved:", oneLine(title(saved.Card))) })
}

// withPhotoFile is the card with the photo of a file, whose blob is kept then; "" : without one.
func withPhotoFile(ctx context.Context, s *data.Store, card contact.Card, file string) (contact.Card, error) {
	if file == "" {
		return card.WithoutPhoto(), nil
	}
	b, err := readPicture(file)
	if err != nil {
		return card, fmt.Errorf("read the photo: %w", err)
	}
	kind, photo, err := picture.Photo(b)
	if err != nil {
		return card, fmt.Errorf("%s: %w", file, err)
	}
	blob := contact.NewBlob(kind, photo)
	if err := s.PutBlob(ctx, blob); err != nil {
		return card, err
	}
	return card.WithPhoto(blob), nil
}

// readPicture reads no more of a file than a picture may have.
func readPicture(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, picture.MaxFileBytes+1))
}

func (c *photoCmd) export(ctx context.Context, a *app, s *data.Store, from data.Contact) error {
	p, ok := from.Card.Photo()
	if !ok {
		return fmt.Errorf("%s has no photo", title(from.Card))
	}
	blob, inline := p.Inline()
	if p.BlobID != "" {
		var err error
		if blob, err = s.Blob(ctx, p.BlobID); errors.Is(err, contact.ErrNoBlob) {
			return fmt.Errorf("the photo of %s is not on this computer yet: \"kithctl sync\" fetches it", title(from.Card))
		} else if err != nil {
			return err
		}
	} else if !inline {
		return fmt.Errorf("the photo of %s is not kept here, but at %s", title(from.Card), elsewhere(p.URI))
	}
	f, err := os.OpenFile(c.Export, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the photo: %w", err)
	}
	if _, err = f.Write(blob.Bytes); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the photo: %w", errors.Join(err, os.Remove(c.Export)))
	}
	kind := http.DetectContentType(blob.Bytes)
	result := struct {
		File  string `json:"file"`
		Type  string `json:"type"`
		Bytes int    `json:"bytes"`
	}{c.Export, kind, len(blob.Bytes)}
	return a.emit(result, func(w io.Writer) { fmt.Fprintf(w, "Written: %s (%s, %d bytes)\n", c.Export, kind, len(blob.Bytes)) })
}

// elsewhere is a URI for a person; the bytes in one are not.
func elsewhere(uri string) string {
	if u, err := url.Parse(uri); err == nil && u.Scheme != "data" {
		return uri
	}
	scheme, _, _ := strings.Cut(uri, ",")
	return scheme + ",…"
}

// blobSize tells how large a picture is that a card refers to by its hash; ok is false where it is not on this computer.
type blobSize func(id string) (bytes int64, ok bool)

func sizesOfBlobs(ctx context.Context, s *data.Store) blobSize {
	return func(id string) (int64, bool) {
		n, err := s.BlobSize(ctx, id)
		return n, err == nil
	}
}

// worded is plain, but for pictures: their hashes and their bytes tell nobody anything.
func worded(pointer string, v json.RawMessage, size blobSize) string {
	text := plain(v)
	if !strings.HasPrefix(pointer, "/media/") || v == nil {
		return text
	}
	switch path.Base(pointer) {
	case "blobId":
		if n, ok := size(text); ok {
			return "a picture of " + kilobytes(n)
		}
		return "a picture that is not on this computer"
	case "uri":
		if strings.HasPrefix(text, "data:") {
			return "a picture of " + kilobytes(int64(len(text))*3/4) // as base64 has it, nearly
		}
	}
	return text
}

// kilobytes writes a size as people read it, never as none.
func kilobytes(n int64) string { return fmt.Sprintf("%d KB", max(1, (n+500)/1000)) }
