package sim

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kith/contact"
	"kith/syncer"
	"kith/syncer/memremote"
)

// mutant stands between the engine and its remote, and breaks one of sync's rules.
type mutant struct {
	page    func(*syncer.Page)                                       // changes what is pulled
	push    func(r syncer.Remote, book string, in []syncer.Outgoing) // changes what is pushed
	done    func(in []syncer.Outgoing, answer *syncer.Answer)        // changes what is answered
	fail    func(error) error                                        // changes an error; nil: the cursor is taken, and nothing is new
	signIn  func(*syncer.SignInRequest)
	compact func(*memremote.Server)
	sql     func(query string) string // changes what the devices' stores ask SQLite
}

// mutated is a backend with a broken wire.
type mutated struct {
	*memory
	mutant mutant
}

func (m mutated) connector() syncer.Connector { return mutants{m.memory.connector(), m.mutant} }

func (m mutated) compact() {
	m.memory.compact()
	if m.mutant.compact != nil {
		m.mutant.compact(m.s)
	}
}

// mutants makes a connector's remotes mutants.
type mutants struct {
	syncer.Connector
	mutant mutant
}

func (m mutants) SignIn(ctx context.Context, r syncer.SignInRequest, deviceID string) (syncer.Account, string, error) {
	asked := r.User
	if m.mutant.signIn != nil {
		m.mutant.signIn(&r)
	}
	a, token, err := m.Connector.SignIn(ctx, r, deviceID)
	a.User = asked
	return a, token, err
}

func (m mutants) Open(a syncer.Account, token string) syncer.Remote {
	return mutatedRemote{m.Connector.Open(a, token), m.mutant}
}

type mutatedRemote struct {
	syncer.Remote
	mutant
}

func (m mutatedRemote) Changes(ctx context.Context, book, since string, limit int, wait time.Duration) (syncer.Page, error) {
	p, err := m.Remote.Changes(ctx, book, since, limit, wait)
	if err != nil && m.fail != nil {
		if err = m.fail(err); err == nil {
			return syncer.Page{Cursor: since}, nil
		}
	}
	if err == nil && m.page != nil {
		m.page(&p)
	}
	return p, err
}

func (m mutatedRemote) Push(ctx context.Context, book, cursor string, changes []syncer.Outgoing) (syncer.Answer, error) {
	sent := append([]syncer.Outgoing{}, changes...)
	if m.push != nil {
		m.push(m.Remote, book, sent)
	}
	a, err := m.Remote.Push(ctx, book, cursor, sent)
	if err != nil && m.fail != nil {
		if err = m.fail(err); err == nil {
			a, err = m.Remote.Push(ctx, book, "", sent)
		}
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

// unconditional makes every change begin from what the server has now.
func unconditional(r syncer.Remote, book string, in []syncer.Outgoing) {
	page, err := r.Changes(ctx, book, "", 1000, 0)
	for i := range in {
		in[i].BaseRev = 0
		for _, c := range page.Changes {
			if err == nil && c.ID == in[i].ID {
				in[i].BaseRev = c.Rev
			}
		}
	}
}

func replaced(old, new string) func(string) string {
	return func(query string) string { return strings.Replace(query, old, new, 1) }
}

func edited(c contact.Card, path, value string) contact.Card {
	var raw []byte
	if value != "" {
		raw = []byte(value)
	}
	out, err := c.WithAt(path, raw)
	if err != nil {
		panic(err)
	}
	return out
}

// awayForLong is a device that meets a deletion whose tombstone is gone.
var awayForLong = []step{
	{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {sync, 1, 0, 0, 0}, {remove, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {compact, 0, 0, 0, 0}, {sync, 1, 0, 0, 0},
}

// between is an edit that another device pushes between a device's pull and its own push.
var between = []step{
	{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {sync, 1, 0, 0, 0}, {edit, 1, 0, 0, 1}, {sync, 1, int(other), 1, 8},
}

// halfWay is a disk that is full at one statement of an edit after the other: one of them falls between two writes.
func halfWay() (steps []step) {
	for at := range 30 {
		steps = append(steps, step{diskTrouble, 0, int(fullOnce) - 1, at, 1}, step{add, 0, 0, 0, 0})
	}
	return steps
}

// mutations are ways to be wrong, at least one for each invariant, each with the first seed that is known to show it.
var mutations = []struct {
	by     invariant // whose check alone must notice
	name   string
	mutant mutant
	seed   uint64
	steps  []step // instead of random ones: what is rare by chance
}{
	{equal, "a server that was put back is not noticed", mutant{fail: func(err error) error {
		if errors.Is(err, syncer.ErrCursorUnknown) {
			return nil
		}
		return err
	}}, 0, []step{
		{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {sync, 1, 0, 0, 0}, {serverBackup, 0, 0, 0, 0}, {edit, 0, 0, 0, 1}, {sync, 0, 0, 0, 0}, {serverRestore, 0, 0, 0, 0},
	}},
	{equal, "a cursor that is too old is taken", mutant{fail: func(err error) error {
		if errors.Is(err, syncer.ErrCursorExpired) {
			return nil
		}
		return err
	}}, 0, awayForLong},
	{kept, "an echo is applied over an edit", mutant{sql: func(query string) string {
		if strings.HasPrefix(query, "SELECT row_id, id, book") && strings.HasSuffix(query, "id = ?") {
			return strings.Replace(query, "pending", "0", 1)
		}
		return query
	}}, 1, nil},
	{kept, "a push is not conditional: what others did is overwritten", mutant{push: unconditional}, 0, between},
	{kept, "a conflict is taken for success", mutant{done: func(in []syncer.Outgoing, a *syncer.Answer) {
		for i, r := range a.Results {
			if r.Status == syncer.Conflict && r.Current != nil {
				a.Results[i].Status, a.Results[i].Rev, a.Results[i].EditedAt = syncer.Applied, r.Current.Rev, in[i].EditedAt
			}
		}
	}}, 0, between},
	{kept, "a save is acknowledged, and not committed", mutant{sql: replaced("COMMIT", "ROLLBACK")}, 1, nil},
	{once, "a retry has a new change id, and no condition", mutant{push: func(r syncer.Remote, book string, in []syncer.Outgoing) {
		unconditional(r, book, in)
		for i := range in {
			in[i].ChangeID = uuid.NewString()
		}
	}}, 0, []step{{add, 0, 0, 0, 0}, {sync, 0, int(noReply), 3, 0}, {sync, 0, 0, 0, 0}}},
	{once, "a retry has a new id for its contact", mutant{push: func(_ syncer.Remote, _ string, in []syncer.Outgoing) {
		for i := range in {
			if in[i].BaseRev == 0 {
				in[i].ChangeID, in[i].ID = uuid.NewString(), uuid.NewString()
			}
		}
	}}, 1, nil},
	{cursorHolds, "the cursor is saved, and one of its rows is not", mutant{page: func(p *syncer.Page) {
		if n := len(p.Changes); n > 1 {
			p.Changes = p.Changes[:n-1]
		}
	}}, 1, nil},
	{cursorHolds, "deletions are not told", mutant{page: func(p *syncer.Page) {
		p.Changes = slices.DeleteFunc(p.Changes, func(c syncer.Change) bool { return c.Deleted })
	}}, 1, nil},
	{clean, "a clean contact shows what the server never had", mutant{page: func(p *syncer.Page) {
		for i, c := range p.Changes {
			if !c.Deleted {
				p.Changes[i].Card = edited(c.Card, "/example.com:local", "1")
			}
		}
	}}, 1, nil},
	{clean, "an edit is stored and never sent", mutant{push: func(_ syncer.Remote, _ string, in []syncer.Outgoing) {
		for i, o := range in {
			var card map[string]any
			if json.Unmarshal(o.Card, &card) == nil && card["titles"] != nil {
				delete(card, "titles")
				in[i].Card, _ = json.Marshal(card)
			}
		}
	}}, 4, nil},
	{idle, "a sync at rest moves the cursor on the spot", mutant{page: func(p *syncer.Page) {
		if len(p.Changes) == 0 {
			p.Changes = []syncer.Change{{ID: "nobody", Rev: 1, Deleted: true}}
		}
	}}, 1, nil},
	{dead, "a device that was away for too long sends everything as new", mutant{fail: func(err error) error {
		if errors.Is(err, syncer.ErrCursorExpired) {
			return syncer.ErrCursorUnknown
		}
		return err
	}}, 0, awayForLong},
	{drains, "some contacts are never sent", mutant{sql: replaced("WHERE pending <> 0 AND book = ? AND conflicts = 0", "WHERE row_id % 3 <> 0 AND pending <> 0 AND book = ? AND conflicts = 0")}, 1, nil},
	{compaction, "compaction takes a contact with it", mutant{compact: func(s *memremote.Server) {
		s.Forget(user)
	}}, 0, []step{{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {compact, 0, 0, 0, 0}}},
	{unknown, "a member that is not known is dropped", mutant{page: func(p *syncer.Page) {
		for i, c := range p.Changes {
			if !c.Deleted {
				p.Changes[i].Card = edited(c.Card, "/example.com:kept", "")
			}
		}
	}}, 1, nil},
	{strangers, "an account's session opens another's book", mutant{signIn: func(r *syncer.SignInRequest) { r.User = user }}, 0, []step{{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {visit, 0, 0, 0, 0}}},
	{refused, "an edit that failed half way is committed", mutant{sql: replaced("ROLLBACK", "COMMIT")}, 0, halfWay()},
	{patient, "the trash is emptied at every look", mutant{sql: replaced("c.trashed <= ?1", "?1 = ?1")}, 0, []step{
		{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {remove, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {tidy, 0, 0, 0, 0},
	}},
	{patient, "this machine's clock is believed", mutant{sql: replaced("UPDATE trash_clock SET now = ?, local = ?", "UPDATE trash_clock SET now = ?2, local = ?2 + 0 * ?1")}, 0, []step{
		{add, 0, 0, 0, 0}, {tidy, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {remove, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {clock, 0, 3, 0, 0}, {tidy, 0, 0, 0, 0}, {tidy, 0, 0, 0, 0},
	}},
	{unsettled, "what was not sent is removed", mutant{sql: replaced("c.pending = 0 AND c.conflicts = 0", "c.conflicts = 0")}, 0, []step{
		{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {remove, 0, 0, 0, 0}, {purge, 0, 0, 0, 0},
	}},
	{gone, "nothing is noted of what is removed", mutant{sql: replaced("SELECT EXISTS (SELECT 1 FROM purged)", "SELECT 0")}, 0, []step{
		{add, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {serverBackup, 0, 0, 0, 0}, {remove, 0, 0, 0, 0}, {sync, 0, 0, 0, 0}, {purge, 0, 0, 0, 0}, {serverRestore, 0, 0, 0, 0},
	}},
	{photos, "photos that are missing are not fetched", mutant{sql: replaced("WHERE m.blob > ?", "WHERE 0 AND m.blob > ?")}, 0, []step{
		{add, 0, 0, 0, 0}, {photo, 0, 0, 1, 0}, {sync, 0, 0, 0, 0}, {sync, 1, 0, 0, 0},
	}},
}

// TestMutations breaks one rule at a time, and wants the check of one invariant to notice, by itself: checks that never fail prove
// nothing.
func TestMutations(t *testing.T) {
	covered := map[invariant]bool{}
	for _, m := range mutations {
		covered[m.by] = true
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			broken := func(w *world) backend {
				w.rewrite = m.mutant.sql
				w.only = m.by
				return mutated{newMemory(w).(*memory), m.mutant}
			}
			if m.steps != nil {
				if problem := run(t, m.steps, 3, broken); !strings.HasPrefix(problem, string(m.by)+": ") {
					t.Errorf("not noticed, but %q", problem)
				}
				return
			}
			const tries = 60
			for seed := m.seed; seed < m.seed+tries; seed++ {
				problem := run(t, random(seed, 3, 60), 3, broken)
				if strings.HasPrefix(problem, string(m.by)+": ") {
					t.Logf("seed %d: %.200s", seed, problem)
					return
				}
				if problem != "" {
					t.Logf("seed %d, something else: %.300s", seed, problem)
				}
			}
			t.Errorf("%d schedules did not notice", tries)
		})
	}
	for _, i := range invariants {
		if !covered[i] {
			t.Errorf("no mutation shows that the check of %q bites", i)
		}
	}
}
