package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/data"
	"kith/transfer"
)

// terminal is kithctl on one profile, in this process.
type terminal struct {
	t       *testing.T
	profile string
}

func newTerminal(t *testing.T) *terminal {
	return &terminal{t, filepath.Join(t.TempDir(), "profile")}
}

func (c *terminal) run(args ...string) (code int, out, errOut string) {
	c.t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), append([]string{"--profile", c.profile}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func (c *terminal) must(code int, args ...string) string {
	c.t.Helper()
	got, out, errOut := c.run(args...)
	if got != code {
		c.t.Fatalf("%v: code %d, %s%s; want code %d", args, got, out, errOut, code)
	}
	return out
}

func (c *terminal) importing(code int, files ...string) imported {
	c.t.Helper()
	var got imported
	out := c.must(code, append([]string{"--json", "import"}, files...)...)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		c.t.Fatalf("import printed %q: %v", out, err)
	}
	return got
}

func (c *terminal) names() string {
	c.t.Helper()
	var all []listed
	if err := json.Unmarshal([]byte(c.must(exitDone, "list", "--json")), &all); err != nil {
		c.t.Fatal(err)
	}
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = l.Name
	}
	return strings.Join(names, ", ")
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const twoCards = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nEMAIL:ada@example.org\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Hopper;Grace\r\nTEL;HOME:1\r\nEND:VCARD\r\n"

func TestImportFormats(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"vCard", "a.vcf", twoCards, "Ada Lovelace, Grace Hopper"},
		{"vCard under a strange name", "a.txt", twoCards, "Ada Lovelace, Grace Hopper"},
		{"vCard with a byte order mark", "a.vcf", "\xef\xbb\xbf" + twoCards, "Ada Lovelace, Grace Hopper"},
		{"an array of JSContact cards", "a.json", `[{"@type":"Card","version":"1.0","uid":"u1","name":{"full":"Ada"}},` +
			"\n" + `{"@type":"Card","version":"1.0","uid":"u2","name":{"full":"Grace"}}]`, "Ada, Grace"},
		{"one JSContact card", "a.json", `{"@type":"Card","version":"1.0","uid":"u1","name":{"full":"Ada"}}`, "Ada"},
		{"JSContact cards in a row", "a.jsonl", `{"@type":"Card","version":"1.0","uid":"u1","name":{"full":"Ada"}}` +
			"\n" + `{"@type":"Card","version":"1.0","uid":"u2","name":{"full":"Grace"}}` + "\n", "Ada, Grace"},
		{"JSON with a byte order mark", "a.json", "\xef\xbb\xbf[]", ""},
		{"CSV", "a.csv", "Name,E-mail 1 - Value\r\nAda,ada@example.org\r\nGrace,grace@example.org\r\n", "Ada, Grace"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTerminal(t)
			file := write(t, tt.file, tt.content)
			first := c.importing(exitDone, file)
			if got := c.names(); got != tt.want || len(first.Refused)+len(first.Kept) > 0 {
				t.Errorf("names = %q, %+v; want %q", got, first, tt.want)
			}
			again := c.importing(exitDone, file)
			if again.Added+again.Updated+again.Restored > 0 || again.Unchanged != first.Added {
				t.Errorf("the same file again: %+v; want all of them unchanged", again)
			}
			if tt.want == "" {
				return
			}
			c.must(exitDone, "undo")
			if got := c.names(); got != "" {
				t.Errorf("after one undo: %q", got)
			}
			if back := c.importing(exitDone, file); back.Restored != first.Added || c.names() != tt.want {
				t.Errorf("the same file after the undo: %+v, %q", back, c.names())
			}
		})
	}
}

// What can't be read is named by its line and kept, byte for byte, and holds up nothing else.
func TestImportOfBrokenCards(t *testing.T) {
	tests := []struct {
		name, file, content string
		refused             []refused // Error: a part of it
		kept                string
	}{
		{"vCard", "a.vcf", twoCards + "BEGIN:VCARD\r\nno property\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nNOTE:nobody\r\nEND:VCARD\r\n",
			[]refused{{Line: 12, Error: "no colon"}, {Line: 14, Error: "nothing to find it by"}}, "BEGIN:VCARD\r\nno property\r\nEND:VCARD\r\nBEGIN:VCARD"},
		{"JSON", "a.json", "[\n5,\n{\"@type\":\"Card\",\"version\":\"1.0\",\"uid\":\"u1\",\"name\":{\"full\":\"Ada\"}},\n[]]",
			[]refused{{Line: 2, Error: "card"}, {Line: 4, Error: "card"}}, "5\n[]\n"},
		{"CSV", "a.csv", "Name,Notes\r\nAda,\r\n,nobody\r\n", []refused{{Line: 3, Error: "nothing to find it by"}}, "Name,Notes\r\n,nobody\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTerminal(t)
			file := write(t, tt.file, tt.content)
			for range 2 { // the second time, what was kept is there already
				got := c.importing(exitError, file)
				if len(got.Refused) != len(tt.refused) || len(got.Kept) != 1 {
					t.Fatalf("import = %+v; want %d refused, kept in one file", got, len(tt.refused))
				}
				for i, r := range got.Refused {
					if r.File != file || r.Line != tt.refused[i].Line || !strings.Contains(r.Error, tt.refused[i].Error) {
						t.Errorf("refused = %+v; want %+v", r, tt.refused[i])
					}
				}
				b, err := os.ReadFile(got.Kept[0])
				if err != nil || !strings.HasPrefix(string(b), tt.kept) || filepath.Dir(got.Kept[0]) != filepath.Dir(file) {
					t.Errorf("kept in %s = %q, %v; want %q", got.Kept[0], b, err, tt.kept)
				}
			}
			if !strings.Contains(c.names(), "Ada") {
				t.Errorf("names = %q; want the good ones", c.names())
			}
			if files, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(files) != 2 {
				t.Errorf("files = %v; want what was imported and what was kept", files)
			}
		})
	}
}

func TestImportOfWhatIsNone(t *testing.T) {
	good := write(t, "a.vcf", twoCards)
	tests := []struct {
		name string
		file string
		want string
	}{
		{"no such file", filepath.Join(t.TempDir(), "a.vcf"), "no such file"},
		{"a folder", t.TempDir(), "is a folder"},
		{"empty", write(t, "a.vcf", ""), "empty"},
		{"a text", write(t, "a.txt", "Dear diary"), "neither vCard"},
		{"half a JSON", write(t, "a.json", `[{"@type":"Card"`), "line 1: unexpected"},
		{"rubbish after a bracket", write(t, "a.json", "[\n}"), "line 2: invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := newTerminal(t)
			code, out, errOut := c.run("import", tt.file)
			if code != exitError || out != "" || !strings.Contains(errOut, tt.want) || strings.Count(errOut, "\n") != 1 {
				t.Errorf("code %d, %q, %q; want an error with %q", code, out, errOut, tt.want)
			}
			if tt.name == "no such file" {
				if c.run("import", good, tt.file); c.names() != "" {
					t.Errorf("names = %q; want nothing imported while a file is missing", c.names())
				}
			}
		})
	}
}

func TestExport(t *testing.T) {
	c := newTerminal(t)
	if got := c.must(exitDone, "export", "--format", "json"); got != "[]\n" {
		t.Errorf("export of an empty book = %q", got)
	}
	c.importing(exitDone, write(t, "a.vcf", twoCards))
	c.must(exitDone, "add", "--name", "Gone")
	c.must(exitDone, "undo") // what is in the trash stays there
	dir := t.TempDir()
	for _, name := range []string{"all.vcf", "all.json"} {
		file := filepath.Join(dir, name)
		for range 2 { // the second time in the place of the first
			c.must(exitDone, "export", file)
		}
		if again := c.importing(exitDone, file); again.Unchanged != 2 || again.Added+again.Updated > 0 {
			t.Errorf("%s imported where it came from: %+v; want no change", name, again)
		}
		other := newTerminal(t)
		if other.importing(exitDone, file); other.names() != c.names() {
			t.Errorf("%s in another profile: %q; want %q", name, other.names(), c.names())
		}
	}
	if out := c.must(exitDone, "export", "--format", "csv"); !strings.Contains(out, "Ada") || !strings.Contains(out, "ada@example.org") || strings.Count(out, "\n") != 3 {
		t.Errorf("CSV = %q; want a header and two rows", out)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Errorf("files = %v; want the two exports alone", files)
	}
	var cards []map[string]any
	if err := json.Unmarshal([]byte(c.must(exitDone, "export", "--json")), &cards); err != nil || len(cards) != 2 {
		t.Errorf("export --json: %v, %v; want two cards", cards, err)
	}
	if code, _, errOut := c.run("export", "--json", "--format", "vcf"); code != exitUsage || !strings.Contains(errOut, "FILE") {
		t.Errorf("vCards on the standard output of --json: code %d, %q", code, errOut)
	}
	if code, _, errOut := c.run("export", filepath.Join(dir, "no", "all.vcf")); code != exitError || !strings.Contains(errOut, "no such file") {
		t.Errorf("export into nothing: code %d, %q", code, errOut)
	}
}

func TestExportOfSome(t *testing.T) {
	c := newTerminal(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	c.importing(exitDone, write(t, "a.vcf", strings.Replace(twoCards, "EMAIL:", "CATEGORIES:Maths\r\nEMAIL:", 1)))
	if out := c.must(exitDone, "export", "--label", "Maths"); strings.Count(out, "BEGIN:VCARD") != 1 || !strings.Contains(out, "Ada") {
		t.Errorf("the label: %q", out)
	}
	if code, _, errOut := c.run("export", "--label", "Nobody"); code != exitError || !strings.Contains(errOut, `no contact has the label "Nobody"`) {
		t.Errorf("a label that nobody has: code %d, %q", code, errOut)
	}
	var all []listed
	if err := json.Unmarshal([]byte(c.must(exitDone, "list", "--json")), &all); err != nil {
		t.Fatal(err)
	}
	id := all[1].ID
	if out := c.must(exitDone, "export", "--contact", id[len(id)-8:], "--format", "vcf3"); !strings.Contains(out, "VERSION:3.0") || !strings.Contains(out, "Grace") || strings.Contains(out, "Ada") {
		t.Errorf("one contact: %q", out)
	}
	if code, _, errOut := c.run("export", "--contact", id, "--label", "Maths"); code != exitUsage {
		t.Errorf("both: code %d, %q", code, errOut)
	}
	for _, format := range []string{"pdf", "pdf-cards"} {
		file := filepath.Join(t.TempDir(), "all.pdf")
		if out := c.must(exitDone, "export", "--format", format, file); !strings.Contains(out, "2 contacts") {
			t.Errorf("%s: %q", format, out)
		}
		if b, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
			t.Errorf("%s: %d bytes, %v", format, len(b), err)
		}
	}
	if code, _, errOut := c.run("export", "--format", "pdf"); code != exitUsage || !strings.Contains(errOut, "FILE") {
		t.Errorf("a PDF on standard output: code %d, %q", code, errOut)
	}
}

func TestDryRun(t *testing.T) {
	c := newTerminal(t)
	file := write(t, "a.vcf", strings.ReplaceAll(twoCards, "VERSION:3.0\r\n", "VERSION:3.0\r\nUID:u1\r\n")+"BEGIN:VCARD\r\nno property\r\nEND:VCARD\r\n")
	dry := func(code int, files ...string) foreseen {
		t.Helper()
		var got foreseen
		if err := json.Unmarshal([]byte(c.must(code, append([]string{"--json", "import", "--dry-run"}, files...)...)), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := dry(exitError, file); got.Added != 2 || got.Broken != 1 || len(got.Files) != 1 || got.Files[0].Format != "vcf" || c.names() != "" {
		t.Errorf("dry run: %+v, names %q", got, c.names())
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(files) != 1 {
		t.Errorf("a dry run wrote %v", files)
	}
	c.must(exitError, "import", file)
	more := write(t, "b.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Ada King\r\nTEL:1\r\nEND:VCARD\r\n")
	got := dry(exitDone, more)
	if got.Updated != 1 || len(got.Files[0].Changes) != 1 || strings.Join(got.Files[0].Changes[0].Adds, "") != "/phones" || strings.Join(got.Files[0].Changes[0].Stays, "") != "/name/full" {
		t.Errorf("dry run of a changed card: %+v", got)
	}
	if out := c.must(exitDone, "import", "--dry-run", more); !strings.Contains(out, "update 1") || !strings.Contains(out, "Ada Lovelace gets ") || !strings.Contains(out, "keeps its own ") {
		t.Errorf("in words: %q", out)
	}
	table := write(t, "c.csv", "Name,Shoe size\nEmmy,38\n")
	if got := dry(exitDone, table); len(got.Files[0].Columns) != 2 || got.Files[0].Columns[0].Field != "name" || got.Files[0].Columns[1].Field != "custom" {
		t.Errorf("dry run of a table: %+v", got)
	}
}

func TestImportOfStandardInput(t *testing.T) {
	c := newTerminal(t)
	var o, e bytes.Buffer
	code := run(context.Background(), []string{"--profile", c.profile, "import", "-"}, strings.NewReader(twoCards+"BEGIN:VCARD\r\nno property\r\nEND:VCARD\r\n"), &o, &e)
	if code != exitError || !strings.Contains(o.String(), "Added 2") || !strings.Contains(o.String(), filepath.Join(c.profile, "skipped")) ||
		!strings.Contains(e.String(), "standard input, line 12") {
		t.Errorf("code %d, %q, %q", code, o.String(), e.String())
	}
}

// An import that the disk has stopped says what is in: not that nothing is.
func TestBrokenOff(t *testing.T) {
	r := transfer.Report{Imported: data.Imported{Added: 400}, Stopped: true}
	for _, tt := range []struct {
		name string
		err  error
		r    transfer.Report
		want string
	}{
		{"a full disk", &transfer.FileError{File: "a.vcf", Err: data.ErrDiskFull}, r, "the disk is full; 400 contacts came in before"},
		{"interrupted", context.Canceled, r, "interrupted; 400 contacts came in before"},
		{"a full disk from the start", data.ErrDiskFull, transfer.Report{Stopped: true}, "the disk is full, so nothing was saved"},
	} {
		if code, got := explain(brokenOff(tt.err, tt.r)); code != exitError || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %d %q, want %q", tt.name, code, got, tt.want)
		}
	}
}
