package ui

import "testing"

// Rows that could not be read are asked for again, and the list says no longer that they could not.
func TestRowsAreReadAfterAFault(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.untilListed("Ada Lovelace")
	closed := newTestStore(t, t.TempDir())
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	fresh := func() bool {
		_, _, fresh := h.list.rows.get(h.list.order[0])
		return fresh
	}
	h.list.store = closed
	h.list.rows.outdate()
	h.list.inSight(0, 1)
	h.until(t, "the list says that its rows can't be read", func() bool { return h.list.empty.box.Visible() })
	h.list.store = h.store
	h.list.inSight(0, 1)
	h.until(t, "the rows are read", func() bool { return fresh() && !h.list.empty.box.Visible() })
}
