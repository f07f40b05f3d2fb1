package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"fyne.io/fyne/v2/lang"
)

const translationsDir = "../assets/translations"

// pluralForms are the forms that each language needs, as CLDR has them.
var pluralForms = map[string][]string{
	"en": {"one", "other"}, "de": {"one", "other"},
	"es": {"many", "one", "other"}, "fr": {"many", "one", "other"}, "pt": {"many", "one", "other"},
	"ja": {"other"}, "zh-Hans": {"other"},
}

// reservedKeys are the names of a message's own parts, which no text may have as its key.
var reservedKeys = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other", "translation"}

// message is one text of a language: its only form, or one for each plural.
type message struct {
	text  string
	forms map[string]string
}

func (m *message) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &m.text)
	}
	return json.Unmarshal(b, &m.forms)
}

func (m message) MarshalJSON() ([]byte, error) {
	if m.forms == nil {
		return plainJSON(m.text), nil
	}
	parts := make([]string, 0, len(m.forms))
	for _, form := range slices.Sorted(maps.Keys(m.forms)) {
		parts = append(parts, fmt.Sprintf("%s: %s", plainJSON(form), plainJSON(m.forms[form])))
	}
	return []byte("{" + strings.Join(parts, ", ") + "}"), nil
}

// plainJSON is a string as JSON, without the escapes that only HTML needs.
func plainJSON(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a string can be encoded
	}
	return bytes.TrimSpace(b.Bytes())
}

func readTranslation(t *testing.T, tag string) map[string]message {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(translationsDir, tag+".json"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]message{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatalf("read the translation %s: %v", tag, err)
	}
	return texts
}

// writeTranslation writes one line a text, in the keys' order, so that two people can add texts at once.
func writeTranslation(t *testing.T, tag string, texts map[string]message) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\n")
	for i, key := range slices.Sorted(maps.Keys(texts)) {
		if i > 0 {
			b.WriteString(",\n")
		}
		text, err := texts[key].MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "\t%s: %s", plainJSON(key), text)
	}
	b.WriteString("\n}\n")
	if err := os.WriteFile(filepath.Join(translationsDir, tag+".json"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// use is a text that the window's code says.
type use struct {
	at       string
	key      string
	fallback string
	plural   bool
}

// usedTexts are all texts that ui's code says, and all calls that hide theirs.
func usedTexts(t *testing.T) (uses []use) {
	t.Helper()
	eachFile(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := langCall(call)
			texts := map[string]int{"L": 1, "N": 1, "X": 2, "XN": 2}[name]
			if texts == 0 {
				return true
			}
			at := fset.Position(call.Pos()).String()
			literals := make([]string, texts)
			for i := range texts {
				literals[i], ok = literal(call.Args[i])
				if !ok {
					t.Errorf("%s: lang.%s needs its text as a string in this place", at, name)
					return true
				}
			}
			uses = append(uses, use{at: at, key: literals[0], fallback: literals[texts-1], plural: name == "N" || name == "XN"})
			return true
		})
	})
	return uses
}

// eachFile gives f every file of ui that ships.
func eachFile(t *testing.T, f func(*token.FileSet, *ast.File)) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		f(fset, file)
	}
}

// langCall is the name of the function of lang that is called, or "".
func langCall(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		if p, ok := s.X.(*ast.Ident); ok && p.Name == "lang" {
			return s.Sel.Name
		}
	}
	return ""
}

// literal is the text of a string literal, or of several that are added.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		x, ok := literal(e.X)
		y, both := literal(e.Y)
		return x + y, ok && both && e.Op == token.ADD
	}
	return "", false
}

// TestTranslations holds the window's code and the translations together. With -update it enters new texts into en.json, and takes those
// out that nobody says any more.
func TestTranslations(t *testing.T) {
	english := readTranslation(t, english)
	used := map[string]bool{}
	for _, u := range usedTexts(t) {
		used[u.key] = true
		if slices.Contains(reservedKeys, strings.ToLower(u.key)) {
			t.Errorf("%s: %q is a word of the files' format, and would break them all: give the text a key by lang.X", u.at, u.key)
		}
		known, ok := english[u.key]
		switch {
		case !ok && *update && u.plural:
			english[u.key] = message{forms: map[string]string{"one": u.fallback, "other": u.fallback}}
			t.Errorf("%s: write the singular of %q in en.json", u.at, u.key)
		case !ok && *update:
			english[u.key] = message{text: u.fallback}
		case !ok:
			t.Errorf("%s: %q isn't in en.json: go test ./ui -run TestTranslations -update enters it", u.at, u.key)
		case u.plural != (known.forms != nil):
			t.Errorf("%s: %q has plural forms in only one of code and en.json", u.at, u.key)
		case u.plural && known.forms["other"] != u.fallback, !u.plural && known.text != u.fallback:
			t.Errorf("%s: %q says something else in en.json", u.at, u.key)
		}
	}
	for _, l := range languages {
		texts := readTranslation(t, l.value)
		if l.value == "en" {
			texts = english
		}
		if texts == nil {
			continue // being written
		}
		for key := range texts {
			if !used[key] {
				if *update {
					delete(texts, key)
				} else {
					t.Errorf("%s.json: nobody says %q any more: -update takes it out", l.value, key)
				}
			}
		}
		checkTranslation(t, l.value, english, texts)
		if *update {
			writeTranslation(t, l.value, texts)
		}
	}
}

var placeholder = regexp.MustCompile(`{{[^}]*}}`)

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// checkTranslation says what is missing or wrong in a language. A form that stands for one number alone may do without the number.
func checkTranslation(t *testing.T, tag string, english, texts map[string]message) {
	t.Helper()
	for _, key := range slices.Sorted(maps.Keys(english)) {
		text, ok := texts[key]
		if !ok {
			t.Errorf("%s.json: %q is missing", tag, key)
			continue
		}
		if english[key].forms == nil {
			if text.forms != nil || text.text == "" {
				t.Errorf("%s.json: %q needs one text", tag, key)
			} else if got, want := placeholders(text.text), placeholders(english[key].text); !slices.Equal(got, want) {
				t.Errorf("%s.json: %q puts in %v, want %v", tag, key, got, want)
			}
			continue
		}
		if got := slices.Sorted(maps.Keys(text.forms)); !slices.Equal(got, pluralForms[tag]) {
			t.Errorf("%s.json: %q has the forms %v, want %v", tag, key, got, pluralForms[tag])
		}
		for form, s := range text.forms {
			want := placeholders(english[key].forms["other"])
			got := placeholders(s)
			if form == "one" && !slices.Contains(got, "{{.Count}}") {
				want = slices.DeleteFunc(want, func(p string) bool { return p == "{{.Count}}" })
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s.json: %q, form %s, puts in %v, want %v", tag, key, form, got, want)
			}
		}
	}
}

// names are written alike in every language.
var names = []string{"Kith", "JSContact JSON", "Ctrl+", "Shift+", "A4", "[Desktop Entry]", "Personal", "Fyne ", "SQLite (", "Esc", "Del", "Enter", "Tab", "↑ ↓ PgUp PgDn Home End", "Deutsch", "English", "Español", "Français", "Português",
	"Signal", "WhatsApp", "Telegram", "Threema", "Matrix", "Discord", "Skype", "Mastodon", "LinkedIn"}

// TestNoLiteralTexts finds texts that go to the window past the translations. What it can see: a string that begins like a sentence, or
// that has two words or more, anywhere but in an error, a format, a comparison or a constant.
func TestNoLiteralTexts(t *testing.T) {
	eachFile(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec, *ast.CaseClause:
				if c, ok := n.(*ast.CaseClause); ok {
					for _, s := range c.Body {
						ast.Inspect(s, func(n ast.Node) bool { return literalText(t, fset, n) })
					}
				}
				return false
			}
			return literalText(t, fset, n)
		})
	})
}

// literalText reports n if it is a text past the translations, and whether to look inside it.
func literalText(t *testing.T, fset *token.FileSet, n ast.Node) bool {
	t.Helper()
	switch n := n.(type) {
	case *ast.GenDecl:
		return n.Tok != token.IMPORT
	case *ast.CallExpr:
		if langCall(n) != "" {
			for _, a := range n.Args {
				if _, plain := literal(a); !plain {
					ast.Inspect(a, func(n ast.Node) bool { return literalText(t, fset, n) })
				}
			}
			return false
		}
		if s, ok := n.Fun.(*ast.SelectorExpr); ok {
			if p, ok := s.X.(*ast.Ident); ok && (p.Name == "errors" || p.Name == "fmt" && s.Sel.Name == "Errorf") {
				return false
			}
			if s.Sel.Name == "LogError" || s.Sel.Name == "Contains" {
				return false
			}
		}
	case *ast.KeyValueExpr:
		ast.Inspect(n.Value, func(n ast.Node) bool { return literalText(t, fset, n) })
		return false
	case *ast.BasicLit:
		if s, ok := literal(n); ok && looksLikeText(s) {
			t.Errorf("%s: %q goes past the translations: say it with lang.L", fset.Position(n.Pos()), s)
		}
	}
	return true
}

func looksLikeText(s string) bool {
	for _, name := range names {
		if strings.HasPrefix(s, name) {
			return false
		}
	}
	letters := []rune(strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }))
	if len(letters) < 2 || strings.Contains(s, "://") {
		return false
	}
	return unicode.IsUpper(letters[0]) && unicode.IsLower(letters[1]) || strings.Contains(strings.TrimSpace(s), " ") ||
		(strings.HasPrefix(s, " ") || strings.HasSuffix(s, " "))
}

// speak makes the window of a test speak another language.
func speak(t *testing.T, tag string) {
	t.Helper()
	useLanguage(tag)
	t.Cleanup(func() { useLanguage(english) })
}

func TestChosenLanguage(t *testing.T) {
	tests := []struct{ name, set, system, want string }{
		{"nothing is known", "", "", "en"},
		{"not set", "", "de-AT", "de"},
		{"the system's", "system", "de-AT", "de"},
		{"Brazil", "system", "pt-BR", "pt"},
		{"China", "system", "zh-CN", "zh-Hans"}, {"China as Fyne says it", "", "zh-CN-Hans", "zh-Hans"}, {"Germany as Fyne says it", "", "de-DE-Latn", "de"},
		{"none of ours", "system", "cs-CZ", "en"},
		{"set", "ja", "de-DE", "ja"},
		{"set to what we have no more", "tlh", "fr-CA", "fr"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := chosenLanguage(tt.set, tt.system); got != tt.want {
				t.Errorf("chosenLanguage(%q, %q) = %q, want %q", tt.set, tt.system, got, tt.want)
			}
		})
	}
}

func TestLanguageInUse(t *testing.T) {
	for _, l := range languages {
		if readTranslation(t, l.value) == nil {
			continue // being written
		}
		speak(t, l.value)
		if got := languageInUse().String(); got != l.value {
			t.Errorf("languageInUse after useLanguage(%q) is %q", l.value, got)
		}
	}
	useLanguage("en")
	if got := lang.L("Cancel"); got != "Cancel" {
		t.Errorf("Cancel in English is %q", got)
	}
}
