package contact

import "encoding/json"

// Strategy is how a book resolves two edits of one contact.
type Strategy string

const (
	StrategyMerge  Strategy = "merge"  // field by field; the later edit of one field wins
	StrategyNewest Strategy = "newest" // the later edit takes the whole contact
	StrategyAsk    Strategy = "ask"    // field by field; the user decides on one field's two values
)

// Side names one of the two versions that are merged.
type Side int

const (
	Local Side = iota
	Remote
)

// Conflict is one field that both sides changed to different values. A nil value: absent.
type Conflict struct {
	Path   string          `json:"path"` // JSON pointer; "" is the whole contact (deleted on one side, edited on the other)
	Base   json.RawMessage `json:"base,omitempty"`
	Local  json.RawMessage `json:"local,omitempty"`
	Remote json.RawMessage `json:"remote,omitempty"`
}

// Merge joins two edits of one base. Where both changed a field to different values, prefer's value stands in the result and the
// field is listed. Pure; laws: Merge(b,b,x) = Merge(b,x,b) = Merge(b,x,x) = x; no value appears from nowhere (name.full, which is
// derived from its components, aside). A zero base merges by union.
func Merge(base, local, remote Card, prefer Side) (Card, []Conflict) { return Card{}, nil }

// Version is a contact as one side has it. EditedAt is hybrid logical time in microseconds. A deleted version may still hold its last card.
type Version struct {
	Card     Card
	Deleted  bool
	EditedAt int64
}

// Outcome is what a strategy makes of two versions.
type Outcome struct {
	Version             // what stands now; EditedAt is the later of the two sides
	Push     bool       // it differs from the remote: send it
	Lost     Patch      // values that gave way, from what lost (Old) to what stands (New): for the history
	LostSide Side       // whose values they were
	Review   []Conflict // fields decided by time, to be shown as a notice
	Ask      []Conflict // fields that wait for the user; the Version holds the local values meanwhile, and is not pushed
}

// Reconcile applies a strategy: DESIGN's table. base is the zero Version if the two sides never agreed.
func Reconcile(s Strategy, base, local, remote Version) Outcome { return Outcome{} }
