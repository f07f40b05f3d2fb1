package data

import (
	"context"
	"fmt"
	"time"

	"kith/contact"
)

// A deletion of more than massContacts contacts at once, and of more than one in massShare of the book, may be a mistake: a cat on a
// keyboard, a script, an emptied book on another device. It waits until the user has said what is meant; everything else syncs on.
const (
	massContacts = 10
	massShare    = 4
)

// mass says that so many deletions, out of so many contacts, are to be asked about.
func (s *Store) mass(deletions, of int) bool {
	return deletions > s.massContacts && deletions*massShare > of
}

// Held counts deletions that wait for the user. In were deleted elsewhere and are still here; Out were deleted here and are still at
// the server. Live are the contacts outside the trash.
type Held struct{ In, Out, Live int }

// Any says that something is held.
func (h Held) Any() bool { return h.In+h.Out > 0 }

// HeldDeletion is one deletion that waits for the user.
type HeldDeletion struct {
	ID, Book       string
	Name, Subtitle string
	Out            bool      // deleted here; else elsewhere
	Device         string    // In: who deleted it, "" : not known
	At             time.Time // when it was deleted
}

// CROSS JOIN makes SQLite begin with the few rows of these tables, and not with the many of contacts.
//
// deletionsIn and deletionsOut are the rows of the two tables that still speak of their contact. A contact that was edited, deleted
// or brought back since has gone another way; in an unfinished pull (asked = 0) nobody is asked yet.
const (
	deletionsIn = `deletions_in d CROSS JOIN contacts c ON c.row_id = d.contact
		AND c.rev = d.had AND c.pending = 0 AND c.deleted_at = 0`
	deletionsOut = `deletions_out d CROSS JOIN contacts c ON c.row_id = d.contact
		AND c.last_edit = d.edit AND c.pending <> 0 AND c.deleted_at <> 0 AND c.conflicts = 0 AND c.rejected = ''`
)

// Held counts what the guards hold in a book; "" : in all.
func (s *Store) Held(ctx context.Context, book string) (Held, error) {
	var h Held
	err := s.read(ctx, `SELECT (SELECT count(*) FROM `+deletionsIn+` WHERE d.asked = 1 AND (?1 = '' OR c.book = ?1)),
		(SELECT count(*) FROM `+deletionsOut+` WHERE d.allowed = 0 AND (?1 = '' OR c.book = ?1)),
		`+countLive(book)+``, func(row scanner) error {
		return row.Scan(&h.In, &h.Out, &h.Live)
	}, book)
	if err != nil {
		return Held{}, fmt.Errorf("count held deletions of book %s: %w", book, err)
	}
	return h, nil
}

// HeldDeletions lists what the guards hold in a book, or ("") in all: first what was deleted elsewhere, each in list order.
func (s *Store) HeldDeletions(ctx context.Context, book string) ([]HeldDeletion, error) {
	var all []HeldDeletion
	err := s.read(ctx, `SELECT 0, c.id, c.book, c.name, c.subtitle, d.device, d.edited_at, c.sort_key AS sort_key FROM `+deletionsIn+` WHERE d.asked = 1 AND (?1 = '' OR c.book = ?1)
		UNION ALL SELECT 1, c.id, c.book, c.name, c.subtitle, '', c.deleted_at, c.sort_key FROM `+deletionsOut+` WHERE d.allowed = 0 AND (?1 = '' OR c.book = ?1)
		ORDER BY 1, sort_key, 2`, func(row scanner) error {
		var h HeldDeletion
		var at int64
		var key []byte
		err := row.Scan(&h.Out, &h.ID, &h.Book, &h.Name, &h.Subtitle, &h.Device, &at, &key)
		h.At = fromMicros(at)
		all = append(all, h)
		return err
	}, book)
	if err != nil {
		return nil, fmt.Errorf("list held deletions of book %s: %w", book, err)
	}
	return all, nil
}

// AllowDeletions lets held deletions be done, as one undoable action: those from elsewhere here too, those made here at the server.
// ids that nothing is held of are passed over: the question was answered elsewhere, or has no object any more.
func (s *Store) AllowDeletions(ctx context.Context, ids ...string) error {
	err := s.answerHeld(ctx, ids, func(t *tx, r *record, in *deletionIn) error {
		if in == nil {
			_, err := t.exec("UPDATE deletions_out SET allowed = 1 WHERE contact = ?", r.row)
			return err
		}
		return t.deleteHeld(r, *in, fromUser)
	})
	if err != nil {
		return fmt.Errorf("allow held deletions: %w", err)
	}
	return nil
}

// RefuseDeletions keeps the contacts, as one undoable action: those deleted elsewhere go back to the server as edits of this
// device, those deleted here come back from the trash. ids that nothing is held of are passed over.
func (s *Store) RefuseDeletions(ctx context.Context, ids ...string) error {
	err := s.answerHeld(ctx, ids, func(t *tx, r *record, in *deletionIn) error {
		if in == nil {
			_, err := t.edit(r, r.Card, false, fromUser)
			return err
		}
		return t.putBack(r, *in)
	})
	if err != nil {
		return fmt.Errorf("refuse held deletions: %w", err)
	}
	return nil
}

// deletionIn is a row of deletions_in.
type deletionIn struct {
	rev, editedAt int64
	device        string
}

// answerHeld calls answer with each contact of ids of which a deletion is held; in is nil for one that was made here.
func (s *Store) answerHeld(ctx context.Context, ids []string, answer func(t *tx, r *record, in *deletionIn) error) error {
	return s.write(ctx, func(t *tx) error {
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return err
			}
			in, out, err := t.held(id)
			if err != nil {
				return err
			}
			if in == nil && !out {
				continue
			}
			r, err := t.must(id)
			if err != nil {
				return err
			}
			if err := answer(t, r, in); err != nil {
				return fmt.Errorf("contact %s: %w", id, err)
			}
		}
		return nil
	})
}

// held says what the guards hold of a contact.
func (t *tx) held(id string) (in *deletionIn, out bool, err error) {
	err = t.each("SELECT d.rev, d.edited_at, d.device FROM "+deletionsIn+" WHERE d.asked = 1 AND c.id = ?", func(row scanner) error {
		in = new(deletionIn)
		return row.Scan(&in.rev, &in.editedAt, &in.device)
	}, id)
	if err == nil && in == nil {
		err = t.row("SELECT EXISTS (SELECT 1 FROM "+deletionsOut+" WHERE d.allowed = 0 AND c.id = ?)", id).Scan(&out)
	}
	return in, out, err
}

// deleteHeld makes a clean contact what the server says: deleted.
func (t *tx) deleteHeld(r *record, in deletionIn, origin string) error {
	after := *r
	after.become(contact.Version{Deleted: true, EditedAt: in.editedAt}, t.wall())
	after.rev = in.rev
	e := entry{origin: origin, device: in.device, at: in.editedAt}
	if origin == fromUser {
		e.at = t.tick() // it is this device's user who has decided so, now
	}
	return t.put(r, &after, e)
}

// putBack makes a contact that the server has deleted an edit of this device, as if the user had brought it back from the trash.
func (t *tx) putBack(r *record, in deletionIn) error {
	if err := t.mustWrite(r.book); err != nil {
		return err
	}
	after := *r
	after.EditedAt, after.rev, after.dirty = t.tick(), in.rev, true
	if in.rev != 0 {
		after.base = &contact.Version{Card: r.Card, Deleted: true, EditedAt: in.editedAt}
	}
	// Nothing changes in the card, so put would log nothing: yet it is an action of the user, to be seen in the history and undone.
	if _, err := t.appendLog(&after, opInsert, nil, false, entry{origin: fromUser, at: after.EditedAt}); err != nil {
		return err
	}
	return t.put(r, &after, entry{origin: fromUser, at: after.EditedAt})
}

// ---- deletions that come --------------------------------------------------------------------------------------------------

// beginPull counts the contacts before the first page of a pull, if the count may be needed: deletions are held against it.
func (t *tx) beginPull(b *Book, p Page) error {
	deletes := p.More || b.reconcile == walkExpired
	for _, c := range p.Changes {
		deletes = deletes || c.Deleted
	}
	if b.live >= 0 || !deletes {
		return nil
	}
	if err := t.row("SELECT "+countLive(b.ID), b.ID).Scan(&b.live); err != nil {
		return err
	}
	_, err := t.exec("UPDATE books SET live = ? WHERE id = ?", b.live, b.ID)
	return err
}

// meetDeletion notes that the server has deleted a clean contact. It stays until the pull's last page says how many they are.
func (t *tx) meetDeletion(r *record, in deletionIn) error {
	_, err := t.exec(`INSERT INTO deletions_in (contact, had, rev, edited_at, device, asked) VALUES (?1, ?2, ?3, ?4, ?5, 0)
		ON CONFLICT (contact) DO UPDATE SET had = ?2, rev = ?3, edited_at = ?4, device = ?5`, r.row, r.rev, in.rev, in.editedAt, in.device)
	if err != nil {
		return fmt.Errorf("note the deletion of %s: %w", r.id, err)
	}
	return nil
}

// endPull carries the deletions of a whole pull out, or holds them, with those that were held before.
func (t *tx) endPull(ctx context.Context, b Book, applied *Applied) error {
	if err := t.mergeMet(ctx, b, applied); err != nil {
		return err
	}
	var met, asked int
	err := t.row("SELECT count(*), coalesce(sum(d.asked), 0) FROM "+deletionsIn+" WHERE c.book = ?", b.ID).Scan(&met, &asked)
	if err != nil {
		return err
	}
	switch {
	case met == asked:
		// Nothing is new, and what waits for the user goes on waiting.
	case b.CanEdit() && (t.store.mass(met, b.live) || asked > 0 && met > t.store.massContacts): // who can only read has nothing to say to it
		if _, err := t.exec("UPDATE deletions_in SET asked = 1 WHERE contact IN (SELECT row_id FROM contacts WHERE book = ?)", b.ID); err != nil {
			return err
		}
	default:
		err := t.forEachRow(ctx, "SELECT c.row_id FROM "+deletionsIn+" WHERE c.book = ?", func(r *record) error {
			in, err := t.deletionIn(r.row)
			if err != nil {
				return err
			}
			applied.Pulled++
			return t.deleteHeld(r, in, fromRemote)
		}, b.ID)
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM deletions_in WHERE contact IN (SELECT row_id FROM contacts WHERE book = ?)", b.ID); err != nil {
			return err
		}
	}
	if b.live < 0 {
		return nil
	}
	_, err = t.exec("UPDATE books SET live = -1 WHERE id = ?", b.ID)
	return err
}

// mergeMet settles the deletions of contacts that were edited after their deletion had come: by the strategy, as if it came now.
// What has another rev by now has gone its own way.
func (t *tx) mergeMet(ctx context.Context, b Book, applied *Applied) error {
	edited := "SELECT c.row_id FROM deletions_in d CROSS JOIN contacts c ON c.row_id = d.contact AND c.rev = d.had AND c.pending <> 0 WHERE d.rev <> 0 AND c.book = ?"
	err := t.forEachRow(ctx, edited, func(r *record) error {
		in, err := t.deletionIn(r.row)
		if err != nil {
			return err
		}
		return t.mergeFrozen(b, r, RemoteChange{ID: r.id, Rev: in.rev, Deleted: true, EditedAt: in.editedAt, DeviceName: in.device}, applied)
	}, b.ID)
	if err != nil {
		return err
	}
	_, err = t.exec("DELETE FROM deletions_in WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.row_id = contact AND c.rev = had)")
	return err
}

func (t *tx) deletionIn(row int64) (in deletionIn, err error) {
	err = t.row("SELECT rev, edited_at, device FROM deletions_in WHERE contact = ?", row).Scan(&in.rev, &in.editedAt, &in.device)
	return in, err
}

// ---- deletions that go ----------------------------------------------------------------------------------------------------

// unsentDeletions are the deletions made here that a push would take to the server, and that the user has not said yes to. What is
// under way has passed the guard; what the server has deleted itself (and this device holds) loses nothing there.
const unsentDeletions = `contacts c INDEXED BY contacts_unsent_deletions LEFT JOIN deletions_out d ON d.contact = c.row_id AND d.edit = c.last_edit
	WHERE c.pending <> 0 AND c.deleted_at <> 0 AND c.book = ?1 AND c.conflicts = 0 AND c.rejected = '' AND c.rev <> 0 AND coalesce(d.allowed, 0) = 0
	AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.contact = c.row_id)
	AND NOT EXISTS (SELECT 1 FROM deletions_in i WHERE i.contact = c.row_id AND i.had = c.rev)`

// guardPush holds the unsent deletions of a book, if they are many, and lets go of those that were held and are few by now.
func (s *Store) guardPush(t *tx, book string) error {
	var unsent, asked, live int
	if err := t.row("SELECT count(*), count(d.contact) FROM "+unsentDeletions, book).Scan(&unsent, &asked); err != nil {
		return fmt.Errorf("count unsent deletions: %w", err)
	}
	if unsent <= s.massContacts && asked == 0 {
		return nil
	}
	if err := t.row("SELECT "+countLive(book), book).Scan(&live); err != nil {
		return fmt.Errorf("count contacts: %w", err)
	}
	var err error
	switch {
	case unsent <= s.massContacts:
		_, err = t.exec("DELETE FROM deletions_out WHERE allowed = 0 AND contact IN (SELECT row_id FROM contacts WHERE book = ?)", book)
	case unsent > asked && (asked > 0 || s.mass(unsent, live+unsent)):
		_, err = t.exec("INSERT OR REPLACE INTO deletions_out (contact, edit, allowed) SELECT c.row_id, c.last_edit, 0 FROM "+unsentDeletions, book)
	}
	if err != nil {
		return fmt.Errorf("hold unsent deletions: %w", err)
	}
	return nil
}

// notHeld is the condition of a contact c that nothing holds back from the server: neither the guard, nor a version of it there that
// can't be read here, and so can't be merged.
const notHeld = `(c.deleted_at = 0 OR NOT EXISTS (SELECT 1 FROM deletions_out d WHERE d.contact = c.row_id AND d.edit = c.last_edit AND d.allowed = 0))
	AND NOT EXISTS (SELECT 1 FROM aside a WHERE a.book = c.book AND a.id = ` + uidColumn + ` AND a.rev <> 0)`
