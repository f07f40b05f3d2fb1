//go:build e2e

package systest

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWindowToldToEnd: a window that the system tells to end (at logging out, or by kill) does so cleanly, whatever it is at: starting,
// or in the middle of its work.
func TestWindowToldToEnd(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	for range 5 {
		w := scr.start(d)
		w.tell()
		w.mustEnd()
	}
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace")
	w.tell()
	w.mustEnd()

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 10 {
		after := time.Duration(random.IntN(200)) * time.Millisecond
		var log bytes.Buffer
		cmd := scr.kith(d)
		cmd.Stdout, cmd.Stderr = &log, &log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		tell := time.AfterFunc(after, func() { _ = cmd.Process.Signal(syscall.SIGTERM) }) // it runs: nothing else ends it
		kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		tell.Stop()
		if !kill.Stop() {
			t.Fatalf("told after %v, it has not ended after %v:\n%s", after, patience, &log)
		}
		status := cmd.ProcessState.Sys().(syscall.WaitStatus)
		early := status.Signaled() && status.Signal() == syscall.SIGTERM // before main could listen
		if err != nil && !early || strings.Contains(log.String(), "panic") {
			t.Fatalf("told after %v: %v\n%s", after, err, &log)
		}
	}
}

// tell tells the program to end.
func (w *window) tell() {
	w.t.Helper()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
}
