package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
)

// orderName puts the fields of the given name and the surname into the order of the name, or of the window's locale for one that is yet to be
// written. Tab follows.
func (e *editor) orderName(c contact.Card) {
	familyFirst, named := c.FamilyFirst()
	if !named {
		familyFirst = here().FamilyFirst()
	}
	e.first = e.given
	if familyFirst {
		e.first = e.surname
	}
	order(e.nameParts, familyFirst, e.given, e.surname)
	order(e.spokenParts, familyFirst, e.spoken[0], e.spoken[1])
}

func order(pair *fyne.Container, swapped bool, a, b fyne.CanvasObject) {
	if swapped {
		a, b = b, a
	}
	pair.Objects[0], pair.Objects[1] = a, b
	pair.Refresh()
}

// spokenField is there from the beginning where people ask for it.
func (e *editor) spokenField(o *optional) *optional {
	has := o.has
	o.has = func() bool { return has() || here().Phonetic() }
	return o
}

// collationLocale is the locale whose order names are in: the language that was chosen for the window, else the system's.
func collationLocale(chosen string) string {
	if chosen == "" || chosen == followSystem {
		return systemLocale("LC_COLLATE")
	}
	return chosen
}

const (
	sortingShown = 5_000                  // fewer names are in order before anybody could read it
	sortingPace  = 100 * time.Millisecond // between two things said of it
)

// orderNames makes the lists follow the locale, behind them. What is made when the window closes is not made again.
func (b *book) orderNames() {
	b.bg.run(func(ctx context.Context) {
		chosen, err := b.store.Setting(ctx, settingLanguage)
		if err == nil {
			told := b.bg.now()
			err = b.store.Collate(ctx, collationLocale(chosen), func(done, total int) {
				if now := b.bg.now(); total >= sortingShown && now.Sub(told) >= sortingPace {
					told = now
					b.bg.post(func() { b.status.sort(done, total) })
				}
			})
		}
		if ctx.Err() != nil {
			return
		}
		b.bg.post(func() {
			b.status.sort(0, 0)
			if err != nil {
				b.toast.show(userMessage(err), 0)
			}
		})
	})
}

// sort says how far the new order of the names is; 0 of 0: it is there.
func (s *statusBar) sort(done, total int) {
	if now := [2]int{done, total}; s.sorting != now {
		s.sorting = now
		s.draw()
	}
}

func sortingText(done, total int) string {
	return lang.L("Sorting names: {{.Done}} of {{.Total}}", map[string]any{"Done": thousands(done), "Total": thousands(total)})
}
