package syncer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kith/data"
)

// BookError is trouble with one book, which the others have nothing to do with.
type BookError struct {
	Book, Name string // its local id; its name
	Err        error
}

func (e *BookError) Error() string { return fmt.Sprintf("book %q: %v", e.Name, e.Err) }
func (e *BookError) Unwrap() error { return e.Err }

// BooksError ends a pass in which all went well but for some books other than the first.
type BooksError struct{ Books []*BookError }

func (e *BooksError) Error() string {
	all := make([]string, len(e.Books))
	for i, b := range e.Books {
		all[i] = b.Error()
	}
	return strings.Join(all, "; ")
}

// books are the local ids; nil has none.
func (e *BooksError) books() map[string]bool {
	all := map[string]bool{}
	if e != nil {
		for _, b := range e.Books {
			all[b.Book] = true
		}
	}
	return all
}

func (e *BooksError) Unwrap() []error {
	all := make([]error, len(e.Books))
	for i, b := range e.Books {
		all[i] = b
	}
	return all
}

// round is one pass over the account's books, one after another, the first one first.
type round struct {
	store    *data.Store
	session  *session
	progress func(done, total int)
	hint     hint

	sum     Summary
	done    int
	account []Book // as the server lists them; nil: not asked in this round
	anew    bool   // the first book's history at the server is another one than before
	kept    bool   // contacts have moved to the first book since it was passed over
	trouble []*BookError
}

func (r *round) run(ctx context.Context) error {
	first, err := r.store.Book(ctx, data.DefaultBook)
	if err != nil {
		return fmt.Errorf("read the books: %w", err)
	}
	fresh := r.session.limits == (Limits{})
	if fresh {
		if err := r.readAgain(ctx); err != nil {
			return err
		}
	}
	if r.hint.only == nil || fresh || first.Remote == "" {
		r.hint.only = nil // the session is new: what the loop knows is of another one
		if err := r.list(ctx); err != nil {
			return err
		}
		if err := r.linkFirst(ctx, first); err != nil {
			return err
		}
	}
	if err := r.one(ctx, data.DefaultBook); err != nil {
		return err
	}
	if r.account != nil {
		if err := r.meet(ctx); err != nil {
			return err
		}
	}
	if err := r.others(ctx); err != nil {
		return err
	}
	if r.kept { // what a book that is lost has left behind goes to the server, too
		r.hint = hint{live: map[string]bool{data.DefaultBook: true}}
		if err := r.one(ctx, data.DefaultBook); err != nil {
			return err
		}
	}
	return r.outcome()
}

// outcome is what is wrong with single books, but for contention alone.
func (r *round) outcome() error {
	contended := false
	serious := slices.DeleteFunc(slices.Clone(r.trouble), func(b *BookError) bool {
		is := errors.Is(b.Err, errContended)
		contended = contended || is
		return is
	})
	switch {
	case len(serious) > 0:
		return &BooksError{serious}
	case contended:
		return errContended
	}
	return nil
}

// list asks for the account's books, and for the limits.
func (r *round) list(ctx context.Context) error {
	books, limits, err := r.session.remote.Books(ctx)
	if err != nil {
		return fmt.Errorf("list the books: %w", err)
	}
	if len(books) == 0 {
		return fmt.Errorf("list the books: the account has none: %w", ErrForbidden)
	}
	r.session.limits, r.account = limits.orDefaults(), books
	return nil
}

// linkFirst links the first book to the account's first: on the first sync, and again when the account has lost the one that it was
// linked to (the server was made anew).
func (r *round) linkFirst(ctx context.Context, first data.Book) error {
	if slices.ContainsFunc(r.account, func(b Book) bool { return b.ID == first.Remote }) {
		return nil
	}
	if err := r.store.LinkBook(ctx, first.ID, r.account[0].ID); err != nil {
		return fmt.Errorf("link the book: %w", err)
	}
	r.anew = first.Remote != ""
	r.hint.pages = nil // what the loop knew was of another book
	return nil
}

// meet brings the books here and the account's into step: what the server lists comes or goes, and what was made or renamed here is made
// or renamed there.
func (r *round) meet(ctx context.Context) error {
	account := make([]data.RemoteBook, len(r.account))
	for i, b := range r.account {
		account[i] = data.RemoteBook(b)
	}
	// One of one's own books that is gone was removed on another device; unless the server has begun another history: put back to
	// an older state, it knows nothing of a book that was made since.
	met, err := r.store.MeetBooks(ctx, account, func(data.Book) bool { return r.anew })
	if err != nil {
		return err
	}
	r.kept = r.kept || len(met.Lost)+len(met.Lowered) > 0
	books, err := r.store.Books(ctx)
	if err != nil {
		return fmt.Errorf("read the books: %w", err)
	}
	for _, b := range books {
		if b.Wanted() != "" {
			err = r.makeBook(ctx, b)
		} else if b.Renamed() {
			err = r.renameBook(ctx, b)
		}
		if err := r.note(ctx, b, err); err != nil {
			return err
		}
	}
	return nil
}

// makeBook makes a book at the server that was made here, offline maybe. A repeat is answered with the book that there is.
func (r *round) makeBook(ctx context.Context, b data.Book) error {
	made, err := r.session.remote.AddBook(ctx, b.Wanted(), b.Name)
	if errors.Is(err, ErrBookExists) { // it is another account's: this profile was signed in as that one
		id, idErr := uuid.NewV7()
		if idErr != nil {
			return idErr
		}
		if err := r.store.WantBook(ctx, b.ID, id.String()); err != nil {
			return err
		}
		made, err = r.session.remote.AddBook(ctx, id.String(), b.Name)
	}
	if err != nil {
		return fmt.Errorf("make it at the server: %w", err)
	}
	return r.store.LinkBook(ctx, b.ID, made.ID)
}

func (r *round) renameBook(ctx context.Context, b data.Book) error {
	err := r.session.remote.RenameBook(ctx, b.Remote, b.Name)
	if err != nil && !errors.Is(err, ErrForbidden) { // who may not rename it any more takes the name that it has
		return fmt.Errorf("rename it at the server: %w", err)
	}
	return r.store.BookRenamed(ctx, b.ID, b.Name)
}

// others passes over all books but the first. Where the account has lost a right to one, the list of the books says what became of it.
func (r *round) others(ctx context.Context) error {
	books, err := r.store.Books(ctx)
	if err != nil {
		return fmt.Errorf("read the books: %w", err)
	}
	for _, b := range books {
		if b.First() || b.Remote == "" {
			continue
		}
		err := r.one(ctx, b.ID)
		if errors.Is(err, ErrForbidden) {
			if err := r.list(ctx); err != nil {
				return err
			}
			if err := r.meet(ctx); err != nil {
				return err
			}
			now, bookErr := r.store.Book(ctx, b.ID)
			if errors.Is(bookErr, data.ErrNoBook) || bookErr == nil && now.Role != b.Role {
				continue // that was it
			}
		}
		if err := r.note(ctx, b, err); err != nil {
			return err
		}
	}
	return nil
}

// note keeps the trouble of one book, and returns what concerns all.
func (r *round) note(ctx context.Context, b data.Book, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil || b.First() {
		return err
	}
	for _, all := range []error{ErrOffline, ErrSignIn, ErrUpdateNeeded, data.ErrDiskFull, data.ErrDiskFault, data.ErrNotWritable, data.ErrNotADatabase, data.ErrBusy} {
		if errors.Is(err, all) {
			return err
		}
	}
	r.trouble = append(r.trouble, &BookError{b.ID, b.Name, err})
	return nil
}

// one passes over one book, if the round is for it.
func (r *round) one(ctx context.Context, book string) error {
	if r.hint.only != nil && !r.hint.only[book] {
		return nil
	}
	p := &pass{store: r.store, session: r.session, id: book, progress: r.progress, done: r.done}
	err := p.run(ctx, r.hint.pages[book], r.hint.live[book])
	r.sum = r.sum.plus(p.sum)
	r.done = p.done
	if book == data.DefaultBook {
		r.anew = r.anew || p.anew
	}
	return err
}

// readAgain takes in what an older version of this program could not read, once a session: programs are not updated while they run.
func (r *round) readAgain(ctx context.Context) error {
	all, err := r.store.SetAside(ctx)
	if err != nil {
		return fmt.Errorf("list what is set aside: %w", err)
	}
	var ids []string
	for _, a := range all {
		if !a.Out {
			ids = append(ids, a.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := r.store.TryAgain(ctx, ids...); err != nil {
		return fmt.Errorf("read again what was set aside: %w", err)
	}
	return nil
}
