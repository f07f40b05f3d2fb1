package ui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"
	"github.com/adrg/xdg"
)

const (
	saveWidth     = 560
	settingFolder = "ui.folder" // where files were written last
)

// saveDialog asks what to write and where, writes it with progress, and says so. Export and print are its two uses.
type saveDialog struct {
	book   *book
	sheet  *sheet
	title  string
	verb   string
	rows   []fyne.CanvasObject // what is asked before the file
	file   *field
	note   *widget.Label
	ok     *button
	asking question
	stop   func()
	again  string // a file that is there, and that the user was told of

	// write is called off the UI goroutine with what start has returned on it.
	start func() func(ctx context.Context, file string, progress func(done, of int)) (done string, err error)
	after func(file, done string)
}

// open shows the dialog; stem is the file's name without its ending.
func (d *saveDialog) open(stem, ending string) {
	d.stop = func() {}
	d.sheet = d.book.dialogs.sheet(saveWidth, func() { d.asking.drop(); d.stop() })
	d.file = newField(lang.L("Name of the file"))
	d.file.OnChanged = func(string) { d.check() }
	d.file.OnSubmitted = func(string) {
		if !d.ok.Disabled() {
			d.run()
		}
	}
	d.note = newParagraph("")
	d.note.Hide()
	d.ok = newMainButton(d.verb, d.run)
	d.file.SetText(stem + ending)
	d.showForm()
	ask(d.book.bg, &d.asking, func(ctx context.Context) (string, error) {
		folder, err := d.book.store.Setting(ctx, settingFolder)
		if err != nil || !isFolder(folder) {
			folder = homeFolder()
		}
		return folder, nil
	}, func(folder string, _ error) {
		if d.file.Text == stem+ending { // not typed in meanwhile
			d.file.SetText(filepath.Join(folder, stem+ending))
			d.file.CursorColumn = len([]rune(d.file.Text))
			d.file.Refresh()
		}
	})
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return path != "" && err == nil && info.IsDir()
}

// homeFolder is where people look for their files.
func homeFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if isFolder(xdg.UserDirs.Documents) { // on Linux its name is in the user's language
		return xdg.UserDirs.Documents
	}
	return home
}

func (d *saveDialog) showForm() {
	column := container.New(columnLayout{gap: 12})
	for _, row := range d.rows {
		column.Add(row)
	}
	browse := newButton(lang.L("Folder…"), nil, d.browse)
	column.Add(formRow(lang.L("File"), container.New(barLayout{gap: 8, fill: 0}, d.file, browse)))
	column.Add(d.note)
	cancel := newButton(lang.L("Cancel"), nil, func() { d.book.dialogs.close() })
	d.sheet.show(d.title, column, d.file, newNothing(), cancel, d.ok)
}

// setEnding gives the file's name another ending, if it has the one of before.
func (d *saveDialog) setEnding(from, to string) {
	if rest, ok := strings.CutSuffix(d.file.Text, from); ok {
		d.file.SetText(rest + to)
	}
}

func (d *saveDialog) check() {
	setEnabled(d.ok, strings.TrimSpace(d.file.Text) != "")
	if d.again != "" && d.again != d.path() {
		d.again = ""
		d.say("")
	}
}

// say shows what the user has to know before the file is written; "" : nothing.
func (d *saveDialog) say(text string) {
	d.note.SetText(text)
	d.note.Hidden = text == ""
	d.ok.SetText(d.verb)
	if d.again != "" {
		d.ok.SetText(lang.L("Replace"))
	}
	d.sheet.fit()
}

// path is the file that is typed.
func (d *saveDialog) path() string {
	path := atHome(strings.TrimSpace(d.file.Text))
	if !filepath.IsAbs(path) {
		path = filepath.Join(homeFolder(), path)
	}
	return path
}

func (d *saveDialog) browse() {
	chooser := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil {
			d.book.toast.show(userMessage(err), 0)
			return
		}
		if folder != nil && d.sheet.isOpen() {
			d.file.SetText(filepath.Join(folder.Path(), filepath.Base(d.file.Text)))
		}
	}, d.book.win)
	if here, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(d.path()))); err == nil {
		chooser.SetLocation(here)
	}
	showChooser(chooser, lang.L("Choose a folder"), d.book.win)
}

// errThere is that of a file that would be replaced.
var errThere = errors.New("a file of this name is there already")

// errNobody is that of a choice without contacts, of which a file would be empty.
var errNobody = errors.New("there is nobody to write")

// run writes the file; one that is there only once the user has said so.
func (d *saveDialog) run() {
	b, path, replace := d.book, d.path(), d.again == d.path()
	write := d.start()
	progress := newProgressPane(lang.L("Writing…"))
	ctx, cancel := context.WithCancel(b.bg.ctx)
	d.stop = cancel
	stop := newButton(lang.L("Cancel"), nil, cancel)
	d.sheet.show(d.title, progress.box, stop, newNothing(), stop)
	report := seldom(b.bg, func(p [2]int) {
		progress.show(lang.N("Writing {{.Done}} of {{.Count}} contacts", p[1], with{"Done": thousands(p[0]), "Count": thousands(p[1])}),
			float64(p[0])/float64(max(p[1], 1)))
	})
	b.bg.run(func(context.Context) {
		done, err := "", error(nil)
		if _, statErr := os.Stat(path); statErr == nil && !replace {
			err = errThere
		}
		if err == nil {
			done, err = write(ctx, path, func(done, of int) { report([2]int{done, of}) })
		}
		if err == nil {
			// Where to begin next time is no reason to say that this failed.
			_ = b.store.SetSetting(context.WithoutCancel(ctx), settingFolder, filepath.Dir(path))
		}
		cancel()
		if b.bg.ctx.Err() == nil {
			b.bg.post(func() { d.done(path, done, err) })
		}
	})
}

func (d *saveDialog) done(path, done string, err error) {
	open := d.sheet.isOpen()
	if open && (err == nil || errors.Is(err, context.Canceled)) {
		d.book.dialogs.close()
	}
	switch {
	case err == nil:
		d.after(path, done)
	case errors.Is(err, context.Canceled):
		d.book.toast.show(lang.L("Nothing was written"), 0)
	case !open:
		d.book.toast.show(saveProblem(path, err), 0)
	case errors.Is(err, errThere):
		d.showForm()
		d.again = path
		d.say(lang.L("There is a file of this name already. Replace it, or choose another name."))
		d.book.win.Canvas().Focus(d.ok)
	default:
		d.showForm()
		d.say(saveProblem(path, err))
	}
}

// saveProblem says why a file could not be written, and what to do.
func saveProblem(path string, err error) string {
	switch {
	case errors.Is(err, errNobody):
		return lang.L("There are no contacts to write. Choose others.")
	case errors.Is(err, fs.ErrNotExist):
		return lang.L("There is no folder {{.Folder}}. Choose another.", with{"Folder": filepath.Dir(path)})
	case errors.Is(err, fs.ErrPermission):
		return lang.L("You may not write in {{.Folder}}. Choose another folder.", with{"Folder": filepath.Dir(path)})
	}
	return userMessage(err)
}
