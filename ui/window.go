package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"kith/assets"
	"kith/contact"
	"kith/data"
	"kith/syncer"
)

// Title is the window's title, and its class for the window manager.
const Title = "Kith"

// defaultSize is the window's until it was given another.
var defaultSize = fyne.NewSize(1100, 720)

// Session is an open profile. The window runs the engine; it closes neither.
type Session struct {
	Store  *data.Store
	Engine *syncer.Engine
}

// Window is the contacts window of one profile. It is there before the profile is open.
type Window struct {
	bg   *background
	app  fyne.App
	win  fyne.Window
	dir  string
	open func(context.Context) (Session, error)
	book *book

	opening <-chan opened          // of the session that is being opened since before there was a window; nil: none is
	arrived atomic.Pointer[opened] // and is to be shown
	fonts   *fontReading           // nil: nobody reads them ahead
	signal  *canvas.Raster
	waiting []func() // for a frame to be drawn

	looks   *restyling
	root    *fyne.Container // what the window shows, and the signal below
	placing *placing
	made    madeLayout
	ending  bool // it was told to close
	onShown func()
	onReady func()
	drawn   func(f func()) // calls f on the UI goroutine when what is shown now has been drawn

	mu      sync.Mutex
	session Session
}

// New makes the window of the profile in dir; open opens the profile, off the UI goroutine, and may be called again after it failed.
func New(ctx context.Context, app fyne.App, dir string, open func(context.Context) (Session, error)) *Window {
	bg := newBackground(ctx)
	fonts := newFontReading()
	opening := openSession(bg, open, func() { // while the window is made
		useLanguage("") // until the profile says which; nothing that has a text is there before
		fonts.read()
	})
	w := newWindow(bg, app, dir, open)
	w.opening, w.fonts, w.drawn = opening, fonts, w.afterFrame
	return w
}

func newWindow(bg *background, app fyne.App, dir string, open func(context.Context) (Session, error)) *Window {
	w := &Window{bg: bg, app: app, dir: dir, open: open, onShown: func() {}, onReady: func() {}, drawn: func(f func()) { f() }}
	w.looks = &restyling{bg: bg, app: app, desktop: newDesktopLook(app.Settings()), drawn: func(f func()) { w.drawn(f) }}
	w.looks.set(themeSystem, "")
	app.SetIcon(fyne.NewStaticResource("kith.png", assets.AppIcon))
	w.win = app.NewWindow(Title)
	w.win.SetPadded(false)
	w.win.SetMaster()
	w.win.SetIcon(fyne.NewStaticResource("kith.png", assets.WindowIcon))
	w.win.Resize(defaultSize)
	w.placing = &placing{bg: bg, win: w.win}
	w.signal = canvas.NewRaster(w.draws)
	w.root = container.New(&w.made, newPanel(theme.ColorNameBackground), newPoint(w.signal))
	w.win.SetContent(newThemed(w.root, w.looks))
	return w
}

// newPoint puts an object where nobody sees it.
func newPoint(o fyne.CanvasObject) fyne.CanvasObject {
	o.Resize(fyne.NewSize(1, 1))
	return container.NewWithoutLayout(o)
}

// draws is the painter of the signal: the window is being drawn.
func (w *Window) draws(int, int) image.Image {
	w.onShown()
	for _, f := range w.waiting {
		w.bg.post(f) // it comes after the frame
	}
	w.waiting = nil
	return image.NewNRGBA(image.Rect(0, 0, 1, 1))
}

// unseen is how long a window that is not drawn (it is minimised, or the screen is locked) keeps what waits for that.
const unseen = time.Second

// afterFrame calls f when the next frame has been drawn: what is not seen in it must not take time from it.
func (w *Window) afterFrame(f func()) {
	called := false
	once := func() {
		if !called {
			called = true
			f()
		}
	}
	w.waiting = append(w.waiting, once)
	w.signal.Refresh()
	w.bg.after(unseen, once)
}

func (w *Window) show(content fyne.CanvasObject) {
	w.root.Objects[0] = content
	content.Resize(w.root.Size())
	canvas.Refresh(w.root) // not all that is in it: that is new, and much of it hidden
}

// ShowAndRun shows the window, opens the profile behind it, and returns when the window was closed and its work has ended: nothing
// touches the session any more. It returns the session, which is zero if none was opened.
func (w *Window) ShowAndRun() Session {
	w.looks.begin()
	w.begin()
	queued := make(chan struct{})
	w.bg.run(func(context.Context) {
		w.bg.post(w.appear)
		close(queued)
	})
	<-queued    // it is the first that the loop does
	w.app.Run() // Fyne ends it at SIGINT and SIGTERM
	w.bg.stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.session
}

// appear makes the window appear, with what is in the profile if that has come by the time that Fyne has made it. It runs in Fyne's
// loop, which so draws next without a wait.
func (w *Window) appear() {
	w.looks.loops()
	if o := w.arrived.Load(); o != nil {
		w.resize(o.size)
	}
	w.made.then = func() {
		if !w.fonts.end() || !w.settle() {
			w.show(newOpening())
		}
	}
	w.win.Show()
	w.placing.restore() // a window that was not there yet could not be moved
	if w.bg.ctx.Err() != nil {
		w.app.Quit() // the program was told to end before Fyne listened
	}
}

// resize gives the window the size that it had when it was last closed; zero: it had none.
func (w *Window) resize(s fyne.Size) {
	if s.Width >= narrowestPanes && s.Height >= 200 {
		w.win.Resize(s)
	}
}

// madeLayout is the layout of all that a window shows. Fyne makes the system's window and draws it in one go; between the two, it asks for
// the least size, and that is the only place where the first frame can still be told what to show.
type madeLayout struct {
	then func() // is called once; nil: it was, or nobody waits
}

func (l *madeLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	layout.NewStackLayout().Layout(objects, s)
}

func (l *madeLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	if then := l.then; then != nil {
		l.then = nil
		then()
	}
	return layout.NewStackLayout().MinSize(objects)
}

// OnShown sets a function that is called on the UI goroutine once the window has been drawn. Set it before ShowAndRun.
func (w *Window) OnShown(f func()) { w.onShown = f }

// OnReady sets a function that is called on the UI goroutine once what is in the profile, or why it can't be opened, has been drawn.
// Set it before ShowAndRun.
func (w *Window) OnReady(f func()) { w.onReady = f }

// ComeForward raises the window. Safe for concurrent use.
func (w *Window) ComeForward() {
	w.bg.post(func() {
		w.win.Show()
		w.placing.back()
		w.win.RequestFocus()
	})
}

func (w *Window) showBook(o opened) {
	if o.language != "" {
		useLanguage(o.language)
	}
	w.looks.desktop.remember(o.desktop)
	if o.theme == themeLight || o.theme == themeDark || o.text != "" {
		w.looks.set(o.theme, o.text)
	}
	w.book = newBook(w.bg, w.app, w.win, w.looks, o.Store, o.Engine)
	w.book.list.query = o.query
	w.book.sidebar.colors, w.book.sidebar.empty = parseLabelColors(o.colors), strings.FieldsFunc(o.labels, func(r rune) bool { return r == '\n' })
	w.resize(o.size)
	w.placing.at = o.place
	w.placing.restore()
	w.win.SetMainMenu(w.book.mainMenu())
	w.show(w.book.content)
	w.win.Canvas().SetOnTypedKey(w.book.key)
	w.book.alsoOn()
	w.win.SetCloseIntercept(w.close)
	w.win.SetOnDropped(w.book.dropped)
	w.book.presence.quit, w.book.presence.shown = w.end, w.placing.back
	w.book.presence.away = func() bool { return w.placing.away }
	w.looks.shows(w.book.parts, func(desktop string) {
		if desktop != o.desktop {
			o.desktop = desktop
			do(w.bg, func(ctx context.Context) error { return o.Store.SetSetting(ctx, settingDesktop, desktop) }, w.book.onlyErrors)
		}
	})
	w.book.start(o)
	w.drawn(func() {
		w.onReady()
		w.book.follow()
	})
	w.book.presence.setTray(o.tray)
	w.win.Canvas().Focus(w.book.list.search)
}

// close is the window's own button: where Kith stays in the tray, the window is only put away.
func (w *Window) close() {
	if w.book.presence.tray {
		w.book.flushDraft()
		w.placing.putAway(w.book.store)
		return
	}
	w.end()
}

// end remembers the window's size and place, and closes it. A draft that typing has not rested from is written down at once.
func (w *Window) end() {
	if w.ending {
		return
	}
	w.ending = true
	size := w.win.Canvas().Size()
	store := w.book.store
	w.book.flushDraft()
	w.bg.wg.Go(func() {
		// A size that can't be remembered is no reason to stay open.
		_ = store.SetSetting(context.WithoutCancel(w.bg.ctx), settingSize, fmt.Sprintf("%.0fx%.0f", size.Width, size.Height))
	})
	w.placing.remember(store, w.win.Close)
}

// newOpening is the frame of the panes, before anything is known.
func newOpening() fyne.CanvasObject {
	panes := &paneLayout{}
	return container.New(panes, newPanel(colorSidebar), container.NewStack(newPanel(colorList), newEdge()), newPanel("background"))
}

// ---- a profile that can't be opened ---------------------------------------------------------------------------------------

// backupDate is the day of a daily backup, which its name says.
func backupDate(file string) string {
	day, err := time.Parse("kith-2006-01-02.db", fileName(file))
	if err != nil {
		return fileName(file)
	}
	return formatDate(contact.Date{Year: day.Year(), Month: int(day.Month()), Day: day.Day()})
}

// problemText says why the profile can't be opened, and what can be done.
func problemText(dir string, err error) (title, text string) {
	var damaged *data.DamagedError
	switch {
	case errors.As(err, &damaged):
		text = lang.L("Nothing was deleted: the damaged file was put aside as\n{{.File}}", with{"File": damaged.Aside}) + "\n\n"
		if len(damaged.Backups) > 0 {
			return lang.L("The address book is damaged"), text + lang.L("You can go back to the daily backup of {{.Date}}. Signing in to the server then brings what is newer there.", with{"Date": backupDate(damaged.Backups[0])})
		}
		return lang.L("The address book is damaged"), text + lang.L("There is no backup yet. You can start with an empty address book; signing in to the server brings back what is there.")
	case errors.Is(err, data.ErrNewerDatabase):
		return lang.L("Kith is too old for this profile"), lang.L("A newer version of Kith has written the address book in\n{{.Folder}}\n\nUpdate Kith on this computer, then start it again. Nothing was changed.", with{"Folder": dir})
	case errors.Is(err, data.ErrNotWritable):
		return lang.L("The profile can't be written"), lang.L("Kith keeps your contacts in\n{{.Folder}}\n\nCheck that you may write there and that the disk has room, then try again.", with{"Folder": dir})
	}
	return lang.L("The address book can't be opened"), userMessage(err) + "\n\n" + lang.L("The profile is in\n{{.Folder}}", with{"Folder": dir})
}

func (w *Window) showProblem(err error) {
	title, text := problemText(w.dir, err)
	var damaged *data.DamagedError
	again := newMainButton(lang.L("Try Again"), w.retry)
	quit := newButton(lang.L("Quit"), nil, w.app.Quit)
	buttons := []fyne.CanvasObject{quit, again}
	if errors.As(err, &damaged) {
		buttons[1] = newMainButton(lang.L("Start Empty"), w.retry)
		if len(damaged.Backups) > 0 {
			buttons[1] = newButton(lang.L("Start Empty"), nil, w.retry)
			buttons = append(buttons, newMainButton(lang.L("Restore Backup"), func() { w.restoreBackup(damaged.Backups[0]) }))
		}
	}
	w.show(newProblem(title, text, buttons))
	w.drawn(w.onReady)
	w.win.Canvas().Focus(buttons[len(buttons)-1].(fyne.Focusable))
}

func (w *Window) retry() {
	w.show(newOpening())
	w.begin()
}

func (w *Window) restoreBackup(file string) {
	w.show(newOpening())
	do(w.bg, func(context.Context) error { return data.RestoreBackup(w.dir, file) }, func(err error) {
		if err != nil {
			w.showProblem(fmt.Errorf("restore %s: %w", file, err))
			return
		}
		w.begin()
	})
}

// newProblem is a window's whole content: what is wrong, and buttons.
func newProblem(title, text string, buttons []fyne.CanvasObject) fyne.CanvasObject {
	column := container.New(columnLayout{margin: 40, gap: 14}, newTitle(title))
	for _, paragraph := range strings.Split(text, "\n\n") {
		column.Add(flush(newParagraph(paragraph)))
	}
	column.Add(container.NewHBox(buttons...))
	return container.NewStack(newPanel("background"), column)
}
