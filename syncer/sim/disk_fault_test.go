package sim

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"kith/contact"
	"kith/data"
)

// TestDisk holds the disk's faults to what they claim: what is acknowledged stands, what ends with an error has changed nothing and
// says why, and after a kill the file is whole and holds every acknowledged contact.
func TestDisk(t *testing.T) {
	emptyProfile()
	for f := killedBefore; f < diskFaults; f++ {
		t.Run(f.String(), func(t *testing.T) {
			met := 0
			dirs := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				for n := range 12 {
					dir := filepath.Join(dirs, fmt.Sprint(n))
					if err := os.Mkdir(dir, 0o700); err != nil {
						t.Fatal(err)
					}
					file := filepath.Join(dir, profileFiles[0])
					if err := os.WriteFile(file, emptyProfile(), 0o600); err != nil {
						t.Fatal(err)
					}
					d := &disk{file: file, alone: true, mu: newTurn(), brief: true, cache: true}
					store, err := data.Open(ctx, dir, data.Options{Connect: d.connect})
					if err != nil {
						t.Fatal(err)
					}
					synctest.Wait() // what an opened store does behind its user's back has an end
					d.arm(f, n)
					saved := map[string]bool{}
					var failed error
					var tried string
					for range 200 {
						c := contact.New().WithFullName("Ada Lovelace").WithNote("something to fill a page of the file with, sooner or later")
						tried = c.UID()
						if _, failed = store.Add(ctx, c); failed != nil {
							break
						}
						saved[c.UID()] = true
					}
					if d.disarm() {
						met++
						if failed == nil {
							t.Errorf("statement %d: the fault came, and nobody was told", n)
						}
					}
					if failed != nil && !f.excuses(failed) {
						t.Errorf("statement %d: not a clear error: %v", n, failed)
					}
					err = store.Close()
					if f == killedBefore || f == killedAfter {
						if !errors.Is(failed, errKilled) {
							t.Errorf("statement %d: %v, want %v", n, failed, errKilled)
						}
					} else if err != nil {
						t.Errorf("statement %d: close: %v", n, err)
					}
					again, err := data.Open(ctx, dir, data.Options{})
					if err != nil {
						t.Fatalf("statement %d: open again: %v", n, err)
					}
					for id := range saved {
						if _, err := again.Contact(ctx, id); err != nil {
							t.Errorf("statement %d: an acknowledged contact: %v", n, err)
						}
					}
					if _, err := again.Contact(ctx, tried); err == nil && failed != nil && f != killedAfter {
						t.Errorf("statement %d: a contact was refused (%v), and is there", n, failed)
					}
					if err := errors.Join(again.Check(ctx), again.Close()); err != nil {
						t.Errorf("statement %d: %v", n, err)
					}
				}
			})
			if met < 10 {
				t.Errorf("the fault came in %d of 12 tries", met)
			}
		})
	}
}
