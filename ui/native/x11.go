//go:build linux || freebsd || openbsd || netbsd

package native

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// On Wayland this goes through Xwayland, as the window itself does: the compositor shares its clipboard with X11 (Fyne draws on X11).

func init() { xgb.Logger.SetOutput(io.Discard) } // what matters comes back as an error

// server is a connection of our own to the X server. It ends with the context that it was made with: whatever waits then fails.
type server struct {
	*xgb.Conn
	root xproto.Window
	stop func() bool
}

func connect(ctx context.Context) (*server, error) {
	if os.Getenv("DISPLAY") == "" {
		return nil, ErrUnsupported
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("reach the X server: %w", err)
	}
	return &server{conn, xproto.Setup(conn).DefaultScreen(conn).Root, context.AfterFunc(ctx, conn.Close)}, nil
}

func (s *server) close() {
	if s.stop() { // else the context's end has closed it
		s.Close()
	}
}

func (s *server) atom(name string) (xproto.Atom, error) {
	reply, err := xproto.InternAtom(s.Conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("name the atom %s: %w", name, err)
	}
	return reply.Atom, nil
}

// atoms are the numbers of several names, in their order.
func (s *server) atoms(names ...string) ([]xproto.Atom, error) {
	all := make([]xproto.Atom, len(names))
	for i, name := range names {
		var err error
		if all[i], err = s.atom(name); err != nil {
			return nil, err
		}
	}
	return all, nil
}
