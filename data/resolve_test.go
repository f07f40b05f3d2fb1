package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

func mustDecide(t *testing.T, s *Store, decisions ...Decision) Decided {
	t.Helper()
	done, err := s.Decide(t.Context(), decisions...)
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	return done
}

func reviews(t *testing.T, s *Store) []Conflict {
	t.Helper()
	all, err := s.Reviews(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// field is the one of all whose path begins like that.
func field(t *testing.T, all []Conflict, prefix string) Conflict {
	t.Helper()
	i := slices.IndexFunc(all, func(c Conflict) bool { return strings.HasPrefix(c.Field, prefix) })
	if i < 0 {
		t.Fatalf("no field %s in %+v", prefix, all)
	}
	return all[i]
}

func (c Conflict) choose(keep Keep) Decision {
	return Decision{ID: c.ID, Field: c.Field, Review: c.Review, Choice: Choice{Keep: keep}}
}

func (c Conflict) typed(value string) Decision {
	return Decision{ID: c.ID, Field: c.Field, Review: c.Review, Choice: Choice{Keep: KeepValue, Value: json.RawMessage(value)}}
}

// twice is a contact whose note and phone number differ on both sides, under a strategy. Ours is the earlier edit.
func twice(t *testing.T, st contact.Strategy) (*Store, *remote, Contact) {
	s := newStore(t)
	r := newRemote(t, s)
	r.strategy(st)
	c := r.agreed(card("Ada").WithNote("old").WithPhones([]contact.Entry{{ID: "p", Value: "1", Label: "Desk"}}))
	mustSave(t, s, c, c.Card.WithNote("mine").WithPhones([]contact.Entry{{ID: "p", Value: "2", Label: "Desk"}}))
	r.edit(c.Card.WithNote("theirs").WithPhones([]contact.Entry{{ID: "p", Value: "3", Label: "Desk"}}))
	r.pull()
	return s, r, mustContact(t, s, c.ID)
}

func numbers(c contact.Card) (all []string) {
	for _, p := range c.Phones() {
		all = append(all, p.Value)
	}
	return all
}

func TestDecide(t *testing.T) {
	tests := []struct {
		name        string
		note, phone func(Conflict) Decision
		wantNote    string
		wantNumbers []string
		lost        []string
	}{
		{"both", keep(KeepBoth), keep(KeepBoth), "mine\ntheirs", []string{"2", "3"}, nil},
		{"newest", keep(KeepNewest), keep(KeepNewest), "theirs", []string{"3"}, nil},
		{"each side", keep(KeepLocal), keep(KeepRemote), "mine", []string{"3"}, []string{`"theirs"`}},
		{"a third", typed(`"x"`), typed(`"4"`), "x", []string{"4"}, []string{`"3"`, `"theirs"`}},
		{"typed what is there", typed(`"mine"`), typed(`"3"`), "mine", []string{"3"}, []string{`"theirs"`}},
		{"none of it", typed(""), keep(KeepBoth), "", []string{"2", "3"}, []string{`"theirs"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r, c := twice(t, contact.StrategyAsk)
			all := conflicts(t, s)
			done := mustDecide(t, s, tt.note(field(t, all, "/notes")), tt.phone(field(t, all, "/phones")))
			if done != (Decided{Contacts: 1, Fields: 2, Undoable: true}) || len(conflicts(t, s)) != 0 {
				t.Errorf("decided %+v", done)
			}
			r.sync()
			got := r.clean(c.ID)
			if got.Card.Note() != tt.wantNote || !slices.Equal(numbers(got.Card), tt.wantNumbers) {
				t.Errorf("resolved to %s", got.Card.JSON())
			}
			for _, p := range got.Card.Phones() {
				if p.Label != "Desk" {
					t.Errorf("a number without its label: %s", got.Card.JSON())
				}
			}
			if lost := lostValues(t, s, c.ID); !slices.Equal(lost, tt.lost) {
				t.Errorf("lost values %q, want %q", lost, tt.lost)
			}
		})
	}
}

func keep(k Keep) func(Conflict) Decision { return func(c Conflict) Decision { return c.choose(k) } }
func typed(v string) func(Conflict) Decision {
	return func(c Conflict) Decision {
		d := c.typed(v)
		if v == "" {
			d.Value = nil
		}
		return d
	}
}

func TestDecideRefuses(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	r.strategy(contact.StrategyAsk)
	a := r.agreed(card("Ada Lovelace"))
	b := r.agreed(card("Bob"))
	mustSave(t, s, a, a.Card.WithGiven("Eva"))
	mustSave(t, s, b, b.Card.WithNote("n"))
	r.edit(a.Card.WithGiven("Ida"))
	r.delete(b.Card)
	r.pull()
	all := conflicts(t, s)
	if len(all) != 2 {
		t.Fatalf("conflicts: %+v", all)
	}
	slices.SortFunc(all, func(a, b Conflict) int { return strings.Compare(b.Field, a.Field) }) // the name, the deletion
	for name, wrong := range map[string]struct {
		decision Decision
		want     error
	}{
		"no room for two names":      {all[0].choose(KeepBoth), ErrChoice},
		"a deletion and an edit":     {all[1].choose(KeepBoth), ErrChoice},
		"a value for a deletion":     {all[1].typed(`"x"`), ErrChoice},
		"what does not wait":         {Decision{ID: a.ID, Field: "/note"}, ErrNoConflict},
		"what is not to be reviewed": {Decision{ID: a.ID, Review: 7}, ErrNoConflict},
		"no contact":                 {Decision{ID: "x"}, ErrNotFound},
		"as it is":                   {all[0].choose(KeepAsIs), ErrChoice},
	} {
		if _, err := s.Decide(t.Context(), wrong.decision); !errors.Is(err, wrong.want) {
			t.Errorf("%s: error %v, want %v", name, err, wrong.want)
		}
		if len(conflicts(t, s)) != 2 {
			t.Fatalf("%s: something was decided", name)
		}
	}
	if _, err := s.Decide(t.Context(), all[0].choose(KeepLocal), all[0].choose(KeepLocal)); !errors.Is(err, ErrNoConflict) {
		t.Errorf("decided twice: %v", err)
	}
	if _, err := s.Decide(t.Context(), all[0].choose(KeepLocal), all[1].choose(KeepBoth)); !errors.Is(err, ErrChoice) || len(conflicts(t, s)) != 2 {
		t.Errorf("one of two was decided: %v", err)
	}
	var invalid *contact.ValidationError
	if _, err := s.Decide(t.Context(), all[0].typed(`5`)); !errors.As(err, &invalid) && !errors.Is(err, ErrChoice) {
		t.Errorf("a name that is a number: %v", err)
	}
}

// TestUndoOfADecision: what waited waits again; what the server has heard of meanwhile can be looked at again.
func TestUndoOfADecision(t *testing.T) {
	for _, k := range []Keep{KeepLocal, KeepRemote, KeepBoth} {
		for _, synced := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d synced %v", k, synced), func(t *testing.T) {
				s, r, c := twice(t, contact.StrategyAsk)
				other := mustAdd(t, s, card("Edited before"))
				before := conflicts(t, s)
				mustDecide(t, s, before[0].choose(k), before[1].choose(k))
				if synced {
					r.sync()
					r.clean(c.ID)
				}
				u := mustUndo(t, s)
				mustCheck(t, s)
				if !slices.Equal(u.IDs, []string{c.ID}) || u.Name != "Ada" {
					t.Errorf("undone %+v", u)
				}
				if mustContact(t, s, other.ID).Deleted.IsZero() == false {
					t.Error("something else was undone")
				}
				got := mustContact(t, s, c.ID)
				if got.Card.Note() != "mine" || !slices.Equal(numbers(got.Card), []string{"2"}) {
					t.Errorf("after the undo: %s", got.Card.JSON())
				}
				again := conflicts(t, s)
				if synced && k != KeepRemote { // of which the server has not heard: it has that already
					again = reviews(t, s)
				}
				if len(again) != 2 || len(reviews(t, s))+got.Conflicts != 2 {
					t.Fatalf("asked again: %+v", again)
				}
				for i, a := range again {
					b := before[i]
					if a.Field != b.Field || string(a.Local) != string(b.Local) || string(a.Remote) != string(b.Remote) ||
						string(a.Base) != string(b.Base) || a.Device != b.Device || !a.RemoteAt.Equal(b.RemoteAt) {
						t.Errorf("asked again: %+v\nbefore: %+v", a, b)
					}
				}
				mustDecide(t, s, again[0].choose(KeepBoth), again[1].choose(KeepBoth))
				r.sync()
				if got := r.clean(c.ID); got.Card.Note() != "mine\ntheirs" || !slices.Equal(numbers(got.Card), []string{"2", "3"}) {
					t.Errorf("decided again: %s", got.Card.JSON())
				}
			})
		}
	}
}

// TestUndoOfADecisionInFlight: the push was sent, and its answer has not come.
func TestUndoOfADecisionInFlight(t *testing.T) {
	s, r, c := twice(t, contact.StrategyAsk)
	for _, f := range conflicts(t, s) {
		mustDecide(t, s, f.choose(KeepLocal))
	}
	out := r.take()
	mustUndo(t, s)
	mustCheck(t, s)
	r.answer(r.receive(out)...)
	r.sync()
	r.clean(c.ID)
	if got := reviews(t, s); len(got) != 1 || got[0].Stands != contact.Local {
		t.Errorf("to review: %+v", got)
	}
}

func TestDecideAll(t *testing.T) {
	const contacts = 20
	s := newStore(t)
	r := newRemote(t, s)
	r.trust = true
	r.strategy(contact.StrategyAsk)
	var ids []string
	for i := range contacts {
		c := r.agreed(card(fmt.Sprintf("Name%02d Last", i)).WithNote("old"))
		ids = append(ids, c.ID)
		mustSave(t, s, c, c.Card.WithNote("mine").WithGiven("Mine"))
		r.edit(c.Card.WithNote("theirs").WithGiven("Theirs"))
	}
	r.pull()
	all := func(Conflict) bool { return true }
	if _, err := s.DecideAll(t.Context(), true, Choice{Keep: KeepAsIs}, all, nil); err != nil {
		t.Errorf("nothing to review: %v", err)
	}

	last := 0
	done, err := s.DecideAll(t.Context(), false, Choice{Keep: KeepBoth}, all, func(n, total int) {
		if n <= last || total != 2*contacts {
			t.Errorf("progress %d of %d after %d", n, total, last)
		}
		last = n
	})
	if err != nil || done != (Decided{Contacts: contacts, Fields: contacts, Left: contacts, Undoable: true}) || last != 2*contacts {
		t.Errorf("kept both: %+v, %v, progress %d", done, err, last)
	}
	names := func(c Conflict) bool { return strings.HasPrefix(c.Field, "/name") }
	if done, err = s.DecideAll(t.Context(), false, Choice{Keep: KeepRemote}, names, nil); err != nil || done.Fields != contacts {
		t.Errorf("kept theirs: %+v, %v", done, err)
	}
	if u := mustUndo(t, s); len(u.IDs) != contacts || len(conflicts(t, s)) != contacts {
		t.Errorf("one undo: %d contacts, %d fields wait", len(u.IDs), len(conflicts(t, s)))
	}
	if u := mustUndo(t, s); len(u.IDs) != contacts || len(conflicts(t, s)) != 2*contacts {
		t.Errorf("the next undo: %d contacts, %d fields wait", len(u.IDs), len(conflicts(t, s)))
	}
	if done, err = s.DecideAll(t.Context(), false, Choice{Keep: KeepNewest}, all, nil); err != nil || done.Fields != 2*contacts {
		t.Errorf("kept the newest: %+v, %v", done, err)
	}
	r.sync()
	for _, id := range ids {
		if got := r.clean(id); got.Card.Note() != "theirs" || got.Card.Given() != "Theirs" {
			t.Errorf("resolved to %s", got.Card.JSON())
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.DecideAll(ctx, false, Choice{}, all, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestReview: what time has decided can be decided otherwise, later.
func TestReview(t *testing.T) {
	for _, st := range []contact.Strategy{contact.StrategyMerge, contact.StrategyNewest} {
		tests := []struct {
			name    string
			decide  func(Conflict) Decision
			numbers []string
			still   bool // pushed nothing
		}{
			{"all right", keep(KeepAsIs), []string{"3"}, true},
			{"mine", keep(KeepLocal), []string{"2"}, false},
			{"theirs", keep(KeepRemote), []string{"3"}, true},
			{"both", keep(KeepBoth), []string{"3", "2"}, false},
			{"a third", typed(`"4"`), []string{"4"}, false},
		}
		for _, tt := range tests {
			t.Run(string(st)+" "+tt.name, func(t *testing.T) {
				s, r, c := twice(t, st)
				r.sync()
				all := reviews(t, s)
				wantNames(t, s, Query{Filter: Reviewed}, "Ada")
				wantCounts(t, s, Counts{All: 1, Reviewed: 1})
				if len(all) != 2 || len(conflicts(t, s)) != 0 {
					t.Fatalf("to review: %+v", all)
				}
				f := field(t, all, "/phones/p/number")
				if string(f.Base) != `"1"` || string(f.Local) != `"2"` || string(f.Remote) != `"3"` || string(f.Now) != `"3"` ||
					f.Stands != contact.Remote || f.Device != "Laptop" || f.User != "bob" || f.Newer() != contact.Remote || !f.CanKeepBoth() {
					t.Errorf("to review: %+v", f)
				}
				if string(f.LocalEntry) != `{"label":"Desk","number":"2"}` || string(f.RemoteEntry) != `{"label":"Desk","number":"3"}` {
					t.Errorf("the number with its label: %s, %s", f.LocalEntry, f.RemoteEntry)
				}
				if done := mustDecide(t, s, tt.decide(f)); done.Undoable == tt.still {
					t.Errorf("decided: %+v", done)
				}
				if out := r.take(); (len(out) == 0) != tt.still {
					t.Errorf("to be sent: %+v", out)
				}
				r.sync()
				if got := r.clean(c.ID); !slices.Equal(numbers(got.Card), tt.numbers) || got.Card.Note() != "theirs" {
					t.Errorf("now %s", got.Card.JSON())
				}
				if all = reviews(t, s); len(all) != 1 {
					t.Fatalf("left to review: %+v", all)
				}
				mustDecide(t, s, all[0].choose(KeepAsIs))
				wantCounts(t, s, Counts{All: 1})
				if tt.still {
					return
				}
				mustUndo(t, s)
				if got := mustContact(t, s, c.ID); !slices.Equal(numbers(got.Card), []string{"3"}) || len(reviews(t, s)) != 1 {
					t.Errorf("undone: %s, to review %+v", got.Card.JSON(), reviews(t, s))
				}
			})
		}
	}
}

// TestReviewLater: after a restart, after the field was edited again, and after the contact went to the trash.
func TestReviewLater(t *testing.T) {
	s, r, c := twice(t, contact.StrategyMerge)
	_, newest, err := s.NewReviews(t.Context(), -1)
	if fresh, same, e := s.NewReviews(t.Context(), 0); err != nil || e != nil || len(fresh) != 2 || same != newest {
		t.Errorf("what is new: %+v, %d, %d, %v, %v", fresh, same, newest, err, e)
	}
	if fresh, same, err := s.NewReviews(t.Context(), newest); err != nil || len(fresh) != 0 || same != newest {
		t.Errorf("nothing is new: %+v, %d, %v", fresh, same, err)
	}
	r.sync()
	c = mustContact(t, s, c.ID)
	c = mustSave(t, s, c, c.Card.WithPhones([]contact.Entry{{ID: "p", Value: "9"}}).WithNote("mine"))
	all := reviews(t, s)
	if len(all) != 1 || string(all[0].Now) != `"9"` {
		t.Fatalf("after the edits, one of which was the answer: %+v", all)
	}
	if err := s.Delete(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	r.sync()
	s = openStore(t, s.Dir()) // the program started anew
	r.s = s
	all = reviews(t, s)
	if len(all) != 1 || !all[0].InTrash {
		t.Fatalf("after a restart: %+v", all)
	}
	wantNames(t, s, Query{Filter: Reviewed}, "Ada")
	mustDecide(t, s, all[0].choose(KeepBoth))
	r.sync()
	if got := r.clean(c.ID); !got.Deleted.IsZero() || !slices.Equal(numbers(got.Card), []string{"9", "2"}) {
		t.Errorf("now %+v %s", got.Deleted, got.Card.JSON())
	}
}

func TestReviewOfADeletion(t *testing.T) {
	tests := []struct {
		name     string
		strategy contact.Strategy
		here     bool // deleted here, edited there later
		choice   Keep
		alive    bool // before, and
		after    bool
	}{
		{"merge, deleted here, all right", contact.StrategyMerge, true, KeepAsIs, true, true},
		{"merge, deleted here, after all", contact.StrategyMerge, true, KeepLocal, true, false},
		{"merge, deleted there, after all", contact.StrategyMerge, false, KeepRemote, true, false},
		{"newest, deleted there, all right", contact.StrategyNewest, false, KeepAsIs, false, false},
		{"newest, deleted there, kept", contact.StrategyNewest, false, KeepLocal, false, true},
		{"newest, deleted here, deleted after all", contact.StrategyNewest, true, KeepLocal, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			r.strategy(tt.strategy)
			c := r.agreed(card("Ada"))
			if tt.here {
				if err := s.Delete(t.Context(), c.ID); err != nil {
					t.Fatal(err)
				}
				r.edit(c.Card.WithNote("new"))
			} else {
				mustSave(t, s, c, c.Card.WithNote("new"))
				r.delete(c.Card)
			}
			r.sync()
			if got := r.clean(c.ID); got.Deleted.IsZero() != tt.alive {
				t.Fatalf("alive: %v", got.Deleted.IsZero())
			}
			all := reviews(t, s)
			if len(all) != 1 || all[0].Field != "" || (all[0].Local == nil) != tt.here || (all[0].Stands == contact.Local) != (tt.alive != tt.here) {
				t.Fatalf("to review: %+v", all)
			}
			mustDecide(t, s, all[0].choose(tt.choice))
			r.sync()
			got := r.clean(c.ID)
			if got.Deleted.IsZero() != tt.after || tt.after && got.Card.Note() != "new" || len(reviews(t, s)) != 0 {
				t.Errorf("alive %v, %s", got.Deleted.IsZero(), got.Card.JSON())
			}
		})
	}
}

// TestKeepBothNeverLosesAValue decides random conflicts of random edits by keeping both, where there is room, or any other way, now
// and then undoes, and syncs: every value that was typed is current or in the history.
func TestKeepBothNeverLosesAValue(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	s := newStore(t)
	r := newRemote(t, s)
	r.trust = true
	n := 0
	value := func() string { n++; return fmt.Sprintf("value%04d", n) }
	edit := func(c contact.Card) (contact.Card, []string) {
		note, mail, title := value(), value(), value()
		return c.WithNote(note).WithEmails([]contact.Entry{{ID: "e", Value: mail}}).WithTitle(title), []string{note, mail, title}
	}
	for round := range 40 {
		r.strategy([]contact.Strategy{contact.StrategyAsk, contact.StrategyMerge}[random.IntN(2)])
		first, _ := edit(card("Ada"))
		c := r.agreed(first)
		mine, typedHere := edit(c.Card)
		theirs, typedThere := edit(c.Card)
		mustSave(t, s, c, mine)
		r.edit(theirs)
		r.pull()
		want := slices.Concat(typedHere, typedThere)
		both := true
		for range 2 {
			for _, f := range append(conflicts(t, s), reviews(t, s)...) {
				k := KeepBoth
				if random.IntN(3) == 0 {
					k, both = Keep(random.IntN(3)), false
				}
				mustDecide(t, s, f.choose(k))
			}
			if random.IntN(2) == 0 {
				r.sync()
			}
			if random.IntN(3) > 0 {
				break
			}
			mustUndo(t, s)
		}
		for _, f := range append(conflicts(t, s), reviews(t, s)...) {
			mustDecide(t, s, f.choose(KeepBoth))
		}
		r.sync()
		got := r.clean(c.ID)
		mustCheck(t, s)
		text := string(got.Card.JSON())
		if !both {
			history, err := s.History(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range history {
				for _, p := range e.Patch {
					text += string(p.Old) + string(p.New)
				}
			}
		}
		for _, v := range want {
			if !strings.Contains(text, v) {
				t.Fatalf("seed %d, round %d: %s is lost: %s", seed, round, v, text)
			}
		}
	}
}
