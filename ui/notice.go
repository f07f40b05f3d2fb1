package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// newNotice is a coloured strip with an icon, a sentence, and what can be done about it.
func newNotice(text string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	label := widget.NewLabel(text)
	label.Wrapping = fyne.TextWrapWord
	line := container.NewBorder(nil, nil, container.NewCenter(widget.NewIcon(iconWarning)), container.NewCenter(container.NewHBox(actions...)), label)
	return container.NewStack(newCardPanel(colorNotice, ""), container.New(insets{2, 8, 2, 12}, line))
}
