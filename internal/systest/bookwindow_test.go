//go:build e2e

package systest

import (
	"fmt"
	"image"
	"testing"
)

// Places in a window with three lines of books: all, the own one, the shared one.
const (
	sharedX, sharedY = 90, 173 // the shared book in the sidebar
	menuX, menuY     = 22, 18  // from a secondary click to its menu's first item
)

// wide is inside the dialogs of books, which are wider than others.
var wide = image.Rect(280, 160, 830, 560)

// alt presses the other button at a place.
func (w *window) alt(x, y int) {
	w.t.Helper()
	w.front()
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y), "click", "3")
}

// share opens the dialog of the shared book.
func (w *window) share() {
	w.t.Helper()
	w.alt(sharedX, sharedY)
	w.click(sharedX+menuX, sharedY+menuY)
	w.shows(wide, "Share ", "Team", "Make Link")
}

// TestWindowsShareABook: two people, each with a window, at a real server. One shares a book by a link that the other pastes; what
// the other changes there is soon in the first one's window. Then the other may only read, and is removed, and is told so.
func TestWindowsShareABook(t *testing.T) {
	s := newServer(t)
	s.command(password+"\n", "user", "add", "eve", "--password-stdin")
	ada, eve := signedIn(t, "ada", s.url()), newDevice(t, "eve")
	eve.url = s.url()
	if r := eve.runWith(password+"\n", "login", s.url(), "--user", "eve", "--password-stdin"); r.code != done {
		t.Fatal(r)
	}
	ada.ok("books", "add", "Team")
	boss := ada.ok("add", "--name", "Boss", "--book", "Team")
	ada.ok("add", "--name", "Own")
	ada.sync()
	eve.ok("add", "--name", "Aunt")
	eve.sync()

	scr := newScreen(t)
	a, b := scr.open(ada, 0), scr.open(eve, windowWidth+20)
	a.shows(sidePane, "All books", "Personal", "Team")
	a.shows(listPane, "Boss", "Own")
	a.share()
	a.shootOne("share")
	a.keys("Return") // Make Link has the focus
	a.shows(wide, "works once", "Another Link")
	a.shootOne("share-link")
	a.keys("Return") // and now Copy Link
	a.keys("Escape")

	b.shows(listPane, "Aunt")
	b.click(booksMenuX, booksMenuY)
	b.click(booksMenuX+20, booksMenuY+70)
	b.shows(wide, "Join a book")
	b.keys("ctrl+v")
	b.shows(wide, "ada invites you to", "read and change")
	b.shootOne("join")
	b.keys("Return")
	b.shows(sidePane, "All books", "Team")
	b.shows(listPane, "Aunt", "Boss")

	// To the shared book; an edit there.
	b.keys("ctrl+shift+Down", "ctrl+shift+Down")
	b.shows(listPane, "1 contact")
	b.click(400, 110)
	b.shows(content, "Boss")
	b.shootOne("shared-book")
	eve.ok("set", boss, "name=Chief")
	a.shows(listPane, "Chief", "Own")

	// From then on he may only read, and is told so; then he is not in it any more, and is told that.
	ada.ok("books", "role", "Team", "eve", "reader")
	b.shows(content, "you may only read it")
	b.shootOne("read-only")
	ada.ok("books", "remove", "Team", "eve")
	b.shows(listPane, "You are no longer in", "Aunt")
	b.hides(sidePane, "Team")
	b.shootOne("book-lost")
	if got := eve.list(); len(got) != 1 {
		t.Errorf("eve has %v", got)
	}
	a.close()
	b.close()
}

// booksMenu is where the window's menu of books opens.
const booksMenuX, booksMenuY = 195, 14
