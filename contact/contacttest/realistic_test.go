package contacttest

import (
	"testing"
	"unicode"

	"github.com/google/uuid"
)

func TestRealistic(t *testing.T) {
	const n = 10_000
	bytes := 0
	uids := map[string]bool{}
	for i := range n {
		c := Realistic(1, i)
		bytes += len(c.JSON())
		u, err := uuid.Parse(c.UID())
		if err != nil || u.Version() != 7 || u.Variant() != uuid.RFC4122 {
			t.Fatalf("card %d: uid %q is not a UUIDv7: %v", i, c.UID(), err)
		}
		uids[c.UID()] = true
		if err := c.Validate(); err != nil {
			t.Fatalf("card %d: %v\n%s", i, err, c.JSON())
		}
		for _, e := range c.Emails() {
			for _, r := range e.Value {
				if r > unicode.MaxASCII {
					t.Fatalf("card %d: mail address %q", i, e.Value)
				}
			}
		}
	}
	if len(uids) != n {
		t.Errorf("%d cards have %d uids", n, len(uids))
	}
	if mean := bytes / n; mean < 400 || mean > 430 {
		t.Errorf("mean size is %d bytes of JSON, want about 415", mean)
	}
}

// The cards that a seed stands for are fixed: benchmarks on two machines, and the two ends of one, make the same book.
func TestRealisticIsFixed(t *testing.T) {
	const want = `{"@type":"Card","emails":{"7lgfh869g4bi02lm":{"address":"robin.wanjiru@example.net"}},"name":{"components":[{"kind":"given","value":"Robin 🌻"},{"kind":"surname","value":"Wanjirũ"}],"full":"Robin 🌻 Wanjirũ"},"phones":{"39rciti2gvcl02uh":{"number":"+254 20 555 7584"}},"uid":"016947dd-ebc0-7577-8fc6-6c4c482c0e59","version":"1.0"}`
	if got := string(Realistic(7, 42).JSON()); got != want {
		t.Errorf("card 42 of book 7:\n got %s\nwant %s", got, want)
	}
	if Realistic(7, 42).Equal(Realistic(8, 42)) {
		t.Error("two seeds give the same card")
	}
}
