//go:build e2e

package systest

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"

	"kith/data"
)

// How bright a desktop wants its programs (XDG Desktop Portal, org.freedesktop.appearance color-scheme).
const (
	dark  = 1
	light = 2
)

// portal is a desktop's settings, as its programs read them over the bus (org.freedesktop.portal.Settings).
type portal struct {
	bus    *bus
	scheme atomic.Uint32
}

// settings puts the desktop's settings on the bus.
func (b *bus) settings(scheme uint32) *portal {
	b.t.Helper()
	p := &portal{bus: b}
	p.scheme.Store(scheme)
	err := b.conn.Export(p, portalPath, portalSettings)
	if err == nil {
		_, err = b.conn.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

const portalPath, portalSettings, appearance, colorScheme = "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "org.freedesktop.appearance", "color-scheme"

// ReadOne is called over the bus.
func (p *portal) ReadOne(namespace, key string) (dbus.Variant, *dbus.Error) {
	if namespace != appearance || key != colorScheme {
		return dbus.Variant{}, dbus.NewError("org.freedesktop.portal.Error.NotFound", []any{"no such setting"})
	}
	return dbus.MakeVariant(p.scheme.Load()), nil
}

// set changes how bright the desktop is, and tells its programs.
func (p *portal) set(scheme uint32) {
	p.bus.t.Helper()
	p.scheme.Store(scheme)
	if err := p.bus.conn.Emit(portalPath, portalSettings+".SettingChanged", appearance, colorScheme, dbus.MakeVariant(scheme)); err != nil {
		p.bus.t.Fatal(err)
	}
}

// looks waits until the window is bright all over, or nowhere.
func (w *window) looks(scheme uint32) {
	w.t.Helper()
	within(w.t, fmt.Sprintf("%s: a window of scheme %d", w.name, scheme), func() (bool, string) {
		img := w.picture()
		var seen []color.RGBA
		right := true
		for _, x := range []int{10, 110, 400, windowWidth - 20} { // the strip, the sidebar, the list and the contact
			c := img.RGBAAt(x, windowHeight-60)
			seen = append(seen, c)
			bright := int(c.R)+int(c.G)+int(c.B) > 3*128
			right = right && bright == (scheme == light)
		}
		return right, fmt.Sprint(seen)
	})
}

// looks is where the settings have the look; beside it are the text's size and the language.
var looks = image.Rect(300, 180, 470, 540)

// TestWindowFollowsTheDesktop: the window is as dark as the desktop, also when that changes, until its user chooses; put away, it tells of
// a conflict; and it tells of birthdays once somebody has ticked that.
func TestWindowFollowsTheDesktop(t *testing.T) {
	srv, scr, desktop := newServer(t), newScreen(t), newBus(t)
	scr.bus = desktop.address
	zone, today := noon()
	scr.zone = zone
	colors := desktop.settings(dark)
	net := newWire(t, srv)
	other, d := signedIn(t, "laptop", srv.url()), signedIn(t, "desk", net.URL)
	id := share(other, d)
	d.ok("set", id, fmt.Sprintf("birthday=%d-%s", today.Year()-36, today.Format("01-02")))
	d.ok("strategy", "ask")
	d.sync()
	other.sync()

	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace")
	w.looks(dark)
	w.shootOne("desktop-dark")
	colors.set(light)
	w.looks(light)
	w.keys("ctrl+comma")
	w.press(settings, "Tell me of birthdays")
	w.press(looks, "As the system")
	w.press(whole, "Dark")
	w.keys("Escape")
	w.looks(dark)
	colors.set(dark)
	colors.set(light) // the user's choice stands
	w.keys("ctrl+comma")
	w.press(looks, "Dark")
	w.press(whole, "As the system")
	w.keys("Escape")
	w.looks(light)
	within(t, "the tick is kept", func() (bool, string) { v := d.settingNow("ui.birthdays"); return v == "on", v })

	// Put away, it tells of what it has to ask.
	w.waitFor("signed in and up to date", func(s status) bool { return s.State == "idle" && s.Pending == 0 })
	scr.xdo("windowminimize", "--sync", w.id)
	net.cut()
	d.ok("set", id, "phone=+44 20 3333")
	other.ok("set", id, "phone=+44 20 2222") // neither has heard of the other
	other.sync()
	net.heal()
	w.waitFor("a conflict", func(s status) bool { return s.Conflicts == 1 })
	desktop.untilNoticed("A decision is needed: 1 contact was changed on two devices")
	scr.xdo("windowmap", "--sync", w.id, "windowactivate", "--sync", w.id)
	w.untilSeen(1, "^Kith$")
	within(t, "the window as large as it was", func() (bool, string) {
		size := w.picture().Bounds().Size()
		return size == image.Pt(windowWidth, windowHeight), fmt.Sprint(size)
	})
	w.press(statusBar, "1 conflict")
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Edited here and on another device", "3333", "2222")
	w.close()

	// The next start, in the morning.
	w = scr.open(d, 0)
	desktop.untilNoticed("Birthday today: Ada Lovelace turns 36")
	w.looks(light)
	w.close()
	if n := strings.Join(desktop.told(), "\n"); strings.Count(n, "Birthday") != 1 {
		t.Errorf("told: %s", n)
	}
}

// told is what was notified so far.
func (b *bus) told() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.notices...)
}

// settingNow is a setting as the profile has it.
func (d *device) settingNow(key string) (value string) {
	d.t.Helper()
	d.store(func(s *data.Store) {
		var err error
		if value, err = s.Setting(d.t.Context(), key); err != nil {
			d.t.Fatal(err)
		}
	})
	return value
}
