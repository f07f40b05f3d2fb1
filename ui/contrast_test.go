package ui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n.R) + 0.7152*part(n.G) + 0.0722*part(n.B)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds the colours of the theme to WCAG 2.2 AA: 4.5 for text (1.4.3), 3 for what is not text (1.4.11). Disabled parts
// are exempt there.
func TestContrast(t *testing.T) {
	const text, graphic = 4.5, 3
	grounds := []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameOverlayBackground, theme.ColorNameInputBackground, colorSidebar, colorList, colorCard}
	for _, tt := range []struct {
		color fyne.ThemeColorName
		least float64
		on    []fyne.ThemeColorName
	}{
		{theme.ColorNameForeground, text, append(grounds, colorSelected, colorNotice, theme.ColorNameMenuBackground, theme.ColorNameButton)},
		{colorMuted, text, append(grounds, colorSelected, colorNotice)},
		{theme.ColorNamePlaceHolder, text, []fyne.ThemeColorName{theme.ColorNameInputBackground, theme.ColorNameBackground, colorList}},
		{theme.ColorNamePrimary, text, append(grounds, colorSelected, colorNotice)},
		{theme.ColorNameHyperlink, text, append(grounds, colorNotice)},
		{theme.ColorNameForegroundOnPrimary, text, []fyne.ThemeColorName{theme.ColorNamePrimary}},
		{theme.ColorNameError, text, grounds},
		{theme.ColorNameWarning, text, []fyne.ThemeColorName{theme.ColorNameBackground, theme.ColorNameOverlayBackground, colorSidebar, colorList, colorCard, colorNotice}},
		{theme.ColorNameSuccess, text, grounds},
		{colorToastText, text, []fyne.ThemeColorName{colorToast}},
		{colorToastLink, text, []fyne.ThemeColorName{colorToast}},
		{colorStar, graphic, []fyne.ThemeColorName{theme.ColorNameBackground, colorList, colorSelected}},
	} {
		for mode, variant := range map[string]fyne.ThemeVariant{themeLight: theme.VariantLight, themeDark: theme.VariantDark} {
			colors := newTheme(mode)
			for _, on := range tt.on {
				if got := contrast(colors.Color(tt.color, variant), colors.Color(on, variant)); got < tt.least {
					t.Errorf("%s: %s on %s: contrast %.2f, want %.1f", mode, tt.color, on, got, tt.least)
				}
			}
		}
	}
}

// TestAvatarContrast: initials are white on every colour that a person may have.
func TestAvatarContrast(t *testing.T) {
	for _, ground := range avatarColors {
		if got := contrast(color.White, ground); got < 4.5 {
			t.Errorf("white on %v: contrast %.2f", ground, got)
		}
	}
}

// TestContrastIsWCAGs compares with figures of the standard.
func TestContrastIsWCAGs(t *testing.T) {
	for _, tt := range []struct {
		a, b uint32
		want float64
	}{{0x000000, 0xffffff, 21}, {0xffffff, 0xffffff, 1}, {0x767676, 0xffffff, 4.54}, {0x777777, 0xffffff, 4.48}} {
		if got := contrast(rgb(tt.a), rgb(tt.b)); math.Abs(got-tt.want) > 0.01 {
			t.Errorf("%06x on %06x: %.2f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}
