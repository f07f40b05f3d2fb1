//go:build linux || freebsd || openbsd || netbsd

package native

import (
	"image"
	"testing"
)

func TestReaches(t *testing.T) {
	left, right := image.Rect(0, 0, 1920, 1080), image.Rect(1920, 0, 3840, 1080)
	for _, tt := range []struct {
		name   string
		screen image.Rectangle
		at     image.Point
		want   bool
	}{
		{"inside", left, image.Pt(100, 50), true},
		{"in a corner", left, image.Pt(0, 0), true},
		{"on the other screen", right, image.Pt(2000, 0), true},
		{"on a screen that was taken away", left, image.Pt(2000, 0), false},
		{"a strip at the edge, too narrow to be taken hold of", left, image.Pt(1900, 0), false},
		{"below", left, image.Pt(100, 1070), false},
		{"far to the left", left, image.Pt(-500, 10), false},
	} {
		if got := reaches(tt.screen, tt.at); got != tt.want {
			t.Errorf("%s: reaches(%v, %v) = %v", tt.name, tt.screen, tt.at, got)
		}
	}
}
