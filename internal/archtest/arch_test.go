package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is what we read of `go list -json`.
type listed struct {
	ImportPath, Name, Doc              string
	Standard                           bool
	Imports, TestImports, XTestImports []string
	CgoFiles                           []string
}

// TestPackages holds every package of the module against the arrows.
func TestPackages(t *testing.T) {
	packages := goList(t, "./...")
	if len(packages) < 5 {
		t.Fatalf("go list found %d packages; want all of ours", len(packages))
	}
	for _, l := range packages {
		p := pkg{
			Path: l.ImportPath, Name: l.Name, Doc: l.Doc, Imports: l.Imports,
			TestImports: slices.Concat(l.TestImports, l.XTestImports),
		}
		for _, wrong := range checkPackage(p) {
			t.Error(wrong)
		}
	}
}

// TestProgramsWithoutScreen holds what the server and kithctl link, with cgo switched on, against the same rule.
func TestProgramsWithoutScreen(t *testing.T) {
	for _, program := range []string{"kith/cmd/kith-server", "kith/cmd/kithctl"} {
		if _, err := os.Stat(filepath.Join(root, strings.TrimPrefix(program, module+"/"))); errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is gone", program)
			continue
		}
		var deps []dep
		for _, l := range goList(t, "-deps", program) {
			deps = append(deps, dep{Path: l.ImportPath, Standard: l.Standard, Cgo: len(l.CgoFiles) > 0})
		}
		for _, wrong := range checkProgram(program, deps) {
			t.Error(wrong)
		}
	}
}

// TestMainIsShort keeps the window's main to wiring.
func TestMainIsShort(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(b, []byte("\n")); lines >= 100 {
		t.Errorf("main.go has %d lines; want under 100", lines)
	}
}

// root is the module's folder, seen from this package's.
const root = "../.."

// goList asks the go command, with cgo on, so that files which need it are seen wherever the test runs.
func goList(t *testing.T, args ...string) []listed {
	t.Helper()
	args = append([]string{"list", "-json=ImportPath,Name,Doc,Standard,Imports,TestImports,XTestImports,CgoFiles"}, args...)
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, errOut.String())
	}
	all, err := decodeAll[listed](&out)
	if err != nil {
		t.Fatalf("read go list's answer: %v", err)
	}
	return all
}

// decodeAll reads JSON values that stand one after the other.
func decodeAll[T any](r io.Reader) ([]T, error) {
	var all []T
	for d := json.NewDecoder(r); ; {
		var v T
		switch err := d.Decode(&v); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("decode value %d: %w", len(all), err)
		}
		all = append(all, v)
	}
}
