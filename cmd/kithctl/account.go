package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"kith/cmd/prompt"
	"kith/data"
	"kith/syncer"
)

type loginCmd struct {
	URL           string `arg:"" name:"URL" help:"The server's address, such as https://kith.example.org."`
	User          string `required:"" help:"The account's name." placeholder:"NAME"`
	Device        string `help:"What to call this device (default: the computer's name)." placeholder:"NAME"`
	PasswordStdin bool   `help:"Read the password from the first line of standard input instead of asking for it."`
}

func (c *loginCmd) Run(ctx context.Context, a *app) error {
	engine, s, err := a.engine(ctx)
	if err != nil {
		return err
	}
	password, err := c.password(ctx, a)
	if err != nil {
		return err
	}
	device := c.Device
	if device == "" {
		if device, err = os.Hostname(); err != nil || device == "" {
			device = "kithctl"
		}
	}
	err = engine.SignIn(ctx, syncer.SignInRequest{Server: c.URL, User: c.User, Password: password, Device: device})
	if err != nil {
		return err // wrapped by SignIn, with the address
	}
	account, err := s.Account(ctx)
	if err != nil {
		return err
	}
	result := struct {
		Server string `json:"server"`
		User   string `json:"user"`
		Device string `json:"device"`
	}{account.Server, account.User, account.Device}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Signed in to %s as %s. \"kithctl sync\" fetches and sends the contacts.\n", account.Server, account.User)
	})
}

// password reads the first line of standard input, or asks on the terminal without showing what is typed.
func (c *loginCmd) password(ctx context.Context, a *app) (string, error) {
	if !c.PasswordStdin {
		file, ok := a.in.(*os.File)
		if !ok || !term.IsTerminal(int(file.Fd())) {
			return "", usage("there is no terminal to ask for the password on: give it with --password-stdin")
		}
		p, err := prompt.Password(ctx, file, a.errOut, "Password of "+c.User+": ")
		if err == nil && p == "" {
			err = usage("the password is empty")
		}
		return p, err
	}
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", usage("the password on standard input is empty")
	}
	return line, nil
}

type logoutCmd struct{}

func (c *logoutCmd) Run(ctx context.Context, a *app) error {
	engine, s, err := a.engine(ctx)
	if err != nil {
		return err
	}
	account, err := s.Account(ctx)
	if err != nil {
		return err
	}
	if err := engine.SignOut(ctx); err != nil {
		return err
	}
	pending, err := pendingCount(ctx, s)
	if err != nil {
		return err
	}
	result := struct {
		Server  string `json:"server"`
		User    string `json:"user"`
		Pending int    `json:"pending"`
	}{account.Server, account.User, pending}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Signed out of %s. The contacts stay in this profile%s.\n", account.Server, unsent(pending))
	})
}

func unsent(pending int) string {
	if pending == 0 {
		return ""
	}
	return fmt.Sprintf(", %s with edits that were never sent", count(pending, "contact"))
}

func pendingCount(ctx context.Context, s *data.Store) (int, error) {
	counts, err := s.Counts(ctx)
	if err != nil {
		return 0, err
	}
	return counts.Pending, nil
}

type statusCmd struct{}

func (c *statusCmd) Run(ctx context.Context, a *app) error {
	engine, _, err := a.engine(ctx)
	if err != nil {
		return err
	}
	st := engine.Status()
	if st.State == syncer.Failed && st.Err != nil {
		return fmt.Errorf("read the status: %w", st.Err)
	}
	result := struct {
		State     syncer.State `json:"state"`
		Pending   int          `json:"pending"`
		Conflicts int          `json:"conflicts"`
		Rejected  int          `json:"rejected,omitempty"`
		Unread    int          `json:"unreadable,omitempty"`
		Held      *heldCounts  `json:"held,omitempty"`
		Notices   int          `json:"notices,omitempty"`
		LastSync  *time.Time   `json:"last_sync"`
		Server    string       `json:"server"`
		User      string       `json:"user"`
	}{st.State, st.Pending, st.Conflicts, st.Rejected, st.Unreadable, heldCountsOf(st.Held), st.Notices, timeOrNil(st.LastSync), st.Server, st.User}
	return a.emit(result, func(w io.Writer) { table(w, statusRows(st)) })
}

// statusRows is a status as labelled values.
func statusRows(st syncer.Status) [][]string {
	var rows [][]string
	if st.Server != "" {
		rows = append(rows, []string{"Server", st.Server}, []string{"User", st.User})
	}
	rows = append(rows, []string{"State", stateText(st.State)}, []string{"Last sync", clock(st.LastSync)}, []string{"Not sent yet", count(st.Pending, "contact")})
	if st.Held.Any() {
		rows = append(rows, []string{"Held", heldOf(st.Held) + `: see "kithctl held"`})
	}
	if st.Conflicts > 0 {
		rows = append(rows, []string{"Waits for you", count(st.Conflicts, "contact") + `: see "kithctl conflicts"`})
	}
	if st.Rejected > 0 {
		rows = append(rows, []string{"Not accepted", count(st.Rejected, "contact") + `: see "kithctl aside"`})
	}
	if st.Notices > 0 {
		rows = append(rows, []string{"Books", count(st.Notices, "notice") + `: see "kithctl books notices"`})
	}
	if st.Unreadable > 0 {
		rows = append(rows, []string{"Not readable", count(st.Unreadable, "contact") + `: see "kithctl aside"`})
	}
	return rows
}

// stateText says how the last sync ended, for a person.
func stateText(s syncer.State) string {
	switch s {
	case syncer.SignedOut:
		return `not signed in: "kithctl login URL --user NAME" signs in`
	case syncer.Idle:
		return "the last sync ended well"
	case syncer.Syncing:
		return "syncing"
	case syncer.Offline:
		return "offline: the server could not be reached"
	case syncer.SignInNeeded:
		return `sign-in needed: "kithctl login URL --user NAME" signs in again`
	case syncer.UpdateNeeded:
		return "this version of Kith is too old for the server"
	}
	return "the last sync ended with an error"
}
