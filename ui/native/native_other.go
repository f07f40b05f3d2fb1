//go:build !(linux || freebsd || openbsd || netbsd)

package native

import (
	"context"
	"image"
)

func copiedPicture(context.Context, int) ([]byte, error) { return nil, ErrUnsupported }

func place(context.Context, uintptr) (image.Point, error) { return image.Point{}, ErrUnsupported }

func move(context.Context, uintptr, image.Point) error { return ErrUnsupported }
