package syncer_test

import (
	"errors"
	"testing"

	"kith/syncer"
)

func TestParseLink(t *testing.T) {
	const code = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for _, c := range []struct{ name, link, server string }{
		{"at the root", "https://kith.example.org/join#" + code, "https://kith.example.org"},
		{"below a prefix", "https://example.org/team/kith/join#" + code, "https://example.org/team/kith"},
		{"with a port, from this machine", "http://127.0.0.1:8420/join#" + code, "http://127.0.0.1:8420"},
		{"as a mail shows it", " <https://Kith.example.org/join/#" + code + ">\n", "https://kith.example.org"},
		{"without a code", "https://kith.example.org/join", ""},
		{"with half a code", "https://kith.example.org/join#ABC", ""},
		{"of another page", "https://kith.example.org/v1/books#" + code, ""},
		{"no address", code, ""},
		{"of another kind", "ftp://kith.example.org/join#" + code, ""},
		{"what a code can't hold", "https://kith.example.org/join#ABCDEFGHIJKLMNOPQRSTUVW%20XYZ", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, got, err := syncer.ParseLink(c.link)
			if c.server == "" {
				if !errors.Is(err, syncer.ErrLink) {
					t.Errorf("got %q, %q, %v, want ErrLink", server, got, err)
				}
				return
			}
			if err != nil || server != c.server || got != code {
				t.Fatalf("got %q, %q, %v", server, got, err)
			}
			if again, _, err := syncer.ParseLink(syncer.Link(server, code)); err != nil || again != server {
				t.Errorf("there and back: %q, %v", again, err)
			}
		})
	}
}

func FuzzParseLink(f *testing.F) {
	f.Add("https://example.org/team/kith/join#ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	f.Fuzz(func(t *testing.T, link string) {
		server, code, err := syncer.ParseLink(link)
		if err != nil {
			return
		}
		again, same, err := syncer.ParseLink(syncer.Link(server, code))
		if err != nil || again != server || same != code {
			t.Errorf("%q is %q and %q, and again %q and %q, %v", link, server, code, again, same, err)
		}
	})
}
