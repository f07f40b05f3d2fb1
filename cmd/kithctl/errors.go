package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

// Exit codes. Scripts branch on them.
const (
	exitDone      = 0
	exitError     = 1
	exitUsage     = 2
	exitOffline   = 3
	exitConflicts = 4
	exitSignIn    = 5
)

// usageError is a command line that can't be meant.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// profileError is a profile that could not be opened.
type profileError struct {
	dir string
	err error
}

func (e *profileError) Error() string { return fmt.Sprintf("open profile %s: %v", e.dir, e.err) }
func (e *profileError) Unwrap() error { return e.err }

// outcome is a command that did its work and has printed it, with something left that the exit code says; message "" : nothing to add.
type outcome struct {
	code    int
	message string
}

func (e *outcome) Error() string { return e.message }

// explain is the one place where an error becomes an exit code and a line for a person.
func explain(err error) (code int, message string) {
	var (
		done    *outcome
		wrong   *usageError
		profile *profileError
		invalid *contact.ValidationError
	)
	switch {
	case errors.As(err, &done):
		return done.code, done.message
	case errors.As(err, &wrong):
		return exitUsage, wrong.message
	case errors.As(err, &profile):
		return exitError, explainProfile(profile)
	case errors.As(err, &invalid):
		return exitError, "not saved: " + problems(invalid)
	case errors.Is(err, context.Canceled):
		return exitError, "interrupted; what was saved stays saved"
	case errors.Is(err, syncer.ErrCredentials):
		return exitSignIn, "wrong user or password; nothing was changed"
	case errors.Is(err, syncer.ErrSignIn), errors.Is(err, data.ErrNotSignedIn):
		return exitSignIn, `sign-in needed: run "kithctl login URL --user NAME"`
	case errors.Is(err, syncer.ErrNotKith):
		return exitError, err.Error() // the connector has worded it for the person who typed the address
	case errors.Is(err, syncer.ErrUpdateNeeded):
		return exitError, "this version of Kith is too old for the server: install the newest one; the edits are kept"
	case explainSharing(err) != "":
		return exitError, explainSharing(err)
	case errors.Is(err, syncer.ErrForbidden):
		return exitError, "the server gives this account no right to the book; the edits are kept"
	case errors.Is(err, syncer.ErrOffline):
		return exitOffline, "can't reach the server: " + offlineReason(err)
	case errors.Is(err, data.ErrDiskFull):
		return exitError, "the disk is full, so nothing was saved: make room, then try again"
	case errors.Is(err, data.ErrDiskFault):
		return exitError, "the disk can't be read or written, so nothing was saved: check it, then try again"
	case errors.Is(err, data.ErrBusy):
		return exitError, "another program keeps the profile busy, so nothing was saved: try again"
	case errors.Is(err, data.ErrNothingToUndo):
		return exitError, "nothing to undo"
	case errors.Is(err, data.ErrNothingToRedo):
		return exitError, "nothing to do again: an edit after an undo ends that"
	}
	return exitError, err.Error()
}

// explainProfile says what is wrong with the profile and what to do about it.
func explainProfile(e *profileError) string {
	var damaged *data.DamagedError
	switch {
	case errors.As(e.err, &damaged):
		return explainDamage(e.dir, damaged)
	case errors.Is(e.err, data.ErrNewerDatabase):
		return fmt.Sprintf("the profile %s was written by a newer version of Kith: install that one; nothing was changed", e.dir)
	case errors.Is(e.err, data.ErrNotWritable):
		return fmt.Sprintf("the profile %s can't be written: %v; choose another folder with --profile, or change its rights", e.dir, cause(e.err))
	}
	return e.Error()
}

func explainDamage(dir string, d *data.DamagedError) string {
	var b strings.Builder
	fmt.Fprintf(&b, "the database of %s is damaged or not a database; nothing was deleted: it was put aside as %s. ", dir, d.Aside)
	if len(d.Backups) > 0 {
		fmt.Fprintf(&b, "To go back to the newest daily backup, copy %s to %s. ", d.Backups[0], filepath.Join(dir, "kith.db"))
	}
	b.WriteString("The next command begins with an empty book, which a sync fills again.")
	return b.String()
}

// cause is what the operating system says, if it has said something, else the whole error.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func problems(e *contact.ValidationError) string {
	if len(e.Problems) == 0 {
		return e.Error()
	}
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Message
		if p.Path != "" {
			lines[i] += " (" + p.Path + ")"
		}
	}
	return strings.Join(lines, "; ")
}

func offlineReason(err error) string {
	var o *syncer.OfflineError
	if errors.As(err, &o) && o.Reason != "" {
		return o.Reason
	}
	return strings.TrimPrefix(err.Error(), "offline: ")
}
