package ui

import (
	"context"
	"errors"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
	"kith/data"
)

// Keys of the settings that the window reads and writes.
const (
	settingTheme     = "ui.theme"
	settingDesktop   = "ui.desktop" // what the desktop wanted when it last said so: themeLight or themeDark
	settingText      = "ui.text"
	settingSize      = "ui.size"
	settingInterval  = "sync.interval"
	settingBirthdays = "ui.birthdays" // settingOn: a notification in the morning
	settingTray      = "ui.tray"      // settingOn: in the system tray, also while the window is closed

	settingOn = "on"
)

// option is one value of a setting: as it is stored, and as people read it.
type option struct{ value, text string }

func themeOptions() []option {
	return []option{{themeSystem, lang.L("As the system")}, {themeLight, lang.L("Light")}, {themeDark, lang.L("Dark")}}
}

func textOptions() []option {
	return []option{{"1", lang.X("text.normal", "Normal")}, {"0.9", lang.X("text.small", "Small")}, {"1.15", lang.X("text.large", "Large")},
		{"1.3", lang.X("text.larger", "Larger")}, {"1.5", lang.X("text.largest", "Largest")}}
}

func intervalOptions() []option {
	return []option{{"15s", lang.L("Every 15 seconds")}, {"1m0s", lang.L("Every minute")}, {"5m0s", lang.L("Every 5 minutes")},
		{"30m0s", lang.L("Every 30 minutes")}, {"off", lang.L("Only after edits and on Sync Now")}}
}

func strategyOptions() []option {
	return []option{{string(contact.StrategyMerge), lang.L("Keep both; the later edit of a field wins")},
		{string(contact.StrategyNewest), lang.L("The later edit takes the whole contact")}, {string(contact.StrategyAsk), lang.L("Ask me about each field")}}
}

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
	theme, text, interval string
	trash                 string
	books                 []data.Book
	account               data.Account // zero: not signed in
	language              string
	birthdays, tray       bool
	atLogin               bool
}

func readPreferences(ctx context.Context, store *data.Store) (p preferences, err error) {
	var birthdays, tray string
	for key, value := range map[string]*string{settingTheme: &p.theme, settingText: &p.text, settingInterval: &p.interval, data.SettingTrash: &p.trash,
		settingBirthdays: &birthdays, settingTray: &tray, settingLanguage: &p.language} {
		if *value, err = store.Setting(ctx, key); err != nil {
			return p, err
		}
	}
	p.birthdays, p.tray, p.atLogin = birthdays == settingOn, tray == settingOn, startsAtLogin()
	if p.books, err = store.Books(ctx); err != nil {
		return p, err
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
	looks := newChoice(optionTexts(themeOptions()), nil)
	looks.SetSelected(optionText(themeOptions(), p.theme))
	looks.OnChanged = func(text string) {
		mode := optionValue(themeOptions(), text)
		p.theme = mode
		b.looks.set(mode, p.text)
		set(settingTheme, mode)
	}
	sizes := newChoice(optionTexts(textOptions()), nil)
	sizes.SetSelected(optionText(textOptions(), p.text))
	sizes.OnChanged = func(text string) {
		p.text = optionValue(textOptions(), text)
		b.looks.set(p.theme, p.text)
		set(settingText, p.text)
	}
	intervals := intervalOptions()
	if i := intervalOption(p.interval); optionText(intervals, i) == intervals[0].text && i != intervals[0].value {
		intervals = append(intervals, option{i, lang.L("Every {{.Interval}}", with{"Interval": i})})
	}
	spoken, restart := languageChoice(p.language, func(tag string) { set(settingLanguage, tag) })
	interval := newChoice(optionTexts(intervals), nil)
	interval.SetSelected(optionText(intervals, intervalOption(p.interval)))
	interval.OnChanged = func(text string) { set(settingInterval, optionValue(intervals, text)) }
	strategy := b.newStrategyChoice(p.books)
	account := container.New(barLayout{gap: 8, fill: 0}, newTextLine(accountText(p.account), theme.ColorNameForeground, theme.SizeNameText))
	if p.account.User == "" {
		account.Add(newButton(lang.L("Set Up Sync…"), nil, d.signIn))
	} else {
		account.Add(newButton(lang.L("Sign Out"), nil, d.signOut))
	}
	content := container.New(columnLayout{gap: 12}, wideRow(lang.L("Account"), account), wideRow(lang.L("Sync"), interval),
		wideRow(lang.L("When two devices edit the same contact"), strategy),
		wideRow(lang.L("Remove deleted contacts for good"), trashChoice(p.trash, set)),
		container.New(&rowLayout{gap: theme.Padding()}, wideRow(lang.L("Look"), looks), wideRow(lang.L("Text"), sizes), wideRow(lang.L("Language"), spoken)), restart,
		wideRow(lang.L("On this computer"), b.presence.options(p, set)))
	done := newMainButton(lang.L("Close"), func() { d.close() })
	d.show(lang.L("Settings"), 520, d.scrolled(content), done, done)
}

// wideRow is a label above its content.
func wideRow(label string, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(columnLayout{gap: 4}, newTextLine(label, colorMuted, sizeSmall), content)
}

func accountText(a data.Account) string {
	if a.User == "" {
		return lang.L("Not signed in")
	}
	return lang.L("{{.User}} at {{.Server}}", with{"User": a.User, "Server": a.Server})
}

func (d *dialogs) signOut() {
	do(d.book.bg, d.book.engine.SignOut, func(err error) {
		if err != nil {
			d.book.toast.show(userMessage(err), 0)
			return
		}
		d.close()
		d.book.toast.show(lang.L("Signed out. Your contacts stay on this computer."), 0)
	})
}

// onlyErrors is the end of a write that says nothing when it worked.
func (b *book) onlyErrors(err error) {
	if err != nil {
		b.toast.show(userMessage(err), 0)
	}
}
