package ui

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"kith/data"
	"kith/ui/native"
)

// settingPlace is where the window stood when it was last put away.
const settingPlace = "ui.place"

// parsePlace reads settingPlace; nil: the window manager chooses.
func parsePlace(stored string) *image.Point {
	var at image.Point
	if n, _ := fmt.Sscanf(stored, "%d,%d", &at.X, &at.Y); n != 2 {
		return nil
	}
	return &at
}

// placing keeps the window where its user has put it: from one start to the next, and while it is in the tray. Fyne does not know where
// a window is, so the system is asked; where it doesn't say, the window manager chooses each time.
type placing struct {
	bg  *background
	win fyne.Window
	at  *image.Point // where it stood last; nil: not known

	away bool // it is in the tray
}

// handle is the window's name in the system; 0: it has none that we can use.
func (p *placing) handle() (handle uintptr) {
	if n, ok := p.win.(driver.NativeWindow); ok {
		n.RunNative(func(context any) {
			if x11, ok := context.(driver.X11WindowContext); ok {
				handle = x11.WindowHandle
			}
		})
	}
	return handle
}

// remember writes down where the window is, and then calls put, which puts it away: nobody can say it afterwards.
func (p *placing) remember(store *data.Store, put func()) {
	handle := p.handle()
	if handle == 0 {
		put()
		return
	}
	p.bg.run(func(ctx context.Context) {
		at, err := native.Place(ctx, handle)
		if err == nil {
			// A place that can't be remembered is no reason to stay open.
			_ = store.SetSetting(context.WithoutCancel(ctx), settingPlace, fmt.Sprintf("%d,%d", at.X, at.Y))
		}
		p.bg.post(func() {
			if err == nil {
				p.at = &at
			}
			put()
		})
	})
}

// restore puts the window where it was.
func (p *placing) restore() {
	handle := p.handle()
	if handle == 0 || p.at == nil {
		return
	}
	at := *p.at
	p.bg.run(func(ctx context.Context) { _ = native.Move(ctx, handle, at) }) // else it stands where the window manager has put it
}

// putAway hides the window, and back puts it where it was after it has been shown again.
func (p *placing) putAway(store *data.Store) {
	p.remember(store, func() {
		p.away = true
		p.win.Hide()
	})
}

func (p *placing) back() {
	if p.away {
		p.away = false
		p.restore()
	}
}
