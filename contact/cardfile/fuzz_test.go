package cardfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"kith/contact"
)

// FuzzReader: whatever the file and its name, it is refused with a reason or read to its end, line by line, and what gives no contact is there
// to be kept.
func FuzzReader(f *testing.F) {
	for _, pattern := range []string{"../vcard/testdata/*.vcf", "../ldif/testdata/*.ldif"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no corpus %s: %v", pattern, err)
		}
		for _, name := range files {
			file, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(file, filepath.Base(name))
		}
	}
	f.Add([]byte("First Name,Last Name,E-mail 1 - Value\r\nAda,King,\"a@b.c ::: d@e.f\"\r\n"), "a.csv")
	f.Add([]byte("sep=;\nName;Was\nAda;\"x\ny\"\n"), "a.txt")
	f.Add([]byte(`[{"name":{"full":"Ada"},"media":{"m":{"uri":"data:image/png;base64,aGVsbG8="}}},5]`), "")
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		blobs := map[string]bool{}
		r, err := NewReader(bytes.NewReader(file), name, TakeBlobs(func(b contact.Blob) error { blobs[b.ID] = true; return nil }))
		if err != nil {
			return
		}
		for parts := 0; ; parts++ {
			c, err := r.Next()
			var broken *Broken
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &broken):
				if broken.Line < 1 || broken.Err == nil || len(broken.Raw) == 0 {
					t.Fatalf("broken: %+v", broken)
				}
			case err != nil:
				return // JSON that ends, text that is not of the character set that it began with
			default:
				if r.Line() < 1 || len(r.Raw()) == 0 {
					t.Fatalf("%s is at line %d, raw %q", c.JSON(), r.Line(), r.Raw())
				}
				for _, id := range c.BlobIDs() {
					if r.Format() != JSON && !blobs[id] { // JSON may refer to one of elsewhere
						t.Fatalf("%s refers to bytes that nobody was given", c.JSON())
					}
				}
			}
			if parts > 2*len(file)+2 {
				t.Fatalf("%d parts of %d bytes", parts, len(file))
			}
		}
	})
}
