package contact_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kith/contact"
	"kith/contact/contacttest"
)

func TestReconcile(t *testing.T) {
	const (
		merge, newest, ask = contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk
		base               = `{"a":1,"b":1}`
	)
	all := []contact.Strategy{merge, newest, ask}
	tests := []struct {
		name                string
		strategies          []contact.Strategy
		base, local, remote string // a card and when it was edited; "x" before it: deleted; "" : no version
		want                string // likewise
		push                bool
		lost                []string // by path, from what lost to what stands
		lostSide            contact.Side
		review, ask         []string
	}{
		{name: "nothing changed", strategies: all, base: base + "@1", local: base + "@1", remote: base + "@1", want: base + "@1"},
		{name: "only the remote changed", strategies: all, base: base + "@1", local: base + "@1", remote: `{"a":2}@2`, want: `{"a":2}@2`},
		{name: "only the local changed", strategies: all, base: base + "@1", local: `{"a":2}@2`, remote: base + "@1", want: `{"a":2}@2`, push: true},
		{name: "only the local changed, and has the slower clock", strategies: all, base: base + "@5", local: `{"a":2}@2`, remote: base + "@5",
			want: `{"a":2}@5`, push: true},
		{name: "new here", strategies: all, local: `{"a":2}@2`, want: `{"a":2}@2`, push: true},
		{name: "new there", strategies: all, remote: `{"a":2}@2`, want: `{"a":2}@2`},
		{name: "the same edit", strategies: all, base: base + "@1", local: `{"a":2}@2`, remote: `{"a":2}@3`, want: `{"a":2}@3`},
		{name: "the same new card", strategies: all, local: `{"a":2}@2`, remote: `{"a":2}@3`, want: `{"a":2}@3`},

		{name: "different fields", strategies: []contact.Strategy{merge, ask, "unheard of"}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":1,"b":2}@2`, want: `{"a":2,"b":2}@3`, push: true},
		{name: "different fields, later here", strategies: []contact.Strategy{newest}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":1,"b":2}@2`, want: `{"a":2,"b":1}@3`, push: true, lost: []string{"/b 2 1"}, lostSide: contact.Remote, review: []string{"/b 1 1 2"}},
		{name: "different fields, later there", strategies: []contact.Strategy{newest}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":1,"b":2}@4`, want: `{"a":1,"b":2}@4`, lost: []string{"/a 2 1"}, lostSide: contact.Local, review: []string{"/a 1 2 1"}},

		{name: "the same field, later here", strategies: []contact.Strategy{merge}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":3,"b":2}@2`, want: `{"a":2,"b":2}@3`, push: true, lost: []string{"/a 3 2"}, lostSide: contact.Remote, review: []string{"/a 1 2 3"}},
		{name: "the same field, later there", strategies: []contact.Strategy{merge}, base: base + "@1", local: `{"a":2,"b":2}@3`,
			remote: `{"a":3,"b":1}@4`, want: `{"a":3,"b":2}@4`, push: true, lost: []string{"/a 2 3"}, lostSide: contact.Local, review: []string{"/a 1 2 3"}},
		{name: "the same field only, later there", strategies: []contact.Strategy{merge}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":3,"b":1}@4`, want: `{"a":3,"b":1}@4`, lost: []string{"/a 2 3"}, lostSide: contact.Local, review: []string{"/a 1 2 3"}},
		{name: "the same field at one moment", strategies: []contact.Strategy{merge}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":3,"b":1}@3`, want: `{"a":3,"b":1}@3`, lost: []string{"/a 2 3"}, lostSide: contact.Local, review: []string{"/a 1 2 3"}},
		{name: "the same field", strategies: []contact.Strategy{ask}, base: base + "@1", local: `{"a":2,"b":1}@3`,
			remote: `{"a":3,"b":2}@4`, want: `{"a":2,"b":2}@4`, ask: []string{"/a 1 2 3"}},
		{name: "never agreed", strategies: []contact.Strategy{ask}, local: `{"a":2,"c":1}@3`,
			remote: `{"a":3,"b":2}@4`, want: `{"a":2,"b":2,"c":1}@4`, ask: []string{"/a - 2 3"}},

		{name: "deleted here", strategies: all, base: base + "@1", local: "x" + base + "@2", remote: base + "@1", want: "x" + base + "@2", push: true},
		{name: "deleted here, no card left", strategies: all, base: base + "@1", local: "x@2", remote: base + "@1", want: "x" + base + "@2", push: true},
		{name: "deleted there", strategies: all, base: base + "@1", local: base + "@1", remote: "x@2", want: "x" + base + "@2"},
		{name: "deleted on both", strategies: all, base: base + "@1", local: `x{"a":2}@3`, remote: "x@2", want: `x{"a":2}@3`},
		{name: "deleted before, edited here", strategies: all, base: "x@1", local: `{"a":2}@3`, remote: "x@1", want: `{"a":2}@3`, push: true},
		{name: "deleted before, edited there", strategies: all, base: "x@1", local: "x" + base + "@1", remote: `{"a":2}@3`, want: `{"a":2}@3`},

		{name: "deleted here later, edited there", strategies: []contact.Strategy{merge}, base: base + "@1", local: "x" + base + "@3",
			remote: `{"a":2,"b":1}@2`, want: `{"a":2,"b":1}@3`, review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted there later, edited here", strategies: []contact.Strategy{merge}, base: base + "@1", local: `{"a":2,"b":1}@2`,
			remote: "x@3", want: `{"a":2,"b":1}@3`, push: true, review: []string{` {"a":1,"b":1} {"a":2,"b":1} -`}},
		{name: "edited and deleted here, edited there", strategies: []contact.Strategy{merge}, base: base + "@1", local: `x{"a":3,"b":3}@3`,
			remote: `{"a":2,"b":1}@2`, want: `{"a":3,"b":3}@3`, push: true, lost: []string{"/a 2 3"}, lostSide: contact.Remote,
			review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`, "/a 1 3 2"}},
		{name: "deleted here later, edited there", strategies: []contact.Strategy{newest}, base: base + "@1", local: "x" + base + "@3",
			remote: `{"a":2,"b":1}@2`, want: "x" + base + "@3", push: true, lost: []string{"/a 2 1"}, lostSide: contact.Remote,
			review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted here later with no card left, edited there", strategies: []contact.Strategy{newest}, base: base + "@1", local: "x@3",
			remote: `{"a":2,"b":1}@2`, want: `x{"a":2,"b":1}@3`, push: true, lostSide: contact.Remote,
			review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted here, edited there later", strategies: []contact.Strategy{newest}, base: base + "@1", local: "x" + base + "@2",
			remote: `{"a":2,"b":1}@3`, want: `{"a":2,"b":1}@3`, review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted and edited at one moment", strategies: []contact.Strategy{newest}, base: base + "@1", local: "x@2",
			remote: `{"a":2,"b":1}@2`, want: `{"a":2,"b":1}@2`, review: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted here, edited there", strategies: []contact.Strategy{ask}, base: base + "@1", local: "x" + base + "@2",
			remote: `{"a":2,"b":1}@3`, want: "x" + base + "@3", ask: []string{` {"a":1,"b":1} - {"a":2,"b":1}`}},
		{name: "deleted there, edited here", strategies: []contact.Strategy{ask}, base: base + "@1", local: `{"a":2,"b":1}@2`,
			remote: "x@3", want: `{"a":2,"b":1}@3`, ask: []string{` {"a":1,"b":1} {"a":2,"b":1} -`}},
	}
	for _, tt := range tests {
		for _, s := range tt.strategies {
			t.Run(string(s)+"/"+tt.name, func(t *testing.T) {
				o := contact.Reconcile(s, version(t, tt.base), version(t, tt.local), version(t, tt.remote))
				if want := version(t, tt.want); !o.Card.Equal(want.Card) || o.Deleted != want.Deleted || o.EditedAt != want.EditedAt {
					t.Errorf("stands: %s deleted %v at %d, want %s", o.Card.JSON(), o.Deleted, o.EditedAt, tt.want)
				}
				if o.Push != tt.push {
					t.Errorf("push: %v", o.Push)
				}
				if got := shown(o.Lost); !slices.Equal(got, tt.lost) || len(tt.lost) > 0 && o.LostSide != tt.lostSide {
					t.Errorf("lost: %q of side %d, want %q of side %d", got, o.LostSide, tt.lost, tt.lostSide)
				}
				if got := listed(o.Review); !slices.Equal(got, tt.review) {
					t.Errorf("review: %q, want %q", got, tt.review)
				}
				if got := listed(o.Ask); !slices.Equal(got, tt.ask) {
					t.Errorf("ask: %q, want %q", got, tt.ask)
				}
			})
		}
	}
}

// version reads a version of a test: CARD@TIME, xCARD@TIME or x@TIME if it is deleted, "" if there is none.
func version(t testing.TB, s string) (v contact.Version) {
	t.Helper()
	if s == "" {
		return v
	}
	i := len(s) - 2
	if _, err := fmt.Sscanf(s[i:], "@%d", &v.EditedAt); err != nil {
		t.Fatalf("version %q: %v", s, err)
	}
	if s[0] == 'x' {
		v.Deleted = true
		s, i = s[1:], i-1
	}
	v.Card = parse(t, s[:i])
	return v
}

func listed(conflicts []contact.Conflict) []string {
	var out []string
	for _, c := range conflicts {
		out = append(out, c.Path+" "+or(c.Base)+" "+or(c.Local)+" "+or(c.Remote))
	}
	return out
}

// Two devices that each see their own edit as local and the other's as remote come to the same contact, whichever strategy, but
// for what they ask; and what was edited is in what stands, among what was lost, or asked for.
func TestReconcileOfRandomVersions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]contact.Strategy{contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk}).Draw(t, "strategy")
		var base, local, remote contact.Version
		base.Card = contacttest.Card(t)
		local.Card, remote.Card = contacttest.Edit(t, base.Card), contacttest.Edit(t, base.Card)
		for _, v := range []*contact.Version{&base, &local, &remote} {
			v.EditedAt = rapid.Int64Range(1, 3).Draw(t, "edited at")
			v.Deleted = rapid.IntRange(0, 4).Draw(t, "deleted") == 0
			if v.Deleted && rapid.Bool().Draw(t, "no card left") {
				v.Card = contact.Card{}
			}
		}
		if rapid.IntRange(0, 4).Draw(t, "agreed") == 0 {
			base = contact.Version{}
		}
		o := contact.Reconcile(s, base, local, remote)
		m := contact.Reconcile(s, base, remote, local)
		switch {
		case len(o.Ask) > 0:
			if s != contact.StrategyAsk || o.Push || len(o.Lost) > 0 || len(m.Ask) != len(o.Ask) {
				t.Fatalf("asks, and yet: %+v\nthe other device: %+v", o, m)
			}
		case o.Deleted != m.Deleted || !o.Deleted && !o.Card.Equal(m.Card):
			t.Fatalf("one device comes to\n%v %s, the other to\n%v %s", o.Deleted, o.Card.JSON(), m.Deleted, m.Card.JSON())
		case o.Push != (o.Deleted != remote.Deleted || !o.Deleted && !o.Card.Equal(remote.Card)):
			t.Fatalf("push is %v for %v %s", o.Push, o.Deleted, o.Card.JSON())
		}
		if o.EditedAt != max(local.EditedAt, remote.EditedAt) {
			t.Fatalf("edited at %d", o.EditedAt)
		}
		if len(o.Lost) > 0 && o.LostSide == m.LostSide {
			t.Fatalf("both devices say that side %d lost", o.LostSide)
		}
		if !base.Deleted && !local.Deleted && !remote.Deleted {
			conflicts := append(slices.Clone(o.Ask), o.Review...)
			for _, e := range o.Lost {
				conflicts = append(conflicts, contact.Conflict{Path: e.Path, Local: e.Old, Remote: e.New})
			}
			checkAccounted(t, base.Card, local.Card, remote.Card, o.Card, conflicts)
			checkAccounted(t, base.Card, remote.Card, local.Card, o.Card, conflicts)
		}
	})
}
