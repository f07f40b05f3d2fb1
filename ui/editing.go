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
	in, ok := b.books.target()
	if !ok {
		b.toast.show(whyNot(in), 0)
		return
	}
	empty := contact.New()
	if label := b.list.query.Label; label != "" {
		empty = empty.WithLabel(label, true)
	}
	b.startEditing(begun{Draft: data.Draft{From: empty, To: empty}, in: in, books: b.books.writable()})
}

func (b *book) edit() {
	c := b.view.shown
	if b.editing || c.ID == "" || !c.Deleted.IsZero() {
		return
	}
	in := b.books.of(c.Book)
	if !in.CanEdit() {
		b.toast.show(whyNot(in), 0)
		return
	}
	b.startEditing(begun{Draft: data.Draft{ID: c.ID, From: c.Card, To: c.Card}, in: in, books: b.books.writable()})
}

// begun is an edit as it begins.
type begun struct {
	data.Draft
	in       data.Book   // that the contact is in, or that a new one goes to
	books    []data.Book // that it may go to
	restored bool
}

func (b *book) startEditing(d begun) {
	b.leaveDuplicates()
	b.editing, b.begun = true, d
	b.viewing.drop()
	b.list.enable(false)
	b.sidebar.enable(false)
	b.sideRest.Show()
	b.editor.labels.known = nil
	for _, l := range allLabels(b.counts, b.sidebar.empty) {
		b.editor.labels.known = append(b.editor.labels.known, l.Name)
	}
	b.editor.offerBooks(d.books, d.in, d.Book)
	b.editor.edit(d.ID, d.From, d.To, d.restored)
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

// cancel ends the edit, and offers to go on with it if that drops anything.
func (b *book) cancel() {
	e := b.editor
	if !b.editing || e.saving {
		return
	}
	dropped, d := e.dirty(), b.begun
	if dropped {
		d.To = e.card()
		d.Book, _ = e.chosenBook()
	}
	b.stopEditing()
	b.dropDraft()
	b.win.Canvas().Focus(b.list.list)
	if dropped {
		b.toast.showDropped(lang.L("What was typed is dropped"), func() { b.goOn(d) })
	}
}

// goOn takes up an edit that was dropped.
func (b *book) goOn(d begun) {
	if b.editing {
		return
	}
	b.dialogs.close()
	b.startEditing(d)
	b.keepDraft()
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
	store := func(ctx context.Context) (err error) {
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
	}
	do(b.bg, func(ctx context.Context) error {
		err := store(ctx)
		if err == nil {
			b.eraseDraft() // here, as a window that closes meanwhile hears no answer: the next one would offer it, and add it once more
		}
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
	d.Book, _ = b.editor.chosenBook()
	b.drafts.add(func(ctx context.Context) { b.draftFailed(b.store.SetDraft(ctx, d)) })
}

func (b *book) dropDraft() {
	b.draftStop()
	b.eraseDraft()
}

// eraseDraft drops what was written down of a draft. It may be called from any goroutine.
func (b *book) eraseDraft() {
	b.drafts.add(func(ctx context.Context) { b.draftFailed(b.store.DropDraft(ctx)) })
}

func (b *book) draftFailed(err error) {
	if err != nil && b.bg.ctx.Err() == nil {
		b.bg.post(func() { b.toast.show(userMessage(err), 0) })
	}
}

// takeUpDraft opens what was typed and not saved when the program last ended.
func (b *book) takeUpDraft() {
	ask(b.bg, &b.drafting, b.readDraft, func(d *begun, err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		if d != nil && !b.editing {
			b.startEditing(*d)
		}
	})
}

// readDraft reads the draft, and the books, which the window may not know yet; nil: there is none.
func (b *book) readDraft(ctx context.Context) (*begun, error) {
	draft, found, err := b.store.Draft(ctx)
	if err != nil || !found {
		return nil, err
	}
	d := &begun{Draft: draft, restored: true}
	all, err := b.store.Books(ctx)
	if err != nil {
		return nil, err
	}
	d.books = shelf{all: all}.writable()
	if d.ID != "" {
		c, err := b.store.Contact(ctx, d.ID)
		if err == nil {
			d.in, err = b.store.Book(ctx, c.Book)
			return d, err
		}
		if !errors.Is(err, data.ErrNotFound) {
			return nil, err
		}
		// Gone for good meanwhile: what was typed becomes a contact of its own rather than nothing. (One in the trash comes back.)
		d.ID, d.From = "", contact.New()
	}
	d.in, err = b.store.NewContactsBook(ctx)
	return d, err
}
