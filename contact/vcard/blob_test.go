package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

// blobs is a store of bytes.
type blobs map[string][]byte

func (b blobs) take(blob contact.Blob) error { b[blob.ID] = slices.Clone(blob.Bytes); return nil }

func (b blobs) give(id string) ([]byte, error) {
	if bytes, ok := b[id]; ok {
		return bytes, nil
	}
	return nil, fmt.Errorf("blob %s: %w", id, contact.ErrNoBlob)
}

// Each file of the corpus is written the same whether its photos have been outside of the cards or not.
func TestBlobsThere(t *testing.T) {
	detached := 0
	for _, name := range corpus(t) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := readAll(t, file)
		held := blobs{}
		r := NewReader(bytes.NewReader(file), TakeBlobs(held.take))
		for i := 0; ; i++ {
			c, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			var broken *BrokenCard
			if errors.As(err, &broken) {
				i--
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			detached += len(c.BlobIDs())
			for _, v := range []Version{V30, V40} {
				var with bytes.Buffer
				if err := NewWriter(&with, v, GiveBlobs(held.give)).Write(c); err != nil {
					t.Fatal(err)
				}
				if want := write(t, v, plain[i]); !bytes.Equal(with.Bytes(), want) {
					t.Errorf("%s, card %d in %s: got\n%s\nwant\n%s", filepath.Base(name), i, v, with.Bytes(), want)
				}
			}
			var without bytes.Buffer
			if err := NewWriter(&without, V40, GiveBlobs(blobs{}.give)).Write(c); err != nil {
				t.Fatal(err)
			}
			again, _ := readAll(t, without.Bytes())
			if !slices.Equal(again[0].BlobIDs(), c.BlobIDs()) {
				t.Errorf("%s, card %d without its blobs: %v, want %v", filepath.Base(name), i, again[0].BlobIDs(), c.BlobIDs())
			}
		}
	}
	if detached < 3 {
		t.Errorf("only %d photos in the corpus came as bytes", detached)
	}
}

// A photo of any size leaves a card that a book takes.
func TestBlobOfALargeCard(t *testing.T) {
	file := "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\r\nPHOTO:data:image/jpeg;base64," + strings.Repeat("AAAA", 300<<10) + "\r\nEND:VCARD\r\n"
	held := blobs{}
	c, err := NewReader(strings.NewReader(file), TakeBlobs(held.take)).Next()
	if err != nil || len(c.BlobIDs()) != 1 || len(held[c.BlobIDs()[0]]) != 3*300<<10 {
		t.Errorf("got %v, %v", c.BlobIDs(), err)
	}
	full := errors.New("the disk is full")
	if _, err := NewReader(strings.NewReader(file), TakeBlobs(func(contact.Blob) error { return full })).Next(); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
	if err := NewWriter(io.Discard, V40, GiveBlobs(func(string) ([]byte, error) { return nil, full })).Write(c); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}
