//go:build e2e

package systest

import (
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"
)

// portrait writes a drawn photo of a person: head, hair and shoulders before a wall, in colours that follow from the name. Nobody's
// face has to be in the project for its pictures.
func portrait(t *testing.T, file, name string) {
	t.Helper()
	hash := fnv.New32a()
	hash.Write([]byte(name))
	seed := hash.Sum32()
	choose := func(shift uint, from []color.RGBA) color.RGBA { return from[(seed>>shift)%uint32(len(from))] }
	rgb := func(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }
	skin := choose(3, []color.RGBA{rgb(0xf1c9a5), rgb(0xc98b5e), rgb(0x8d5a3b), rgb(0xe6b08a)})
	hair := choose(7, []color.RGBA{rgb(0x2b1d16), rgb(0x6b4226), rgb(0xb98b4a), rgb(0x8a8f94)})
	shirt := choose(11, []color.RGBA{rgb(0x32506b), rgb(0x7a3b3f), rgb(0x3f6b52), rgb(0xd8d3c8)})
	wall := choose(15, []color.RGBA{rgb(0xb9d0d6), rgb(0xe2cfae), rgb(0xc9d6b5), rgb(0xd9bfc4)})
	long := seed>>19&1 == 0

	const size, samples = 256, 3
	within := func(x, y, centerX, centerY, radiusX, radiusY float64) bool {
		return math.Pow((x-centerX)/radiusX, 2)+math.Pow((y-centerY)/radiusY, 2) <= 1
	}
	at := func(x, y float64) color.RGBA {
		switch {
		case within(x, y, .5, .46, .165, .215) && !within(x, y, .42, .24, .24, .115):
			return skin
		case within(x, y, .5, .39, .2, .235) && (long || y < .42):
			return hair
		case long && y > .38 && y < .68 && math.Abs(x-.5) < .2:
			if math.Abs(x-.5) < .075 {
				return skin
			}
			return hair
		case math.Abs(x-.5) < .07 && y > .5 && y < .76:
			return skin
		case within(x, y, .5, 1.04, .39, .34):
			return shirt
		}
		shade := 1.06 - .22*y
		part := func(v uint8) uint8 { return uint8(min(255, float64(v)*shade)) }
		return color.RGBA{part(wall.R), part(wall.G), part(wall.B), 255}
	}
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for py := range size {
		for px := range size {
			var r, g, b int
			for i := range samples * samples {
				c := at((float64(px)+float64(i%samples)/samples)/size, (float64(py)+float64(i/samples)/samples)/size)
				r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
			}
			const n = samples * samples
			img.SetRGBA(px, py, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255})
		}
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
