package ui

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

// userMessage puts an error into a sentence for people, that says what to do where something can be done. It is the only place
// that does.
func userMessage(err error) string {
	var invalid *contact.ValidationError
	var offline *syncer.OfflineError
	if text := bookMessage(err); text != "" {
		return text
	}
	switch {
	case err == nil:
		return ""
	case errors.As(err, &invalid) && len(invalid.Problems) > 0:
		return cardProblemText(invalid.Problems[0])
	case errors.Is(err, syncer.ErrCredentials):
		return lang.L("The user name or the password is wrong.")
	case errors.Is(err, syncer.ErrSignIn):
		return lang.L("The server asks to sign in again.")
	case errors.Is(err, syncer.ErrUpdateNeeded):
		return lang.L("This version of Kith is too old for the server. Update Kith, then try again.")
	case errors.Is(err, syncer.ErrForbidden):
		return lang.L("This account has no right to this address book.")
	case errors.As(err, &offline):
		return offlineText(offline)
	case errors.Is(err, syncer.ErrOffline):
		return lang.L("The server can't be reached. Check the address and the connection.")
	case errors.Is(err, data.ErrNothingToUndo):
		return lang.L("There is nothing to undo.")
	case errors.Is(err, data.ErrNothingToRedo):
		return lang.L("There is nothing to redo.")
	case errors.Is(err, data.ErrNoConflict):
		return lang.L("This has been decided meanwhile.")
	case errors.Is(err, data.ErrChoice):
		return lang.L("This field has room for one value only.")
	case errors.Is(err, data.ErrNotFound):
		return lang.L("This contact is no longer there.")
	case errors.Is(err, data.ErrDiskFull):
		return lang.L("The disk is full, so nothing was saved. Make room, then try again.")
	case errors.Is(err, data.ErrDiskFault):
		return lang.L("The disk could not be read or written, so nothing was saved. Check it, then try again.")
	case errors.Is(err, data.ErrBusy):
		return lang.L("Another program keeps the address book busy, so nothing was saved. Try again.")
	case errors.Is(err, data.ErrNotWritable):
		return lang.L("The profile's folder can't be written. Check its rights and the free space of the disk.")
	case errors.Is(err, context.DeadlineExceeded):
		return lang.L("It took too long. Try again.")
	}
	if text := faultText(err); text != "" {
		return text
	}
	return sentence(err.Error())
}

// sentence makes an error's text one: a capital first, a full stop last.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") || strings.HasSuffix(s, "。") {
		return capital(s)
	}
	return capital(s) + lang.X("sentence.stop", ".")
}

// capital begins a text with a capital.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
