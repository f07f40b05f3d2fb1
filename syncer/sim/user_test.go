package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kith/contact"
	"kith/data"
)

// do carries out one step. What makes no sense in the present state is left out.
func (w *world) do(s step) {
	d := w.devices[s.device%len(w.devices)]
	time.Sleep(time.Duration(1+s.c%50) * time.Second)
	w.note(s.kind)
	switch s.kind {
	case add:
		w.add(d)
	case edit:
		d.edit(s.a, s.b, s.c)
	case label:
		d.label(s.a, s.b)
	case remove:
		d.remove(s.a)
	case restore:
		if id, ok := d.pick(s.a, true); ok {
			d.change("restore", func() error { return d.store.Restore(ctx, id) }, id)
		}
	case undo:
		d.undo()
	case resolve:
		d.resolve(s.a)
		d.answerHeld(s.b)
	case strategy:
		d.change("set the strategy", func() error { return d.store.SetStrategy(ctx, data.DefaultBook, strategies[s.a%len(strategies)]) })
	case sync:
		d.sync(fault(s.a%int(faults)), s.b%6, s.c)
	case reopen:
		d.close()
		d.open()
	case clock:
		w.trash.both = w.trash.both || w.trash.clocks
		d.skew.Store(int64(jumps[s.a%len(jumps)]))
	case serverBackup:
		w.restore = w.backend.backup()
	case serverRestore:
		if w.restore != nil {
			w.restore()
			w.model.rewound()
		}
	case compact:
		w.compact()
	case revoke:
		w.backend.revoke()
	case profileCopy:
		d.close()
		d.copied = d.picture("copy")
		d.open()
	case profileRestore:
		d.restoreProfile()
	case favourite:
		d.save("favourite", s.a, func(c contact.Card) (contact.Card, error) { return c.WithStarred(!c.Starred()), nil })
	case tag:
		d.tag(s.a, s.b)
	case diskTrouble:
		d.planned.fault, d.planned.at, d.planned.lasts = diskFault(1+s.a%int(diskFaults-1)), s.statement(), 30
	case twin:
		if len(w.devices) < 6 {
			d.twin()
		}
	case visit:
		if len(w.of(stranger)) == 0 {
			w.addDevice(stranger)
		}
		g := w.of(stranger)[0]
		w.add(g)
		g.sync(none, 0, 0)
	case serverClock:
		w.trash.clocks = true
		for _, o := range w.devices {
			w.trash.both = w.trash.both || o.skew.Load() != 0
		}
		w.backend.clock(jumps[s.a%len(jumps)])
	case alike:
		d.alike(s.a)
	case third:
		d.third(s.a)
	case quiet:
		w.rest()
		w.check()
	default:
		w.more(d, s)
	}
}

const year = 365 * 24 * time.Hour

// jumps are how far clocks are off.
var jumps = []time.Duration{0, time.Hour, -time.Hour, 10 * year, -10 * year}

func (w *world) add(d *device) {
	card := w.newCard()
	id := card.UID()
	w.ids = append(w.ids, id)
	w.owners[id] = d.user
	d.wanted = string(card.JSON())
	d.change("add", func() error { _, err := d.store.Add(ctx, card); return err }, id)
}

// unknownMembers are what a newer version has put into a card: at its top, into an object, and into an entry that this version has
// no word for.
func unknownMembers(token string) map[string]string {
	return map[string]string{
		"/example.com:kept":      `"kept` + token + `"`,
		"/name/example.com:deep": `{"of":"deep` + token + `"}`,
		"/example.com:list":      `[{"entry":"list` + token + `"},"` + strings.Repeat("room ", 200) + `"]`, // fills pages
	}
}

// pick returns a contact that the device has, in the trash or not.
func (d *device) pick(n int, trash bool) (string, bool) {
	for i := range d.w.ids {
		id := d.w.ids[(n+i)%len(d.w.ids)]
		if c, ok := d.contact(id); ok && c.Deleted.IsZero() != trash {
			return id, true
		}
	}
	return "", false
}

// change runs an action of the user on contacts, and tells the model what the user saw go, and came. What ends with an error has
// changed nothing; what was broken off by a kill may have been done or not, and is looked at when the program is started again.
func (d *device) change(what string, f func() error, ids ...string) {
	w := d.w
	before := map[string]string{}
	for _, id := range ids {
		before[id] = d.seen(id)
	}
	wanted := d.wanted
	d.wanted = ""
	if w.wire.looping {
		wanted = "" // the loops may bring what others did to it, at any moment
	}
	var compare func(failed error)
	compare = func(failed error) {
		for _, id := range ids {
			after := d.seen(id)
			if d.disk.isDead() { // killed while we look
				d.unknown = append(d.unknown, func() { compare(failed) })
				return
			}
			for t := range tokensIn(wanted) {
				if failed == nil && !strings.Contains(after, t) {
					w.breaks(kept, "device %s: %s of contact %s was acknowledged, and value %s is not there", d.name, what, id, t)
				}
			}
			if after == before[id] {
				continue
			}
			if failed != nil {
				w.breaks(refused, "device %s: %s failed, and changed contact %s all the same: %v", d.name, what, id, failed)
			}
			w.model.touched(id)
			delete(w.trash.gone, id)
			if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
				after = "" // the user put all of it into the trash
			}
			w.model.saved(id, before[id], after)
		}
	}
	if d.syncing { // an edit in the middle of a sync meets what that was to meet
		switch err := f(); {
		case d.disk.isDead():
			wanted = ""
			d.unknown = append(d.unknown, func() { compare(nil) })
		case err == nil:
			compare(nil)
		case d.trouble.excuses(err):
			compare(err)
		default:
			w.fail("device %s: %s in the middle of a sync: %v", d.name, what, err)
		}
		return
	}
	end := d.begin()
	err := f()
	met := end()
	if err != nil {
		wanted = ""
	}
	switch {
	case err == nil || met == killedAfter:
		compare(nil)
	case met.excuses(err):
		compare(err)
	default:
		w.fail("device %s: %s, disk: %s: %v", d.name, what, met, err)
	}
}

// seen is everything that the user sees of a contact: the card and what waits for a decision.
func (d *device) seen(id string) string {
	c, ok := d.contact(id)
	if !ok {
		return ""
	}
	text := string(c.Card.JSON())
	if !c.Deleted.IsZero() {
		text += " deleted"
	}
	if c.Conflicts > 0 {
		all, err := d.store.Conflicts(ctx)
		if !d.disk.isDead() {
			d.w.must(err, "conflicts")
		}
		for _, f := range all {
			if f.ID == id {
				text += string(f.Local) + string(f.Remote)
			}
		}
	}
	return text
}

var fields = []string{"org", "title", "note", "name", "email", "birthday", "/example.com:mood"}

func (d *device) edit(which, field, how int) {
	if id, ok := d.pick(which, false); ok {
		d.editOne(id, field, how)
	}
}

// editOne saves a new value of one field, or takes one away.
func (d *device) editOne(id string, field, how int) {
	c, _ := d.contact(id)
	name := fields[field%len(fields)]
	token := d.w.model.token()
	value := token
	switch name {
	case "email":
		value = token + "@example.org"
	case "birthday":
		name = "/anniversaries/k/date/year" // a deep member; a token does not fit a date
	case "name":
		value = "Name " + token
	case "note":
		if old := c.Card.Note(); old != "" && how%2 == 0 {
			value = old + "\n" + token
		}
	}
	if how%7 == 0 && name != "name" {
		value = ""
	}
	to, err := c.Card.WithField(name, value)
	d.w.must(err, "set %s", name)
	if name[0] == '/' && name != fields[len(fields)-1] {
		return // not a field of this run
	}
	d.wanted = string(to.JSON())
	d.change("edit "+name, func() error { _, err := d.store.Save(ctx, id, c.Card, to); return err }, id)
}

// save edits a contact.
func (d *device) save(what string, which int, edit func(contact.Card) (contact.Card, error)) {
	id, ok := d.pick(which, false)
	if !ok {
		return
	}
	c, _ := d.contact(id)
	to, err := edit(c.Card)
	d.w.must(err, "%s", what)
	d.wanted = string(to.JSON())
	d.change(what, func() error { _, err := d.store.Save(ctx, id, c.Card, to); return err }, id)
}

// tag gives a contact a label, or takes one away.
func (d *device) tag(which, how int) {
	d.save("label", which, func(c contact.Card) (contact.Card, error) {
		var labels map[string]bool
		if raw := c.At("/keywords"); raw != nil {
			if err := json.Unmarshal(raw, &labels); err != nil {
				return c, err
			}
		}
		for _, l := range slices.Sorted(maps.Keys(labels)) {
			if how%3 == 0 && tokenPattern.MatchString(l) {
				return c.WithAt("/keywords/"+l, nil)
			}
		}
		return c.WithAt("/keywords/"+d.w.model.token(), []byte("true"))
	})
}

// remove puts a contact into the trash.
func (d *device) remove(which int) {
	id, ok := d.pick(which, false)
	if !ok {
		return
	}
	d.change("remove", func() error { return d.store.Delete(ctx, id) }, id)
	if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
		d.w.model.removed(d.w, d, id)
	}
}

// label adds or takes away an entry of a keyed map: a phone number.
func (d *device) label(which, how int) {
	d.save("phones", which, func(c contact.Card) (contact.Card, error) {
		phones := c.Phones()
		if how%3 == 0 && len(phones) > 0 {
			return c.WithPhones(phones[1:]), nil
		}
		return c.WithPhones(append(phones, contact.Entry{Value: d.w.model.token(), Kind: "work"})), nil
	})
}

func (d *device) undo() {
	d.change("undo", func() error {
		_, err := d.store.Undo(ctx)
		if errors.Is(err, data.ErrNothingToUndo) {
			return nil
		}
		return err
	}, d.w.ids...)
}

// resolve decides a field that waits, or that time has decided, or a whole contact, or all that waits.
func (d *device) resolve(how int) {
	all, err := d.store.Conflicts(ctx)
	d.w.must(err, "conflicts")
	reviews, err := d.store.Reviews(ctx)
	d.w.must(err, "what to review")
	if all = append(all, reviews...); len(all) == 0 {
		return
	}
	c := all[how%len(all)]
	side := contact.Side(how / 7 % 2)
	switch {
	case how%13 == 0:
		choice := data.Choice{Keep: []data.Keep{data.KeepLocal, data.KeepRemote, data.KeepNewest, data.KeepBoth}[how/13%4]}
		d.change("resolve all", func() error {
			_, err := d.store.DecideAll(ctx, c.Review != 0, choice, func(data.Conflict) bool { return true }, nil)
			return err
		}, d.w.ids...)
	case how%3 == 0 && c.Review == 0:
		d.change("resolve", func() error { return d.store.Resolve(ctx, c.ID, &side, nil) }, c.ID)
	default:
		choice := d.choice(c, how/7)
		d.change("decide", func() error {
			_, err := d.store.Decide(ctx, data.Decision{ID: c.ID, Field: c.Field, Review: c.Review, Choice: choice})
			return err
		}, c.ID)
	}
}

// choice is one of those that the field can take.
func (d *device) choice(c data.Conflict, how int) data.Choice {
	switch how % 6 {
	case 0:
		return data.Choice{Keep: data.KeepNewest}
	case 1:
		if c.CanKeepBoth() {
			return data.Choice{Keep: data.KeepBoth}
		}
	case 2:
		if c.Review != 0 {
			return data.Choice{Keep: data.KeepAsIs}
		}
	case 3:
		token, like := d.w.model.token(), c.Local
		if like == nil {
			like = c.Remote
		}
		if value, err := contact.TypedValue(c.Field, token, like); err == nil {
			return data.Choice{Keep: data.KeepValue, Value: value}
		}
	case 4:
		return data.Choice{Keep: data.KeepRemote}
	}
	return data.Choice{Keep: data.KeepLocal}
}

// alike decides everything alike: what waits, or what time has decided.
func (d *device) alike(how int) {
	choice := data.Choice{Keep: []data.Keep{data.KeepLocal, data.KeepRemote, data.KeepNewest, data.KeepBoth, data.KeepAsIs}[how/2%5]}
	d.change("decide all alike", func() error {
		_, err := d.store.DecideAll(ctx, how%2 == 1, choice, func(data.Conflict) bool { return true }, nil)
		return err
	}, d.w.ids...)
}

// third types a value that neither side has, where the field is a text.
func (d *device) third(which int) {
	all, err := d.store.Conflicts(ctx)
	d.w.must(err, "conflicts")
	for i := range all {
		c := all[(which+i)%len(all)]
		if c.Field == "" || !strings.HasPrefix(string(c.Local), `"`) {
			continue
		}
		value := d.w.model.token()
		if strings.Contains(string(c.Local), "@") {
			value += "@example.org"
		}
		d.wanted = value
		d.change("type a third value", func() error {
			_, err := d.store.Decide(ctx, data.Decision{ID: c.ID, Field: c.Field, Choice: data.Choice{Keep: data.KeepValue, Value: []byte(`"` + value + `"`)}})
			return err
		}, c.ID)
		return
	}
}

// answerHeld answers what the guards ask: delete, or keep.
func (d *device) answerHeld(how int) {
	held, err := d.store.HeldDeletions(ctx, data.DefaultBook)
	d.w.must(err, "held deletions")
	for i, h := range held {
		if how>>i%2 == 0 {
			d.change("allow a deletion", func() error { return d.store.AllowDeletions(ctx, h.ID) }, h.ID)
			continue
		}
		d.change("refuse a deletion", func() error { return d.store.RefuseDeletions(ctx, h.ID) }, h.ID)
		d.w.model.touched(h.ID)
		delete(d.w.trash.gone, h.ID)
	}
}

// restoreProfile puts an older copy of the profile back: what was saved since and never left this device is gone with it.
func (d *device) restoreProfile() {
	if d.copied == "" {
		return
	}
	d.w.model.keep(d.evidence())
	held := ""
	for _, id := range d.w.ids {
		held += d.seen(id) + "\n"
	}
	d.close()
	d.put(d.copied)
	d.open()
	d.w.model.excuse(held)
	d.w.model.reset()
	clear(d.w.trash.gone)
}

// evidence is what the device's histories keep of values that gave way: in a merge, or when a contact came back from the trash as
// someone else's card.
func (d *device) evidence() string {
	var b strings.Builder
	for _, id := range d.w.ids {
		entries, err := d.store.History(ctx, id)
		if errors.Is(err, data.ErrNotFound) {
			continue
		}
		d.w.must(err, "history of %s", id)
		for _, e := range entries {
			if e.Lost || e.Operation == "INSERT" && e.Origin != "local" {
				for _, p := range e.Patch {
					fmt.Fprintln(&b, p.Path, string(p.Old)) // a label is its own path; what stands instead is in the card
				}
			}
		}
	}
	return b.String()
}
