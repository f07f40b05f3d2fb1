package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"kith/data"
	"kith/syncer"
)

// heldShown is how many held deletions a sync lists; "kithctl held" lists all.
const heldShown = 20

type heldCmd struct{}

// heldDeletion is one of held's document. deleted says where: "here" or "elsewhere".
type heldDeletion struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Deleted string    `json:"deleted"`
	Device  string    `json:"device,omitempty"`
	At      time.Time `json:"at"`
}

func (c *heldCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	held, err := s.HeldDeletions(ctx, "")
	if err != nil {
		return err
	}
	return a.emit(heldList(held), func(w io.Writer) {
		if len(held) == 0 {
			fmt.Fprintln(w, "No deletion waits for a decision.")
			return
		}
		table(w, heldRows(held))
		fmt.Fprintln(w, "\n"+heldHint)
	})
}

// heldCounts is held in status's document: contacts deleted elsewhere and still here, deleted here and still elsewhere, and those
// outside the trash.
type heldCounts struct {
	Elsewhere int `json:"elsewhere"`
	Here      int `json:"here"`
	Contacts  int `json:"contacts"`
}

func heldCountsOf(h data.Held) *heldCounts {
	if !h.Any() {
		return nil
	}
	return &heldCounts{h.In, h.Out, h.Live}
}

const heldHint = `"kithctl sync --allow-deletes" carries them out, "kithctl sync --keep-deleted" keeps the contacts everywhere.`

func heldList(held []data.HeldDeletion) []heldDeletion {
	all := make([]heldDeletion, len(held))
	for i, h := range held {
		all[i] = heldDeletion{h.ID, h.Name, "elsewhere", h.Device, h.At}
		if h.Out {
			all[i].Deleted = "here"
		}
	}
	return all
}

func heldRows(held []data.HeldDeletion) [][]string {
	rows := make([][]string, len(held))
	for i, h := range held {
		where := "deleted here"
		switch {
		case h.Out:
		case h.Device != "":
			where = "deleted on " + h.Device
		default:
			where = "deleted elsewhere"
		}
		rows[i] = []string{"  " + shorten(h.Name), h.ID, where, clock(h.At)}
	}
	return rows
}

// heldText is what a sync says of the deletions that it holds: how many, and the first of them.
func heldText(w io.Writer, held []data.HeldDeletion) {
	if len(held) == 0 {
		return
	}
	fmt.Fprintf(w, "Held, because they are so many at once: %s.\n", count(len(held), "deletion"))
	table(w, heldRows(held[:min(len(held), heldShown)]))
	if more := len(held) - heldShown; more > 0 {
		fmt.Fprintf(w, "  and %d more: see \"kithctl held\"\n", more)
	}
}

// heldOf is what waits, as a sentence. It asks one question at a time: first about what was deleted elsewhere.
func heldOf(h data.Held) string {
	if h.In > 0 {
		return fmt.Sprintf("%d of %s would be deleted here", h.In, count(h.Live, "contact"))
	}
	return fmt.Sprintf("%d of %s would be deleted everywhere", h.Out, count(h.Live+h.Out, "contact"))
}

// heldHere counts the deletions that this device holds back: they are told apart from what merely waits to be sent.
func (r syncResult) heldHere() (n int) {
	for _, h := range r.Held {
		if h.Deleted == "here" {
			n++
		}
	}
	return n
}

// answerHeld answers every deletion that is held, and reports whether there was one.
func (c *syncCmd) answerHeld(ctx context.Context, s *data.Store) (bool, error) {
	answer := s.AllowDeletions
	switch {
	case c.KeepDeleted:
		answer = s.RefuseDeletions
	case !c.AllowDeletes:
		return false, nil
	}
	held, err := s.HeldDeletions(ctx, "")
	if err != nil || len(held) == 0 {
		return false, err
	}
	ids := make([]string, len(held))
	for i, h := range held {
		ids[i] = h.ID
	}
	return true, answer(ctx, ids...)
}

// run syncs, and once more after what was held is answered.
func (c *syncCmd) run(ctx context.Context, engine *syncer.Engine, s *data.Store) (sum syncer.Summary, err error) {
	const most = 3 // deletions that come meanwhile are asked about anew
	for range most {
		one, err := engine.Sync(ctx)
		sum.Pulled += one.Pulled
		sum.Pushed += one.Pushed
		sum.Merged += one.Merged
		if err != nil {
			return sum, err
		}
		if again, err := c.answerHeld(ctx, s); err != nil || !again {
			return sum, err
		}
	}
	return sum, nil
}
