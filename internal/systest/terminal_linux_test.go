package systest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// onTerminal runs kithctl on a real terminal (a pty), types what it is asked for, requires that it ends well, and returns all that
// it showed.
func onTerminal(t *testing.T, d *device, typed string, args ...string) string {
	t.Helper()
	screen, code := terminal(t, d, typed, args...)
	if code != done {
		t.Fatalf("%s: %v on a terminal: code %d\n%s", d.name, args, code, screen)
	}
	return screen
}

func terminal(t *testing.T, d *device, typed string, args ...string) (screen string, code int) {
	t.Helper()
	master, slave := openPTY(t)
	cmd, _, _ := d.command(t.Context(), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := master.Read(buf)
		b.Write(buf[:n])
		if typed != "" && strings.HasSuffix(b.String(), ": ") { // it asks
			if _, err := io.WriteString(master, typed); err != nil {
				t.Fatal(err)
			}
			typed = ""
		}
		if err != nil { // EIO: the last process has closed it
			break
		}
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	if err := master.SetDeadline(time.Time{}); err != nil && !errors.Is(err, os.ErrNoDeadline) {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, slave
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The password is asked for on the terminal, and never shown.
func TestPasswordOnATerminal(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	d := newDevice(t, "desk")
	screen := onTerminal(t, d, password+"\n", "login", s.url(), "--user", user)
	if !strings.Contains(screen, "Password of "+user) || !strings.Contains(screen, "Signed in") || strings.Contains(screen, password) {
		t.Errorf("screen = %q; want the question, the success, and no password", screen)
	}
	d.sync()
}

// Ctrl-C at the question ends the program and gives the terminal its echo back.
func TestInterruptedAtThePassword(t *testing.T) {
	t.Parallel()
	d := newDevice(t, "desk")
	screen, code := terminal(t, d, "\x03", "login", "http://127.0.0.1:1", "--user", user)
	if code != failed || !strings.Contains(screen, "interrupted") {
		t.Errorf("code = %d, screen = %q; want %d and that it was interrupted", code, screen, failed)
	}
}
