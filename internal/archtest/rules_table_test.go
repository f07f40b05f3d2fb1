package archtest

import (
	"strings"
	"testing"
)

// The rules must be able to fail: made-up packages that break each of them once.
func TestCheckPackage(t *testing.T) {
	tests := []struct {
		name string
		p    pkg
		want string // part of the one complaint; "": none
	}{
		{"fine", pkg{Path: "kith/data", Imports: []string{"context", "kith/contact", "modernc.org/sqlite"}}, ""},
		{"contact stands alone", pkg{Path: "kith/contact", Imports: []string{"kith/api"}}, "must not import kith/api"},
		{"data below syncer", pkg{Path: "kith/data", TestImports: []string{"kith/syncer"}}, "not even in tests"},
		{"server without the client's store", pkg{Path: "kith/server/store", TestImports: []string{"kith/data"}}, "not even in tests"},
		{"syncer without wire formats", pkg{Path: "kith/syncer", Imports: []string{"kith/api"}}, "must not import kith/api"},
		{"rest without the store", pkg{Path: "kith/syncer/rest", Imports: []string{"kith/data"}}, "must not import kith/data"},
		{"ui without HTTP", pkg{Path: "kith/ui", TestImports: []string{"kith/syncer/rest"}}, "not even in tests"},
		{"ui may use its own parts", pkg{Path: "kith/ui", Imports: []string{"kith/syncer", "fyne.io/fyne/v2/widget"}}, ""},
		{"main wires", pkg{Path: "kith", Imports: []string{"kith/ui", "kith/syncer/rest", "kith/syncer/keychain", "fyne.io/fyne/v2/app"}}, ""},
		{"main is no server", pkg{Path: "kith", Imports: []string{"kith/server"}}, "must not import kith/server"},
		{"Fyne stays in ui", pkg{Path: "kith/syncer", Imports: []string{"fyne.io/fyne/v2"}}, "belongs to kith, ui/..."},
		{"Fyne stays out of other tests", pkg{Path: "kith/data", TestImports: []string{"fyne.io/fyne/v2/test"}}, "belongs to kith, ui/..."},
		{"resty in rest", pkg{Path: "kith/syncer/rest", Imports: []string{"github.com/go-resty/resty/v2"}}, ""},
		{"resty elsewhere", pkg{Path: "kith/cmd/kithctl", Imports: []string{"github.com/go-resty/resty/v2"}}, "belongs to syncer/rest"},
		{"SQLite elsewhere", pkg{Path: "kith/server", Imports: []string{"modernc.org/sqlite"}}, "belongs to data, server/store/..."},
		{"SQLite in a test", pkg{Path: "kith/server", TestImports: []string{"modernc.org/sqlite"}}, ""},
		{"test support ships", pkg{Path: "kith/cmd/kithctl", Imports: []string{"kith/contact/contacttest"}}, "outside its tests"},
		{"test support in tests", pkg{Path: "kith/data", TestImports: []string{"kith/contact/contacttest"}}, ""},
		{"an unknown package", pkg{Path: "kith/helpers"}, "isn't in the list"},
		{"not like ours by prefix", pkg{Path: "kith/contact", Imports: []string{"kithara.example/data"}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.p.Name, tt.p.Doc = "x", "Package x is documented."
			expect(t, checkPackage(tt.p), tt.want)
		})
	}
}

func TestCheckPackageLooks(t *testing.T) {
	expect(t, checkPackage(pkg{Path: "kith/data", Name: "data"}), "no package comment")
	expect(t, checkPackage(pkg{Path: "kith/data", Name: "util", Doc: "Package util."}), "named for nothing")
}

func TestCheckProgram(t *testing.T) {
	tests := []struct {
		name string
		deps []dep
		want string
	}{
		{"pure Go", []dep{{Path: "modernc.org/sqlite"}, {Path: "kith/data"}}, ""},
		{"the standard library's cgo has a twin", []dep{{Path: "net", Standard: true, Cgo: true}}, ""},
		{"cgo", []dep{{Path: "github.com/mattn/go-sqlite3", Cgo: true}}, "needs cgo"},
		{"Fyne", []dep{{Path: "fyne.io/fyne/v2/data/binding"}}, "links fyne.io"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, checkProgram("kith/cmd/kithctl", tt.deps), tt.want) })
	}
}

func expect(t *testing.T, wrong []string, want string) {
	t.Helper()
	switch got := strings.Join(wrong, "\n"); {
	case want == "" && got != "":
		t.Errorf("complaints = %q; want none", got)
	case want != "" && (len(wrong) != 1 || !strings.Contains(got, want)):
		t.Errorf("complaints = %q; want one with %q", got, want)
	}
}
