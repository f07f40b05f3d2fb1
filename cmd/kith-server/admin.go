package main

import (
	"context"
	"errors"
	"fmt"

	"kith/api"
	"kith/server/store"
	"kith/version"
)

type backupCmd struct {
	File string `arg:"" help:"The file to make; it must not exist."`
}

func (c *backupCmd) Run(ctx context.Context, a *app) error {
	return a.with(ctx, func(s *store.Store) error {
		err := s.Backup(ctx, c.File)
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is a file %s already; choose another name", c.File)
		}
		if err == nil {
			fmt.Fprintf(a.out, "backed up %s to %s\n", s.Describe(), c.File)
		}
		return err
	})
}

type restoreCmd struct {
	File string `arg:"" help:"A file that kith-server backup made."`
}

func (c *restoreCmd) Run(ctx context.Context, a *app) error {
	aside, err := store.Restore(ctx, a.db, c.File)
	if aside != "" {
		fmt.Fprintf(a.errOut, "what was there is kept as %s\n", aside)
	}
	if errors.Is(err, store.ErrInUse) {
		return errors.New("a server has the database open: stop it, restore, then start it again; nothing was changed")
	}
	if err == nil {
		fmt.Fprintf(a.out, "restored %s; each device compares everything at its next sync\n", c.File)
	}
	return err
}

type copyCmd struct {
	From string `required:"" placeholder:"DB" help:"The database to read."`
	To   string `required:"" placeholder:"DB" help:"The database to fill; it must hold no accounts."`
}

// Run copies with the epoch, so that devices go on as if nothing had happened. Whatever is written to the old database afterwards
// is not in the new one, so its servers must be stopped first.
func (c *copyCmd) Run(ctx context.Context, a *app) (err error) {
	from, err := store.Open(ctx, c.From, store.Options{MustExist: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := store.Open(ctx, c.To, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	copied, err := from.CopyTo(ctx, to)
	if errors.Is(err, store.ErrNotEmpty) {
		return fmt.Errorf("%s holds accounts already; a copy needs an empty database", to.Describe())
	}
	if err == nil {
		fmt.Fprintf(a.out, "copied %s\n", copied)
	}
	return err
}

type versionCmd struct{}

func (c *versionCmd) Run(a *app) error {
	fmt.Fprintf(a.out, "kith-server %s, protocol %d\n", version.Number, api.Version)
	return nil
}
