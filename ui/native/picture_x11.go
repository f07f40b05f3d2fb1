//go:build linux || freebsd || openbsd || netbsd

package native

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"
)

// pictureKinds are the formats that we ask for, the best first.
var pictureKinds = []string{"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp"}

// ownerPatience is how long the program that has copied something may take to hand it over.
const ownerPatience = 10 * time.Second

func copiedPicture(ctx context.Context, limit int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, ownerPatience)
	defer cancel()
	s, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	r, err := newRequestor(s, limit)
	if err != nil {
		return nil, fmt.Errorf("read the clipboard: %w", err)
	}
	file, err := r.picture()
	if ctx.Err() != nil {
		err = ctx.Err() // it has cut the connection
	}
	if err != nil {
		return nil, fmt.Errorf("read the clipboard: %w", err)
	}
	return file, nil
}

// requestor is a window that nobody sees, which asks the clipboard's owner (ICCCM, section 2.4).
type requestor struct {
	*server
	window                            xproto.Window
	clipboard, targets, answer, parts xproto.Atom
	limit                             int
}

func newRequestor(s *server, limit int) (*requestor, error) {
	atoms, err := s.atoms("CLIPBOARD", "TARGETS", "KITH_COPIED", "INCR")
	if err != nil {
		return nil, err
	}
	window, err := xproto.NewWindowId(s.Conn)
	if err != nil {
		return nil, err
	}
	err = xproto.CreateWindowChecked(s.Conn, 0, window, s.root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
	return &requestor{s, window, atoms[0], atoms[1], atoms[2], atoms[3], limit}, err
}

// picture asks what there is, and then for the best of it.
func (r *requestor) picture() ([]byte, error) {
	offered, err := r.ask(r.targets)
	if err != nil {
		return nil, err
	}
	kinds, err := r.atoms(pictureKinds...)
	if err != nil {
		return nil, err
	}
	var has []xproto.Atom
	for part := range slices.Chunk(offered, 4) {
		if len(part) == 4 {
			has = append(has, xproto.Atom(binary.LittleEndian.Uint32(part)))
		}
	}
	for _, kind := range kinds {
		if slices.Contains(has, kind) {
			return r.ask(kind)
		}
	}
	return nil, ErrNoPicture
}

// ask has the clipboard handed over as one of its targets. ErrNoPicture: it is empty, or not to be had so.
func (r *requestor) ask(target xproto.Atom) ([]byte, error) {
	xproto.ConvertSelection(r.Conn, r.window, r.clipboard, target, r.answer, xproto.TimeCurrentTime)
	for {
		event, err := r.next()
		if err != nil {
			return nil, err
		}
		switch e := event.(type) {
		case xproto.SelectionNotifyEvent:
			if e.Property == xproto.AtomNone {
				return nil, ErrNoPicture
			}
			value, kind, err := r.take()
			if err == nil && kind == r.parts {
				return r.takeParts()
			}
			return value, err
		}
	}
}

// takeParts puts a large value together: each part comes when the one before was taken, and an empty one ends it (ICCCM, section 2.7.2).
func (r *requestor) takeParts() ([]byte, error) {
	var all []byte
	for {
		event, err := r.next()
		if err != nil {
			return nil, err
		}
		e, ok := event.(xproto.PropertyNotifyEvent)
		if !ok || e.Atom != r.answer || e.State != xproto.PropertyNewValue {
			continue
		}
		part, _, err := r.take()
		if err != nil || len(part) == 0 {
			return all, err
		}
		if all = append(all, part...); len(all) > r.limit {
			return nil, ErrTooLarge
		}
	}
}

// take reads the answer, and removes it: that asks for the next part.
func (r *requestor) take() ([]byte, xproto.Atom, error) {
	const words = 1 << 16 // of 4 bytes, in one reply
	var all []byte
	for {
		reply, err := xproto.GetProperty(r.Conn, true, r.window, r.answer, xproto.GetPropertyTypeAny, uint32(len(all)/4), words).Reply()
		if err != nil {
			return nil, 0, err
		}
		if all = append(all, reply.Value...); len(all) > r.limit {
			return nil, 0, ErrTooLarge
		}
		if reply.BytesAfter == 0 {
			return all, reply.Type, nil
		}
	}
}

func (r *requestor) next() (any, error) {
	event, err := r.WaitForEvent()
	switch {
	case err != nil:
		return nil, err
	case event == nil:
		return nil, context.Canceled // the connection was closed
	}
	return event, nil
}
