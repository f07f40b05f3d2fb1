package ui

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
	"kith/syncer"
	"kith/version"
)

// dialogs opens the book's dialogs; one at a time.
type dialogs struct {
	book    *book
	open    *widget.PopUp
	shown   *sheet // by show
	onClose func()
	asking  question
}

// close closes the open dialog and says whether there was one. What it had begun is given up.
func (d *dialogs) close() bool {
	if d.open == nil {
		return false
	}
	d.asking.drop()
	d.open.Hide()
	d.open = nil
	if d.onClose != nil {
		d.onClose()
		d.onClose = nil
	}
	return true
}

// show opens a dialog: a title, its content, and its buttons at the right below.
func (d *dialogs) show(title string, width float32, content fyne.CanvasObject, first fyne.Focusable, buttons ...fyne.CanvasObject) {
	d.shown = d.sheet(width, nil)
	d.shown.show(title, content, first, newNothing(), buttons...)
}

// scrolled is a dialog's content that scrolls where the window is too low for it.
func (d *dialogs) scrolled(content fyne.CanvasObject) fyne.CanvasObject {
	scroll := container.NewVScroll(container.New(insets{right: scrollMargin}, container.New(anyWidth{}, content)))
	keepInSight(scroll)
	return container.New(lowLayout{d.book.win.Canvas()}, scroll)
}

// scrollMargin is how far a dialog's scroll bar stands in its margin, beside the content.
const scrollMargin = 14

// lowLayout is as high as what its scroll scrolls, but not higher than a dialog has room for in the window.
type lowLayout struct{ canvas fyne.Canvas }

func (l lowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	const around = 180 // title, buttons, and what is left of the window
	content := o[0].(*container.Scroll).Content.MinSize()
	return fyne.NewSize(0, min(content.Height, l.canvas.Size().Height-around))
}

func (lowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s.AddWidthHeight(scrollMargin, 0))
}

// resize fits the dialog of show to content that has become higher or lower.
func (d *dialogs) resize() {
	if d.open != nil && d.shown.isOpen() {
		d.shown.fit()
	}
}

// ---- sync -----------------------------------------------------------------------------------------------------------------

// signInDialog asks for a server and an account.
type signInDialog struct {
	server, user, password, device *field
	problem                        *widget.Label
	busy                           *widget.Activity
	ok, cancel                     *button
	box                            *fyne.Container
}

func newSignInDialog(canvas fyne.Canvas, a data.Account, signIn, cancel func()) *signInDialog {
	d := &signInDialog{server: newField("https://kith.example.org"), user: newField(""), password: newPasswordField(), device: newField("")}
	d.server.SetText(a.Server)
	d.user.SetText(a.User)
	d.device.SetText(a.Device)
	d.problem = widget.NewLabel("")
	d.problem.Wrapping, d.problem.Importance = fyne.TextWrapWord, widget.DangerImportance
	d.problem.Hide()
	d.busy = widget.NewActivity()
	d.busy.Hide()
	d.ok, d.cancel = newMainButton(lang.L("Sign In"), signIn), newButton(lang.L("Cancel"), nil, cancel)
	for _, f := range []*field{d.server, d.user, d.password, d.device} {
		f.OnChanged = func(string) { d.check() }
		f.OnSubmitted = func(string) {
			if d.ok.Disabled() {
				canvas.FocusNext()
				return
			}
			signIn()
		}
	}
	d.box = container.New(columnLayout{gap: 10},
		formRow(lang.L("Server"), d.server), formRow(lang.L("User"), d.user), formRow(lang.L("Password"), d.password), formRow(lang.L("This device"), d.device), d.problem)
	d.check()
	return d
}

// check lets the button rest until everything is there.
func (d *signInDialog) check() {
	complete := true
	for _, f := range []*field{d.server, d.user, d.password, d.device} {
		complete = complete && strings.TrimSpace(f.Text) != ""
	}
	setEnabled(d.ok, complete)
}

func (d *signInDialog) request() syncer.SignInRequest {
	return syncer.SignInRequest{
		Server: strings.TrimSpace(d.server.Text), User: strings.TrimSpace(d.user.Text),
		Password: d.password.Text, Device: strings.TrimSpace(d.device.Text),
	}
}

func (d *signInDialog) first() *field {
	if d.server.Text == "" {
		return d.server
	}
	return d.password
}

// setBusy rests the fields while the server is asked.
func (d *signInDialog) setBusy(on bool) {
	d.busy.Hidden = !on
	if on {
		d.busy.Start()
		d.problem.Hide()
		d.ok.Disable()
	} else {
		d.busy.Stop()
		d.check()
	}
	for _, f := range []*field{d.server, d.user, d.password, d.device} {
		setEnabled(f, !on)
	}
	d.box.Refresh()
}

func (d *signInDialog) fail(err error) {
	d.setBusy(false)
	d.problem.SetText(userMessage(err))
	d.problem.Show()
	d.box.Refresh()
}

// wrong is the field that what went wrong is about.
func (d *signInDialog) wrong(err error) *field {
	if errors.Is(err, syncer.ErrOffline) || errors.Is(err, syncer.ErrNotKith) {
		return d.server
	}
	return d.password
}

// signIn opens the dialog that sets up sync, or signs in again. Nothing is saved before the server has said yes.
func (d *dialogs) signIn() {
	if d.book.editing {
		return
	}
	ask(d.book.bg, &d.asking, func(ctx context.Context) (data.Account, error) {
		a, err := d.book.store.Account(ctx)
		if errors.Is(err, data.ErrNotSignedIn) {
			err = nil
		}
		if a.Device == "" {
			a.Device, _ = os.Hostname() // without one, the user names the device
		}
		return a, err
	}, func(a data.Account, err error) {
		if err != nil {
			d.book.toast.show(userMessage(err), 0)
			return
		}
		d.showSignIn(a)
	})
}

func (d *dialogs) showSignIn(a data.Account) {
	var s *signInDialog
	s = newSignInDialog(d.book.win.Canvas(), a, func() {
		s.setBusy(true)
		request := s.request()
		ask(d.book.bg, &d.asking, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, d.book.engine.SignIn(ctx, request)
		}, func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
				d.resize()
				d.book.win.Canvas().Focus(s.wrong(err))
				return
			}
			d.close()
			d.book.toast.show(lang.L("Signed in as {{.User}}", with{"User": request.User}), 0)
		})
	}, func() { d.close() })
	d.show(lang.L("Set up sync"), signInWidth, s.box, s.first(), s.busy, s.cancel, s.ok)
}

const signInWidth = 460

// ---- about ----------------------------------------------------------------------------------------------------------------

func (d *dialogs) about() {
	done := newMainButton(lang.L("Close"), func() { d.close() })
	d.show("Kith", 420, flush(newParagraph(aboutText(debug.ReadBuildInfo()))), done, done)
}

// aboutText names the versions of what the program is made of.
func aboutText(info *debug.BuildInfo, ok bool) string {
	lines := []string{lang.L("An address book that is always usable and never loses an edit."), ""}
	if !ok {
		return lines[0]
	}
	kith := "Kith " + version.Number
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			kith += " (" + s.Value[:12] + ")"
		}
	}
	lines = append(lines, kith, info.GoVersion)
	for _, dep := range info.Deps {
		switch dep.Path {
		case "fyne.io/fyne/v2":
			lines = append(lines, "Fyne "+dep.Version)
		case "modernc.org/sqlite":
			lines = append(lines, "SQLite (modernc) "+dep.Version)
		}
	}
	return strings.Join(lines, "\n")
}

// shortcutList is every key that does something, for the dialog.
func shortcutList() [][2]string {
	return [][2]string{
		{"Ctrl+N", lang.L("New contact")}, {"Ctrl+F, Ctrl+Shift+F", lang.L("Search, in a small window")}, {"Ctrl+E", lang.L("Edit")}, {"Ctrl+S", lang.L("Save")}, {"Esc", lang.L("Cancel, close, back")},
		{"Ctrl+Z, Ctrl+Shift+Z", lang.L("Undo, redo")}, {"Del", lang.L("Move to the trash")}, {"Ctrl+A", lang.L("Select all")}, {"Ctrl+R", lang.L("Sync now")}, {"Ctrl+D", lang.L("Favourite")},
		{"Ctrl+M", lang.L("Merge the selected")}, {"Ctrl+O", lang.L("Import files")}, {"Ctrl+P", lang.L("Print")}, {"Ctrl+K", lang.L("QR code")},
		{"Ctrl+J, Ctrl+Shift+J", lang.L("Next, previous conflict")},
		{"Ctrl+1 … 4", lang.L("All, Favourites, Conflicts, Trash")}, {"Ctrl+5 … 7", lang.L("Birthdays, Recent, Duplicates")}, {"↑ ↓ PgUp PgDn Home End", lang.L("Move in the list")},
		{"Shift+↑ ↓, Ctrl+click", lang.L("Select several")}, {"Enter", lang.L("Open")}, {"Tab", lang.L("Next field")}, {"Ctrl+,", lang.L("Settings")}, {"Ctrl+?, F1", lang.L("This list")}, {"Ctrl+Q", lang.L("Quit")},
	}
}

func (d *dialogs) shortcuts() {
	room := d.book.win.Canvas().Size().Width - 80
	list, width := &keysLayout{columns: 1, stacked: room < 2*keyWidth}, min(600, room+48)
	if room >= keysWidth*0.9 {
		list.columns, width = 2, min(keysWidth, room+48)
	}
	rows := container.New(list)
	for _, s := range shortcutList() {
		key, does := newTextLine(s[0], theme.ColorNameForeground, theme.SizeNameText), newTextLine(s[1], colorMuted, theme.SizeNameText)
		key.bold = true
		rows.Add(key)
		rows.Add(does)
	}
	done := newMainButton(lang.L("Close"), func() { d.close() })
	d.show(lang.L("Keyboard"), width, d.scrolled(rows), done, done)
}

const (
	keysWidth = 1020 // of the dialog with two columns
	keyWidth  = 210
	keyGap    = 3
)

// keysLayout are keys and what each does, by turns: in one column or two, and where there is no room beside the keys, below them.
type keysLayout struct {
	columns int
	stacked bool
}

// of returns how many lines a column has, and how high a line is.
func (l *keysLayout) of(o []fyne.CanvasObject) (lines int, height float32) {
	lines, height = (len(o)/2+l.columns-1)/l.columns, o[0].MinSize().Height
	if l.stacked {
		height = 2*height + keyGap
	}
	return lines, height + keyGap
}

func (l *keysLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	lines, height := l.of(o)
	return fyne.NewSize(keyWidth, float32(lines)*height-keyGap)
}

func (l *keysLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	lines, height := l.of(o)
	column := s.Width / float32(l.columns)
	for i := range len(o) / 2 {
		key, does := o[2*i], o[2*i+1]
		x, y, line := column*float32(i/lines), height*float32(i%lines), key.MinSize().Height
		key.Move(fyne.NewPos(x, y))
		key.Resize(fyne.NewSize(keyWidth-8, line))
		if l.stacked {
			key.Resize(fyne.NewSize(column, line))
			does.Move(fyne.NewPos(x, y+line))
			does.Resize(fyne.NewSize(column, line))
			continue
		}
		does.Move(fyne.NewPos(x+keyWidth, y))
		does.Resize(fyne.NewSize(column-keyWidth-8, line))
	}
}
