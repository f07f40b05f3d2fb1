package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kith/contact"
)

// Account is the sign-in of this profile. The token is not here: it is in the keyring.
type Account struct {
	Server   string // base URL
	User     string
	Device   string // this device's name
	DeviceID string
}

// Account returns the sign-in, or ErrNotSignedIn.
func (s *Store) Account(ctx context.Context) (Account, error) {
	a, signedIn, err := lastAccount(func(query string) scanner { return s.readers.QueryRowContext(ctx, query) })
	if err == nil && !signedIn {
		err = ErrNotSignedIn
	}
	if err != nil {
		return Account{}, fmt.Errorf("read account: %w", s.explain(err))
	}
	return a, nil
}

// lastAccount returns the newest sign-in, even if it has ended; the zero Account if there was none.
func lastAccount(row func(query string) scanner) (a Account, signedIn bool, err error) {
	err = row("SELECT server, user, device, device_id, signed_in FROM account").Scan(&a.Server, &a.User, &a.Device, &a.DeviceID, &signedIn)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return a, signedIn, err
}

// SetAccount signs in. Another server or user than before: every contact is to be sent as new, and the cursors start over.
func (s *Store) SetAccount(ctx context.Context, a Account) error {
	err := s.write(ctx, func(t *tx) error {
		last, _, err := lastAccount(func(query string) scanner { return t.row(query) })
		if err != nil {
			return err
		}
		_, err = t.exec("INSERT OR REPLACE INTO account (one, server, user, device, device_id, signed_in) VALUES (1, ?, ?, ?, ?, 1)",
			a.Server, a.User, a.Device, a.DeviceID)
		if err != nil {
			return err
		}
		if last == (Account{}) || last.Server == a.Server && last.User == a.User {
			return nil
		}
		return t.forgetServer(ctx)
	})
	if err != nil {
		return fmt.Errorf("set account: %w", err)
	}
	return nil
}

// forgetServer makes all contacts ones that no server has. The user's own books go along; those of others are lost with the account that
// could see them. Values that wait in a conflict go to the history; what is in the
// trash stays there, and is not sent.
func (t *tx) forgetServer(ctx context.Context) error {
	books, err := t.books()
	if err != nil {
		return err
	}
	for _, b := range books {
		if b.First() || b.Mine() {
			continue
		}
		if err := t.loseBook(ctx, b, NoticeAccount); err != nil {
			return fmt.Errorf("book %q: %w", b.Name, err)
		}
	}
	for _, statement := range []string{
		"UPDATE books SET wanted = remote WHERE remote <> '' AND id <> 'personal'", // should it be there, or be free, at the other server
		"UPDATE books SET remote = '', cursor = '', last_sync = 0, reconcile = '', live = -1, role = 'owner', owner = '', members = 1",
		"DELETE FROM outbox",
		"UPDATE aside SET rev = 0",
		"DELETE FROM purged",
	} {
		if _, err := t.exec(statement); err != nil {
			return err
		}
	}
	return t.forEachRow(ctx, "SELECT row_id FROM contacts WHERE rev <> 0 OR pending <> 0", func(r *record) error {
		return t.sendAsNew(r)
	})
}

// forEachRow calls fn with the record of each row of a query.
func (t *tx) forEachRow(ctx context.Context, query string, fn func(*record) error, args ...any) error {
	var rows []int64
	err := t.each(query, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		rows = append(rows, id)
		return err
	}, args...)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := t.loadRow(row)
		if err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

// sendAsNew makes a record one that the server never had: it goes there as new, unless it is in the trash. Its base says that its
// edits are edits, should the server turn out to have deleted it.
func (t *tx) sendAsNew(r *record) error {
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
	if r.conflicts > 0 {
		after.base = nil // of no use as what both sides began from
	}
	after.rev, after.conflicts, after.rejected = 0, 0, ""
	after.dirty = !r.Deleted
	return t.put(r, &after, entry{origin: fromMerge, at: r.EditedAt})
}

// DropAccount signs out; contacts and unsent edits stay.
func (s *Store) DropAccount(ctx context.Context) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE account SET signed_in = 0")
		return err
	})
	if err != nil {
		return fmt.Errorf("drop account: %w", err)
	}
	return nil
}

// DefaultBook is the book that every profile has: the account's first one.
const DefaultBook = "personal"

// Book is a local book. Remote is its id on the server, "" until it is known.
type Book struct {
	ID, Name, Remote string
	Role             string // RoleOwner, RoleWriter, RoleReader
	Owner            string // the name of the account that it belongs to; "" : not known
	Members          int    // accounts that share it, this one among them
	Cursor           string
	Strategy         contact.Strategy
	LastSync         time.Time // the last pass that ended well; zero: never
	Reconciling      bool      // a walk after BeginReconcile is under way: nothing may be pushed before its last page

	wanted    string // Remote "" : the id that it is to be made under at the server
	renamed   bool   // the server does not know the name yet
	reconcile string // why a walk over the whole remote book is under way; "" : none is
	walk      int64
	live      int // contacts when the pull under way began; -1: none is under way
}

const bookQuery = "SELECT id, name, remote, role, owner, members, wanted, renamed, cursor, strategy, last_sync, reconcile, walk, live FROM books"

func (b *Book) scan(row scanner) error {
	var last int64
	err := row.Scan(&b.ID, &b.Name, &b.Remote, &b.Role, &b.Owner, &b.Members, &b.wanted, &b.renamed, &b.Cursor, &b.Strategy, &last, &b.reconcile, &b.walk, &b.live)
	b.LastSync, b.Reconciling = fromMicros(last), b.reconcile != ""
	return err
}

// Books lists the books, the first one first.
func (s *Store) Books(ctx context.Context) ([]Book, error) {
	var books []Book
	err := s.read(ctx, bookQuery+" ORDER BY id <> 'personal', name, id", func(row scanner) error {
		var b Book
		err := b.scan(row)
		books = append(books, b)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read books: %w", err)
	}
	return books, nil
}

// book returns one book in a transaction.
func (t *tx) book(id string) (Book, error) {
	var b Book
	err := b.scan(t.row(bookQuery+" WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoBook
	}
	if err != nil {
		return Book{}, fmt.Errorf("read book %s: %w", id, err)
	}
	return b, nil
}

func (s *Store) SetStrategy(ctx context.Context, book string, st contact.Strategy) error {
	return setBook(ctx, s.write, book, "strategy", st)
}

// LinkBook says which of the account's books the local one is. Another one than before has another history: the walk that follows
// compares everything, and what this device holds goes there.
func (s *Store) LinkBook(ctx context.Context, book, remote string) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(book)
		if err != nil {
			return err
		}
		return t.link(b, remote)
	})
	if err != nil {
		return fmt.Errorf("link book %s: %w", book, err)
	}
	return nil
}

// MarkSynced notes the end of a pass. Watchers do not hear of it: no contact has changed.
func (s *Store) MarkSynced(ctx context.Context, book string, at time.Time) error {
	return setBook(ctx, s.writer.transact, book, "last_sync", micros(at))
}

func setBook(ctx context.Context, write func(context.Context, func(*tx) error) error, book, column string, value any) error {
	err := write(ctx, func(t *tx) error {
		result, err := t.exec("UPDATE books SET "+column+" = ? WHERE id = ?", value, book)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("there is no book %q", book))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set %s of book %s: %w", column, book, err)
	}
	return nil
}

// offsetTolerance is how far the server's clock may be from where we believe it before we write that down: measured over a
// network, it is never the same twice.
const offsetTolerance = 100 * time.Millisecond

// Observe moves the hybrid logical clock: offset is the server's clock minus ours. The trash clock needs what the server's clock
// showed by itself; zero: it was not said.
func (s *Store) Observe(ctx context.Context, offset time.Duration, server time.Time) error {
	var known int64
	err := s.read(ctx, "SELECT clock_offset FROM state", func(row scanner) error { return row.Scan(&known) })
	if err == nil && (offset-time.Duration(known)*time.Microsecond).Abs() > offsetTolerance {
		err = s.writer.transact(ctx, func(t *tx) error {
			_, err := t.exec("UPDATE state SET clock_offset = ?", offset.Microseconds())
			return err
		})
	}
	if err == nil && !server.IsZero() {
		err = s.confirmClock(ctx, server.UnixMicro())
	}
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	return nil
}
