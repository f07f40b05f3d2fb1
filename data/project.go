package data

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"kith/contact"
	"kith/contact/locale"
)

// projection is what the lists show of a card, and what they are ordered by.
type projection struct {
	name string
	orderKeys
	subtitle string
	starred  bool
	birthday int // month * 100 + day; 0: not known
	born     int
}

// orderKeys are what names are ordered by.
type orderKeys struct {
	key           []byte
	section       string
	familyKey     []byte
	familySection string
}

// projectionRules is raised when project changes: every contact is then projected anew at the next Open.
const projectionRules = 4

func project(c contact.Card, order *locale.Collation) projection {
	p := projection{name: c.DisplayName(), orderKeys: keysOf(c, order), subtitle: c.Subtitle(), starred: c.Starred()}
	if d := c.Birthday(); d.Month > 0 && d.Day > 0 {
		p.birthday, p.born = d.Month*100+d.Day, d.Year
	}
	return p
}

func keysOf(c contact.Card, order *locale.Collation) orderKeys {
	shown, family := c.SortName(), c.FamilySortName()
	k := orderKeys{key: order.Key(shown.Text, shown.Then), section: order.Section(shown.Text)}
	k.familyKey, k.familySection = k.key, k.section
	if family != shown {
		k.familyKey, k.familySection = order.Key(family.Text, family.Then), order.Section(family.Text)
	}
	return k
}

func (k orderKeys) equal(o orderKeys) bool {
	return bytes.Equal(k.key, o.key) && bytes.Equal(k.familyKey, o.familyKey) && k.section == o.section && k.familySection == o.familySection
}

func (p projection) equal(o projection) bool {
	return p.orderKeys.equal(o.orderKeys) && p.name == o.name && p.subtitle == o.subtitle && p.starred == o.starred && p.birthday == o.birthday && p.born == o.born
}

const projectedColumns = "name, sort_key, section, subtitle, starred, family_key, family_section, birthday, born"

func (p *projection) values() []any {
	return []any{p.name, p.key, p.section, p.subtitle, p.starred, p.familyKey, p.familySection, p.birthday, p.born}
}

func (p *projection) dest() []any {
	return []any{&p.name, &p.key, &p.section, &p.subtitle, &p.starred, &p.familyKey, &p.familySection, &p.birthday, &p.born}
}

// putLabels brings the table of labels to what after has; in the trash a contact has none.
func (t *tx) putLabels(before, after *record) error {
	var old, now []string
	if before != nil && !before.Deleted {
		old = before.Card.Labels()
	}
	if !after.Deleted {
		now = after.Card.Labels()
	}
	for _, label := range old {
		if !slices.Contains(now, label) {
			if _, err := t.exec("DELETE FROM labels WHERE label = ? AND contact = ?", label, after.row); err != nil {
				return err
			}
		}
	}
	for _, label := range now {
		if !slices.Contains(old, label) {
			if _, err := t.exec("INSERT INTO labels (label, contact) VALUES (?, ?)", label, after.row); err != nil {
				return err
			}
		}
	}
	return nil
}

// reproject projects every contact anew if another version of the rules did it last.
func (s *Store) reproject(ctx context.Context) error {
	return s.writer.transact(ctx, func(t *tx) error {
		t.store = s
		var rules int
		if err := t.row("SELECT projection FROM state").Scan(&rules); err != nil || rules == projectionRules {
			return err
		}
		for _, table := range []string{"labels", "media", "collated"} {
			if _, err := t.exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		order, err := t.collation()
		if err != nil {
			return err
		}
		err = t.forEachRow(ctx, "SELECT row_id FROM contacts", func(r *record) error {
			p := project(r.Card, order)
			_, err := t.exec("UPDATE contacts SET ("+projectedColumns+") = (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE row_id = ?", append(p.values(), r.row)...)
			if err != nil {
				return err
			}
			if err := t.putLabels(nil, r); err != nil {
				return fmt.Errorf("list the labels of %s: %w", r.id, err)
			}
			if err := t.putMedia(nil, r); err != nil {
				return fmt.Errorf("list the media of %s: %w", r.id, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		_, err = t.exec("UPDATE state SET projection = ?, list_version = list_version + 1", projectionRules)
		return err
	})
}
