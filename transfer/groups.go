package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"kith/contact"
	"kith/contact/cardfile"
)

// groups are what a file says of lists of people (kind "group", RFC 9553 section 2.1.4): Apple's groups, Thunderbird's mailing lists. Here a
// list of people is a label of theirs, so that is what it becomes for those who are in the file.
type groups struct {
	labels map[string][]string // by the uid of a member: the names of its groups
	whole  map[string]bool     // uids of groups that are nothing but a label now
}

// groupsIn reads a file once before it is read for its contacts, if it may have groups: a group may stand before its members or behind them.
func (f File) groupsIn(format cardfile.Format) (groups, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return groups{}, err
	}
	defer file.Close()
	if format == cardfile.CSV {
		return groups{}, nil
	}
	if has, err := contains(file, "group"); err != nil || !has {
		return groups{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return groups{}, fmt.Errorf("read %s again: %w", f.Name, err)
	}
	r, err := cardfile.NewReader(file, f.Name, cardfile.TakeBlobs(func(contact.Blob) error { return nil }))
	if err != nil {
		return groups{}, err
	}
	people, lists := map[string]string{}, []contact.Card{} // people: the uid by what a group may name somebody by
	for {
		card, err := r.Next()
		var broken *cardfile.Broken
		switch {
		case errors.As(err, &broken):
			continue
		case err != nil: // also one that the reading for the contacts meets again, and reports
			return groupsOf(lists, people), nil
		case card.Kind() == "group":
			lists = append(lists, card)
			continue
		}
		people[card.UID()] = card.UID()
		for _, e := range card.Emails() {
			people["mailto:"+strings.ToLower(e.Value)] = card.UID()
		}
	}
}

func groupsOf(lists []contact.Card, people map[string]string) groups {
	g := groups{labels: map[string][]string{}, whole: map[string]bool{}}
	for _, list := range lists {
		name, all := strings.TrimSpace(list.DisplayName()), onlyMembers(list)
		if name == "" {
			continue
		}
		for _, member := range list.Members() {
			key := strings.TrimPrefix(member, "urn:uuid:")
			if strings.HasPrefix(key, "mailto:") {
				key = strings.ToLower(key)
			}
			uid, there := people[key]
			if all = all && there; there {
				g.labels[uid] = append(g.labels[uid], name)
			}
		}
		g.whole[list.UID()] = all
	}
	return g
}

// aboutGroups are the members of a group's card that say no more than who is in it; aboutLists those of what LDIF has kept.
var (
	aboutGroups = []string{"@type", "version", "uid", "kind", "members", "name", "created", "updated", "prodId"}
	aboutLists  = []string{"dn", "objectclass"}
)

// onlyMembers says whether a group has no more than a name and members: no address of its own, no note, nothing that we don't know.
func onlyMembers(c contact.Card) bool {
	for name, value := range c.Object() {
		says := false
		switch name {
		case "kith.app:ldif":
			kept, ok := value.(map[string]any)
			says = ok && !slices.ContainsFunc(slices.Collect(maps.Keys(kept)), func(attribute string) bool { return !slices.Contains(aboutLists, attribute) })
		case "kith.app:vCardProps": // Apple writes the name once more, as an N that is none
			kept, ok := value.([]any)
			says = ok && !slices.ContainsFunc(kept, func(v any) bool {
				property, ok := v.([]any)
				return !ok || len(property) == 0 || property[0] != "n"
			})
		default:
			says = slices.Contains(aboutGroups, name)
		}
		if !says {
			return false
		}
	}
	return len(c.Members()) > 0
}

// apply gives a contact its labels; false: it is a group that is nothing else.
func (g groups) apply(c contact.Card) (contact.Card, bool) {
	if g.whole[c.UID()] {
		return c, false
	}
	for _, name := range g.labels[c.UID()] {
		c = c.WithLabel(name, true)
	}
	return c, true
}

// contains says whether a word in small letters is in what is read, in any case.
func contains(r io.Reader, word string) (bool, error) {
	block, kept := make([]byte, 64<<10), 0
	for {
		n, err := r.Read(block[kept:])
		text := bytes.ToLower(block[:kept+n])
		if bytes.Contains(text, []byte(word)) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		tail := min(len(word)-1, kept+n)
		copy(block, block[kept+n-tail:kept+n])
		kept = tail
	}
}
