package sim

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kith/contact"
	"kith/data"
)

// do carries out one step. What makes no sense in the present state is left out.
func (w *world) do(s step) {
	d := w.devices[s.device%len(w.devices)]
	time.Sleep(time.Duration(1+s.c%50) * time.Second)
	switch s.kind {
	case add:
		w.add(d)
	case edit:
		d.edit(s.a, s.b, s.c)
	case label:
		d.label(s.a, s.b)
	case remove:
		if id, ok := d.pick(s.a, false); ok {
			d.change("remove", func() error { return d.store.Delete(ctx, id) }, id)
			w.model.removed(w, d, id)
		}
	case restore:
		if id, ok := d.pick(s.a, true); ok {
			d.change("restore", func() error { return d.store.Restore(ctx, id) }, id)
			w.model.touched(id)
		}
	case undo:
		d.undo()
	case resolve:
		d.resolve(s.a)
		d.answerHeld(s.b)
	case strategy:
		w.must(d.store.SetStrategy(ctx, data.DefaultBook, strategies[s.a%len(strategies)]), "set the strategy")
	case sync:
		d.sync(fault(s.a%int(faults)), s.b%6, s.c)
	case reopen:
		d.close()
		d.open()
	case clock:
		d.skew = []time.Duration{0, time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour, -10 * 365 * 24 * time.Hour}[s.a%5]
	case serverBackup:
		w.restore = w.backend.backup()
	case serverRestore:
		if w.restore != nil {
			w.restore()
			w.model.restored = true
			w.model.reset()
		}
	case compact:
		w.backend.compact()
	case revoke:
		w.backend.revoke()
	case profileCopy:
		d.close()
		d.copied = d.picture("copy")
		d.open()
	case profileRestore:
		d.restoreProfile()
	}
}

func (w *world) add(d *device) {
	token := w.model.token()
	card, err := contact.New().WithFullName("Name "+token).WithField("/example.com:kept", "kept"+token)
	w.must(err, "set an unknown member")
	c, err := d.store.Add(ctx, card)
	w.must(err, "add")
	w.ids = append(w.ids, c.ID)
	w.model.saved(c.ID, "", string(c.Card.JSON()))
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

// change runs an action of the user on contacts, and tells the model what the user saw go.
func (d *device) change(what string, f func() error, ids ...string) {
	before := map[string]string{}
	for _, id := range ids {
		before[id] = d.seen(id)
	}
	d.w.must(f(), "device %s: %s", d.name, what)
	for _, id := range ids {
		after := d.seen(id)
		if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
			after = "" // the user put all of it into the trash
		}
		d.w.model.saved(id, before[id], after)
	}
}

// seen is everything that the user sees of a contact: the card and what waits for a decision.
func (d *device) seen(id string) string {
	c, ok := d.contact(id)
	if !ok {
		return ""
	}
	text := string(c.Card.JSON())
	if c.Conflicts > 0 {
		all, err := d.store.Conflicts(ctx)
		d.w.must(err, "conflicts")
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
	d.change("edit "+name, func() error { _, err := d.store.Save(ctx, id, c.Card, to); return err }, id)
	d.w.model.touched(id)
}

// label adds or takes away an entry of a keyed map: a phone number.
func (d *device) label(which, how int) {
	id, ok := d.pick(which, false)
	if !ok {
		return
	}
	c, _ := d.contact(id)
	phones := c.Card.Phones()
	if how%3 == 0 && len(phones) > 0 {
		phones = phones[1:]
	} else {
		phones = append(phones, contact.Entry{Value: d.w.model.token(), Kind: "work"})
	}
	d.change("phones", func() error { _, err := d.store.Save(ctx, id, c.Card, c.Card.WithPhones(phones)); return err }, id)
	d.w.model.touched(id)
}

func (d *device) undo() {
	var ids []string
	d.change("undo", func() error {
		u, err := d.store.Undo(ctx)
		if errors.Is(err, data.ErrNothingToUndo) {
			return nil
		}
		ids = u.IDs
		return err
	}, d.w.ids...)
	for _, id := range ids {
		d.w.model.touched(id)
	}
}

// resolve decides one contact's conflicts.
func (d *device) resolve(how int) {
	all, err := d.store.Conflicts(ctx)
	d.w.must(err, "conflicts")
	if len(all) == 0 {
		return
	}
	c := all[how%len(all)]
	side := contact.Side(how / 7 % 2)
	d.change("resolve", func() error {
		if how%2 == 0 {
			return d.store.Resolve(ctx, c.ID, &side, nil)
		}
		return d.store.Resolve(ctx, c.ID, nil, map[string]contact.Side{c.Field: side})
	}, c.ID)
	d.w.model.touched(c.ID)
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
					fmt.Fprintln(&b, string(p.Old)) // what stands instead is in the card
				}
			}
		}
	}
	return b.String()
}
