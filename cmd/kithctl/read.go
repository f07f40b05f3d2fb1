package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"kith/contact"
	"kith/data"
)

type listCmd struct {
	Trash bool   `help:"List what is in the trash instead."`
	Book  string `help:"Only the contacts of this book." placeholder:"BOOK"`
}

func (c *listCmd) Run(ctx context.Context, a *app) error {
	if c.Trash {
		return a.list(ctx, c.Book, data.Query{Filter: data.Trash}, "The trash is empty.")
	}
	return a.list(ctx, c.Book, data.Query{}, `No contacts yet: "kithctl add --name NAME" adds one.`)
}

type searchCmd struct {
	Text []string `arg:"" name:"TEXT" help:"Words; each must be the beginning of a word in the contact. Accents and case don't matter."`
	Book string   `help:"Only the contacts of this book." placeholder:"BOOK"`
}

func (c *searchCmd) Run(ctx context.Context, a *app) error {
	text := strings.Join(c.Text, " ")
	if strings.TrimSpace(text) == "" {
		return usage("nothing to search for (see: kithctl search --help)")
	}
	return a.list(ctx, c.Book, data.Query{Text: text}, "No contact matches.")
}

// listed is one contact of a list's document.
type listed struct {
	ID       string     `json:"id"`
	Book     string     `json:"book"`
	Name     string     `json:"name"`
	Subtitle string     `json:"subtitle"`
	Starred  bool       `json:"starred"`
	Pending  bool       `json:"pending"`
	Conflict bool       `json:"conflict"`
	Deleted  *time.Time `json:"deleted,omitempty"`
}

func (a *app) list(ctx context.Context, book string, q data.Query, none string) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if q.Book, err = findBook(ctx, s, book); err != nil {
		return err
	}
	all := []listed{}
	err = eachRow(ctx, s, q, func(r data.Row) {
		all = append(all, listed{r.ID, r.Book, r.Name, r.Subtitle, r.Starred, r.Pending, r.Conflict, timeOrNil(r.Deleted)})
	})
	if err != nil {
		return err
	}
	return a.emit(all, func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, none)
			return
		}
		rows := make([][]string, len(all))
		for i, l := range all {
			rows[i] = []string{shorten(l.Name), shorten(l.Subtitle), l.ID, marks(l)}
		}
		table(w, rows)
	})
}

// marks are the words behind a line of a list.
func marks(l listed) string {
	var words []string
	if l.Conflict {
		words = append(words, "needs a decision")
	} else if l.Pending {
		words = append(words, "not sent yet")
	}
	return strings.Join(words, ", ")
}

type showCmd struct {
	ID string `arg:"" help:"The contact."`
}

func (c *showCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	found, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	into, merged, err := s.MergedInto(ctx, found.ID)
	if err != nil {
		return err
	}
	all, err := tell(ctx, s, found)
	if err != nil {
		return err
	}
	result := struct {
		ID        string       `json:"id"`
		Book      string       `json:"book"`
		Rev       int64        `json:"rev"`
		Pending   bool         `json:"pending"`
		Conflicts int          `json:"conflicts,omitempty"`
		Rejected  string       `json:"rejected,omitempty"`
		Deleted   *time.Time   `json:"deleted,omitempty"`
		Merged    string       `json:"merged_into,omitempty"`
		Card      contact.Card `json:"card"`
	}{found.ID, found.Book, found.Rev, found.Pending, found.Conflicts, found.Rejected, timeOrNil(found.Deleted), into.ID, found.Card}
	return a.emit(result, func(w io.Writer) {
		rows := describe(all)
		if merged {
			rows = append(rows, []string{"Merged into", title(into.Card) + "  " + into.ID})
		}
		table(w, rows)
	})
}

type historyCmd struct {
	ID string `arg:"" help:"The contact."`
}

// entry is one change of history's document. Old and new values stand in the patch; lost: the old ones gave way in a merge.
type entry struct {
	Time      time.Time     `json:"time"`
	Operation string        `json:"operation"`
	Origin    string        `json:"origin"`
	Device    string        `json:"device"`
	Lost      bool          `json:"lost"`
	Patch     contact.Patch `json:"patch"`
}

func (c *historyCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	found, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	entries, err := s.History(ctx, found.ID)
	if err != nil {
		return err
	}
	all := make([]entry, len(entries))
	for i, e := range entries {
		if e.Patch == nil {
			e.Patch = contact.Patch{}
		}
		all[i] = entry{e.Time.UTC(), e.Operation, e.Origin, e.Device, e.Lost, e.Patch}
	}
	size := sizesOfBlobs(ctx, s)
	return a.emit(all, func(w io.Writer) {
		var rows [][]string
		for i, e := range all {
			rows = append(rows, historyRows(e, i == len(all)-1, size)...)
		}
		table(w, rows)
	})
}

// historyRows is one change: when, what, by whom, and below it each value that changed. oldest: it is where the contact began.
// size tells how large a picture is.
func historyRows(e entry, oldest bool, size blobSize) [][]string {
	what := map[string]string{"INSERT": "brought back", "UPDATE": "changed", "DELETE": "removed"}[e.Operation]
	switch {
	case e.Lost:
		what = "gave way in a merge"
	case e.Origin == "undo":
		what = "undone"
	case oldest:
		what = "added"
	}
	who := "here"
	if e.Device != "" {
		who = "on " + e.Device
	}
	rows := [][]string{{clock(e.Time), what + " " + who}}
	if oldest {
		return rows // what it began with is the card, less what stands above
	}
	for _, edit := range e.Patch {
		for _, l := range leaves(edit) {
			if inner(l.Path) {
				continue
			}
			rows = append(rows, []string{"", fmt.Sprintf("%s: %s -> %s", friendly(l.Path), worded(l.Path, l.Old, size), worded(l.Path, l.New, size))})
		}
	}
	return rows
}

// inner reports whether a member is of the format's making, so that its change says nothing to a person.
func inner(pointer string) bool {
	switch pointer {
	case "/@type", "/version", "/uid", "/name/components", "/name/isOrdered":
		return true
	}
	switch path.Base(pointer) {
	case "@type":
		return true
	case "kind", "mediaType", "kith.app:blobType":
		return strings.HasPrefix(pointer, "/media/")
	}
	return false
}

// leaves splits an edit of a whole object into those of its members, so that a person sees values and no JSON.
func leaves(e contact.Edit) contact.Patch {
	var was, is map[string]json.RawMessage
	wasObject, isObject := json.Unmarshal(e.Old, &was) == nil && was != nil, json.Unmarshal(e.New, &is) == nil && is != nil
	if !(wasObject || e.Old == nil) || !(isObject || e.New == nil) || !wasObject && !isObject {
		return contact.Patch{e}
	}
	var all contact.Patch
	for _, name := range slices.Sorted(maps.Keys(merged(was, is))) {
		escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		all = append(all, leaves(contact.Edit{Path: e.Path + "/" + escaped, Old: was[name], New: is[name]})...)
	}
	if len(all) == 0 {
		return contact.Patch{e} // an empty object
	}
	return all
}

func merged(a, b map[string]json.RawMessage) map[string]json.RawMessage {
	both := map[string]json.RawMessage{}
	maps.Copy(both, a)
	maps.Copy(both, b)
	return both
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// undoneText says what an undo did.
func undoneText(u data.Undone) string {
	who := whomStep(u)
	switch u.Operation {
	case "INSERT":
		return "Undone: the adding of " + who + ", now in the trash."
	case "DELETE":
		return "Undone: the removal of " + who + "."
	case "MOVE":
		return "Undone: the move of " + who + " to another book."
	}
	return "Undone: the change of " + who + "."
}

// redoneText says what a redo did.
func redoneText(u data.Undone) string {
	who := whomStep(u)
	switch u.Operation {
	case "INSERT":
		return "Done again: the adding of " + who + "."
	case "DELETE":
		return "Done again: the removal of " + who + ", now in the trash."
	case "MOVE":
		return "Done again: the move of " + who + " to another book."
	}
	return "Done again: the change of " + who + "."
}

// whomStep names the contacts of an undo or a redo.
func whomStep(u data.Undone) string {
	who := oneLine(u.Name)
	if who == "" {
		who = "a contact"
	}
	if n := len(u.IDs); n > 1 {
		who += fmt.Sprintf(" and %d more", n-1)
	}
	return who
}
