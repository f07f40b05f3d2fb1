package duplicate

import (
	"hash/fnv"
	"slices"
)

// Separate gives the profile keys of a space of its own: it meets no profile of another.
func (p *Profile) Separate(space string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(space))   // never fails
	shift := Key(h.Sum64()>>1) &^ 3 // keys keep their sort, and stay positive
	for i := range p.emails {
		p.emails[i].key ^= shift
	}
	for i := range p.phones {
		p.phones[i].key ^= shift
	}
	for i := range p.Keys {
		p.Keys[i] ^= shift
	}
	slices.Sort(p.Keys)
}
