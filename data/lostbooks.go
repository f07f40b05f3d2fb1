package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// RemoteBook is a book of the account at the server.
type RemoteBook struct {
	ID, Name, Role, Owner string
	Members               int
}

// unnamed is what a server calls an account's first book until somebody gives it a name.
const unnamed = "Contacts"

// Met says what MeetBooks found.
type Met struct{ Added, Lost, Lowered []string } // local ids; of those that are lost, names

// MeetBooks brings the books of this profile to what the server says the account has, once the first book is linked: new ones come,
// names and roles follow, and those that the account has no more are lost (LoseBook). remake reports of one of the user's own books that
// the server has forgotten it, and it was not removed: it is made there again, with what this device holds. Where a role sinks to reading
// while edits wait, these are copied to the first book, and a notice says so.
func (s *Store) MeetBooks(ctx context.Context, account []RemoteBook, remake func(Book) bool) (Met, error) {
	var met Met
	err := s.write(ctx, func(t *tx) error {
		met = Met{}
		books, err := t.books()
		if err != nil {
			return err
		}
		here := map[string]Book{}
		for _, b := range books {
			if b.Remote != "" {
				here[b.Remote] = b
			}
		}
		there := map[string]bool{}
		for _, r := range account {
			there[r.ID] = true
			b, known := here[r.ID]
			if !known {
				if b, err = t.meetNew(books, r); err != nil {
					return fmt.Errorf("book %q: %w", r.Name, err)
				}
				met.Added = append(met.Added, b.ID)
			}
			lowered, err := t.meetBook(ctx, b, r)
			if err != nil {
				return fmt.Errorf("book %q: %w", r.Name, err)
			}
			if lowered {
				met.Lowered = append(met.Lowered, b.ID)
			}
		}
		for _, b := range books {
			if b.Remote == "" || there[b.Remote] || b.First() {
				continue
			}
			if b.Mine() && remake(b) {
				if err := t.unlink(b); err != nil {
					return fmt.Errorf("book %q: %w", b.Name, err)
				}
				continue
			}
			if err := t.loseBook(ctx, b, NoticeLost); err != nil {
				return fmt.Errorf("book %q: %w", b.Name, err)
			}
			met.Lost = append(met.Lost, b.Name)
		}
		return nil
	})
	if err != nil {
		return Met{}, fmt.Errorf("compare the books with the account's: %w", err)
	}
	return met, nil
}

// MeetBook takes in a book that the account has just become a member of, and returns it; nothing is said of the others.
func (s *Store) MeetBook(ctx context.Context, r RemoteBook) (Book, error) {
	var b Book
	err := s.write(ctx, func(t *tx) error {
		books, err := t.books()
		if err != nil {
			return err
		}
		known := false
		for _, here := range books {
			if here.Remote == r.ID {
				b, known = here, true
			}
		}
		if !known {
			if b, err = t.meetNew(books, r); err != nil {
				return err
			}
		}
		if _, err := t.meetBook(ctx, b, r); err != nil {
			return err
		}
		b, err = t.book(b.ID)
		return err
	})
	if err != nil {
		return Book{}, fmt.Errorf("take in book %q: %w", r.Name, err)
	}
	return b, nil
}

func (t *tx) books() ([]Book, error) {
	var all []Book
	err := t.each(bookQuery, func(row scanner) error {
		var b Book
		err := b.scan(row)
		all = append(all, b)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the books: %w", err)
	}
	return all, nil
}

// meetNew takes a book of the account in: one that was made here and whose making was never answered, or a new one.
func (t *tx) meetNew(books []Book, r RemoteBook) (Book, error) {
	taken := false
	for _, b := range books {
		if b.Remote == "" && b.wanted == r.ID {
			return b, t.link(b, r.ID)
		}
		taken = taken || b.ID == r.ID
	}
	id := r.ID
	if taken || id == "" {
		return Book{}, fmt.Errorf("the server calls it %q, as another one here", r.ID)
	}
	if _, err := t.exec("INSERT INTO books (id, name, remote) VALUES (?, ?, ?)", id, r.Name, r.ID); err != nil {
		return Book{}, err
	}
	return t.book(id)
}

// meetBook brings a book to what the server says of it, and reports whether it can't be changed any more since.
func (t *tx) meetBook(ctx context.Context, b Book, r RemoteBook) (lowered bool, err error) {
	if r.Role != RoleOwner && r.Role != RoleWriter {
		r.Role = RoleReader // of a role that this version does not know, the least is assumed
	}
	name := r.Name
	if b.renamed && r.Role == RoleOwner || name == "" || b.First() && name == unnamed {
		name = b.Name
	}
	if name == b.Name && r.Role == b.Role && r.Owner == b.Owner && r.Members == b.Members {
		return false, nil
	}
	if lowered = b.CanEdit() && r.Role == RoleReader; lowered {
		if err := t.lowerRole(ctx, b); err != nil {
			return false, err
		}
	}
	_, err = t.exec("UPDATE books SET name = ?, role = ?, owner = ?, members = ?, renamed = renamed AND name = ?1 WHERE id = ?", name, r.Role, r.Owner, r.Members, b.ID)
	t.roles = nil
	return lowered, err
}

// link says which of the account's books a local one is; see LinkBook.
func (t *tx) link(b Book, remote string) error {
	if b.Remote == remote {
		return nil
	}
	if b.Remote != "" {
		if err := t.beginReconcile(b, CursorUnknown); err != nil {
			return err
		}
	}
	var taken string
	err := t.row("SELECT name FROM books WHERE remote = ? AND id <> ?", remote, b.ID).Scan(&taken)
	if err == nil {
		return fmt.Errorf("book %q is linked to %q already, which is the server's for book %q", taken, remote, b.Name)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = t.exec("UPDATE books SET remote = ?, wanted = '' WHERE id = ?", remote, b.ID)
	return err
}

// unlink makes a book one that the server has not got: it is made there again, under the same id, and what this device holds goes there.
func (t *tx) unlink(b Book) error {
	if err := t.beginReconcile(b, CursorUnknown); err != nil {
		return err
	}
	_, err := t.exec("UPDATE books SET remote = '', wanted = ? WHERE id = ?", b.Remote, b.ID)
	return err
}

// WantBook gives a book that is to be made at the server another id there: the one it had is somebody else's.
func (s *Store) WantBook(ctx context.Context, book, id string) error {
	return setBook(ctx, s.write, book, "wanted", id)
}

// lowerRole copies what waits in a book to the first one, and makes the book what the server has: it can't be sent any more.
func (t *tx) lowerRole(ctx context.Context, b Book) error {
	kept := 0
	err := t.forEachRow(ctx, "SELECT row_id FROM contacts WHERE pending <> 0 AND book = ?", func(r *record) error {
		if r.rev == 0 { // the server never had it: it goes there whole, with its history
			kept++
			return t.rehome(r)
		}
		if !r.Deleted {
			kept++
			if _, err := t.add(DefaultBook, copied(r.Card, uidOfCopy(Book{}, r, false), nil)); err != nil {
				return err
			}
		}
		return t.takeBack(r)
	}, b.ID)
	if err != nil {
		return err
	}
	if kept == 0 {
		return nil
	}
	return t.notice(NoticeReadOnly, b, 0, kept)
}

// takeBack makes an edited contact what the server has again. The edits stay in its history.
func (t *tx) takeBack(r *record) error {
	if err := t.reviewParked(r); err != nil {
		return err
	}
	if err := t.dropConflicts(r); err != nil {
		return err
	}
	if err := t.dropFrozen(r.row); err != nil {
		return err
	}
	after := *r
	if r.base != nil {
		after.become(*r.base, t.wall())
	}
	after.base, after.dirty, after.conflicts, after.rejected = nil, false, 0, ""
	return t.put(r, &after, entry{origin: fromMerge, at: r.EditedAt})
}

// LoseBook takes a book off this device that the account has no more. Its contacts go, but for those with changes that the server did
// not have: they move to the first book, with their history. What was in a book of the user's own goes to the trash instead: there it can
// be had back from, should the book have gone by mistake. A notice says what happened.
func (s *Store) LoseBook(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(id)
		if err != nil {
			return err
		}
		return t.loseBook(ctx, b, NoticeLost)
	})
	if err != nil {
		return fmt.Errorf("lose book %s: %w", id, err)
	}
	return nil
}

// LeaveBook is LoseBook by the user's own doing: without a notice, if nothing is kept.
func (s *Store) LeaveBook(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(id)
		if err != nil {
			return err
		}
		return t.loseBook(ctx, b, "")
	})
	if err != nil {
		return fmt.Errorf("leave book %s: %w", id, err)
	}
	return nil
}

// RemoveBook removes one of the user's own books from this device: its contacts go to the trash. One that is at the server is removed
// there first (the syncer's RemoveBook), else it comes back. ErrNoBook, ErrFirstBook, ErrNotOwner.
func (s *Store) RemoveBook(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(id)
		if err != nil {
			return err
		}
		if !b.Mine() {
			return ErrNotOwner
		}
		return t.loseBook(ctx, b, "")
	})
	if err != nil {
		return fmt.Errorf("remove book %s: %w", id, err)
	}
	return nil
}

// keptOf are the contacts of a lost book that hold something of the user's that the server never had: edits under way, and values that
// gave way to later ones and that the user has not looked at. A deletion alone is none.
const keptOf = `SELECT c.row_id FROM contacts c LEFT JOIN base o ON o.contact = c.row_id WHERE c.book = ?1 AND (c.rev = 0
	OR c.pending <> 0 AND (c.deleted_at = 0 OR o.card IS NOT NULL AND o.card <> c.card)
	OR EXISTS (SELECT 1 FROM settled s WHERE s.contact = c.row_id AND s.closed = 0 AND s.stands = 1))`

// loseBook takes a book off this device. kind "" : the user did it, and is told only of what is kept.
func (t *tx) loseBook(ctx context.Context, b Book, kind string) error {
	if b.First() {
		return ErrFirstBook
	}
	if err := t.searchAnew(); err != nil {
		return err
	}
	kept, gone := 0, 0
	err := t.forEachRow(ctx, keptOf, func(r *record) error {
		if b.Mine() && kind == "" && !r.Deleted { // the user has removed the book, with what was in it
			gone++
			return t.rehomeToTrash(r)
		}
		if !r.Deleted {
			kept++
		}
		return t.rehome(r)
	}, b.ID)
	if err != nil {
		return err
	}
	err = t.forEachRow(ctx, "SELECT row_id FROM contacts WHERE book = ?", func(r *record) error {
		if !r.Deleted {
			gone++
		}
		if b.Mine() {
			return t.rehomeToTrash(r)
		}
		return t.forget(r)
	}, b.ID)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM aside WHERE book = ?",
		"DELETE FROM purged WHERE book = ?",
		"DELETE FROM books WHERE id = ?",
		"DELETE FROM settings WHERE key = '" + settingNewBook + "' AND value = ?",
	} {
		if _, err := t.exec(statement, b.ID); err != nil {
			return err
		}
	}
	t.roles = nil
	t.state.listVersion++
	if kind == "" {
		if b.Mine() || kept == 0 {
			return nil
		}
		kind = NoticeLost
	}
	return t.notice(kind, b, gone, kept)
}

func (t *tx) notice(kind string, b Book, gone, kept int) error {
	_, err := t.exec("INSERT INTO notices (at, kind, book, gone, kept) VALUES (?, ?, ?, ?, ?)", t.wall(), kind, b.Name, gone, kept)
	if err != nil {
		return fmt.Errorf("note what happened to book %s: %w", b.ID, err)
	}
	return nil
}

// rehome makes a contact one of the first book that no server has: it goes there as new, unless it is in the trash.
func (t *tx) rehome(r *record) error {
	if err := t.sendAsNew(r); err != nil {
		return err
	}
	uid := r.uid()
	taken, err := t.rowIn(DefaultBook, uid)
	if err != nil {
		return err
	}
	var remote string
	switch {
	case taken != 0: // another contact of this uid is there: this one becomes one of its own
		uid, remote = uidOfCopy(Book{}, r, false), ""
		now, err := t.loadRow(r.row)
		if err != nil {
			return err
		}
		after := *now
		after.Card = now.Card.WithUID(uid)
		if err := t.put(now, &after, entry{origin: fromMerge, at: now.EditedAt}); err != nil {
			return err
		}
		if r.id != uid {
			remote = uid
		}
	case uid != r.id:
		remote = uid
	}
	_, err = t.exec("UPDATE contacts SET book = ?, remote_id = ? WHERE row_id = ?", DefaultBook, remote, r.row)
	t.odd = nil
	t.state.listVersion++
	if err == nil {
		err = t.searchAnew()
	}
	if err != nil {
		return fmt.Errorf("move %s to the first book: %w", r.id, err)
	}
	return nil
}

// rehomeToTrash is rehome to the trash.
func (t *tx) rehomeToTrash(r *record) error {
	if !r.Deleted {
		after := *r
		after.Deleted, after.deletedAt = true, t.wall()
		after.dirty, after.conflicts, after.rejected = false, 0, ""
		if err := t.reviewParked(r); err != nil {
			return err
		}
		if err := t.dropConflicts(r); err != nil {
			return err
		}
		if err := t.dropFrozen(r.row); err != nil {
			return err
		}
		if err := t.put(r, &after, entry{origin: fromMerge, at: r.EditedAt}); err != nil {
			return err
		}
		var err error
		if r, err = t.loadRow(r.row); err != nil {
			return err
		}
	}
	return t.rehome(r)
}

// forget removes every trace of a contact from this device.
func (t *tx) forget(r *record) error { return t.erase([]int64{r.row}) }

// searchAnew makes the search for duplicates begin from nothing: contacts have changed their book, or gone, beside the log that it follows.
func (t *tx) searchAnew() error {
	_, err := t.exec("UPDATE duplicate_state SET version = 0")
	return err
}
