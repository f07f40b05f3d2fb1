package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"kith/contact"
	"kith/data"
)

type conflictsCmd struct {
	Overruled bool `help:"List instead the values that the strategy has overruled, and that nobody has looked at."`
}

// conflict is one field of conflicts' document: field is a JSON pointer into the card, "" the whole contact; null: absent there.
type conflict struct {
	ID       string          `json:"id"`
	Field    string          `json:"field"`
	Name     string          `json:"name"`
	Base     json.RawMessage `json:"base"`
	Local    json.RawMessage `json:"local"`
	Remote   json.RawMessage `json:"remote"`
	Device   string          `json:"device"` // whose remote edit
	User     string          `json:"user"`
	LocalAt  string          `json:"local_at"` // RFC 3339; "": not known
	RemoteAt string          `json:"remote_at"`
	Both     bool            `json:"both"` // the field has room for both values

	Stands string           `json:"stands,omitempty"` // overruled: whose value stood, local or remote
	Now    *json.RawMessage `json:"now,omitempty"`    // overruled: what the field holds now
}

func conflictOf(c data.Conflict) conflict {
	out := conflict{ID: c.ID, Field: c.Field, Name: c.Name, Base: rawOrNull(c.Base), Local: rawOrNull(c.Local), Remote: rawOrNull(c.Remote),
		Device: c.Device, User: c.User, LocalAt: stamp(c.LocalAt), RemoteAt: stamp(c.RemoteAt), Both: c.CanKeepBoth()}
	if c.Review != 0 {
		now := rawOrNull(c.Now)
		out.Stands, out.Now = "local", &now
		if c.Stands == contact.Remote {
			out.Stands = "remote"
		}
	}
	return out
}

// stamp is a time for a program.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (c *conflictsCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	list, nothing, hint := s.Conflicts, "Nothing waits for a decision.",
		`"kithctl resolve ID FIELD=local" (or remote, both, newest) decides one field, FIELD:=VALUE with another value; --keep local all of a contact; --all everything.`
	if c.Overruled {
		list, nothing, hint = s.Reviews, "No value has been overruled that you have not seen.",
			`"kithctl resolve --overruled ID FIELD=local" (or remote, both) decides otherwise; --keep now leaves it as it is, and off this list.`
	}
	found, err := list(ctx)
	if err != nil {
		return err
	}
	all := make([]conflict, len(found))
	for i, f := range found {
		all[i] = conflictOf(f)
	}
	size := sizesOfBlobs(ctx, s)
	return a.emit(all, func(w io.Writer) {
		if len(found) == 0 {
			fmt.Fprintln(w, nothing)
			return
		}
		var rows [][]string
		for i, c := range found {
			if i == 0 || found[i-1].ID != c.ID {
				rows = append(rows, []string{c.Name, "", c.ID})
			}
			rows = append(rows, conflictRows(c, size)...)
		}
		table(w, rows)
		fmt.Fprintln(w, "\n"+hint)
	})
}

// conflictRows is one field with its values.
func conflictRows(c data.Conflict, size blobSize) [][]string {
	local, remote := "local", "remote"
	if who := remoteAuthor(c); who != "" {
		remote += " (" + who + ")"
	}
	if c.Review != 0 {
		if c.Stands == contact.Local {
			local += ", kept"
		} else {
			remote += ", kept"
		}
	}
	rows := [][]string{
		{"  " + friendly(c.Field), local, value(c.Field, c.Local, size), clock(c.LocalAt)},
		{"", remote, value(c.Field, c.Remote, size), clock(c.RemoteAt)},
	}
	if c.Field == "" {
		return rows
	}
	rows = append(rows, []string{"", "before", value(c.Field, c.Base, size)})
	if now := value(c.Field, c.Now, size); c.Review != 0 && now != value(c.Field, c.Local, size) && now != value(c.Field, c.Remote, size) {
		rows = append(rows, []string{"", "now", now})
	}
	return rows
}

// remoteAuthor is whose edit the remote one is: a device of one's own by its name, someone else's with that person's.
func remoteAuthor(c data.Conflict) string {
	switch {
	case c.Device == "":
		return c.User
	case c.User == "" || c.User == c.LocalUser:
		return c.Device
	}
	return c.User + " on " + c.Device
}

// value shows one side of a conflict; a whole contact is too long for a line.
func value(field string, v json.RawMessage, size blobSize) string {
	switch {
	case field == "" && v == nil:
		return "deleted"
	case field == "":
		return "edited"
	}
	return worded(field, v, size)
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
	case "media":
		if last == "blobId" {
			return "photo"
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
