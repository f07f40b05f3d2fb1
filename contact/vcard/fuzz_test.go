package vcard

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"
)

// FuzzContentLine: any line that is one gives the same property again when it is written and read.
func FuzzContentLine(f *testing.F) {
	for _, file := range corpus(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range bytes.Split(raw, []byte("\n")) {
			f.Add(line, false)
			f.Add(line, true)
		}
	}
	f.Fuzz(func(t *testing.T, line []byte, old bool) {
		if bytes.ContainsAny(line, "\r\n") {
			return // unfold gives lines without
		}
		p, err := parseProperty(line, old)
		if err != nil {
			return
		}
		again, err := parseProperty([]byte(format(p)), false)
		if err != nil {
			t.Fatalf("%q became %q: %v", line, format(p), err)
		}
		if !sameButSpaces(p, again) {
			t.Fatalf("%q\nis  %+v\nand %+v", line, p, again)
		}
		if q, ok := fromJCard(toJCard(p)); ok != (p.Name != "VERSION") || ok && !sameButSpaces(q, p) {
			t.Fatalf("%q\nis  %+v\nand %+v by jCard", line, p, q)
		}
	})
}

// sameButSpaces leaves out an empty list of values, which is a list of an empty one.
func sameButSpaces(p, q property) bool {
	for _, o := range []*property{&p, &q} {
		*o = o.clone()
		for i := range o.Params {
			if len(o.Params[i].Values) == 0 {
				o.Params[i].Values = []string{""}
			}
		}
	}
	return p.same(q)
}

// FuzzFile: whatever the file, reading ends in good time, every byte that isn't white space is in a card or in a broken part, and no
// card loses a property on its way out.
func FuzzFile(f *testing.F) {
	for _, file := range corpus(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD\nAGENT:\nBEGIN:VCARD"))
	f.Add([]byte("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nAGENT:\n\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD\nEND:VCARD\n"))
	f.Add([]byte("BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:=\nEND:VCARD\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		started := time.Now()
		cards, broken := readAll(t, file)
		for _, c := range cards {
			if err := checkLossless(t, write(t, V30, c)); err != nil {
				t.Fatal(err)
			}
		}
		for _, b := range broken {
			if b.Line < 1 || b.Err == nil || len(b.Raw) == 0 {
				t.Fatalf("broken %+v", b)
			}
		}
		if err := checkFile(t, file); err != nil {
			t.Fatal(err)
		}
		if taken := time.Since(started); taken > 20*time.Second {
			t.Fatalf("%d bytes took %v", len(file), taken)
		}
	})
}

// checkFile is checkLossless for the cards of a file that has broken ones too.
func checkFile(t tester, file []byte) error {
	r := NewReader(bytes.NewReader(file))
	for {
		err := r.nextBlock()
		var broken *BrokenCard
		if errors.As(err, &broken) {
			continue
		}
		if err != nil {
			return nil
		}
		if _, _, err := parseBlock(&r.block); err == nil {
			if err := checkLossless(t, bytes.Clone(r.block.raw)); err != nil {
				return err
			}
		}
	}
}
