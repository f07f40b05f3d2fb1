package locale

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Locale is how a person wants dates, hours and numbers: the words of one language, in the order and with the clock of a country. The
// zero Locale is American English. Two are == if they write and read alike.
type Locale struct {
	text   string // key of languages
	base   string // the language of the country's habits, which may be one whose words we don't have
	region string // ISO 3166; "" : not said
}

// New returns the Locale for texts in a language, such as "de", on a system that is set to a locale, such as "de_AT.UTF-8" or "en-GB".
// A language whose words are not known here is written in English. "" for either: as the other says.
func New(text, system string) Locale {
	words, habits := Tag(text), Tag(system)
	if words == language.Und {
		words = habits
	}
	if habits == language.Und {
		habits = words
	}
	base, _ := habits.Base()
	l := Locale{text: "en", base: base.String(), region: regionOf(habits)}
	if habits == language.Und {
		return Locale{}
	}
	if b, _ := words.Base(); languages[b.String()].months[0] != "" {
		l.text = b.String()
	}
	return l
}

// Tag reads what systems call a locale: "de_DE.UTF-8@euro", "pt-BR", "C". language.Und for one that says nothing.
func Tag(name string) language.Tag {
	name, modifier, _ := strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ".")
	if name == "" || name == "C" || name == "POSIX" {
		return language.Und
	}
	tag, err := language.Parse(strings.ReplaceAll(name, "_", "-"))
	if err != nil {
		return language.Und
	}
	if modifier == "phonebook" || modifier == "phonebk" {
		if with, err := tag.SetTypeForKey("co", "phonebk"); err == nil {
			return with
		}
	}
	return tag
}

// Environment is the locale that the environment gives for a category such as "LC_TIME" (POSIX 8.2: LC_ALL before it, LANG after it);
// "" : none, or C, which is nobody's language.
func Environment(getenv func(string) string, category string) string {
	for _, name := range []string{"LC_ALL", category, "LANG"} {
		if value := getenv(name); value != "" {
			if Tag(value) == language.Und {
				return ""
			}
			return value
		}
	}
	return ""
}

// regionOf is the country that the tag names; none for a language alone, save where the language is most of one country's.
func regionOf(tag language.Tag) string {
	region, sure := tag.Region()
	base, _ := tag.Base()
	if sure != language.Exact && !slices.Contains([]string{"en", "ja", "zh", "ko", "hu", "lt", "sv"}, base.String()) {
		return ""
	}
	return region.String()
}

// Country is the code of the country whose habits count, "" where none is known.
func (l Locale) Country() string { return l.region }

// Language is the language of the words: "en", "de", "es", "fr", "pt", "zh" or "ja".
func (l Locale) Language() string { return l.words().name }

// FamilyFirst says whether people of this locale ask for the family name before the given name.
func (l Locale) FamilyFirst() bool {
	return slices.Contains([]string{"ja", "zh", "ko", "hu", "vi"}, l.habit())
}

// Phonetic says whether names are commonly given with their reading here.
func (l Locale) Phonetic() bool { return l.habit() == "ja" || l.habit() == "zh" }

// habit is the language whose habits count for names: that of the window, unless its words are English for want of others.
func (l Locale) habit() string {
	if l.text == "en" && l.base != "" && languages[l.base].months[0] == "" {
		return l.base
	}
	return l.words().name
}

func (l Locale) words() vocabulary {
	if w, ok := languages[l.text]; ok {
		return w
	}
	return languages["en"]
}
