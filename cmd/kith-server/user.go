package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"kith/cmd/prompt"
	"kith/server"
	"kith/server/store"
)

// firstBook is the name of the book that every account begins with.
const firstBook = "Contacts"

type userCmds struct {
	Add    userAddCmd    `cmd:"" help:"Make an account with its first book."`
	Passwd userPasswdCmd `cmd:"" help:"Set an account's password; its devices must sign in again."`
	Rm     userRmCmd     `cmd:"" help:"Remove an account, its devices and the books that are its alone."`
	List   userListCmd   `cmd:"" help:"List the accounts."`
}

type passwordFlag struct {
	PasswordStdin bool `help:"Read the password from the first line of standard input instead of asking for it."`
}

// hash reads the password and hashes it.
func (f passwordFlag) hash(ctx context.Context, a *app) (string, error) {
	password, err := f.read(ctx, a)
	if err != nil {
		return "", err
	}
	return server.NewPasswords(server.Hashing{}).Hash(ctx, password)
}

func (f passwordFlag) read(ctx context.Context, a *app) (string, error) {
	if !f.PasswordStdin {
		return ask(ctx, a)
	}
	line, err := bufio.NewReader(io.LimitReader(a.in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return checkPassword(strings.TrimRight(line, "\r\n"))
}

func ask(ctx context.Context, a *app) (string, error) {
	tty, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(tty.Fd())) {
		return "", usage("there is no terminal to ask for the password on: give it with --password-stdin")
	}
	var typed [2]string
	for i, question := range []string{"Password: ", "Again: "} {
		var err error
		if typed[i], err = prompt.Password(ctx, tty, a.errOut, question); err != nil {
			return "", err
		}
	}
	if typed[0] != typed[1] {
		return "", usage("the two passwords differ; nothing was changed")
	}
	return checkPassword(typed[0])
}

// checkPassword refuses what nobody could sign in with.
func checkPassword(p string) (string, error) {
	switch {
	case p == "":
		return "", usage("the password is empty; nothing was changed")
	case len([]rune(p)) > 1024:
		return "", usage("the password is longer than 1024 characters; nothing was changed")
	}
	return p, nil
}

type userAddCmd struct {
	Name string `arg:"" help:"The account's name, as it signs in."`
	passwordFlag
}

func (c *userAddCmd) Run(ctx context.Context, a *app) error {
	hash, err := c.hash(ctx, a)
	if err != nil {
		return err
	}
	return a.with(ctx, func(s *store.Store) error {
		u, err := s.AddUser(ctx, c.Name, hash, firstBook)
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is an account %q already; kith-server user passwd sets its password", c.Name)
		}
		if err == nil {
			fmt.Fprintf(a.out, "added %s\n", u.Name)
		}
		return err
	})
}

type userPasswdCmd struct {
	Name string `arg:""`
	passwordFlag
}

func (c *userPasswdCmd) Run(ctx context.Context, a *app) error {
	hash, err := c.hash(ctx, a)
	if err != nil {
		return err
	}
	return a.with(ctx, func(s *store.Store) error {
		if err := known(c.Name, s.SetPassword(ctx, c.Name, hash)); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "set the password of %s; its devices must sign in again\n", c.Name)
		return nil
	})
}

type userRmCmd struct {
	Name string `arg:""`
}

func (c *userRmCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		err := s.RemoveUser(ctx, c.Name)
		if errors.Is(err, store.ErrLastOwner) {
			return fmt.Errorf("%s is the only owner of a book that others share (kith-server book list %s): make one of them its owner first (kith-server book member role BOOK USER owner), or remove the book; nothing was changed", c.Name, c.Name)
		}
		if err := known(c.Name, err); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "removed %s\n", c.Name)
		return nil
	})
}

func known(name string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no account %q; kith-server user list shows them", name)
	}
	return err
}

type userListCmd struct{}

func (c *userListCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		users, err := s.Users(ctx)
		if err != nil {
			return err
		}
		return table(a.out, "NAME\tSINCE", len(users), func(i int) string { return users[i].Name + "\t" + when(users[i].CreatedAt) })
	})
}

type deviceCmds struct {
	List   deviceListCmd   `cmd:"" help:"List signed-in devices, the last used first."`
	Revoke deviceRevokeCmd `cmd:"" help:"Sign a device out at once."`
}

type deviceListCmd struct {
	User string `arg:"" optional:"" help:"Only this account's."`
}

func (c *deviceListCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		var id string
		if c.User != "" {
			u, err := s.User(ctx, c.User)
			if err != nil {
				return known(c.User, err)
			}
			id = u.ID
		}
		devices, err := s.Devices(ctx, id)
		if err != nil {
			return err
		}
		return table(a.out, "ID\tUSER\tDEVICE\tSIGNED IN\tLAST USED", len(devices), func(i int) string {
			d := devices[i]
			return strings.Join([]string{d.ID, d.User, d.Name, when(d.CreatedAt), when(d.SeenAt)}, "\t")
		})
	})
}

type deviceRevokeCmd struct {
	ID string `arg:"" help:"The id, as kith-server device list prints it."`
}

func (c *deviceRevokeCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		err := s.Revoke(ctx, "", c.ID)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no device %q is signed in; kith-server device list shows them", c.ID)
		}
		if err == nil {
			fmt.Fprintf(a.out, "revoked %s\n", c.ID)
		}
		return err
	})
}

func table(out io.Writer, header string, n int, row func(i int) string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, header)
	for i := range n {
		fmt.Fprintln(w, row(i))
	}
	return w.Flush()
}

func when(micros int64) string { return time.UnixMicro(micros).Format("2006-01-02 15:04") }
