package ui

import (
	"context"
	"encoding/binary"
	"runtime"

	"fyne.io/systray"

	"kith/assets"
)

// trayItem is a line of the tray's menu; do runs on the UI goroutine.
type trayItem struct {
	text string
	do   func()
}

// startTray puts the icon and its menu into the system's tray. Called on the UI goroutine. It is what Fyne's desktop.App does, on the
// same library; but that has to be asked before the program's loop runs, when the profile with the setting is not open yet. On Linux
// (org.kde.StatusNotifierItem) the bus takes the icon away when the program has ended, and without a bus, or without a tray, nothing is
// seen; a second start of the program shows the window then.
func startTray(bg *background, tapped func(), items []trayItem) {
	start, _ := systray.RunWithExternalLoop(func() {
		systray.SetIcon(trayIcon(runtime.GOOS))
		systray.SetTooltip(Title)
		if runtime.GOOS != "darwin" { // where a title stands beside the icon, in the menu bar
			systray.SetTitle(Title)
			systray.SetOnTapped(func() { bg.post(tapped) })
		} // and where a click opens the menu
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
	switch runtime.GOOS {
	case "darwin", "windows":
		start() // AppKit and the Windows messages belong to the thread that draws
	default:
		bg.run(func(context.Context) { start() }) // it talks to other programs
	}
}

// trayIcon is the program's icon as the system's tray wants it: on Windows a PNG inside an ICO file (Windows Vista and later).
func trayIcon(system string) []byte {
	if system != "windows" {
		return assets.AppIcon
	}
	const header = 6 + 16
	le := binary.LittleEndian
	ico := make([]byte, 0, header+len(assets.AppIcon))
	ico = append(ico, 0, 0, 1, 0, 1, 0) // reserved, an icon, one picture
	ico = append(ico, 0, 0, 0, 0)       // 256 pixels or more, no palette
	ico = le.AppendUint16(ico, 1)       // planes
	ico = le.AppendUint16(ico, 32)      // bits a pixel
	ico = le.AppendUint32(ico, uint32(len(assets.AppIcon)))
	ico = le.AppendUint32(ico, header)
	return append(ico, assets.AppIcon...)
}
