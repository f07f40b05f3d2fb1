package assets

import "embed"

// Translations are the window's texts in each language: translations/<tag>.json, by their English text. In each of them, a text is a string,
// or has a form for each plural that the language knows.
//
//go:embed translations
var Translations embed.FS
