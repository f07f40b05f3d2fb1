package assets

import _ "embed"

// AppIcon is the program's icon, 512 pixels wide. It is drawn in icon.svg; scripts/icon makes the picture.
//
//go:embed icon.png
var AppIcon []byte

// WindowIcon is the same, 128 pixels wide: window managers show it no larger, and the window waits until it is decoded and sent.
//
//go:embed windowicon.png
var WindowIcon []byte
