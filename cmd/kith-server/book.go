package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kith/server/store"
)

type bookCmds struct {
	List   bookListCmd   `cmd:"" help:"List the books, by name."`
	Add    bookAddCmd    `cmd:"" help:"Make a book that an account owns."`
	Rename bookRenameCmd `cmd:"" help:"Give a book another name."`
	Rm     bookRmCmd     `cmd:"" help:"Take a book from all of its members, with all that is in it."`
	Member memberCmds    `cmd:"" help:"Who shares a book."`
}

type bookListCmd struct {
	User string `arg:"" optional:"" help:"Only those that this account is a member of, its first one first."`
}

func (c *bookListCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		if c.User == "" {
			books, err := s.AllBooks(ctx)
			if err != nil {
				return err
			}
			return table(a.out, "ID\tNAME\tOWNER\tMEMBERS", len(books), func(i int) string {
				b := books[i]
				return strings.Join([]string{b.ID, quiet(b.Name), quiet(b.Owner), strconv.Itoa(b.Members)}, "\t")
			})
		}
		u, err := s.User(ctx, c.User)
		if err != nil {
			return known(c.User, err)
		}
		books, err := s.Books(ctx, u.ID)
		if err != nil {
			return err
		}
		return table(a.out, "ID\tNAME\tROLE\tOWNER\tMEMBERS", len(books), func(i int) string {
			b := books[i]
			return strings.Join([]string{b.ID, quiet(b.Name), b.Role, quiet(b.Owner), strconv.Itoa(b.Members)}, "\t")
		})
	})
}

type bookAddCmd struct {
	User string `arg:"" help:"The account that owns it."`
	Name string `arg:"" help:"The book's name."`
}

func (c *bookAddCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		u, err := s.User(ctx, c.User)
		if err != nil {
			return known(c.User, err)
		}
		b, err := s.AddBook(ctx, store.NewBook{Owner: u.ID, Name: c.Name})
		if err == nil {
			fmt.Fprintf(a.out, "added %s: %s, of %s\n", b.ID, b.Name, b.Owner)
		}
		return err
	})
}

// theBook is a book by its id.
type theBook struct {
	Book string `arg:"" help:"The book's id, as kith-server book list prints it."`
}

// explain words what a command about the book, and one of its members, can't do.
func (c theBook) explain(err error, user string) error {
	switch {
	case errors.Is(err, store.ErrLastOwner):
		return fmt.Errorf("%s is the only owner of the book: make another member its owner first (kith-server book member role %s USER owner), or remove the book", user, c.Book)
	case errors.Is(err, store.ErrOwnBook) && user != "":
		return fmt.Errorf("it is the first book of %s, who owns it and can't lose it", user)
	case errors.Is(err, store.ErrOwnBook):
		return errors.New("it is the first book of its owner, which every account has; it goes with the account (kith-server user rm)")
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is no book %q; kith-server book list shows them", c.Book)
	}
	return err
}

type bookRenameCmd struct {
	theBook
	Name string `arg:""`
}

func (c *bookRenameCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		if err := c.explain(s.RenameBook(ctx, "", c.Book, c.Name), ""); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "renamed %s to %s\n", c.Book, c.Name)
		return nil
	})
}

type bookRmCmd struct{ theBook }

func (c *bookRmCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		if err := c.explain(s.RemoveBook(ctx, "", c.Book), ""); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "removed %s; it leaves its members' devices at their next sync\n", c.Book)
		return nil
	})
}

type memberCmds struct {
	List memberListCmd `cmd:"" help:"List who shares a book, the longest-standing first."`
	Add  memberAddCmd  `cmd:"" help:"Let an account share a book."`
	Role memberRoleCmd `cmd:"" help:"Give a member another role."`
	Rm   memberRmCmd   `cmd:"" help:"Take a member out of a book at once."`
}

type memberListCmd struct{ theBook }

func (c *memberListCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		members, err := s.Members(ctx, c.Book)
		if err == nil && len(members) == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return c.explain(err, "")
		}
		return table(a.out, "NAME\tROLE\tSINCE", len(members), func(i int) string {
			return members[i].User + "\t" + members[i].Role + "\t" + when(members[i].Since)
		})
	})
}

const roleHelp = "owner: also says who the members are; writer: changes the contacts; reader: changes nothing."

type memberAddCmd struct {
	theBook
	User string `arg:""`
	Role string `arg:"" optional:"" default:"writer" enum:"owner,writer,reader" help:"${roles}"`
}

func (c *memberAddCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		if _, err := s.User(ctx, c.User); err != nil {
			return known(c.User, err)
		}
		err := s.AddMember(ctx, c.Book, c.User, c.Role)
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("%s shares the book already; kith-server book member role changes the role", c.User)
		}
		if err := c.explain(err, c.User); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "added %s as %s\n", c.User, c.Role)
		return nil
	})
}

type memberRoleCmd struct {
	theBook
	User string `arg:""`
	Role string `arg:"" enum:"owner,writer,reader" help:"${roles}"`
}

func (c *memberRoleCmd) Run(ctx context.Context, a *app) error {
	return c.with(ctx, a, c.User, func(s *store.Store, id string) error {
		if err := s.SetRole(ctx, "", c.Book, id, c.Role); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s is %s now\n", c.User, c.Role)
		return nil
	})
}

type memberRmCmd struct {
	theBook
	User string `arg:""`
}

func (c *memberRmCmd) Run(ctx context.Context, a *app) error {
	return c.with(ctx, a, c.User, func(s *store.Store, id string) error {
		if err := s.RemoveMember(ctx, "", c.Book, id); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "removed %s; the book leaves its devices at their next sync\n", c.User)
		return nil
	})
}

// with does something with the account that is a member of that name.
func (c theBook) with(ctx context.Context, a *app, user string, do func(s *store.Store, id string) error) error {
	return a.with(ctx, func(s *store.Store) error {
		u, err := s.User(ctx, user)
		if err != nil {
			return known(user, err)
		}
		switch _, err := s.Role(ctx, u.ID, c.Book); {
		case errors.Is(err, store.ErrNotFound):
			if members, err := s.Members(ctx, c.Book); err != nil || len(members) == 0 {
				return errors.Join(err, c.explain(store.ErrNotFound, ""))
			}
			return fmt.Errorf("%s does not share the book; kith-server book member list shows who does", user)
		case err != nil:
			return err
		}
		return c.explain(do(s, u.ID), user)
	})
}
