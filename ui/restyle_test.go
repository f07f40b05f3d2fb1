package ui

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"kith/data"
)

// given runs the calls that give a theme.
func (h *harness) given() {
	h.Helper()
	h.until(h.T, "the theme is given", func() bool { return len(h.looks.steps) == 0 && !h.looks.taking })
}

// TestRestyle holds that a theme that is given part by part reaches all that Fyne's own way reaches, in one call, in every view.
func TestRestyle(t *testing.T) {
	h := newHarness(t, goldenCards(t)...)
	h.untilListed("Ada Lovelace", "Charles Babbage", "Émilie du Châtelet", "Grace Hopper", "Wolfeschlegelsteinhausenbergerdorff von und zu Hohenstein-Sigmaringen", "X")
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	picture := func() []byte { return bytes.Clone(pixels(h.w.win.Canvas().Capture())) }
	same := func(view string) {
		t.Helper()
		for _, look := range [][2]string{{themeDark, ""}, {themeDark, "1.3"}, {themeLight, "1.3"}, {themeLight, ""}} {
			before := picture()
			h.looks.set(look[0], look[1])
			h.given()
			got := picture()
			h.app.Settings().SetTheme(newSizedTheme(look[0], look[1]))
			want := picture()
			if bytes.Equal(before, want) {
				t.Errorf("%s: no change is seen", view)
			}
			if n := differ(got, want); n > 0 {
				t.Errorf("%s, %s: %d pixels are not as Fyne's way makes them", view, look, n)
			}
		}
	}
	same("contact")
	h.dialogs.settings()
	h.until(t, "the settings are shown", func() bool { return h.win.Canvas().Overlays().Top() != nil })
	same("settings")
	small := h.dialogs.open.Content.Size()
	h.looks.set(themeLight, "1.3")
	h.given()
	if large := h.dialogs.open.Content.Size(); large.Width <= small.Width || large.Height <= small.Height {
		t.Errorf("the settings are %v in larger text, %v before", large, small)
	}
	h.looks.set(themeLight, "")
	h.given()
	h.press(fyne.KeyEscape)
	h.dialogs.shortcuts()
	same("keys")
	h.press(fyne.KeyEscape)
	h.menu("Edit")
	same("edit")
	h.press(fyne.KeyEscape)
	h.untilShown("Ada Lovelace")
	h.trash()
	h.untilToast("Ada Lovelace moved to the trash")
	same("toast")
	h.choosePlace(data.Trash)
	h.untilListed("Ada Lovelace")
	same("trash")
	h.choosePlace(data.Conflicted)
	h.untilListed()
	same("nothing")
	h.choosePlace(data.All)
	h.w.win.Resize(fyne.NewSize(420, 660))
	h.showList()
	same("narrow")
}

func pixels(i image.Image) []byte { return i.(*image.NRGBA).Pix }

// differ counts the pixels in which two pictures differ.
func differ(a, b []byte) int {
	n := max(len(a), len(b)) - min(len(a), len(b))
	for i := 0; i+4 <= min(len(a), len(b)); i += 4 {
		if !bytes.Equal(a[i:i+4], b[i:i+4]) {
			n++
		}
	}
	return n
}

// TestDesktopLook: the window begins as the desktop was the last time, follows what it says, and remembers that; what the settings say
// stands above it.
func TestDesktopLook(t *testing.T) {
	h := newHarness(t)
	ground := func() color.Color { return themeColor(theme.ColorNameBackground) }
	light, dark := color.Color(lightPalette[theme.ColorNameBackground]), color.Color(darkPalette[theme.ColorNameBackground])
	tell := func(v fyne.ThemeVariant) {
		h.looks.told(v)
		h.looks.give()
		h.given()
	}
	remembered := func(want string) {
		t.Helper()
		h.until(t, "it is remembered: "+want, func() bool {
			got, err := h.store.Setting(t.Context(), settingDesktop)
			return err == nil && got == want
		})
	}
	if ground() != light {
		t.Errorf("nothing is known of the desktop, and the ground is %v", ground())
	}
	tell(theme.VariantDark)
	remembered(themeDark)
	if ground() != dark {
		t.Errorf("the desktop is dark, the ground %v", ground())
	}
	h.looks.set(themeLight, "")
	if ground() != light {
		t.Errorf("light was chosen, the ground is %v", ground())
	}
	h.looks.set(themeSystem, "")
	h.given()
	dir := h.dir
	h.close()

	h = openWindow(t, dir, nil).opened()
	if ground() != dark {
		t.Errorf("the desktop was dark the last time, the ground is %v", ground())
	}
	tell(theme.VariantLight)
	remembered(themeLight)
	if ground() != light {
		t.Errorf("the desktop is light, the ground %v", ground())
	}
}
