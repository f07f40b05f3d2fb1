package data

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kith/contact"
)

// Keep says which value of a field is to stand.
type Keep int

const (
	KeepLocal  Keep = iota // the value of this device
	KeepRemote             // the other one
	KeepNewest             // the later of the two
	KeepBoth               // where Conflict.CanKeepBoth
	KeepValue              // a third one, the choice's Value
	KeepAsIs               // Reviews only: what the contact holds now
)

// Choice is what is to stand in a field that both sides changed. Value is for KeepValue: JSON, as it stands in the card; nil
// removes. For a whole contact (a deletion and an edit) only one of the two sides can be chosen.
type Choice struct {
	Keep  Keep
	Value json.RawMessage
}

// Decision is a choice for one of the fields that Conflicts (Review 0) or Reviews have listed.
type Decision struct {
	ID, Field string
	Review    int64
	Choice
}

// Decided says what was decided: Fields of Contacts. Left were not, as they can't hold what was chosen or nobody asks any more.
// Undoable: it is an action that Undo takes back; to be content with what stands is none.
type Decided struct {
	Contacts, Fields, Left int
	Undoable               bool
}

// Errors of decisions.
var (
	ErrNoConflict = errors.New("this field doesn't wait for a decision")
	ErrChoice     = errors.New("this can't be chosen here") // in the chain of a decision that its field can't take
)

// Decide carries decisions out, in one transaction and as one undoable action: each is an edit like any other, and syncs. A contact
// is pushed once none of its fields waits. What waits is decided between the values as they are now. If one can't be carried out,
// none is: ErrNotFound, ErrNoConflict, ErrChoice, *contact.ValidationError.
func (s *Store) Decide(ctx context.Context, decisions ...Decision) (Decided, error) {
	var done Decided
	err := s.write(ctx, func(t *tx) (err error) {
		done, err = t.decideAll(ctx, decisions, true, func(int) {})
		return err
	})
	if err != nil {
		return Decided{}, fmt.Errorf("decide: %w", err)
	}
	return done, nil
}

// DecideAll makes one choice for all fields that wait (or, with reviews, that time has decided) and that match, like Decide in one
// transaction and as one undoable action. Fields that can't take the choice are left. progress, which may be nil, hears on the
// calling goroutine how many of how many fields are done.
func (s *Store) DecideAll(ctx context.Context, reviews bool, choice Choice, match func(Conflict) bool, progress func(done, total int)) (Decided, error) {
	var done Decided
	err := s.write(ctx, func(t *tx) error {
		list := s.conflicts
		if reviews {
			list = s.reviews
		}
		all, err := list(ctx, t.reading, "1")
		if err != nil {
			return err
		}
		var decisions []Decision
		for _, c := range all {
			if match(c) {
				decisions = append(decisions, Decision{ID: c.ID, Field: c.Field, Review: c.Review, Choice: choice})
			}
		}
		done, err = t.decideAll(ctx, decisions, false, func(n int) {
			if progress != nil {
				progress(n, len(decisions))
			}
		})
		return err
	})
	if err != nil {
		return Decided{}, fmt.Errorf("decide all: %w", err)
	}
	return done, nil
}

// reading is Store.read, or the same in a transaction.
type reading func(ctx context.Context, query string, scan func(scanner) error, args ...any) error

func (t *tx) reading(_ context.Context, query string, scan func(scanner) error, args ...any) error {
	return t.each(query, scan, args...)
}

// Resolve decides fields of one contact: keep[field] says whose value stands; all, if it is not nil, decides the others. ErrNotFound;
// ErrNoConflict for a field that does not wait.
func (s *Store) Resolve(ctx context.Context, id string, all *contact.Side, keep map[string]contact.Side) error {
	err := s.write(ctx, func(t *tx) error {
		current, err := t.must(id)
		if err != nil {
			return err
		}
		fields, err := t.waitingOf(current)
		if err != nil {
			return err
		}
		if len(fields) == 0 {
			return ErrNoConflict
		}
		var decisions []Decision
		for field, side := range keep {
			decisions = append(decisions, Decision{ID: id, Field: field, Choice: keepOf(side)})
		}
		for _, w := range fields {
			if _, named := keep[w.path]; !named && all != nil {
				decisions = append(decisions, Decision{ID: id, Field: w.path, Choice: keepOf(*all)})
			}
		}
		_, err = t.decideAll(ctx, decisions, true, func(int) {})
		return err
	})
	if err != nil {
		return fmt.Errorf("resolve conflicts of %s: %w", id, err)
	}
	return nil
}

func keepOf(s contact.Side) Choice {
	if s == contact.Remote {
		return Choice{Keep: KeepRemote}
	}
	return Choice{Keep: KeepLocal}
}

// decideAll carries decisions out, contact by contact. strict: one that can't be carried out is an error; else it is left.
func (t *tx) decideAll(ctx context.Context, decisions []Decision, strict bool, progress func(int)) (Decided, error) {
	var done Decided
	byContact := make(map[string][]Decision)
	var order []string
	for _, d := range decisions {
		if byContact[d.ID] == nil {
			order = append(order, d.ID)
		}
		byContact[d.ID] = append(byContact[d.ID], d)
	}
	for _, id := range order {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		n, err := t.decideContact(id, byContact[id], strict)
		if err != nil {
			return done, fmt.Errorf("contact %s: %w", id, err)
		}
		if n > 0 {
			done.Contacts++
		}
		done.Fields += n
		done.Left += len(byContact[id]) - n
		progress(done.Fields + done.Left)
	}
	done.Undoable = t.action != 0
	return done, t.endClosing()
}

// decideContact decides fields of one contact, and returns how many it could.
func (t *tx) decideContact(id string, decisions []Decision, strict bool) (n int, err error) {
	current, err := t.must(id)
	if err == nil && !slices.ContainsFunc(decisions, func(d Decision) bool { return d.Review != 0 && d.Keep == KeepAsIs }) {
		err = t.mustWrite(current.book)
	}
	if err != nil {
		return 0, err
	}
	fields, err := t.waitingOf(current)
	if err != nil {
		return 0, err
	}
	after := *current
	after.EditedAt = t.tick()
	for _, d := range decisions {
		if d.Review != 0 {
			continue
		}
		i := slices.IndexFunc(fields, func(w waiting) bool { return w.path == d.Field })
		err := ErrNoConflict
		if i >= 0 {
			err = t.decide(&after, fields[i], d.Choice)
		}
		switch {
		case err == nil:
			n++
			fields = slices.Delete(fields, i, i+1)
		case strict || !isLeft(err):
			return 0, fmt.Errorf("field %q: %w", d.Field, err)
		}
	}
	if n > 0 {
		if after.dirty = !after.needless(); !after.dirty {
			after.EditedAt = after.base.EditedAt
		}
		if err := t.put(current, &after, entry{origin: fromUser, at: t.state.clock}); err != nil {
			return 0, err
		}
	}
	for _, d := range decisions {
		if d.Review == 0 {
			continue
		}
		err := t.decideReview(id, d)
		switch {
		case err == nil:
			n++
		case strict || !isLeft(err):
			return 0, fmt.Errorf("field %q: %w", d.Field, err)
		}
	}
	return n, nil
}

// isLeft says of an error that it leaves one field of many undecided, and is no reason to give up.
func isLeft(err error) bool {
	var invalid *contact.ValidationError
	return errors.Is(err, ErrNoConflict) || errors.Is(err, ErrChoice) || errors.As(err, &invalid)
}

// sideOf is the side that a choice is for; ok is false for a value of neither.
func (c Choice) sideOf(w waiting, local, remote json.RawMessage) (side contact.Side, ok bool) {
	switch c.Keep {
	case KeepLocal:
		return contact.Local, true
	case KeepRemote:
		return contact.Remote, true
	case KeepNewest:
		return newer(w.localAt, w.remoteAt), true
	case KeepValue:
		if bytes.Equal(c.Value, local) {
			return contact.Local, true
		}
		return contact.Remote, bytes.Equal(c.Value, remote)
	}
	return 0, false
}

// newer is the side of the later edit; of two at one moment, the local one.
func newer(local, remote int64) contact.Side {
	if remote > local {
		return contact.Remote
	}
	return contact.Local
}

// decide ends one conflict. The value that gives way stays in the history: the local one as the old value of this edit, the
// remote one as a lost value. An undo knows of it by the table settled.
func (t *tx) decide(r *record, w waiting, c Choice) error {
	remote := *r.base
	s := settledField{waiting: w, row: r.row, local: valueAt(r.Version, w.path), remote: valueAt(remote, w.path), rev: r.rev, waited: true}
	made := *r
	side, oneSide := c.sideOf(w, s.local, s.remote)
	switch {
	case oneSide && side == contact.Local:
	case oneSide && w.path != "":
		card, err := r.Card.WithAt(w.path, s.remote) // a derived full name follows its components
		if err != nil {
			return fmt.Errorf("take the other value: %w", err)
		}
		made.Card = card
	case oneSide && remote.Deleted:
		made.Deleted, made.deletedAt = true, t.wall()
	case oneSide:
		card, err := rejoin(r.Card, remote.Card, w.base)
		if err != nil {
			return err
		}
		made.Card, made.Deleted, made.deletedAt = card, false, 0
	default:
		card, err := c.third(r.Card, remote.Card, w.path)
		if err != nil {
			return err
		}
		made.Card = card
	}
	if err := t.unpark(r.row, w.path); err != nil {
		return err
	}
	if err := t.noteSettled(s, closedNow); err != nil {
		return err
	}
	made.conflicts--
	*r = made
	if oneSide && side == contact.Remote || c.Keep == KeepBoth {
		return nil
	}
	_, err := t.appendLog(r, opUpdate, givesWay(w.path, remote, r.Version), true, entry{origin: fromUser, device: w.device, at: t.state.clock})
	return err
}

// third is the card with both values, or with one that is neither's.
func (c Choice) third(card, other contact.Card, path string) (contact.Card, error) {
	if path == "" {
		return card, fmt.Errorf("a contact that one side has deleted: %w", ErrChoice)
	}
	switch c.Keep {
	case KeepBoth:
		both, err := card.WithBoth(path, other)
		if err != nil {
			return card, fmt.Errorf("%w: %w", ErrChoice, err)
		}
		return both, stillValid(card, both)
	case KeepValue:
		made, err := card.WithAt(path, c.Value)
		if err != nil {
			return card, fmt.Errorf("%w: %w", ErrChoice, err)
		}
		return made, stillValid(card, made)
	}
	return card, ErrChoice
}

// stillValid is what is wrong with a card, if that is new: what came from elsewhere may be less than we would have taken.
func stillValid(before, after contact.Card) error {
	if err := after.Validate(); err != nil && before.Validate() == nil {
		return err
	}
	return nil
}

// decideReview answers one of the questions of Reviews: an edit, where something else than now is to stand.
func (t *tx) decideReview(id string, d Decision) error {
	current, err := t.must(id)
	if err != nil {
		return err
	}
	all, err := t.reviewsOf(current.row)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.id != d.Review {
			continue
		}
		if _, err := t.exec("UPDATE settled SET closed = ? WHERE id = ?", closedNow, f.id); err != nil {
			return err
		}
		if d.Keep == KeepAsIs {
			return nil
		}
		card, deleted, err := f.choose(current, d.Choice)
		if err == nil {
			err = stillValid(current.Card, card)
		}
		if err == nil {
			_, err = t.edit(current, card, deleted, fromUser)
		}
		if err != nil { // it still stands as it did
			_, e := t.exec("UPDATE settled SET closed = 0 WHERE id = ?", f.id)
			return errors.Join(err, e)
		}
		return nil
	}
	return ErrNoConflict
}

// choose is the contact as it is to be. Whoever takes a value into a contact in the trash takes that out of it.
func (f *settledField) choose(current *record, c Choice) (card contact.Card, deleted bool, err error) {
	side, oneSide := c.sideOf(f.waiting, f.local, f.remote)
	if f.path == "" && oneSide {
		value := f.side(side)
		if value == nil || !current.Deleted {
			return current.Card, value == nil, nil
		}
		edited, err := contact.Parse(value)
		if err != nil {
			return current.Card, true, fmt.Errorf("read the edited contact: %w", err)
		}
		card, err := rejoin(current.Card, edited, f.base)
		return card, false, err
	}
	if oneSide {
		card, err := current.Card.WithAt(f.path, f.side(side))
		if err != nil {
			return current.Card, current.Deleted, fmt.Errorf("%w: %w", ErrChoice, err)
		}
		return card, current.Deleted && card.Equal(current.Card), nil
	}
	other := current.Card
	if c.Keep == KeepBoth && f.path != "" && f.gaveWay() != nil {
		if other, err = current.Card.WithAt(f.path, f.gaveWay()); err != nil {
			return current.Card, current.Deleted, fmt.Errorf("%w: %w", ErrChoice, err)
		}
	}
	card, err = c.third(current.Card, other, f.path)
	return card, current.Deleted && card.Equal(current.Card), err
}
