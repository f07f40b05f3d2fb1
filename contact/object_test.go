package contact_test

import (
	"encoding/json"
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
)

// A card is the same by its text and by its object, and its copy is a copy.
func TestObject(t *testing.T) {
	for i := range 50 {
		c := contacttest.Realistic(7, i)
		copied := c.Object()
		same, err := contact.FromObject(copied)
		if err != nil || !same.Equal(c) {
			t.Fatalf("%s became %s, %v", c.JSON(), same.JSON(), err)
		}
		before := string(c.JSON())
		copied["uid"] = "another"
		for _, member := range copied {
			if m, ok := member.(map[string]any); ok {
				clear(m)
			}
		}
		if string(c.JSON()) != before {
			t.Fatalf("a change of the copy changed %s", before)
		}
	}
	if (contact.Card{}).Object() != nil {
		t.Error("the zero Card has an object")
	}
	deep := any("x")
	for range 100 {
		deep = []any{deep}
	}
	for name, o := range map[string]map[string]any{
		"null": nil, "an int": {"a": 1}, "deep": {"a": deep}, "no UTF-8": {"a": "\xff"}, "a name of no UTF-8": {"\xff": "a"},
		"no number": {"a": json.Number("1x")}, "inside": {"a": []any{map[string]any{"b": struct{}{}}}},
	} {
		if c, err := contact.FromObject(o); err == nil {
			t.Errorf("%s became %s", name, c.JSON())
		}
	}
}
