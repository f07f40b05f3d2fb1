package transfer

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/contact"
	"kith/contact/cardfile"
	"kith/contact/contacttest"
	"kith/contact/csv"
	"kith/data"
)

func newStore(t *testing.T) *data.Store {
	t.Helper()
	s, err := data.Open(t.Context(), filepath.Join(t.TempDir(), "profile"), data.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// write makes a file in a folder of its own.
func write(t *testing.T, name, content string) File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return mustFile(t, path)
}

func mustFile(t *testing.T, path string) File {
	t.Helper()
	f, err := OnDisk(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustPreview(t *testing.T, s *data.Store, chosen Mappings, files ...File) []Foreseen {
	t.Helper()
	seen, err := Preview(t.Context(), s, files, chosen, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func mustImport(t *testing.T, s *data.Store, chosen Mappings, files ...File) Report {
	t.Helper()
	r, err := Import(t.Context(), s, files, chosen, func(Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outcome imports a file after its preview, and requires that the preview has said what the import does.
func outcome(t *testing.T, s *data.Store, f File) data.Imported {
	t.Helper()
	seen := mustPreview(t, s, nil, f)[0]
	r := mustImport(t, s, nil, f)
	if seen.Err != nil || seen.Counts != r.Imported || seen.Broken != len(r.Refused) {
		t.Errorf("%s: the preview said %+v, %d broken, %v; the import did %+v, refused %v", f.Name, seen.Counts, seen.Broken, seen.Err, r.Imported, r.Refused)
	}
	return r.Imported
}

func order(t *testing.T, s *data.Store) []data.RowID {
	t.Helper()
	rows, err := s.Order(t.Context(), data.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// state is every live contact's card, by id.
func state(t *testing.T, s *data.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for c, err := range Cards(t.Context(), s, order(t, s), func(int, int) {}) {
		if err != nil {
			t.Fatal(err)
		}
		all[c.UID()] = string(c.JSON())
	}
	return all
}

// A file of each format, read twice, changes nothing the second time; nor after its contacts were edited here. One undo takes it back.
func TestTheSameFileTwice(t *testing.T) {
	source := newStore(t)
	cards := make([]contact.Card, 450) // more than two batches
	for i := range cards {
		cards[i] = contacttest.Realistic(7, i)
	}
	if _, err := source.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	for _, o := range cardfile.Outputs {
		t.Run(o.Name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "all"+o.Ending)
			if n, err := Export(t.Context(), source, order(t, source), o, path, func(int, int) {}); err != nil || n != len(cards) {
				t.Fatalf("export: %d, %v", n, err)
			}
			f, s := mustFile(t, path), newStore(t)
			if got := outcome(t, s, f); got.Added+got.Unchanged != len(cards) || got.Added < len(cards)*9/10 {
				t.Fatalf("first import: %+v", got) // rows of a CSV file that are alike are one contact
			}
			first := state(t, s)
			if got := outcome(t, s, f); got != (data.Imported{Unchanged: len(cards)}) {
				t.Errorf("second import: %+v; want all unchanged", got)
			}
			if o.Whole {
				if again := state(t, source); len(again) != len(first) {
					t.Errorf("%d contacts came of %d", len(first), len(again))
				}
			}
			var edited data.Contact
			for id := range first {
				c, err := s.Contact(t.Context(), id)
				if err != nil {
					t.Fatal(err)
				}
				if edited, err = s.Save(t.Context(), id, c.Card, c.Card.WithNote("edited here").WithOrganization("Here")); err != nil {
					t.Fatal(err)
				}
				break
			}
			if got := outcome(t, s, f); got != (data.Imported{Unchanged: len(cards)}) {
				t.Errorf("third import, after an edit here: %+v; want all unchanged", got)
			}
			if now := state(t, s)[edited.ID]; now != string(edited.Card.JSON()) {
				t.Errorf("the edited contact is %s; want %s", now, edited.Card.JSON())
			}
			for range 2 { // the edit, the import
				if _, err := s.Undo(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if left := order(t, s); len(left) != 0 {
				t.Errorf("%d contacts are left after the undo", len(left))
			}
			if got := outcome(t, s, f); got.Restored != len(first) {
				t.Errorf("import after the undo: %+v; want all back", got)
			}
		})
	}
}

func TestImportEndsEarly(t *testing.T) {
	s := newStore(t)
	var b bytes.Buffer
	for i := range 1000 {
		fmt.Fprintf(&b, "BEGIN:VCARD\nVERSION:4.0\nUID:u%d\nFN:Person %d\nEND:VCARD\n", i, i)
	}
	f := write(t, "a.vcf", b.String())
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Import(ctx, s, []File{f}, nil, func(p Progress) {
		if p.Cards >= 400 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || !r.Stopped || r.Added != 400 || len(order(t, s)) != 400 {
		t.Fatalf("import = %+v, %v, %d in the book; want two batches", r, err, len(order(t, s)))
	}
	if got := outcome(t, s, f); got != (data.Imported{Added: 600, Unchanged: 400}) {
		t.Errorf("going on: %+v", got)
	}
	for _, left := range []int{400, 0} {
		if _, err := s.Undo(t.Context()); err != nil || len(order(t, s)) != left {
			t.Errorf("after an undo: %d contacts, %v; want %d", len(order(t, s)), err, left)
		}
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, err := Preview(ctx, s, []File{f}, nil, func(Progress) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled preview: %v", err)
	}
}

func TestSeveralFilesAreOneAction(t *testing.T) {
	s := newStore(t)
	a := write(t, "a.vcf", "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ada\nEND:VCARD\n")
	b := write(t, "b.json", `[{"@type":"Card","version":"1.0","uid":"u2","name":{"full":"Grace"}}, {"@type":"Card","version":"1.0","uid":"u1","name":{"full":"Ada"},"keywords":{"x":true}}]`)
	letter := write(t, "letter.txt", "Dear diary")
	half := write(t, "half.json", `[{"@type":"Card","version":"1.0","uid":"u3","name":{"full":"Emmy"}},`)
	seen := mustPreview(t, s, nil, a, b, letter, half)
	if seen[1].Repeats != 1 || seen[1].Counts != (data.Imported{Added: 1, Updated: 1}) || !slices.Equal(seen[1].Names, []string{"Grace"}) {
		t.Errorf("a card of an earlier file: %+v", seen[1])
	}
	if !errors.Is(seen[2].Err, cardfile.ErrUnknown) || seen[2].Readable() {
		t.Errorf("a letter: %+v", seen[2])
	}
	if seen[3].Err == nil || !seen[3].Readable() || seen[3].Counts.Added != 1 {
		t.Errorf("half a file: %+v", seen[3])
	}
	if r := mustImport(t, s, nil, a, b); r.Added != 2 || r.Updated != 1 {
		t.Errorf("import: %+v", r)
	}
	if undone, err := s.Undo(t.Context()); err != nil || len(order(t, s)) != 0 {
		t.Errorf("one undo: %+v, %v", undone, err)
	}
	r, err := Import(t.Context(), s, []File{letter, half, a}, nil, func(Progress) {})
	if !errors.Is(err, cardfile.ErrUnknown) || !strings.Contains(err.Error(), half.Name) || r.Added != 1 || r.Restored != 1 {
		t.Errorf("a letter, half a file, a good one: %+v, %v; want what there is, and both errors", r, err)
	}
}

const oneGoodOneBroken = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\nBEGIN:VCARD\nno property\nEND:VCARD\n"

func TestWhatIsBrokenIsKept(t *testing.T) {
	tests := []struct {
		name, file, content string
		line                int
		ending, kept        string
	}{
		{"vCard", "my friends.vcf", oneGoodOneBroken, 6, ".vcf", "BEGIN:VCARD\nno property\nEND:VCARD\n"},
		{"CSV, with its header", "a.csv", "Name;Notes\nAda;\n;nobody\n", 3, ".csv", "Name;Notes\n;nobody\n"},
		{"JSON", "a.json", "[5]", 1, ".json", "5\n"},
		{"a card that is no contact", "a.vcf", "BEGIN:VCARD\nVERSION:4.0\nNOTE:nobody\nEND:VCARD\n", 1, ".vcf", "BEGIN:VCARD\nVERSION:4.0\nNOTE:nobody\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, f := newStore(t), write(t, tt.file, tt.content)
			for range 2 { // the second time, what was kept is there already
				outcome(t, s, f)
			}
			r := mustImport(t, s, nil, f)
			want := filepath.Join(filepath.Dir(f.Name), strings.TrimSuffix(tt.file, filepath.Ext(tt.file))+".skipped"+tt.ending)
			if len(r.Refused) != 1 || r.Refused[0].Line != tt.line || r.Refused[0].Reason == "" || !slices.Equal(r.Kept, []string{want}) {
				t.Fatalf("report = %+v; want line %d, kept in %s", r, tt.line, want)
			}
			if b, err := os.ReadFile(want); err != nil || !strings.HasPrefix(string(b), tt.kept) {
				t.Errorf("kept %q, %v; want %q", b, err, tt.kept)
			}
			all, err := filepath.Glob(filepath.Join(filepath.Dir(f.Name), "*"))
			if err != nil || len(all) != 2 {
				t.Errorf("files: %v, %v; want the imported one, and what was kept", all, err)
			}
		})
	}
}

// Where nothing can be written beside the file, and for standard input, the profile keeps it.
func TestWhatIsBrokenIsKeptInTheProfile(t *testing.T) {
	s := newStore(t)
	f, remove, err := Spool(strings.NewReader(oneGoodOneBroken), "standard input")
	if err != nil {
		t.Fatal(err)
	}
	gone := write(t, "a.vcf", oneGoodOneBroken)
	dir := filepath.Dir(gone.path)
	moved := filepath.Join(t.TempDir(), "b.vcf")
	if err := os.Rename(gone.path, moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(dir); err != nil { // root may write everywhere, but not in a folder that is none
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kept := range []string{
		mustImport(t, s, nil, f).Kept[0],
		keepBeside(t, s, gone),
	} {
		if filepath.Dir(kept) != filepath.Join(s.Dir(), "skipped") {
			t.Errorf("kept in %s; want the profile", kept)
		}
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
}

func keepBeside(t *testing.T, s *data.Store, f File) string {
	t.Helper()
	k := keeper{file: f, profile: s.Dir()}
	k.parts.WriteString("x\n")
	name, err := k.save(cardfile.VCard)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// What the user says of a file's columns counts, and is remembered for the next file with the same header.
func TestColumnsAreRemembered(t *testing.T) {
	s := newStore(t)
	f := write(t, "a.csv", "Wer,Was\nAda,ada at home\n")
	seen := mustPreview(t, s, nil, f)[0]
	if seen.Columns == nil || !slices.Equal(seen.Columns.Header, []string{"Wer", "Was"}) || seen.Broken != 1 {
		t.Fatalf("preview of unknown columns: %+v, %+v", seen, seen.Columns)
	}
	m := csv.Mapping{{Field: csv.FullName}, {Field: csv.Note}}
	chosen := Mappings{seen.Columns.Key: m}
	if seen = mustPreview(t, s, chosen, f)[0]; seen.Counts.Added != 1 || seen.Names[0] != "Ada" || !slices.Equal(seen.Columns.Mapping, m) {
		t.Errorf("preview of corrected columns: %+v", seen)
	}
	if again := mustPreview(t, s, nil, f)[0]; again.Broken != 1 {
		t.Errorf("a preview alone was remembered: %+v", again)
	}
	if r := mustImport(t, s, chosen, f); r.Added != 1 {
		t.Errorf("import: %+v", r)
	}
	if err := Remember(t.Context(), s, chosen); err != nil {
		t.Fatal(err)
	}
	next := write(t, "b.csv", "Wer,Was\nGrace,grace at home\n")
	if got := outcome(t, s, next); got.Added != 1 {
		t.Errorf("the next file: %+v", got)
	}
	for _, odd := range []string{"no JSON", `[{"field":"name"}]`, `[{"field":"name"},{"field":"of tomorrow"}]`} {
		if err := s.SetSetting(t.Context(), settingMapping+seen.Columns.Key, odd); err != nil {
			t.Fatal(err)
		}
		if seen := mustPreview(t, s, nil, next)[0]; seen.Err != nil || seen.Columns.Mapping[0].Field != csv.Custom {
			t.Errorf("remembered %q: %+v, %v; want the guess", odd, seen.Columns, seen.Err)
		}
	}
}

// A photo larger than a card may be comes in, goes out the same, and changes nothing the second time.
func TestPhotos(t *testing.T) {
	large := bytes.Repeat([]byte{0xff, 0xd8, 0x01, 0x02, 0x03}, 80<<10)
	small := []byte("\xff\xd8 a small one")
	file := ""
	for i, photo := range [][]byte{large, small} {
		file += fmt.Sprintf("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u%d\r\nFN:Person %d\r\nPHOTO:data:image/jpeg;base64,%s\r\nEND:VCARD\r\n", i, i, base64.StdEncoding.EncodeToString(photo))
	}
	f, s := write(t, "photos.vcf", file), newStore(t)
	for _, want := range []data.Imported{{Added: 2}, {Unchanged: 2}} {
		if got := outcome(t, s, f); got != want {
			t.Fatalf("import: %+v; want %+v", got, want)
		}
	}
	if n := len(state(t, s)["u0"]); n < len(large) {
		t.Errorf("a card of %d bytes goes out; want its photo in it", n)
	}
	c, err := s.Contact(t.Context(), "u0")
	if err != nil || len(c.Card.BlobIDs()) != 1 {
		t.Errorf("stored: %v, %v; want the photo as a blob", c.Card.BlobIDs(), err)
	}
	for _, o := range cardfile.Outputs {
		if !o.Whole {
			continue
		}
		out := filepath.Join(t.TempDir(), "a"+o.Ending)
		if _, err := Export(t.Context(), s, order(t, s), o, out, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, s, mustFile(t, out)); got != (data.Imported{Unchanged: 2}) {
			t.Errorf("%s: imported where it came from: %+v", o.Name, got)
		}
		other := newStore(t)
		if got := outcome(t, other, mustFile(t, out)); got != (data.Imported{Added: 2}) {
			t.Errorf("%s: imported elsewhere: %+v", o.Name, got)
		}
		if a, b := state(t, s)["u0"], state(t, other)["u0"]; a != b && o.Name != "vcf3" { // 3.0 remembers how it spelled things
			t.Errorf("%s: another card: %d and %d bytes", o.Name, len(a), len(b))
		}
	}
}

func TestReplace(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.vcf")
	if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newStore(t)
	if _, err := s.AddAll(t.Context(), []contact.Card{contacttest.Realistic(1, 1), contacttest.Realistic(1, 2)}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := order(t, s)
	if _, err := Export(ctx, s, rows, cardfile.Outputs[0], name, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled export: %v", err)
	}
	files, err := os.ReadDir(filepath.Dir(name))
	if b, _ := os.ReadFile(name); string(b) != "old" || err != nil || len(files) != 1 {
		t.Errorf("after a cancelled export: %q, %v, %v; want the old file alone", b, files, err)
	}
	if n, err := Export(t.Context(), s, rows[:1], cardfile.Outputs[0], name, func(int, int) {}); err != nil || n != 1 {
		t.Errorf("export: %d, %v", n, err)
	}
	if b, _ := os.ReadFile(name); bytes.Count(b, []byte("BEGIN:VCARD")) != 1 {
		t.Errorf("exported: %q", b)
	}
}
