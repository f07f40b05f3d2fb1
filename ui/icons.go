package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"kith/assets"
)

var (
	iconStarred  = icon("star", colorStar)
	iconStar     = icon("star-outline", colorMuted)
	iconPhone    = icon("phone", theme.ColorNameForeground)
	iconMail     = icon("mail", theme.ColorNameForeground)
	iconPlace    = icon("place", theme.ColorNameForeground)
	iconPeople   = icon("people", colorMuted)
	iconFavorite = icon("star", colorMuted)
	iconConflict = icon("conflict", colorMuted)
	iconReview   = theme.NewColoredResource(fyneIcon(theme.VisibilityIcon), colorMuted)
	iconTrash    = icon("trash", colorMuted)
	iconCake     = icon("cake", colorMuted)
	iconRecent   = icon("history", colorMuted)
	iconLabel    = icon("label", colorMuted)
	iconBook     = icon("book", colorMuted)
	iconBooks    = icon("books", colorMuted)
	iconLock     = icon("lock", colorMuted)
	iconExport   = theme.NewColoredResource(fyneIcon(theme.DownloadIcon), colorMuted)
	iconMerge    = icon("merge", colorMuted)
	iconTicked   = theme.NewColoredResource(fyneIcon(theme.CheckButtonCheckedIcon), theme.ColorNamePrimary)
	iconUnticked = theme.NewColoredResource(fyneIcon(theme.CheckButtonIcon), colorMuted)
	iconChosen   = theme.NewColoredResource(fyneIcon(theme.RadioButtonCheckedIcon), theme.ColorNamePrimary)
	iconUnchosen = theme.NewColoredResource(fyneIcon(theme.RadioButtonIcon), colorMuted)
	iconWarning  = icon("warning", theme.ColorNameWarning)
	iconSync     = icon("sync", theme.ColorNameForeground)
	iconAdd      = icon("add", theme.ColorNameHyperlink)
	iconRemove   = icon("close", colorMuted)
	iconFolded   = icon("chevron-right", theme.ColorNameHyperlink)
	iconUnfolded = icon("chevron-down", theme.ColorNameHyperlink)

	iconPerson     = icon("person", colorMuted)
	iconNobody     = icon("person", colorOnPhoto)
	iconQuietChat  = icon("chat", colorMuted)
	iconQuietMore  = icon("more", colorMuted)
	iconCamera     = icon("camera", colorOnPhoto)
	iconQuietPhone = icon("phone", colorMuted)
	iconQuietMail  = icon("mail", colorMuted)
	iconQuietPlace = icon("place", colorMuted)
	iconQuietLink  = icon("link", colorMuted)
	iconQuietNote  = icon("note", colorMuted)
)

func icon(name string, color fyne.ThemeColorName) fyne.Resource {
	return theme.NewColoredResource(fyne.NewStaticResource(name+".svg", assets.Icon(name)), color)
}

// fyneIcon is one of Fyne's own icons. It is asked for when it is drawn: at the program's start there is no theme to ask yet.
type fyneIcon func() fyne.Resource

func (f fyneIcon) Name() string    { return f().Name() }
func (f fyneIcon) Content() []byte { return f().Content() }
