package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

type syncCmd struct {
	AllowDeletes bool `xor:"held" help:"Carry out the deletions that are held: here what was deleted elsewhere, everywhere what was deleted here."`
	KeepDeleted  bool `xor:"held" help:"Keep the contacts whose deletion is held: put back at the server what was deleted elsewhere, bring back what was deleted here."`
}

// syncResult is sync's document. conflicts, pending and held are contacts that wait when it ends; the others, what it did.
type syncResult struct {
	Pulled    int `json:"pulled"`
	Pushed    int `json:"pushed"`
	Merged    int `json:"merged"`
	Conflicts int `json:"conflicts"`
	Pending   int `json:"pending"`

	Held    []heldDeletion `json:"held,omitempty"`
	Notices []noticeResult `json:"notices,omitempty"`
}

func (c *syncCmd) Run(ctx context.Context, a *app) error {
	engine, s, err := a.engine(ctx)
	if err != nil {
		return err
	}
	p := newProgress(a.errOut)
	engine.OnStatus(p.show)
	sum, syncErr := c.run(ctx, engine, s)
	p.clear()
	st := engine.Status() // what waits now, whatever came of the sync
	held, err := s.HeldDeletions(ctx, "")
	if err != nil {
		return errors.Join(syncErr, err)
	}
	notices, err := s.Notices(ctx)
	if err != nil {
		return errors.Join(syncErr, err)
	}
	result := syncResult{sum.Pulled, sum.Pushed, sum.Merged, st.Conflicts, st.Pending, heldList(held), noticeList(notices)}
	if syncErr == nil || a.json {
		err := a.emit(result, func(w io.Writer) {
			fmt.Fprintln(w, syncText(result))
			heldText(w, held)
			for _, n := range notices {
				fmt.Fprintln(w, noticeText(n))
			}
		})
		if err != nil {
			return errors.Join(syncErr, err)
		}
	}
	return syncOutcome(syncErr, st)
}

// syncOutcome is the exit code and the line of a sync that has ended and left st.
func syncOutcome(err error, st syncer.Status) error {
	switch {
	case err != nil && errors.Is(err, syncer.ErrOffline):
		_, message := explain(err)
		return &outcome{exitOffline, message + kept(st.Pending)}
	case err != nil:
		if code, message := explain(err); code == exitSignIn {
			return &outcome{code, message + kept(st.Pending)}
		}
		return err
	case st.Held.Any():
		return &outcome{exitConflicts, heldOf(st.Held) + ": " + heldHint}
	case st.Conflicts > 0:
		return &outcome{exitConflicts, fmt.Sprintf(`%s for your decision: see "kithctl conflicts"`, waits(st.Conflicts))}
	case st.Rejected > 0:
		return &outcome{exitError, fmt.Sprintf(`the server did not accept %s; "kithctl aside" says why`, count(st.Rejected, "contact"))}
	case st.Unreadable > 0:
		return &outcome{exitDone, fmt.Sprintf(`this version of Kith can't read %s of the server: see "kithctl aside"`, count(st.Unreadable, "contact"))}
	}
	return nil
}

func waits(contacts int) string {
	if contacts == 1 {
		return "1 contact waits"
	}
	return fmt.Sprintf("%d contacts wait", contacts)
}

// kept says that nothing is lost by a sync that could not be made.
func kept(pending int) string {
	switch pending {
	case 0:
		return "; nothing waits to be sent"
	case 1:
		return "; the edits of 1 contact are kept and wait"
	}
	return fmt.Sprintf("; the edits of %d contacts are kept and wait", pending)
}

func syncText(r syncResult) string {
	if r.Pulled == 0 && r.Pushed == 0 && r.Merged == 0 && r.Pending == 0 {
		return "Up to date."
	}
	s := fmt.Sprintf("Received %d, sent %d", r.Pulled, r.Pushed)
	if r.Merged > 0 {
		s += fmt.Sprintf(", merged %d", r.Merged)
	}
	if n := r.Pending - r.heldHere(); n > 0 {
		s += fmt.Sprintf("; %d still to be sent", n)
	}
	return s + "."
}

// progress draws one line that counts, on a terminal only.
type progress struct {
	w     io.Writer
	drawn bool
}

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		w = nil
	}
	return &progress{w: w}
}

const eraseLine = "\r\x1b[K"

func (p *progress) show(st syncer.Status) {
	if st.State == syncer.Syncing {
		p.line(progressText(st))
	}
}

func (p *progress) line(text string) {
	if p.w == nil {
		return
	}
	fmt.Fprint(p.w, eraseLine, text)
	p.drawn = true
}

func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.w, eraseLine)
	}
}

func progressText(st syncer.Status) string {
	if st.Total == 0 {
		return "Syncing…"
	}
	return fmt.Sprintf("Syncing %d of %d", st.Done, st.Total)
}

type strategyCmd struct {
	Strategy string `arg:"" optional:"" name:"merge|newest|ask" help:"merge: different fields are both kept, the later edit of one field wins. newest: the later edit takes the whole contact. ask: you decide. Nothing is lost by any of them: what gives way is in the contact's history."`
}

func (c *strategyCmd) Run(ctx context.Context, a *app) error {
	switch contact.Strategy(c.Strategy) {
	case "", contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk:
	default:
		return usage("%q isn't a strategy: merge, newest or ask (see: kithctl strategy --help)", c.Strategy)
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.Strategy != "" {
		if err := s.SetStrategy(ctx, data.DefaultBook, contact.Strategy(c.Strategy)); err != nil {
			return err
		}
	}
	books, err := s.Books(ctx)
	if err != nil {
		return err
	}
	for _, b := range books {
		if b.ID == data.DefaultBook {
			result := struct {
				Strategy contact.Strategy `json:"strategy"`
			}{b.Strategy}
			return a.emit(result, func(w io.Writer) { fmt.Fprintln(w, b.Strategy) })
		}
	}
	return fmt.Errorf("this profile has no book %q", data.DefaultBook)
}
