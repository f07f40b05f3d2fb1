package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kith/server/store"
)

type auditCmd struct {
	User  string `placeholder:"NAME" help:"Only what concerns this account; one that was removed, too."`
	Since string `placeholder:"WHEN" help:"Only from then on: a date (2026-05-01, in local time), a time (RFC 3339), or an age (24h, 7d)."`
	JSON  bool   `name:"json" help:"One JSON document."`
}

// auditEntry is one event, as --json prints it. Scripts depend on the names.
type auditEntry struct {
	Time      time.Time `json:"time"`
	Event     string    `json:"event"`
	User      string    `json:"user,omitempty"`
	Device    string    `json:"device,omitempty"`
	DeviceID  string    `json:"device_id,omitempty"`
	Book      string    `json:"book,omitempty"`
	By        string    `json:"by,omitempty"`
	Address   string    `json:"address,omitempty"`
	RequestID string    `json:"request_id,omitempty"`
	Detail    string    `json:"detail,omitempty"`
}

func (c *auditCmd) Run(ctx context.Context, a *app) error {
	since, err := parseSince(c.Since, time.Now())
	if err != nil {
		return err
	}
	return a.with(ctx, func(s *store.Store) error {
		entries := []auditEntry{}
		err := s.AuditLog(ctx, store.AuditQuery{User: c.User, Since: since}, func(e store.Event) error {
			entries = append(entries, auditEntry{
				Time: time.UnixMicro(e.At), Event: e.Event, User: e.User, Device: e.Device, DeviceID: e.DeviceID, Book: e.BookID,
				By: e.By, Address: e.Address, RequestID: e.RequestID, Detail: e.Detail,
			})
			return nil
		})
		if err != nil {
			return err
		}
		if c.JSON {
			out := json.NewEncoder(a.out)
			out.SetIndent("", "  ")
			return out.Encode(entries)
		}
		return table(a.out, "TIME\tEVENT\tUSER\tDEVICE\tFROM\tDETAIL", len(entries), func(i int) string {
			e := entries[i]
			if e.Book != "" {
				e.Detail = strings.TrimSpace(e.Detail + " (book " + e.Book + ")")
			}
			return strings.Join([]string{
				e.Time.Format("2006-01-02 15:04:05"), e.Event, quiet(e.User), quiet(e.Device), quiet(strings.TrimSpace(e.By + " " + e.Address)), e.Detail,
			}, "\t")
		})
	})
}

// quiet makes an empty cell visible, and keeps what somebody sent as a name from moving the terminal.
func quiet(s string) string {
	if s == "" {
		return "-"
	}
	q := strconv.QuoteToGraphic(s)
	return q[1 : len(q)-1]
}

// parseSince reads a moment as people write it.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	return time.Time{}, usage("%s", fmt.Sprintf("--since %q is no date (2026-05-01), time (2026-05-01T12:00:00Z) or age (24h, 7d)", text))
}
