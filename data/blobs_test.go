package data

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/picture"
)

// photo is a picture in one colour.
func photo(t *testing.T, shade uint8) contact.Blob {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for i := 0; i < len(img.Pix); i += 4 {
		copy(img.Pix[i:], []byte{shade, 100, 255 - shade, 255})
	}
	kind, b, err := picture.Encode(img)
	if err != nil {
		t.Fatal(err)
	}
	return contact.NewBlob(kind, b)
}

func mustPut(t *testing.T, s *Store, b contact.Blob) contact.Blob {
	t.Helper()
	if err := s.PutBlob(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBlob(t *testing.T) {
	s := newStore(t)
	b := photo(t, 7*30)
	if _, err := s.Blob(t.Context(), b.ID); !errors.Is(err, contact.ErrNoBlob) {
		t.Errorf("before it is put: %v", err)
	}
	for range 2 {
		mustPut(t, s, b)
	}
	got, err := s.Blob(t.Context(), b.ID)
	if err != nil || got.Type != b.Type || !bytes.Equal(got.Bytes, b.Bytes) {
		t.Errorf("got %s, %d bytes, %v", got.Type, len(got.Bytes), err)
	}
	if n, err := s.BlobSize(t.Context(), b.ID); err != nil || n != int64(len(b.Bytes)) {
		t.Errorf("size %d, %v", n, err)
	}
	if err := s.PutBlob(t.Context(), contact.Blob{ID: b.ID, Bytes: []byte("other")}); err == nil {
		t.Error("other bytes under the same name were taken")
	}
	if err := s.PutBlob(t.Context(), contact.NewBlob("", make([]byte, MaxBlobBytes+1))); !errors.Is(err, ErrBlobTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestThumbnail(t *testing.T) {
	s := newStore(t)
	b := mustPut(t, s, photo(t, 7*30))
	for range 2 {
		small, err := s.Thumbnail(t.Context(), b.ID, 48)
		if err != nil {
			t.Fatal(err)
		}
		img, err := picture.Decode(small, 1000)
		if err != nil || img.Bounds().Dx() != 48 || img.Bounds().Dy() != 48 {
			t.Errorf("%v, %v", img.Bounds(), err)
		}
	}
	none := mustPut(t, s, contact.NewBlob("image/jpeg", []byte("not a picture")))
	for range 2 {
		if _, err := s.Thumbnail(t.Context(), none.ID, 48); !errors.Is(err, picture.ErrNotAPicture) {
			t.Errorf("of no picture: %v", err)
		}
	}
	if _, err := s.Thumbnail(t.Context(), strings.Repeat("0", 64), 48); !errors.Is(err, contact.ErrNoBlob) {
		t.Errorf("of none: %v", err)
	}
}

// The list knows who has a photo, whichever way the card has it.
func TestRowPhoto(t *testing.T) {
	s := newStore(t)
	a, small := mustPut(t, s, photo(t, 1*30)), photo(t, 2*30)
	inline, err := contact.New().WithFullName("Inline").WithField("/media/x", `{"kind":"photo","uri":"data:image/jpeg;base64,`+base64.StdEncoding.EncodeToString(small.Bytes)+`"}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []contact.Card{contact.New().WithFullName("Blob").WithPhoto(a), inline, contact.New().WithFullName("None")} {
		if _, err := s.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	rows := listRows(t, s, Query{})
	if rows[0].Photo != a.ID || rows[1].Photo != small.ID || rows[2].Photo != "" {
		t.Errorf("photos %q, %q, %q", rows[0].Photo, rows[1].Photo, rows[2].Photo)
	}
	if _, err := s.Thumbnail(t.Context(), small.ID, 40); err != nil {
		t.Errorf("of the photo that the card holds: %v", err)
	}
	c, err := s.Contact(t.Context(), rows[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), c.ID, c.Card, c.Card.WithoutPhoto()); err != nil {
		t.Fatal(err)
	}
	if rows := listRows(t, s, Query{}); rows[0].Photo != "" {
		t.Errorf("after it was taken off: %q", rows[0].Photo)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func listRows(t *testing.T, s *Store, q Query) []Row {
	t.Helper()
	order, err := s.Order(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Rows(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A photo of any size that comes inside a card leaves it, so that the card stays within its limit.
func TestLargePhotoLeavesTheCard(t *testing.T) {
	s := newStore(t)
	big := contact.NewBlob("image/png", bytes.Repeat([]byte{1, 2, 3}, 200<<10))
	held, err := contact.New().WithFullName("Ada").WithField("/media/x", `{"kind":"photo","uri":"data:image/png;base64,`+base64.StdEncoding.EncodeToString(big.Bytes)+`"}`)
	if err != nil {
		t.Fatal(err)
	}
	added, err := s.Add(t.Context(), held)
	if err != nil {
		t.Fatal(err)
	}
	if p, _ := added.Card.Photo(); p.BlobID != big.ID || p.URI != "" {
		t.Errorf("added: %+v", p)
	}
	back, err := added.Card.AttachBlobs(s.BlobBytes(t.Context()))
	if err != nil || !back.Equal(held) {
		t.Errorf("attached again, it is another card: %v", err)
	}
	other, err := s.Add(t.Context(), contact.New().WithFullName("Grace"))
	if err != nil {
		t.Fatal(err)
	}
	with, err := other.Card.WithField("/media/x", `{"kind":"photo","uri":"data:image/png;base64,`+base64.StdEncoding.EncodeToString(big.Bytes)+`"}`)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := s.Save(t.Context(), other.ID, other.Card, with)
	if p, _ := saved.Card.Photo(); err != nil || p.BlobID != big.ID {
		t.Errorf("saved: %+v, %v", p, err)
	}
	im := s.BeginImport()
	done, refused, err := im.Take(t.Context(), []contact.Card{held})
	if err != nil || refused[0] != nil || done.Unchanged != 1 {
		t.Errorf("the same card imported: %+v, %v, %v", done, refused, err)
	}
}

func TestMissingBlobs(t *testing.T) {
	s := newStore(t)
	a, b := photo(t, 1*30), photo(t, 2*30)
	for _, p := range []contact.Blob{a, b, b} {
		if _, err := s.Add(t.Context(), contact.New().WithFullName("x").WithPhoto(p)); err != nil {
			t.Fatal(err)
		}
	}
	first, second := min(a.ID, b.ID), max(a.ID, b.ID)
	if got, err := s.MissingBlobs(t.Context(), DefaultBook, "", 1); err != nil || strings.Join(got, " ") != first {
		t.Errorf("the first: %v, %v", got, err)
	}
	if got, err := s.MissingBlobs(t.Context(), DefaultBook, first, 10); err != nil || strings.Join(got, " ") != second {
		t.Errorf("the rest: %v, %v", got, err)
	}
	mustPut(t, s, a)
	mustPut(t, s, b)
	if got, err := s.MissingBlobs(t.Context(), DefaultBook, "", 10); err != nil || len(got) != 0 {
		t.Errorf("when they are here: %v, %v", got, err)
	}
}

func TestReplaceBlob(t *testing.T) {
	s := newStore(t)
	big, small := mustPut(t, s, photo(t, 1*30)), photo(t, 2*30)
	c, err := s.Add(t.Context(), contact.New().WithFullName("Ada").WithPhoto(big))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.OversizedBlobs(t.Context(), DefaultBook, 100); err != nil || len(got) != 1 || got[0] != big.ID {
		t.Errorf("oversized: %v, %v", got, err)
	}
	if err := s.ReplaceBlob(t.Context(), big.ID, small); err != nil {
		t.Fatal(err)
	}
	if c, err = s.Contact(t.Context(), c.ID); err != nil || !c.Card.Refers(small.ID) || c.Card.Refers(big.ID) {
		t.Errorf("it refers to %v, %v", c.Card.BlobIDs(), err)
	}
}

// What a change needs stands beside it, also when it is read again after a crash.
func TestOutgoingBlobs(t *testing.T) {
	s := newStore(t)
	p := mustPut(t, s, photo(t, 1*30))
	if _, err := s.Add(t.Context(), contact.New().WithFullName("Ada").WithPhoto(p)); err != nil {
		t.Fatal(err)
	}
	taken, err := s.TakePush(t.Context(), DefaultBook, 10, 1<<20)
	if err != nil || len(taken) != 1 || strings.Join(taken[0].Blobs, " ") != p.ID {
		t.Errorf("taken: %+v, %v", taken, err)
	}
	flying, err := s.InFlight(t.Context(), DefaultBook)
	if err != nil || len(flying) != 1 || strings.Join(flying[0].Blobs, " ") != p.ID {
		t.Errorf("in flight: %+v, %v", flying, err)
	}
}

// A blob goes only when nothing at all mentions it any more: not a card, nor what undo, the history, the trash, a push under way or
// a draft would bring back.
func TestCollectBlobs(t *testing.T) {
	now := time.Now()
	s, err := Open(t.Context(), t.TempDir(), Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.background.Wait() // it collects, too
	ctx := t.Context()
	add := func(name string, p contact.Blob) Contact {
		t.Helper()
		mustPut(t, s, p)
		c, err := s.Add(ctx, contact.New().WithFullName(name).WithPhoto(p))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	save := func(c Contact, to contact.Card) {
		t.Helper()
		if _, err := s.Save(ctx, c.ID, c.Card, to); err != nil {
			t.Fatal(err)
		}
	}
	current, trashed, replaced, removed, flying, drafted, loose := photo(t, 1*30), photo(t, 2*30), photo(t, 3*30), photo(t, 4*30), photo(t, 5*30), photo(t, 6*30), photo(t, 7*30)
	add("Current", current)
	if err := s.Delete(ctx, add("Trashed", trashed).ID); err != nil {
		t.Fatal(err)
	}
	c := add("Replaced", replaced)
	save(c, c.Card.WithPhoto(current))
	c = add("Removed", removed)
	save(c, c.Card.WithoutPhoto())
	c = add("Flying", flying)
	if _, err := s.TakePush(ctx, DefaultBook, 10, 1<<20); err != nil {
		t.Fatal(err)
	}
	save(c, c.Card.WithoutPhoto())
	mustPut(t, s, drafted)
	if err := s.SetDraft(ctx, Draft{To: contact.New().WithPhoto(drafted)}); err != nil {
		t.Fatal(err)
	}
	mustPut(t, s, loose)
	if n, err := s.CollectBlobs(ctx); n != 0 || err != nil {
		t.Errorf("on the same day: %d, %v", n, err)
	}
	now = now.Add(25 * time.Hour)
	if n, err := s.CollectBlobs(ctx); n != 1 || err != nil {
		t.Errorf("a day later: %d, %v, want the loose one", n, err)
	}
	for name, b := range map[string]contact.Blob{"current": current, "trashed": trashed, "replaced": replaced, "removed": removed, "flying": flying, "drafted": drafted} {
		if _, err := s.Blob(ctx, b.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.DropDraft(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := s.CollectBlobs(ctx); n != 1 || err != nil {
		t.Errorf("without the draft: %d, %v", n, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
}
