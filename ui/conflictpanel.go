package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
)

// versionText says whose one of the two values is, and when it was saved.
func versionText(side contact.Side, c data.Conflict, now time.Time) string {
	if side == contact.Local {
		return "This device" + ifAny(!c.LocalAt.IsZero(), " · "+moment(c.LocalAt, now))
	}
	who := c.Device
	if who == "" {
		who = c.User
	}
	if who == "" {
		who = "Another device"
	}
	return who + ifAny(!c.RemoteAt.IsZero(), " · "+moment(c.RemoteAt, now))
}

// conflictValue is a conflict's value in words; the conflict of a whole contact is between an edit and a deletion.
func conflictValue(side contact.Side, c data.Conflict) string {
	raw := c.Local
	if side == contact.Remote {
		raw = c.Remote
	}
	if c.Field == "" {
		if len(raw) == 0 || string(raw) == "null" {
			return "Deleted"
		}
		return "Edited"
	}
	return plainValue(raw)
}

// newConflictPanel shows both values of every field that waits. resolve is told one field's winner, or with nil everyone's.
func newConflictPanel(conflicts []data.Conflict, now time.Time, resolve func(field *string, keep contact.Side)) fyne.CanvasObject {
	column := container.New(columnLayout{margin: 14, gap: 8})
	title := newTextLine("Edited here and on another device", theme.ColorNameForeground, theme.SizeNameText)
	title.bold = true
	column.Add(container.New(barLayout{gap: 8, fill: 1}, widget.NewIcon(iconWarning), title))
	for _, c := range conflicts {
		column.Add(container.New(insets{top: 6}, newTextLine(fieldName(c.Field), colorMuted, sizeSmall)))
		column.Add(newPair(
			newVersionCard(conflictValue(contact.Local, c), versionText(contact.Local, c, now), "Keep mine", func() { resolve(&c.Field, contact.Local) }),
			newVersionCard(conflictValue(contact.Remote, c), versionText(contact.Remote, c, now), "Keep theirs", func() { resolve(&c.Field, contact.Remote) })))
	}
	if len(conflicts) > 1 {
		column.Add(container.New(insets{top: 4}, newPair(
			newButton("Keep all mine", nil, func() { resolve(nil, contact.Local) }),
			newButton("Keep all theirs", nil, func() { resolve(nil, contact.Remote) }))))
	}
	return container.NewStack(newCardPanel(colorNotice, ""), column)
}

func newVersionCard(text, who, verb string, keep func()) fyne.CanvasObject {
	value := widget.NewLabel(text)
	value.Wrapping, value.TextStyle.Bold = fyne.TextWrapWord, true
	by := container.New(insets{left: 8, right: 8}, newTextLine(who, colorMuted, sizeSmall))
	return container.NewStack(newCardPanel(theme.ColorNameBackground, colorCardLine),
		container.New(insets{4, 6, 8, 6}, container.NewVBox(value, by, container.New(insets{4, 8, 0, 8}, newButton(verb, nil, keep)))))
}
