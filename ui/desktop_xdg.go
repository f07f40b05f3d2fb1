//go:build linux || freebsd || openbsd || netbsd

package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

// canStartAtLogin says whether this system lets a program ask to be started at login.
const canStartAtLogin = true

// loginFile is our entry among the programs that the desktop starts (freedesktop.org's Desktop Application Autostart Specification).
func loginFile() string { return filepath.Join(xdg.ConfigHome, "autostart", "org.kith.Kith.desktop") }

func startsAtLogin() bool {
	_, err := os.Stat(loginFile())
	return err == nil
}

func setStartAtLogin(on bool) error {
	file := loginFile()
	if !on {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove the start at login: %w", err)
		}
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("write the start at login: %w", err)
	}
	if err := os.WriteFile(file, []byte(loginEntry(program)), 0o600); err != nil {
		return fmt.Errorf("write the start at login: %w", err)
	}
	return nil
}

// loginEntry is the desktop entry that starts a program, quoted as the Desktop Entry Specification wants it: first as an argument,
// then as a string.
func loginEntry(program string) string {
	argument := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`).Replace(program)
	return "[Desktop Entry]\nType=Application\nName=Kith\nIcon=org.kith.Kith\nExec=" + strings.ReplaceAll(`"`+argument+`"`, `\`, `\\`) + "\n"
}
