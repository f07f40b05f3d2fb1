package ui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kith/contact"
	"kith/data"
)

// newStrategyChoice says what happens when two devices edit the same contact: for each book, where there are several.
func (b *book) newStrategyChoice(books []data.Book) fyne.CanvasObject {
	books = slices.Clone(books)
	at := 0
	strategy := newChoice(optionTexts(strategyOptions()), nil)
	show := func(i int) {
		at = i
		strategy.OnChanged = nil // this is no answer of the user's
		strategy.SetSelected(optionText(strategyOptions(), string(books[i].Strategy)))
		strategy.OnChanged = func(text string) {
			s := contact.Strategy(optionValue(strategyOptions(), text))
			books[at].Strategy = s
			id := books[at].ID
			do(b.bg, func(ctx context.Context) error { return b.store.SetStrategy(ctx, id, s) }, b.onlyErrors)
		}
	}
	if len(books) == 0 {
		books = []data.Book{{ID: data.DefaultBook}}
	}
	show(0)
	if len(books) < 2 {
		return strategy
	}
	which := newChoice(nil, nil)
	for i := range books {
		which.Options = append(which.Options, bookChoiceText(books, i))
	}
	which.SetSelectedIndex(0)
	which.OnChanged = func(string) { show(which.SelectedIndex()) }
	return container.New(columnLayout{gap: 6}, which, strategy)
}
