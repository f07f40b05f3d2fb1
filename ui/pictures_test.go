package ui

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestPicturedAt(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	tests := []struct {
		path, value string
		want        pictured
	}{
		{"/media/photo", `{"kind":"photo","blobId":"` + hash + `","mediaType":"image/jpeg"}`, pictured{true, hash}},
		{"/media/photo/blobId", `"` + hash + `"`, pictured{true, hash}},
		{"/media/photo/uri", `"data:image/png;base64,QUJD"`, pictured{true, contact.NewBlob("image/png", []byte("ABC")).ID}},
		{"/media/photo", `{"kind":"photo","uri":"https://example.org/ada.png"}`, pictured{true, ""}},
		{"/media/photo/uri", `"https://example.org/ada.png"`, pictured{}},
		{"/media/hello", `{"kind":"sound","blobId":"` + hash + `"}`, pictured{}},
		{"/media/photo/mediaType", `"image/png"`, pictured{}},
		{"/media/photo", "null", pictured{}},
		{"/media/photo", "", pictured{}},
		{"/media", `{}`, pictured{}},
		{"/notes/media/note", `"x"`, pictured{}},
	}
	for _, tt := range tests {
		if got := picturedAt(tt.path, json.RawMessage(tt.value)); got != tt.want {
			t.Errorf("%s: %s: got %v, want %v", tt.path, tt.value, got, tt.want)
		}
	}
}

func TestPictureInWords(t *testing.T) {
	a, b := contact.NewBlob("image/png", []byte("a")), contact.NewBlob("image/jpeg", []byte("b"))
	was := person("Ada", "Lovelace")
	for _, tt := range []struct {
		from, to contact.Card
		want     string
	}{
		{was, was.WithPhoto(a), "Picture: added picture"},
		{was.WithPhoto(a), was.WithPhoto(b), "Picture: picture → picture"},
		{was.WithPhoto(b), was, "Picture: removed picture"},
	} {
		lines := editLines(contact.Diff(tt.from, tt.to))
		if len(lines) != 1 || lines[0].words() != tt.want {
			t.Errorf("got %+v; want %q", lines, tt.want)
		}
	}
}

// keepPicture keeps a picture of one colour in the store.
func keepPicture(t *testing.T, store *data.Store, c color.Color) contact.Blob {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	blob := contact.NewBlob("image/png", b.Bytes())
	if err := store.PutBlob(t.Context(), blob); err != nil {
		t.Fatal(err)
	}
	return blob
}

// TestPicturesInTheHistory draws what a photo was and is; of one that is not on this computer, the word is left.
func TestPicturesInTheHistory(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			dir := t.TempDir()
			store := newTestStore(t, dir)
			if _, err := store.AddAll(t.Context(), goldenCards(t)); err != nil {
				t.Fatal(err)
			}
			var blobs []contact.Blob
			for _, i := range []int{0, 3, 5, 7} {
				blobs = append(blobs, keepPicture(t, store, avatarColors[i]))
			}
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			h := openWindow(t, dir, nil).opened()
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 760))
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.until(t, "all are listed", func() bool { return len(h.names()) == 6 && h.names()[1] == "Charles Babbage" })
			h.list.choose(1)
			h.untilShown("Charles Babbage")
			elsewhere := contact.NewBlob("image/png", []byte("on another computer"))
			begin := h.view.shown
			h.view.show(shownContact{Contact: begin.Contact, conflicts: []data.Conflict{{ID: "x", Field: "/media/photo/blobId", LocalAt: testNow, RemoteAt: testNow, Device: "Phone",
				Local: plainJSON(blobs[2].ID), Remote: plainJSON(blobs[3].ID), Base: plainJSON(elsewhere.ID)}}})
			h.until(t, "both sides are drawn", func() bool { return len(h.pictures.waiting) == 0 })
			h.golden("conflict-photo-" + mode)
			h.view.show(begin)

			for _, blob := range []contact.Blob{elsewhere, blobs[0], blobs[1]} {
				was := h.view.shown
				if _, err := h.store.Save(t.Context(), was.ID, was.Card, was.Card.WithPhoto(blob)); err != nil {
					t.Fatal(err)
				}
				h.until(t, "the photo is saved", func() bool { return h.view.shown.photo == blob.ID })
			}
			h.until(t, "the head shows the photo", h.view.face.photo.Visible)
			h.until(t, "the row shows the photo", func() bool { return h.list.rowState(1).face != nil })
			h.view.history.toggle.tapped()
			h.until(t, "the history is shown", func() bool { return len(h.view.history.entries.Objects) == 4 })
			h.until(t, "each picture is drawn, or known to be gone", func() bool { return len(h.pictures.waiting) == 0 })
			h.golden("history-photo-" + mode)
		})
	}
}
