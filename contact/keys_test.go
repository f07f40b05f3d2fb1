package contact

import "testing"

func TestWithKeysOf(t *testing.T) {
	tests := []struct{ name, mine, theirs, want string }{
		{"the same value under another key", `{"emails":{"x":{"address":"a"}}}`, `{"emails":{"k1":{"address":"a"}}}`, `{"emails":{"k1":{"address":"a"}}}`},
		{"another value keeps its key", `{"emails":{"x":{"address":"a"}}}`, `{"emails":{"k1":{"address":"b"}}}`, `{"emails":{"x":{"address":"a"}}}`},
		{"two of the same value take a key each", `{"emails":{"x":{"address":"a"},"y":{"address":"a"}}}`,
			`{"emails":{"k1":{"address":"a"},"k2":{"address":"a"}}}`, `{"emails":{"k1":{"address":"a"},"k2":{"address":"a"}}}`},
		{"one has its key already", `{"emails":{"k1":{"address":"a"},"x":{"address":"b"}}}`, `{"emails":{"k1":{"address":"a"},"k2":{"address":"b"}}}`,
			`{"emails":{"k1":{"address":"a"},"k2":{"address":"b"}}}`},
		{"a key in use for another value", `{"emails":{"x":{"address":"a"},"k1":{"address":"b"}}}`, `{"emails":{"k1":{"address":"a"}}}`,
			`{"emails":{"k1":{"address":"b"},"x":{"address":"a"}}}`},
		{"no entries", `{"name":{"full":"A"},"keywords":{"starred":true}}`, `{"name":{"full":"B"}}`, `{"keywords":{"starred":true},"name":{"full":"A"}}`},
		{"pointers into the card", `{"emails":{"x":{"address":"a"}},"localizations":{"de":{"emails/x/label":"b"}}}`, `{"emails":{"k1":{"address":"a"}}}`,
			`{"emails":{"x":{"address":"a"}},"localizations":{"de":{"emails/x/label":"b"}}}`},
		{"a default written out", `{"titles":{"x":{"kind":"title","name":"Countess"}}}`, `{"titles":{"title":{"name":"Countess"}}}`,
			`{"titles":{"title":{"name":"Countess"}}}`},
		{"members that are no maps", `{"created":"2024-01-01T00:00:00Z","kind":"individual","vCardProps":[["x",{},"text","y"]]}`, `{"kind":"org"}`,
			`{"created":"2024-01-01T00:00:00Z","kind":"individual","vCardProps":[["x",{},"text","y"]]}`},
		{"nothing to compare with", `{"emails":{"x":{"address":"a"}}}`, `{}`, `{"emails":{"x":{"address":"a"}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mine, err := Parse([]byte(tt.mine))
			if err != nil {
				t.Fatal(err)
			}
			theirs, err := Parse([]byte(tt.theirs))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(mine.WithKeysOf(theirs).JSON()); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := string(mine.JSON()); got != tt.mine && tt.name != "no entries" && tt.name != "a key in use for another value" {
				t.Errorf("the card itself changed: %s", got)
			}
		})
	}
}
