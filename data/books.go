package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"kith/contact"
)

// Roles in a book: an owner also says who else is in it, a reader changes nothing.
const (
	RoleOwner  = "owner"
	RoleWriter = "writer"
	RoleReader = "reader"
)

// CanEdit says that the user may change the book's contacts.
func (b Book) CanEdit() bool { return b.Role != RoleReader }

// Mine says that the user may rename, share and remove the book.
func (b Book) Mine() bool { return b.Role == RoleOwner }

// Shared says that others are in it.
func (b Book) Shared() bool { return b.Members > 1 }

// First says that it is the one that every profile has.
func (b Book) First() bool { return b.ID == DefaultBook }

// Wanted is the id that a book made offline is to be made under at the server; "" : it is there.
func (b Book) Wanted() string {
	if b.Remote != "" {
		return ""
	}
	return b.wanted
}

// Renamed says that the server does not know the book's name yet.
func (b Book) Renamed() bool { return b.renamed }

// Book returns one book. ErrNoBook.
func (s *Store) Book(ctx context.Context, id string) (Book, error) {
	var b Book
	found := false
	err := s.read(ctx, bookQuery+" WHERE id = ?", func(row scanner) error { found = true; return b.scan(row) }, id)
	if err == nil && !found {
		err = ErrNoBook
	}
	if err != nil {
		return Book{}, fmt.Errorf("read book %s: %w", id, err)
	}
	return b, nil
}

// AddBook makes a book of the user's own, also offline: the server gets it at the next sync.
func (s *Store) AddBook(ctx context.Context, name string) (Book, error) {
	var b Book
	err := s.write(ctx, func(t *tx) error {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		if name, err = bookName(name); err != nil {
			return err
		}
		if _, err = t.exec("INSERT INTO books (id, name, wanted) VALUES (?1, ?2, ?1)", id.String(), name); err != nil {
			return err
		}
		b, err = t.book(id.String())
		return err
	})
	if err != nil {
		return Book{}, fmt.Errorf("add book %q: %w", name, err)
	}
	return b, nil
}

// ErrBookName is what a book can't be called.
var ErrBookName = errors.New("a book needs a name of at most 200 letters")

func bookName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 200 {
		return "", ErrBookName
	}
	return name, nil
}

// RenameBook gives one of the user's own books another name, for all its members once it is synced. ErrNotOwner, ErrNoBook.
func (s *Store) RenameBook(ctx context.Context, id, name string) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(id)
		if err != nil {
			return err
		}
		if name, err = bookName(name); err != nil || name == b.Name {
			return err
		}
		if !b.Mine() {
			return ErrNotOwner
		}
		_, err = t.exec("UPDATE books SET name = ?, renamed = 1 WHERE id = ?", name, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("rename book %s: %w", id, err)
	}
	return nil
}

// BookRenamed notes that the server knows a name.
func (s *Store) BookRenamed(ctx context.Context, id, name string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE books SET renamed = 0 WHERE id = ? AND name = ?", id, name)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the name of book %s: %w", id, err)
	}
	return nil
}

// settingNewBook is the book that new contacts go to.
const settingNewBook = "book.new"

// NewContactsBook is the book that new contacts go to: the one of SetNewContactsBook if that is there and can be written, else the
// first.
func (s *Store) NewContactsBook(ctx context.Context) (Book, error) {
	chosen, err := s.Setting(ctx, settingNewBook)
	if err == nil && chosen != "" {
		b, err := s.Book(ctx, chosen)
		if err == nil && b.CanEdit() || err != nil && !errors.Is(err, ErrNoBook) {
			return b, err
		}
	}
	if err != nil {
		return Book{}, err
	}
	return s.Book(ctx, DefaultBook)
}

// SetNewContactsBook says where new contacts go. ErrNoBook, ErrReadOnly.
func (s *Store) SetNewContactsBook(ctx context.Context, id string) error {
	b, err := s.Book(ctx, id)
	if err == nil && !b.CanEdit() {
		err = ErrReadOnly
	}
	if err != nil {
		return fmt.Errorf("choose the book for new contacts: %w", err)
	}
	return s.SetSetting(ctx, settingNewBook, id)
}

// bookForNew is the book that a caller names for new contacts, or ("") the one that they go to.
func (t *tx) bookForNew(id string) (string, error) {
	if id != "" {
		if _, err := t.book(id); err != nil {
			return "", err
		}
		return id, t.mustWrite(id)
	}
	err := t.row("SELECT b.id FROM settings s JOIN books b ON b.id = s.value WHERE s.key = ? AND b.role <> 'reader'", settingNewBook).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return DefaultBook, nil
	}
	return id, err
}

// mustWrite is ErrReadOnly for a book that the user may not change.
func (t *tx) mustWrite(book string) error {
	if t.roles == nil {
		t.roles = map[string]string{}
		err := t.each("SELECT id, role FROM books", func(row scanner) error {
			var id, role string
			err := row.Scan(&id, &role)
			t.roles[id] = role
			return err
		})
		if err != nil {
			return fmt.Errorf("read the roles: %w", err)
		}
	}
	if t.roles[book] == RoleReader {
		return ErrReadOnly
	}
	return nil
}

// readOnlyBooks are the books that the user may not change.
func (s *Store) readOnlyBooks(ctx context.Context) (map[string]bool, error) {
	fixed := map[string]bool{}
	err := s.read(ctx, "SELECT id FROM books WHERE role = 'reader'", func(row scanner) error {
		var id string
		err := row.Scan(&id)
		fixed[id] = true
		return err
	})
	return fixed, err
}

// CopyContacts puts copies of contacts, with their photos, into a book, as one undoable action, and returns the copies' ids. Errors:
// ErrNotFound, ErrDeleted, ErrNoBook, ErrReadOnly.
func (s *Store) CopyContacts(ctx context.Context, to string, ids ...string) (copies []string, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		copies, err = t.copyContacts(ctx, to, ids, false)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("copy contacts to book %s: %w", to, err)
	}
	return copies, nil
}

// MoveContacts is CopyContacts, and the contacts go to the trash where they were; those that are in the book already stay as they are. One
// Undo takes it back whole. It returns the ids of the contacts in the book.
func (s *Store) MoveContacts(ctx context.Context, to string, ids ...string) (moved []string, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		moved, err = t.copyContacts(ctx, to, ids, true)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("move contacts to book %s: %w", to, err)
	}
	return moved, nil
}

func (t *tx) copyContacts(ctx context.Context, to string, ids []string, move bool) ([]string, error) {
	b, err := t.book(to)
	if err != nil {
		return nil, err
	}
	if err := t.mustWrite(to); err != nil {
		return nil, err
	}
	var from []*record
	uids := map[string]map[string]string{} // by book: what each of them is called in the other one, so that relations among them hold
	err = t.forEachID(ctx, ids, func(r *record) error {
		if r.Deleted {
			return fmt.Errorf("%q: %w", r.Card.DisplayName(), ErrDeleted)
		}
		from = append(from, r)
		if move && r.book == to {
			return nil
		}
		if move {
			if err := t.mustWrite(r.book); err != nil {
				return fmt.Errorf("%q: %w", r.Card.DisplayName(), err)
			}
		}
		if uids[r.book] == nil {
			uids[r.book] = map[string]string{}
		}
		uids[r.book][r.uid()] = uidOfCopy(b, r, move)
		return nil
	})
	if err != nil {
		return nil, err
	}
	made := make([]string, 0, len(from))
	for _, r := range from {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if move && r.book == to {
			made = append(made, r.id)
			continue
		}
		card := copied(r.Card, uids[r.book][r.uid()], uids[r.book])
		there, err := t.putCopy(to, card)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", r.Card.DisplayName(), err)
		}
		made = append(made, there.id)
		if !move {
			continue
		}
		trashed, err := t.edit(r, r.Card, true, fromUser)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", r.Card.DisplayName(), err)
		}
		if err := t.letGo(trashed); err != nil { // however many go at once, no guard need ask: they are in the other book
			return nil, err
		}
	}
	return made, nil
}

// uidOfCopy names a contact in another book. A move gives the same name on every device that makes it, so that two who move a contact at
// a time have one there, and not two.
func uidOfCopy(to Book, r *record, move bool) string {
	space := to.Remote
	if space == "" {
		space = to.wanted
	}
	if !move || space == "" {
		return uuid.Must(uuid.NewV7()).String() // fails only if the system has no randomness
	}
	return uuid.NewSHA1(uuid.NewSHA1(uuid.NameSpaceOID, []byte("kith moved to "+space)), []byte(r.uid())).String()
}

// copied is a card as another contact, related to those that go along by their new names.
func copied(c contact.Card, uid string, names map[string]string) contact.Card {
	relations := c.Relations()
	along := false
	for i, r := range relations {
		if name, ok := names[r.Key]; ok {
			relations[i].Key, along = name, true
		}
	}
	if along {
		c = c.WithRelations(relations)
	}
	return c.WithUID(uid)
}

// putCopy stores a copy: as a new contact, or as one that came to the book this way before and is in its trash.
func (t *tx) putCopy(book string, c contact.Card) (*record, error) {
	there, err := t.loadIn(book, c.UID())
	switch {
	case err != nil:
		return nil, err
	case there == nil:
		return t.add(book, c)
	case there.Deleted:
		return t.edit(there, c, false, fromUser)
	}
	return t.add(book, c.WithUID(uuid.Must(uuid.NewV7()).String())) // it has come this way already: nothing is overwritten
}

// letGo says that a deletion made here is meant: no guard need ask.
func (t *tx) letGo(r *record) error {
	_, err := t.exec("INSERT OR REPLACE INTO deletions_out (contact, edit, allowed) VALUES (?, ?, 1)", r.row, r.lastEdit)
	if err != nil {
		return fmt.Errorf("let the deletion of %s go: %w", r.id, err)
	}
	return nil
}

// ---- lists and counts -----------------------------------------------------------------------------------------------------

// rowsOfBook returns the rows that a book has, or (inside false: for the first book) those that all others have.
func rowsOfBook(ctx context.Context, tx *sql.Tx, book string) (rows []RowID, inside bool, err error) {
	if book == DefaultBook {
		rows, err = rowIDs(ctx, tx, "SELECT json_group_array(row_id) FROM contacts WHERE book <> 'personal'")
		return rows, false, err
	}
	rows, err = rowIDs(ctx, tx, "SELECT json_group_array(row_id) FROM contacts WHERE book <> 'personal' AND book = ?", book)
	return rows, true, err
}

// countLive counts the contacts outside the trash of a book, or ("") of all, as an expression with the book as ?1. Only the contacts of the first book are
// in no index by book: they are all but those of the others.
func countLive(book string) string {
	if book == "" {
		return "(SELECT count(*) FROM contacts WHERE deleted_at = 0)"
	}
	if book == DefaultBook {
		return `(SELECT count(*) FROM contacts WHERE deleted_at = 0) - (SELECT count(*) FROM contacts WHERE book <> 'personal' AND book <> ?1 AND deleted_at = 0)`
	}
	return `(SELECT count(*) FROM contacts WHERE book <> 'personal' AND book = ?1 AND deleted_at = 0)`
}

// CountsOf counts the contacts of a book; "" : of all.
func (s *Store) CountsOf(ctx context.Context, book string) (Counts, error) {
	if book != "" && book != DefaultBook {
		return s.countsWhere(ctx, "book <> 'personal' AND book = ?1", book)
	}
	all, err := s.Counts(ctx)
	if err != nil || book == "" {
		return all, err
	}
	// Those of the first book are in no index by book: they are all but those of the others.
	others, err := s.countsWhere(ctx, "book <> 'personal'")
	if err != nil {
		return Counts{}, err
	}
	c := all
	c.All, c.Favourites, c.Conflicted, c.Trash = all.All-others.All, all.Favourites-others.Favourites, all.Conflicted-others.Conflicted, all.Trash-others.Trash
	c.Birthdays, c.Reviewed, c.Pending, c.Rejected = all.Birthdays-others.Birthdays, all.Reviewed-others.Reviewed, all.Pending-others.Pending, all.Rejected-others.Rejected
	elsewhere := map[string]int{}
	for _, l := range others.Labels {
		elsewhere[l.Name] = l.Count
	}
	c.Labels = nil
	for _, l := range all.Labels {
		if l.Count -= elsewhere[l.Name]; l.Count > 0 {
			c.Labels = append(c.Labels, l)
		}
	}
	return c, nil
}

// countsWhere is Counts of the contacts that a condition on contacts_book selects: one pass over that index, and the few rows of the
// others that can matter.
func (s *Store) countsWhere(ctx context.Context, in string, args ...any) (Counts, error) {
	var c Counts
	err := s.read(ctx, `SELECT coalesce(sum(deleted_at = 0), 0), coalesce(sum(deleted_at = 0 AND starred = 1), 0), coalesce(sum(deleted_at <> 0), 0),
		coalesce(sum(deleted_at = 0 AND birthday <> 0), 0) FROM contacts INDEXED BY contacts_book WHERE `+in,
		func(row scanner) error { return row.Scan(&c.All, &c.Favourites, &c.Trash, &c.Birthdays) }, args...)
	if err == nil {
		err = s.read(ctx, `SELECT (SELECT count(*) FROM contacts INDEXED BY contacts_conflicted WHERE `+Conflicted.where()+` AND `+in+`),
			(SELECT count(*) FROM contacts INDEXED BY contacts_conflicted WHERE `+Conflicted.where()+` AND rejected <> '' AND `+in+`),
			(SELECT count(*) FROM contacts INDEXED BY contacts_pending WHERE pending <> 0 AND `+in+`),
			(SELECT count(*) FROM (SELECT DISTINCT contact FROM settled WHERE closed = 0) s CROSS JOIN contacts c ON c.row_id = s.contact WHERE `+in+`)`,
			func(row scanner) error { return row.Scan(&c.Conflicted, &c.Rejected, &c.Pending, &c.Reviewed) }, args...)
	}
	if err == nil {
		c.Collation, _, err = s.Collation(ctx)
	}
	if err == nil {
		c.Labels, err = s.labels(ctx, in, args...)
		SortLabels(c.Labels, c.Collation)
	}
	if err != nil {
		return Counts{}, fmt.Errorf("count the contacts of a book: %w", err)
	}
	return c, nil
}

// BookSizes counts the contacts outside the trash of every book that has any.
func (s *Store) BookSizes(ctx context.Context) (map[string]int, error) {
	sizes := map[string]int{}
	total := 0
	err := s.read(ctx, "SELECT count(*) FROM contacts WHERE deleted_at = 0", func(row scanner) error { return row.Scan(&total) })
	if err == nil {
		err = s.read(ctx, "SELECT book, count(*) FROM contacts WHERE book <> 'personal' AND deleted_at = 0 GROUP BY book", func(row scanner) error {
			var book string
			var n int
			err := row.Scan(&book, &n)
			sizes[book] = n
			total -= n
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("count the contacts of each book: %w", err)
	}
	sizes[DefaultBook] = max(total, 0)
	return sizes, nil
}

// ---- notices --------------------------------------------------------------------------------------------------------------

// Kinds of Notice.
const (
	NoticeLost     = "lost"      // the book is no longer the account's: it was deleted, or somebody removed the user from it
	NoticeReadOnly = "read-only" // the user may only read it from now on
	NoticeAccount  = "account"   // it belonged to the account that this profile was signed in to before
)

// Notice says what happened to a book without the user's doing, until DismissNotice. Gone contacts are not on this device any more; Kept
// are those with changes that the server did not have: they are in the first book now.
type Notice struct {
	ID         int64
	Kind, Book string // Book: its name
	Gone, Kept int
	At         time.Time
}

// Notices lists what the user has not dismissed, the newest first.
func (s *Store) Notices(ctx context.Context) ([]Notice, error) {
	var all []Notice
	err := s.read(ctx, "SELECT id, at, kind, book, gone, kept FROM notices ORDER BY id DESC", func(row scanner) error {
		var n Notice
		var at int64
		err := row.Scan(&n.ID, &at, &n.Kind, &n.Book, &n.Gone, &n.Kept)
		n.At = fromMicros(at)
		all = append(all, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read notices: %w", err)
	}
	return all, nil
}

// CountNotices counts them.
func (s *Store) CountNotices(ctx context.Context) (n int, err error) {
	err = s.read(ctx, "SELECT count(*) FROM notices", func(row scanner) error { return row.Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("count notices: %w", err)
	}
	return n, nil
}

// DismissNotice forgets notices; a repeat is harmless.
func (s *Store) DismissNotice(ctx context.Context, ids ...int64) error {
	err := s.write(ctx, func(t *tx) error {
		for _, id := range slices.Compact(ids) {
			if _, err := t.exec("DELETE FROM notices WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("dismiss notices: %w", err)
	}
	return nil
}
