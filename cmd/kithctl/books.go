package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/data"
	"kith/syncer"
)

// booksCmd is about books and who shares them.
type booksCmd struct {
	List   booksListCmd   `cmd:"" default:"1" help:"List the books."`
	Add    booksAddCmd    `cmd:"" help:"Make a book; prints its id. It works offline."`
	Rename booksRenameCmd `cmd:"" help:"Give a book of yours another name. It works offline."`
	Rm     booksRmCmd     `cmd:"" help:"Remove a book of yours, for all its members; here its contacts go to the trash."`
	New    booksNewCmd    `cmd:"" help:"Show or set the book that new contacts go to."`

	Members     booksMembersCmd     `cmd:"" help:"List who shares a book."`
	Role        booksRoleCmd        `cmd:"" help:"Change what a member may do."`
	Remove      booksRemoveCmd      `cmd:"" help:"End a member's access."`
	Invite      booksInviteCmd      `cmd:"" help:"Make a link that lets one person join a book; prints it."`
	Invitations booksInvitationsCmd `cmd:"" help:"List the invitations that nobody has accepted yet."`
	Withdraw    booksWithdrawCmd    `cmd:"" help:"End an invitation."`
	Look        booksLookCmd        `cmd:"" help:"Say what an invitation would give."`
	Join        booksJoinCmd        `cmd:"" help:"Accept an invitation."`
	Leave       booksLeaveCmd       `cmd:"" help:"Leave a book: its contacts leave this profile, but for changes that the server does not have."`

	Notices booksNoticesCmd `cmd:"" help:"Show what has happened to books without your doing."`
}

// findBook returns the id of a book that is named by its id, its name, or a beginning of it that only one has; "" stays "".
func findBook(ctx context.Context, s *data.Store, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	b, err := bookNamed(ctx, s, name)
	return b.ID, err
}

func bookNamed(ctx context.Context, s *data.Store, name string) (data.Book, error) {
	books, err := s.Books(ctx)
	if err != nil {
		return data.Book{}, err
	}
	for _, matches := range []func(data.Book) bool{
		func(b data.Book) bool { return b.ID == name },
		func(b data.Book) bool { return b.Name == name },
		func(b data.Book) bool { return strings.EqualFold(b.Name, name) },
		func(b data.Book) bool { return len(name) >= minEnding && strings.HasSuffix(b.ID, name) },
	} {
		var found []data.Book
		for _, b := range books {
			if matches(b) {
				found = append(found, b)
			}
		}
		switch len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return data.Book{}, fmt.Errorf("%d books are called %q: name it by its id, as \"kithctl books\" shows it", len(found), name)
		}
	}
	return data.Book{}, fmt.Errorf("%w: %q; \"kithctl books\" lists them", data.ErrNoBook, name)
}

type booksListCmd struct{}

// bookResult is one book's document.
type bookResult struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Owner    string `json:"owner"`
	Members  int    `json:"members"`
	Contacts int    `json:"contacts"`
	Synced   bool   `json:"synced"` // the server has it
	New      bool   `json:"new"`    // new contacts go there
}

func (c *booksListCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	books, err := s.Books(ctx)
	if err != nil {
		return err
	}
	sizes, err := s.BookSizes(ctx)
	if err != nil {
		return err
	}
	chosen, err := s.NewContactsBook(ctx)
	if err != nil {
		return err
	}
	all := make([]bookResult, len(books))
	for i, b := range books {
		all[i] = bookResult{b.ID, b.Name, b.Role, b.Owner, b.Members, sizes[b.ID], b.Remote != "", b.ID == chosen.ID}
	}
	return a.emit(all, func(w io.Writer) {
		rows := make([][]string, len(all))
		for i, b := range all {
			rows[i] = []string{shorten(b.Name), count(b.Contacts, "contact"), roleText(b), b.ID, bookMarks(b)}
		}
		table(w, rows)
	})
}

// roleText says whose a book is, and what one may do with it.
func roleText(b bookResult) string {
	switch {
	case b.Role == data.RoleReader:
		return "of " + b.Owner + ", read only"
	case b.Role == data.RoleWriter:
		return "of " + b.Owner
	case b.Members > 1:
		return "yours, shared with " + otherMembers(b.Members-1)
	}
	return "yours"
}

func otherMembers(n int) string {
	if n == 1 {
		return "one other"
	}
	return fmt.Sprintf("%d others", n)
}

func bookMarks(b bookResult) string {
	var words []string
	if b.New {
		words = append(words, "new contacts go here")
	}
	if !b.Synced {
		words = append(words, "not sent yet")
	}
	return strings.Join(words, ", ")
}

type booksAddCmd struct {
	Name string `arg:"" help:"What to call it."`
}

func (c *booksAddCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	b, err := s.AddBook(ctx, c.Name)
	if err != nil {
		return err
	}
	return a.emit(idResult{b.ID}, func(w io.Writer) { fmt.Fprintln(w, b.ID) })
}

type booksRenameCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
	Name string `arg:"" help:"The new name."`
}

func (c *booksRenameCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	b, err := bookNamed(ctx, s, c.Book)
	if err != nil {
		return err
	}
	if err := s.RenameBook(ctx, b.ID, c.Name); err != nil {
		return err
	}
	return a.emit(idResult{b.ID}, func(w io.Writer) { fmt.Fprintf(w, "Renamed: %s.\n", oneLine(c.Name)) })
}

type booksRmCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
}

func (c *booksRmCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	if err := engine.RemoveBook(ctx, b.ID); err != nil {
		return err
	}
	return a.emit(idResult{b.ID}, func(w io.Writer) {
		fmt.Fprintf(w, "Removed: %s. Its contacts are in the trash of this profile.\n", oneLine(b.Name))
	})
}

type booksNewCmd struct {
	Book string `arg:"" optional:"" name:"BOOK" help:"The book."`
}

func (c *booksNewCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.Book != "" {
		b, err := bookNamed(ctx, s, c.Book)
		if err != nil {
			return err
		}
		if err := s.SetNewContactsBook(ctx, b.ID); err != nil {
			return err
		}
	}
	b, err := s.NewContactsBook(ctx)
	if err != nil {
		return err
	}
	return a.emit(idResult{b.ID}, func(w io.Writer) { fmt.Fprintf(w, "New contacts go to %s.\n", oneLine(b.Name)) })
}

// engineFor returns the syncer, and a book that is named.
func (a *app) engineFor(ctx context.Context, name string) (*syncer.Engine, data.Book, error) {
	engine, s, err := a.engine(ctx)
	if err != nil {
		return nil, data.Book{}, err
	}
	b, err := bookNamed(ctx, s, name)
	return engine, b, err
}

type moveCmd struct {
	Book string   `arg:"" name:"BOOK" help:"Where to."`
	IDs  []string `arg:"" name:"ID" help:"The contacts."`
}

func (c *moveCmd) Run(ctx context.Context, a *app) error {
	return a.transfer(ctx, c.Book, c.IDs, (*data.Store).MoveContacts, "Moved to %s: %s. \"kithctl undo\" takes it back.\n")
}

type copyCmd struct {
	Book string   `arg:"" name:"BOOK" help:"Where to."`
	IDs  []string `arg:"" name:"ID" help:"The contacts."`
}

func (c *copyCmd) Run(ctx context.Context, a *app) error {
	return a.transfer(ctx, c.Book, c.IDs, (*data.Store).CopyContacts, "Copied to %s: %s.\n")
}

// transfer brings contacts into another book, and prints the ids that they have there.
func (a *app) transfer(ctx context.Context, to string, ids []string, do func(*data.Store, context.Context, string, ...string) ([]string, error), said string) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	b, err := bookNamed(ctx, s, to)
	if err != nil {
		return err
	}
	all, err := findAll(ctx, s, ids)
	if err != nil {
		return err
	}
	there, err := do(s, ctx, b.ID, all...)
	if err != nil {
		return err
	}
	return a.emit(idsResult{there}, func(w io.Writer) { fmt.Fprintf(w, said, oneLine(b.Name), count(len(there), "contact")) })
}

type booksNoticesCmd struct {
	Dismiss bool `help:"Do not show them again."`
}

// noticeResult is one notice's document.
type noticeResult struct {
	Kind string `json:"kind"`
	Book string `json:"book"`
	Gone int    `json:"gone"`
	Kept int    `json:"kept"`
}

func noticeList(all []data.Notice) []noticeResult {
	out := []noticeResult{}
	for _, n := range all {
		out = append(out, noticeResult{n.Kind, n.Book, n.Gone, n.Kept})
	}
	return out
}

func (c *booksNoticesCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	all, err := s.Notices(ctx)
	if err != nil {
		return err
	}
	if c.Dismiss {
		ids := make([]int64, len(all))
		for i, n := range all {
			ids[i] = n.ID
		}
		if err := s.DismissNotice(ctx, ids...); err != nil {
			return err
		}
	}
	return a.emit(noticeList(all), func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, "No notices.")
		}
		for _, n := range all {
			fmt.Fprintf(w, "%s  %s\n", clock(n.At), noticeText(n))
		}
	})
}

// noticeText says what has happened to a book, for a person.
func noticeText(n data.Notice) string {
	text := fmt.Sprintf("You have no access to the book %q any more", n.Book)
	switch n.Kind {
	case data.NoticeReadOnly:
		return fmt.Sprintf("You may only read the book %q now: %s with changes of yours that were not sent %s in your personal book.", n.Book, count(n.Kept, "contact"), isAre(n.Kept))
	case data.NoticeAccount:
		text = fmt.Sprintf("The book %q belongs to the account that was signed in before", n.Book)
	}
	if n.Gone > 0 {
		text += fmt.Sprintf("; %s left this profile", count(n.Gone, "contact"))
	}
	if n.Kept > 0 {
		text += fmt.Sprintf("; %s with changes that were not sent %s in your personal book", count(n.Kept, "contact"), isAre(n.Kept))
	}
	return text + "."
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// explainSharing words what can go wrong with books and their members; "" : it is none of these.
func explainSharing(err error) string {
	var other *syncer.OtherServerError
	switch {
	case errors.As(err, &other):
		return other.Error()
	case errors.Is(err, data.ErrReadOnly), errors.Is(err, data.ErrNotOwner):
		return err.Error() + "; nothing was changed"
	case errors.As(err, new(*syncer.BooksError)):
		return err.Error() + "; all other books are in step, and the edits are kept"
	}
	for _, is := range []error{syncer.ErrInvitation, syncer.ErrLink, syncer.ErrLastOwner, syncer.ErrOwnBook, data.ErrFirstBook, syncer.ErrNotFound} {
		if errors.Is(err, is) {
			return is.Error()
		}
	}
	return ""
}
