package rest

import "testing"

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"localhost:8420", "http://localhost:8420"},
		{"127.0.0.1:8420", "http://127.0.0.1:8420"},
		{"[::1]:8420", "http://[::1]:8420"},
		{"LOCALHOST", "http://localhost"},
		{"kith.example.org", "https://kith.example.org"},
		{" Kith.Example.org:444/ ", "https://kith.example.org:444"},
		{"https://example.org/kith//", "https://example.org/kith"},
		{"https://example.org/kith/v1/", "https://example.org/kith"},
		{"example.org/kith", "https://example.org/kith"},
		{"http://192.168.1.5:8420", "http://192.168.1.5:8420"},
		{"https://localhost:8420", "https://localhost:8420"},
	} {
		if got, err := Normalize(c.in); err != nil || got != c.want {
			t.Errorf("Normalize(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"", "  ", "ftp://example.org", "https://", "http://a b", "https://ada:pw@example.org", "https://example.org?x=1", "://", "mailto:ada@example.org", "%%%"} {
		if got, err := Normalize(in); err == nil {
			t.Errorf("Normalize(%q) = %q, want an error", in, got)
		}
	}
}
