package ui

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/version"
)

// dialogs opens the book's dialogs; one at a time.
type dialogs struct {
	book    *book
	open    *widget.PopUp
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
	d.close()
	line := container.New(barLayout{gap: 8, fill: 0}, append([]fyne.CanvasObject{newGap()}, buttons...)...)
	body := container.New(insets{20, 24, 18, 24}, container.New(columnLayout{gap: 16}, newTitle(title), content, line))
	d.open = widget.NewModalPopUp(body, d.book.win.Canvas())
	d.open.Resize(fyne.NewSize(width, body.MinSize().Height))
	d.open.Show()
	if first != nil {
		d.book.win.Canvas().Focus(first)
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
	d.ok, d.cancel = newMainButton("Sign In", signIn), newButton("Cancel", nil, cancel)
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
		formRow("Server", d.server), formRow("User", d.user), formRow("Password", d.password), formRow("This device", d.device), d.problem)
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
				d.open.Resize(fyne.NewSize(signInWidth, d.open.Content.MinSize().Height))
				d.book.win.Canvas().Focus(s.password)
				return
			}
			d.close()
			d.book.toast.show("Signed in as "+request.User, 0)
		})
	}, func() { d.close() })
	d.show("Set up sync", signInWidth, s.box, s.first(), s.busy, s.cancel, s.ok)
}

const signInWidth = 460

// ---- settings -------------------------------------------------------------------------------------------------------------

// Keys of the settings that the window reads and writes.
const (
	settingTheme    = "ui.theme"
	settingSize     = "ui.size"
	settingInterval = "sync.interval"
)

// option is one value of a setting: as it is stored, and as people read it.
type option struct{ value, text string }

var (
	themeOptions    = []option{{themeSystem, "As the system"}, {themeLight, "Light"}, {themeDark, "Dark"}}
	intervalOptions = []option{{"15s", "Every 15 seconds"}, {"1m0s", "Every minute"}, {"5m0s", "Every 5 minutes"}, {"30m0s", "Every 30 minutes"}, {"off", "Only after edits and on Sync Now"}}
	strategyOptions = []option{{string(contact.StrategyMerge), "Keep both; the later edit of a field wins"},
		{string(contact.StrategyNewest), "The later edit takes the whole contact"}, {string(contact.StrategyAsk), "Ask me about each field"}}
)

func optionText(options []option, value string) string {
	for _, o := range options {
		if o.value == value {
			return o.text
		}
	}
	return options[0].text
}

func optionValue(options []option, text string) string {
	for _, o := range options {
		if o.text == text {
			return o.value
		}
	}
	return options[0].value
}

func optionTexts(options []option) []string {
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.text
	}
	return texts
}

// intervalOption is the option of a stored interval, which may be another program's: a duration, seconds, or off.
func intervalOption(stored string) string {
	if seconds, err := strconv.Atoi(stored); err == nil {
		stored = (time.Duration(seconds) * time.Second).String()
	}
	switch {
	case stored == "":
		return "1m0s"
	case stored == "0" || stored == "0s" || stored == "off":
		return "off"
	}
	if d, err := time.ParseDuration(stored); err == nil {
		return d.String()
	}
	return stored
}

// preferences are the settings that the dialog shows.
type preferences struct {
	theme, interval string
	strategy        contact.Strategy
	account         data.Account // zero: not signed in
}

func readPreferences(ctx context.Context, store *data.Store) (p preferences, err error) {
	if p.theme, err = store.Setting(ctx, settingTheme); err != nil {
		return p, err
	}
	if p.interval, err = store.Setting(ctx, settingInterval); err != nil {
		return p, err
	}
	books, err := store.Books(ctx)
	if err != nil {
		return p, err
	}
	for _, book := range books {
		if book.ID == data.DefaultBook {
			p.strategy = book.Strategy
		}
	}
	if p.account, err = store.Account(ctx); errors.Is(err, data.ErrNotSignedIn) {
		err = nil
	}
	return p, err
}

func (d *dialogs) settings() {
	ask(d.book.bg, &d.asking, func(ctx context.Context) (preferences, error) { return readPreferences(ctx, d.book.store) },
		func(p preferences, err error) {
			if err != nil {
				d.book.toast.show(userMessage(err), 0)
				return
			}
			d.showSettings(p)
		})
}

func (d *dialogs) showSettings(p preferences) {
	b := d.book
	set := func(key, value string) {
		do(b.bg, func(ctx context.Context) error { return b.store.SetSetting(ctx, key, value) }, b.onlyErrors)
	}
	looks := newChoice(optionTexts(themeOptions), nil)
	looks.SetSelected(optionText(themeOptions, p.theme))
	looks.OnChanged = func(text string) {
		mode := optionValue(themeOptions, text)
		b.app.Settings().SetTheme(newTheme(mode))
		set(settingTheme, mode)
	}
	intervals := intervalOptions
	if i := intervalOption(p.interval); optionText(intervals, i) == intervals[0].text && i != intervals[0].value {
		intervals = append(intervals[:len(intervals):len(intervals)], option{i, "Every " + i})
	}
	interval := newChoice(optionTexts(intervals), nil)
	interval.SetSelected(optionText(intervals, intervalOption(p.interval)))
	interval.OnChanged = func(text string) { set(settingInterval, optionValue(intervals, text)) }
	strategy := newChoice(optionTexts(strategyOptions), nil)
	strategy.SetSelected(optionText(strategyOptions, string(p.strategy)))
	strategy.OnChanged = func(text string) {
		s := contact.Strategy(optionValue(strategyOptions, text))
		do(b.bg, func(ctx context.Context) error { return b.store.SetStrategy(ctx, data.DefaultBook, s) }, b.onlyErrors)
	}
	account := container.New(barLayout{gap: 8, fill: 0}, newTextLine(accountText(p.account), theme.ColorNameForeground, theme.SizeNameText))
	if p.account.User == "" {
		account.Add(newButton("Set Up Sync…", nil, d.signIn))
	} else {
		account.Add(newButton("Sign Out", nil, d.signOut))
	}
	content := container.New(columnLayout{gap: 12}, wideRow("Account", account), wideRow("Sync", interval),
		wideRow("When two devices edit the same contact", strategy), wideRow("Look", looks))
	done := newMainButton("Close", func() { d.close() })
	d.show("Settings", 520, content, done, done)
}

// wideRow is a label above its content.
func wideRow(label string, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(columnLayout{gap: 4}, newTextLine(label, colorMuted, sizeSmall), content)
}

func accountText(a data.Account) string {
	if a.User == "" {
		return "Not signed in"
	}
	return a.User + " at " + a.Server
}

func (d *dialogs) signOut() {
	do(d.book.bg, d.book.engine.SignOut, func(err error) {
		if err != nil {
			d.book.toast.show(userMessage(err), 0)
			return
		}
		d.close()
		d.book.toast.show("Signed out. Your contacts stay on this computer.", 0)
	})
}

// onlyErrors is the end of a write that says nothing when it worked.
func (b *book) onlyErrors(err error) {
	if err != nil {
		b.toast.show(userMessage(err), 0)
	}
}

// ---- about ----------------------------------------------------------------------------------------------------------------

func (d *dialogs) about() {
	text := widget.NewLabel(aboutText(debug.ReadBuildInfo()))
	text.Wrapping = fyne.TextWrapWord
	done := newMainButton("Close", func() { d.close() })
	d.show("Kith", 420, text, done, done)
}

// aboutText names the versions of what the program is made of.
func aboutText(info *debug.BuildInfo, ok bool) string {
	lines := []string{"An address book that is always usable and never loses an edit.", ""}
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

// shortcutList is every key that does something, for the dialog and the README.
var shortcutList = [][2]string{
	{"Ctrl+N", "New contact"}, {"Ctrl+F", "Search"}, {"Ctrl+E", "Edit"}, {"Ctrl+S", "Save"}, {"Esc", "Cancel, close, back"},
	{"Ctrl+Z", "Undo"}, {"Del", "Move to the trash"}, {"Ctrl+A", "Select all"}, {"Ctrl+R", "Sync now"}, {"Ctrl+D", "Favourite"},
	{"Ctrl+1 … 6", "All, Favourites, Conflicts, Trash, Birthdays, Recent"}, {"↑ ↓ PgUp PgDn Home End", "Move in the list"},
	{"Shift+↑ ↓, Ctrl+click", "Select several"}, {"Enter", "Open"}, {"Tab", "Next field"}, {"Ctrl+,", "Settings"}, {"Ctrl+Q", "Quit"},
}

func (d *dialogs) shortcuts() {
	rows := container.New(columnLayout{gap: 3})
	for _, s := range shortcutList {
		key := newTextLine(s[0], theme.ColorNameForeground, theme.SizeNameText)
		key.bold = true
		rows.Add(container.New(keyLayout{}, key, newTextLine(s[1], colorMuted, theme.SizeNameText)))
	}
	done := newMainButton("Close", func() { d.close() })
	d.show("Keyboard", 480, rows, done, done)
}

// keyLayout is a key and what it does.
type keyLayout struct{}

func (keyLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(300, o[0].MinSize().Height)
}

func (keyLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const keys = 190
	o[0].Resize(fyne.NewSize(keys-8, s.Height))
	o[1].Move(fyne.NewPos(keys, 0))
	o[1].Resize(fyne.NewSize(s.Width-keys, s.Height))
}
