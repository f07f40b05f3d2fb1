package transfer

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"kith/contact"
	"kith/contact/cardfile"
	"kith/data"
)

// Aside is one contact that sync could not take along, as JSON: everything that is known of it.
type Aside struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Kind     string          `json:"kind"` // "refused": by the server. "unreadable": by this version of the program
	Reason   string          `json:"reason"`
	Rev      int64           `json:"rev"`
	Device   string          `json:"device,omitempty"`
	User     string          `json:"user,omitempty"`
	EditedAt time.Time       `json:"edited_at"`
	Since    *time.Time      `json:"since,omitempty"`
	Card     json.RawMessage `json:"card,omitempty"` // as it is; absent where it is not JSON
	Raw      []byte          `json:"raw,omitempty"`  // the bytes, in base64, of what can't be read
}

// AsideOf is a contact that was set aside as its document.
func AsideOf(a data.SetAside) Aside {
	out := Aside{ID: a.ID, Name: a.Name, Kind: "unreadable", Reason: a.Reason, Rev: a.Rev, Device: a.Device, User: a.User, EditedAt: time.UnixMicro(a.EditedAt).UTC()}
	if a.Out {
		out.Kind = "refused"
	} else {
		out.Raw = a.Raw
	}
	if !a.At.IsZero() {
		at := a.At.UTC()
		out.Since = &at
	}
	if json.Valid(a.Raw) {
		out.Card = a.Raw
	}
	return out
}

// ExportAside writes what was set aside to a file: with the ending .vcf as vCards those that can be read, else as JSON everything. It
// returns how many are in the file.
func ExportAside(all []data.SetAside, file string) (n int, err error) {
	write := func(w io.Writer) error {
		n = len(all)
		return WriteAside(w, all)
	}
	if strings.EqualFold(filepath.Ext(file), ".vcf") {
		write = func(w io.Writer) error {
			o, _ := cardfile.OutputNamed("vcf")
			n, err = o.Write(w, readable(all))
			return err
		}
	}
	if err := Replace(file, write); err != nil {
		return 0, fmt.Errorf("export to %s: %w", file, err)
	}
	return n, nil
}

// WriteAside writes what was set aside as one JSON array.
func WriteAside(w io.Writer, all []data.SetAside) error {
	out := make([]Aside, len(all))
	for i, a := range all {
		out[i] = AsideOf(a)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

func readable(all []data.SetAside) func(yield func(contact.Card, error) bool) {
	return func(yield func(contact.Card, error) bool) {
		for _, a := range all {
			if card, err := contact.Parse(a.Raw); err == nil && !yield(card, nil) {
				return
			}
		}
	}
}
