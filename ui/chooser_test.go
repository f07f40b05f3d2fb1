package ui

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// TestChooserSpeaks holds Fyne's dialog of files and its translations together: a text that one of our languages lacks would stand there in English.
func TestChooserSpeaks(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Dir}}", "fyne.io/fyne/v2/dialog").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(dir))
	keys := map[string]bool{}
	for _, name := range []string{"file.go", "fileitem.go", "folder.go", "form.go", "information.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && langCall(call) != "" {
				if key, ok := literal(call.Args[0]); ok {
					keys[key] = true
				}
			}
			return true
		})
	}
	if !keys["Show Hidden Files"] || !keys["file.parent"] {
		t.Fatalf("the texts of Fyne's dialog are not found any more: %v", keys)
	}
	for _, l := range languages {
		b, err := os.ReadFile(filepath.Join(root, "../lang/translations/base."+strings.ReplaceAll(l.value, "-", "_")+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var theirs map[string]json.RawMessage
		if err := json.Unmarshal(b, &theirs); err != nil {
			t.Fatal(err)
		}
		ours := readTranslation(t, l.value)
		for key := range keys {
			if _, ok := ours[key]; theirs[key] == nil && !ok {
				t.Errorf("%s: the dialog says %q in English", l.value, key)
			}
		}
	}
}

// TestPlacesOfTheChooser shows the dialog in German, and reads its list of places.
func TestPlacesOfTheChooser(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home) // where it is written what a person's folders are called
	named := ""
	for _, name := range []string{"Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos"} { // Fyne shows none after one that is missing
		if err := os.MkdirAll(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
		named += fmt.Sprintf("XDG_%s_DIR=\"$HOME/%s\"\n", strings.ToUpper(name), name)
	}
	if err := os.WriteFile(filepath.Join(home, "user-dirs.dirs"), []byte(named), 0o600); err != nil {
		t.Fatal(err)
	}
	speak(t, "de")
	test.NewTempApp(t)
	win := test.NewTempWindow(t, widget.NewLabel(""))
	win.Resize(fyne.NewSize(900, 700))
	showChooser(dialog.NewFileOpen(func(fyne.URIReadCloser, error) {}, win), "Ein Foto wählen", win)
	var places []string
	list := listOf(win.Canvas().Overlays().Top().(*widget.PopUp).Content)
	if list == nil {
		t.Fatal("the list of places is not found")
	}
	for i := range list.Length() {
		row := list.CreateItem()
		list.UpdateItem(i, row)
		places = append(places, labelIn(row).Text)
	}
	for _, want := range []string{"Persönlicher Ordner", "Schreibtisch", "Dokumente", "Bilder"} {
		if !slices.Contains(places, want) {
			t.Errorf("the places are %q, without %q", places, want)
		}
	}
}

func listOf(content fyne.CanvasObject) *widget.List {
	switch o := content.(type) {
	case *fyne.Container:
		for _, part := range o.Objects {
			if l := listOf(part); l != nil {
				return l
			}
		}
	case *container.Split:
		return listOf(o.Leading)
	case *widget.List:
		return o
	}
	return nil
}
