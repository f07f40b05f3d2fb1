package rest

import (
	"fmt"

	"kith/api"
	"kith/contact"
	"kith/syncer"
)

func change(c api.Change) (syncer.Change, error) {
	ch := syncer.Change{
		ID: c.ID, Rev: c.Rev, Deleted: c.Operation == api.Delete, EditedAt: c.EditedAt, Device: c.Device, DeviceName: c.DeviceName, User: c.User,
	}
	if ch.Deleted {
		return ch, nil
	}
	card, err := contact.Parse(c.Card)
	if err != nil {
		return ch, fmt.Errorf("read contact %s as the server sent it: %w", c.ID, err)
	}
	ch.Card = card
	return ch, nil
}

func result(r api.Result) (syncer.PushResult, error) {
	res := syncer.PushResult{ChangeID: r.ChangeID, Status: r.Status, Rev: r.Rev, EditedAt: r.EditedAt}
	if r.Error != nil {
		res.MissingBlob = r.Error.Code == api.CodeMissingBlob
		if res.Reason = r.Error.Detail; res.Reason == "" {
			res.Reason = r.Error.Title
		}
	}
	if r.Current != nil {
		c, err := change(*r.Current)
		if err != nil {
			return res, err
		}
		res.Current = &c
	}
	return res, nil
}
