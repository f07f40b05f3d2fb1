package ui

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// historyTitle says what an entry was and when.
func historyTitle(e data.HistoryEntry, now time.Time) string {
	who := lang.L("this device")
	if e.Device != "" {
		who = e.Device
	} else if e.Origin == "remote" {
		who = lang.L("another device")
	}
	what := map[string]string{"INSERT": lang.L("Added"), "UPDATE": lang.L("Edited"), "DELETE": lang.L("Deleted")}[e.Operation]
	switch {
	case e.Lost:
		what = lang.L("Gave way when two edits were merged")
	case e.Origin == "undo":
		what = lang.L("Undone")
	case e.Origin == "merge":
		what = lang.L("Merged")
	}
	return facts(what, moment(e.Time, now), who)
}

// editLine says what an edit changed: "Phone: 123 → 456". Values that are pictures stand in it as oldPicture and newPicture.
type editLine struct {
	text     string
	old, new pictured
}

// Runes that stand for pictures: of private use, so that no value holds them in earnest.
const (
	oldPicture = '\uE000'
	newPicture = '\uE001'
)

// words is the line where no picture can be drawn.
func (l editLine) words() string {
	word := lang.X("noun.picture", "picture")
	return strings.NewReplacer(string(oldPicture), word, string(newPicture), word).Replace(l.text)
}

// historyLines says what an entry changed, one line a field.
func historyLines(e data.HistoryEntry) []editLine {
	if e.Operation == "INSERT" && !e.Lost {
		return nil
	}
	return editLines(e.Patch)
}

func editLines(p contact.Patch) []editLine {
	var lines []editLine
	for _, edit := range byPicture(p) {
		if ofAPicture(edit.Path) {
			continue
		}
		old, new := picturedAt(edit.Path, edit.Old), picturedAt(edit.Path, edit.New)
		from, to := shortValue(edit.Old), shortValue(edit.New)
		if old.ok {
			from = string(oldPicture)
		}
		if new.ok {
			to = string(newPicture)
		}
		field := fieldName(edit.Path)
		var line string
		switch {
		case from == "":
			line = lang.L("{{.Field}}: added {{.Value}}", with{"Field": field, "Value": to})
		case to == "":
			line = lang.L("{{.Field}}: removed {{.Value}}", with{"Field": field, "Value": from})
		default:
			line = lang.L("{{.Field}}: {{.Old}} → {{.New}}", with{"Field": field, "Old": from, "New": to})
		}
		if from != to || old.blob != new.blob {
			lines = append(lines, editLine{line, old, new})
		}
	}
	return lines
}

func shortValue(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	s := strings.Join(strings.Fields(plainValue(raw)), " ")
	if r := []rune(s); len(r) > 120 {
		s = string(r[:120]) + "…"
	}
	return s
}

// historyPanel is the history of the contact in view, folded away until it is wanted.
type historyPanel struct {
	now     func() time.Time
	revert  func(data.HistoryEntry)
	goBack  func(data.HistoryEntry) // to the whole contact as an entry has left it
	picture func(blob string) fyne.CanvasObject
	fixed   bool // nothing can be taken back: the book can only be read

	all   []data.HistoryEntry // newest first
	most  int                 // of them that may be drawn
	drawn map[drawnEntry]fyne.CanvasObject

	box     *fyne.Container
	toggle  *link
	entries *fyne.Container
	more    *link // offers the entries that are not drawn
	rest    *fyne.Container
}

// historyPage is how many entries are drawn at a time: few enough for one frame.
const historyPage = 8

// newHistoryPanel makes a folded panel. wanted is told when it is unfolded, and answers with show.
func newHistoryPanel(now func() time.Time, wanted func(), revert, goBack func(data.HistoryEntry), picture func(blob string) fyne.CanvasObject) *historyPanel {
	h := &historyPanel{now: now, revert: revert, goBack: goBack, picture: picture, most: historyPage, entries: container.New(columnLayout{gap: 12})}
	h.toggle = newLink(lang.L("History"), iconFolded, func() {
		if h.open() {
			h.close()
			return
		}
		h.toggle.setIcon(iconUnfolded)
		h.entries.Show()
		wanted()
	})
	h.entries.Hide()
	h.more = newLink("", iconFolded, func() {
		h.most += historyPage
		h.draw(nil)
	})
	h.rest = container.New(insets{left: 12 - linkPad}, container.NewHBox(h.more))
	h.rest.Hide()
	h.box = container.New(columnLayout{gap: 6}, container.NewHBox(h.toggle), h.entries, h.rest)
	return h
}

func (h *historyPanel) open() bool { return h.entries.Visible() }

func (h *historyPanel) close() {
	h.toggle.setIcon(iconFolded)
	h.entries.RemoveAll()
	h.entries.Hide()
	h.all, h.drawn, h.most = nil, nil, historyPage
	h.rest.Hide()
	h.box.Refresh()
}

func (h *historyPanel) show(entries []data.HistoryEntry) {
	h.all = entries
	h.entries.Objects = nil
	was := h.drawn
	h.drawn = map[drawnEntry]fyne.CanvasObject{}
	h.draw(was)
}

// drawnEntry is all that an entry's lines are drawn from; what it changed is settled by its number.
type drawnEntry struct {
	id                  int64
	lost, goBack, fixed bool
	title               string
}

// draw adds the entries that are wanted and not there yet, and offers the rest. Lines that were made before are taken as they are.
func (h *historyPanel) draw(before map[drawnEntry]fyne.CanvasObject) {
	drawn := min(len(h.all), h.most)
	for i := len(h.entries.Objects); i < drawn; i++ {
		e := h.all[i]
		as := drawnEntry{e.ID, e.Lost, mayGoBack(h.all, i), h.fixed, historyTitle(e, h.now())}
		lines := before[as]
		if lines == nil {
			lines = h.entry(i)
		}
		h.drawn[as] = lines
		h.entries.Objects = append(h.entries.Objects, lines)
	}
	if rest := len(h.all) - drawn; rest > 0 {
		h.more.setText(lang.N("{{.Count}} more changes", rest, counted(rest)))
		h.rest.Show()
	} else {
		h.rest.Hide()
	}
	h.box.Refresh()
}

func (h *historyPanel) entry(i int) fyne.CanvasObject {
	e := h.all[i]
	lines := container.New(columnLayout{gap: 2}, newTextLine(historyTitle(e, h.now()), colorMuted, sizeSmall))
	for _, l := range historyLines(e) {
		if l.old.ok || l.new.ok {
			lines.Add(h.pictured(l))
			continue
		}
		lines.Add(container.New(insets{-7, -8, -7, -8}, newParagraph(l.text))) // whole: what a value was may be nowhere else
	}
	if mayGoBack(h.all, i) && !h.fixed {
		lines.Add(container.New(insets{left: -linkPad}, container.NewHBox(newLink(lang.L("Restore this version"), nil, func() { h.goBack(e) }))))
	}
	line := container.New(barLayout{gap: 8, fill: 0}, lines)
	if verb := revertVerb(e); verb != "" && !h.fixed {
		line.Add(newButton(verb, nil, func() { h.revert(e) }))
	}
	return container.New(insets{left: 12}, line)
}

// pictured is the line of an edit that put a picture in the place of another.
func (h *historyPanel) pictured(l editLine) fyne.CanvasObject {
	at := map[rune]fyne.CanvasObject{}
	if l.old.ok {
		at[oldPicture] = h.picture(l.old.blob)
	}
	if l.new.ok {
		at[newPicture] = h.picture(l.new.blob)
	}
	return withPictures(l.text, at)
}

// revertVerb is the button beside an entry; "" : nothing of it can be taken back.
func revertVerb(e data.HistoryEntry) string {
	switch {
	case e.Operation != "UPDATE" || len(e.Patch) == 0:
		return ""
	case e.Lost:
		return lang.L("Restore")
	}
	return lang.L("Take Back")
}

// mayGoBack says whether an entry has left a contact that is not the one of now: something has changed since.
func mayGoBack(newestFirst []data.HistoryEntry, i int) bool {
	e := newestFirst[i]
	if e.Lost || e.Operation == "DELETE" {
		return false
	}
	return slices.ContainsFunc(newestFirst[:i], func(later data.HistoryEntry) bool {
		return !later.Lost && later.Operation == "UPDATE" && len(later.Patch) > 0
	})
}
