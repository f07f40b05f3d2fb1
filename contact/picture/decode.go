package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the formats that Decode reads register themselves
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// Errors that callers branch on, with errors.Is; their text is for the person who chose the file.
var (
	ErrNotAPicture = errors.New("this is not a picture that Kith can read: use a JPEG, PNG, GIF, WebP or BMP file")
	ErrTooLarge    = errors.New("the picture is too large")
)

// Most bytes of a file, and most pixels: a small file can claim to hold a picture that fills all memory. A decoded JPEG takes less.
const (
	MaxFileBytes  = 64 << 20
	maxPixels     = 50_000_000
	maxJPEGPixels = 120_000_000
)

// Decode reads a picture, turns it upright as its EXIF data say, and makes it smaller if a side of it is longer than maxSide. Errors:
// ErrNotAPicture, ErrTooLarge, wrapped.
func Decode(b []byte, maxSide int) (*image.NRGBA, error) {
	if len(b) > MaxFileBytes {
		return nil, fmt.Errorf("%w: the file has %d MB, at most %d MB can be read", ErrTooLarge, len(b)>>20, MaxFileBytes>>20)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrNotAPicture, err)
	}
	limit := maxPixels
	if format == "jpeg" {
		limit = maxJPEGPixels
	}
	if config.Width <= 0 || config.Height <= 0 {
		return nil, fmt.Errorf("%w (it has no size)", ErrNotAPicture)
	}
	if config.Height > limit/config.Width {
		return nil, fmt.Errorf("%w: it has %d × %d pixels; make a smaller one of it first", ErrTooLarge, config.Width, config.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrNotAPicture, err)
	}
	return upright(fit(img, maxSide), orientation(b, format)), nil
}

// fit copies a picture, smaller if a side is longer than maxSide.
func fit(img image.Image, maxSide int) *image.NRGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if longest := max(w, h); longest > maxSide {
		w, h = max(1, w*maxSide/longest), max(1, h*maxSide/longest)
	}
	return scale(img, img.Bounds(), w, h)
}

// scale draws a part of a picture at another size.
func scale(img image.Image, part image.Rectangle, w, h int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	switch {
	case part.Dx() == w && part.Dy() == h:
		draw.Draw(out, out.Bounds(), img, part.Min, draw.Src)
	case part.Dx() > 4*w: // first to twice the size, roughly: a tenth of the time, and no eye sees it
		const more = 2
		rough := image.NewNRGBA(image.Rect(0, 0, more*w, more*h))
		draw.ApproxBiLinear.Scale(rough, rough.Bounds(), img, part, draw.Src, nil)
		draw.CatmullRom.Scale(out, out.Bounds(), rough, rough.Bounds(), draw.Src, nil)
	default:
		draw.CatmullRom.Scale(out, out.Bounds(), img, part, draw.Src, nil)
	}
	return out
}

// upright undoes an EXIF orientation (1 to 8, as the standard numbers them; anything else is taken as upright).
func upright(img *image.NRGBA, orientation int) *image.NRGBA {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	var from func(x, y int) (int, int) // where the pixel of the upright picture stands
	switch orientation {
	case 2:
		from = func(x, y int) (int, int) { return w - 1 - x, y }
	case 3:
		from = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 4:
		from = func(x, y int) (int, int) { return x, h - 1 - y }
	case 5:
		from = func(x, y int) (int, int) { return y, x }
	case 6:
		from = func(x, y int) (int, int) { return y, h - 1 - x }
	case 7:
		from = func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }
	case 8:
		from = func(x, y int) (int, int) { return w - 1 - y, x }
	default:
		return img
	}
	ow, oh := w, h
	if orientation >= 5 {
		ow, oh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, ow, oh))
	for y := range oh {
		for x := range ow {
			fx, fy := from(x, y)
			copy(out.Pix[out.PixOffset(x, y):][:4], img.Pix[img.PixOffset(fx, fy):][:4])
		}
	}
	return out
}
