package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// login signs in, and takes the account's first book.
func (b *book) login(address, user, password, device string) error {
	b.URL = address
	var s session
	err := b.call(http.MethodPost, "/v1/sessions", sessionRequest{user, password, device, b.DeviceID}, &s)
	if err != nil {
		return err
	}
	b.Token, b.DeviceID, b.Limits = s.Token, s.DeviceID, s.Limits
	var all struct{ Books []struct{ ID string } }
	if err := b.call(http.MethodGet, "/v1/books", nil, &all); err != nil {
		return err
	}
	if len(all.Books) == 0 {
		return errors.New("the account has no book")
	}
	if b.Book != "" && b.Book != all.Books[0].ID { // another history: compare everything
		b.reconcile("cursor_unknown")
	}
	b.Book = all.Books[0].ID
	return b.save()
}

// sync is one pass: answer what is in flight, pull, push; and again while the server answers conflict.
func (b *book) sync() error {
	for range 50 {
		conflicts, err := b.push(true)
		if err == nil {
			err = b.pull()
		}
		if err == nil {
			conflicts, err = b.push(false)
		}
		var gone *problem
		switch {
		case errors.As(err, &gone) && gone.Status == http.StatusGone:
			b.reconcile(gone.Code)
			if err := b.save(); err != nil {
				return err
			}
		case err != nil:
			return err
		case conflicts == 0:
			return nil
		}
	}
	return errors.New("others keep changing the same contacts; sync again")
}

// reconcile begins to walk the feed from its beginning. What is in flight may have been meant for another history: its edits are still
// in the contacts, so it is dropped.
func (b *book) reconcile(code string) {
	if b.Walk != "cursor_unknown" {
		b.Walk = code
	}
	b.Cursor = ""
	for _, c := range b.Contacts {
		c.Sent, c.Shown = nil, false
	}
}

// pull takes pages until there are no more. Each is saved together with its cursor.
func (b *book) pull() error {
	for {
		var page changes
		err := b.call(http.MethodGet, "/v1/books/"+b.Book+"/changes?since="+url.QueryEscape(b.Cursor), nil, &page)
		if err != nil {
			return err
		}
		for _, ch := range page.Changes {
			b.take(ch)
		}
		b.Cursor = page.Cursor
		if !page.More && b.Walk != "" {
			b.endWalk()
		}
		if err := b.save(); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
	}
}

// take is one change of the feed, or what a push conflicted with: the contact's newest state at the server.
func (b *book) take(ch change) {
	delete(b.Aside, ch.ID)
	remote := ch.Card
	if ch.Operation == "DELETE" {
		remote = nil
	} else if normal, err := normalize(remote); err == nil {
		remote = normal
	} else { // it must not stop what is behind it
		b.Aside[ch.ID] = ch.Card
		if c := b.Contacts[ch.ID]; c != nil {
			c.Shown = true
		}
		return
	}
	c := b.Contacts[ch.ID]
	if c == nil {
		c = &contact{}
		b.Contacts[ch.ID] = c
	}
	c.Shown = true
	switch {
	case b.Walk == "" && ch.Rev <= c.Rev:
		return // our own push, or known
	case b.Walk == "cursor_unknown" && c.Rev != 0 && !bytes.Equal(c.Card, remote):
		c.Dirty, c.Base = true, nil // revs of two histories say nothing about each other: join what both have
	}
	if c.Sent != nil && bytes.Equal(c.Sent.Card, remote) && (c.Sent.Operation == "DELETE") == (remote == nil) {
		c.Base = remote // it did arrive: what was edited since stays
	}
	c.Sent = nil
	if c.Dirty {
		c.Card = b.merge(c.Base, c.Card, remote, c.EditedAt >= ch.EditedAt)
	} else {
		c.Card = remote
	}
	c.Rev, c.Base, c.Dirty = ch.Rev, remote, !bytes.Equal(c.Card, remote)
	c.EditedAt = max(c.EditedAt, ch.EditedAt)
}

// merge joins two cards member by member. Of a member that both changed, the later value stands; the other is kept in Lost. Between an
// edit and a deletion the edit stands.
func (b *book) merge(base, local, remote json.RawMessage, localIsLater bool) json.RawMessage {
	switch {
	case local == nil && bytes.Equal(base, remote), remote == nil && bytes.Equal(base, local):
		return nil
	case local == nil:
		return remote
	case remote == nil:
		return local
	}
	began, mine, theirs := members(base), members(local), members(remote)
	out := members(remote)
	for _, m := range append(keys(mine), keys(began)...) {
		was, here, there := encode(began[m]), encode(mine[m]), encode(theirs[m])
		switch {
		case bytes.Equal(here, was) || bytes.Equal(here, there):
			continue
		case !bytes.Equal(there, was) && !localIsLater:
			b.Lost = append(b.Lost, here)
			continue
		case !bytes.Equal(there, was):
			b.Lost = append(b.Lost, there)
		}
		if mine[m] == nil {
			delete(out, m)
		} else {
			out[m] = mine[m]
		}
	}
	return encode(out)
}

// endWalk settles what a whole walk did not show.
func (b *book) endWalk() {
	for id, c := range b.Contacts {
		switch {
		case c.Shown || c.Rev == 0:
		case c.Dirty || b.Walk == "cursor_unknown": // the server lost it, or deleted it while it was edited here: it goes there as new
			c.Rev, c.Base, c.Dirty = 0, nil, c.Card != nil
		default: // deleted, and the tombstone is gone too
			delete(b.Contacts, id)
		}
	}
	b.Walk = ""
}

// push sends what is in flight, or what waits, batch by batch, and counts the conflicts. A batch is frozen before it is sent, so that it can
// be repeated byte for byte.
func (b *book) push(inFlight bool) (conflicts int, err error) {
	if b.Walk != "" && inFlight {
		return 0, nil // compare first
	}
	most := b.Limits.PushChanges
	for {
		var batch []*push
		bytes := 0
		for id, c := range b.Contacts {
			if len(batch) == most || bytes > b.Limits.PushBytes/2 {
				break
			}
			if _, aside := b.Aside[id]; aside || inFlight != (c.Sent != nil) || !c.Dirty {
				continue
			}
			if c.Card == nil && c.Rev == 0 {
				c.Dirty = false // it came and went without the server
				continue
			}
			if c.Sent == nil {
				c.Sent = &push{rand.Text(), id, "UPDATE", c.Rev, c.Card, blobs(c.Card), c.EditedAt}
				if c.Card == nil {
					c.Sent.Operation = "DELETE"
				}
			}
			batch, bytes = append(batch, c.Sent), bytes+len(c.Card)+300
		}
		if len(batch) == 0 {
			return conflicts, nil
		}
		if err := b.save(); err != nil {
			return conflicts, err
		}
		var answer syncResponse
		err := b.call(http.MethodPost, "/v1/books/"+b.Book+"/sync", syncRequest{b.Cursor, batch}, &answer)
		var refused *problem
		if errors.As(err, &refused) && refused.Status == http.StatusRequestEntityTooLarge && len(batch) > 1 {
			most = len(batch) / 2
			for _, p := range batch[most:] {
				b.Contacts[p.ID].Sent = nil // it has not been applied, so it may have another change_id
			}
			continue
		}
		if err != nil {
			return conflicts, err
		}
		if len(answer.Results) != len(batch) {
			return conflicts, errors.New("the answer is not to this push")
		}
		for i, r := range answer.Results {
			if conflict, err := b.settle(batch[i], r); err != nil {
				return conflicts, err
			} else if conflict {
				conflicts++
			}
		}
		if answer.Cursor != "" {
			b.Cursor = answer.Cursor
		}
		if err := b.save(); err != nil {
			return conflicts, err
		}
		if conflicts > 0 && !inFlight {
			return conflicts, nil
		}
	}
}

// settle is the answer to one change.
func (b *book) settle(sent *push, r result) (conflict bool, err error) {
	c := b.Contacts[sent.ID]
	if r.ChangeID != sent.ChangeID {
		return false, fmt.Errorf("the answer to %s is to %s", sent.ChangeID, r.ChangeID)
	}
	c.Sent = nil
	switch r.Status {
	case "applied":
		c.Rev, c.Base = r.Rev, sent.Card
		c.Dirty = !bytes.Equal(c.Card, sent.Card) // edited while it was under way
		return false, nil
	case "conflict":
		if r.Current == nil {
			c.Rev, c.Base = 0, nil // the server has nothing of it: it goes there as new
		} else {
			c.Sent = sent // it may be what the server has: it forgets its answers after 30 days
			b.take(*r.Current)
		}
		return true, nil
	}
	return false, fmt.Errorf("the server refuses %s: %s", sent.ID, r.Error.Detail)
}

// blobs names the photos that a card refers to (media entries with a blobId): the server keeps what some contact needs.
func blobs(raw json.RawMessage) []string {
	var ids []string
	media, _ := members(raw)["media"].(card)
	for _, entry := range media {
		entry, _ := entry.(card)
		if id, _ := entry["blobId"].(string); len(id) == 64 {
			ids = append(ids, id)
		}
	}
	return ids
}
