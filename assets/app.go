package assets

import _ "embed"

// AppIcon is the program's icon, 512 pixels wide. It is drawn in icon.svg; scripts/icon makes the picture.
//
//go:embed icon.png
var AppIcon []byte
