package ui

import (
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestNoticeOf(t *testing.T) {
	for _, tt := range []struct {
		name          string
		before, after syncer.Status
		want          string
	}{
		{"nothing", syncer.Status{State: syncer.Syncing}, syncer.Status{State: syncer.Idle}, ""},
		{"at the start", syncer.Status{}, syncer.Status{State: syncer.SignInNeeded}, ""},
		{"a sign-in", syncer.Status{State: syncer.Idle}, syncer.Status{State: syncer.SignInNeeded}, "Sign in again"},
		{"still", syncer.Status{State: syncer.SignInNeeded}, syncer.Status{State: syncer.SignInNeeded}, ""},
		{"one more", syncer.Status{State: syncer.Idle, Conflicts: 1}, syncer.Status{State: syncer.Idle, Conflicts: 2}, "A decision is needed"},
		{"one less", syncer.Status{State: syncer.Idle, Conflicts: 2}, syncer.Status{State: syncer.Idle, Conflicts: 1}, ""},
		{"offline", syncer.Status{State: syncer.Idle}, syncer.Status{State: syncer.Offline}, ""},
	} {
		if got, _ := noticeOf(tt.before, tt.after); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestBirthdayNotice(t *testing.T) {
	row := func(name string, year, month, day int) data.Row {
		return data.Row{Name: name, Birthday: contact.Date{Year: year, Month: month, Day: day}}
	}
	for _, tt := range []struct {
		rows        []data.Row
		title, text string
	}{
		{nil, "", ""},
		{[]data.Row{row("Zoe", 1990, 11, 23)}, "", ""},
		{[]data.Row{row("Ada", 1976, 11, 22), row("Zoe", 1990, 11, 23)}, "Birthday today", "Ada turns 50"},
		{[]data.Row{row("Ada", 1976, 11, 22), row("", 0, 11, 22)}, "2 birthdays today", "Ada turns 50, No name"},
	} {
		if title, text := birthdayNotice(tt.rows, testNow); title != tt.title || text != tt.text {
			t.Errorf("%v: %q, %q; want %q, %q", tt.rows, title, text, tt.title, tt.text)
		}
	}
}

// Birthdays are told once a morning, and only to those who want it; what the window shows needs no notification.
func TestBirthdaysAreToldOnce(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace").WithBirthday(contact.Date{Year: 1976, Month: 11, Day: 22}))
	var told []string
	h.presence.notify = func(title, text string) { told = append(told, title+": "+text) }
	if err := h.store.SetSetting(t.Context(), settingBirthdays, settingOn); err != nil {
		t.Fatal(err)
	}
	h.presence.tellBirthdays()
	h.until(t, "the birthday is told", func() bool { return len(told) == 1 })
	if told[0] != "Birthday today: Ada Lovelace turns 50" {
		t.Errorf("told %q", told)
	}
	if day, err := h.store.Setting(t.Context(), settingBirthdaysTold); err != nil || day != testNow.Format(time.DateOnly) {
		t.Errorf("told on %q, %v", day, err)
	}
	h.presence.told = syncer.Status{State: syncer.Idle}
	h.presence.statusChanged(syncer.Status{State: syncer.SignInNeeded})
	if len(told) != 1 {
		t.Errorf("with the window in front, told %q", told)
	}
	h.presence.front = false
	h.presence.statusChanged(syncer.Status{State: syncer.SignInNeeded, Conflicts: 1})
	if len(told) != 2 {
		t.Errorf("with the window behind others, told %q", told)
	}
}

func TestLoginEntry(t *testing.T) {
	got := loginEntry(`/home/a b/$x"%/kith`)
	if want := `Exec="/home/a b/\\$x\\"%%/kith"`; !strings.Contains(got, "\n"+want+"\n") {
		t.Errorf("entry:\n%s\nwant %s", got, want)
	}
}

func TestTextSize(t *testing.T) {
	for _, tt := range []struct {
		stored string
		want   float32
	}{{"", 24}, {"1", 24}, {"1.5", 36}, {"nonsense", 24}, {"90", 24}} {
		if got := newSizedTheme(themeLight, tt.stored).Size(sizeTitle); got != tt.want {
			t.Errorf("size %q: a title is %v; want %v", tt.stored, got, tt.want)
		}
	}
}
