// Package paper writes contacts as a PDF to be printed: a list, or cards. It knows neither the store nor a window.
//
// Text is shaped (github.com/go-text/typesetting, which the window's toolkit uses too), so that Arabic letters join and run from right
// to left, and the fonts of the system stand in where the embedded one has no glyphs. Every glyph that is used goes into the file as
// its outline, once, in fonts of type 3 (ISO 32000-1 section 9.6.5) with the characters that it stands for: any font can be used, its
// licence asks only for use in a document, nothing of it but those glyphs is in the file, and the text can be searched and copied.
// The PDF libraries that we looked at know neither shaping nor OpenType's own outlines, which is what most Chinese, Japanese and
// Korean fonts have.
package paper
