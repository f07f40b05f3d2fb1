//go:build linux || freebsd || openbsd || netbsd

package ui

import (
	"context"

	"fyne.io/systray"

	"kith/assets"
)

// canTray says whether this system has a tray that Kith was tried in.
const canTray = true

// startTray puts the icon and its menu there (org.kde.StatusNotifierItem, over the session's D-Bus). Fyne's own tray has to be asked
// for before its loop runs, when the profile with the setting is not open yet. The bus takes the icon away when the program has ended.
// Without a bus, or without a tray, nothing is seen; a second start of the program shows the window then.
func startTray(bg *background, tapped func(), items []trayItem) {
	start, _ := systray.RunWithExternalLoop(func() {
		systray.SetIcon(assets.AppIcon)
		systray.SetTitle(Title)
		systray.SetOnTapped(func() { bg.post(tapped) })
		for _, item := range items {
			line := systray.AddMenuItem(item.text, "")
			bg.run(func(ctx context.Context) {
				for {
					select {
					case <-ctx.Done():
						return
					case <-line.ClickedCh:
						bg.post(item.do)
					}
				}
			})
		}
	}, nil)
	bg.run(func(context.Context) { start() }) // it talks to other programs
}
