package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// Side is that of a contact's photo in pixels: sharp on any screen as large as photos are drawn, and some 100 KB.
const Side = 1024

// Encode writes a picture and says its media type: JPEG, or PNG if something shines through it. It writes nothing but pixels.
func Encode(img image.Image) (mediaType string, b []byte, err error) {
	var out bytes.Buffer
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		mediaType, err = "image/jpeg", jpeg.Encode(&out, img, &jpeg.Options{Quality: 86})
	} else {
		mediaType, err = "image/png", png.Encode(&out, img)
	}
	if err != nil {
		return "", nil, fmt.Errorf("encode a picture: %w", err)
	}
	return mediaType, out.Bytes(), nil
}

// Crop cuts a square out of a picture, and makes it at most side pixels wide. What of the square lies outside of the picture is moved
// into it.
func Crop(img image.Image, square image.Rectangle, side int) *image.NRGBA {
	bounds := img.Bounds()
	size := max(1, min(square.Dx(), bounds.Dx(), bounds.Dy()))
	x := max(bounds.Min.X, min(square.Min.X, bounds.Max.X-size))
	y := max(bounds.Min.Y, min(square.Min.Y, bounds.Max.Y-size))
	side = min(side, size)
	return scale(img, image.Rect(x, y, x+size, y+size), side, side)
}

// Middle is the largest square in the middle of a picture; of a tall one a little above, where heads are.
func Middle(bounds image.Rectangle) image.Rectangle {
	w, h := bounds.Dx(), bounds.Dy()
	size := min(w, h)
	x, y := bounds.Min.X+(w-size)/2, bounds.Min.Y+(h-size)/3
	return image.Rect(x, y, x+size, y+size)
}

// Thumbnail makes a small square picture of a file.
func Thumbnail(b []byte, side int) ([]byte, error) {
	img, err := Decode(b, 4*side)
	if err != nil {
		return nil, err
	}
	_, small, err := Encode(Crop(img, Middle(img.Bounds()), side))
	return small, err
}

// Photo makes a contact's photo of a file without anybody cutting it: the square in its middle.
func Photo(b []byte) (mediaType string, photo []byte, err error) {
	img, err := Decode(b, 4*Side)
	if err != nil {
		return "", nil, err
	}
	return Encode(Crop(img, Middle(img.Bounds()), Side))
}

// Shrink makes a whole picture small enough for most bytes. ErrTooLarge: it can't.
func Shrink(b []byte, most int) (mediaType string, small []byte, err error) {
	for side := 2 * Side; side >= 64; side /= 2 {
		img, err := Decode(b, side)
		if err != nil {
			return "", nil, err
		}
		if mediaType, small, err = Encode(img); err != nil || len(small) <= most {
			return mediaType, small, err
		}
	}
	return "", nil, fmt.Errorf("%w: at most %d bytes are possible", ErrTooLarge, most)
}
