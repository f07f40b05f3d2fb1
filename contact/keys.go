package contact

import "maps"

// entryDefaults are members whose absence means the same as a value (RFC 9553), for those that files write out.
var entryDefaults = map[string]map[string]any{
	"titles": {"kind": "title"},
}

// WithKeysOf gives the entries of the card's maps the keys, and the spelling, under which other has the same: one entry that two
// files call by different keys is one entry. A card whose members point at others by key (localizations) is left as it is.
func (c Card) WithKeysOf(other Card) Card {
	if c.members["localizations"] != nil {
		return c
	}
	for _, name := range sortedKeys(c.members) {
		a := adoption{mine: object(c.members[name]), theirs: object(other.members[name]), defaults: entryDefaults[name]}
		if adopted := a.run(); adopted != nil {
			c = c.with(adopted, name)
		}
	}
	return c
}

// adoption matches the entries of one map with those of another card.
type adoption struct{ mine, theirs, defaults map[string]any }

// run returns the entries under their new keys, or nil if mine is no map of entries.
func (a adoption) run() map[string]any {
	if a.mine == nil {
		return nil
	}
	adopted := map[string]any{}
	for _, key := range sortedKeys(a.mine) { // first, what has its key already
		if object(a.mine[key]) == nil {
			return nil
		}
		if a.same(key, key) {
			adopted[key] = a.theirs[key]
		}
	}
	for _, key := range sortedKeys(a.mine) {
		if adopted[key] != nil {
			continue
		}
		adopted[key] = a.mine[key]
		for _, candidate := range sortedKeys(a.theirs) {
			if adopted[candidate] == nil && a.mine[candidate] == nil && a.same(key, candidate) {
				delete(adopted, key)
				adopted[candidate] = a.theirs[candidate]
				break
			}
		}
	}
	return adopted
}

func (a adoption) same(mine, theirs string) bool {
	m, t := object(a.mine[mine]), object(a.theirs[theirs])
	return t != nil && equal(a.filled(m), a.filled(t))
}

func (a adoption) filled(entry map[string]any) map[string]any {
	all := maps.Clone(a.defaults)
	if all == nil {
		return entry
	}
	maps.Copy(all, entry)
	return all
}
