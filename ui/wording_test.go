package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestStatusText(t *testing.T) {
	now := testNow
	tests := []struct {
		name string
		s    syncer.Status
		want string
		link string
	}{
		{"nothing said yet", syncer.Status{}, "Starting…", ""},
		{"signed out", syncer.Status{State: syncer.SignedOut}, "Not synced with a server", "Set Up Sync…"},
		{"signed out with contacts", syncer.Status{State: syncer.SignedOut, Pending: 3}, "Not synced with a server · everything is kept on this computer", "Set Up Sync…"},
		{"offline", syncer.Status{State: syncer.Offline, Pending: 3}, "Offline · 3 changes wait", ""},
		{"offline, one", syncer.Status{State: syncer.Offline, Pending: 1}, "Offline · 1 change waits", ""},
		{"offline, nothing waits", syncer.Status{State: syncer.Offline, LastSync: now.Add(-2 * time.Hour)}, "Offline · synced 2 hours ago", ""},
		{"syncing", syncer.Status{State: syncer.Syncing}, "Syncing…", ""},
		{"syncing, counted", syncer.Status{State: syncer.Syncing, Done: 1200, Total: 10000}, "Syncing 1,200 of 10,000", ""},
		{"syncing, more came", syncer.Status{State: syncer.Syncing, Done: 12, Total: 10}, "Syncing 10 of 10", ""},
		{"up to date", syncer.Status{State: syncer.Idle, LastSync: now.Add(-2 * time.Minute)}, "Up to date · synced 2 min ago", ""},
		{"just now", syncer.Status{State: syncer.Idle, LastSync: now}, "Up to date · synced just now", ""},
		{"idle but waiting", syncer.Status{State: syncer.Idle, LastSync: now, Pending: 2}, "Saved on this computer · 2 changes wait", ""},
		{"nothing but conflicts waits", syncer.Status{State: syncer.Idle, LastSync: now, Pending: 3, Conflicts: 2, Rejected: 1}, "Up to date · synced just now", "3 contacts need you"},
		{"conflicts", syncer.Status{State: syncer.Idle, LastSync: now, Conflicts: 2}, "Up to date · synced just now", "2 conflicts"},
		{"refused", syncer.Status{State: syncer.Idle, LastSync: now, Rejected: 1}, "Up to date · synced just now", "1 contact can't be sent · Review"},
		{"unreadable", syncer.Status{State: syncer.Idle, LastSync: now, Unreadable: 2}, "Up to date · synced just now", "2 contacts can't be read · Review"},
		{"refused and unreadable", syncer.Status{State: syncer.Idle, LastSync: now, Unreadable: 2, Rejected: 1}, "Up to date · synced just now", "3 contacts could not be synced · Review"},
		{"held", syncer.Status{State: syncer.Idle, LastSync: now, Held: data.Held{In: 40, Live: 100}}, "Sync waits: 40 of 100 contacts would be deleted here", "Review"},
		{"own held", syncer.Status{State: syncer.Idle, Pending: 1200, Held: data.Held{Out: 1200, Live: 3}}, "Sync waits: 1,200 of 1,203 contacts would be deleted everywhere", "Review"},
		{"held, offline", syncer.Status{State: syncer.Offline, Pending: 41, Held: data.Held{Out: 40, Live: 60}}, "Offline · 1 change waits", "Review deletions"},
		{"both", syncer.Status{State: syncer.Idle, LastSync: now, Conflicts: 1, Rejected: 1}, "Up to date · synced just now", "2 contacts need you"},
		{"sign in", syncer.Status{State: syncer.SignInNeeded, Pending: 1}, "Sign in again to sync · 1 change waits", "Sign In…"},
		{"update", syncer.Status{State: syncer.UpdateNeeded}, "Update Kith to go on syncing", ""},
		{"failed", syncer.Status{State: syncer.Failed, Err: errors.New("disk full")}, "Couldn't sync: Disk full.", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := statusText(tt.s, now); got != tt.want {
				t.Errorf("text: got %q, want %q", got, tt.want)
			}
			if got := statusAttention(tt.s); got != tt.link {
				t.Errorf("link: got %q, want %q", got, tt.link)
			}
		})
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", -1234: "-1,234"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	now := time.Date(2026, 3, 2, 0, 30, 0, 0, time.Local)
	tests := []struct {
		t    time.Time
		want string
	}{
		{now.Add(-10 * time.Minute), "today, 00:20"},
		{now.Add(-time.Hour), "yesterday, 23:30"},
		{time.Date(2026, 1, 31, 8, 5, 0, 0, time.Local), "31 January, 08:05"},
		{time.Date(2025, 12, 31, 8, 5, 0, 0, time.Local), "31 December 2025, 08:05"},
	}
	for _, tt := range tests {
		if got := moment(tt.t, now); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestUserMessage(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, ""},
		{"validation", fmt.Errorf("save: %w", &contact.ValidationError{Problems: []contact.Problem{{Message: "Type a name."}}}), "Type a name."},
		{"password", fmt.Errorf("sign in: %w", syncer.ErrCredentials), "The user name or the password is wrong."},
		{"a web page", fmt.Errorf("sign in: %w", syncer.ErrNotKith), "There is no Kith server at this address. Check the address, and its port."},
		{"a refused port", fmt.Errorf("sign in: %w", &syncer.OfflineError{Reason: "connection refused"}), "The server can't be reached (connection refused). Check the address and the connection."},
		{"anything else", errors.New("disk full"), "Disk full."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := userMessage(tt.err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEmptyText(t *testing.T) {
	tests := []struct {
		q    data.Query
		want string
	}{
		{data.Query{}, "Your address book is empty"},
		{data.Query{Text: "  "}, "Your address book is empty"},
		{data.Query{Text: "ada"}, "No match"},
		{data.Query{Filter: data.Favourites}, "No favourites yet"},
		{data.Query{Filter: data.Conflicted}, "No conflicts"},
		{data.Query{Filter: data.Trash}, "The trash is empty"},
	}
	for _, tt := range tests {
		got := emptyText(tt.q, false)
		if got.title != tt.want || got.text == "" {
			t.Errorf("%+v: got %+v, want %q", tt.q, got, tt.want)
		}
		if whole := tt.want == "Your address book is empty"; got.first != whole || got.setUp != whole {
			t.Errorf("%+v: first %v, set up %v", tt.q, got.first, got.setUp)
		}
		if synced := emptyText(tt.q, true); synced.setUp || synced.first != got.first || synced.title != got.title {
			t.Errorf("%+v, synced: %+v", tt.q, synced)
		}
	}
}

func TestConflictWords(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.Local)
	now := at.Add(time.Hour)
	c := data.Conflict{Field: "/phones/x/number", Local: json.RawMessage(`"123"`), Device: "Phone", User: "ada", LocalUser: "ada",
		LocalAt: at, RemoteAt: at.Add(time.Minute), LocalEntry: json.RawMessage(`{"number":"123","features":{"mobile":true}}`), Base: json.RawMessage(`"1"`)}
	team := c
	team.User = "bob"
	bare := data.Conflict{Field: "/phones/x/number", User: "bob"}
	tests := []struct{ name, got, want string }{
		{"mine", authorText(contact.Local, c), "You, on this device"},
		{"mine elsewhere", authorText(contact.Remote, c), "You, on Phone"},
		{"someone else's", authorText(contact.Remote, team), "bob, on Phone"},
		{"no device known", authorText(contact.Remote, bare), "bob"},
		{"no user known", authorText(contact.Remote, data.Conflict{Device: "Phone"}), "Phone"},
		{"nobody known", authorText(contact.Remote, data.Conflict{}), "Another device"},
		{"saved", savedText(contact.Local, c, now), "today, 09:30"},
		{"saved later", savedText(contact.Remote, c, now), "today, 09:31 · newer"},
		{"saved at no time", savedText(contact.Local, data.Conflict{}, now), ""},
		{"before", baseText(c), "Before: 1"},
		{"nothing before", baseText(bare), ""},
		{"field", fieldName(c.Field), "Phone"},
		{"kind of a field", fieldName("/phones/x/contexts/work"), "Phone (kind)"},
		{"name", fieldName("/name/components/0/value"), "Name"},
		{"a part of the name", fieldName("/name/components/kind:given/value"), "Given name"},
		{"birthday", fieldName("/anniversaries/b/date/year"), "Birthday"},
		{"unknown", fieldName("/example.com:shoe"), "Example.com:shoe"},
		{"all", fieldName(""), "The whole contact"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestPlainValue(t *testing.T) {
	tests := map[string]string{
		``: "(nothing)", `null`: "(nothing)", `"x"`: "x", `true`: "yes", `12`: "12", `{"work":true}`: "Work",
		`{"number":"123","contexts":{"work":true}}`:                                                       "123",
		`{"@type":"PartialDate","year":1815,"month":12,"day":10}`:                                         "10 December 1815",
		`{"kind":"birth","date":{"month":12,"day":10}}`:                                                   "10 December",
		`{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}],"full":""}`: "Ada Lovelace",
	}
	for in, want := range tests {
		if got := plainValue(json.RawMessage(in)); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestHistoryWords(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.Local)
	e := data.HistoryEntry{Time: at, Operation: "UPDATE", Origin: "local", Patch: contact.Patch{
		{Path: "/titles/a/name", Old: json.RawMessage(`"Countess"`), New: json.RawMessage(`"Lady"`)},
		{Path: "/phones/x", New: json.RawMessage(`{"number":"123"}`)},
	}}
	if got, want := historyTitle(e, at), "Edited · today, 09:30 · this device"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	lines := historyLines(e)
	if len(lines) != 2 || lines[0].text != "Title: Countess → Lady" || lines[1].text != "Phone: added 123" {
		t.Errorf("lines %+v", lines)
	}
	e.Lost, e.Device = true, "Phone"
	if got, want := historyTitle(e, at), "Gave way when two edits were merged · today, 09:30 · Phone"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if revertVerb(e) != "Restore" || revertVerb(data.HistoryEntry{Operation: "INSERT"}) != "" {
		t.Error("what gave way can be restored; an addition can't be taken back here")
	}
}

func TestIntervalOption(t *testing.T) {
	for stored, want := range map[string]string{"": "1m0s", "60": "1m0s", "90s": "1m30s", "5m": "5m0s", "0": "off", "off": "off", "15s": "15s"} {
		if got := intervalOption(stored); got != want {
			t.Errorf("%q: got %q, want %q", stored, got, want)
		}
	}
}

func TestUndoneText(t *testing.T) {
	tests := []struct {
		u    data.Undone
		want string
	}{
		{data.Undone{IDs: []string{"a"}, Operation: "DELETE", Name: "Ada"}, "Undone: deleting Ada"},
		{data.Undone{IDs: []string{"a", "b"}, Operation: "DELETE", Name: "Ada"}, "Undone: deleting 2 contacts"},
		{data.Undone{IDs: []string{"a"}, Operation: "INSERT"}, "Undone: adding No name"},
		{data.Undone{IDs: []string{"a"}, Operation: "UPDATE", Name: "Ada"}, "Undone: the change of Ada"},
	}
	for _, tt := range tests {
		if got := undoneText(tt.u); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestProblemText(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"damaged", fmt.Errorf("open: %w", &data.DamagedError{Aside: "/p/kith.db.damaged", Err: data.ErrNotADatabase}), "The address book is damaged"},
		{"damaged, with a backup", &data.DamagedError{Aside: "/p/kith.db.damaged", Backups: []string{"/p/backups/kith-2026-11-23.db"}, Err: data.ErrNotADatabase}, "The address book is damaged"},
		{"newer", fmt.Errorf("open: %w", data.ErrNewerDatabase), "Kith is too old for this profile"},
		{"unwritable", fmt.Errorf("open: %w", data.ErrNotWritable), "The profile can't be written"},
		{"else", errors.New("boom"), "The address book can't be opened"},
	}
	for _, tt := range tests {
		if title, text := problemText("/p", tt.err); title != tt.want || text == "" {
			t.Errorf("%s: got %q, %q", tt.name, title, text)
		}
	}
}
