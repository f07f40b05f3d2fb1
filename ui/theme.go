package ui

import (
	"image/color"
	"os"
	"runtime"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours beyond Fyne's own names.
const (
	colorSidebar   fyne.ThemeColorName = "kith.sidebar"   // the left pane, quieter than the list
	colorList      fyne.ThemeColorName = "kith.list"      // the middle pane
	colorCard      fyne.ThemeColorName = "kith.card"      // a block of values in the contact
	colorCardLine  fyne.ThemeColorName = "kith.cardLine"  // its edge
	colorMuted     fyne.ThemeColorName = "kith.muted"     // second lines, labels
	colorScrim     fyne.ThemeColorName = "kith.scrim"     // over the panes that rest while one is edited
	colorSelected  fyne.ThemeColorName = "kith.selected"  // the row of the contact that is shown
	colorToast     fyne.ThemeColorName = "kith.toast"     // the toast's ground and text
	colorToastText fyne.ThemeColorName = "kith.toastText" //
	colorToastLink fyne.ThemeColorName = "kith.toastLink" //
	colorNotice    fyne.ThemeColorName = "kith.notice"    // the ground of a notice: a conflict, a refusal
	colorStar      fyne.ThemeColorName = "kith.star"
	colorOnPhoto   fyne.ThemeColorName = "kith.onPhoto" // over photos and colours: white
	colorNone      fyne.ThemeColorName = "kith.none"    // no colour
)

// Sizes beyond Fyne's own names.
const (
	sizeTitle   fyne.ThemeSizeName = "kith.title" // the name above a contact
	sizeRowName fyne.ThemeSizeName = "kith.rowName"
	sizeSmall   fyne.ThemeSizeName = "kith.small" // second lines, labels, the status bar
)

// normalText is the size of text that nobody enlarged.
const normalText = 14

// Modes of the theme, as the setting "ui.theme" keeps them.
const (
	themeSystem = "system"
	themeLight  = "light"
	themeDark   = "dark"
)

// kithTheme is Fyne's theme with our colours, type scale and spacing. mode is one of the modes above.
type kithTheme struct {
	fyne.Theme
	mode    string
	scale   float32      // of texts
	desktop *desktopLook // nil: what Fyne believes
}

// desktopLook is what the desktop wants, as far as it is known. On Linux and BSD a desktop says so some time after the start, or never.
// Until then, Fyne takes it for dark, and most desktops are light: the window would change under the eyes. So it begins as the desktop
// was the last time, or else light.
type desktopLook struct {
	variant fyne.ThemeVariant
	told    bool // by the desktop, since the start
}

// newDesktopLook is what is known before the desktop has said anything.
func newDesktopLook(s fyne.Settings) *desktopLook {
	d := &desktopLook{variant: theme.VariantLight}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("FYNE_THEME") != "" { // it can be looked up, or was chosen
		d.variant, d.told = s.ThemeVariant(), true
	}
	return d
}

// remember begins with what the desktop wanted the last time, as the setting "ui.desktop" keeps it.
func (d *desktopLook) remember(last string) {
	if !d.told && last == themeDark {
		d.variant = theme.VariantDark
	}
}

// last is what remember takes.
func (d *desktopLook) last() string {
	if d.variant == theme.VariantDark {
		return themeDark
	}
	return themeLight
}

func newTheme(mode string) *kithTheme { return newSizedTheme(mode, "") }

// newSizedTheme is the theme with texts of another size, as the setting "ui.text" keeps it; what makes no sense is the normal one.
func newSizedTheme(mode, size string) *kithTheme {
	scale, err := strconv.ParseFloat(size, 32)
	if err != nil || scale < 0.5 || scale > 3 {
		scale = 1
	}
	return &kithTheme{Theme: theme.DefaultTheme(), mode: mode, scale: float32(scale)}
}

// variant is the system's, unless the user chose one.
func (t *kithTheme) variant(system fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.mode {
	case themeLight:
		return theme.VariantLight
	case themeDark:
		return theme.VariantDark
	}
	if t.desktop != nil {
		return t.desktop.variant
	}
	return system
}

func (t *kithTheme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	v = t.variant(v)
	palette := &lightPalette
	if v == theme.VariantDark {
		palette = &darkPalette
	}
	if c, ok := (*palette)[name]; ok {
		return c
	}
	return t.Theme.Color(name, v)
}

func (t *kithTheme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case sizeTitle, sizeRowName, sizeSmall, theme.SizeNameText, theme.SizeNameCaptionText, theme.SizeNameSubHeadingText, theme.SizeNameHeadingText,
		theme.SizeNameInlineIcon: // an icon stands beside a word, and as high
		return t.plainSize(name) * t.scale
	}
	return t.plainSize(name)
}

func (t *kithTheme) plainSize(name fyne.ThemeSizeName) float32 {
	switch name {
	case sizeTitle:
		return 24
	case sizeRowName:
		return 14
	case sizeSmall:
		return 12.5
	case theme.SizeNameText:
		return normalText
	case theme.SizeNameCaptionText:
		return 12
	case theme.SizeNameSubHeadingText:
		return 17
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 8
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	}
	return t.Theme.Size(name)
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

func rgba(hex uint32, alpha uint8) color.NRGBA {
	c := rgb(hex)
	c.A = alpha
	return c
}

type palette map[fyne.ThemeColorName]color.Color

var lightPalette = palette{
	theme.ColorNameBackground:          rgb(0xffffff),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameForeground:          rgb(0x1d2528),
	theme.ColorNamePlaceHolder:         rgb(0x687478),
	theme.ColorNameDisabled:            rgb(0xa6b0b3),
	theme.ColorNameDisabledButton:      rgb(0xedf0f1),
	theme.ColorNameButton:              rgb(0xedf1f2),
	theme.ColorNameInputBackground:     rgb(0xf6f8f8),
	theme.ColorNameInputBorder:         rgb(0xcfd7d9),
	theme.ColorNameSeparator:           rgb(0xe4e9ea),
	theme.ColorNameHover:               rgba(0x1d3b42, 0x0e),
	theme.ColorNamePressed:             rgba(0x1d3b42, 0x1c),
	theme.ColorNamePrimary:             rgb(0x1f6f78),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	theme.ColorNameHyperlink:           rgb(0x1f6f78),
	theme.ColorNameFocus:               rgba(0x1f6f78, 0x40),
	theme.ColorNameSelection:           rgba(0x2f8f99, 0x38),
	theme.ColorNameScrollBar:           rgba(0x33474c, 0x60),
	theme.ColorNameScrollBarBackground: color.Transparent,
	theme.ColorNameShadow:              rgba(0x10262b, 0x22),
	theme.ColorNameError:               rgb(0xb3372b),
	theme.ColorNameWarning:             rgb(0x9a6400),
	theme.ColorNameSuccess:             rgb(0x2c7a4b),
	colorSidebar:                       rgb(0xf1f4f4),
	colorList:                          rgb(0xfafbfb),
	colorCard:                          rgb(0xf8fafa),
	colorCardLine:                      rgb(0xe7ecec),
	colorMuted:                         rgb(0x5a696e),
	colorScrim:                         rgba(0xf1f4f4, 0xb0),
	colorSelected:                      rgb(0xd9eaeb),
	colorToast:                         rgb(0x263438),
	colorToastText:                     rgb(0xf4f7f7),
	colorToastLink:                     rgb(0x8fd3d6),
	colorNotice:                        rgb(0xfdf4df),
	colorStar:                          rgb(0xb17508),
	colorOnPhoto:                       rgb(0xffffff),
	colorNone:                          color.Transparent,
}

var darkPalette = palette{
	theme.ColorNameBackground:          rgb(0x1b2022),
	theme.ColorNameOverlayBackground:   rgb(0x242b2d),
	theme.ColorNameMenuBackground:      rgb(0x262d30),
	theme.ColorNameForeground:          rgb(0xe7eced),
	theme.ColorNamePlaceHolder:         rgb(0x869397),
	theme.ColorNameDisabled:            rgb(0x5f6b6f),
	theme.ColorNameDisabledButton:      rgb(0x272e31),
	theme.ColorNameButton:              rgb(0x2d3538),
	theme.ColorNameInputBackground:     rgb(0x15191b),
	theme.ColorNameInputBorder:         rgb(0x3d484c),
	theme.ColorNameSeparator:           rgb(0x2d3538),
	theme.ColorNameHover:               rgba(0xd5eef1, 0x10),
	theme.ColorNamePressed:             rgba(0xd5eef1, 0x20),
	theme.ColorNamePrimary:             rgb(0x5cb8bf),
	theme.ColorNameForegroundOnPrimary: rgb(0x0c2124),
	theme.ColorNameHyperlink:           rgb(0x74c8ce),
	theme.ColorNameFocus:               rgba(0x5cb8bf, 0x50),
	theme.ColorNameSelection:           rgba(0x5cb8bf, 0x40),
	theme.ColorNameScrollBar:           rgba(0xc5d5d8, 0x58),
	theme.ColorNameScrollBarBackground: color.Transparent,
	theme.ColorNameShadow:              rgba(0x000000, 0x70),
	theme.ColorNameError:               rgb(0xf0857a),
	theme.ColorNameWarning:             rgb(0xe5b35a),
	theme.ColorNameSuccess:             rgb(0x74c794),
	colorSidebar:                       rgb(0x15191b),
	colorList:                          rgb(0x181d1f),
	colorCard:                          rgb(0x21272a),
	colorCardLine:                      rgb(0x2c3437),
	colorMuted:                         rgb(0x9aa7ab),
	colorScrim:                         rgba(0x15191b, 0xb0),
	colorSelected:                      rgb(0x223f44),
	colorToast:                         rgb(0xe3e9ea),
	colorToastText:                     rgb(0x1b2224),
	colorToastLink:                     rgb(0x14616a),
	colorNotice:                        rgb(0x3a3220),
	colorStar:                          rgb(0xf0b429),
	colorOnPhoto:                       rgb(0xffffff),
	colorNone:                          color.Transparent,
}
