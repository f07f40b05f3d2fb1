package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/assets"
	"kith/data"
	"kith/syncer"
)

// Title is the window's title, and its class for the window manager.
const Title = "Kith"

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

	root    *fyne.Container // what the window shows, and the signal below
	onShown func()
	prepare func() // what a first start does beside opening the profile, off the UI goroutine

	mu      sync.Mutex
	session Session
}

// New makes the window of the profile in dir; open opens the profile, off the UI goroutine, and may be called again after it failed.
func New(ctx context.Context, app fyne.App, dir string, open func(context.Context) (Session, error)) *Window {
	useLanguage("") // until the profile says which; nothing that has a text is there before
	return newWindow(newBackground(ctx), app, dir, open)
}

func newWindow(bg *background, app fyne.App, dir string, open func(context.Context) (Session, error)) *Window {
	w := &Window{bg: bg, app: app, dir: dir, open: open, onShown: func() {}, prepare: func() {}}
	app.Settings().SetTheme(newTheme(themeSystem))
	app.SetIcon(fyne.NewStaticResource("kith.png", assets.AppIcon))
	w.win = app.NewWindow(Title)
	w.win.SetPadded(false)
	w.win.SetMaster()
	w.win.SetIcon(fyne.NewStaticResource("kith.png", assets.AppIcon))
	w.win.Resize(fyne.NewSize(1100, 720))
	w.root = container.NewStack(newOpening(), newDrawnSignal(func() { w.onShown() }))
	w.win.SetContent(w.root)
	return w
}

// newDrawnSignal is a point that nobody sees; its painter tells that the window is being drawn.
func newDrawnSignal(drawn func()) fyne.CanvasObject {
	point := canvas.NewRaster(func(int, int) image.Image {
		drawn()
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	point.Resize(fyne.NewSize(1, 1))
	return container.NewWithoutLayout(point)
}

func (w *Window) show(content fyne.CanvasObject) {
	w.root.Objects[0] = content
	w.root.Refresh()
}

// ShowAndRun shows the window, opens the profile behind it, and returns when the window was closed and its work has ended: nothing
// touches the session any more. It returns the session, which is zero if none was opened.
func (w *Window) ShowAndRun() Session {
	ended := make(chan struct{})
	w.bg.run(func(ctx context.Context) {
		<-ctx.Done()
		select {
		case <-ended: // its own end: there is no UI goroutine any more that could close a second window
		default:
			fyne.Do(w.app.Quit) // the program was told to end
		}
	})
	w.prepare = readFonts
	w.begin()
	w.win.Show()
	w.app.Run()
	close(ended)
	w.bg.stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.session
}

// readFonts makes Fyne read the fonts that the window's texts are in, which it does when one is first measured, while the window is
// still being made: that has no texts yet, and so nothing else measures any.
func readFonts() {
	for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
		fyne.MeasureText("Kith", theme.TextSize(), style)
	}
}

// OnShown sets a function that is called on the UI goroutine once the window has been drawn. Set it before ShowAndRun.
func (w *Window) OnShown(f func()) { w.onShown = f }

// ComeForward raises the window. Safe for concurrent use.
func (w *Window) ComeForward() {
	w.bg.post(func() {
		w.win.Show()
		w.win.RequestFocus()
	})
}

// opened is what the first frame with contacts needs.
type opened struct {
	Session
	theme, text    string
	language       string
	sort           string
	tray           bool
	colors, labels string
	size           fyne.Size
}

// begin opens the profile, and shows it or why it can't be.
func (w *Window) begin() {
	w.bg.run(func(ctx context.Context) {
		var prepared sync.WaitGroup
		prepared.Go(w.prepare)
		o, err := w.openSession(ctx)
		prepared.Wait()
		if ctx.Err() != nil {
			return
		}
		w.bg.post(func() {
			if err != nil {
				w.showProblem(err)
				return
			}
			w.showBook(o)
		})
	})
}

func (w *Window) openSession(ctx context.Context) (o opened, err error) {
	if o.Session, err = w.open(ctx); err != nil {
		return o, err
	}
	w.mu.Lock()
	w.session = o.Session
	w.mu.Unlock()
	var tray string
	for key, value := range map[string]*string{settingTheme: &o.theme, settingText: &o.text, settingTray: &tray, settingLanguage: &o.language, settingSort: &o.sort, settingLabelColors: &o.colors, settingEmptyLabels: &o.labels} {
		if *value, err = o.Store.Setting(ctx, key); err != nil {
			return o, err
		}
	}
	o.tray = tray == settingOn
	size, err := o.Store.Setting(ctx, settingSize)
	if n, _ := fmt.Sscanf(size, "%gx%g", &o.size.Width, &o.size.Height); n != 2 {
		o.size = fyne.Size{}
	}
	return o, err
}

func (w *Window) showBook(o opened) {
	if o.language != "" {
		useLanguage(o.language)
	}
	if o.theme == themeLight || o.theme == themeDark || o.text != "" {
		w.app.Settings().SetTheme(newSizedTheme(o.theme, o.text))
	}
	w.book = newBook(w.bg, w.app, w.win, o.Store, o.Engine)
	w.book.list.query.Sort = parseSort(o.sort)
	w.book.sidebar.colors, w.book.sidebar.empty = parseLabelColors(o.colors), strings.FieldsFunc(o.labels, func(r rune) bool { return r == '\n' })
	if o.size.Width >= narrowestPanes && o.size.Height >= 200 {
		w.win.Resize(o.size)
	}
	w.win.SetMainMenu(w.book.mainMenu())
	w.show(w.book.content)
	w.win.Canvas().SetOnTypedKey(w.book.key)
	w.book.alsoOn()
	w.win.SetCloseIntercept(w.close)
	w.win.SetOnDropped(w.book.dropped)
	w.book.presence.quit = w.end
	w.book.start()
	w.book.presence.setTray(o.tray)
	w.win.Canvas().Focus(w.book.list.search)
}

// close is the window's own button: where Kith stays in the tray, the window is only put away.
func (w *Window) close() {
	if w.book.presence.tray {
		w.book.flushDraft()
		w.win.Hide()
		return
	}
	w.end()
}

// end remembers the window's size, and closes it. A draft that typing has not rested from is written down at once.
func (w *Window) end() {
	size := w.win.Canvas().Size()
	store := w.book.store
	w.book.flushDraft()
	w.bg.wg.Go(func() {
		// A size that can't be remembered is no reason to stay open.
		_ = store.SetSetting(context.WithoutCancel(w.bg.ctx), settingSize, fmt.Sprintf("%.0fx%.0f", size.Width, size.Height))
	})
	w.win.Close()
}

// newOpening is the frame of the panes, before anything is known.
func newOpening() fyne.CanvasObject {
	panes := &paneLayout{}
	return container.New(panes, newPanel(colorSidebar), container.NewStack(newPanel(colorList), newEdge()), newPanel("background"))
}

// ---- a profile that can't be opened ---------------------------------------------------------------------------------------

// problemText says why the profile can't be opened, and what can be done.
func problemText(dir string, err error) (title, text string) {
	var damaged *data.DamagedError
	switch {
	case errors.As(err, &damaged):
		text = lang.L("Nothing was deleted: the damaged file was put aside as\n{{.File}}", with{"File": damaged.Aside}) + "\n\n"
		if len(damaged.Backups) > 0 {
			return lang.L("The address book is damaged"), text + lang.L("You can go back to the newest of the daily backups. Signing in to the server then brings what is newer there.")
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
		again.SetText(lang.L("Start Empty"))
		if len(damaged.Backups) > 0 {
			again.Importance = 0
			restore := newMainButton(lang.L("Restore Backup"), func() { w.restoreBackup(damaged.Backups[0]) })
			buttons = append(buttons, restore)
		}
	}
	w.show(newProblem(title, text, buttons))
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
		column.Add(newParagraph(paragraph))
	}
	column.Add(container.NewHBox(buttons...))
	return container.NewStack(newPanel("background"), column)
}
