//go:build e2e

package systest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os/exec"
	"strconv"
	"strings"
)

// word is one word that the window shows, and where.
type word struct {
	text string
	at   image.Rectangle
}

// words are what the reader of pictures makes out in a part of a window, in its order.
func words(ctx context.Context, img *image.RGBA, part image.Rectangle) ([]word, error) {
	out, err := tesseract(ctx, img, part, "tsv")
	if err != nil {
		return nil, err
	}
	var all []word
	for line := range bytes.Lines(out) {
		column := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if len(column) < 12 || column[0] != "5" || strings.TrimSpace(column[11]) == "" {
			continue // 5: a word; the others are pages, blocks and lines
		}
		var box [4]int
		for i := range box {
			if box[i], err = strconv.Atoi(column[6+i]); err != nil {
				return nil, fmt.Errorf("a word's place %q: %w", column[6+i], err)
			}
		}
		at := image.Rect(box[0], box[1], box[0]+box[2], box[1]+box[3])
		at.Min, at.Max = at.Min.Div(readerScale).Add(part.Min), at.Max.Div(readerScale).Add(part.Min)
		all = append(all, word{column[11], at})
	}
	return all, nil
}

// place waits until a part of the window shows a text, and returns where: the last place, if there are several.
func (w *window) place(part image.Rectangle, text string) image.Point {
	w.t.Helper()
	box := w.box(part, text)
	return box.Min.Add(box.Max).Div(2)
}

// box is place with the text's extent.
func (w *window) box(part image.Rectangle, text string) image.Rectangle {
	w.t.Helper()
	var at image.Rectangle
	within(w.t, fmt.Sprintf("%s: %q is on the screen", w.name, text), func() (bool, string) {
		w.mustRun()
		all, err := words(w.t.Context(), w.picture(), part)
		if err != nil {
			w.t.Fatalf("%s: read the window: %v", w.name, err)
		}
		found := false
		var seen []string
		for i := range all {
			seen = append(seen, all[i].text)
			joined, box := "", all[i].at
			for j := i; j < len(all) && len(joined) < len(withoutBlanks(text)); j++ {
				joined += all[j].text
				box = box.Union(all[j].at)
			}
			if strings.HasPrefix(joined, withoutBlanks(text)) {
				at, found = box, true
			}
		}
		return found, strings.Join(seen, " ")
	})
	return at
}

// press clicks on a text that a part of the window shows.
func (w *window) press(part image.Rectangle, text string) {
	w.t.Helper()
	at := w.place(part, text)
	w.click(at.X, at.Y)
}

// pressRight clicks on a text with the other button.
func (w *window) pressRight(part image.Rectangle, text string) {
	w.t.Helper()
	at := w.place(part, text)
	w.front()
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(at.X), fmt.Sprint(at.Y), "click", "3")
}

// kill ends the program as a power cut does.
func (w *window) kill() {
	w.t.Helper()
	if err := w.cmd.Process.Kill(); err != nil {
		w.t.Fatalf("%s: kill the window: %v", w.name, err)
	}
	<-w.ended
}

// tesseract reads a part of a picture, enlarged by readerScale.
func tesseract(ctx context.Context, img *image.RGBA, part image.Rectangle, format string) ([]byte, error) {
	in, err := enlarged(img, part.Intersect(img.Bounds()))
	if err != nil {
		return nil, err
	}
	var out, problem bytes.Buffer
	cmd := exec.CommandContext(ctx, "tesseract", "stdin", "stdout", "-l", "eng", "--psm", "11", "--dpi", "288", format)
	cmd.Env = append(cmd.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &problem
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, &problem)
	}
	return out.Bytes(), nil
}
