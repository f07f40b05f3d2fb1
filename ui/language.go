package ui

import (
	"fmt"
	_ "unsafe" // for the link to Fyne's choice of the language

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/text/language"

	"kith/assets"
)

// settingLanguage is the tag of the window's language; without it, or with followSystem, the window speaks the system's.
const settingLanguage = "ui.language"

const followSystem = "system"

// english is the language that texts are written in; theirs is the key of every translation.
const english = "en"

// languages are those that the window speaks, each in its own name. The first is what speakers of others read.
var languages = []option{{english, "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}, {"ja", "日本語"}, {"pt", "Português"}, {"zh-Hans", "简体中文"}}

// with holds what is put into a text, by the names that stand there in {{.Name}}.
type with = map[string]any

// setupLang chooses the language of Fyne's texts and ours. Fyne exports no such choice: it follows the system, which on Unix only can
// be told otherwise by the environment, and elsewhere not at all. The build fails should Fyne rename it.
//
//go:linkname setupLang fyne.io/fyne/v2/lang.setupLang
func setupLang(tag string)

// translated are the languages whose texts have been read. Reading all of them would keep the window from coming up.
var translated = map[string]bool{}

func addTranslation(tag string) {
	if translated[tag] {
		return
	}
	translated[tag] = true
	texts, err := assets.Translations.ReadFile("translations/" + tag + ".json")
	if err == nil {
		err = lang.AddTranslations(fyne.NewStaticResource(tag+".json", texts))
	}
	if err != nil {
		fyne.LogError("read the translations", fmt.Errorf("add translation %s: %w", tag, err))
	}
}

// useLanguage chooses the language of all texts to come, as settingLanguage says it. Call it on the UI goroutine,
// before anything that has texts is made: the texts of what is shown already stay.
func useLanguage(tag string) {
	chosen := chosenLanguage(tag, string(lang.SystemLocale()))
	addTranslation(english) // what a translation lacks
	addTranslation(chosen)
	setupLang(chosen)
}

// languageInUse is the tag of the language that the window speaks now. Each translation says its own, so that this needs no second memory
// of it, which could differ.
func languageInUse() language.Tag { return language.Make(lang.X("language.tag", "en")) }

// languageChoice lets the language be chosen, and tells that it is spoken after the next start: what is shown already keeps its texts.
func languageChoice(set string, changed func(tag string)) (choice *choice, restart *textLine) {
	options := append([]option{{followSystem, lang.X("language.system", "As the system")}}, languages...)
	restart = newTextLine(lang.L("Spoken after the next start of Kith."), theme.ColorNameForeground, sizeSmall)
	restart.Hide()
	choice = newChoice(optionTexts(options), nil)
	choice.SetSelected(optionText(options, set))
	choice.OnChanged = func(text string) {
		tag := optionValue(options, text)
		changed(tag)
		restart.Hidden = chosenLanguage(tag, string(lang.SystemLocale())) == languageInUse().String()
		restart.Refresh()
	}
	return choice, restart
}

// chosenLanguage is the tag of the language to use: what is set, if it is one of ours; else the nearest to the system's.
func chosenLanguage(set, system string) string {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		if tags[i] = language.Make(l.value); l.value == set {
			return set
		}
	}
	_, i, confidence := language.NewMatcher(tags).Match(language.Make(system))
	if confidence == language.No {
		i = 0
	}
	return languages[i].value
}
