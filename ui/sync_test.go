package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// signedIn is a window that is signed in to the server as ada.
func signedIn(t *testing.T, server *memremote.Server, device string, cards ...contact.Card) *harness {
	t.Helper()
	dir := t.TempDir()
	store := newTestStore(t, dir)
	if len(cards) > 0 {
		if _, err := store.AddAll(t.Context(), cards); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	h := openWindow(t, dir, server).opened()
	request := syncer.SignInRequest{Server: "https://kith.test", User: "ada", Password: "secret", Device: device}
	if err := h.engine.SignIn(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	h.until(t, "everything is at the server", func() bool {
		return h.status.shown.State == syncer.Idle && h.status.shown.Pending == 0 && !h.status.shown.LastSync.IsZero()
	})
	return h
}

// device is the same account on another machine, without a window.
func otherDevice(t *testing.T, server *memremote.Server) (*data.Store, *syncer.Engine) {
	t.Helper()
	store := newTestStore(t, t.TempDir())
	t.Cleanup(func() { store.Close() })
	engine := syncer.New(store, server.Connector(), &memremote.Secrets{}, syncer.Options{})
	if err := engine.SignIn(t.Context(), syncer.SignInRequest{Server: "https://kith.test", User: "ada", Password: "secret", Device: "Phone"}); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store, engine
}

// cutOff keeps one device from the server. Only its wire is cut, so that it can't come before the others when it is mended.
func cutOff(device string) func(memremote.Request) memremote.Fault {
	return func(r memremote.Request) memremote.Fault {
		if r.Device != device {
			return memremote.Fault{}
		}
		return memremote.Fault{Err: &syncer.OfflineError{Reason: "the test cut the wire"}}
	}
}

func TestConflictIsDecidedInTheWindow(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", person("Grace", "Hopper"), person("Mary", "Somerville"))
	if err := h.store.SetStrategy(t.Context(), data.DefaultBook, contact.StrategyAsk); err != nil {
		t.Fatal(err)
	}
	phone, phoneEngine := otherDevice(t, server)
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	id := h.view.shown.ID

	// Both edit the title while they don't hear of each other.
	server.SetFaults(cutOff("Laptop"))
	h.menu("Edit")
	h.editor.title.SetText("Rear admiral")
	h.menu("Save")
	h.until(t, "the bar says offline, with what waits", func() bool { return h.status.text.text == "Offline · 1 change waits" })
	there, err := phone.Contact(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := phone.Save(t.Context(), id, there.Card, there.Card.WithTitle("Programmer")); err != nil {
		t.Fatal(err)
	}
	if _, err := phoneEngine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.SetFaults(nil)
	h.menu("Sync Now")
	h.until(t, "the conflict is shown", func() bool { return h.status.attention.text.text == "1 conflict" && len(h.view.shown.conflicts) == 1 })
	if c := h.view.shown.conflicts[0]; sideWords(contact.Local, c).text != "Rear admiral" || sideWords(contact.Remote, c).text != "Programmer" || c.Device != "Phone" {
		t.Errorf("conflict %+v", c)
	}

	h.status.attention.tapped()
	h.untilListed("Grace Hopper")
	h.view.questions.tap(t, "Keep Theirs")
	h.until(t, "no conflict is left", func() bool { return len(h.list.order) == 0 && !h.status.attention.Visible() })
	h.choosePlace(data.All)
	h.untilListed("Grace Hopper", "Mary Somerville")
	h.list.choose(0)
	h.until(t, "their title stands", func() bool { return h.view.role.text == "Programmer" })
}

func TestEditsOfAnotherDeviceArrive(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", person("Grace", "Hopper"))
	phone, phoneEngine := otherDevice(t, server)
	if _, err := phone.Add(t.Context(), person("Ada", "Lovelace")); err != nil {
		t.Fatal(err)
	}
	if _, err := phoneEngine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.untilListed("Ada Lovelace", "Grace Hopper") // by the long poll: nobody pressed anything
}

func TestSignInAgainAfterRevocation(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", person("Grace", "Hopper"))
	server.Revoke()
	h.menu("Sync Now")
	h.until(t, "the bar asks to sign in", func() bool { return h.status.attention.text.text == "Sign In…" })
	h.status.attention.tapped()
	h.until(t, "the dialog is open", func() bool { return h.dialogs.open != nil })
	password := h.focused().(*field)
	test.Type(password, "secret")
	h.press(fyne.KeyReturn)
	h.untilToast("Signed in as ada")
	h.until(t, "it syncs again", func() bool { return strings.HasPrefix(h.status.text.text, "Up to date") })
}

func TestSettingsAreKept(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	set := func(key, value string) {
		if err := h.store.SetSetting(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	set(settingTheme, themeDark)
	h.w.win.Resize(fyne.NewSize(950, 610))
	h.w.close()
	h.close()

	again := openWindow(t, h.dir, nil).opened()
	if got, want := again.w.win.Canvas().Size(), fyne.NewSize(950, 610); got != want {
		t.Errorf("size %v, want %v", got, want)
	}
	if th, ok := again.app.Settings().Theme().(*kithTheme); !ok || th.mode != themeDark {
		t.Errorf("theme %+v, want dark", again.app.Settings().Theme())
	}
	again.menu("Settings…")
	again.until(t, "the dialog is open", func() bool { return again.dialogs.open != nil })
	again.press(fyne.KeyEscape)
	if again.dialogs.open != nil {
		t.Error("Escape must close a dialog")
	}
}

func TestCopy(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	row := newValueRow(value{text: "x@example.org", spoken: "E-mail address"}, h.open, h.copied)
	row.TypedShortcut(&fyne.ShortcutCopy{})
	h.untilToast("E-mail address copied")
	if got := h.app.Clipboard().Content(); got != "x@example.org" {
		t.Errorf("clipboard %q", got)
	}
}

func TestHistoryAndTakingBack(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper").WithTitle("Officer"))
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	h.menu("Edit")
	h.editor.title.SetText("Rear admiral")
	h.menu("Save")
	h.until(t, "the title is new", func() bool { return h.view.role.text == "Rear admiral" && !h.editing })
	h.view.history.toggle.tapped()
	h.until(t, "the history is shown", func() bool { return len(h.view.history.entries.Objects) == 2 })
	entries, err := h.store.History(t.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.revert(entries[0])
	h.until(t, "the old title is back", func() bool { return h.view.role.text == "Officer" })
	h.until(t, "the history follows", func() bool { return len(h.view.history.entries.Objects) == 3 })
}
