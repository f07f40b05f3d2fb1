// Package native asks the system for what Fyne does not offer: a picture that another program has copied, and a window's place on the
// screen. Its calls may block, so they belong off the UI goroutine. It knows neither widgets nor contacts.
package native

import (
	"context"
	"errors"
	"image"
)

var (
	// ErrNoPicture: nothing was copied, or what was is no picture.
	ErrNoPicture = errors.New("there is no picture in the clipboard")
	// ErrTooLarge: the copied picture has more bytes than the caller takes.
	ErrTooLarge = errors.New("the picture in the clipboard is too large")
	// ErrUnsupported: this system is not asked, for nobody has tried it there.
	ErrUnsupported = errors.New("not available on this system")
)

// CopiedPicture is the picture in the clipboard as an encoded file (PNG, JPEG, WebP, GIF or BMP) of at most limit bytes.
// ErrNoPicture, ErrTooLarge, ErrUnsupported.
func CopiedPicture(ctx context.Context, limit int) ([]byte, error) { return copiedPicture(ctx, limit) }

// Place is where the content of a window stands on the screen; window is what Fyne's driver.X11WindowContext calls its handle.
// ErrUnsupported.
func Place(ctx context.Context, window uintptr) (image.Point, error) { return place(ctx, window) }

// Move puts a window where Place has found it. Where that is on no screen (one was taken away), the window stays. ErrUnsupported.
func Move(ctx context.Context, window uintptr, to image.Point) error { return move(ctx, window, to) }
