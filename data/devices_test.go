package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"kith/contact"
)

// world is some devices of one account and their server, with a network that loses requests and replies.
type world struct {
	*remote
	random  *rand.Rand
	dirs    []string
	stores  []*Store
	epochs  []int // the server's history that each device's cursor is of
	epoch   int
	backup  map[string]RemoteChange
	values  int
	typed   []map[string]string // by device: what its user typed, and into which contact
	actions []string
}

func newWorld(t *testing.T, seed uint64, devices int) *world {
	w := &world{remote: newRemote(t, nil), random: rand.New(rand.NewPCG(seed, 0)), backup: make(map[string]RemoteChange)}
	w.trust = true
	for i := range devices {
		w.dirs = append(w.dirs, filepath.Join(t.TempDir(), fmt.Sprint(i)))
		w.stores = append(w.stores, nil)
		w.epochs = append(w.epochs, 0)
		w.typed = append(w.typed, make(map[string]string))
		w.open(i)
	}
	t.Cleanup(func() {
		for i := range w.stores {
			w.close(i)
		}
	})
	return w
}

func (w *world) open(i int) {
	s, err := Open(context.Background(), w.dirs[i], Options{MassDeletion: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	w.stores[i] = s
}

func (w *world) close(i int) {
	if err := w.stores[i].Close(); err != nil {
		w.t.Error(err)
	}
}

// value is a text that nobody has typed before.
func (w *world) value(device int, id string) string {
	w.values++
	v := fmt.Sprintf("v%d", w.values)
	w.typed[device][v] = id
	return v
}

// step does one random thing on one random device.
func (w *world) step() {
	i := w.random.IntN(len(w.stores))
	s := w.stores[i]
	w.s = s
	ctx := context.Background()
	var err error
	action := w.random.IntN(20)
	w.actions = append(w.actions, fmt.Sprintf("%d:%d", i, action))
	switch action {
	case 0, 1:
		c := card("Name")
		_, err = s.Add(ctx, c.WithNote(w.value(i, c.UID())))
	case 2, 3, 4, 5:
		if id := w.any(); id != "" {
			c := mustContact(w.t, s, id)
			to := c.Card
			switch w.random.IntN(3) {
			case 0:
				to = to.WithNote(w.value(i, id))
			case 1:
				to = to.WithTitle(w.value(i, id))
			case 2:
				to = to.WithEmails(append(to.Emails(), contact.Entry{Value: w.value(i, id)}))
			}
			_, err = s.Save(ctx, id, c.Card, to)
		}
	case 6:
		if id := w.any(); id != "" {
			err = s.Delete(ctx, id)
		}
	case 7:
		if id := w.any(); id != "" {
			err = s.Restore(ctx, id)
		}
	case 8:
		if _, err = s.Undo(ctx); errors.Is(err, ErrNothingToUndo) {
			err = nil
		}
	case 9:
		w.receive(w.takeFrom(i)) // the reply is lost
	case 10:
		w.takeFrom(i) // the request is lost
	case 11, 12, 13:
		w.pass(i)
	case 14:
		if w.connect(i) {
			w.pull() // without an answer for what is in flight, which the store must survive
		}
	case 15:
		w.close(i)
		w.open(i)
	case 16:
		w.backup = maps.Clone(w.contacts)
	case 17:
		if w.random.IntN(10) == 0 {
			w.restored(maps.Clone(w.backup))
			w.epoch++
		}
	case 18:
		err = s.SetStrategy(ctx, DefaultBook, []contact.Strategy{contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk}[w.random.IntN(3)])
	case 19:
		w.resolve(i)
	}
	if err != nil {
		w.t.Fatalf("%v: %v", w.actions, err)
	}
	mustCheck(w.t, w.stores[i])
}

// any is a contact of the device at hand, or "".
func (w *world) any() string {
	var ids []string
	err := w.s.read(context.Background(), "SELECT id FROM contacts ORDER BY row_id", func(row scanner) error {
		var id string
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[w.random.IntN(len(ids))]
}

// connect says whether the server still takes the device's cursor; if not, it has begun to reconcile.
func (w *world) connect(i int) bool {
	w.s = w.stores[i]
	if w.epochs[i] != w.epoch {
		w.begin(CursorUnknown)
		w.epochs[i] = w.epoch
	}
	return !w.book().Reconciling
}

func (w *world) takeFrom(i int) []Outgoing {
	if !w.connect(i) {
		return nil
	}
	return w.take()
}

// pass is a whole pass, as the syncer makes it.
func (w *world) pass(i int) {
	w.t.Helper()
	w.connect(i)
	for range 20 {
		if w.book().Reconciling {
			w.walk(2, false)
		} else {
			w.answer(w.receive(w.inFlight())...)
			w.pull()
		}
		out := append(w.inFlight(), w.take()...)
		if len(out) == 0 {
			return
		}
		w.answer(w.receive(out)...)
	}
	w.t.Fatalf("%v: the pass of device %d does not end", w.actions, i)
}

// resolve answers everything that waits for the device's user.
func (w *world) resolve(i int) {
	held, err := w.stores[i].HeldDeletions(context.Background(), DefaultBook)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, h := range held {
		answer := []func(context.Context, ...string) error{w.stores[i].AllowDeletions, w.stores[i].RefuseDeletions}[w.random.IntN(2)]
		if err := answer(context.Background(), h.ID); err != nil {
			w.t.Fatalf("%v: %v", w.actions, err)
		}
	}
	for _, c := range conflicts(w.t, w.stores[i]) {
		keep := map[string]contact.Side{c.Field: contact.Side(w.random.IntN(2))}
		if err := w.stores[i].Resolve(context.Background(), c.ID, nil, keep); err != nil {
			w.t.Fatalf("%v: %v", w.actions, err)
		}
	}
}

// settle lets all devices sync until nothing moves any more.
func (w *world) settle() {
	for range 4 {
		for i := range w.stores {
			w.pass(i)
			w.resolve(i)
			w.pass(i)
		}
	}
}

// verify: all sides hold the same, and what a user typed is on the machine where it was typed.
func (w *world) verify() {
	for i, s := range w.stores {
		w.s = s
		counts, err := s.Counts(context.Background())
		if err != nil || counts.Pending != 0 || counts.Conflicted != 0 {
			w.t.Fatalf("%v: device %d: %+v, %v", w.actions, i, counts, err)
		}
		live := 0
		for id, c := range w.contacts {
			if c.Deleted {
				continue
			}
			live++
			w.clean(id)
		}
		if live != counts.All {
			w.t.Errorf("device %d shows %d contacts, the server has %d", i, counts.All, live)
		}
		for value, id := range w.typed[i] {
			if !w.kept(s, id, value) {
				w.t.Errorf("device %d: %s, typed into %s, is neither in the contact nor in its history", i, value, id)
			}
		}
	}
	if w.t.Failed() {
		w.t.Fatalf("%v", w.actions)
	}
}

func (w *world) kept(s *Store, id, value string) bool {
	history, err := s.History(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range history {
		for _, edit := range e.Patch {
			if containsValue(edit.Old, value) || containsValue(edit.New, value) {
				return true
			}
		}
	}
	return false
}

func TestDevicesConverge(t *testing.T) {
	worlds, steps := 12, 60
	if testing.Short() {
		worlds = 4
	}
	first := rand.Uint64()
	for n := range worlds {
		seed := first + uint64(n)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { // the name is the seed
			w := newWorld(t, seed, 2+n%2)
			for range steps {
				w.step()
			}
			w.settle()
			w.verify()
		})
	}
}

func containsValue(value []byte, text string) bool {
	return bytes.Contains(value, []byte(`"`+text+`"`))
}
