package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing/synctest"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// invariant is one of the promises that doc.go lists.
type invariant string

const (
	equal       invariant = "equal"
	kept        invariant = "kept"
	once        invariant = "once"
	cursorHolds invariant = "cursor"
	clean       invariant = "clean"
	idle        invariant = "idle"
	dead        invariant = "dead"
	drains      invariant = "drains"
	compaction  invariant = "compaction"
	unknown     invariant = "unknown"
	strangers   invariant = "strangers"
	refused     invariant = "refused"
	patient     invariant = "patient"
	unsettled   invariant = "unsettled"
	gone        invariant = "gone"
	photos      invariant = "photos"
)

var invariants = []invariant{equal, kept, once, cursorHolds, clean, idle, dead, drains, compaction, unknown, strangers, refused, patient, unsettled, gone, photos}

// breaks ends a run because a promise is broken.
func (w *world) breaks(i invariant, format string, args ...any) {
	if w.only == "" || w.only == i {
		w.fail(string(i)+": "+format, args...)
	}
}

// checkPass checks what holds after every pass, however it ended.
func (d *device) checkPass() {
	d.checkClean()
	d.checkCursor()
	d.w.checkOnce()
}

// checkClean checks that no clean contact of the device shows a state that the server never had, and that none is another account's.
func (d *device) checkClean() {
	for _, id := range d.w.ids {
		c, ok := d.contact(id)
		if ok && d.w.owners[id] != d.user {
			d.w.breaks(strangers, "device %s of %s shows a contact of %s: %s", d.name, d.user, d.w.owners[id], c.Card.JSON())
		}
		if !ok || c.Pending || c.Rev == 0 {
			continue
		}
		if !d.w.model.had(state(id, c.Rev, !c.Deleted.IsZero(), c.Card.JSON())) {
			d.w.breaks(clean, "device %s shows a clean contact that the server never had: rev %d, deleted %v: %s", d.name, c.Rev, !c.Deleted.IsZero(), c.Card.JSON())
		}
	}
}

// checkCursor checks that everything up to the device's cursor is applied: what the server has and the feed does not show after
// the cursor, the device has, at that rev.
func (d *device) checkCursor() {
	books, err := d.store.Books(ctx)
	d.w.must(err, "books")
	b := books[0]
	if b.Cursor == "" || b.Reconciling {
		return // while it walks, it compares what comes, and has no place in the history yet
	}
	ahead, known := d.w.backend.ahead(d.user, b.Cursor)
	if !known {
		return
	}
	held, err := d.store.HeldDeletions(ctx, data.DefaultBook)
	d.w.must(err, "held deletions")
	asked := map[string]bool{}
	for _, h := range held {
		asked[h.ID] = true
	}
	for id, at := range d.w.backend.rows(d.user) {
		if ahead[id] || at.Deleted && (asked[id] || !d.whole) {
			continue // to come, or taken in and waiting for the user, who is asked when the pull is whole
		}
		c, ok := d.contact(id)
		switch {
		case !ok && at.Deleted: // it came and went without this device
		case !ok:
			d.w.breaks(cursorHolds, "device %s: the cursor is past contact %s, which it lacks", d.name, id)
		case c.Rev == 0 && (c.Pending || !c.Deleted.IsZero()): // met in a walk, or not sent yet
		case at.Deleted && !c.Deleted.IsZero() && !c.Pending: // a walk shows no tombstones: here it may be an older one's
		case c.Rev < at.Rev:
			d.w.breaks(cursorHolds, "device %s: the cursor is past rev %d of contact %s, which it has at rev %d", d.name, at.Rev, id, c.Rev)
		}
	}
}

// checkOnce checks that no change took effect twice.
func (w *world) checkOnce() {
	w.model.server.mu.Lock()
	defer w.model.server.mu.Unlock()
	if w.model.server.twice != "" {
		w.breaks(once, "%s", w.model.server.twice)
	}
}

// rest brings everything to rest: everyone decides what waits and syncs, until nobody has anything for anybody.
func (w *world) rest() {
	defer w.wire.quiet()()
	w.wire.deliver(true)
	for _, d := range w.devices {
		d.planned.fault = sound
	}
	still := 0
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
		if still++; waiting > 0 || w.backend.seq() != before {
			still = 0
		}
		if still == 2 {
			return
		}
		if round > 12 {
			w.breaks(drains, "it does not come to rest: %d contacts wait, and the server has taken %d changes in the last round:%s", waiting, w.backend.seq()-before, w.waiting())
			return
		}
	}
}

// waiting describes what waits, for a person.
func (w *world) waiting() string {
	var b strings.Builder
	for _, d := range w.devices {
		for _, id := range w.ids {
			if c, ok := d.contact(id); ok && c.Pending {
				fmt.Fprintf(&b, "\n\tdevice %s: %s at rev %d (server: %d), deleted %v, conflicts %d, rejected %q", d.name, id, c.Rev, w.backend.rows(d.user)[id].Rev, !c.Deleted.IsZero(), c.Conflicts, c.Rejected)
			}
		}
		held, err := d.store.HeldDeletions(ctx, data.DefaultBook)
		waiting, err2 := d.store.Waiting(ctx, data.DefaultBook)
		fmt.Fprintf(&b, "\n\tdevice %s: %+v, held: %+v %v", d.name, waiting, held, errors.Join(err, err2))
	}
	return b.String()
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
		} else if ok && c.Rejected != "" {
			d.change("restore", func() error { return d.store.Restore(ctx, id) }, id)
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
	var evidence strings.Builder
	evidence.WriteString(w.model.kept)
	servers := map[string]map[string]memremote.Contact{user: w.backend.rows(user), stranger: w.backend.rows(stranger)}
	for _, d := range w.devices {
		if diff := difference(live(servers[d.user]), d.live()); diff != "" {
			w.breaks(equal, "the server and device %s differ: %s", d.name, diff)
		}
		d.checkPass()
		evidence.WriteString(d.evidence())
		for _, id := range w.ids {
			if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
				evidence.Write(c.Card.JSON()) // in the trash, and can be restored
			}
		}
		d.checkQueue()
	}
	for account, rows := range servers {
		for id, c := range rows {
			switch owner, ok := w.owners[id]; {
			case !ok:
				w.breaks(once, "the server has contact %s, which nobody made", id)
				continue
			case owner != account:
				w.breaks(strangers, "contact %s of %s is in the account of %s", id, owner, account)
			case c.Deleted:
				continue
			}
			evidence.Write(c.Card)
			for path := range unknownMembers("") {
				if card, err := contact.Parse(c.Card); err != nil || card.At(path) == nil {
					w.breaks(unknown, "contact %s has lost its unknown member %s (%v): %s", id, path, err, c.Card)
				}
			}
			if w.model.deleted[id] {
				w.breaks(dead, "contact %s was deleted, and came back though nobody touched it", id)
			}
		}
	}
	found := tokensIn(evidence.String())
	for _, t := range slices.Sorted(maps.Keys(w.model.owner)) {
		if !found[t] && !w.model.replaced[t] && !w.model.excused[t] && !w.trash.isPurged(t) {
			w.breaks(kept, "value %s of contact %s is lost: nobody took it away, and it is neither current nor in a history", t, w.model.owner[t])
		}
	}
	w.checkTrash()
	w.checkIdle()
}

// checkQueue checks that nothing is left to be sent.
func (d *device) checkQueue() {
	waiting, err := d.store.Waiting(ctx, data.DefaultBook)
	d.w.must(err, "what waits")
	inFlight, err := d.store.InFlight(ctx, data.DefaultBook)
	d.w.must(err, "what is in flight")
	if waiting.Sendable+waiting.Conflicts+waiting.Rejected+len(inFlight) > 0 {
		d.w.breaks(drains, "at rest, device %s still has a queue: %+v, %d in flight", d.name, waiting, len(inFlight))
	}
}

// compact removes what the server keeps only for devices that were away, which nobody may notice.
func (w *world) compact() {
	before := map[string]map[string]string{user: live(w.backend.rows(user)), stranger: live(w.backend.rows(stranger))}
	seq := w.backend.seq()
	w.backend.compact()
	w.model.forgot()
	for account, was := range before {
		if diff := difference(was, live(w.backend.rows(account))); diff != "" || w.backend.seq() != seq {
			w.breaks(compaction, "compaction changed the account of %s: %s", account, diff)
		}
	}
}

// checkIdle checks that a further sync does nothing: here, at the server, and in the files.
func (w *world) checkIdle() {
	if !w.wire.looping {
		synctest.Wait() // a start tidies up behind its user's back: that is not the sync's doing
	}
	before := w.backend.seq()
	for _, d := range w.devices {
		writes := d.disk.watch()
		s, err := d.engine.Sync(ctx)
		if errors.Is(err, syncer.ErrSignIn) { // a twin has signed in, which ended this one's session
			d.signIn()
			writes = d.disk.watch()
			s, err = d.engine.Sync(ctx)
		}
		w.must(err, "sync device %s again", d.name)
		if s != (syncer.Summary{}) {
			w.breaks(idle, "a sync of device %s at rest did something: %+v", d.name, s)
		}
		for _, query := range writes() {
			if !strings.HasPrefix(query, "UPDATE books SET last_sync") && !strings.Contains(query, "settings") && !strings.Contains(query, "clock_offset") {
				w.breaks(idle, "a sync of device %s at rest wrote: %s", d.name, query)
			}
		}
	}
	if w.backend.seq() != before {
		w.breaks(idle, "a sync at rest pushed something")
	}
}

// live are the cards of the contacts that are not deleted, by id.
func live(rows map[string]memremote.Contact) map[string]string {
	all := map[string]string{}
	for id, c := range rows {
		if !c.Deleted {
			all[id] = string(c.Card)
		}
	}
	return all
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
