package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"kith/contact"
	"kith/data"
)

type conflictsCmd struct{}

// conflict is one field of conflicts' document: field is a JSON pointer into the card, "" the whole contact; null: absent there.
type conflict struct {
	ID     string          `json:"id"`
	Field  string          `json:"field"`
	Name   string          `json:"name"`
	Base   json.RawMessage `json:"base"`
	Local  json.RawMessage `json:"local"`
	Remote json.RawMessage `json:"remote"`
	Device string          `json:"device"`
}

func (c *conflictsCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	waiting, err := s.Conflicts(ctx)
	if err != nil {
		return err
	}
	all := make([]conflict, len(waiting))
	for i, w := range waiting {
		all[i] = conflict{w.ID, w.Field, w.Name, rawOrNull(w.Base), rawOrNull(w.Local), rawOrNull(w.Remote), w.Device}
	}
	return a.emit(all, func(w io.Writer) {
		if len(waiting) == 0 {
			fmt.Fprintln(w, "Nothing waits for a decision.")
			return
		}
		var rows [][]string
		for i, c := range waiting {
			if i == 0 || waiting[i-1].ID != c.ID {
				rows = append(rows, []string{c.Name, "", c.ID})
			}
			rows = append(rows, conflictRows(c)...)
		}
		table(w, rows)
		fmt.Fprintln(w, "\n\"kithctl resolve ID FIELD=local\" or FIELD=remote decides one field, --keep local or --keep remote all of a contact.")
	})
}

// conflictRows is one field with its three values.
func conflictRows(c data.Conflict) [][]string {
	remote := "remote"
	if c.Device != "" {
		remote += " (" + c.Device + ")"
	}
	rows := [][]string{
		{"  " + friendly(c.Field), "local", value(c.Field, c.Local), clock(c.LocalAt)},
		{"", remote, value(c.Field, c.Remote), clock(c.RemoteAt)},
	}
	if c.Field == "" {
		return rows
	}
	return append(rows, []string{"", "before", value(c.Field, c.Base)})
}

// value shows one side of a conflict; a whole contact is too long for a line.
func value(field string, v json.RawMessage) string {
	switch {
	case field == "" && v == nil:
		return "deleted"
	case field == "":
		return "edited"
	}
	return plain(v)
}

type resolveCmd struct {
	ID     string   `arg:"" help:"The contact."`
	Keep   string   `enum:",local,remote" default:"" placeholder:"local|remote" help:"Whose values stand in every field that is not named."`
	Fields []string `arg:"" optional:"" name:"FIELD=SIDE" help:"Whose value stands in one field: local or remote. FIELD is as \"kithctl conflicts\" shows it, or its JSON pointer."`
}

func (c *resolveCmd) Run(ctx context.Context, a *app) error {
	if c.Keep == "" && len(c.Fields) == 0 {
		return usage("say which values stand: --keep local, --keep remote, or FIELD=local|remote (see: kithctl resolve --help)")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	found, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	waiting, err := conflictsOf(ctx, s, found.ID)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return fmt.Errorf("nothing of %s waits for a decision", oneLine(title(found.Card)))
	}
	keep, err := decisions(c.Fields, waiting)
	if err != nil {
		return err
	}
	var rest *contact.Side
	if c.Keep != "" {
		side := sides[c.Keep]
		rest = &side
	}
	if err := s.Resolve(ctx, found.ID, rest, keep); err != nil {
		return err
	}
	if waiting, err = conflictsOf(ctx, s, found.ID); err != nil {
		return err
	}
	result := struct {
		ID        string `json:"id"`
		Conflicts int    `json:"conflicts"`
	}{found.ID, len(waiting)}
	return a.emit(result, func(w io.Writer) {
		if len(waiting) > 0 {
			fmt.Fprintf(w, "Decided; %s of this contact still to decide.\n", count(len(waiting), "field"))
			return
		}
		fmt.Fprintln(w, `Decided. "kithctl sync" sends it.`)
	})
}

var sides = map[string]contact.Side{"local": contact.Local, "remote": contact.Remote}

func conflictsOf(ctx context.Context, s *data.Store, id string) ([]data.Conflict, error) {
	all, err := s.Conflicts(ctx)
	if err != nil {
		return nil, err
	}
	var own []data.Conflict
	for _, c := range all {
		if c.ID == id {
			own = append(own, c)
		}
	}
	return own, nil
}

// decisions turns FIELD=local|remote into the store's pointers. A name that several waiting fields bear is refused.
func decisions(args []string, waiting []data.Conflict) (map[string]contact.Side, error) {
	keep := map[string]contact.Side{}
	for _, arg := range args {
		cut := strings.LastIndexByte(arg, '=') // a pointer may hold the sign, a side does not
		if cut < 0 {
			return nil, usage("%q isn't FIELD=local or FIELD=remote", arg)
		}
		field := arg[:cut]
		side, ok := sides[arg[cut+1:]]
		if !ok {
			return nil, usage("%q isn't FIELD=local or FIELD=remote", arg)
		}
		pointers := matching(field, waiting)
		switch len(pointers) {
		case 0:
			return nil, fmt.Errorf("the field %q does not wait for a decision: these do: %s", field, strings.Join(names(waiting), ", "))
		case 1:
			keep[pointers[0]] = side
		default:
			return nil, fmt.Errorf("%q is the name of several fields that wait: give one of %s", field, strings.Join(pointers, ", "))
		}
	}
	return keep, nil
}

func matching(field string, waiting []data.Conflict) []string {
	var pointers []string
	for _, w := range waiting {
		if w.Field == field {
			return []string{w.Field}
		}
		if friendly(w.Field) == field {
			pointers = append(pointers, w.Field)
		}
	}
	return pointers
}

func names(waiting []data.Conflict) []string {
	var all []string
	for _, w := range waiting {
		all = append(all, friendly(w.Field))
	}
	return all
}

// friendly is the short name of a field, as "set" takes it, where it has one: else its JSON pointer.
func friendly(pointer string) string {
	parts := strings.Split(pointer, "/")[1:]
	if pointer == "" {
		return "contact"
	}
	last := parts[len(parts)-1]
	switch parts[0] {
	case "name":
		return friendlyName(pointer, parts)
	case "organizations":
		if len(parts) == 2 || last == "name" {
			return "org"
		}
	case "titles":
		if len(parts) == 2 || last == "name" {
			return "title"
		}
	case "notes":
		if len(parts) == 2 || last == "note" {
			return "note"
		}
	case "emails":
		if len(parts) == 2 || last == "address" {
			return "email"
		}
	case "phones":
		if len(parts) == 2 || last == "number" {
			return "phone"
		}
	case "anniversaries":
		if len(parts) == 2 || parts[len(parts)-1] == "date" || len(parts) > 3 && parts[2] == "date" {
			return "birthday"
		}
	case "keywords":
		if last == "starred" {
			return "favourite"
		}
	}
	return pointer
}

// friendlyName names the parts of a name; a component stands at /name/components/kind:KIND (see contact.Edit).
func friendlyName(pointer string, parts []string) string {
	switch {
	case len(parts) == 1, parts[1] == "full":
		return "name"
	case len(parts) > 2 && parts[1] == "components":
		if kind := strings.TrimPrefix(parts[2], "kind:"); kind == "given" || kind == "surname" {
			return kind
		}
	}
	return pointer
}
