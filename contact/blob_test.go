package contact

import (
	"errors"
	"slices"
	"testing"
)

func TestBlobs(t *testing.T) {
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // SHA-256 of "hello"
	for _, tc := range []struct{ name, entry, detached string }{
		{"a photo", `{"kind":"photo","uri":"data:image/png;base64,aGVsbG8="}`, `{"blobId":"` + hello + `","kind":"photo","mediaType":"image/png"}`},
		{"with a type beside", `{"mediaType":"image/gif","uri":"data:image/png;base64,aGVsbG8="}`,
			`{"blobId":"` + hello + `","kith.app:blobType":"image/png","mediaType":"image/gif"}`},
		{"without a type", `{"uri":"data:;base64,aGVsbG8="}`, `{"blobId":"` + hello + `","kith.app:blobType":""}`},
		{"with parameters", `{"uri":"data:image/png;x=y;base64,aGVsbG8="}`, ``},
		{"not in base64", `{"uri":"data:text/plain,hello"}`, ``},
		{"not canonical", `{"uri":"data:image/png;base64,aGVsbG9="}`, ``},
		{"with a line end", `{"uri":"data:image/png;base64,aGVs\nbG8="}`, ``},
		{"elsewhere", `{"uri":"https://example.com/a.png"}`, ``},
		{"empty", `{"uri":"data:image/png;base64,"}`, ``},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Parse([]byte(`{"media":{"m":` + tc.entry + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			taken := map[string]Blob{}
			detached, err := c.DetachBlobs(func(b Blob) error { taken[b.ID] = b; return nil })
			if err != nil {
				t.Fatal(err)
			}
			want, ids := tc.detached, []string{hello}
			if want == "" {
				want, ids = tc.entry, nil
			}
			same, err := Parse([]byte(`{"media":{"m":` + want + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			if !detached.Equal(same) || len(taken) != len(ids) || !slices.Equal(detached.BlobIDs(), ids) {
				t.Errorf("detached %s with %v, want %s", detached.JSON(), taken, want)
			}
			attached, err := detached.AttachBlobs(func(id string) ([]byte, error) {
				if b, ok := taken[id]; ok {
					return b.Bytes, nil
				}
				return nil, errors.New("not taken")
			})
			if err != nil || !attached.Equal(c) {
				t.Errorf("attached %s, %v, want %s", attached.JSON(), err, c.JSON())
			}
			if missing, err := detached.AttachBlobs(func(string) ([]byte, error) { return nil, ErrNoBlob }); err != nil || !missing.Equal(detached) {
				t.Errorf("without the blob: %s, %v", missing.JSON(), err)
			}
		})
	}
	c, err := Parse([]byte(`{"media":{"m":{"uri":"data:image/png;base64,aGVsbG8="}}}`))
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	if kept, err := c.DetachBlobs(func(Blob) error { return full }); !errors.Is(err, full) || !kept.Equal(c) {
		t.Errorf("a blob that can't be kept: %s, %v", kept.JSON(), err)
	}
}
