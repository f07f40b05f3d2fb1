package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"kith/data"
	"kith/syncer"
)

type booksMembersCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
}

// memberResult is one member's document.
type memberResult struct {
	ID    string    `json:"id"`
	User  string    `json:"user"`
	Role  string    `json:"role"`
	Since time.Time `json:"since"`
	You   bool      `json:"you"`
}

func (c *booksMembersCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	members, err := engine.Members(ctx, b.ID)
	if err != nil {
		return err
	}
	all := make([]memberResult, len(members))
	for i, m := range members {
		all[i] = memberResult{m.ID, m.User, m.Role, m.Since.UTC(), m.You}
	}
	return a.emit(all, func(w io.Writer) {
		var rows [][]string
		for _, m := range all {
			you := ""
			if m.You {
				you = "you"
			}
			rows = append(rows, []string{m.User, m.Role, "since " + clock(m.Since), you})
		}
		table(w, rows)
	})
}

// member finds a member by the account's name or id.
func member(ctx context.Context, engine *syncer.Engine, b data.Book, who string) (syncer.Member, error) {
	members, err := engine.Members(ctx, b.ID)
	if err != nil {
		return syncer.Member{}, err
	}
	for _, m := range members {
		if m.ID == who || strings.EqualFold(m.User, who) {
			return m, nil
		}
	}
	return syncer.Member{}, fmt.Errorf("%q is not a member of %q: \"kithctl books members\" lists them", who, b.Name)
}

type booksRoleCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
	User string `arg:"" name:"USER" help:"The member's account."`
	Role string `arg:"" enum:"owner,writer,reader" name:"owner|writer|reader" help:"An owner also says who else is in it, a reader changes nothing."`
}

func (c *booksRoleCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	m, err := member(ctx, engine, b, c.User)
	if err != nil {
		return err
	}
	if err := engine.SetRole(ctx, b.ID, m.ID, c.Role); err != nil {
		return err
	}
	return a.emit(idResult{m.ID}, func(w io.Writer) { fmt.Fprintf(w, "%s is %s of %s now.\n", m.User, c.Role, oneLine(b.Name)) })
}

type booksRemoveCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
	User string `arg:"" name:"USER" help:"The member's account."`
}

func (c *booksRemoveCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	m, err := member(ctx, engine, b, c.User)
	if err != nil {
		return err
	}
	if err := engine.RemoveMember(ctx, b.ID, m.ID); err != nil {
		return err
	}
	return a.emit(idResult{m.ID}, func(w io.Writer) { fmt.Fprintf(w, "%s has no access to %s any more.\n", m.User, oneLine(b.Name)) })
}

type booksInviteCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
	Role string `enum:"owner,writer,reader" default:"writer" help:"owner, writer (default) or reader."`
	Days int    `help:"How many days the link works (default: 7)." placeholder:"N"`
}

// invitationResult is one invitation's document.
type invitationResult struct {
	ID      string    `json:"id"`
	Link    string    `json:"link,omitempty"` // only when it is made
	Role    string    `json:"role"`
	By      string    `json:"by,omitempty"`
	Expires time.Time `json:"expires_at"`
}

func (c *booksInviteCmd) Run(ctx context.Context, a *app) error {
	if c.Days < 0 || c.Days > 90 {
		return usage("--days is between 1 and 90")
	}
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	in, err := engine.Invite(ctx, b.ID, c.Role, c.Days)
	if err != nil {
		return err
	}
	return a.emit(invitationResult{in.ID, in.Link, in.Role, in.By, in.Expires.UTC()}, func(w io.Writer) {
		fmt.Fprintln(w, in.Link)
		say(a.errOut, fmt.Sprintf("whoever opens this link first joins %s as %s; it works once, until %s", oneLine(b.Name), in.Role, clock(in.Expires)))
	})
}

type booksInvitationsCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
}

func (c *booksInvitationsCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	open, err := engine.Invitations(ctx, b.ID)
	if err != nil {
		return err
	}
	all := make([]invitationResult, len(open))
	for i, in := range open {
		all[i] = invitationResult{in.ID, "", in.Role, in.By, in.Expires.UTC()}
	}
	return a.emit(all, func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, "No invitation waits to be accepted.")
		}
		var rows [][]string
		for _, in := range all {
			rows = append(rows, []string{in.ID, in.Role, "by " + in.By, "until " + clock(in.Expires)})
		}
		table(w, rows)
	})
}

type booksWithdrawCmd struct {
	Book       string `arg:"" name:"BOOK" help:"The book."`
	Invitation string `arg:"" name:"INVITATION" help:"Its id, as \"kithctl books invitations\" shows it."`
}

func (c *booksWithdrawCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	if err := engine.Withdraw(ctx, b.ID, c.Invitation); err != nil {
		return err
	}
	return a.emit(idResult{c.Invitation}, func(w io.Writer) { fmt.Fprintln(w, "Withdrawn: the link does not work any more.") })
}

type booksLookCmd struct {
	Link string `arg:"" name:"LINK" help:"The invitation's link."`
}

func (c *booksLookCmd) Run(ctx context.Context, a *app) error {
	engine, _, err := a.engine(ctx)
	if err != nil {
		return err
	}
	offer, err := engine.LookAt(ctx, c.Link)
	if err != nil {
		return err
	}
	result := struct {
		Book    string    `json:"book"`
		Role    string    `json:"role"`
		By      string    `json:"by"`
		Expires time.Time `json:"expires_at"`
	}{offer.Book, offer.Role, offer.By, offer.Expires.UTC()}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "%s invites you to the book %s as %s, until %s. \"kithctl books join LINK\" accepts.\n", offer.By, oneLine(offer.Book), offer.Role, clock(offer.Expires))
	})
}

type booksJoinCmd struct {
	Link string `arg:"" name:"LINK" help:"The invitation's link."`
}

func (c *booksJoinCmd) Run(ctx context.Context, a *app) error {
	engine, _, err := a.engine(ctx)
	if err != nil {
		return err
	}
	b, err := engine.Join(ctx, c.Link)
	if err != nil {
		return err
	}
	result := struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Role string `json:"role"`
	}{b.ID, b.Name, b.Role}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Joined: %s, as %s. \"kithctl sync\" brings its contacts.\n", oneLine(b.Name), b.Role)
	})
}

type booksLeaveCmd struct {
	Book string `arg:"" name:"BOOK" help:"The book."`
}

func (c *booksLeaveCmd) Run(ctx context.Context, a *app) error {
	engine, b, err := a.engineFor(ctx, c.Book)
	if err != nil {
		return err
	}
	if err := engine.Leave(ctx, b.ID); err != nil {
		return err
	}
	return a.emit(idResult{b.ID}, func(w io.Writer) { fmt.Fprintf(w, "Left: %s.\n", oneLine(b.Name)) })
}
