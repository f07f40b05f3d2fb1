package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// settingSort is how lists are ordered.
const settingSort = "ui.sort"

// sortOption is one order: as it is stored, as it is asked for, and as people read it.
type sortOption struct {
	value string
	sort  data.Sort
	text  string
}

func sortOptions() []sortOption {
	return []sortOption{
		{sortedByName, data.ByName, lang.L("Sort by Name")},
		{sortedByFamily, data.ByFamily, lang.L("Sort by Family Name")},
		{sortedByChange, data.ByChanged, lang.L("Sort by Last Change")},
	}
}

// parseSort is called while the window opens, when no text may be asked for yet.
func parseSort(stored string) data.Sort {
	switch stored {
	case sortedByFamily:
		return data.ByFamily
	case sortedByChange:
		return data.ByChanged
	}
	return data.ByName
}

// What settingSort holds.
const (
	sortedByName   = "name"
	sortedByFamily = "family"
	sortedByChange = "changed"
)

// sortItems are the menu's; the one in force is marked.
func (b *book) sortItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, o := range sortOptions() {
		item := fyne.NewMenuItem(o.text, nil)
		item.Checked = o.sort == b.list.query.Sort
		item.Action = func() {
			for _, other := range items {
				other.Checked = other == item
			}
			b.win.MainMenu().Refresh()
			q := b.list.query
			q.Sort = o.sort
			b.list.ask(q)
			do(b.bg, func(ctx context.Context) error { return b.store.SetSetting(ctx, settingSort, o.value) }, b.onlyErrors)
		}
		items = append(items, item)
	}
	return items
}

func withText(q data.Query, text string) data.Query {
	q.Text = text
	return q
}

// byNames says that a list is in the order of names, and so has sections.
func byNames(q data.Query) bool {
	return q.Filter != data.Birthdays && q.Filter != data.Recent && q.Filter != data.Trash && q.Sort != data.ByChanged
}

// sectionOf is the letter under which a row stands in a list, "" in lists that are not ordered by names.
func sectionOf(r data.Row, q data.Query) string {
	switch {
	case !byNames(q):
		return ""
	case q.Sort == data.ByFamily:
		return r.FamilySection
	}
	return r.Section
}

// rowSubtitle is a row's second line: what its list is about.
func rowSubtitle(r data.Row, q data.Query, now time.Time) string {
	switch q.Filter {
	case data.Birthdays:
		return birthdayText(r.Birthday, now)
	case data.Recent:
		return lang.L("Changed {{.When}}", with{"When": ago(r.Changed, now)})
	case data.Conflicted:
		if waits := waitsText(r.Waits); waits != "" {
			return waits
		}
	case data.Trash:
		return trashedSubtitle(r)
	case data.Reviewed:
		return waitsText(r.Reviews)
	}
	return r.Subtitle
}

// birthdayText says when a birthday comes, and how old the person becomes.
func birthdayText(d contact.Date, now time.Time) string {
	day, in := nextBirthday(d, now)
	text := ""
	switch {
	case in == 0:
		text = lang.L("Today")
	case in == 1:
		text = lang.L("Tomorrow")
	case in < 7:
		text = here().Weekday(day.Weekday())
	default:
		text = here().DayOfYear(day)
	}
	if age := day.Year() - d.Year; d.Year > 0 && age > 0 {
		text = facts(text, lang.N("turns {{.Count}}", age, counted(age)))
	}
	if in >= 7 && in <= 31 {
		text = facts(text, lang.N("in {{.Count}} days", in, counted(in)))
	}
	return text
}

// nextBirthday is the next one, today included, and in how many days it is. Who was born on 29 February has it on the 28th in other years.
func nextBirthday(d contact.Date, now time.Time) (day time.Time, in int) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	for year := today.Year(); ; year++ {
		day = time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
		if day.Day() != d.Day {
			day = day.AddDate(0, 0, -day.Day())
		}
		if !day.Before(today) {
			return day, int(day.Sub(today).Hours() / 24)
		}
	}
}
