package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"kith/contact"
	"kith/data"
)

type addCmd struct {
	Name  *string  `help:"The full name." placeholder:"NAME"`
	Email []string `help:"An e-mail address; may be repeated." sep:"none" placeholder:"A"`
	Phone []string `help:"A phone number, as you write it; may be repeated." sep:"none" placeholder:"P"`
	Org   string   `help:"The organization." placeholder:"O"`
	Note  string   `help:"A note." placeholder:"N"`
	Book  string   `help:"The book to add it to (default: the one that new contacts go to, see \"kithctl books\")." placeholder:"BOOK"`
}

func (c *addCmd) Run(ctx context.Context, a *app) error {
	if c.Name == nil && c.Org == "" && len(c.Email)+len(c.Phone) == 0 {
		return usage("say whom to add: --name NAME (see: kithctl add --help)")
	}
	card := contact.New()
	if c.Name != nil {
		card = card.WithFullName(*c.Name)
	}
	if c.Org != "" {
		card = card.WithOrganization(c.Org)
	}
	if c.Note != "" {
		card = card.WithNote(c.Note)
	}
	card = card.WithEmails(entries(c.Email)).WithPhones(entries(c.Phone))

	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	book, err := findBook(ctx, s, c.Book)
	if err != nil {
		return err
	}
	added, err := s.AddTo(ctx, book, card)
	if err != nil {
		return err // the store says what it was doing
	}
	return a.emit(idResult{added.ID}, func(w io.Writer) { fmt.Fprintln(w, added.ID) })
}

// idResult is the document of commands that speak of one contact.
type idResult struct {
	ID string `json:"id"`
}

func entries(values []string) []contact.Entry {
	var all []contact.Entry
	for _, v := range values {
		all = append(all, contact.Entry{Value: v})
	}
	return all
}

type setCmd struct {
	ID     string   `arg:"" help:"The contact."`
	Fields []string `arg:"" name:"FIELD=VALUE" help:"name, prefix, given, middle, surname, suffix, nickname, org, department, title, note, birthday (YYYY-MM-DD, or as your locale writes dates), email, phone (the first one), photo (a file), or a JSON pointer into the card, such as /emails/x1/address. FIELD= removes it."`
}

func (c *setCmd) Run(ctx context.Context, a *app) error {
	type assignment struct{ field, value string }
	var wanted []assignment
	for _, f := range c.Fields {
		field, value, ok := strings.Cut(f, "=")
		if !ok || field == "" {
			return usage("%q isn't FIELD=VALUE (see: kithctl set --help)", f)
		}
		wanted = append(wanted, assignment{field, value})
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	old, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	if !old.Deleted.IsZero() {
		return fmt.Errorf("%s is in the trash: bring it back with \"kithctl restore %s\" first", title(old.Card), old.ID)
	}
	card := old.Card
	for _, w := range wanted {
		if w.field == "photo" {
			card, err = withPhotoFile(ctx, s, card, w.value)
		} else {
			card, err = card.WithField(w.field, a.readDate(w.field, w.value))
		}
		if err != nil {
			return err
		}
	}
	saved, err := s.Save(ctx, old.ID, old.Card, card)
	if err != nil {
		return err
	}
	return a.emit(idResult{saved.ID}, func(w io.Writer) { fmt.Fprintln(w, "Saved:", oneLine(title(saved.Card))) })
}

type rmCmd struct {
	IDs []string `arg:"" name:"ID" help:"The contacts."`
}

func (c *rmCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	ids, err := findAll(ctx, s, c.IDs)
	if err != nil {
		return err
	}
	if err := s.Delete(ctx, ids...); err != nil {
		return err
	}
	return a.emit(idsResult{ids}, func(w io.Writer) {
		fmt.Fprintf(w, "Moved to the trash: %s. \"kithctl undo\" brings back what was removed.\n", count(len(ids), "contact"))
	})
}

// idsResult is the document of commands that speak of several contacts.
type idsResult struct {
	IDs []string `json:"ids"`
}

type restoreCmd struct {
	IDs []string `arg:"" name:"ID" help:"The contacts, as \"kithctl list --trash\" shows them."`
}

func (c *restoreCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	ids, err := findAll(ctx, s, c.IDs)
	if err != nil {
		return err
	}
	if err := s.Restore(ctx, ids...); err != nil {
		return err
	}
	return a.emit(idsResult{ids}, func(w io.Writer) { fmt.Fprintf(w, "Restored: %s.\n", count(len(ids), "contact")) })
}

type undoCmd struct{}

func (c *undoCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	u, err := s.Undo(ctx)
	if err != nil {
		return err
	}
	return a.emitStep(u, undoneText(u))
}

type redoCmd struct{}

func (c *redoCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	u, err := s.Redo(ctx, func(int, int) {})
	if err != nil {
		return err
	}
	return a.emitStep(u, redoneText(u))
}

// emitStep prints what undo or redo did.
func (a *app) emitStep(u data.Undone, text string) error {
	result := struct {
		IDs       []string `json:"ids"`
		Operation string   `json:"operation"`
		Name      string   `json:"name"`
	}{u.IDs, u.Operation, u.Name}
	return a.emit(result, func(w io.Writer) { fmt.Fprintln(w, text) })
}
