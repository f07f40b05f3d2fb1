package contact_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/contact"
	"kith/contact/contacttest"
)

// three draws a base and two edits of it; now and then the base or a side is not there, or a side is another card.
func three(t *rapid.T) (base, local, remote contact.Card) {
	base = contacttest.Card(t)
	side := func(label string) contact.Card {
		switch rapid.IntRange(0, 9).Draw(t, label) {
		case 0:
			return contact.Card{}
		case 1:
			return contacttest.Card(t)
		}
		return contacttest.Edit(t, base)
	}
	local, remote = side("local"), side("remote")
	if rapid.IntRange(0, 9).Draw(t, "base") == 0 {
		base = contact.Card{}
	}
	return base, local, remote
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, l, r := three(t)
		prefer := rapid.SampledFrom([]contact.Side{contact.Local, contact.Remote}).Draw(t, "prefer")
		checkMerge(t, b, l, r, prefer)
	})
}

// checkMerge holds the laws of Merge for one base and two sides.
func checkMerge(t fataler, b, l, r contact.Card, prefer contact.Side) {
	t.Helper()
	for name, c := range map[string][3]contact.Card{"Merge(b,b,x)": {b, b, l}, "Merge(b,x,b)": {b, l, b}, "Merge(b,x,x)": {b, l, l}} {
		if got, conflicts := contact.Merge(c[0], c[1], c[2], prefer); !got.Equal(l) || len(conflicts) > 0 {
			t.Fatalf("%s = %s, %v\nx: %s", name, got.JSON(), conflicts, l.JSON())
		}
	}
	before := [3]string{string(b.JSON()), string(l.JSON()), string(r.JSON())}
	got, conflicts := contact.Merge(b, l, r, prefer)
	if after := [3]string{string(b.JSON()), string(l.JSON()), string(r.JSON())}; after != before {
		t.Fatalf("Merge changed %q into %q", before, after)
	}
	swapped, mirrored := contact.Merge(b, r, l, prefer.Other())
	if !swapped.Equal(got) || len(mirrored) != len(conflicts) {
		t.Fatalf("swapped: %s, %v\nwant %s, %v", swapped.JSON(), mirrored, got.JSON(), conflicts)
	}
	for i, c := range conflicts {
		c.Local, c.Remote = c.Remote, c.Local
		if m := mirrored[i]; m.Path != c.Path || or(m.Base) != or(c.Base) || or(m.Local) != or(c.Local) || or(m.Remote) != or(c.Remote) {
			t.Fatalf("swapped: conflict %v, want %v", m, c)
		}
	}
	if other, _ := contact.Merge(b, l, r, prefer.Other()); len(conflicts) == 0 && !other.Equal(got) {
		t.Fatalf("without a conflict the preferred side matters: %s and %s", got.JSON(), other.JSON())
	}
	if !slices.IsSortedFunc(conflicts, func(a, b contact.Conflict) int { return strings.Compare(a.Path, b.Path) }) {
		t.Fatalf("conflicts are not ordered: %v", conflicts)
	}
	for _, c := range conflicts {
		stands, gave := c.Local, c.Remote
		if prefer == contact.Remote {
			stands, gave = c.Remote, c.Local
		}
		if or(stands) == or(gave) || or(stands) == or(c.Base) || or(gave) == or(c.Base) {
			t.Fatalf("no conflict: %+v", c)
		}
		if or(got.At(c.Path)) != or(stands) {
			t.Fatalf("%s stands at %s, want the preferred %s", or(got.At(c.Path)), c.Path, or(stands))
		}
	}
	checkAccounted(t, b, l, r, got, conflicts)
	checkAccounted(t, b, r, l, got, conflicts)
	checkOrigins(t, l, r, got)
}

// checkAccounted holds that each leaf of side is in the result or in a conflict, or was the base's and so gave way to other's edit.
func checkAccounted(t fataler, base, side, other, result contact.Card, conflicts []contact.Conflict) {
	t.Helper()
	listed := map[string]bool{}
	for _, c := range conflicts {
		for _, v := range []json.RawMessage{c.Local, c.Remote} {
			for _, l := range leavesOf(v) {
				listed[l.value] = true
			}
		}
	}
	values := map[string]bool{}
	for _, l := range leavesOf(result.JSON()) {
		values[l.value] = true
	}
	whole := map[string]bool{}
	for _, l := range leavesOf(base.JSON()) {
		whole[l.path+" "+l.value] = true
	}
	for _, l := range leavesOf(side.JSON()) {
		switch {
		case values[l.value], listed[l.value], whole[l.path+" "+l.value]:
		case strings.HasPrefix(l.path, "/updated "), strings.HasPrefix(l.path, "/name/full "):
		case strings.HasPrefix(l.path, "/notes/"):
		default:
			t.Fatalf("%s %s is lost\nbase   %s\nside   %s\nother  %s\nresult %s\nconflicts %v", l.path, l.value,
				base.JSON(), side.JSON(), other.JSON(), result.JSON(), conflicts)
		}
	}
}

// Every text that a side changed is made its own, so that no other can stand for it: it is in the result or in a conflict, wherever
// the other side did not take the same thing away.
func TestMergeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, l, r := three(t)
		l, r = marked(b, l, "<l>"), marked(b, r, "<r>")
		got, conflicts := contact.Merge(b, l, r, contact.Remote)
		all := string(got.JSON())
		for _, c := range conflicts {
			all += "\n" + string(c.Local) + "\n" + string(c.Remote)
		}
		for mark, side := range map[string]contact.Card{"<l>": l, "<r>": r} {
			for _, leaf := range leavesOf(side.JSON()) {
				text := strings.Trim(leaf.value, `"`)
				if strings.Contains(text, `\u003c`+mark[1:2]) && !strings.Contains(escaped(all), leaf.value) {
					t.Fatalf("%s %s is lost\nbase   %s\nlocal  %s\nremote %s\nresult %s\nconflicts %v", leaf.path, leaf.value,
						b.JSON(), l.JSON(), r.JSON(), got.JSON(), conflicts)
				}
			}
		}
	})
}

// escaped is JSON with the escapes that leavesOf has.
func escaped(s string) string {
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(s)
}

// marked is side with a mark on each text that base does not have in that place. A full name and a note may be made of both sides'.
func marked(base, side contact.Card, mark string) contact.Card {
	if side.IsZero() {
		return side
	}
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(string(side.JSON())))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	old := map[string]bool{}
	for _, l := range leavesOf(base.JSON()) {
		old[l.path+l.value] = true
	}
	var walk func(path, name string, v any) any
	walk = func(path, name string, v any) any {
		switch v := v.(type) {
		case map[string]any:
			for name, child := range v {
				v[name] = walk(path+"/"+name, name, child)
			}
		case []any:
			for i, child := range v {
				v[i] = walk(path+"[]", "", child)
			}
		case string:
			value, _ := json.Marshal(v)
			if old[path+" "+string(value)] || slices.Contains([]string{"kind", "full", "note", "updated", "uid", "@type", "version"}, name) {
				return v
			}
			return v + mark
		}
		return v
	}
	b, err := json.Marshal(walk("", "", v))
	if err != nil {
		panic(err)
	}
	c, err := contact.Parse(b)
	if err != nil {
		panic(err)
	}
	return c
}

// checkOrigins holds that each leaf of the result is a side's, but for a full name and a note.
func checkOrigins(t fataler, local, remote, result contact.Card) {
	t.Helper()
	from := map[string]bool{}
	for _, l := range append(leavesOf(local.JSON()), leavesOf(remote.JSON())...) {
		from[l.path+l.value] = true
	}
	for _, l := range leavesOf(result.JSON()) {
		if !from[l.path+l.value] && l.path != "/name/full " && !strings.HasPrefix(l.path, "/notes/") {
			t.Fatalf("%s %s appears from nowhere\nlocal  %s\nremote %s\nresult %s", l.path, l.value, local.JSON(), remote.JSON(), result.JSON())
		}
	}
}

type leaf struct{ path, value string }

// leavesOf lists the values of a JSON text that are neither objects nor arrays; an array stands in a path as [].
func leavesOf(b []byte) []leaf {
	if b == nil {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(err)
	}
	var out []leaf
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, v := range v {
				walk(path+"/"+name, v)
			}
		case []any:
			for _, v := range v {
				walk(path+"[]", v)
			}
		default:
			value, _ := json.Marshal(v)
			out = append(out, leaf{path + " ", string(value)})
		}
	}
	walk("", v)
	return out
}

func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"emails":{"a":{"address":"x"}}}`), []byte(`{"emails":{"a":{"address":"y"},"b":{}}}`), []byte(`{"emails":{}}`), true)
	f.Add([]byte(`{"name":{"full":"A B","components":[{"kind":"given","value":"A"},{"kind":"surname","value":"B"}]}}`),
		[]byte(`{"name":{"full":"C B","components":[{"kind":"given","value":"C"},{"kind":"surname","value":"B"}]}}`),
		[]byte(`{"name":{"full":"A D","components":[{"kind":"given","value":"A"},{"kind":"surname","value":"D"}]}}`), false)
	f.Add([]byte(`{"notes":{"n":{"note":"1\n2\n3"}}}`), []byte(`{"notes":{"n":{"note":"0\n1\n2"}}}`), []byte(`{"notes":{"n":{"note":"1\n3\n4"}}}`), true)
	f.Fuzz(func(t *testing.T, base, local, remote []byte, preferLocal bool) {
		var cards [3]contact.Card
		for i, text := range [][]byte{base, local, remote} {
			c, err := contact.Parse(text)
			if err != nil && len(text) > 0 {
				return
			}
			cards[i] = c
		}
		prefer := contact.Remote
		if preferLocal {
			prefer = contact.Local
		}
		checkMerge(t, cards[0], cards[1], cards[2], prefer)
	})
}

func BenchmarkMerge(b *testing.B) {
	base := contacttest.Realistic(1, 1)
	local, remote := base.WithNote("another"), base.WithSurname("Lovelace").WithTitle("Countess")
	b.ReportAllocs()
	for b.Loop() {
		contact.Merge(base, local, remote, contact.Local)
	}
}
