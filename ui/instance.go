package ui

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"kith/data"
)

const (
	lockFile   = "window.lock"
	socketFile = "window.sock"
)

// Instance is the one window that a profile may have. Release it when the window is closed.
type Instance struct {
	lock   *flock.Flock
	socket net.Listener
	done   chan struct{}
}

// Claim makes this program the window of the profile in dir. If another one is, it asks that one to come forward and returns
// data.ErrInUse.
func Claim(ctx context.Context, dir string) (*Instance, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make profile folder %s: %w: %w", dir, data.ErrNotWritable, err)
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock profile %s: %w: %w", dir, data.ErrNotWritable, err)
	}
	if !locked {
		err := fmt.Errorf("open %s: %w", dir, data.ErrInUse)
		return nil, errors.Join(err, callForward(ctx, dir))
	}
	return &Instance{lock: lock, done: make(chan struct{})}, nil
}

// callForward asks the profile's window to come forward.
func callForward(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", filepath.Join(dir, socketFile))
	if err != nil {
		return fmt.Errorf("reach the other window: %w", err)
	}
	return c.Close()
}

// Listen calls forward whenever another start of the program finds this one. A socket that can't be made (a profile on a strange
// file system) only means that the window does not come forward.
func (i *Instance) Listen(forward func()) {
	path := filepath.Join(filepath.Dir(i.lock.Path()), socketFile)
	_ = os.Remove(path) // of a window that was killed: the lock says that there is none
	l, err := net.Listen("unix", path)
	if err != nil {
		close(i.done)
		return
	}
	i.socket = l
	go func() {
		defer close(i.done)
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			_ = c.Close() // a connection is all there is to say
			forward()
		}
	}()
}

// Release lets another window have the profile.
func (i *Instance) Release() error {
	if i.socket != nil {
		_ = i.socket.Close()
		<-i.done
	}
	return i.lock.Unlock()
}
