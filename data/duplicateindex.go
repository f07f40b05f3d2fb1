package data

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"kith/contact"
	"kith/contact/duplicate"
)

const (
	dirtyBatch = 40   // contacts that one transaction compares anew: an edit by the user waits no longer for it than is seen
	blockLimit = 1000 // of the contacts of one key that are looked at; none is compared with so many
)

// errSuperseded: another process has changed the search's tables meanwhile.
var errSuperseded = errors.New("another search for duplicates was faster")

// searchState is the row of duplicate_state.
type searchState struct {
	version, build, seen int64
	region               string
}

const searchStateQuery = "SELECT version, build, seen, region FROM duplicate_state"

func (st *searchState) scan(row scanner) error {
	return row.Scan(&st.version, &st.build, &st.seen, &st.region)
}

// FindDuplicates brings the search for duplicates up to date with the book: what changed since it last ran is compared anew, with what
// shares a key with it and nothing else; the first time, and after much has changed, all contacts are. It costs the edits nothing: it
// follows the change log behind them, in transactions of a few milliseconds, and takes up again where it was broken off. changed: Duplicates
// answers differently now; watchers hear of it.
func (s *Store) FindDuplicates(ctx context.Context) (changed bool, err error) {
	s.finding.Lock()
	defer s.finding.Unlock()
	defer func() {
		if err != nil {
			err = fmt.Errorf("find duplicates: %w", s.explain(err))
		}
		if changed {
			s.watch.notify()
		}
	}()
	for {
		if err := ctx.Err(); err != nil {
			return changed, err
		}
		var st searchState
		var newest, behind, book int64
		err := s.read(ctx, searchStateQuery, st.scan)
		if err == nil {
			err = s.read(ctx, `SELECT (SELECT coalesce(max(id), 0) FROM change_log), (SELECT count(DISTINCT record_id) FROM change_log WHERE id > ?),
				(SELECT count(*) FROM contacts)`, func(row scanner) error { return row.Scan(&newest, &behind, &book) }, st.seen)
		}
		if err != nil {
			return changed, err
		}
		did := false
		switch {
		case st.version != duplicate.Version, behind > 2000 && behind > book/10:
			did, err = s.buildDuplicates(ctx, st)
		case st.seen >= newest:
			return changed, nil
		default:
			did, err = s.followDuplicates(ctx, st)
		}
		if err != nil && !errors.Is(err, errSuperseded) {
			return changed, err
		}
		changed = changed || did
	}
}

// still fails unless the search's state is the one that the work began from.
func (t *tx) still(st searchState) error {
	var now searchState
	if err := now.scan(t.row(searchStateQuery)); err != nil {
		return err
	}
	if now != st {
		return errSuperseded
	}
	return nil
}

// ---- following the log ----------------------------------------------------------------------------------------------------

// follower compares what changed anew, in one transaction.
type follower struct {
	*tx
	region   string
	profiles map[int64]*duplicate.Profile // nil: the contact is not there, or in the trash
	stats    map[duplicate.Key]blockStats
}

// blockStats is how many contacts have a key, and how many names they have.
type blockStats struct{ cards, names int }

// followDuplicates takes the next log entries in.
func (s *Store) followDuplicates(ctx context.Context, st searchState) (changed bool, err error) {
	err = s.writer.transact(ctx, func(t *tx) error {
		if err := t.still(st); err != nil {
			return err
		}
		f := &follower{tx: t, region: st.region, profiles: map[int64]*duplicate.Profile{}, stats: map[duplicate.Key]blockStats{}}
		rows, seen, err := f.nextChanged(st.seen)
		if err != nil {
			return err
		}
		dirty, err := f.takeIn(rows)
		if err != nil {
			return err
		}
		if changed, err = f.compareAnew(dirty); err != nil {
			return err
		}
		_, err = t.exec("UPDATE duplicate_state SET seen = ?", seen)
		return err
	})
	return changed && err == nil, err
}

// nextChanged lists the contacts of the next log entries, and the newest of these.
func (f *follower) nextChanged(seen int64) (rows []int64, newest int64, err error) {
	distinct := map[int64]bool{}
	newest = seen
	err = f.each("SELECT l.id, c.row_id FROM change_log l JOIN contacts c ON c.id = l.record_id WHERE l.id > ? ORDER BY l.id LIMIT ?", func(row scanner) error {
		var id int64
		err := row.Scan(&newest, &id)
		if err == nil && !distinct[id] {
			distinct[id] = true
			rows = append(rows, id)
		}
		return err
	}, seen, dirtyBatch)
	return rows, newest, err
}

// takeIn writes the keys of changed contacts, and returns all contacts that are to be compared anew because of it.
func (f *follower) takeIn(rows []int64) (dirty map[int64]bool, err error) {
	dirty = map[int64]bool{}
	before := map[duplicate.Key]blockStats{}
	var touched []duplicate.Key
	for _, row := range rows {
		dirty[row] = true
		old, oldName, err := f.keysOf(row)
		if err != nil {
			return nil, err
		}
		p, err := f.profile(row)
		if err != nil {
			return nil, err
		}
		var fresh []duplicate.Key
		var name uint32
		if p != nil {
			fresh, name = p.Keys, p.Name
		}
		for _, k := range slices.Concat(old, fresh) {
			if _, known := before[k]; !known && (name != oldName || slices.Contains(old, k) != slices.Contains(fresh, k)) {
				if before[k], err = f.count(k); err != nil {
					return nil, err
				}
				touched = append(touched, k)
			}
		}
		if err := f.putKeys(row, old, oldName, fresh, name); err != nil {
			return nil, err
		}
	}
	for _, k := range touched {
		after, err := f.count(k)
		if err != nil {
			return nil, err
		}
		members, err := f.members(k)
		if err != nil {
			return nil, err
		}
		turned := k.Turned(before[k].cards, before[k].names, after.cards, after.names)
		for i, m := range members {
			if turned || slices.ContainsFunc(rows, func(row int64) bool {
				// In a key of which each is compared with its neighbours alone, these have other neighbours now.
				at, _ := slices.BinarySearch(members, row)
				reach := k.Reach(len(members))
				return reach < len(members) && i >= at-reach && i <= at+reach
			}) {
				dirty[m] = true
			}
		}
	}
	return dirty, nil
}

// compareAnew replaces every pair that a dirty contact is in.
func (f *follower) compareAnew(dirty map[int64]bool) (changed bool, err error) {
	old := map[[2]int64]string{}
	found := map[[2]int64]string{}
	for _, row := range slices.Sorted(maps.Keys(dirty)) {
		err := f.each("SELECT "+pairColumns+" FROM duplicate_pairs WHERE a = ? UNION ALL SELECT "+pairColumns+" FROM duplicate_pairs WHERE b = ?", func(r scanner) error {
			p, err := scanPair(r)
			old[[2]int64{p.A, p.B}] = verdictText(p.Verdict)
			return err
		}, row, row)
		if err != nil {
			return false, err
		}
		keys, _, err := f.keysOf(row)
		if err != nil {
			return false, err
		}
		for _, k := range keys {
			members, err := f.members(k)
			if err != nil {
				return false, err
			}
			at, _ := slices.BinarySearch(members, row)
			for i, other := range members {
				if i == at || !k.Paired(len(members), min(i, at), max(i, at)) {
					continue
				}
				pair := [2]int64{min(row, other), max(row, other)}
				if _, done := found[pair]; done {
					continue
				}
				if found[pair], err = f.judge(pair); err != nil {
					return false, err
				}
			}
		}
	}
	for _, pair := range slices.SortedFunc(maps.Keys(old), comparePairs) {
		if found[pair] != old[pair] {
			changed = true
			if _, err := f.exec("DELETE FROM duplicate_pairs WHERE a = ? AND b = ?", pair[0], pair[1]); err != nil {
				return false, err
			}
		}
	}
	for _, pair := range slices.SortedFunc(maps.Keys(found), comparePairs) {
		if text := found[pair]; text != "" && text != old[pair] {
			changed = true
			if err := f.putPair(pair, text); err != nil {
				return false, err
			}
		}
	}
	return changed, nil
}

func comparePairs(a, b [2]int64) int { return slices.Compare(a[:], b[:]) }

// judge compares two contacts; "" : they are nothing to each other.
func (f *follower) judge(pair [2]int64) (string, error) {
	a, err := f.profile(pair[0])
	if err != nil || a == nil {
		return "", err
	}
	b, err := f.profile(pair[1])
	if err != nil || b == nil {
		return "", err
	}
	var failed error
	stats := func(k duplicate.Key) blockStats {
		counted, err := f.count(k)
		failed = errors.Join(failed, err)
		return counted
	}
	v := duplicate.Compare(a, b, func(k duplicate.Key) int { return stats(k).names }, func(k duplicate.Key) int { return stats(k).cards })
	return verdictText(v), failed
}

// verdictText is a verdict as duplicate_pairs has it: lane, score and reasons.
func verdictText(v duplicate.Verdict) string {
	if v.Lane == duplicate.No {
		return ""
	}
	text, err := json.Marshal([]any{v.Lane, v.Score, v.Reasons})
	if err != nil {
		panic(fmt.Sprintf("data: a verdict that JSON can't hold: %v", err)) // only a bug here can bring that about
	}
	return string(text)
}

func (t *tx) putPair(pair [2]int64, verdict string) error {
	_, err := t.exec("INSERT INTO duplicate_pairs (a, b, lane, score, reasons) VALUES (?2, ?3, ?1 ->> 0, ?1 ->> 1, ?1 -> 2)", verdict, pair[0], pair[1])
	return err
}

// profile reads a contact as it is compared.
func (f *follower) profile(row int64) (*duplicate.Profile, error) {
	if p, known := f.profiles[row]; known {
		return p, nil
	}
	f.profiles[row] = nil
	err := f.each("SELECT book, card FROM contacts WHERE row_id = ? AND deleted_at = 0", func(r scanner) error {
		var book string
		var text []byte
		if err := r.Scan(&book, &text); err != nil {
			return err
		}
		card, err := contact.Parse(text)
		if err == nil {
			f.profiles[row] = profileIn(book, card, f.region)
		}
		return err
	}, row)
	return f.profiles[row], err
}

// profileIn is the profile of a contact of a book: contacts of different books never meet.
func profileIn(book string, c contact.Card, region string) *duplicate.Profile {
	p := duplicate.Read(c, region)
	if book != DefaultBook {
		p.Separate(book)
	}
	return p
}

// keysOf are the keys that the tables hold of a contact.
func (f *follower) keysOf(row int64) (keys []duplicate.Key, name uint32, err error) {
	err = f.each("SELECT name, keys FROM duplicate_cards WHERE contact = ?", func(r scanner) error {
		var held []byte
		err := r.Scan(&name, &held)
		keys = unpackKeys(held)
		return err
	}, row)
	return keys, name, err
}

func (f *follower) putKeys(row int64, old []duplicate.Key, oldName uint32, fresh []duplicate.Key, name uint32) error {
	if slices.Equal(old, fresh) && oldName == name {
		return nil
	}
	clear(f.stats)
	for _, k := range old {
		if name != oldName || !slices.Contains(fresh, k) {
			if _, err := f.exec("DELETE FROM duplicate_keys WHERE key = ? AND contact = ?", int64(k), row); err != nil {
				return err
			}
		}
	}
	for _, k := range fresh {
		if name != oldName || !slices.Contains(old, k) {
			if _, err := f.exec("INSERT INTO duplicate_keys (key, contact, name) VALUES (?, ?, ?)", int64(k), row, name); err != nil {
				return err
			}
		}
	}
	if len(fresh) == 0 {
		_, err := f.exec("DELETE FROM duplicate_cards WHERE contact = ?", row)
		return err
	}
	_, err := f.exec("INSERT OR REPLACE INTO duplicate_cards (contact, name, keys) VALUES (?, ?, ?)", row, name, packKeys(fresh))
	return err
}

func packKeys(keys []duplicate.Key) []byte {
	packed := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		packed = binary.LittleEndian.AppendUint64(packed, uint64(k))
	}
	return packed
}

func unpackKeys(packed []byte) []duplicate.Key {
	keys := make([]duplicate.Key, 0, len(packed)/8)
	for ; len(packed) >= 8; packed = packed[8:] {
		keys = append(keys, duplicate.Key(binary.LittleEndian.Uint64(packed)))
	}
	return keys
}

func (f *follower) count(k duplicate.Key) (blockStats, error) {
	if counted, known := f.stats[k]; known {
		return counted, nil
	}
	var b blockStats
	err := f.row("SELECT count(*), count(DISTINCT nullif(name, 0)) FROM (SELECT name FROM duplicate_keys WHERE key = ? ORDER BY contact LIMIT ?)", int64(k), blockLimit).Scan(&b.cards, &b.names)
	if err == nil {
		f.stats[k] = b
	}
	return b, err
}

// members are the contacts of a key, in order.
func (f *follower) members(k duplicate.Key) (rows []int64, err error) {
	err = f.each("SELECT contact FROM duplicate_keys WHERE key = ? ORDER BY contact LIMIT ?", func(r scanner) error {
		rows = append(rows, 0)
		return r.Scan(&rows[len(rows)-1])
	}, int64(k), blockLimit)
	return rows, err
}

// localeRegion is the country of the person at this machine, "" if the system doesn't say.
func localeRegion() string {
	for _, name := range []string{"LC_ALL", "LC_TELEPHONE", "LC_CTYPE", "LANG"} { // the order of POSIX's locale(7)
		if region := duplicate.LocaleRegion(os.Getenv(name)); region != "" {
			return region
		}
	}
	return ""
}
