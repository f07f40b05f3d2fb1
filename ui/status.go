package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"kith/syncer"
)

// statusText is the status bar's sentence. A syncer that has said nothing yet is starting.
func statusText(s syncer.Status, now time.Time) string {
	waits := ""
	if n := unsent(s); n > 0 {
		waits = lang.N("{{.Count}} changes wait", n, counted(n))
	}
	switch s.State {
	case syncer.SignedOut:
		if s.Pending > 0 {
			return lang.L("Not synced with a server · everything is kept on this computer")
		}
		return lang.L("Not synced with a server")
	case syncer.Syncing:
		switch {
		case s.Total > 0:
			return lang.L("Syncing {{.Done}} of {{.Total}}", with{"Done": thousands(min(s.Done, s.Total)), "Total": thousands(s.Total)})
		case s.Done > 0:
			return lang.L("Syncing… {{.Done}} so far", with{"Done": thousands(s.Done)})
		}
		return lang.L("Syncing…")
	case syncer.Offline:
		if waits == "" && !s.LastSync.IsZero() {
			return lang.L("Offline · synced {{.When}}", with{"When": ago(s.LastSync, now)})
		}
		return facts(lang.L("Offline"), waits)
	case syncer.SignInNeeded:
		return facts(lang.L("Sign in again to sync"), waits)
	case syncer.UpdateNeeded:
		return facts(lang.L("Update Kith to go on syncing"), waits)
	case syncer.Failed:
		return facts(lang.L("Couldn't sync: {{.Problem}}", with{"Problem": userMessage(s.Err)}), waits)
	case syncer.Idle:
		switch {
		case s.Held.Any():
			return lang.L("Sync waits: {{.What}}", with{"What": heldText(s.Held)})
		case waits != "":
			return facts(lang.L("Saved on this computer"), waits)
		case s.LastSync.IsZero():
			return lang.L("Not synced yet")
		}
		return lang.L("Up to date · synced {{.When}}", with{"When": ago(s.LastSync, now)})
	}
	return lang.L("Starting…")
}

// betweenFacts stands between facts, in every language.
const betweenFacts = " · "

// facts are what can be said beside one another, each for itself; "" is none.
func facts(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(f string) bool { return f == "" }), betweenFacts)
}

// unsent is how many contacts wait for the network. Those that wait for the user are spoken of beside that.
func unsent(s syncer.Status) int { return max(0, s.Pending-s.Conflicts-s.Rejected-s.Held.Out) }

// statusAttention is the link beside the sentence, to what waits for the user; "" : nothing does.
func statusAttention(s syncer.Status) string {
	switch {
	case s.State == syncer.SignedOut:
		return lang.L("Set Up Sync…")
	case s.State == syncer.SignInNeeded:
		return lang.L("Sign In…")
	case s.Held.Any() && s.State == syncer.Idle:
		return lang.L("Review") // the sentence says what
	case s.Held.Any():
		return lang.L("Review deletions")
	case s.Conflicts > 0 && s.Rejected > 0:
		return lang.N("{{.Count}} contacts need you", s.Conflicts+s.Rejected, counted(s.Conflicts+s.Rejected))
	case s.Conflicts > 0:
		return lang.N("{{.Count}} conflicts", s.Conflicts, counted(s.Conflicts))
	}
	return asideLink(s.Rejected, s.Unreadable)
}

// ago says how long something is past, coarsely, as people do. It stands where a text has {{.When}}.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < 45*time.Second:
		return lang.L("just now")
	case d < time.Hour:
		n := max(1, int((d+30*time.Second)/time.Minute))
		return lang.N("{{.Count}} min ago", n, counted(n))
	case d < 24*time.Hour:
		n := int(d / time.Hour)
		return lang.N("{{.Count}} hours ago", n, counted(n))
	case d < 7*24*time.Hour:
		n := int(d / (24 * time.Hour))
		return lang.N("{{.Count}} days ago", n, counted(n))
	}
	return lang.L("on {{.Day}}", with{"Day": here().Day(t.Local())})
}

// moment is a point in time for a history: the day as people say it, and the hour.
func moment(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	l := here()
	hour := l.Clock(t)
	switch days := dayNumber(now) - dayNumber(t); {
	case days == 0:
		return lang.L("today, {{.Hour}}", with{"Hour": hour})
	case days == 1:
		return lang.L("yesterday, {{.Hour}}", with{"Hour": hour})
	case t.Year() == now.Year():
		return lang.L("{{.Day}}, {{.Hour}}", with{"Day": l.DayOfYear(t), "Hour": hour})
	}
	return lang.L("{{.Day}}, {{.Hour}}", with{"Day": l.Day(t), "Hour": hour})
}

func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// thousands writes 12345 as people here do: "12,345".
func thousands(n int) string { return here().Number(n) }

func ifAny(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

// sameStatus says whether two statuses look alike; errors compare by their text.
func sameStatus(a, b syncer.Status) bool {
	aErr, bErr := a.Err, b.Err
	a.Err, b.Err = nil, nil
	if a != b || (aErr == nil) != (bErr == nil) {
		return false
	}
	return aErr == nil || errors.Is(aErr, bErr) || aErr.Error() == bErr.Error()
}
