package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

// checkClean checks that no clean contact of the device shows a state that the server never had.
func (d *device) checkClean() {
	for _, id := range d.w.ids {
		c, ok := d.contact(id)
		if !ok || c.Pending || c.Rev == 0 {
			continue
		}
		if !d.w.model.states[state(id, c.Rev, !c.Deleted.IsZero(), c.Card.JSON())] {
			d.w.fail("device %s shows a clean contact that the server never had: rev %d, deleted %v: %s", d.name, c.Rev, !c.Deleted.IsZero(), c.Card.JSON())
		}
	}
}

// rest brings everything to rest: everyone decides what waits and syncs, until nobody has anything for anybody.
func (w *world) rest() {
	w.wire.fault = none
	quiet := 0
	for round := 0; ; round++ {
		before := w.backend.seq()
		waiting := 0
		for _, d := range w.devices {
			d.decide(round)
			d.sync(none, 0, 0)
			counts, err := d.store.Counts(ctx)
			w.must(err, "counts")
			waiting += counts.Pending
		}
		if quiet++; waiting > 0 || w.backend.seq() != before {
			quiet = 0
		}
		if quiet == 2 {
			return
		}
		if round > 12 {
			w.fail("it does not come to rest: %d contacts wait, and the server has taken %d changes in the last round", waiting, w.backend.seq()-before)
		}
	}
}

// decide resolves everything that waits on the device, and mends what was refused. In later rounds all devices take what the
// server has.
func (d *device) decide(round int) {
	for _, id := range d.w.ids {
		if c, ok := d.contact(id); ok && c.Rejected != "" && c.Deleted.IsZero() {
			d.change("mend", func() error {
				_, err := d.store.Save(ctx, id, c.Card, c.Card.WithTitle(d.w.model.token()))
				return err
			}, id)
			d.w.model.touched(id)
		} else if ok && c.Rejected != "" {
			d.change("restore", func() error { return d.store.Restore(ctx, id) }, id)
			d.w.model.touched(id)
		}
	}
	d.answerHeld(round)
	all, err := d.store.Conflicts(ctx)
	d.w.must(err, "conflicts")
	done := map[string]bool{}
	for _, c := range all {
		if done[c.ID] {
			continue
		}
		done[c.ID] = true
		side := contact.Local
		if round > 3 || round%2 == 1 {
			side = contact.Remote
		}
		d.change("resolve", func() error { return d.store.Resolve(ctx, c.ID, &side, nil) }, c.ID)
	}
}

// check holds the world at rest against everything that was promised.
func (w *world) check() {
	server := w.backend.live()
	var evidence strings.Builder
	evidence.WriteString(w.model.kept)
	for _, d := range w.devices {
		if diff := difference(server, d.live()); diff != "" {
			w.fail("the server and device %s differ: %s", d.name, diff)
		}
		evidence.WriteString(d.evidence())
		for _, id := range d.w.ids {
			if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
				evidence.Write(c.Card.JSON()) // in the trash, and can be restored
			}
		}
		w.must(d.store.Check(ctx), "check the store of device %s", d.name)
	}
	for _, card := range server {
		evidence.WriteString(card)
	}
	found := tokensIn(evidence.String())
	for _, t := range slices.Sorted(maps.Keys(w.model.owner)) {
		if !found[t] && !w.model.replaced[t] && !w.model.excused[t] {
			w.fail("value %s of contact %s is lost: nobody took it away, and it is neither current nor in a history", t, w.model.owner[t])
		}
	}
	for id, untouched := range w.model.deleted {
		if _, alive := server[id]; alive && untouched {
			w.fail("contact %s was deleted, and came back though nobody touched it", id)
		}
	}
	for id, card := range server {
		if !strings.Contains(card, `"example.com:kept":"kept`) {
			w.fail("contact %s has lost its unknown member: %s", id, card)
		}
	}

	before := w.backend.seq()
	for _, d := range w.devices {
		s, err := d.engine.Sync(ctx)
		w.must(err, "sync device %s again", d.name)
		if s != (syncer.Summary{}) {
			w.fail("a sync of device %s at rest did something: %+v", d.name, s)
		}
	}
	if w.backend.seq() != before {
		w.fail("a sync at rest pushed something")
	}
}

// live returns the device's contacts outside the trash, as canonical JSON by id.
func (d *device) live() map[string]string {
	ids, err := d.store.Order(ctx, data.Query{Filter: data.All})
	d.w.must(err, "list")
	rows, err := d.store.Rows(ctx, ids)
	d.w.must(err, "list")
	all := map[string]string{}
	for _, r := range rows {
		c, _ := d.contact(r.ID)
		all[r.ID] = string(c.Card.JSON())
	}
	return all
}

func difference(want, got map[string]string) string {
	var b strings.Builder
	both := map[string]bool{}
	for id := range want {
		both[id] = true
	}
	for id := range got {
		both[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(both)) {
		if want[id] != got[id] {
			fmt.Fprintf(&b, "\n  %s:\n    %q\n    %q", id, want[id], got[id])
		}
	}
	return b.String()
}
