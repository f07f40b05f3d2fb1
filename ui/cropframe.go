package ui

import "image"

// cropFrame is a square on a picture, moved and sized by hand. The picture's units are its pixels.
type cropFrame struct {
	width, height float64 // of the picture
	x, y, side    float64 // of the square, inside of the picture
}

// smallestCrop is the smallest square in pixels: below, faces are blurs.
const smallestCrop = 48

// newCropFrame is the square that most people want: in the middle, of a tall picture a little above.
func newCropFrame(bounds image.Rectangle) cropFrame {
	f := cropFrame{width: float64(bounds.Dx()), height: float64(bounds.Dy())}
	f.side = min(f.width, f.height)
	f.x, f.y = (f.width-f.side)/2, (f.height-f.side)/3
	return f
}

func (f cropFrame) largest() float64  { return min(f.width, f.height) }
func (f cropFrame) smallest() float64 { return min(smallestCrop, f.largest()) }

// moved moves the square, as far as the picture reaches.
func (f cropFrame) moved(dx, dy float64) cropFrame {
	f.x = max(0, min(f.width-f.side, f.x+dx))
	f.y = max(0, min(f.height-f.side, f.y+dy))
	return f
}

// sized gives the square another side, about its middle.
func (f cropFrame) sized(side float64) cropFrame {
	side = max(f.smallest(), min(f.largest(), side))
	by := (f.side - side) / 2
	f.side = side
	return f.moved(by, by)
}

// zoom is how near the square is: 0, the whole height or width, to 1, the smallest square.
func (f cropFrame) zoom() float64 {
	if f.largest() == f.smallest() {
		return 0
	}
	return (f.largest() - f.side) / (f.largest() - f.smallest())
}

func (f cropFrame) zoomed(zoom float64) cropFrame {
	return f.sized(f.largest() - zoom*(f.largest()-f.smallest()))
}

func (f cropFrame) rectangle() image.Rectangle {
	return image.Rect(int(f.x), int(f.y), int(f.x+f.side), int(f.y+f.side))
}
