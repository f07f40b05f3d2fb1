package systest

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

// Ten thousand contacts, pushed from one profile and pulled by another on a terminal that counts along: the same on both sides.
func TestTenThousand(t *testing.T) {
	const n, seed = 10_000, 1
	_, a, b := pair(t)
	cards := make([]contact.Card, n)
	for i := range cards {
		cards[i] = contacttest.Realistic(seed, i)
	}
	a.fill(cards)

	began := time.Now()
	screen := onTerminal(t, a, "", "sync")
	t.Logf("push of %d: %v", n, time.Since(began).Round(time.Millisecond))
	checkProgress(t, screen, n)
	began = time.Now()
	screen = onTerminal(t, b, "", "sync")
	t.Logf("pull of %d: %v", n, time.Since(began).Round(time.Millisecond))
	checkProgress(t, screen, n)

	if live := agree(t, a, b); len(live) != n {
		t.Errorf("%d contacts; want %d", len(live), n)
	}
}

var counted = regexp.MustCompile(`Syncing (\d+) of (\d+)`)

// checkProgress requires numbers that never fall, of a total that is true, and a line that was cleared away at the end.
func checkProgress(t *testing.T, screen string, total int) {
	t.Helper()
	last, steps := 0, 0
	for _, m := range counted.FindAllStringSubmatch(screen, -1) {
		steps++
		done, of := number(t, m[1]), number(t, m[2])
		if done < last || done > of || of != total {
			t.Errorf("progress says %q after %d; want growing numbers of %d", m[0], last, total)
		}
		last = done
	}
	if steps < 2 {
		t.Errorf("the progress has %d steps; want some: %q", steps, screen)
	}
	_, end, _ := strings.Cut(screen[strings.LastIndex(screen, "Syncing"):], "\x1b[K")
	if !strings.Contains(end, "10000") || strings.Contains(end, "\x1b") {
		t.Errorf("the screen ends with %q; want a cleared line and the summary", end)
	}
}
