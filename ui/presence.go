package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"kith/data"
	"kith/syncer"
)

// presence is what Kith is beside its window: notifications, the icon in the system tray, and the start at login.
type presence struct {
	book  *book
	quit  func()      // ends the program
	shown func()      // the window has come back from the tray
	away  func() bool // it is there
	tray  bool        // closing the window only puts it away
	front bool        // the window has the user's attention: it says itself what happens

	inTray   bool // the icon is there
	told     syncer.Status
	checking question
	notify   func(title, text string)
}

func newPresence(b *book) *presence {
	p := &presence{book: b, quit: b.win.Close, shown: func() {}, away: func() bool { return false }, front: true}
	p.notify = func(title, text string) {
		n := fyne.NewNotification(title, text)
		b.bg.run(func(context.Context) { b.app.SendNotification(n) }) // it asks another program, which may take its time
	}
	life := b.app.Lifecycle()
	life.SetOnEnteredForeground(func() { p.front = true })
	life.SetOnExitedForeground(func() { p.front = false })
	return p
}

// ---- notifications --------------------------------------------------------------------------------------------------------

func (p *presence) statusChanged(s syncer.Status) {
	title, text := noticeOf(p.told, s)
	p.told = s
	if title != "" && (!p.front || p.away()) { // some window managers give a hidden window the focus
		p.notify(title, text)
	}
}

// noticeOf is what a person who does not look at the window should hear of a new status; "" : nothing.
func noticeOf(before, after syncer.Status) (title, text string) {
	switch {
	case after.State == syncer.SignInNeeded && before.State != syncer.SignInNeeded && before.State != "":
		return lang.L("Sign in again"), lang.L("Kith can't sync until you sign in. Your contacts are kept on this computer.")
	case after.Conflicts > before.Conflicts:
		return lang.L("A decision is needed"), lang.N("{{.Count}} contacts were changed on two devices. Kith asks you which values to keep.", after.Conflicts, counted(after.Conflicts))
	}
	return "", ""
}

// morning is the hour from which birthdays are told.
const morning = 8

// settingBirthdaysTold is the day on which they were told last.
const settingBirthdaysTold = "ui.birthdaysTold"

// keepTime looks now and then whether it is a new morning, until the window closes.
func (p *presence) keepTime() {
	p.tellBirthdays()
	p.book.bg.after(5*time.Minute, func() {
		if p.book.bg.ctx.Err() == nil {
			p.keepTime()
		}
	})
}

func (p *presence) tellBirthdays() {
	now := p.book.bg.now()
	if now.Hour() < morning {
		return
	}
	store, today := p.book.store, now.Format(time.DateOnly)
	ask(p.book.bg, &p.checking, func(ctx context.Context) ([]data.Row, error) {
		on, err := store.Setting(ctx, settingBirthdays)
		if err != nil || on != settingOn {
			return nil, err
		}
		told, err := store.Setting(ctx, settingBirthdaysTold)
		if err != nil || told == today {
			return nil, err
		}
		order, err := store.Order(ctx, data.Query{Filter: data.Birthdays})
		if err != nil {
			return nil, err
		}
		rows, err := store.Rows(ctx, order[:min(len(order), 50)])
		if err != nil {
			return nil, err
		}
		return rows, store.SetSetting(ctx, settingBirthdaysTold, today)
	}, func(rows []data.Row, err error) {
		if err != nil {
			return // it is tried again; the list says what is wrong with the database
		}
		if title, text := birthdayNotice(rows, now); title != "" {
			p.notify(title, text)
		}
	})
}

// birthdayNotice names those of the next birthdays that are today; "" : none is.
func birthdayNotice(next []data.Row, now time.Time) (title, text string) {
	var names []string
	for _, r := range next {
		day, in := nextBirthday(r.Birthday, now)
		if in > 0 {
			break
		}
		name := nameOr(r.Name)
		if age := day.Year() - r.Birthday.Year; r.Birthday.Year > 0 && age > 0 {
			name = lang.N("{{.Name}} turns {{.Count}}", age, with{"Name": name, "Count": thousands(age)})
		}
		names = append(names, name)
	}
	switch len(names) {
	case 0:
		return "", ""
	case 1:
		return lang.L("Birthday today"), names[0]
	}
	return lang.N("{{.Count}} birthdays today", len(names), counted(len(names))), commaed(names)
}

// ---- tray and login -------------------------------------------------------------------------------------------------------

// setTray puts Kith into the system tray, or lets the window's button end it again. An icon that is there stays until the end.
func (p *presence) setTray(on bool) {
	p.tray = on
	if !p.tray || p.inTray {
		return
	}
	p.inTray = true
	b := p.book
	show := func() {
		b.win.Show()
		p.shown()
		b.win.RequestFocus()
	}
	startTray(b.bg, show, []trayItem{{lang.L("Open Kith"), show}, {lang.L("Search…"), b.searchQuickly}, {lang.L("Sync Now"), b.engine.SyncNow}, {lang.L("Quit"), func() { p.quit() }}})
}

// options are the settings of this computer; set writes one.
func (p *presence) options(now preferences, set func(key, value string)) fyne.CanvasObject {
	onOff := func(on bool) string {
		if on {
			return settingOn
		}
		return ""
	}
	box := container.New(columnLayout{},
		newTick(lang.L("Tell me of birthdays in the morning"), now.birthdays, func(on bool) { set(settingBirthdays, onOff(on)) }))
	box.Add(newTick(lang.L("Stay in the system tray when the window is closed"), now.tray, func(on bool) {
		p.setTray(on)
		set(settingTray, onOff(on))
	}))
	if canStartAtLogin {
		box.Add(newTick(lang.L("Start when I log in"), now.atLogin, func(on bool) {
			do(p.book.bg, func(context.Context) error { return setStartAtLogin(on) }, p.book.onlyErrors)
		}))
	}
	return box
}
