package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
)

// A relation to a contact is chosen while its name is typed, saved in both, undone in both, and leads from one to the other.
func TestRelation(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Byron", "Gordon"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	for _, i := range h.editor.addItems() {
		if i.Label == "Relation" {
			i.Action()
		}
	}
	row := h.editor.related.rows[0]
	row.kind.choice.SetSelected("Parent")
	row.value.SetText("gord")
	h.until(t, "Byron is offered", func() bool { return len(row.offered.Objects) == 1 })
	row.offered.Objects[0].(*link).tapped()
	if row.value.Text != "Byron Gordon" || row.entry.ID == "" {
		t.Fatalf("chosen: %q, %q", row.value.Text, row.entry.ID)
	}
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	relation := func() *valueRow {
		for _, b := range h.view.blocks.Objects {
			if found := findRow(b, openScheme); found != nil {
				return found
			}
		}
		return nil
	}
	h.until(t, "the relation is shown", func() bool { return relation() != nil && relation().value.text == "Byron Gordon" })
	relation().Tapped(nil)
	h.untilShown("Byron Gordon")
	h.until(t, "Byron's child is shown", func() bool { return relation() != nil && relation().value.label == "Child" })
	h.undo(1)
	h.until(t, "the relation is gone from Byron", func() bool { return relation() == nil })
}

// A name that is no contact is a relation, too; what was chosen and typed over is the name alone.
func TestRelationToAName(t *testing.T) {
	c := person("Ada", "Lovelace").WithRelation(contact.Relation{Key: "00000000-0000-7000-8000-000000000009", Name: "Somebody gone", Kind: "friend"})
	values := relationValues(c, nil)
	if len(values) != 1 || values[0].text != "Somebody gone" || values[0].open != "" || values[0].label != "Friend" {
		t.Errorf("got %+v", values)
	}
	f := formOf(c)
	f.Related[0] = contact.Entry{Value: "Mary Somerville", Kind: "friend"}
	got := f.apply(c).Relations()
	if len(got) != 1 || got[0].Key != "Mary Somerville" || got[0].Name != "Mary Somerville" {
		t.Errorf("got %+v", got)
	}
}

// findRow is the first value in a block that a click opens so.
func findRow(o fyne.CanvasObject, prefix string) *valueRow {
	found := find(o, func(o fyne.CanvasObject) bool {
		r, ok := o.(*valueRow)
		return ok && strings.HasPrefix(r.value.open, prefix)
	})
	r, _ := found.(*valueRow)
	return r
}
