//go:build !(linux || freebsd || openbsd || netbsd)

package ui

import "errors"

const canStartAtLogin = false

func startsAtLogin() bool { return false }

func setStartAtLogin(bool) error {
	return errors.New("this system's own settings say what starts at login")
}
