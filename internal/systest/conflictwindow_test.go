//go:build e2e

package systest

import (
	"fmt"
	"image/color"
	"net/http"
	"slices"
	"testing"
)

// cut lets no request through until the wire is healed.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = func(*http.Request) (moment, func()) { return arriving, func() {} }
}

// numbers waits until a contact has these phone numbers on a device.
func (d *device) untilNumbers(id string, want ...string) {
	d.t.Helper()
	within(d.t, fmt.Sprintf("%s: the numbers %q", d.name, want), func() (bool, string) {
		var got []string
		for _, p := range d.show(id).Card.Phones() {
			got = append(got, p.Value)
		}
		return slices.Equal(got, want), fmt.Sprint(got)
	})
}

// TestWindowKeepsBoth decides a conflict by keyboard: both numbers stand, here and on the other device; an undo asks again.
func TestWindowKeepsBoth(t *testing.T) {
	_, a, b, id := shared(t)
	b.ok("strategy", "ask")
	a.ok("set", id, "phone=+44 20 2222")
	a.sync()
	b.ok("set", id, "phone=+44 20 3333")
	b.must(conflicts, "sync")

	w := newScreen(t).open(b, 0)
	w.shows(statusBar, "1 conflict")
	w.keys("ctrl+j") // to the first conflict, and its first answer
	w.shows(content, "Edited here and on another device", "3333", "2222", "Keep Mine", "Keep Both", "You, on this device", "newer")
	w.shootOne("conflict")
	w.keys("Tab", "Tab", "Return") // Keep Theirs, Keep Both
	b.untilNumbers(id, "+44 20 3333", "+44 20 2222")
	within(t, "the other device has both", func() (bool, string) {
		a.sync()
		got := fmt.Sprint(len(a.show(id).Card.Phones()))
		return got == "2", got
	})
	w.shows(listPane, "No conflicts")

	w.keys("ctrl+1", "Escape") // the other list, and out of the search box
	w.keys("Down")
	w.keys("ctrl+z")
	b.untilNumbers(id, "+44 20 3333")
	w.shows(sidePane, "To review") // the server has heard of it: both values can be looked at again
	w.close()
	agree(t, b, a)
}

// TestWindowReviews follows the notice of what the newer edit has overruled, and takes the other number as well.
func TestWindowReviews(t *testing.T) {
	srv := newServer(t)
	net := newWire(t, srv)
	a, b := signedIn(t, "desk", srv.url()), signedIn(t, "laptop", net.URL)
	id := share(a, b)
	w := newScreen(t).open(b, 0)
	w.shows(statusBar, "Up to date")

	net.cut()
	b.ok("set", id, "phone=+44 20 3333") // the earlier edit
	w.shows(statusBar, "Offline", "1 change waits")
	a.ok("set", id, "phone=+44 20 2222")
	a.sync()
	net.heal()
	w.keys("ctrl+r")
	w.shows(toast, "Kept the newer phone number of Ada Lovelace", "Review")
	w.shootOne("review-notice")
	w.click(w.toastEnd()-45, toastMiddle)
	w.shows(content, "the newer value was kept", "3333", "2222", "All Right", "Keep Both")
	w.shows(sidePane, "To review")
	w.shootOne("review")
	w.keys("Tab", "Return") // from All Right to Keep Both
	b.untilNumbers(id, "+44 20 2222", "+44 20 3333")
	w.shows(listPane, "Nothing to review")
	w.close()
	agree(t, b, a)
	var left []question
	if b.json(done, &left, "conflicts", "--overruled"); len(left) > 0 {
		t.Errorf("still to review: %+v", left)
	}
}

// toastMiddle is where the toast's text stands.
const toastMiddle = windowHeight - 40 - 14 - 25

// toastEnd is the right end of the toast, over an empty pane.
func (w *window) toastEnd() int {
	w.t.Helper()
	end := 0
	within(w.t, w.name+": the end of the toast", func() (bool, string) {
		img := w.picture()
		empty := img.RGBAAt(windowWidth-4, toastMiddle)
		for end = windowWidth - 4; end > 560 && far(img.RGBAAt(end, toastMiddle), empty) < 60; end-- {
		}
		return end > 560, fmt.Sprint(end)
	})
	return end
}

// far is how much two colours differ.
func far(a, b color.RGBA) int {
	d := func(x, y uint8) int { return max(int(x), int(y)) - min(int(x), int(y)) }
	return d(a.R, b.R) + d(a.G, b.G) + d(a.B, b.B)
}
