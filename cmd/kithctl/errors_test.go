package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestExplain(t *testing.T) {
	refused := &syncer.OfflineError{Reason: "connection refused", Err: errors.New("dial tcp")}
	damaged := &data.DamagedError{Aside: "/p/kith.db.damaged", Backups: []string{"/p/backups/2.db", "/p/backups/1.db"}, Err: data.ErrNotADatabase}
	tests := []struct {
		name string
		err  error
		code int
		want []string // parts of the message
	}{
		{"usage", usage("wrong %q", "x"), exitUsage, []string{`wrong "x"`}},
		{"offline", fmt.Errorf("sync: %w", refused), exitOffline, []string{"can't reach the server: connection refused"}},
		{"revoked", fmt.Errorf("sync: %w", syncer.ErrSignIn), exitSignIn, []string{"sign-in needed", "kithctl login"}},
		{"signed out", fmt.Errorf("sync: %w", data.ErrNotSignedIn), exitSignIn, []string{"sign-in needed"}},
		{"wrong password", fmt.Errorf("sign in: %w", syncer.ErrCredentials), exitSignIn, []string{"wrong user or password"}},
		{"a web page", fmt.Errorf("sign in at http://x: %w: check the address", syncer.ErrNotKith), exitError,
			[]string{"no Kith server", "check the address"}},
		{"too old", syncer.ErrUpdateNeeded, exitError, []string{"too old", "kept"}},
		{"no right", syncer.ErrForbidden, exitError, []string{"no right"}},
		{"interrupted", fmt.Errorf("sync: %w", context.Canceled), exitError, []string{"interrupted"}},
		{"nothing to undo", fmt.Errorf("undo: %w", data.ErrNothingToUndo), exitError, []string{"nothing to undo"}},
		{"nothing to redo", fmt.Errorf("redo: %w", data.ErrNothingToRedo), exitError, []string{"nothing to do again"}},
		{"invalid card", fmt.Errorf("add contact: %w", &contact.ValidationError{Problems: []contact.Problem{{Message: "give it a name"}}}),
			exitError, []string{"not saved: give it a name"}},
		{"damaged", &profileError{"/p", fmt.Errorf("open: %w", damaged)}, exitError,
			[]string{"/p/kith.db.damaged", "nothing was deleted", "copy /p/backups/2.db to /p/kith.db", "empty book"}},
		{"newer", &profileError{"/p", data.ErrNewerDatabase}, exitError, []string{"newer version"}},
		{"not writable", &profileError{"/p", fmt.Errorf("%w: %w", data.ErrNotWritable, errors.New("read-only file system"))}, exitError,
			[]string{"/p can't be written", "read-only file system", "--profile"}},
		{"full", fmt.Errorf("save contact: %w: %w", data.ErrDiskFull, errors.New("SQLITE_FULL")), exitError, []string{"disk is full", "nothing was saved"}},
		{"busy", fmt.Errorf("save contact: %w: %w", data.ErrBusy, errors.New("SQLITE_BUSY")), exitError, []string{"another program", "try again"}},
		{"anything else", errors.New("disk on fire"), exitError, []string{"disk on fire"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, message := explain(tt.err)
			if code != tt.code {
				t.Errorf("code = %d; want %d", code, tt.code)
			}
			for _, part := range tt.want {
				if !strings.Contains(message, part) {
					t.Errorf("message = %q; want it to say %q", message, part)
				}
			}
			if strings.Contains(message, "\n") {
				t.Errorf("message = %q; want one line", message)
			}
		})
	}
}

func TestSyncOutcome(t *testing.T) {
	offline := fmt.Errorf("sync: %w", &syncer.OfflineError{Reason: "connection refused", Err: errors.New("dial")})
	tests := []struct {
		name string
		err  error
		st   syncer.Status
		code int
		want string
	}{
		{"done", nil, syncer.Status{}, exitDone, ""},
		{"offline, edits wait", offline, syncer.Status{Pending: 3}, exitOffline, "3 contacts are kept"},
		{"offline, one edit waits", offline, syncer.Status{Pending: 1}, exitOffline, "edits of 1 contact are kept"},
		{"offline, nothing waits", offline, syncer.Status{}, exitOffline, "nothing waits"},
		{"revoked", syncer.ErrSignIn, syncer.Status{Pending: 2}, exitSignIn, "2 contacts are kept"},
		{"conflicts", nil, syncer.Status{Conflicts: 1}, exitConflicts, "1 contact waits for your decision"},
		{"deletions held", nil, syncer.Status{Conflicts: 2, Held: data.Held{In: 40, Live: 100}}, exitConflicts, "40 of 100 contacts would be deleted here"},
		{"own deletions held", nil, syncer.Status{Held: data.Held{Out: 40, Live: 60}}, exitConflicts, "40 of 100 contacts would be deleted everywhere"},
		{"conflicts before rejections", nil, syncer.Status{Conflicts: 2, Rejected: 1}, exitConflicts, "2 contacts wait"},
		{"rejected", nil, syncer.Status{Rejected: 1}, exitError, "did not accept 1 contact"},
		{"unreadable", nil, syncer.Status{Unreadable: 2}, exitDone, "can't read 2 contacts"},
		{"a fault", errors.New("disk on fire"), syncer.Status{}, exitError, "disk on fire"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := syncOutcome(tt.err, tt.st)
			if err == nil {
				if tt.code != exitDone {
					t.Errorf("no error; want code %d", tt.code)
				}
				return
			}
			if code, message := explain(err); code != tt.code || !strings.Contains(message, tt.want) {
				t.Errorf("code, message = %d, %q; want %d, %q", code, message, tt.code, tt.want)
			}
		})
	}
}
