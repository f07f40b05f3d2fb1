package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// module is our module's path, and so the import path of the window's main package.
const module = "kith"

// pkg is one of our packages as the rules see it. Imports are those of the code that ships; TestImports those of its tests.
type pkg struct {
	Path        string
	Name        string
	Doc         string
	Imports     []string
	TestImports []string
}

// dep is one package that a program links, ours or not.
type dep struct {
	Path     string
	Standard bool // of Go's own library, whose cgo has a pure Go twin
	Cgo      bool
}

// arrows lists, for each package, which of ours it may import; "x/..." is x and all below it. A package that is missing here
// is an error: a new package is a decision, and this is where it is written down.
var arrows = map[string][]string{
	"kith":                        {"ui", "data", "contact/...", "syncer", "syncer/rest", "syncer/keychain", "assets", "version"},
	"kith/api":                    {},
	"kith/assets":                 {},
	"kith/contact":                {},
	"kith/contact/cardfile":       {"contact", "contact/csv", "contact/ldif", "contact/vcard"},
	"kith/contact/csv":            {"contact"},
	"kith/contact/duplicate":      {"contact"},
	"kith/contact/ldif":           {"contact"},
	"kith/contact/locale":         {"contact"},
	"kith/contact/picture":        {},
	"kith/contact/qr":             {"contact"},
	"kith/contact/vcard":          {"contact"},
	"kith/contact/contacttest":    {"contact/..."},
	"kith/data":                   {"contact", "contact/duplicate", "contact/locale", "contact/picture"},
	"kith/paper":                  {"contact"},
	"kith/syncer":                 {"data", "contact", "contact/picture"},
	"kith/syncer/rest":            {"syncer", "api", "contact"},
	"kith/syncer/carddav":         {"syncer", "contact/..."},
	"kith/syncer/keychain":        {"syncer"},
	"kith/syncer/memremote":       {"syncer", "api", "data", "contact/..."},
	"kith/syncer/remotetest":      {"syncer", "api", "data", "contact/..."},
	"kith/syncer/sim":             {"syncer", "syncer/memremote", "api", "data", "contact/..."},
	"kith/server":                 {"server/store", "api", "contact"},
	"kith/server/store":           {"api", "contact"},
	"kith/server/servertest":      {"server/...", "api", "contact/..."},
	"kith/server/store/storetest": {"server/store", "api", "contact/..."},
	"kith/transfer":               {"data", "contact", "contact/cardfile", "contact/csv"},
	"kith/ui":                     {"syncer", "data", "paper", "transfer", "contact/...", "assets", "version", "ui/..."},
	"kith/ui/native":              {},
	"kith/cmd/kith-server":        {"cmd/prompt", "server", "server/store", "api", "version"},
	"kith/cmd/kithctl":            {"cmd/prompt", "data", "paper", "transfer", "contact/...", "syncer", "syncer/rest", "syncer/keychain"},
	"kith/cmd/prompt":             {},
	"kith/version":                {},
	"kith/docs/examples/client":   {}, // for readers: it shows the protocol with Go's library alone
	"kith/internal/archtest":      {},
	"kith/internal/systest":       {},
	"kith/internal/windowbench":   {},
}

// testSupport packages serve tests alone: nothing that ships imports them.
var testSupport = []string{"contact/contacttest", "syncer/memremote", "syncer/remotetest", "syncer/sim", "server/servertest", "server/store/storetest", "internal/..."}

// homes says where an outside module may be imported; everywhere else it is an error, in tests too unless tests is set.
var homes = []struct {
	module string
	in     []string
	tests  bool // tests anywhere may use it
}{
	{module: "fyne.io/...", in: []string{"kith", "ui/..."}},
	{module: "github.com/go-resty/resty/v2", in: []string{"syncer/rest"}},
	{module: "modernc.org/sqlite/...", in: []string{"data", "server/store/..."}, tests: true},
	{module: "github.com/uptrace/bun/...", in: []string{"server/store/..."}},
	{module: "github.com/zalando/go-keyring", in: []string{"syncer/keychain"}},
	{module: "github.com/alecthomas/kong", in: []string{"cmd/..."}},
	{module: "github.com/nyaruka/phonenumbers", in: []string{"contact/duplicate"}},
	{module: "github.com/jezek/xgb/...", in: []string{"ui/native"}, tests: true},
	{module: "github.com/go-text/typesetting/...", in: []string{"paper", "ui"}},
	{module: "github.com/boombuler/barcode/...", in: []string{"contact/qr"}},
	{module: "pgregory.net/rapid", in: []string{"contact/contacttest", "syncer/remotetest"}, tests: true},
}

// neverTogether are arrows that no test may draw either: they would tie packages that must be changeable apart.
var neverTogether = []struct{ from, to string }{
	{"contact", "data"}, {"contact", "syncer/..."}, {"contact", "server/..."}, {"contact", "ui/..."},
	{"transfer", "syncer/..."}, {"transfer", "server/..."}, {"transfer", "ui/..."},
	{"data", "syncer/..."}, {"data", "server/..."}, {"data", "transfer"}, {"data", "ui/..."},
	{"server/...", "data"}, {"server/...", "syncer/..."}, {"server/...", "ui/..."},
	{"syncer/...", "ui/..."},
	{"ui/...", "server/store"}, {"ui/...", "syncer/rest"},
}

// checkPackage returns everything that is wrong with one package, in words.
func checkPackage(p pkg) (wrong []string) {
	if p.Path == "kith/internal/deps" {
		return nil // only keeps modules in go.mod; no program links it
	}
	say := func(format string, args ...any) { wrong = append(wrong, p.Path+" "+fmt.Sprintf(format, args...)) }
	if p.Name == "util" || p.Name == "common" || path.Base(p.Path) == "util" || path.Base(p.Path) == "common" {
		say("is named for nothing it gives: name it for what it gives")
	}
	if p.Doc == "" {
		say("has no package comment")
	}
	allowed, known := arrows[p.Path]
	if !known {
		say("isn't in the list of packages: add it to arrows, and to docs/ARCHITECTURE.md")
	}
	for _, imp := range p.Imports {
		switch {
		case !isOurs(imp):
		case known && !matchAny(allowed, imp):
			say("must not import %s", imp)
		case matchAny(testSupport, imp) && !matchAny(testSupport, p.Path):
			say("must not import %s outside its tests", imp)
		}
	}
	for _, imp := range slices.Concat(p.Imports, p.TestImports) {
		for _, never := range neverTogether {
			if match(never.from, p.Path) && match(never.to, imp) {
				say("must not import %s, not even in tests", imp)
			}
		}
	}
	for _, home := range homes {
		imports := p.Imports
		if !home.tests {
			imports = slices.Concat(p.Imports, p.TestImports)
		}
		for _, imp := range imports {
			if matchPath(home.module, imp) && !matchAny(home.in, p.Path) {
				say("must not import %s: it belongs to %s", imp, strings.Join(home.in, ", "))
			}
		}
	}
	return wrong
}

// checkProgram returns what a program links that it must not: both of ours that run without a screen build without cgo.
func checkProgram(program string, deps []dep) (wrong []string) {
	for _, d := range deps {
		switch {
		case matchPath("fyne.io/...", d.Path):
			wrong = append(wrong, fmt.Sprintf("%s links %s", program, d.Path))
		case d.Cgo && !d.Standard:
			wrong = append(wrong, fmt.Sprintf("%s links %s, which needs cgo", program, d.Path))
		}
	}
	return wrong
}

func isOurs(imp string) bool { return imp == module || strings.HasPrefix(imp, module+"/") }

// match compares a pattern of our packages, written without the module, with an import path; "kith" is the main package.
func match(pattern, imp string) bool {
	if pattern != module {
		pattern = module + "/" + pattern
	}
	return matchPath(pattern, imp)
}

func matchAny(patterns []string, imp string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, imp) })
}

// matchPath compares a pattern with an import path: "a/..." is a and all below it.
func matchPath(pattern, imp string) bool {
	if root, tree := strings.CutSuffix(pattern, "/..."); tree {
		return imp == root || strings.HasPrefix(imp, root+"/")
	}
	return imp == pattern
}
