package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"time"

	"kith/contact"
	"kith/data"
)

// What people do with more than one contact, with photos, and with the trash; and time that passes.

const trashDays = 30 * 24 * time.Hour

// trashModel knows what left the trash, and when.
type trashModel struct {
	seen    map[*device]map[string]time.Time // in a device's trash, and first seen there: in true time
	gone    map[string]bool                  // removed for good where everyone knew that it was deleted, and not touched since
	removed map[string]bool                  // tokens of what was removed
	blobs   map[string]string                // photos that were kept: their bytes
	exports []export
	clocks  bool // the server's clock was wrong once: it cuts the times of edits
	both    bool // and a device's, so that the two may have leapt at once
}

// export is a contact as somebody wrote it into a file.
type export struct {
	user string
	card contact.Card
}

func newTrashModel() trashModel {
	return trashModel{seen: map[*device]map[string]time.Time{}, gone: map[string]bool{}, removed: map[string]bool{}, blobs: map[string]string{}}
}

// more carries out the steps of this file.
func (w *world) more(d *device, s step) {
	switch s.kind {
	case purge:
		if id, ok := d.pick(s.a, true); ok {
			d.purge(id)
		}
	case emptyTrash:
		d.purge(d.trash()...)
	case tidy:
		d.tidy()
	case month:
		w.pass(trashDays)
	case halfYear:
		w.pass(6 * trashDays)
	case photo:
		d.photograph(s.a, s.b)
	case merge:
		d.mergeTwo(s.a, s.b)
	case apart:
		if a, b, ok := d.two(s.a, s.b); ok {
			d.change("tell apart", func() error { return d.store.TellApart(ctx, a, b) }, a, b)
		}
	case renameLabel:
		d.renameLabel(s.a)
	case editAll:
		d.editAll(s.a, s.b)
	case importFile:
		d.importFile(s.a, s.b)
	}
}

// trash are the ids of what is in the device's trash.
func (d *device) trash() (ids []string) {
	for _, id := range d.w.ids {
		if c, ok := d.contact(id); ok && !c.Deleted.IsZero() {
			ids = append(ids, id)
		}
	}
	return ids
}

// pass lets time go by. What is in a trash then is there from now on, or longer.
func (w *world) pass(t time.Duration) {
	now := time.Now()
	for _, d := range w.devices {
		before := w.trash.seen[d]
		w.trash.seen[d] = map[string]time.Time{}
		for _, id := range d.trash() {
			w.trash.seen[d][id] = now
			if at, ok := before[id]; ok {
				w.trash.seen[d][id] = at
			}
		}
	}
	time.Sleep(t)
	w.model.forgot() // the server keeps its answers for 30 days
}

// known is everything that the device's store knows of a contact: its card, and every value of its history.
func (d *device) known(id string) string {
	text := d.seen(id)
	entries, err := d.store.History(ctx, id)
	d.w.must(err, "history of %s", id)
	for _, e := range entries {
		for _, p := range e.Patch {
			text += fmt.Sprintln(p.Path, string(p.Old), string(p.New))
		}
	}
	return text
}

// leaving runs what may remove contacts of the trash, and looks which are gone.
func (d *device) leaving(what string, f func() error, check func(id string, was data.Contact)) {
	w := d.w
	type state struct {
		data.Contact
		known string
	}
	before := map[string]state{}
	for _, id := range d.trash() {
		c, _ := d.contact(id)
		before[id] = state{c, d.known(id)}
	}
	end := d.begin()
	err := f()
	met := end()
	if err != nil && met != killedAfter && !met.excuses(err) {
		w.fail("device %s: %s, disk: %s: %v", d.name, what, met, err)
	}
	for _, id := range w.ids {
		was, ok := before[id]
		if _, there := d.contact(id); !ok || there {
			continue
		}
		for t := range tokensIn(was.known) {
			w.trash.removed[t] = true
		}
		if was.Pending || was.Conflicts > 0 || was.Rejected != "" {
			w.breaks(unsettled, "device %s: %s removed contact %s, of which something waits: %+v", d.name, what, id, was.Contact)
		}
		check(id, was.Contact)
		w.trash.gone[id] = d.everyoneKnows(id, was.Contact)
	}
}

// everyoneKnows reports whether a contact that was deleted is deleted everywhere.
func (d *device) everyoneKnows(id string, was data.Contact) bool {
	if at, ok := d.w.backend.rows(d.user)[id]; ok && (!at.Deleted || at.Rev != was.Rev) {
		return false
	}
	for _, o := range d.w.devices {
		if c, ok := o.contact(id); ok && (c.Deleted.IsZero() || c.Pending) {
			return false
		}
	}
	return was.Rev != 0
}

func (d *device) purge(ids ...string) {
	var rows []data.RowID
	for _, id := range ids {
		c, _ := d.contact(id)
		rows = append(rows, c.Row)
	}
	d.leaving("remove for good", func() error {
		_, err := d.store.Purge(ctx, rows, func(int, int) {})
		return err
	}, func(string, data.Contact) {})
}

func (d *device) tidy() {
	w := d.w
	d.leaving("tidy up", func() error {
		_, err := d.store.Tidy(ctx)
		return err
	}, func(id string, _ data.Contact) {
		since, ok := w.trash.seen[d][id]
		if again := w.trash.removed[firstToken(id, w)]; again && w.model.restored {
			return // it had been removed before, and was here only to be deleted once more
		}
		if !w.trash.both && (!ok || time.Since(since) < trashDays-time.Hour) {
			w.breaks(patient, "device %s removed contact %s by itself, which was in its trash for %v", d.name, id, time.Since(since))
		}
	})
}

// firstToken is a token of the contact's first card.
func firstToken(id string, w *world) string {
	for _, t := range slices.Sorted(maps.Keys(w.model.owner)) {
		if w.model.owner[t] == id {
			return t
		}
	}
	return ""
}

// photograph gives a contact a photo, takes it away, or names one that nobody has.
func (d *device) photograph(which, how int) {
	if how%5 == 0 {
		d.save("photo", which, func(c contact.Card) (contact.Card, error) { return c.WithoutPhoto(), nil })
		return
	}
	text := "picture " + d.w.model.token()
	blob := contact.NewBlob("image/png", []byte(text))
	if how%7 != 0 {
		if !d.keep(blob) {
			return
		}
		d.w.trash.blobs[blob.ID] = text
	}
	d.save("photo", which, func(c contact.Card) (contact.Card, error) { return c.WithPhoto(blob), nil })
}

// keep puts a photo into the device's store, and reports whether it is there.
func (d *device) keep(blob contact.Blob) bool {
	put := false
	d.change("keep a photo", func() error {
		err := d.store.PutBlob(ctx, blob)
		put = err == nil
		return err
	})
	if put {
		_, err := d.store.Blob(ctx, blob.ID)
		put = err == nil // else it was killed before it was there
	}
	return put
}

// checkPhotos checks that every photo of a contact is on every device that shows the contact.
func (d *device) checkPhotos() {
	for id, text := range d.live() {
		card, err := contact.Parse([]byte(text))
		d.w.must(err, "read card of %s", id)
		for _, blob := range card.BlobIDs() {
			want, kept := d.w.trash.blobs[blob]
			if !kept {
				continue
			}
			got, err := d.store.Blob(ctx, blob)
			if err != nil || string(got.Bytes) != want {
				d.w.breaks(photos, "device %s lacks the photo %q of contact %s: %q, %v", d.name, want, id, got.Bytes, err)
			}
		}
	}
}

// two picks two contacts of the device that are not in the trash.
func (d *device) two(a, b int) (one, other string, ok bool) {
	one, ok = d.pick(a, false)
	if !ok {
		return "", "", false
	}
	for i := range d.w.ids {
		if other, ok = d.pick(b+i, false); ok && other != one {
			return one, other, true
		}
	}
	return "", "", false
}

// mergeTwo makes one contact of two. Everything that either had is in the survivor.
func (d *device) mergeTwo(a, b int) {
	w := d.w
	survivor, other, ok := d.two(a, b)
	if !ok {
		return
	}
	one, _ := d.contact(survivor)
	two, _ := d.contact(other)
	had := tokensIn(string(one.Card.JSON()) + string(two.Card.JSON()))
	gone := map[string]bool{}
	for t := range had {
		gone[t] = w.model.replaced[t]
	}
	merged := false
	d.change("merge", func() error {
		err := d.store.MergeContacts(ctx, data.Merge{IDs: []string{survivor, other}})
		merged = err == nil
		return err
	}, w.ids...)
	now, ok := d.contact(survivor)
	if went, there := d.contact(other); !merged || !ok || !there || went.Deleted.IsZero() {
		return
	}
	has := tokensIn(string(now.Card.JSON()))
	for t := range had {
		if !has[t] {
			w.breaks(kept, "device %s: value %s of contacts %s and %s is not in what they were merged to: %s", d.name, t, survivor, other, now.Card.JSON())
			continue
		}
		w.model.owner[t] = survivor
		if !gone[t] {
			delete(w.model.replaced, t)
		}
	}
}

// renameLabel gives a label of the device another name, in all contacts that have it.
func (d *device) renameLabel(which int) {
	counts, err := d.store.Counts(ctx)
	d.w.must(err, "counts")
	if len(counts.Labels) == 0 {
		return
	}
	from, to := counts.Labels[which%len(counts.Labels)].Name, d.w.model.token()
	d.change("rename a label", func() error { _, err := d.store.RenameLabel(ctx, from, to); return err }, d.w.ids...)
}

// editAll changes several contacts by one rule, as one action.
func (d *device) editAll(which, how int) {
	a, b, ok := d.two(which, how)
	if !ok {
		return
	}
	title := d.w.model.token()
	d.change("edit all", func() error {
		_, err := d.store.EditAll(ctx, []string{a, b}, func(c contact.Card) contact.Card {
			if how%2 == 0 {
				return c.WithStarred(!c.Starred())
			}
			return c.WithTitle(title)
		})
		return err
	}, a, b)
}

// importFile writes a contact into a file, and reads one that was written before, with something new in it, together with a new one.
func (d *device) importFile(which, how int) {
	w := d.w
	if id, ok := d.pick(which, how%3 == 0); ok {
		c, _ := d.contact(id)
		w.trash.exports = append(w.trash.exports, export{d.user, c.Card})
	}
	added := w.newCard()
	w.ids = append(w.ids, added.UID())
	w.owners[added.UID()] = d.user
	cards := []contact.Card{added}
	if n := len(w.trash.exports); n > 0 {
		if e := w.trash.exports[how%n]; e.user == d.user && d.keepAll(e.card) {
			cards = append(cards, e.card.WithPhones(append(e.card.Phones(), contact.Entry{Value: w.model.token(), Kind: "work"})))
		}
	}
	d.change("import", func() error {
		_, refused, err := d.store.BeginImport().Take(ctx, cards)
		if err == nil && len(refused) > 0 {
			err = refused[0]
		}
		return err
	}, w.ids...)
}

// keepAll puts the photos of a card that came in a file into the device's store: a file has them whole.
func (d *device) keepAll(c contact.Card) bool {
	for _, id := range c.BlobIDs() {
		if text, kept := d.w.trash.blobs[id]; kept && !d.keep(contact.NewBlob("image/png", []byte(text))) {
			return false
		}
	}
	return true
}

// newCard is a contact that nobody has yet.
func (w *world) newCard() contact.Card {
	token := w.model.token()
	card := contact.New().WithFullName("Name " + token)
	for path, value := range unknownMembers(token) {
		var err error
		card, err = card.WithAt(path, json.RawMessage(value))
		w.must(err, "set an unknown member")
	}
	return card
}

// checkTrash checks that what was removed for good where everyone knew of its deletion is not there again.
func (w *world) checkTrash() {
	for _, id := range w.ids {
		if !w.trash.gone[id] || w.trash.clocks {
			continue
		}
		for _, account := range []string{user, stranger} {
			if at, ok := w.backend.rows(account)[id]; ok && !at.Deleted {
				w.breaks(gone, "contact %s was removed for good, and lives at the server again, though nobody touched it: %s", id, at.Card)
			}
		}
		for _, d := range w.devices {
			if c, ok := d.contact(id); ok && c.Deleted.IsZero() {
				w.breaks(gone, "contact %s was removed for good, and is on device %s again, though nobody touched it", id, d.name)
			}
		}
	}
	for _, d := range w.devices {
		d.checkPhotos()
	}
}

// isPurged says that a token was of a contact that was removed for good.
func (m *trashModel) isPurged(token string) bool { return m.removed[token] }
