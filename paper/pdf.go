package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// document writes a PDF 1.7 (ISO 32000-1), object by object: it holds no page, only where each object stands.
type document struct {
	w       io.Writer
	written int64
	offsets []int64 // of object n at n-1; 0: not written yet
	pages   []int
	packer  *zlib.Writer
	err     error
}

// The objects that others refer to before they are written.
const (
	objCatalog = iota + 1
	objPages
	objResources
	objInfo
	objTotal // draws the number of pages
	reserved = objTotal
)

func newDocument(w io.Writer) *document {
	d := &document{w: w, offsets: make([]int64, reserved), packer: zlib.NewWriter(io.Discard)}
	d.print("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n") // the second line says that the file is not text (section 7.5.2)
	return d
}

func (d *document) print(format string, args ...any) {
	if d.err != nil {
		return
	}
	n, err := fmt.Fprintf(d.w, format, args...)
	d.written += int64(n)
	d.err = err
}

// reserve gives a number to an object that is written later.
func (d *document) reserve() int {
	d.offsets = append(d.offsets, 0)
	return len(d.offsets)
}

// object writes an object that has a number.
func (d *document) object(n int, body string) {
	d.offsets[n-1] = d.written
	d.print("%d 0 obj\n%s\nendobj\n", n, body)
}

// stream writes a compressed stream; entries are those of its dictionary beside the usual ones.
func (d *document) stream(n int, entries string, content []byte) {
	var packed bytes.Buffer
	d.packer.Reset(&packed)
	_, _ = d.packer.Write(content) // a bytes.Buffer takes all
	_ = d.packer.Close()
	d.offsets[n-1] = d.written
	d.print("%d 0 obj\n<< /Length %d /Filter /FlateDecode %s >>\nstream\n", n, packed.Len(), entries)
	d.print("%s", packed.Bytes())
	d.print("\nendstream\nendobj\n")
}

// page adds a page with its content.
func (d *document) page(content []byte) {
	stream, page := d.reserve(), d.reserve()
	d.stream(stream, "", content)
	d.object(page, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /Contents %d 0 R >>", objPages, stream))
	d.pages = append(d.pages, page)
}

// close writes what all pages share, and the table of objects. resources is the dictionary of that name.
func (d *document) close(size Size, resources, title string, now time.Time) error {
	var kids strings.Builder
	for _, p := range d.pages {
		fmt.Fprintf(&kids, "%d 0 R ", p)
	}
	d.object(objCatalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /ViewerPreferences << /DisplayDocTitle true >> >>", objPages))
	d.object(objPages, fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 %s %s] /Resources %d 0 R >>",
		len(d.pages), kids.String(), number(size.Width), number(size.Height), objResources))
	d.object(objResources, resources)
	d.object(objInfo, fmt.Sprintf("<< /Title %s /Producer (Kith) /CreationDate (D:%sZ) >>", pdfText(title), now.UTC().Format("20060102150405")))
	start := d.written
	d.print("xref\n0 %d\n0000000000 65535 f \n", len(d.offsets)+1)
	for _, offset := range d.offsets {
		d.print("%010d 00000 n \n", offset)
	}
	d.print("trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(d.offsets)+1, objCatalog, objInfo, start)
	return d.err
}

// pdfText is a text string (section 7.9.2.2): UTF-16 with a mark, in hex.
func pdfText(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}

// number writes a coordinate, to a hundredth of a point.
func number(v float64) string {
	s := fmt.Sprintf("%.2f", v)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
