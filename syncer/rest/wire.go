package rest

import (
	"strings"

	"kith/api"
	"kith/contact"
	"kith/syncer"
)

// change is what the server sent. A card that can't be read is handed on as it came: it must not stop what is behind it.
func change(c api.Change) syncer.Change {
	ch := syncer.Change{
		ID: c.ID, Rev: c.Rev, Deleted: c.Operation == api.Delete, EditedAt: c.EditedAt, Device: c.Device, DeviceName: c.DeviceName, User: c.User,
	}
	if ch.Deleted {
		return ch
	}
	card, err := contact.Parse(c.Card)
	if err != nil {
		ch.Unreadable, ch.Raw = strings.TrimPrefix(err.Error(), "parse card: "), c.Card
		return ch
	}
	ch.Card = card
	return ch
}

func result(r api.Result) syncer.PushResult {
	res := syncer.PushResult{ChangeID: r.ChangeID, Status: r.Status, Rev: r.Rev, EditedAt: r.EditedAt}
	if r.Error != nil {
		res.MissingBlob = r.Error.Code == api.CodeMissingBlob
		if res.Reason = r.Error.Detail; res.Reason == "" {
			res.Reason = r.Error.Title
		}
	}
	if r.Current != nil {
		c := change(*r.Current)
		res.Current = &c
	}
	return res
}
