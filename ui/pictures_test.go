package ui

import (
	"bytes"
	"encoding/json"
	"image/color"
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

// blobOf keeps a picture of one colour in the store, and returns its blob.
func (h *harness) blobOf(c color.Color) contact.Blob {
	h.Helper()
	img := portrait(64, 64)
	for i := range 64 * 64 {
		img.Set(i%64, i/64, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		h.Fatal(err)
	}
	blob := contact.NewBlob("image/png", b.Bytes())
	if err := h.store.PutBlob(h.Context(), blob); err != nil {
		h.Fatal(err)
	}
	return blob
}

// TestPicturesInTheHistory draws what a photo was and is; of one that is not on this computer, the word is left.
func TestPicturesInTheHistory(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 760))
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.until(t, "all are listed", func() bool { return len(h.names()) == 6 && h.names()[1] == "Charles Babbage" })
			sides := []contact.Blob{h.blobOf(avatarColors[5]), h.blobOf(avatarColors[7])}
			h.list.choose(1)
			h.untilShown("Charles Babbage")
			elsewhere := contact.NewBlob("image/png", []byte("on another computer"))
			begin := h.view.shown
			h.view.show(shownContact{Contact: begin.Contact, conflicts: []data.Conflict{{ID: "x", Field: "/media/photo/blobId", LocalAt: testNow, RemoteAt: testNow, Device: "Phone",
				Local: plainJSON(sides[0].ID), Remote: plainJSON(sides[1].ID), Base: plainJSON(elsewhere.ID)}}})
			h.until(t, "both sides are drawn", func() bool { return len(h.pictures.waiting) == 0 })
			h.golden("conflict-photo-" + mode)
			h.view.show(begin)

			for _, blob := range []contact.Blob{elsewhere, h.blobOf(avatarColors[0]), h.blobOf(avatarColors[3])} {
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
