//go:build linux || freebsd || openbsd || netbsd

package native

import (
	"context"
	"fmt"
	"image"
	"time"

	"github.com/jezek/xgb/xinerama"
	"github.com/jezek/xgb/xproto"
)

// serverPatience is how long the X server may take to say or do something.
const serverPatience = time.Second

func place(ctx context.Context, window uintptr) (image.Point, error) {
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	s, err := connect(ctx)
	if err != nil {
		return image.Point{}, err
	}
	defer s.close()
	at, err := xproto.TranslateCoordinates(s.Conn, xproto.Window(window), s.root, 0, 0).Reply()
	if err != nil {
		return image.Point{}, fmt.Errorf("find the window: %w", err)
	}
	return image.Pt(int(at.DstX), int(at.DstY)), nil
}

func move(ctx context.Context, window uintptr, to image.Point) error {
	ctx, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	s, err := connect(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if seen, err := s.onScreen(to); err != nil || !seen {
		return err
	}
	message, err := s.atom("_NET_MOVERESIZE_WINDOW")
	if err != nil {
		return err
	}
	// The window manager moves it, so that its frame is counted: the place is that of the content (EWMH, _NET_MOVERESIZE_WINDOW).
	const static, hasX, hasY, byPerson = 10, 1 << 8, 1 << 9, 2 << 12
	event := xproto.ClientMessageEvent{Format: 32, Window: xproto.Window(window), Type: message,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{static | hasX | hasY | byPerson, uint32(int32(to.X)), uint32(int32(to.Y)), 0, 0})}
	const mask = xproto.EventMaskSubstructureRedirect | xproto.EventMaskSubstructureNotify
	if err := xproto.SendEventChecked(s.Conn, false, s.root, mask, string(event.Bytes())).Check(); err != nil {
		return fmt.Errorf("move the window: %w", err)
	}
	return nil
}

// onScreen says whether a window there can be seen and taken hold of.
func (s *server) onScreen(at image.Point) (bool, error) {
	if err := xinerama.Init(s.Conn); err != nil {
		return false, fmt.Errorf("ask for the screens: %w", err)
	}
	screens, err := xinerama.QueryScreens(s.Conn).Reply()
	if err != nil {
		return false, fmt.Errorf("ask for the screens: %w", err)
	}
	for _, i := range screens.ScreenInfo {
		screen := image.Rect(0, 0, int(i.Width), int(i.Height)).Add(image.Pt(int(i.XOrg), int(i.YOrg)))
		if reaches(screen, at) {
			return true, nil
		}
	}
	return false, nil
}

// reaches says whether enough of the top left corner of a window's content lies on a screen.
func reaches(screen image.Rectangle, at image.Point) bool {
	const enough = 80
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(enough, enough))}.In(screen)
}
