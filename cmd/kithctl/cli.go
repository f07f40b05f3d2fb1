package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"kith/data"
	"kith/syncer"
	"kith/syncer/keychain"
	"kith/syncer/rest"
)

const description = `The Kith address book from a terminal.

Everything works offline: an edit made here is saved in the profile at once, and stays there until "kithctl sync" or an open
Kith window sends it (the window does so by itself, at once). kithctl may be used while the window is open on the same profile.

BOOK is a book's name or id; "personal" is the one that every profile has. ID is a contact's id as "list" and "add" print it; any ending of it that only one contact has will do, from 4 characters on.

With --json, standard output is one JSON document if the command did its work, and otherwise empty; "sync" prints its
document also when offline or signed out. Errors are one line on standard error.

Exit codes: 0 done, 1 error, 2 usage, 3 offline (the edits are kept), 4 conflicts or held deletions wait, 5 sign-in needed.`

// cli is the grammar: names, flags and their order in the help. Scripts depend on it.
type cli struct {
	Profile string `help:"The profile's folder (default: $$KITH_PROFILE, else kith in the user's data folder)." placeholder:"DIR"`
	JSON    bool   `name:"json" help:"Print one JSON document."`

	Login    loginCmd    `cmd:"" help:"Sign this profile in to a server."`
	Logout   logoutCmd   `cmd:"" help:"End the session; the contacts and unsent edits stay."`
	Status   statusCmd   `cmd:"" help:"Say how the last sync ended and what waits."`
	Sync     syncCmd     `cmd:"" help:"Bring this profile and the server to the same state."`
	Strategy strategyCmd `cmd:"" help:"Show or set how two edits of one contact are resolved."`

	Add     addCmd     `cmd:"" help:"Add a contact; prints its id."`
	Photo   photoCmd   `cmd:"" help:"Set, remove or export a contact's photo."`
	Set     setCmd     `cmd:"" help:"Set fields of a contact; an empty value removes the field."`
	List    listCmd    `cmd:"" help:"List all contacts in order."`
	Show    showCmd    `cmd:"" help:"Show one contact."`
	Search  searchCmd  `cmd:"" help:"Find contacts by the beginnings of words (any part of a word in Chinese, Japanese or Thai), or by digits of a phone number."`
	Rm      rmCmd      `cmd:"" help:"Move contacts to the trash."`
	Restore restoreCmd `cmd:"" help:"Bring contacts back from the trash."`
	Trash   trashCmd   `cmd:"" help:"Show what is in the trash, and remove it for good."`
	History historyCmd `cmd:"" help:"Show what changed in a contact, newest first."`
	Redo    redoCmd    `cmd:"" help:"Do again what the newest undo took back."`
	Undo    undoCmd    `cmd:"" help:"Take back the newest edit made on this device; again: the one before."`

	Conflicts conflictsCmd `cmd:"" help:"List the fields that wait for a decision."`
	Held      heldCmd      `cmd:"" help:"List the deletions that wait for a decision, because they are so many at once."`
	Resolve   resolveCmd   `cmd:"" help:"Decide fields that wait: for one contact, or for all alike."`

	Duplicates duplicatesCmd `cmd:"" help:"List contacts that seem to be one, and why."`
	Merge      mergeCmd      `cmd:"" help:"Make one contact of several, without losing anything of them."`
	Distinct   distinctCmd   `cmd:"" help:"Remember that contacts are not the same."`

	Books booksCmd `cmd:"" help:"Show, add, rename, share, join, leave and remove books."`
	Move  moveCmd  `cmd:"" help:"Move contacts to another book."`
	Copy  copyCmd  `cmd:"" help:"Copy contacts to another book."`

	Order orderCmd `cmd:"" help:"Show or set the language whose order the lists are in."`

	Aside asideCmd `cmd:"" help:"Show, mend and export contacts that sync could not take along."`

	Import importCmd `cmd:"" help:"Bring in the contacts of files."`
	Export exportCmd `cmd:"" help:"Write all contacts to a file, or to standard output."`

	Backup backupCmd `cmd:"" help:"Write a copy of the profile's database to a new file."`
	Check  checkCmd  `cmd:"" help:"Read the whole database and say what is wrong with it."`
}

// app is what the commands share: the profile, opened when first asked for, and the streams.
type app struct {
	profile string
	json    bool
	in      io.Reader
	out     io.Writer
	errOut  io.Writer

	opened *data.Store
}

// Errors of the store and the syncer say themselves what they were doing; commands hand them on as they are.

// run is the program: it returns the exit code and leaves nothing open. ctx ends it early, between two writes.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, errOut: errOut}
	err := a.run(ctx, args)
	if a.opened != nil {
		if closeErr := a.opened.Close(); closeErr != nil {
			// All that was saved is on disk by now, so this is a warning: the command has done what it says.
			say(errOut, "warning: "+closeErr.Error())
		}
	}
	if err == nil {
		return exitDone
	}
	code, message := explain(err)
	if message != "" {
		say(errOut, message)
	}
	return code
}

// say writes one line for a person.
func say(errOut io.Writer, message string) {
	fmt.Fprintln(errOut, "kithctl: "+oneLine(strings.ReplaceAll(message, "\n", "; ")))
}

func (a *app) run(ctx context.Context, args []string) error {
	var c cli
	helped := false
	parser, err := kong.New(&c,
		kong.Name("kithctl"), kong.Description(description),
		kong.Writers(a.out, a.errOut),
		kong.Exit(func(int) { helped = true }), // --help has been printed; what parsing says after that means nothing
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(a),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return nil
	case err != nil:
		return usageOf(err)
	}
	a.profile, a.json = c.Profile, c.JSON
	return command.Run()
}

// usageOf adds where help is to what the parser says.
func usageOf(err error) error {
	help := "kithctl --help"
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil && p.Context.Command() != "" {
		help = "kithctl " + strings.Fields(p.Context.Command())[0] + " --help"
	}
	return usage("%s (see: %s)", err, help)
}

// store opens the profile when a command first needs it.
func (a *app) store(ctx context.Context) (*data.Store, error) {
	if a.opened != nil {
		return a.opened, nil
	}
	dir := a.profile
	if dir == "" {
		var err error
		if dir, err = data.DefaultProfile(); err != nil {
			return nil, err
		}
	}
	s, err := data.Open(ctx, dir, data.Options{})
	if err != nil {
		return nil, &profileError{dir: dir, err: err}
	}
	a.opened = s
	if err := a.firstOrder(ctx, s); err != nil { // a full disk, say: lists can be read all the same
		say(a.errOut, "warning: "+err.Error())
	}
	return s, nil
}

// engine returns the profile's syncer, not running.
func (a *app) engine(ctx context.Context) (*syncer.Engine, *data.Store, error) {
	s, err := a.store(ctx)
	if err != nil {
		return nil, nil, err
	}
	return syncer.New(s, rest.New(rest.Options{}), keychain.New(s.Dir()), syncer.Options{}), s, nil
}
