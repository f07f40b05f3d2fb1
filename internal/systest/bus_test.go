//go:build e2e

package systest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// bus is a session bus of its own, with what a desktop has on it: one who shows notifications, and one who keeps the tray.
type bus struct {
	t       *testing.T
	address string
	conn    *dbus.Conn

	mu      sync.Mutex
	notices []string // "title: text"
	items   []string // who has put an icon into the tray
}

const busConfig = `<busconfig><type>session</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
`

func newBus(t *testing.T) *bus {
	t.Helper()
	b := &bus{t: t}
	dir := t.TempDir()
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, filepath.Join(dir, "bus")), 0o600); err != nil {
		t.Fatal(err)
	}
	daemon := exec.CommandContext(context.Background(), "dbus-daemon", "--config-file="+config, "--nofork", "--nopidfile", "--print-address")
	out, err := daemon.StdoutPipe()
	if err == nil {
		err = daemon.Start()
	}
	if err != nil {
		t.Fatalf("start dbus-daemon (scripts/setup e2e installs it): %v", err)
	}
	t.Cleanup(func() { // it outlives the windows
		_ = daemon.Process.Kill()
		_ = daemon.Wait() // it was killed
	})
	if b.address, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("dbus-daemon did not say its address: %v", err)
	}
	b.address = strings.TrimSpace(b.address)
	if b.conn, err = dbus.Connect(b.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.conn.Close() })
	for name, path := range map[string]dbus.ObjectPath{"org.freedesktop.Notifications": "/org/freedesktop/Notifications",
		"org.kde.StatusNotifierWatcher": "/StatusNotifierWatcher"} {
		err := b.conn.Export(b, path, name)
		if err == nil {
			_, err = b.conn.RequestName(name, dbus.NameFlagDoNotQueue)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// Notify is called over the bus (Desktop Notifications Specification).
func (b *bus) Notify(_ string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notices = append(b.notices, title+": "+text)
	return uint32(len(b.notices)), nil
}

// RegisterStatusNotifierItem is called over the bus by a program that puts an icon into the tray.
func (b *bus) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, string(sender))
	return nil
}

// untilNoticed waits for a notification, and requires that there is one only.
func (b *bus) untilNoticed(want string) {
	b.t.Helper()
	within(b.t, "the notification "+want, func() (bool, string) {
		b.mu.Lock()
		defer b.mu.Unlock()
		times := 0
		for _, n := range b.notices {
			if strings.HasPrefix(n, want) {
				times++
			}
		}
		return times == 1, fmt.Sprintf("%q", b.notices)
	})
}

// trayLine is an entry of the tray's menu, as com.canonical.dbusmenu sends it.
type trayLine struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// chooseInTray opens the menu of the icon in the tray, and chooses a line; want are all of them.
func (b *bus) chooseInTray(line string, want ...string) {
	b.t.Helper()
	var menu dbus.BusObject
	within(b.t, "an icon in the tray, with a menu", func() (bool, string) {
		b.mu.Lock()
		items := slices.Clone(b.items)
		b.mu.Unlock()
		if len(items) == 0 {
			return false, "no icon"
		}
		menu = b.conn.Object(items[len(items)-1], "/StatusNotifierItem/menu")
		var revision uint32
		var top trayLine
		if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &top); err != nil {
			return false, err.Error()
		}
		var labels []string
		for _, child := range top.Children {
			var l trayLine
			if err := dbus.Store([]any{child.Value()}, &l); err != nil {
				return false, err.Error()
			}
			label, _ := l.Properties["label"].Value().(string)
			labels = append(labels, label)
			if label == line && len(top.Children) == len(want) {
				b.clickInTray(menu, l.ID)
			}
		}
		return slices.Equal(labels, want), fmt.Sprintf("%q", labels)
	})
}

func (b *bus) clickInTray(menu dbus.BusObject, id int32) {
	b.t.Helper()
	if err := menu.Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0)).Err; err != nil {
		b.t.Fatalf("choose in the tray's menu: %v", err)
	}
}
