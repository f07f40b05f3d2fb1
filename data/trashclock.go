package data

import (
	"context"
	"time"
)

// trashClock counts the time that contacts spend in the trash: time that this device knows to have passed, so that no clock that is
// wrong or jumps, be it by ten years, empties the trash. It never goes back, and a leap of one clock does not move it on:
//
//   - From one look of the program to the next, at most a day is counted.
//   - A longer gap (the machine was off) counts in full once the server's clock says the same: the smaller of the times that passed on
//     either clock since the two were last held beside each other.
//
// So a contact stays for as long as the user was told, or longer; never for less. Times are microseconds.
type trashClock struct {
	now, local                     int64
	seenLocal, seenServer, seenNow int64
}

const (
	day = 24 * time.Hour

	// lookEvery is how far the clock may be behind before it is written down.
	lookEvery = time.Hour
)

const trashClockQuery = "SELECT now, local, seen_local, seen_server, seen_now FROM trash_clock"

func (c *trashClock) scan(row scanner) error {
	return row.Scan(&c.now, &c.local, &c.seenLocal, &c.seenServer, &c.seenNow)
}

// at is the time when this machine's clock shows local.
func (c trashClock) at(local int64) int64 {
	if c.local == 0 {
		return c.now
	}
	return c.now + min(max(local-c.local, 0), day.Microseconds())
}

// look counts what has passed on this machine.
func (c *trashClock) look(local int64) { c.now, c.local = c.at(local), local }

// confirm counts what has passed by both clocks, and returns how much of it had not been counted when it passed: whoever has come to
// the trash since the last time may have come after that.
func (c *trashClock) confirm(local, server int64) (late int64) {
	c.look(local)
	if c.seenLocal != 0 {
		late = max(0, c.seenNow+min(local-c.seenLocal, server-c.seenServer)-c.now)
	}
	c.now += late
	c.seenLocal, c.seenServer, c.seenNow = local, server, c.now
	return late
}

func (t *tx) loadTrashClock() (c trashClock, err error) {
	return c, c.scan(t.row(trashClockQuery))
}

func (t *tx) putTrashClock(c trashClock) error {
	_, err := t.exec("UPDATE trash_clock SET now = ?, local = ?, seen_local = ?, seen_server = ?, seen_now = ?",
		c.now, c.local, c.seenLocal, c.seenServer, c.seenNow)
	return err
}

// trashTime is what the trash clock shows now.
func (t *tx) trashTime() (int64, error) {
	c, err := t.loadTrashClock()
	return c.at(t.wall()), err
}

// lookAtClock lets the trash clock go on, if it is behind by enough to write that down.
func (s *Store) lookAtClock(ctx context.Context) error {
	var c trashClock
	local := s.now().UnixMicro()
	if err := s.read(ctx, trashClockQuery, c.scan); err != nil {
		return err
	}
	if c.local != 0 && within(local-c.local, lookEvery) {
		return nil
	}
	return s.writer.transact(ctx, func(t *tx) error {
		c, err := t.loadTrashClock()
		if err != nil {
			return err
		}
		c.look(local)
		return t.putTrashClock(c)
	})
}

// confirmClock holds the server's clock beside ours. It takes its time and no offset, which is wrong as soon as our clock is set: then
// both would seem to have leapt.
func (s *Store) confirmClock(ctx context.Context, server int64) error {
	var c trashClock
	local := s.now().UnixMicro()
	if err := s.read(ctx, trashClockQuery, c.scan); err != nil {
		return err
	}
	if c.seenLocal != 0 && within(local-c.seenLocal, lookEvery) && within(server-c.seenServer, lookEvery) {
		return nil
	}
	return s.writer.transact(ctx, func(t *tx) error {
		c, err := t.loadTrashClock()
		if err != nil {
			return err
		}
		since := c.seenNow
		if late := c.confirm(local, server); late > 0 {
			if _, err := t.exec("UPDATE contacts SET trashed = trashed + ? WHERE deleted_at <> 0 AND trashed >= ?", late, since); err != nil {
				return err
			}
		}
		return t.putTrashClock(c)
	})
}

// within reports whether so many microseconds are less than d, either way.
func within(micros int64, d time.Duration) bool { return max(micros, -micros) < d.Microseconds() }
