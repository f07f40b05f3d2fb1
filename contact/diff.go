package contact

import "encoding/json"

// Edit is one changed leaf: Old or New is nil where the member was or is absent.
type Edit struct {
	Path string          `json:"path"` // JSON pointer
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// Patch is the difference of two cards, ordered by path; it works both ways.
type Patch []Edit

// Diff returns the patch that turns a into b.
func Diff(a, b Card) Patch { return nil }

// Apply applies a patch; Invert().Apply undoes it. An edit whose Old is not what the card holds is an error.
func (p Patch) Apply(c Card) (Card, error) { return c, nil }
func (p Patch) Invert() Patch              { return nil }
