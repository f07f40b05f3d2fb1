//go:build e2e

package systest

import (
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func init() { xgb.Logger.SetOutput(io.Discard) } // the displays of the tests ask for no authority

// dragSource is a program that files are dragged from, as a file manager: the X side of freedesktop.org's Drag-and-Drop Protocol (XDND 5).
type dragSource struct {
	*xgb.Conn
	root, window, target xproto.Window
	atoms                map[string]xproto.Atom
	files                []byte // as text/uri-list
}

// dropFiles drags files over the window and lets them go at a place of it.
func (w *window) dropFiles(x, y int, files ...string) {
	w.t.Helper()
	w.front()
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y))
	if err := w.dropped(x, y, files); err != nil {
		w.t.Fatalf("%s: drop %q: %v", w.name, files, err)
	}
}

func (w *window) dropped(x, y int, files []string) error {
	conn, err := xgb.NewConnDisplay(w.screen.display)
	if err != nil {
		return err
	}
	defer conn.Close()
	screen := xproto.Setup(conn).DefaultScreen(conn)
	d := &dragSource{Conn: conn, root: screen.Root, target: w.number(), atoms: map[string]xproto.Atom{}}
	for _, name := range []string{"XdndAware", "XdndSelection", "XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndActionCopy", "text/uri-list"} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		d.atoms[name] = reply.Atom
	}
	var list strings.Builder
	for _, f := range files {
		list.WriteString((&url.URL{Scheme: "file", Path: f}).String() + "\r\n")
	}
	d.files = []byte(list.String())
	if d.window, err = xproto.NewWindowId(conn); err != nil {
		return err
	}
	if err := xproto.CreateWindowChecked(conn, 0, d.window, d.root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		return err
	}
	at, err := xproto.TranslateCoordinates(conn, d.target, d.root, int16(x), int16(y)).Reply()
	if err != nil {
		return err
	}
	return d.drag(uint32(at.DstX), uint32(at.DstY))
}

// number is the window as X names it.
func (w *window) number() xproto.Window {
	w.t.Helper()
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		w.t.Fatal(err)
	}
	return xproto.Window(id)
}

// drag goes through the protocol's steps: entered, moved, accepted, dropped, handed over.
func (d *dragSource) drag(x, y uint32) error {
	aware, err := xproto.GetProperty(d.Conn, false, d.target, d.atoms["XdndAware"], xproto.GetPropertyTypeAny, 0, 1).Reply()
	if err != nil || len(aware.Value) != 4 {
		return fmt.Errorf("the window takes no drops: %v", err)
	}
	if err := xproto.SetSelectionOwnerChecked(d.Conn, d.window, d.atoms["XdndSelection"], xproto.TimeCurrentTime).Check(); err != nil {
		return err
	}
	const version = 5
	d.say("XdndEnter", version<<24, uint32(d.atoms["text/uri-list"]), 0, 0)
	d.say("XdndPosition", 0, x<<16|y, xproto.TimeCurrentTime, uint32(d.atoms["XdndActionCopy"]))
	return d.answer()
}

// say sends one message of the protocol; its first word is always who sends it.
func (d *dragSource) say(message string, words ...uint32) {
	data := append([]uint32{uint32(d.window)}, words...)
	event := xproto.ClientMessageEvent{Format: 32, Window: d.target, Type: d.atoms[message], Data: xproto.ClientMessageDataUnionData32New(data)}
	xproto.SendEvent(d.Conn, false, d.target, xproto.EventMaskNoEvent, string(event.Bytes()))
}

// answer serves the window until it says that it has everything.
func (d *dragSource) answer() error {
	for {
		event, err := d.WaitForEvent()
		if err != nil {
			return err
		}
		switch e := event.(type) {
		case nil:
			return fmt.Errorf("the X server is gone")
		case xproto.SelectionRequestEvent:
			property := e.Property
			if e.Target != d.atoms["text/uri-list"] {
				property = xproto.AtomNone
			} else {
				xproto.ChangeProperty(d.Conn, xproto.PropModeReplace, e.Requestor, property, e.Target, 8, uint32(len(d.files)), d.files)
			}
			notify := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: property}
			xproto.SendEvent(d.Conn, false, e.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes()))
		case xproto.ClientMessageEvent:
			const accepted = 1
			switch said := e.Data.Data32[1]; {
			case e.Type == d.atoms["XdndStatus"] && said&accepted != 0:
				d.say("XdndDrop", 0, xproto.TimeCurrentTime, 0, 0)
			case e.Type == d.atoms["XdndFinished"] && said != 0: // GLFW says how many bytes it took, instead of accepted
				return nil
			default:
				return fmt.Errorf("the window does not take it: %v", e)
			}
		}
	}
}
