//go:build e2e

package systest

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// opener is the program that desktops open links with, early in the path of the windows: it writes down what it is to open.
const opener = `#!/bin/sh
printf '%s\n' "$1" >> "$0.log"
`

// openerFolder puts the opener of a device's windows into place, and returns the folder that it is in.
func (d *device) openerFolder() string {
	d.t.Helper()
	folder := filepath.Join(filepath.Dir(d.profile), "programs")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(opener), 0o700); err != nil {
		d.t.Fatal(err)
	}
	return folder
}

// untilOpened waits until the last links that were opened are these.
func (d *device) untilOpened(links ...string) {
	d.t.Helper()
	within(d.t, fmt.Sprintf("%s: opened %q", d.name, links), func() (bool, string) {
		log, _ := os.ReadFile(filepath.Join(filepath.Dir(d.profile), "programs", "xdg-open.log")) // none before the first
		opened := strings.Fields(string(log))
		return len(opened) >= len(links) && slices.Equal(opened[len(opened)-len(links):], links), string(log)
	})
}

// hover moves the pointer onto a text.
func (w *window) hover(x, y int) {
	w.t.Helper()
	w.front()
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y))
}

// clipboard is the text that was copied last.
func (s *screen) clipboard() string {
	var out bytes.Buffer
	cmd := s.command(s.t.Context(), "xclip", "-o", "-selection", "clipboard")
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return fmt.Sprint("nothing: ", err) // nothing was copied yet
	}
	return out.String()
}

// TestWindowOpensValues: mail, call, map and link open the program that the desktop has for them, by the buttons and by the values; the
// button that comes with the pointer copies one.
func TestWindowOpensValues(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	file := filepath.Join(filepath.Dir(d.profile), "ada.vcf")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(withValues, "\n", "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	d.ok("import", file)
	w := scr.open(d, 0)
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Mail", "Call", "Map", "example.org/ada")
	w.shootOne("values")

	const mail, call, show, link = "mailto:ada@example.org", "tel:+442079460000",
		"https://www.openstreetmap.org/search?query=12+St+James+Square%2C+London", "https://example.org/ada"
	w.press(content, "Mail")
	d.untilOpened(mail)
	w.press(content, "Call")
	d.untilOpened(mail, call)
	w.press(content, "Map")
	d.untilOpened(mail, call, show)
	w.press(content, "https://example")
	d.untilOpened(call, show, link)
	w.press(content, "ada@example.org")
	d.untilOpened(show, link, mail)
	w.press(content, "7946")
	d.untilOpened(link, mail, call)
	w.press(content, "James")
	d.untilOpened(mail, call, show)

	// Copying.
	at := w.place(content, "ada@example.org")
	button := image.Rect(copyX-12, at.Y-12, copyX+12, at.Y+12)
	w.hover(at.X, 30)
	before := w.picture()
	for _, x := range []int{at.X, copyX - 30, copyX, copyX + 1} { // it stays when the pointer is on it
		w.hover(x, at.Y)
		within(t, "the button that copies", func() (bool, string) { n := changed(before, w.picture(), button); return n > 30, fmt.Sprint(n) })
	}
	w.shootOne("hover")
	w.click(copyX, at.Y)
	within(t, "the address is copied", func() (bool, string) { c := scr.clipboard(); return c == "ada@example.org", c })
	w.close()
}

// copyX is where the button that copies a value stands.
const copyX = windowWidth - 46

const withValues = `BEGIN:VCARD
VERSION:4.0
FN:Ada Lovelace
N:Lovelace;Ada;;;
TEL;TYPE=cell:+44 20 7946 0000
EMAIL:ada@example.org
ADR:;;12 St James Square;London;;;
URL:https://example.org/ada
END:VCARD
`
