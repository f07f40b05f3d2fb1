package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// draftPause is how long typing rests before the draft is written down.
const draftPause = 400 * time.Millisecond

func (b *book) newContact() {
	if b.editing {
		return
	}
	if in, ok := b.books.target(); !ok {
		b.toast.show(whyNot(in), 0)
		return
	}
	empty := contact.New()
	if label := b.list.query.Label; label != "" {
		empty = empty.WithLabel(label, true)
	}
	b.startEditing("", empty, empty, false)
}

func (b *book) edit() {
	c := b.view.shown
	if b.editing || c.ID == "" || !c.Deleted.IsZero() {
		return
	}
	if in := b.books.of(c.Book); !in.CanEdit() {
		b.toast.show(whyNot(in), 0)
		return
	}
	b.startEditing(c.ID, c.Card, c.Card, false)
}

func (b *book) startEditing(id string, from, to contact.Card, restored bool) {
	b.leaveDuplicates()
	b.editing = true
	b.viewing.drop()
	b.list.enable(false)
	b.sidebar.enable(false)
	b.sideRest.Show()
	b.editor.labels.known = nil
	for _, l := range allLabels(b.counts, b.sidebar.empty) {
		b.editor.labels.known = append(b.editor.labels.known, l.Name)
	}
	in, _ := b.books.target()
	if id != "" {
		in = b.books.of(b.view.shown.Book)
	}
	b.editor.offerBooks(b.books.writable(), in)
	b.editor.edit(id, from, to, restored)
	b.showFaces()
	b.showPane(b.editor.box)
	b.showContact()
	b.win.Canvas().Focus(b.editor.first)
}

func (b *book) stopEditing() {
	b.editing = false
	b.draftStop()
	b.list.enable(true)
	b.sidebar.enable(true)
	b.sideRest.Hide()
	if b.list.selection.current == 0 {
		b.view.shown = shownContact{}
		b.showPane(b.blank)
		b.showList()
		return
	}
	b.load(b.list.selection.current)
}

func (b *book) cancel() {
	if !b.editing || b.editor.saving {
		return
	}
	b.stopEditing()
	b.dropDraft()
	b.win.Canvas().Focus(b.list.list)
}

// save stores what was typed. The editor stays, with everything in it, until that has been done durably.
func (b *book) save() {
	e := b.editor
	if !b.editing || e.saving || !e.dirty() || !e.ready() {
		return
	}
	id, from, to := e.id, e.from, e.card()
	in, moves := e.chosenBook()
	e.setSaving()
	var saved data.Contact
	actions := 1
	do(b.bg, func(ctx context.Context) (err error) {
		if id == "" {
			saved, err = b.store.AddTo(ctx, in, to)
			return err
		}
		if saved, err = b.store.Save(ctx, id, from, to); err != nil || !moves {
			return err
		}
		moved, err := b.store.MoveContacts(ctx, in, id)
		if err != nil {
			return err
		}
		if actions = 2; to.Equal(from) {
			actions = 1
		}
		saved, err = b.store.Contact(ctx, moved[0])
		return err
	}, func(err error) {
		if err != nil {
			e.fail(err)
			return
		}
		b.saved(saved, id == "", actions)
	})
}

func (b *book) saved(c data.Contact, added bool, actions int) {
	b.list.selection.only(c.Row, b.list.selection.at)
	b.view.show(newShownContact(c))
	b.showPane(b.view.box)
	b.stopEditing()
	b.dropDraft()
	if in := b.books.chosen; in != "" && in != c.Book {
		b.chooseBook("") // it went elsewhere
	}
	if f := b.list.query.Filter; added && (f == data.Favourites || f == data.Birthdays) {
		b.choosePlace(data.All)
	}
	b.list.reveal = c.Row
	b.list.refresh()
	b.win.Canvas().Focus(b.list.list)
	name := nameOr(c.Card.DisplayName())
	if added {
		b.toast.show(lang.L("{{.Name}} added", with{"Name": name}), 1)
	} else {
		b.toast.show(lang.L("{{.Name}} saved", with{"Name": name}), actions)
	}
}

// keepDraft writes what was typed down, when typing rests, so that a crash loses none of it.
func (b *book) keepDraft() {
	b.draftStop()
	b.draftStop = b.bg.after(draftPause, b.flushDraft)
}

// flushDraft writes the draft down now.
func (b *book) flushDraft() {
	b.draftStop()
	if !b.editing || b.editor.saving {
		return
	}
	if !b.editor.dirty() {
		b.dropDraft()
		return
	}
	d := data.Draft{ID: b.editor.id, From: b.editor.from, To: b.editor.card()}
	b.drafts.add(func(ctx context.Context) { b.draftFailed(b.store.SetDraft(ctx, d)) })
}

func (b *book) dropDraft() {
	b.draftStop()
	b.drafts.add(func(ctx context.Context) { b.draftFailed(b.store.DropDraft(ctx)) })
}

func (b *book) draftFailed(err error) {
	if err != nil && b.bg.ctx.Err() == nil {
		b.bg.post(func() { b.toast.show(userMessage(err), 0) })
	}
}

// takeUpDraft opens what was typed and not saved when the program last ended.
func (b *book) takeUpDraft() {
	ask(b.bg, &b.drafting, func(ctx context.Context) (*data.Draft, error) {
		d, found, err := b.store.Draft(ctx)
		if err != nil || !found {
			return nil, err
		}
		if d.ID != "" {
			// Gone for good meanwhile: what was typed becomes a contact of its own rather than nothing. (One in the trash comes back.)
			if _, err := b.store.Contact(ctx, d.ID); errors.Is(err, data.ErrNotFound) {
				d.ID, d.From = "", contact.New()
			}
		}
		return &d, nil
	}, func(d *data.Draft, err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		if d != nil && !b.editing {
			b.startEditing(d.ID, d.From, d.To, true)
		}
	})
}
