package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/alecthomas/kong"

	"kith/server/store"
)

const description = `The server that Kith's devices sync with.

The first steps: "kith-server user add NAME", then "kith-server serve". Every command but serve and restore may be used while
servers run.

The database is an SQLite file, PostgreSQL or MySQL/MariaDB: sqlite:FILE, postgres://USER:PASSWORD@HOST/DATABASE,
mysql://USER:PASSWORD@HOST/DATABASE. Each setting can also be an environment variable, such as KITH_DB, or a
line in the file that --config names.

Exit codes: 0 done, 1 error, 2 usage.`

// Exit codes. Scripts branch on them.
const (
	exitDone  = 0
	exitError = 1
	exitUsage = 2
)

// cli is the grammar: names, flags and their order in the help. Scripts depend on it.
type cli struct {
	Config kong.ConfigFlag `placeholder:"FILE" help:"Read settings from this file, in lines such as KITH_DB=postgres://…"`
	DB     string          `name:"db" env:"KITH_DB" placeholder:"DB" help:"The database (default: an SQLite file in the user's data folder)."`

	Serve   serveCmd   `cmd:"" help:"Answer devices until a signal ends it."`
	User    userCmds   `cmd:"" help:"Accounts."`
	Device  deviceCmds `cmd:"" help:"Signed-in devices."`
	Book    bookCmds   `cmd:"" help:"Books, and who shares them."`
	Audit   auditCmd   `cmd:"" help:"List sign-ins, sign-outs, revocations and changes of accounts, books and members, the oldest first."`
	Backup  backupCmd  `cmd:"" help:"Write everything to a new file, also while servers run."`
	Restore restoreCmd `cmd:"" help:"Put a backup in the place of the database; what was there is kept aside."`
	Copy    copyCmd    `cmd:"" help:"Copy everything into another, empty database."`
	Doctor  doctorCmd  `cmd:"" help:"Look at everything, and say what is wrong."`
	Ready   readyCmd   `cmd:"" help:"Ask the server on this machine whether it can answer."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// app is what the commands share.
type app struct {
	db      string
	mayMake bool // the command may begin with a database that is not there yet
	in      io.Reader
	out     io.Writer
	errOut  io.Writer

	auditAge time.Duration // 0: the store's default
}

// usageError is a command line that can't be meant.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// run is the program: it returns the exit code and leaves nothing open.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	err := (&app{in: in, out: out, errOut: errOut}).run(ctx, args)
	if err == nil {
		return exitDone
	}
	code, message := explain(err)
	fmt.Fprintln(errOut, "kith-server: "+strings.Join(strings.Fields(message), " "))
	return code
}

func (a *app) run(ctx context.Context, args []string) error {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("kith-server"), kong.Description(description),
		kong.Writers(a.out, a.errOut),
		kong.Exit(func(int) { helped = true }), // --help has been printed; what parsing says after that means nothing
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Configuration(loadConfig),
		kong.Vars{"listen": defaultListen, "roles": roleHelp},
		kong.BindTo(store.WithOrigin(ctx, store.Origin{By: "command line"}), (*context.Context)(nil)), kong.Bind(a),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return nil
	case err != nil:
		return usage("%s (see: kith-server --help)", err)
	}
	if a.db = c.DB; a.db == "" {
		a.db = "sqlite:" + filepath.Join(xdg.DataHome, "kith-server", "kith.db")
	}
	_, a.mayMake = command.Selected().Target.Addr().Interface().(maker)
	return command.Run()
}

// maker marks the commands that a new server begins with.
type maker interface{ makesDatabase() }

func (*serveCmd) makesDatabase()   {}
func (*userAddCmd) makesDatabase() {}

// explain is the one place where an error becomes an exit code and a line for a person.
func explain(err error) (code int, message string) {
	if u, ok := errors.AsType[*usageError](err); ok {
		return exitUsage, u.message
	}
	if errors.Is(err, context.Canceled) {
		return exitError, "interrupted"
	}
	if errors.Is(err, store.ErrNoDatabase) {
		return exitError, err.Error() + "; kith-server user add makes one, and --db names another"
	}
	return exitError, err.Error()
}

// with runs f on the open database.
func (a *app) with(ctx context.Context, f func(s *store.Store) error) error {
	return a.withLog(ctx, slog.New(slog.NewTextHandler(a.errOut, nil)), f)
}

func (a *app) withLog(ctx context.Context, log *slog.Logger, f func(s *store.Store) error) error {
	s, err := store.Open(ctx, a.db, store.Options{Log: log, MustExist: !a.mayMake, AuditAge: a.auditAge})
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}
