package ui

import (
	"context"
	"errors"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// trashOptions are how long contacts may stay in the trash. The first is what is meant where nothing was chosen.
func trashOptions() []option {
	after := func(days int) string { return lang.N("After {{.Count}} days", days, counted(days)) }
	return []option{{"30", after(30)}, {"7", after(7)}, {"90", after(90)}, {"365", lang.L("After a year")}, {data.TrashForEver, lang.L("Never")}}
}

// trashOptionsWith has also a stored value that another program has set.
func trashOptionsWith(stored string) (all []option, value string) {
	all = trashOptions()
	days := data.ParseTrashDays(stored)
	if value = stored; days != data.ForEver {
		value = strconv.Itoa(days)
	}
	for _, o := range all {
		if o.value == value {
			return all, value
		}
	}
	return append(all, option{value, lang.N("After {{.Count}} days", days, counted(days))}), value
}

// trashChoice is the setting's widget.
func trashChoice(stored string, set func(key, value string)) fyne.CanvasObject {
	options, value := trashOptionsWith(stored)
	choice := newChoice(optionTexts(options), nil)
	choice.SetSelected(optionText(options, value))
	choice.OnChanged = func(text string) { set(data.SettingTrash, optionValue(options, text)) }
	return choice
}

// leftText says how long a contact stays in the trash.
func leftText(r data.Row) string {
	switch {
	case r.DaysLeft == data.ForEver:
		return ""
	case r.DaysLeft > 0:
		return lang.N("{{.Count}} days left", r.DaysLeft, counted(r.DaysLeft))
	case r.Pending:
		return lang.L("Goes once it is synced")
	}
	return lang.L("Goes today")
}

// trashedSubtitle is the second line of a contact in the list of the trash.
func trashedSubtitle(r data.Row) string {
	left := leftText(r)
	switch {
	case left == "":
		return r.Subtitle
	case r.Subtitle == "":
		return left
	}
	return left + " · " + r.Subtitle
}

// trashText says since when a contact is in the trash, for how long, and why if that is known.
func trashText(c shownContact, now time.Time) string {
	with := map[string]any{"Name": c.into, "Since": moment(c.Deleted, now)}
	since := lang.L("In the trash since {{.Since}}.", with)
	if c.into != "" {
		since = lang.L("Merged into {{.Name}}, and in the trash since {{.Since}}.", with)
	}
	switch r := c.row; {
	case r.DaysLeft == data.ForEver:
		return since
	case r.DaysLeft > 0:
		return since + " " + lang.N("It stays for {{.Count}} more days.", r.DaysLeft, counted(r.DaysLeft))
	case r.Pending:
		return since + " " + lang.L("It goes for good once it is synced.")
	}
	return since + " " + lang.L("It goes for good today.")
}

// purgeTitle asks about contacts that are to be removed for good; one is asked about by its name.
func purgeTitle(n int, name string) string {
	if n == 1 {
		return lang.L("Remove {{.Name}} for good?", map[string]any{"Name": name})
	}
	return lang.N("Remove {{.Count}} contacts for good?", n, counted(n))
}

func purgeText(n int) string {
	return lang.N("With them go their histories and their photos. This can't be undone.", n, counted(n))
}

// purgedText says what was removed, and what has to wait.
func purgedText(p data.Purged, name string) string {
	switch {
	case p.Gone == 0:
		return lang.N("{{.Count}} contacts are not removed yet: something of them is not synced or not decided", p.Waiting, counted(p.Waiting))
	case p.Waiting > 0:
		return lang.N("{{.Count}} contacts removed for good.", p.Gone, counted(p.Gone)) + " " +
			lang.N("{{.Count}} more wait to be synced or decided.", p.Waiting, counted(p.Waiting))
	case p.Gone == 1 && name != "":
		return lang.L("{{.Name}} removed for good", map[string]any{"Name": name})
	}
	return lang.N("{{.Count}} contacts removed for good", p.Gone, counted(p.Gone))
}

func purgingText(done, of int) string {
	return lang.L("Removing {{.Done}} of {{.Of}}…", map[string]any{"Done": thousands(done), "Of": lang.N("{{.Count}} contacts", of, counted(of))})
}

// canEmpty says that the list is of a trash with something in it.
func canEmpty(q data.Query, n int) bool { return q.Filter == data.Trash && q.Text == "" && n > 0 }

// emptyTrash removes what the list of the trash shows, after a question.
func (b *book) emptyTrash() {
	if b.editing {
		return
	}
	if b.list.query.Filter != data.Trash {
		b.choosePlace(data.Trash)
	}
	q := b.list.query
	q.Text = ""
	ask(b.bg, &b.dialogs.asking, func(ctx context.Context) ([]data.RowID, error) { return b.store.Order(ctx, q) },
		func(rows []data.RowID, err error) {
			switch {
			case err != nil:
				b.toast.show(userMessage(err), 0)
			case len(rows) == 0:
				b.toast.show(lang.L("The trash is empty"), 0)
			default:
				b.askPurge(rows, lang.L("Empty Trash"))
			}
		})
}

// purgeChosen removes the chosen contacts of the trash, after a question.
func (b *book) purgeChosen() {
	rows := b.list.chosenRows()
	if len(rows) == 0 && b.view.shown.Row != 0 && !b.view.shown.Deleted.IsZero() {
		rows = []data.RowID{b.view.shown.Row} // a search hides it from the list
	}
	if b.editing || len(rows) == 0 || b.list.query.Filter != data.Trash && b.view.shown.Deleted.IsZero() {
		return
	}
	b.askPurge(rows, lang.L("Delete for Good"))
}

// askPurge asks before it removes: the only question of its kind, for there is no undo.
func (b *book) askPurge(rows []data.RowID, verb string) {
	ask(b.bg, &b.dialogs.asking, func(ctx context.Context) (string, error) {
		first, err := b.store.Rows(ctx, rows[:1])
		if err != nil || len(first) == 0 {
			return "", err
		}
		return nameOr(first[0].Name), nil
	}, func(name string, err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		cancel := newButton(lang.L("Cancel"), nil, func() { b.dialogs.close() })
		remove := newButton(verb, nil, func() {
			b.dialogs.close()
			b.purge(rows, name)
		})
		remove.Importance = widget.DangerImportance
		b.dialogs.show(purgeTitle(len(rows), name), purgeWidth, flush(newParagraph(purgeText(len(rows)))), cancel, cancel, remove)
	})
}

const purgeWidth = 440

// purge removes contacts for good, and says so as it goes.
func (b *book) purge(rows []data.RowID, name string) {
	finished := false // of the UI goroutine
	report := seldom(b.bg, func(p [2]int) {
		if !finished {
			b.toast.show(purgingText(p[0], p[1]), 0)
		}
	})
	b.steps.jobs.add(func(ctx context.Context) { // after the steps that are under way, which may bring some of them back
		p, err := b.store.Purge(ctx, rows, func(done, of int) { report([2]int{done, of}) })
		if b.bg.ctx.Err() != nil {
			return
		}
		b.bg.post(func() {
			finished = true
			switch {
			case errors.Is(err, data.ErrNotDeleted):
				b.toast.show(lang.L("Some of them were restored meanwhile: nothing was removed"), 0)
			case err != nil:
				b.toast.show(userMessage(err), 0)
			default:
				b.toast.show(purgedText(p, name), 0)
				b.tidy() // what is left of them: photos, and the room in the file
			}
		})
	})
}

// tidyEvery is how often a window that stays open looks whether something has been in the trash for long enough.
const tidyEvery = time.Hour

// keepTidy tidies up now and then, until the window closes.
func (b *book) keepTidy() {
	b.bg.after(tidyEvery, func() {
		if b.bg.ctx.Err() == nil {
			b.tidy()
			b.keepTidy()
		}
	})
}

func (b *book) tidy() {
	b.bg.run(func(ctx context.Context) {
		_, err := b.store.Tidy(ctx)
		if err != nil || ctx.Err() != nil {
			return // what could not be done now can in an hour; the list says what is wrong with the database
		}
		b.bg.post(func() {
			if b.list.query.Filter == data.Trash {
				b.list.refresh() // the days that are left
			}
		})
	})
}
