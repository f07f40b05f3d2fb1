package contact

import (
	"slices"
	"strings"
	"testing"
)

func TestLabels(t *testing.T) {
	c := mustParse(t, `{"@type":"Card","version":"1.0","uid":"u","keywords":{"starred":true,"Work":true,"family":true,"off":false,"x":1}}`)
	if got, want := c.Labels(), []string{"Work", "family"}; !slices.Equal(got, want) {
		t.Errorf("labels = %q; want %q", got, want)
	}
	with := c.WithLabel("Chess club", true)
	if got, want := with.Labels(), []string{"Chess club", "Work", "family"}; !slices.Equal(got, want) || !with.Starred() {
		t.Errorf("with one more = %q, a favourite: %t; want %q, true", got, with.Starred(), want)
	}
	if back := with.WithLabel("Chess club", false); !back.Equal(c) {
		t.Errorf("and off again = %s; want %s", back.JSON(), c.JSON())
	}
	if same := c.WithLabel("Work", true); !same.Equal(c) {
		t.Errorf("a label that is there = %s; want no change", same.JSON())
	}
	bare := mustParse(t, `{"@type":"Card","version":"1.0","uid":"u"}`)
	if back := bare.WithLabel("a", true).WithLabel("a", false); !back.Equal(bare) {
		t.Errorf("the only label on and off = %s; want %s", back.JSON(), bare.JSON())
	}
}

func TestLabelName(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"Family", "Family"}, {"  Book \t club ", "Book club"}, {"友達", "友達"}, {"starred", ""}, {" ", ""}, {"a\x00b", ""},
		{strings.Repeat("é", LongestLabel), strings.Repeat("é", LongestLabel)}, {strings.Repeat("é", LongestLabel+1), ""},
	} {
		got, err := LabelName(tt.typed)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("LabelName(%q) = %q, %v; want %q", tt.typed, got, err, tt.want)
		}
	}
}
