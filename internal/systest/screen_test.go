//go:build e2e

package systest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long an effect may take before a test gives up on it. The machine is shared and draws in software: it says
// nothing about how fast the window is.
const patience = 45 * time.Second

// within polls until the condition holds, and fails the test if it never does. last says what was seen instead.
func within(t *testing.T, what string, holds func() (ok bool, last string)) {
	t.Helper()
	deadline := time.After(patience)
	poll := time.NewTicker(40 * time.Millisecond)
	defer poll.Stop()
	for {
		ok, last := holds()
		if ok {
			return
		}
		select {
		case <-poll.C:
		case <-deadline:
			t.Fatalf("%s: not within %v; last seen: %s", what, patience, last)
		}
	}
}

// windowProgram builds the window once, with Fyne's checks of threads, which the metadata of a release switches off.
var windowProgram = sync.OnceValues(func() (string, error) {
	file := filepath.Join(filepath.Dir(serverProgram), "kith")
	out, err := exec.Command("go", "build", "-tags", "no_metadata", "-o", file, "kith").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the window: %w\n%s", err, out)
	}
	return file, nil
})

// screen is an X server of its own, with a window manager.
type screen struct {
	t       *testing.T
	display string
	bus     string // the address of the session's bus; at first there is none
	zone    string // the time zone
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	xvfb := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "2240x800x24", "-nolisten", "tcp", "-noreset") // no reset: it would throw out who comes as the last one leaves
	xvfb.ExtraFiles = []*os.File{write}
	if err := xvfb.Start(); err != nil {
		t.Fatalf("start Xvfb (scripts/setup e2e installs it): %v", err)
	}
	stop := func(cmd *exec.Cmd) { // both outlive the test's context, for pictures of what failed
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // it was killed
	}
	t.Cleanup(func() { stop(xvfb) })
	write.Close()
	number := make([]byte, 16)
	n, err := read.Read(number)
	if err != nil {
		t.Fatalf("Xvfb did not say its display: %v", err)
	}
	s := &screen{t: t, display: ":" + strings.TrimSpace(string(number[:n])), bus: "unix:path=/nonexistent", zone: "UTC"}
	manager := s.command(context.Background(), "openbox")
	if err := manager.Start(); err != nil {
		t.Fatalf("start openbox (scripts/setup e2e installs it): %v", err)
	}
	t.Cleanup(func() { stop(manager) })
	within(t, "the window manager", func() (bool, string) {
		out, err := s.command(t.Context(), "xdotool", "get_desktop").CombinedOutput()
		return err == nil, string(out)
	})
	return s
}

// command is a program on the screen.
func (s *screen) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LC_ALL=C.UTF-8", "LANG=en_US.UTF-8", "DBUS_SESSION_BUS_ADDRESS="+s.bus,
		"FYNE_THEME=dark") // as on a dark desktop: letters are read more surely
	return cmd
}

// xdo runs xdotool and returns what it prints.
func (s *screen) xdo(args ...string) string {
	s.t.Helper()
	out, err := s.command(s.t.Context(), "xdotool", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("xdotool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// window is one running kith.
type window struct {
	*device
	screen *screen
	cmd    *exec.Cmd
	log    *bytes.Buffer
	ended  chan struct{} // closed when the program has ended
	id     string        // of its X window
}

const windowWidth, windowHeight = 1100, 720

// open starts the window of a profile, at x, and waits until something is drawn.
func (s *screen) open(d *device, x int) *window {
	s.t.Helper()
	w := s.start(d)
	s.xdo("windowsize", "--sync", w.id, fmt.Sprint(windowWidth), fmt.Sprint(windowHeight))
	s.xdo("windowmove", w.id, fmt.Sprint(x), "0")
	w.drawn()
	return w
}

// drawn waits until the window shows something.
func (w *window) drawn() {
	w.t.Helper()
	within(w.t, w.name+": the first picture", func() (bool, string) {
		text := w.read(whole)
		return strings.Contains(text, "Kith") || strings.Contains(text, "address book"), text
	})
}

// start starts the window of a profile, where and as large as it wants to be.
func (s *screen) start(d *device) *window {
	s.t.Helper()
	w := &window{device: d, screen: s, log: new(bytes.Buffer), ended: make(chan struct{})}
	w.cmd = s.kith(d)
	w.cmd.Stdout, w.cmd.Stderr = w.log, w.log
	if err := w.cmd.Start(); err != nil {
		s.t.Fatalf("%s: start the window: %v", d.name, err)
	}
	go func() { // ends with the program
		_ = w.cmd.Wait() // its code is read from the state
		close(w.ended)
	}()
	s.t.Cleanup(func() {
		select {
		case <-w.ended: // there is nothing to see of it
		default:
			if s.t.Failed() {
				s.shoot("failed-" + s.t.Name())
			}
		}
		_ = w.cmd.Process.Kill() // it has ended already, in a test that passed
		<-w.ended
		if s.t.Failed() {
			s.t.Logf("%s: the window's log:\n%s", d.name, w.log)
		}
	})
	within(s.t, d.name+": the window", func() (bool, string) {
		w.mustRun()
		out, _ := s.command(s.t.Context(), "xdotool", "search", "--all", "--onlyvisible", "--pid", fmt.Sprint(w.cmd.Process.Pid), "--name", "^Kith$").Output()
		ids := strings.Fields(string(out))
		if len(ids) == 1 {
			w.id = ids[0]
		}
		return len(ids) == 1, string(out)
	})
	return w
}

// kith is the program on a profile, not started yet.
func (s *screen) kith(d *device) *exec.Cmd {
	s.t.Helper()
	program, err := windowProgram()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := s.command(context.Background(), program, "--profile", d.profile) // killed by open's clean-up
	home := filepath.Dir(d.profile)
	cmd.Env = append(cmd.Env, "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "XDG_DATA_HOME="+home, "TZ="+s.zone,
		"PATH="+d.openerFolder()+":"+os.Getenv("PATH"))
	return cmd
}

func (w *window) mustRun() {
	w.t.Helper()
	select {
	case <-w.ended:
		w.t.Fatalf("%s: the window has ended: %v\n%s", w.name, w.cmd.ProcessState, w.log)
	default:
	}
}

// keys presses shortcuts or single keys, by X's names.
func (w *window) keys(keys ...string) {
	w.t.Helper()
	w.front()
	w.screen.xdo(append([]string{"key", "--clearmodifiers", "--delay", "40"}, keys...)...)
}

// write types a text.
func (w *window) write(text string) {
	w.t.Helper()
	w.front()
	w.screen.xdo("type", "--clearmodifiers", "--delay", "20", text)
}

func (w *window) front() {
	w.t.Helper()
	w.mustRun()
	w.screen.xdo("windowactivate", "--sync", w.id)
}

// click presses the left button at a place inside the window; negative places count from the right and the bottom.
func (w *window) click(x, y int) {
	w.t.Helper()
	w.front()
	if x < 0 {
		x += windowWidth
	}
	if y < 0 {
		y += windowHeight
	}
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y), "click", "1")
}

// Places in a window of windowWidth by windowHeight.
var (
	whole     = image.Rect(0, 0, windowWidth, windowHeight)
	statusBar = image.Rect(30, windowHeight-32, windowWidth, windowHeight)
	listPane  = image.Rect(207, 80, 528, windowHeight-36)
	dialog    = image.Rect(335, 170, 765, 550) // inside the dialog that sets up sync
	toast     = image.Rect(240, 590, windowWidth, 676)
	settings  = image.Rect(300, 180, 800, 540) // inside the settings
	content   = image.Rect(530, 30, windowWidth, windowHeight-36)
)

// picture is what the window shows now.
func (w *window) picture() *image.RGBA {
	w.t.Helper()
	out, err := w.screen.command(w.t.Context(), "import", "-silent", "-window", w.id, "png:-").Output()
	if err != nil {
		w.mustRun()
		w.t.Fatalf("%s: take a picture: %v", w.name, err)
	}
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		w.t.Fatalf("%s: read the picture: %v", w.name, err)
	}
	rgba := image.NewRGBA(img.Bounds())
	draw.Draw(rgba, rgba.Bounds(), img, img.Bounds().Min, draw.Src)
	return rgba
}

// read returns the text that a part of the window shows, as a reader of pictures makes it out.
func (w *window) read(part image.Rectangle) string {
	w.t.Helper()
	text, err := recognize(w.t.Context(), w.picture(), part)
	if err != nil {
		w.t.Fatalf("%s: read the window (scripts/setup e2e installs tesseract): %v", w.name, err)
	}
	return text
}

// recognize reads the text in a part of a picture.
func recognize(ctx context.Context, img *image.RGBA, part image.Rectangle) (string, error) {
	out, err := tesseract(ctx, img, part, "txt")
	return strings.Join(strings.Fields(string(out)), " "), err
}

// readerScale is how much a picture is enlarged for the reader of pictures: the letters of a window are small for it.
const readerScale = 3

// enlarged is a part of a picture as a PNG for the reader: its letters, of any colour on any colour, larger and in black on white.
func enlarged(img *image.RGBA, part image.Rectangle) ([]byte, error) {
	contrast := againstBackground(img, part)
	gray := image.NewGray(image.Rect(0, 0, part.Dx()*readerScale, part.Dy()*readerScale))
	for y := range gray.Rect.Dy() {
		for x := range gray.Rect.Dx() {
			gray.SetGray(x, y, contrast.GrayAt(part.Min.X+x/readerScale, part.Min.Y+y/readerScale))
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, gray)
	return out.Bytes(), err
}

// againstBackground is white where a point has its surroundings' commonest brightness, and the darker the more it differs from it.
func againstBackground(img *image.RGBA, part image.Rectangle) *image.Gray {
	const block = 24
	out := image.NewGray(part)
	bright := func(x, y int) uint8 { return color.GrayModel.Convert(img.RGBAAt(x, y)).(color.Gray).Y }
	for top := part.Min.Y; top < part.Max.Y; top += block {
		for left := part.Min.X; left < part.Max.X; left += block {
			tile := image.Rect(left, top, left+block, top+block).Intersect(part)
			var count [256]int
			for y := tile.Min.Y; y < tile.Max.Y; y++ {
				for x := tile.Min.X; x < tile.Max.X; x++ {
					count[bright(x, y)]++
				}
			}
			ground := 0
			for v, n := range count {
				if n > count[ground] {
					ground = v
				}
			}
			for y := tile.Min.Y; y < tile.Max.Y; y++ {
				for x := tile.Min.X; x < tile.Max.X; x++ {
					difference := int(bright(x, y)) - ground
					out.SetGray(x, y, color.Gray{Y: uint8(255 - min(255, 2*max(difference, -difference)))})
				}
			}
		}
	}
	return out
}

// shows waits until a part of the window shows all of the texts. Blanks do not count: the reader does not always see them.
func (w *window) shows(part image.Rectangle, texts ...string) {
	w.t.Helper()
	within(w.t, fmt.Sprintf("%s: the window shows %q", w.name, texts), func() (bool, string) {
		seen := w.read(part)
		for _, text := range texts {
			if !strings.Contains(withoutBlanks(seen), withoutBlanks(text)) {
				return false, seen
			}
		}
		return true, seen
	})
}

func withoutBlanks(s string) string { return strings.ReplaceAll(s, " ", "") }

// shoot keeps a picture of the whole screen in $KITH_SCREENSHOTS, for people.
func (s *screen) shoot(name string) {
	s.t.Helper()
	dir := os.Getenv("KITH_SCREENSHOTS")
	if dir == "" {
		return
	}
	file := filepath.Join(dir, name+".png")
	if out, err := s.command(context.WithoutCancel(s.t.Context()), "import", "-silent", "-window", "root", file).CombinedOutput(); err != nil {
		s.t.Errorf("keep picture %s: %v\n%s", file, err, out)
	}
}

// shootOne keeps a picture of one window.
func (w *window) shootOne(name string) {
	w.t.Helper()
	dir := os.Getenv("KITH_SCREENSHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, w.picture()), f.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// close closes the window by the window manager, as its cross does, and requires a clean end: code 0, and no call from a wrong thread.
func (w *window) close() {
	w.t.Helper()
	w.keys("alt+F4")
	again := time.NewTicker(patience / 5) // the window manager may not have given the window the keyboard yet
	defer again.Stop()
	for range 3 {
		select {
		case <-w.ended:
		case <-again.C:
			// It may be closing just now, and then there is no window to press keys in.
			_ = w.screen.command(w.t.Context(), "xdotool", "windowactivate", "--sync", w.id, "key", "--clearmodifiers", "alt+F4").Run()
		}
	}
	w.mustEnd()
}

// mustEnd waits for the program's end and requires that it was a clean one.
func (w *window) mustEnd() {
	w.t.Helper()
	select {
	case <-w.ended:
	case <-time.After(patience):
		w.t.Fatalf("%s: the window has not ended after %v", w.name, patience)
	}
	if code := w.cmd.ProcessState.ExitCode(); code != 0 {
		w.t.Errorf("%s: the window ended with %v", w.name, w.cmd.ProcessState)
	}
	if log := w.log.String(); strings.Contains(log, "call thread") || strings.Contains(log, "panic") {
		w.t.Errorf("%s: the window's log:\n%s", w.name, log)
	}
}

// changed counts the points of a part that differ between two pictures.
func changed(a, b *image.RGBA, part image.Rectangle) int {
	n := 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				n++
			}
		}
	}
	return n
}
