package syncer_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kith/contact"
	"kith/contact/picture"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// photo gives a contact a photo of some bytes, and returns its blob's id.
func (d *device) photo(id, bytes string) string {
	d.t.Helper()
	b := contact.NewBlob("image/jpeg", []byte(bytes))
	if err := d.store.PutBlob(d.t.Context(), b); err != nil {
		d.t.Fatal(err)
	}
	from := d.card(id)
	if _, err := d.store.Save(d.t.Context(), id, from, from.WithPhoto(b)); err != nil {
		d.t.Fatalf("%s: save: %v", d.name, err)
	}
	return b.ID
}

func (d *device) wantBlob(id, bytes string) {
	d.t.Helper()
	if b, err := d.store.Blob(d.t.Context(), id); err != nil || string(b.Bytes) != bytes {
		d.t.Errorf("%s: blob %.6s: %q, %v, want %q", d.name, id, b.Bytes, err, bytes)
	}
}

func TestPhotoReachesTheOtherDevice(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x := a.add("Ada")
	first := a.photo(x, "first")
	w.settled()
	w.wantEqual()
	b.wantBlob(first, "first")

	n := w.count()
	second := b.photo(x, "second")
	b.set(x, "org=Analytical Society")
	w.settled()
	w.wantEqual()
	a.wantBlob(second, "second")
	if got := n.take(); got["put-blob"] != 1 || got["blob"] != 1 || got["has-blob"] != 1 {
		t.Errorf("requests %v, want each kind of blob request once", got)
	}
	a.set(x, "title=Countess")
	w.settled()
	if got := n.take(); got["put-blob"] != 0 || got["blob"] != 0 {
		t.Errorf("another edit sent photos again: %v", got)
	}
}

// A contact never arrives at the server before its photo; broken off anywhere, the next pass goes on.
func TestPhotoUploadBrokenOff(t *testing.T) {
	lost := memremote.Fault{Lost: true}
	unanswered := memremote.Fault{NoReply: true}
	for _, c := range []struct {
		name, op string
		fault    memremote.Fault
	}{
		{"the question", "has-blob", lost}, {"the upload", "put-blob", lost}, {"its answer", "put-blob", unanswered}, {"the push", "push", lost},
		{"the push's answer", "push", unanswered}, {"the download", "blob", lost}, {"twice", "put-blob", memremote.Fault{Twice: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a, b := w.device("a"), w.device("b")
			x := a.add("Ada")
			id := a.photo(x, "photo")
			n := w.count()
			faults := 1
			n.set(func(r memremote.Request) memremote.Fault {
				if r.Op == c.op && faults > 0 {
					faults--
					return c.fault
				}
				return memremote.Fault{}
			})
			for range 2 {
				for _, d := range []*device{a, b} {
					_, _ = d.engine.Sync(t.Context()) // offline once
				}
			}
			w.settled()
			w.wantEqual()
			b.wantBlob(id, "photo")
			if faults > 0 {
				t.Errorf("no request %q was made", c.op)
			}
		})
	}
}

// A server that has lost its photos gets them again, and no contact is set aside for it.
func TestPhotosLostAtTheServer(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	x, y := a.add("Ada"), a.add("Grace")
	first := a.photo(x, "first")
	w.settled()
	w.server.DropBlobs("ada")
	a.set(x, "org=Analytical Society")
	a.set(y, "org=Navy")
	if s := a.sync(); s.Pushed != 2 || s.Rejected != 0 {
		t.Errorf("got %+v", s)
	}
	if got := w.server.Blobs("ada"); !slices.Equal(got, []string{first}) {
		t.Errorf("the server has %v", got)
	}
	w.wantEqual()
}

// A photo that nobody has any more holds up nothing.
func TestPhotoThatNobodyHas(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x := a.add("Ada")
	from := a.card(x)
	if _, err := a.store.Save(t.Context(), x, from, from.WithPhoto(contact.NewBlob("image/png", []byte("never kept")))); err != nil {
		t.Fatal(err)
	}
	w.settled()
	b.set(x, "org=Analytical Society")
	w.settled()
	w.wantEqual()
	a.want(x, "org=Analytical Society")
}

// A photo that the server would not take is made smaller; what is no picture is set aside alone, with the reason.
func TestPhotoTooLarge(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	w.server.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 100, PushBytes: 1 << 20, PageChanges: 100, BlobBytes: 20_000})
	a.reopen()
	b.reopen()
	img := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	seed := uint32(1)
	for i := range img.Pix {
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(seed>>24) | byte(i%4/3*255)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	x, y, z := a.add("Ada"), a.add("Grace"), a.add("Emmy")
	large := a.photo(x, file.String())
	a.photo(y, strings.Repeat("no picture", 10_000))
	a.set(z, "org=Göttingen")
	a.sync()
	b.sync()
	p, _ := b.card(x).Photo()
	got, err := b.store.Blob(t.Context(), p.BlobID)
	if err != nil || p.BlobID == large || len(got.Bytes) > 20_000 {
		t.Errorf("the photo has %d bytes, %v", len(got.Bytes), err)
	}
	if _, err := picture.Decode(got.Bytes, 1000); err != nil {
		t.Error(err)
	}
	if c := a.contact(y); !strings.Contains(c.Rejected, "larger than the 19 KB") {
		t.Errorf("what is no picture: %q", c.Rejected)
	}
	b.want(z, "org=Göttingen")
}

// The window's loop fetches photos beside its passes.
func TestLoopFetchesPhotos(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, b := w.device("a"), w.device("b")
		x := a.add("Ada")
		id := a.photo(x, "photo")
		stop := b.run()
		defer stop()
		a.sync()
		time.Sleep(2 * time.Second) // of the bubble's time
		b.wantBlob(id, "photo")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		if missing, err := b.store.MissingBlobs(ctx, data.DefaultBook, "", 10); err != nil || len(missing) != 0 {
			t.Errorf("missing %v, %v", missing, err)
		}
	})
}
