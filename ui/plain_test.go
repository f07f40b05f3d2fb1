package ui

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"kith/data"
)

// The answer to an older question never overwrites the newer one's, whichever comes first; the older work is told to stop.
func TestLateAnswersAreDropped(t *testing.T) {
	l := newLoop()
	bg := l.background(t)
	defer bg.stop()
	var q question
	var got []string
	answer := func(s string, err error) { got = append(got, s) }
	cancelled := make(chan struct{})
	ask(bg, &q, func(ctx context.Context) (string, error) {
		<-ctx.Done()
		close(cancelled)
		return "old", nil
	}, answer)
	ask(bg, &q, func(context.Context) (string, error) {
		<-cancelled // the old answer comes first
		return "new", nil
	}, answer)
	l.until(t, "there is an answer", func() bool { return len(got) > 0 })
	bg.stop()
	for len(l.posts) > 0 {
		(<-l.posts)()
	}
	if !slices.Equal(got, []string{"new"}) {
		t.Errorf("answers %v, want the new one alone", got)
	}
}

func TestAskAgain(t *testing.T) {
	l := newLoop()
	bg := l.background(t)
	defer bg.stop()
	var r repeating
	var asked, answered []int
	for i := range 5 {
		askAgain(bg, &r, func(context.Context) (int, error) { asked = append(asked, i); return i, errors.New("x") }, func(n int, _ error) { answered = append(answered, n) })
	}
	l.until(t, "there are two answers", func() bool { return len(answered) == 2 })
	bg.stop()
	if want := []int{0, 4}; !slices.Equal(asked, want) || !slices.Equal(answered, want) {
		t.Errorf("asked %v, answered %v, want %v: once, and once more, as it was asked last, for the four that came meanwhile", asked, answered, want)
	}
}

func TestRowCache(t *testing.T) {
	c := newRowCache(3)
	row := func(id data.RowID, name string) data.Row { return data.Row{RowID: id, Name: name} }
	c.put(0, []data.Row{row(1, "a"), row(2, "b"), row(3, "c")})
	c.get(1)
	c.put(0, []data.Row{row(4, "d")}) // 2 is the one that was used the longest ago
	for id, want := range map[data.RowID]bool{1: true, 2: false, 3: true, 4: true} {
		if _, ok, _ := c.get(id); ok != want {
			t.Errorf("row %d: there %v, want %v", id, ok, want)
		}
	}
	c.outdate()
	if r, ok, fresh := c.get(1); !ok || fresh || r.Name != "a" {
		t.Errorf("after a change: %+v, %v, fresh %v; want the old row, stale", r, ok, fresh)
	}
	c.put(1, []data.Row{row(1, "A")})
	if r, _, fresh := c.get(1); !fresh || r.Name != "A" {
		t.Errorf("after reading anew: %+v, fresh %v", r, fresh)
	}
}

func TestSelection(t *testing.T) {
	order := []data.RowID{10, 20, 30, 40, 50}
	chosen := func(s *selection) []data.RowID { return slices.Sorted(maps.Keys(s.chosen)) }
	tests := []struct {
		name    string
		do      func(*selection)
		current data.RowID
		chosen  []data.RowID
	}{
		{"one", func(s *selection) { s.only(20, 1) }, 20, []data.RowID{20}},
		{"shift down", func(s *selection) { s.only(20, 1); s.extend(order, 3) }, 40, []data.RowID{20, 30, 40}},
		{"shift down, then up", func(s *selection) { s.only(30, 2); s.extend(order, 4); s.extend(order, 0) }, 10, []data.RowID{10, 20, 30}},
		{"ctrl adds", func(s *selection) { s.only(20, 1); s.toggle(order, 4) }, 50, []data.RowID{20, 50}},
		{"ctrl takes away", func(s *selection) { s.only(20, 1); s.toggle(order, 4); s.toggle(order, 4) }, 20, []data.RowID{20}},
		{"ctrl takes the current away", func(s *selection) { s.only(10, 0); s.toggle(order, 1); s.toggle(order, 4); s.toggle(order, 4) }, 20, []data.RowID{10, 20}},
		{"ctrl keeps the last", func(s *selection) { s.only(20, 1); s.toggle(order, 1) }, 20, []data.RowID{20}},
		{"all", func(s *selection) { s.only(30, 2); s.all(order) }, 30, order},
		{"stays when rows come before it", func(s *selection) { s.only(30, 2); s.follow([]data.RowID{1, 2, 10, 20, 30}, false) }, 30, []data.RowID{30}},
		{"its neighbour takes over", func(s *selection) { s.only(30, 2); s.follow([]data.RowID{10, 20, 40, 50}, false) }, 40, []data.RowID{40}},
		{"the last one's too", func(s *selection) { s.only(50, 4); s.follow(order[:4], false) }, 40, []data.RowID{40}},
		{"nothing is left", func(s *selection) { s.only(50, 4); s.follow(nil, false) }, 0, nil},
		{"a search hides it", func(s *selection) { s.only(50, 4); s.follow(order[:2], true) }, 50, []data.RowID{50}},
		{"some of many go", func(s *selection) { s.only(20, 1); s.all(order); s.follow([]data.RowID{20, 40}, false) }, 20, []data.RowID{20, 40}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s selection
			tt.do(&s)
			if s.current != tt.current || !slices.Equal(chosen(&s), tt.chosen) {
				t.Errorf("got %d of %v, want %d of %v", s.current, chosen(&s), tt.current, tt.chosen)
			}
		})
	}
}

func TestPaneWidths(t *testing.T) {
	tests := []struct {
		width   float32
		contact bool
		shown   [3]bool
	}{
		{1400, false, [3]bool{true, true, true}},
		{900, false, [3]bool{true, true, true}},
		{899, true, [3]bool{false, true, true}},
		{640, false, [3]bool{false, true, true}},
		{619, false, [3]bool{false, true, false}},
		{619, true, [3]bool{false, false, true}},
	}
	for _, tt := range tests {
		side, list, detail := paneWidths(tt.width, tt.contact)
		if got := [3]bool{side > 0, list > 0, detail > 0}; got != tt.shown || side+list+detail != tt.width {
			t.Errorf("%v, %v: got %v %v %v", tt.width, tt.contact, side, list, detail)
		}
	}
}
