//go:build e2e

package systest

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// chosenBar is the bar below the list while several contacts are chosen.
var chosenBar = image.Rect(228, windowHeight-74, 558, windowHeight-40)

// Icons of the bar, from its right end.
const (
	barStar, barLabel, barExport, barTrash = 176, 145, 114, 52
	barMiddle                              = windowHeight - 57
)

// TestWindowChoosesSeveral: the bar stars, labels, exports and deletes several contacts at once; the trash gives them back.
func TestWindowChoosesSeveral(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	for _, name := range []string{"Ada Lovelace", "Ben Zander", "Cara Quinn"} {
		d.ok("add", "--name", name)
	}
	all := d.list()
	ada, ben := all[0].ID, all[1].ID
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace", "Cara Quinn")
	w.press(listPane, "Ada Lovelace")
	w.keys("shift+Down")
	w.shows(chosenBar, "2 selected")
	w.shootOne("several")
	icon := func(fromRight int) { w.click(chosenBar.Max.X-fromRight, barMiddle) }
	both := func(what, field, want string) {
		t.Helper()
		within(t, what, func() (bool, string) {
			a, b := d.field(ada, field), d.field(ben, field)
			return a == want && b == want, a + ", " + b
		})
	}
	icon(barStar)
	both("two favourites", "/keywords/starred", "true")
	icon(barLabel)
	w.press(whole, "New Label")
	w.write("Chess")
	w.keys("Return")
	both("two labels", "/keywords/Chess", "true")

	// Export.
	file := filepath.Join(filepath.Dir(d.profile), "two.vcf")
	icon(barExport)
	w.shows(whole, "Export contacts", "vCard")
	w.shootOne("export")
	w.keys("ctrl+a")
	w.write(file)
	w.keys("Return")
	within(t, "a file of two", func() (bool, string) {
		b, _ := os.ReadFile(file) // it is written aside and renamed
		text := string(b)
		return strings.Count(text, "BEGIN:VCARD") == 2 && strings.Contains(text, "Ada Lovelace") && strings.Contains(text, "Ben Zander"), text
	})

	// To the trash, and back from there.
	w.keys("Escape")
	w.press(listPane, "Ada Lovelace")
	w.keys("shift+Down")
	w.shows(chosenBar, "2 selected")
	icon(barTrash)
	names := func(args ...string) []string {
		var all []string
		for _, c := range d.list(args...) {
			all = append(all, c.Name)
		}
		return all
	}
	within(t, "two in the trash", func() (bool, string) { l := names("--trash"); return len(l) == 2, fmt.Sprint(l) })
	w.keys("ctrl+4")
	w.pressRight(listPane, "Ada Lovelace")
	w.press(whole, "Restore")
	within(t, "Ada is back", func() (bool, string) { l := names(); return slices.Contains(l, "Ada Lovelace"), fmt.Sprint(l) })
	w.press(listPane, "Ben Zander")
	w.shows(content, "In the trash since")
	w.shootOne("trashed")
	w.press(menuBar, "Contact")
	w.press(whole, "Restore")
	within(t, "both are back", func() (bool, string) { l := names(); return len(l) == 3, fmt.Sprint(l) })
	w.close()
}
