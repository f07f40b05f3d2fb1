package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// What the audit log tells of. Names are stable: people filter by them.
const (
	EventSignIn        = "sign_in"
	EventSignInRefused = "sign_in_refused"
	EventSignOut       = "sign_out"
	EventDeviceRevoked = "device_revoked"
	EventPasswordSet   = "password_set"
	EventUserAdded     = "user_added"
	EventUserRemoved   = "user_removed"
	EventBookAdded     = "book_added"
	EventBookRenamed   = "book_renamed"
	EventBookRemoved   = "book_removed"
	EventMemberAdded   = "member_added" // by the administrator
	EventMemberRemoved = "member_removed"
	EventMemberLeft    = "member_left"
	EventRoleChanged   = "role_changed"
	EventRestored      = "restored"

	EventInvitationMade      = "invitation_made"
	EventInvitationWithdrawn = "invitation_withdrawn"
	EventInvitationAccepted  = "invitation_accepted"
	EventInvitationRefused   = "invitation_refused" // a code that none has: mistyped, used, or guessed
)

// DefaultAuditAge is how long the audit log remembers, unless Options say otherwise. It holds addresses of people.
const DefaultAuditAge = 365 * 24 * time.Hour

// Origin says where a change of rights comes from. It travels in the context, so that what is written in the audit log lies in the
// transaction of the change itself, and no caller can forget it.
type Origin struct {
	Address   string // the client's
	RequestID string // that of the server's log
	By        string // who did it, when it was not the account itself
}

type originKey struct{}

// WithOrigin returns a context whose changes the audit log ascribes to o.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// Event is one entry of the audit log.
type Event struct {
	At                       int64 // microseconds since 1970
	Event, By                string
	UserID, User             string // "" : no account of that name
	DeviceID, Device, BookID string
	Address, RequestID       string
	Detail                   string
}

type auditRow struct {
	bun.BaseModel `bun:"table:audit"`
	ID            string `bun:"id,pk"`
	At            int64  `bun:"at"`
	Event         string `bun:"event"`
	By            string `bun:"by_whom"`
	UserID        string `bun:"user_id"`
	UserKey       string `bun:"user_key"`
	UserName      string `bun:"user_name"`
	DeviceID      string `bun:"device_id"`
	DeviceName    string `bun:"device_name"`
	BookID        string `bun:"book_id"`
	Address       string `bun:"address"`
	RequestID     string `bun:"request_id"`
	Detail        string `bun:"detail"`
}

// Audit notes what changed nothing else: a sign-in that was refused.
func (s *Store) Audit(ctx context.Context, e Event) error {
	return s.audit(ctx, s.db, e)
}

// audit notes an event in the transaction of what it tells of.
func (s *Store) audit(ctx context.Context, db bun.IDB, e Event) error {
	o, _ := ctx.Value(originKey{}).(Origin)
	row := auditRow{
		ID: newID(), At: s.nowMicro(), Event: e.Event, By: o.By, UserID: e.UserID, UserKey: UserKey(e.User), UserName: e.User,
		DeviceID: e.DeviceID, DeviceName: e.Device, BookID: e.BookID, Address: fit(o.Address), RequestID: fit(o.RequestID), Detail: e.Detail,
	}
	if _, err := db.NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

// fit cuts what a proxy may have written longer than the column.
func fit(s string) string { return s[:min(len(s), 64)] }

// AuditQuery selects from the audit log; zero values select everything.
type AuditQuery struct {
	User  string // the account's name, in any spelling; removed ones too
	Since time.Time
}

// AuditLog hands what was noted, the oldest first, to each, until that returns an error.
func (s *Store) AuditLog(ctx context.Context, q AuditQuery, each func(Event) error) error {
	sel := s.reads.NewSelect().Model((*auditRow)(nil)).Order("at", "id")
	if q.User != "" {
		sel = sel.Where("user_key = ?", UserKey(q.User))
	}
	if !q.Since.IsZero() {
		sel = sel.Where("at >= ?", q.Since.UnixMicro())
	}
	rows, err := sel.Rows(ctx)
	if err != nil {
		return fmt.Errorf("read audit log: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r auditRow
		if err := s.reads.ScanRow(ctx, rows, &r); err != nil {
			return fmt.Errorf("read audit log: %w", err)
		}
		err := each(Event{
			At: r.At, Event: r.Event, By: r.By, UserID: r.UserID, User: r.UserName, DeviceID: r.DeviceID, Device: r.DeviceName,
			BookID: r.BookID, Address: r.Address, RequestID: r.RequestID, Detail: r.Detail,
		})
		if err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read audit log: %w", err)
	}
	return nil
}

// forgetAudit removes what is older than the log is kept.
func (s *Store) forgetAudit(ctx context.Context) (int64, error) {
	r, err := s.db.NewDelete().Model((*auditRow)(nil)).Where("at < ?", s.now().Add(-s.auditAge).UnixMicro()).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("remove old audit entries: %w", err)
	}
	return r.RowsAffected()
}
