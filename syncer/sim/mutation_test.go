package sim

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"kith/contact"
	"kith/syncer"
)

// mutant stands between the engine and its remote, and breaks one of sync's rules.
type mutant struct {
	syncer.Remote
	page func(*syncer.Page)                                           // changes what is pulled
	push func(r syncer.Remote, book string, in []syncer.Outgoing)     // changes what is pushed
	done func(in []syncer.Outgoing, answer *syncer.Answer)            // changes what is answered
	fail func(since string, err error) (instead syncer.Page, ok bool) // takes an error for a page
}

func (m mutant) Changes(ctx context.Context, book, since string, limit int, wait time.Duration) (syncer.Page, error) {
	p, err := m.Remote.Changes(ctx, book, since, limit, wait)
	if err != nil && m.fail != nil {
		if p, ok := m.fail(since, err); ok {
			return p, nil
		}
	}
	if err == nil && m.page != nil {
		m.page(&p)
	}
	return p, err
}

func (m mutant) Push(ctx context.Context, book, cursor string, changes []syncer.Outgoing) (syncer.Answer, error) {
	sent := append([]syncer.Outgoing{}, changes...)
	if m.push != nil {
		m.push(m.Remote, book, sent)
	}
	a, err := m.Remote.Push(ctx, book, cursor, sent)
	if m.fail != nil && errors.Is(err, syncer.ErrCursorUnknown) {
		a, err = m.Remote.Push(ctx, book, "", sent)
	}
	if err != nil {
		return a, err
	}
	for i := range a.Results {
		a.Results[i].ChangeID = changes[i].ChangeID
	}
	if m.done != nil {
		m.done(sent, &a)
	}
	return a, nil
}

// mutants makes a connector's remotes mutants.
type mutants struct {
	syncer.Connector
	mutate func(syncer.Remote) mutant
}

func (m mutants) Open(a syncer.Account, token string) syncer.Remote {
	return m.mutate(m.Connector.Open(a, token))
}

// mutated is a backend with a broken wire.
type mutated struct {
	backend
	mutate func(syncer.Remote) mutant
}

func (m mutated) connector() syncer.Connector { return mutants{m.backend.connector(), m.mutate} }

// TestMutations breaks one rule at a time, and wants the checks to notice within a few schedules: checks that never fail prove
// nothing.
func TestMutations(t *testing.T) {
	edited := func(c contact.Card, field, value string) contact.Card {
		out, err := c.WithField(field, value)
		if err != nil {
			panic(err)
		}
		return out
	}
	for _, c := range []struct {
		name   string
		mutant mutant
		more   []kind
	}{
		{"none: the checks are quiet about a sound engine", mutant{}, nil},
		{"the cursor is saved, and one of its rows is not", mutant{page: func(p *syncer.Page) {
			if n := len(p.Changes); n > 1 {
				p.Changes = p.Changes[:n-1]
			}
		}}, nil},
		{"deletions are not told", mutant{page: func(p *syncer.Page) {
			for i, c := range p.Changes {
				if c.Deleted {
					p.Changes = append(append([]syncer.Change{}, p.Changes[:i]...), p.Changes[i+1:]...)
					return
				}
			}
		}}, nil},
		{"a member that is not known is dropped", mutant{page: func(p *syncer.Page) {
			for i, c := range p.Changes {
				if !c.Deleted {
					p.Changes[i].Card = edited(c.Card, "/example.com:kept", "")
				}
			}
		}}, nil},
		{"a clean contact shows what the server never had", mutant{page: func(p *syncer.Page) {
			for i, c := range p.Changes {
				if !c.Deleted {
					p.Changes[i].Card = edited(c.Card, "/example.com:local", "1")
				}
			}
		}}, nil},
		{"a push is not conditional: what others did is overwritten", mutant{push: func(r syncer.Remote, book string, in []syncer.Outgoing) {
			page, err := r.Changes(ctx, book, "", 1000, 0)
			for i := range in {
				for _, c := range page.Changes {
					if err == nil && c.ID == in[i].ID {
						in[i].BaseRev = c.Rev
					}
				}
			}
		}}, nil},
		{"a conflict is taken for success", mutant{done: func(in []syncer.Outgoing, a *syncer.Answer) {
			for i, r := range a.Results {
				if r.Status == syncer.Conflict && r.Current != nil {
					a.Results[i].Status, a.Results[i].Rev, a.Results[i].EditedAt = syncer.Applied, r.Current.Rev, in[i].EditedAt
				}
			}
		}}, nil},
		{"a retry has a new change id and no condition", mutant{push: func(r syncer.Remote, book string, in []syncer.Outgoing) {
			for i := range in {
				in[i].ChangeID, in[i].ID = uuid.NewString(), in[i].ID+"x"
			}
		}}, nil},
		{"a server that was put back is not noticed", mutant{fail: func(since string, err error) (syncer.Page, bool) {
			return syncer.Page{Cursor: since}, errors.Is(err, syncer.ErrCursorUnknown)
		}}, []kind{serverBackup, serverRestore}},
		{"an edit is stored and never sent", mutant{push: func(_ syncer.Remote, _ string, in []syncer.Outgoing) {
			for i, o := range in {
				var card map[string]any
				if json.Unmarshal(o.Card, &card) == nil && card["titles"] != nil {
					delete(card, "titles")
					in[i].Card, _ = json.Marshal(card)
				}
			}
		}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := func(w *world) backend {
				return mutated{newMemory(w), func(r syncer.Remote) mutant { m := c.mutant; m.Remote = r; return m }}
			}
			sound := c.mutant.page == nil && c.mutant.push == nil && c.mutant.done == nil && c.mutant.fail == nil
			for seed := uint64(1); seed <= 60; seed++ {
				problem := run(t, random(seed, 3, 60, c.more...), 3, broken)
				if problem != "" && sound {
					t.Fatalf("seed %d: %s", seed, problem)
				}
				if problem != "" {
					t.Logf("seed %d: %.200s", seed, problem)
					return
				}
			}
			if !sound {
				t.Error("60 schedules did not notice")
			}
		})
	}
}
