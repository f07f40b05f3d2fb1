//go:build e2e

package systest

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// noon is a time zone in which it is noon now, and the day there: birthdays are told in the morning.
func noon() (zone string, today time.Time) {
	now := time.Now().UTC()
	east := 12 - now.Hour()
	return fmt.Sprintf("Etc/GMT%+d", -east), now.Add(time.Duration(east) * time.Hour) // these zones' signs are POSIX's: west is +
}

// TestWindowInTray: the morning's birthdays are told; closed, the window is in the tray, from where one syncs, searches, hears that one
// has to sign in again, and quits.
func TestWindowInTray(t *testing.T) {
	srv, scr, desktop := newServer(t), newScreen(t), newBus(t)
	scr.bus = desktop.address
	d := signedIn(t, "desk", srv.url())
	zone, today := noon()
	scr.zone = zone
	id := d.ok("add", "--name", "Ada Lovelace")
	d.ok("set", id, fmt.Sprintf("birthday=%d-%s", today.Year()-36, today.Format("01-02")))
	d.ok("add", "--name", "Ben Zander")
	d.sync()
	d.setting("ui.birthdays", "on")
	d.setting("ui.tray", "on")
	w := scr.open(d, 40)
	desktop.untilNoticed("Birthday today: Ada Lovelace turns 36")
	w.waitFor("signed in", func(s status) bool { return s.State == "idle" })

	// Closed, it is still there.
	menu := []string{"Open Kith", "Search…", "Sync Now", "Quit"}
	before := w.at()
	w.keys("alt+F4")
	w.untilSeen(0, ".")
	last := w.status().LastSync
	desktop.chooseInTray("Sync Now", menu...)
	w.waitFor("a sync from the tray", func(s status) bool { return s.LastSync > last })
	desktop.chooseInTray("Search…", menu...)
	w.untilSeen(1, "^Search")
	scr.xdo("type", "--delay", "20", "ben")
	scr.xdo("key", "--delay", "40", "Return")
	w.untilSeen(1, "^Kith$")
	w.shows(content, "Ben Zander")
	within(t, "the window in its place", func() (bool, string) { at := w.at(); return at == before, fmt.Sprint(at, before) })

	// Once more into the tray. The server does not know the device any more.
	w.keys("alt+F4")
	w.untilSeen(0, ".")
	srv.command("", "device", "revoke", d.deviceID())
	desktop.chooseInTray("Sync Now", menu...)
	desktop.untilNoticed("Sign in again: ")
	if out, _ := scr.kith(d).CombinedOutput(); !strings.Contains(string(out), "in use by another window") {
		t.Errorf("the second start: %s", out)
	}
	w.untilSeen(1, "^Kith$")
	w.shows(statusBar, "Sign")
	desktop.chooseInTray("Quit", menu...)
	w.mustEnd()
}

// untilSeen waits until so many windows of the program with such a title are on the screen.
func (w *window) untilSeen(n int, title string) {
	w.t.Helper()
	within(w.t, fmt.Sprintf("%s: %d windows %s", w.name, n, title), func() (bool, string) {
		w.mustRun()
		out, _ := w.screen.command(w.t.Context(), "xdotool", "search", "--all", "--onlyvisible", "--pid", fmt.Sprint(w.cmd.Process.Pid), "--name", title).Output()
		return len(strings.Fields(string(out))) == n, string(out)
	})
}

// at is where the window's content begins on the screen.
func (w *window) at() image.Point {
	w.t.Helper()
	conn, err := xgb.NewConnDisplay(w.screen.display)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	at, err := xproto.TranslateCoordinates(conn, w.number(), root, 0, 0).Reply()
	if err != nil {
		w.t.Fatal(err)
	}
	return image.Pt(int(at.DstX), int(at.DstY))
}
