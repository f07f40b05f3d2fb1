package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"
)

// User is an account. Password is its hash, in the PHC format.
type User struct {
	ID, Name, Password string
	CreatedAt          int64
}

// Device is one signed-in device of an account.
type Device struct {
	ID, UserID, User, Name string
	CreatedAt, SeenAt      int64
}

// UserKey is what makes two spellings one account: case and Unicode form do not count.
func UserKey(name string) string {
	return strings.ToLower(norm.NFC.String(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "")))
}

func checkName(what, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return fmt.Errorf("%s is empty", what)
	case strings.TrimSpace(name) != name:
		return fmt.Errorf("%s begins or ends with a blank", what)
	case utf8.RuneCountInString(name) > 128:
		return fmt.Errorf("%s is longer than 128 characters", what)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("%s has a character that can't be typed", what)
	}
	return nil
}

// AddUser makes an account and its first book. ErrExists.
func (s *Store) AddUser(ctx context.Context, name, passwordHash, bookName string) (User, error) {
	if err := checkName("the name", name); err != nil {
		return User{}, err
	}
	u := userRow{ID: newID(), Name: name, NameKey: UserKey(name), Password: passwordHash, CreatedAt: s.nowMicro()}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&u).Exec(ctx); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, Event{Event: EventUserAdded, UserID: u.ID, User: u.Name}); err != nil {
			return err
		}
		return s.insertBook(ctx, tx, u.ID, bookName, newID())
	})
	if s.backend.duplicate(err) {
		return User{}, fmt.Errorf("user %q: %w", name, ErrExists)
	}
	if err != nil {
		return User{}, fmt.Errorf("add user: %w", err)
	}
	return User{u.ID, u.Name, u.Password, u.CreatedAt}, nil
}

// User returns the account of that name. ErrNotFound.
func (s *Store) User(ctx context.Context, name string) (User, error) {
	var u userRow
	err := s.reads.NewSelect().Model(&u).Where("name_key = ?", UserKey(name)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, fmt.Errorf("user %q: %w", name, ErrNotFound)
	}
	if err != nil {
		return User{}, fmt.Errorf("read user: %w", err)
	}
	return User{u.ID, u.Name, u.Password, u.CreatedAt}, nil
}

// Users returns every account, by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	if err := s.reads.NewSelect().Model(&rows).Order("name_key").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	out := make([]User, len(rows))
	for i, u := range rows {
		out[i] = User{u.ID, u.Name, u.Password, u.CreatedAt}
	}
	return out, nil
}

// SetPassword gives the account a new password and signs out all of its devices.
func (s *Store) SetPassword(ctx context.Context, name, passwordHash string) error {
	u, err := s.User(ctx, name)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewUpdate().Model((*userRow)(nil)).Set("password = ?", passwordHash).Where("id = ?", u.ID).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model((*deviceRow)(nil)).Set("token_hash = NULL").Where("user_id = ?", u.ID).Exec(ctx); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, Event{Event: EventPasswordSet, UserID: u.ID, User: u.Name, Detail: "all devices signed out"}); err != nil {
			return err
		}
		return s.noteRevocation(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	s.revoked(ctx)
	return nil
}

// RemoveUser removes the account, its devices, and each book that no other account is a member of. ErrNotFound; ErrLastOwner: others
// share a book that would have no owner.
func (s *Store) RemoveUser(ctx context.Context, name string) error {
	u, err := s.User(ctx, name)
	if err != nil {
		return err
	}
	var empty []string
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if empty, err = s.leaveAll(ctx, tx, u.ID); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*deviceRow)(nil)).Where("user_id = ?", u.ID).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*userRow)(nil)).Where("id = ?", u.ID).Exec(ctx); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, Event{Event: EventUserRemoved, UserID: u.ID, User: u.Name}); err != nil {
			return err
		}
		return s.noteRevocation(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("remove user: %w", err)
	}
	s.revoked(ctx)
	for _, book := range empty {
		if err := s.purge(ctx, book); err != nil {
			return fmt.Errorf("remove user: %w", err)
		}
	}
	return nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// SignIn gives the account's device a token, which is kept as its hash only. deviceID names an earlier sign-in of the same device,
// whose token ends; "" or an id that is not this account's makes a new entry.
func (s *Store) SignIn(ctx context.Context, u User, deviceID, name, token string) (Device, error) {
	hash, now := hashToken(token), s.nowMicro()
	d := deviceRow{ID: deviceID, UserID: u.ID, Name: name, TokenHash: &hash, CreatedAt: now, SeenAt: now}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := putDevice(ctx, tx, &d); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventSignIn, UserID: u.ID, User: u.Name, DeviceID: d.ID, Device: name})
	})
	if err != nil {
		return Device{}, fmt.Errorf("sign in: %w", err)
	}
	return Device{ID: d.ID, UserID: u.ID, User: u.Name, Name: name, CreatedAt: d.CreatedAt, SeenAt: now}, nil
}

// putDevice takes the account's entry with d's id over, or makes a new one under a new id.
func putDevice(ctx context.Context, tx bun.Tx, d *deviceRow) error {
	if d.ID != "" {
		r, err := tx.NewUpdate().Model(d).Column("name", "token_hash", "seen_at").Where("id = ?", d.ID).Where("user_id = ?", d.UserID).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 1 {
			return err
		}
	}
	d.ID = newID()
	_, err := tx.NewInsert().Model(d).Exec(ctx)
	return err
}

// seenEvery is how exact a device's time of last use is; a write for each request would cost more than it tells.
const seenEvery = 60_000_000

// Authenticate returns the device that the token belongs to. ErrNotFound.
func (s *Store) Authenticate(ctx context.Context, token string) (Device, error) {
	var d Device
	err := s.reads.NewSelect().TableExpr("devices AS d").Join("JOIN users AS u ON u.id = d.user_id").
		ColumnExpr("d.id, d.user_id, u.name, d.name, d.created_at, d.seen_at").Where("d.token_hash = ?", hashToken(token)).
		Scan(ctx, &d.ID, &d.UserID, &d.User, &d.Name, &d.CreatedAt, &d.SeenAt)
	if errors.Is(err, sql.ErrNoRows) {
		return Device{}, ErrNotFound
	}
	if err != nil {
		return Device{}, fmt.Errorf("look up token: %w", err)
	}
	if now := s.nowMicro(); now-d.SeenAt >= seenEvery {
		_, err := s.db.NewUpdate().Model((*deviceRow)(nil)).Set("seen_at = ?", now).Where("id = ?", d.ID).Exec(ctx)
		if err != nil {
			return Device{}, fmt.Errorf("note the device's use: %w", err)
		}
		d.SeenAt = now
	}
	return d, nil
}

// Devices returns the signed-in devices of one account, or of all for userID "", newest use first.
func (s *Store) Devices(ctx context.Context, userID string) ([]Device, error) {
	q := s.reads.NewSelect().TableExpr("devices AS d").Join("JOIN users AS u ON u.id = d.user_id").
		ColumnExpr("d.id, d.user_id, u.name, d.name, d.created_at, d.seen_at").Where("d.token_hash IS NOT NULL").Order("d.seen_at DESC", "d.id")
	if userID != "" {
		q = q.Where("d.user_id = ?", userID)
	}
	rows, err := q.Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	defer rows.Close()
	out := []Device{}
	for rows.Next() {
		var d Device
		if err := rows.Scan(&d.ID, &d.UserID, &d.User, &d.Name, &d.CreatedAt, &d.SeenAt); err != nil {
			return nil, fmt.Errorf("read devices: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Revoke signs a device out at once, also where it waits in a long poll. userID "" : whoever it belongs to. ErrNotFound.
func (s *Store) Revoke(ctx context.Context, userID, deviceID string) error {
	return s.endSession(ctx, EventDeviceRevoked, userID, deviceID)
}

// SignOut ends a device's own session. ErrNotFound: it has ended already.
func (s *Store) SignOut(ctx context.Context, d Device) error {
	return s.endSession(ctx, EventSignOut, d.UserID, d.ID)
}

func (s *Store) endSession(ctx context.Context, event, userID, deviceID string) error {
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		q := tx.NewUpdate().Model((*deviceRow)(nil)).Set("token_hash = NULL").Where("id = ?", deviceID).Where("token_hash IS NOT NULL")
		if userID != "" {
			q = q.Where("user_id = ?", userID)
		}
		r, err := q.Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("device %q: %w", deviceID, ErrNotFound))
		}
		e := Event{Event: event, DeviceID: deviceID}
		err = tx.NewSelect().TableExpr("devices AS d").Join("JOIN users AS u ON u.id = d.user_id").ColumnExpr("u.id, u.name, d.name").
			Where("d.id = ?", deviceID).Scan(ctx, &e.UserID, &e.User, &e.Device)
		if err != nil {
			return err
		}
		if err := s.audit(ctx, tx, e); err != nil {
			return err
		}
		return s.noteRevocation(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	s.revoked(ctx)
	return nil
}
