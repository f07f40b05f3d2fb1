package ui

import (
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"kith/syncer"
)

// statusText is the status bar's sentence. A syncer that has said nothing yet is starting.
func statusText(s syncer.Status, now time.Time) string {
	waits := ""
	if n := unsent(s); n > 0 {
		waits = " · " + count(n, "change waits", "changes wait")
	}
	switch s.State {
	case syncer.SignedOut:
		return "Not synced with a server" + ifAny(s.Pending > 0, " · everything is kept on this computer")
	case syncer.Syncing:
		switch {
		case s.Total > 0:
			return fmt.Sprintf("Syncing %s of %s", thousands(min(s.Done, s.Total)), thousands(s.Total))
		case s.Done > 0:
			return fmt.Sprintf("Syncing… %s so far", thousands(s.Done))
		}
		return lang.L("Syncing…")
	case syncer.Offline:
		if waits == "" && !s.LastSync.IsZero() {
			return "Offline · synced " + ago(s.LastSync, now)
		}
		return "Offline" + waits
	case syncer.SignInNeeded:
		return "Sign in again to sync" + waits
	case syncer.UpdateNeeded:
		return "Update Kith to go on syncing" + waits
	case syncer.Failed:
		return "Couldn't sync: " + userMessage(s.Err) + waits
	case syncer.Idle:
		switch {
		case s.Held.Any():
			return "Sync waits: " + heldText(s.Held)
		case waits != "":
			return "Saved on this computer" + waits
		case s.LastSync.IsZero():
			return lang.L("Not synced yet")
		}
		return "Up to date · synced " + ago(s.LastSync, now)
	}
	return lang.L("Starting…")
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

// ago says how long something is past, coarsely, as people do.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < 45*time.Second:
		return "just now"
	case d < time.Hour:
		return count(max(1, int((d+30*time.Second)/time.Minute)), "min", "min") + " ago"
	case d < 24*time.Hour:
		return count(int(d/time.Hour), "hour", "hours") + " ago"
	case d < 7*24*time.Hour:
		return count(int(d/(24*time.Hour)), "day", "days") + " ago"
	}
	return "on " + here().Day(t.Local())
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
		return l.DayOfYear(t) + ", " + hour
	}
	return l.Day(t) + ", " + hour
}

func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
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
