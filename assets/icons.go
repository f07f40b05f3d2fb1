// Package assets holds the icons and pictures that are embedded in the window's program. It knows no widgets.
package assets

import "embed"

//go:embed icons/*.svg
var icons embed.FS

// Icon is the SVG of one of the window's icons, by its file's name without the ending. An unknown name is a fault of the caller.
func Icon(name string) []byte {
	b, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(err)
	}
	return b
}
