//go:build e2e

package windowbench

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const screenWidth, screenHeight = 1280, 800

// display is an X server whose picture lies in memory that we share, with a window manager and a hand at the keyboard.
type display struct {
	b      *testing.B
	name   string
	memory []byte // the picture, four bytes a point
	stride int
	hand   io.Writer // takes xdotool's commands, a line each
	home   string
}

func newDisplay(b *testing.B) *display {
	b.Helper()
	dir := b.TempDir()
	read, write, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	defer read.Close()
	xvfb := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-fbdir", dir)
	xvfb.ExtraFiles = []*os.File{write}
	start(b, xvfb)
	write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		b.Fatalf("Xvfb did not say its display: %v", err)
	}
	d := &display{b: b, name: ":" + strings.TrimSpace(number), home: b.TempDir()}
	d.mapMemory(filepath.Join(dir, "Xvfb_screen0"))
	start(b, d.command("openbox"))
	d.until("the window manager", func() bool { return d.command("xdotool", "get_desktop").Run() == nil })

	hand := d.command("xdotool", "-")
	in, err := hand.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	d.hand = in
	start(b, hand)
	return d
}

// start runs a program until the benchmark ends.
func start(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	if err := cmd.Start(); err != nil {
		b.Fatalf("start %s (scripts/setup e2e installs it): %v", cmd.Path, err)
	}
	b.Cleanup(func() { stop(cmd) })
}

func stop(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()         // it was killed
}

// mapMemory maps the screen's picture, which is in the format of xwd: a header, the colour map, the points.
func (d *display) mapMemory(name string) {
	d.b.Helper()
	f, err := os.Open(name)
	if err != nil {
		d.b.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		d.b.Fatal(err)
	}
	m, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		d.b.Fatal(err)
	}
	d.b.Cleanup(func() { _ = unix.Munmap(m) })
	field := func(i int) int { return int(binary.BigEndian.Uint32(m[4*i:])) }
	const headerSize, bitsPerPoint, bytesPerLine, colors, colorSize = 0, 11, 12, 19, 12
	if field(bitsPerPoint) != 32 {
		d.b.Fatalf("the display has %d bits a point; want 32", field(bitsPerPoint))
	}
	d.stride, d.memory = field(bytesPerLine), m[field(headerSize)+field(colors)*colorSize:]
}

// command is a program on the display, in a world without a session bus and with a home of its own.
func (d *display) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.name, "LC_ALL=C.UTF-8", "LANG=en_US.UTF-8", "TZ=UTC", "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
		"HOME="+d.home, "XDG_CONFIG_HOME="+d.home, "XDG_CACHE_HOME="+d.home, "XDG_DATA_HOME="+d.home)
	return cmd
}

// patience is when a benchmark gives up.
const patience = 60 * time.Second

// look is how often the screen is looked at: the grain of what is measured.
const look = time.Millisecond

func (d *display) until(what string, holds func() bool) {
	d.b.Helper()
	ctx, cancel := context.WithTimeout(d.b.Context(), patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			d.b.Fatalf("%s: not within %v", what, patience)
		}
	}
}

var seed = maphash.MakeSeed()

// sum tells pictures of a part of the screen apart.
func (d *display) sum(part image.Rectangle) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		at := y*d.stride + 4*part.Min.X
		h.Write(d.memory[at : at+4*part.Dx()])
	}
	return h.Sum64()
}

// settled waits until a part of the screen has not changed for a second, and returns its sum.
func (d *display) settled(part image.Rectangle) uint64 {
	d.b.Helper()
	last, since := d.sum(part), time.Now()
	d.until("a picture that stays", func() bool {
		if now := d.sum(part); now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > time.Second
	})
	return last
}

// window waits for the one window called Kith, and returns where its content is on the screen.
func (d *display) window() image.Rectangle {
	d.b.Helper()
	var id string
	d.until("the window", func() bool {
		out, _ := d.command("xdotool", "search", "--onlyvisible", "--name", "^Kith$").Output()
		ids := strings.Fields(string(out))
		if len(ids) > 0 {
			id = ids[len(ids)-1]
		}
		return len(ids) > 0
	})
	d.settled(image.Rect(screenWidth/4, screenHeight/3, screenWidth, screenHeight)) // below the search box, whose cursor blinks
	out, err := d.command("xdotool", "windowactivate", "--sync", id, "getwindowgeometry", "--shell", id).Output()
	if err != nil {
		d.b.Fatal(err)
	}
	g := map[string]int{}
	for line := range strings.Lines(string(out)) {
		var n int
		if name, value, ok := strings.Cut(line, "="); ok {
			if _, err := fmt.Sscan(value, &n); err == nil {
				g[name] = n
			}
		}
	}
	return image.Rect(g["X"], g["Y"], g["X"]+g["WIDTH"], g["Y"]+g["HEIGHT"]).Intersect(image.Rect(0, 0, screenWidth, screenHeight))
}

// picture copies a part of the screen.
func (d *display) picture(part image.Rectangle) *image.RGBA {
	img := image.NewRGBA(part)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			p := d.memory[y*d.stride+4*x:]
			img.SetRGBA(x, y, color.RGBA{p[2], p[1], p[0], 0xff})
		}
	}
	return img
}

// keep writes the screen to $KITH_SCREENSHOTS, for people.
func (d *display) keep(name string) {
	d.b.Helper()
	dir := os.Getenv("KITH_SCREENSHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		d.b.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, d.picture(image.Rect(0, 0, screenWidth, screenHeight))); err != nil {
		d.b.Fatal(err)
	}
}

// colors counts the colours of a part of the screen: an empty list has few, one of rows many.
func (d *display) colors(part image.Rectangle) int {
	seen := map[color.RGBA]bool{}
	img := d.picture(part)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			seen[img.RGBAAt(x, y)] = true
		}
	}
	return len(seen)
}
