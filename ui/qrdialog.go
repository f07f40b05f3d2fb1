package ui

import (
	"errors"
	"image"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/contact/qr"
)

// qrSide is how large a code is drawn: a phone reads it from an arm's length.
const qrSide = 392

// showQR shows the contact as a QR code.
func (b *book) showQR() {
	if b.editing || b.view.shown.ID == "" || !b.view.shown.Deleted.IsZero() {
		return
	}
	code, err := qr.Of(b.view.shown.Card)
	if err != nil {
		b.toast.show(qrProblem(err), 0)
		return
	}
	b.dialogs.showQR(b.view.shown.Card, code)
}

func qrProblem(err error) string {
	if errors.Is(err, qr.ErrTooLong) {
		return lang.L("The name is too long for a QR code")
	}
	return userMessage(err)
}

func (d *dialogs) showQR(c contact.Card, code qr.Code) {
	picture := canvas.NewRasterWithPixels(qrPixels(code))
	picture.ScaleMode = canvas.ImageScalePixels
	picture.SetMinSize(fyne.NewSquareSize(qrSide))
	column := container.New(columnLayout{gap: 10}, container.NewCenter(picture),
		flush(newParagraph(lang.L("Point a phone’s camera at it to add the contact."))))
	if text := qrLeftText(code.Left); text != "" {
		column.Add(flush(newParagraph(text)))
	}
	s := d.sheet(qrSide+96, func() {})
	done := newMainButton(lang.L("Close"), func() { d.close() })
	s.show(nameOr(c.DisplayName()), column, done, newNothing(), done)
}

// qrPixels draws a code dark on white with its quiet zone, in both themes: cameras want that. Modules are whole pixels; what is left
// over is quiet.
func qrPixels(code qr.Code) func(x, y, w, h int) color.Color {
	modules := code.Size + 2*qr.Quiet
	return func(x, y, w, h int) color.Color {
		side := min(w, h)
		module := max(side/modules, 1)
		left, top := (w-module*modules)/2, (h-module*modules)/2
		at := image.Pt(floorDiv(x-left, module)-qr.Quiet, floorDiv(y-top, module)-qr.Quiet)
		if code.Dark(at.X, at.Y) {
			return color.Black
		}
		return color.White
	}
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -1
	}
	return a / b
}

// qrLeftText says what did not fit into a code.
func qrLeftText(members []string) string {
	var names []string
	for _, m := range members {
		names = append(names, fieldName("/"+m))
	}
	if len(names) == 0 {
		return ""
	}
	return lang.L("Not in it, or not all of it: {{.Fields}}.", with{"Fields": listed(distinct(names))})
}

// commaed is a list of equal things.
func commaed(names []string) string { return strings.Join(names, lang.X("list.comma", ", ")) }

// listed is a list in a sentence.
func listed(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return lang.L("{{.Names}} and {{.Last}}", with{"Names": commaed(names[:n-1]), "Last": names[n-1]})
	}
}
