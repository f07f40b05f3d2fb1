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
	iconReview   = theme.NewColoredResource(theme.VisibilityIcon(), colorMuted)
	iconTrash    = icon("trash", colorMuted)
	iconCake     = icon("cake", colorMuted)
	iconRecent   = icon("history", colorMuted)
	iconLabel    = icon("label", colorMuted)
	iconMerge    = icon("merge", colorMuted)
	iconMergeOn  = icon("merge", theme.ColorNameForegroundOnPrimary)
	iconTicked   = theme.NewColoredResource(theme.CheckButtonCheckedIcon(), theme.ColorNamePrimary)
	iconUnticked = theme.NewColoredResource(theme.CheckButtonIcon(), colorMuted)
	iconChosen   = theme.NewColoredResource(theme.RadioButtonCheckedIcon(), theme.ColorNamePrimary)
	iconUnchosen = theme.NewColoredResource(theme.RadioButtonIcon(), colorMuted)
	iconWarning  = icon("warning", theme.ColorNameWarning)
	iconSync     = icon("sync", theme.ColorNameForeground)
	iconAdd      = icon("add", theme.ColorNameHyperlink)
	iconRemove   = icon("close", colorMuted)
	iconFolded   = icon("chevron-right", theme.ColorNameHyperlink)
	iconUnfolded = icon("chevron-down", theme.ColorNameHyperlink)

	iconPerson     = icon("person", colorMuted)
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
