package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"kith/data"
	"kith/transfer"
)

// asideCmd is what sync could not take along: contacts that the server refused, and those that this version can't read.
type asideCmd struct {
	List   asideListCmd   `cmd:"" default:"1" help:"List what is set aside, and why."`
	Show   asideShowCmd   `cmd:"" help:"Show one contact that is set aside, with everything that is known of it."`
	Export asideExportCmd `cmd:"" help:"Write what is set aside to a file: as JSON everything, as .vcf what can be read."`
	Retry  asideRetryCmd  `cmd:"" help:"Let what the server refused be sent once more, and read anew what could not be read."`
}

type asideListCmd struct{}

func (c *asideListCmd) Run(ctx context.Context, a *app) error {
	all, err := a.aside(ctx, nil)
	if err != nil {
		return err
	}
	docs := make([]transfer.Aside, len(all))
	for i, one := range all {
		docs[i] = transfer.AsideOf(one)
		docs[i].Card, docs[i].Raw = nil, nil // "show" and "export" have them
	}
	return a.emit(docs, func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, "Nothing is set aside.")
			return
		}
		var rows [][]string
		for _, one := range all {
			rows = append(rows, []string{shorten(asideName(one)), one.ID, asideText(one)})
		}
		table(w, rows)
		fmt.Fprintln(w, "\nEdit a refused contact, or let it be sent again with \"kithctl aside retry ID\". What can't be read is read again after an update of Kith.")
	})
}

func asideName(a data.SetAside) string {
	if a.Name == "" {
		return "(no name)"
	}
	return a.Name
}

// asideText says in words why a contact is set aside.
func asideText(a data.SetAside) string {
	switch {
	case a.Out:
		return "refused by the server: " + a.Reason
	case a.Here:
		return "the newest version can't be read: " + a.Reason
	}
	return "can't be read: " + a.Reason
}

type asideShowCmd struct {
	ID string `arg:"" help:"The contact."`
}

func (c *asideShowCmd) Run(ctx context.Context, a *app) error {
	all, err := a.aside(ctx, []string{c.ID})
	if err != nil {
		return err
	}
	one := all[0]
	return a.emit(transfer.AsideOf(one), func(w io.Writer) {
		rows := [][]string{{"Name", asideName(one)}, {"ID", one.ID}, {"Why", asideText(one)}}
		if one.Device != "" {
			rows = append(rows, []string{"Edited on", one.Device})
		}
		if !one.At.IsZero() {
			rows = append(rows, []string{"Since", clock(one.At)})
		}
		table(w, rows)
		fmt.Fprintf(w, "\n%s\n", strings.ToValidUTF8(oneLine(string(one.Raw)), "\uFFFD"))
	})
}

type asideExportCmd struct {
	File string   `arg:"" name:"FILE" help:"Where to write; an older file of that name is replaced in one step."`
	IDs  []string `arg:"" optional:"" name:"ID" help:"Only these contacts."`
}

func (c *asideExportCmd) Run(ctx context.Context, a *app) error {
	all, err := a.aside(ctx, c.IDs)
	if err != nil {
		return err
	}
	n, err := transfer.ExportAside(all, c.File)
	if err != nil {
		return err
	}
	result := struct {
		File     string `json:"file"`
		Contacts int    `json:"contacts"`
		LeftOut  int    `json:"left_out,omitempty"`
	}{c.File, n, len(all) - n}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Written: %s, %s.\n", c.File, count(n, "contact"))
		if result.LeftOut > 0 {
			fmt.Fprintf(w, "Left out, because a vCard can't hold what can't be read: %d. Name a file that ends with .json for everything.\n", result.LeftOut)
		}
	})
}

type asideRetryCmd struct {
	IDs []string `arg:"" optional:"" name:"ID" help:"Only these contacts."`
}

func (c *asideRetryCmd) Run(ctx context.Context, a *app) error {
	all, err := a.aside(ctx, c.IDs)
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = one.ID
	}
	result := struct {
		Tried int `json:"tried"`
		Left  int `json:"left"`
	}{Tried: len(ids)}
	if len(ids) > 0 {
		if result.Left, err = a.opened.TryAgain(ctx, ids...); err != nil {
			return err
		}
	}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintln(w, retryText(result.Tried, result.Left))
	})
}

func retryText(tried, left int) string {
	switch {
	case tried == 0:
		return "Nothing is set aside."
	case left == 0:
		return count(tried, "contact") + ` taken up again: "kithctl sync" goes on with them.`
	}
	return fmt.Sprintf("%s taken up again, %d still can't be read.", count(tried-left, "contact"), left)
}

// aside returns what is set aside; with ids, or endings of ids, only those.
func (a *app) aside(ctx context.Context, ids []string) ([]data.SetAside, error) {
	s, err := a.store(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.SetAside(ctx)
	if err != nil || len(ids) == 0 {
		return all, err
	}
	var chosen []data.SetAside
	for _, id := range ids {
		var found []data.SetAside
		for _, one := range all {
			if one.ID == id || len(id) >= minEnding && strings.HasSuffix(one.ID, id) {
				found = append(found, one)
			}
		}
		if len(found) != 1 {
			return nil, fmt.Errorf("%d contacts with the id %q are set aside: see \"kithctl aside\"", len(found), id)
		}
		chosen = append(chosen, found[0])
	}
	return chosen, nil
}
