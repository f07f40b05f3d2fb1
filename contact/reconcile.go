package contact

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Strategy is how a book resolves two edits of one contact.
type Strategy string

const (
	StrategyMerge  Strategy = "merge"  // field by field; the later edit of one field wins
	StrategyNewest Strategy = "newest" // the later edit takes the whole contact
	StrategyAsk    Strategy = "ask"    // field by field; the user decides on one field's two values
)

// Version is a contact as one side has it. EditedAt is hybrid logical time in microseconds. A deleted version may still hold its
// last card.
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
	Review   []Conflict // fields decided by time, and a deletion that gave way to an edit: to be shown as a notice
	Ask      []Conflict // fields that wait for the user; the Version holds the local values meanwhile, and is not pushed
}

// Reconcile applies a strategy: DESIGN's table. base is the zero Version if the two sides never agreed. An unknown strategy is
// StrategyMerge. Both devices come to the same card, whichever of them reconciles: two edits of one moment are told apart by what
// they hold, and an edit is later than a deletion of the same moment.
func Reconcile(s Strategy, base, local, remote Version) Outcome {
	o := reconcile(s, base, local, remote)
	o.EditedAt = max(local.EditedAt, remote.EditedAt)
	if len(o.Ask) == 0 {
		o.Push = !o.agrees(remote)
	}
	return o
}

func reconcile(s Strategy, base, local, remote Version) Outcome {
	switch {
	case local.Deleted && remote.Deleted:
		return Outcome{Version: withLastCard(local, remote.Card)}
	case base.agrees(local), local.agrees(remote):
		return Outcome{Version: withLastCard(remote, local.Card)}
	case base.agrees(remote):
		return Outcome{Version: withLastCard(local, remote.Card)}
	}
	winner := Local
	if isLater(remote, local) {
		winner = Remote
	}
	switch {
	case s == StrategyNewest:
		return replaced(base, local, remote, winner)
	case local.Deleted || remote.Deleted:
		return deletedOrEdited(s, base, local, remote, winner)
	case s == StrategyAsk:
		card, conflicts := Merge(base.Card, local.Card, remote.Card, Local)
		return Outcome{Version: Version{Card: card}, Ask: conflicts}
	}
	return merged(base.Card, local.Card, remote.Card, winner)
}

// agrees reports whether both are the same contact. Deleted ones are, whatever their last cards hold.
func (v Version) agrees(o Version) bool {
	if v.Deleted || o.Deleted {
		return v.Deleted && o.Deleted
	}
	return v.Card.Equal(o.Card)
}

// withLastCard gives a deleted version that holds no card the one that was there last, for the trash.
func withLastCard(v Version, last Card) Version {
	if v.Deleted && v.Card.IsZero() {
		v.Card = last
	}
	return v
}

// isLater reports whether a is the later edit.
func isLater(a, b Version) bool {
	switch {
	case a.EditedAt != b.EditedAt:
		return a.EditedAt > b.EditedAt
	case a.Deleted != b.Deleted:
		return b.Deleted
	}
	return bytes.Compare(a.Card.JSON(), b.Card.JSON()) > 0
}

// merged merges two cards; the later one has the fields that both changed.
func merged(base, local, remote Card, later Side) Outcome {
	card, conflicts := Merge(base, local, remote, later)
	o := Outcome{Version: Version{Card: card}, Review: conflicts, LostSide: later.Other()}
	for _, c := range conflicts {
		e := Edit{Path: c.Path, Old: c.Local, New: c.Remote}
		if later == Local {
			e.Old, e.New = c.Remote, c.Local
		}
		o.Lost = append(o.Lost, e)
	}
	return o
}

// replaced is what the later version makes of the contact: its values stand, also where only the other side had edited one.
func replaced(base, local, remote Version, later Side) Outcome {
	wins, loser := local, remote
	if later == Remote {
		wins, loser = remote, local
	}
	wins = withLastCard(wins, loser.Card)
	o := Outcome{Version: wins, Lost: lost(base.Card, loser.Card, wins.Card), LostSide: later.Other()}
	if local.Deleted != remote.Deleted {
		o.Review = []Conflict{{Base: base.live(), Local: local.live(), Remote: remote.live()}}
	}
	if wins.Deleted {
		return o // with the edits of the other, all of them
	}
	for _, e := range o.Lost {
		c := Conflict{Path: e.Path, Base: base.Card.At(e.Path), Local: e.Old, Remote: e.New}
		if later == Local {
			c.Local, c.Remote = e.New, e.Old
		}
		o.Review = append(o.Review, c)
	}
	return o
}

// deletedOrEdited is for a contact that one side deleted and the other edited: the edit wins, or the user is asked. What the side
// that deleted it had edited before is merged, if its last card is known.
func deletedOrEdited(s Strategy, base, local, remote Version, later Side) Outcome {
	conflict := Conflict{Base: base.live()}
	if conflict.Local, conflict.Remote = local.live(), remote.live(); s == StrategyAsk {
		return Outcome{Version: withLastCard(local, remote.Card), Ask: []Conflict{conflict}}
	}
	var o Outcome
	switch {
	case local.Card.IsZero():
		o = Outcome{Version: Version{Card: remote.Card}}
	case remote.Card.IsZero():
		o = Outcome{Version: Version{Card: local.Card}}
	default:
		o = merged(base.Card, local.Card, remote.Card, later)
	}
	o.Review = append([]Conflict{conflict}, o.Review...)
	return o
}

// live is the card as JSON, nil if there is none or it is deleted.
func (v Version) live() json.RawMessage {
	if v.Deleted {
		return nil
	}
	return v.Card.JSON()
}

// lost is what gives way when the whole card from is replaced by to: the values that it does not share with base, as those of base
// are in the history already. A deletion without a card has no values.
func lost(base, from, to Card) Patch {
	if from.IsZero() {
		return nil
	}
	return slices.DeleteFunc(Diff(from, to), func(e Edit) bool {
		old := base.At(e.Path)
		return (old == nil) == (e.Old == nil) && bytes.Equal(old, e.Old)
	})
}
