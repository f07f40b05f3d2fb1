package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"kith/data"
)

// trashCmd is what was deleted, and the end of it.
type trashCmd struct {
	List    trashListCmd  `cmd:"" default:"1" help:"List what is in the trash, and how long it stays."`
	Empty   trashEmptyCmd `cmd:"" help:"Remove everything in the trash for good. It can't be undone."`
	Purge   trashPurgeCmd `cmd:"" help:"Remove contacts of the trash for good. It can't be undone."`
	Restore restoreCmd    `cmd:"" help:"Bring contacts back from the trash."`
	Keep    trashKeepCmd  `cmd:"" help:"Show or set how many days contacts stay in the trash of this device."`
}

type trashListCmd struct{}

// trashed is one contact of the trash's document.
type trashed struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Subtitle string    `json:"subtitle"`
	Deleted  time.Time `json:"deleted"`
	DaysLeft *int      `json:"days_left"` // null: until the trash is emptied
	Pending  bool      `json:"pending"`
}

func (c *trashListCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	all := []trashed{}
	err = eachRow(ctx, s, data.Query{Filter: data.Trash}, func(r data.Row) {
		one := trashed{ID: r.ID, Name: r.Name, Subtitle: r.Subtitle, Deleted: r.Deleted, Pending: r.Pending}
		if r.DaysLeft != data.ForEver {
			one.DaysLeft = &r.DaysLeft
		}
		all = append(all, one)
	})
	if err != nil {
		return err
	}
	return a.emit(all, func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, "The trash is empty.")
			return
		}
		var rows [][]string
		for _, one := range all {
			rows = append(rows, []string{shorten(one.Name), one.ID, "deleted " + clock(one.Deleted), stayText(one)})
		}
		table(w, rows)
	})
}

// stayText says how long a contact stays in the trash.
func stayText(t trashed) string {
	switch {
	case t.DaysLeft == nil:
		return "stays until the trash is emptied"
	case *t.DaysLeft > 0:
		return count(*t.DaysLeft, "day") + " left"
	case t.Pending:
		return "goes once it is synced"
	}
	return "goes today"
}

type trashEmptyCmd struct {
	Yes bool `help:"Do it: without this, it only says what would go."`
}

func (c *trashEmptyCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	rows, err := s.Order(ctx, data.Query{Filter: data.Trash})
	if err != nil {
		return err
	}
	if !c.Yes && len(rows) > 0 {
		return usage("%s would be removed for good, which can't be undone: repeat it with --yes", count(len(rows), "contact"))
	}
	return a.purge(ctx, s, rows)
}

type trashPurgeCmd struct {
	IDs []string `arg:"" name:"ID" help:"The contacts, as \"kithctl trash\" shows them."`
}

func (c *trashPurgeCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	var rows []data.RowID
	ids, err := findAll(ctx, s, c.IDs)
	if err != nil {
		return err
	}
	for _, id := range ids {
		one, err := s.Contact(ctx, id)
		if err != nil {
			return err
		}
		rows = append(rows, one.Row)
	}
	return a.purge(ctx, s, rows)
}

// purge removes contacts for good, and says with its exit code if any has to wait.
func (a *app) purge(ctx context.Context, s *data.Store, rows []data.RowID) error {
	p, err := s.Purge(ctx, rows, func(int, int) {})
	if err != nil {
		return err
	}
	result := struct {
		Removed int `json:"removed"`
		Waiting int `json:"waiting"`
	}{p.Gone, p.Waiting}
	err = a.emit(result, func(w io.Writer) { fmt.Fprintf(w, "Removed for good: %s.\n", count(p.Gone, "contact")) })
	if err == nil && p.Waiting > 0 {
		err = &outcome{exitError, fmt.Sprintf("%s not removed yet: something of it is not synced or not decided (see \"kithctl status\")", isOrAre(p.Waiting))}
	}
	return err
}

// isOrAre writes "1 contact is", "2 contacts are".
func isOrAre(n int) string {
	if n == 1 {
		return "1 contact is"
	}
	return count(n, "contact") + " are"
}

type trashKeepCmd struct {
	Days string `arg:"" optional:"" name:"DAYS" help:"A number of days, or \"never\": nothing goes before the trash is emptied. The default is 30."`
}

func (c *trashKeepCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.Days != "" {
		if n, err := strconv.Atoi(c.Days); c.Days != data.TrashForEver && (err != nil || n != data.ParseTrashDays(c.Days)) {
			return usage("%q is no number of days: write one from 1 on, or %q", c.Days, data.TrashForEver)
		}
		if err := s.SetSetting(ctx, data.SettingTrash, c.Days); err != nil {
			return err
		}
	}
	days, err := s.TrashDays(ctx)
	if err != nil {
		return err
	}
	result := struct {
		Days *int `json:"days"` // null: never
	}{&days}
	if days == data.ForEver {
		result.Days = nil
	}
	return a.emit(result, func(w io.Writer) {
		if result.Days == nil {
			fmt.Fprintln(w, "Deleted contacts stay in the trash until it is emptied.")
			return
		}
		fmt.Fprintf(w, "Deleted contacts stay in the trash for %s.\n", count(days, "day"))
	})
}
