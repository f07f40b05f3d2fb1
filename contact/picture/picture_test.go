package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"golang.org/x/image/bmp"
)

var (
	red, green = color.NRGBA{R: 200, A: 255}, color.NRGBA{G: 200, A: 255}
	blue       = color.NRGBA{B: 200, A: 255}
)

// flag is wide and low: its left third is red, the middle green, the right blue; its top half is darker.
func flag(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := []color.NRGBA{red, green, blue}[min(2, 3*x/w)]
			if y < h/2 {
				c.R, c.G, c.B = c.R/2, c.G/2, c.B/2
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t *testing.T, img image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) })
}

// withExif puts an EXIF segment into a JPEG.
func withExif(file []byte, orientation uint16, order binary.ByteOrder) []byte {
	tiff := new(bytes.Buffer)
	if order == binary.LittleEndian {
		tiff.WriteString("II")
	} else {
		tiff.WriteString("MM")
	}
	for _, v := range []any{uint16(42), uint32(8), uint16(2), uint16(0x0100), uint16(3), uint32(1), uint32(0),
		uint16(tagOrientation), uint16(3), uint32(1), orientation, uint16(0), uint32(0)} {
		_ = binary.Write(tiff, order, v)
	}
	segment := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, 0xe1, byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(out, segment...), file[2:]...)
}

func near(a color.Color, b color.NRGBA) bool {
	c := color.NRGBAModel.Convert(a).(color.NRGBA)
	far := func(x, y uint8) bool { return max(x, y)-min(x, y) > 30 }
	return !far(c.R, b.R) && !far(c.G, b.G) && !far(c.B, b.B)
}

func TestDecodeFormats(t *testing.T) {
	img := flag(60, 30)
	// A WebP of 1 × 1 pixel: Go's libraries write none.
	webp, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		file []byte
		w, h int
	}{
		{"JPEG", jpegOf(t, img), 60, 30},
		{"PNG", encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) }), 60, 30},
		{"GIF", encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) }), 60, 30},
		{"BMP", encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, img) }), 60, 30},
		{"WebP", webp, 1, 1},
	} {
		got, err := Decode(tc.file, 100)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if got.Bounds().Dx() != tc.w || got.Bounds().Dy() != tc.h {
			t.Errorf("%s: %v", tc.name, got.Bounds())
		}
		if tc.w > 1 && (!near(got.At(5, 25), red) || !near(got.At(55, 25), blue)) {
			t.Errorf("%s: the colours are %v and %v", tc.name, got.At(5, 25), got.At(55, 25))
		}
	}
}

// The red end of the flag, and its dark side, are where a person who looks at the camera's picture expects them.
func TestOrientation(t *testing.T) {
	file := jpegOf(t, flag(60, 30))
	for _, tc := range []struct {
		orientation uint16
		w, h        int
		redX, redY  int // of a light red pixel
	}{
		{0, 60, 30, 5, 25}, {1, 60, 30, 5, 25}, {2, 60, 30, 55, 25}, {3, 60, 30, 55, 5}, {4, 60, 30, 5, 5},
		{5, 30, 60, 25, 5}, {6, 30, 60, 5, 5}, {7, 30, 60, 5, 55}, {8, 30, 60, 25, 55}, {9, 60, 30, 5, 25},
	} {
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			got, err := Decode(withExif(file, tc.orientation, order), 100)
			if err != nil {
				t.Fatal(err)
			}
			if got.Bounds().Dx() != tc.w || got.Bounds().Dy() != tc.h || !near(got.At(tc.redX, tc.redY), red) {
				t.Errorf("orientation %d, %v: %v, at (%d, %d) %v", tc.orientation, order, got.Bounds(), tc.redX, tc.redY, got.At(tc.redX, tc.redY))
			}
		}
	}
}

// Nothing of a file but what it shows goes on.
func TestPhotoForgetsTheCamera(t *testing.T) {
	file := withExif(jpegOf(t, flag(60, 30)), 6, binary.LittleEndian)
	kind, photo, err := Photo(file)
	if err != nil || kind != "image/jpeg" || bytes.Contains(photo, []byte("Exif")) {
		t.Errorf("%s, %d bytes, %v, EXIF in it: %v", kind, len(photo), err, bytes.Contains(photo, []byte("Exif")))
	}
	if config, _ := jpeg.DecodeConfig(bytes.NewReader(photo)); config.Width != 30 || config.Height != 30 {
		t.Errorf("it has %d × %d pixels, want the square of 30", config.Width, config.Height)
	}
}

// bomb is a PNG of a few bytes that claims to be a huge picture.
func bomb(t *testing.T, w, h uint32) []byte {
	t.Helper()
	b := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, image.NewGray(image.Rect(0, 0, 1, 1))) })
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestRefused(t *testing.T) {
	whole := jpegOf(t, flag(60, 30))
	for _, tc := range []struct {
		name string
		file []byte
		want error
	}{
		{"a text", []byte("not a picture"), ErrNotAPicture},
		{"nothing", nil, ErrNotAPicture},
		{"half a picture", whole[:len(whole)/3], ErrNotAPicture},
		{"a bomb", bomb(t, 60_000, 60_000), ErrTooLarge},
		{"a bomb whose area overflows", bomb(t, 1<<24, 1<<24), ErrTooLarge},
	} {
		if _, err := Decode(tc.file, 100); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
		if _, err := Thumbnail(tc.file, 64); !errors.Is(err, tc.want) {
			t.Errorf("%s: a thumbnail: %v, want %v", tc.name, err, tc.want)
		}
	}
}

func TestCrop(t *testing.T) {
	img := flag(90, 30)
	for _, tc := range []struct {
		name   string
		square image.Rectangle
		side   int
		want   int // the side of what comes out
		middle color.NRGBA
	}{
		{"the middle", Middle(img.Bounds()), 1024, 30, green},
		{"made smaller", Middle(img.Bounds()), 10, 10, green},
		{"the left end", image.Rect(0, 0, 30, 30), 1024, 30, red},
		{"beyond the right end", image.Rect(500, 500, 530, 530), 1024, 30, blue},
		{"larger than the picture", image.Rect(-10, -10, 200, 200), 1024, 30, red},
		{"nothing", image.Rect(40, 20, 40, 20), 1024, 1, green},
	} {
		got := Crop(img, tc.square, tc.side)
		s := got.Bounds().Dx()
		if s != tc.want || got.Bounds().Dy() != tc.want || !near(got.At(s/2, s-1), tc.middle) {
			t.Errorf("%s: %v, %v in the middle", tc.name, got.Bounds(), got.At(s/2, s-1))
		}
	}
}

func TestEncodeKeepsWhatShinesThrough(t *testing.T) {
	img := flag(60, 30)
	img.SetNRGBA(0, 0, color.NRGBA{})
	kind, b, err := Encode(img)
	if err != nil || kind != "image/png" {
		t.Fatalf("%s, %v", kind, err)
	}
	back, err := Decode(b, 100)
	if err != nil || back.NRGBAAt(0, 0).A != 0 {
		t.Errorf("%v, %v", back, err)
	}
}

func TestShrink(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 1500, 1000))
	seed := uint32(1)
	for i := range img.Pix { // noise, which no format makes small
		seed = seed*1664525 + 1013904223
		img.Pix[i] = byte(seed >> 24)
	}
	file := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, img) })
	_, small, err := Shrink(file, 200_000)
	if err != nil || len(small) > 200_000 {
		t.Fatalf("%d bytes, %v", len(small), err)
	}
	got, err := Decode(small, 5000)
	if err != nil {
		t.Fatal(err)
	}
	if w, h := got.Bounds().Dx(), got.Bounds().Dy(); w*10/h != 15 {
		t.Errorf("its form has changed: %d × %d", w, h)
	}
	if _, _, err := Shrink(file, 10); !errors.Is(err, ErrTooLarge) {
		t.Errorf("to 10 bytes: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, flag(20, 10), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(withExif(b.Bytes(), 6, binary.BigEndian))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8X"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = Decode(b, 50) // whatever it says: it ends
	})
}
