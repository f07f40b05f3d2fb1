package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/data/binding"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/syncer"
)

// statusBar says what the syncer does. It is bound to one value, so it never shows parts of two.
type statusBar struct {
	bg      *background
	status  binding.Item[syncer.Status] // set by the engine, on its goroutine
	shown   syncer.Status
	sorting [2]int // names whose new order is made, of how many; zero: none is
	changed func(before, now syncer.Status)

	box, line *fyne.Container
	icon      *widget.Icon
	text      *textLine
	progress  *widget.ProgressBar
	attention *link
	sync      *button
}

// newStatusBar makes the bar. attend opens what waits for the user; syncNow asks for a pass; changed hears of each new status, and the one before.
func newStatusBar(bg *background, attend func(syncer.Status), syncNow func(), changed func(before, now syncer.Status)) *statusBar {
	s := &statusBar{bg: bg, changed: changed, status: binding.NewItem(sameStatus), text: newTextLine("", colorMuted, sizeSmall), icon: widget.NewIcon(nil)}
	s.text.facts = true
	s.progress = widget.NewProgressBar()
	s.progress.TextFormatter = func() string { return "" }
	s.progress.Hide()
	s.attention = newLink("", nil, func() { attend(s.shown) })
	s.sync = newQuietButton(lang.L("Sync Now"), iconSync, syncNow)
	progress := container.New(progressLayout{}, s.progress)
	s.line = container.New(barLayout{gap: 8, fill: 1}, s.icon, s.text, progress, s.attention, s.sync)
	s.box = container.NewStack(newPanel(colorSidebar), newTopEdge(), container.New(statusLine{}, s.line))
	s.status.AddListener(binding.NewDataListener(s.update))
	return s
}

// set makes s the status. Safe for concurrent use: it may be called while the UI goroutine draws an older one. It goes by way of post,
// so that a status keeps its place among the window's other answers.
func (s *statusBar) set(status syncer.Status) {
	s.bg.post(func() {
		_ = s.status.Set(status) // an Item has no way to refuse a value
	})
}

// update runs on the UI goroutine after each new status.
func (s *statusBar) update() {
	status, err := s.status.Get()
	if err != nil {
		return // an Item's Get has no way to fail
	}
	before := s.shown
	s.shown = status
	s.draw()
	s.changed(before, status)
}

// keepTime says "2 min ago" anew as time goes by, until the window closes.
func (s *statusBar) keepTime() {
	s.bg.after(20*time.Second, func() {
		if s.bg.ctx.Err() == nil {
			s.draw()
			s.keepTime()
		}
	})
}

func (s *statusBar) draw() {
	st := s.shown
	s.text.setText(statusText(st, s.bg.now()))
	s.icon.SetResource(statusIcon(st))
	s.progress.Hidden = st.State != syncer.Syncing || st.Total == 0
	if !s.progress.Hidden {
		s.progress.SetValue(float64(st.Done) / float64(st.Total))
	}
	if done, total := s.sorting[0], s.sorting[1]; total > 0 {
		s.text.setText(sortingText(done, total))
		s.progress.Show()
		s.progress.SetValue(float64(done) / float64(total))
	}
	waits := statusAttention(st)
	s.attention.Hidden = waits == ""
	s.attention.setText(waits)
	s.sync.Hidden = st.State == syncer.SignedOut || st.State == ""
	setEnabled(s.sync, st.State != syncer.Syncing && st.State != syncer.SignInNeeded && st.State != syncer.UpdateNeeded)
	s.line.Refresh() // what is shown takes another place, also while the bar's size is the same
	s.box.Refresh()
}

// statusIcon is one of few: all is well, work, or something waits.
func statusIcon(s syncer.Status) fyne.Resource {
	switch s.State {
	case syncer.Idle:
		if s.Held.Any() {
			return iconWarning
		}
		if unsent(s) == 0 {
			return theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess)
		}
		return theme.NewColoredResource(theme.ViewRefreshIcon(), colorMuted)
	case syncer.Syncing:
		return theme.NewColoredResource(theme.ViewRefreshIcon(), theme.ColorNamePrimary)
	case syncer.Offline:
		return theme.NewColoredResource(theme.ContentRemoveIcon(), colorMuted)
	case syncer.SignInNeeded, syncer.UpdateNeeded, syncer.Failed:
		return iconWarning
	}
	return theme.NewColoredResource(theme.ComputerIcon(), colorMuted)
}

// statusLine keeps the bar's height, whatever it says.
type statusLine struct{}

func (statusLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+20, 40)
}

func (statusLine) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width-20, s.Height))
	o[0].Move(fyne.NewPos(14, 0))
}

// progressLayout keeps the bar thin and short, whatever stands in it.
type progressLayout struct{}

func (progressLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	if !o[0].Visible() {
		return fyne.Size{}
	}
	return fyne.NewSize(160, 6)
}
func (progressLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// newTopEdge is the hairline above a bar.
func newTopEdge() fyne.CanvasObject {
	return container.New(topEdgeLayout{}, newPanel(theme.ColorNameSeparator))
}

type topEdgeLayout struct{}

func (topEdgeLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (topEdgeLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width, 1))
}
