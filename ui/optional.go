package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// optional is a row of the editor that is there only when it holds something, or when the user has added it.
type optional struct {
	name  string
	row   *fyne.Container
	has   func() bool // it holds something
	begin func()      // the user wants to fill it in: adds an empty value, or gives a field the focus
	many  bool        // it may be added again while it is there
}

// addField offers the rows that are not there, and more of those that hold several values.
func (e *editor) addField() {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(e.add)
	menu := fyne.NewMenu("", e.addItems()...)
	size := widget.NewMenu(menu).MinSize()
	y := at.Y + e.add.Size().Height
	if room := e.canvas.Size().Height - 8; y+size.Height > room {
		y = max(8, at.Y-size.Height) // above, where it hides nothing that was just typed
	}
	widget.ShowPopUpMenuAtPosition(menu, e.canvas, fyne.NewPos(at.X, y))
}

func (e *editor) addItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, o := range e.optional {
		if o.row.Visible() && !o.many {
			continue
		}
		items = append(items, fyne.NewMenuItem(o.name, func() {
			o.row.Show()
			e.rearrange()
			o.begin()
		}))
	}
	return items
}

// showOptional shows the rows that hold something.
func (e *editor) showOptional() {
	for _, o := range e.optional {
		o.row.Hidden = !o.has()
	}
}

// optionalField is an optional row of one line.
func (e *editor) optionalField(name string, row *fyne.Container, fields ...*field) *optional {
	return &optional{name: name, row: row,
		has: func() bool {
			for _, f := range fields {
				if f.Text != "" {
					return true
				}
			}
			return false
		},
		begin: func() { e.canvas.Focus(fields[0]) }}
}

func (e *editor) fillMore(m more) {
	e.prefix.SetText(m.Prefix)
	e.middle.SetText(m.Middle)
	e.suffix.SetText(m.Suffix)
	e.nickname.SetText(m.Nickname)
	e.spoken[0].SetText(m.SpokenGiven)
	e.spoken[1].SetText(m.SpokenSurname)
	e.department.SetText(m.Department)
	e.services.fill(m.Services)
	e.dates.fill(m.Dates)
	e.custom.fill(m.Custom)
	e.related.fill(m.Related)
	e.labels.fill(m.Labels)
	e.setStarred(m.Starred)
}

// more is what the optional fields hold now.
func (e *editor) more() more {
	return more{
		Prefix: e.prefix.Text, Middle: e.middle.Text, Suffix: e.suffix.Text, Nickname: e.nickname.Text,
		SpokenGiven: e.spoken[0].Text, SpokenSurname: e.spoken[1].Text, Department: e.department.Text,
		Services: e.services.entries(), Dates: e.dates.entries(), Custom: e.custom.entries(), Related: e.related.entries(), Labels: e.labels.labels, Starred: e.starred,
	}
}

func (e *editor) setStarred(on bool) {
	e.starred = on
	e.star.SetIcon(iconStar)
	if on {
		e.star.SetIcon(iconStarred)
	}
}
