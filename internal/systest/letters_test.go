//go:build e2e

package systest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowLetters: beside a long list stand its letters, and a click on one goes there.
func TestWindowLetters(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	var cards strings.Builder
	for letter := 'A'; letter <= 'Z'; letter++ {
		for _, name := range []string{"elia", "onda"} {
			fmt.Fprintf(&cards, "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:%c%s Miller\r\nEND:VCARD\r\n", letter, name)
		}
	}
	file := filepath.Join(filepath.Dir(d.profile), "letters.vcf")
	if err := os.WriteFile(file, []byte(cards.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	d.ok("import", file)
	w := scr.open(d, 0)
	w.shows(listPane, "Aelia Miller", "52 contacts")
	w.click(railX, railEnd)
	w.shows(listPane, "Zelia Miller", "Zonda Miller")
	w.shootOne("letters")
	w.click(railX, railBegin)
	w.shows(listPane, "Aelia Miller", "Bonda Miller")
	w.close()
}

// The letters' column, its first and its last.
const railX, railBegin, railEnd = 549, 97, windowHeight - 82
