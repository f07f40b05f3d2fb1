package ui

import (
	"context"

	"fyne.io/fyne/v2/lang"

	"kith/data"
)

// audience is a set of contacts that an export or a print can be of.
type audience struct {
	text  string
	query data.Query
	rows  []data.RowID // chosen in the list; nil: those of the query
}

// audiences are all sets that there are now, and which of them the list suggests.
func audiences(c data.Counts, shown data.Query, chosen []data.RowID) (all []audience, suggested int) {
	add := func(text string, n int, q data.Query) {
		q.Book = shown.Book // the counts are of that
		all = append(all, audience{text: text + "  (" + thousands(n) + ")", query: q})
		if shown.Filter == q.Filter && shown.Label == q.Label && shown.Text == "" {
			suggested = len(all) - 1
		}
	}
	add(lang.L("All contacts"), c.All, data.Query{})
	if c.Favourites > 0 {
		add(lang.L("Favourites"), c.Favourites, data.Query{Filter: data.Favourites})
	}
	for _, l := range c.Labels {
		add(lang.L("Label “{{.Label}}”", with{"Label": l.Name}), l.Count, data.Query{Label: l.Name})
	}
	if len(chosen) > 0 && shown.Filter != data.Trash {
		text := lang.L("The selected contact")
		if len(chosen) > 1 {
			text = lang.N("The {{.Count}} selected contacts", len(chosen), counted(len(chosen)))
			suggested = len(all)
		}
		all = append(all, audience{text: text, rows: chosen})
	}
	return all, suggested
}

// members are its rows, in list order; errNobody if there are none.
func (a audience) members(ctx context.Context, store *data.Store) ([]data.RowID, error) {
	if a.rows != nil {
		return a.rows, nil
	}
	rows, err := store.Order(ctx, a.query)
	if err == nil && len(rows) == 0 {
		err = errNobody
	}
	return rows, err
}

// audienceChoice lets the user say of whom.
type audienceChoice struct {
	*choice
	all []audience
}

func (b *book) newAudienceChoice() audienceChoice {
	all, suggested := audiences(b.counts, b.list.query, b.list.chosenRows())
	var texts []string
	for _, a := range all {
		texts = append(texts, a.text)
	}
	c := audienceChoice{newChoice(texts, nil), all}
	c.SetSelectedIndex(suggested)
	return c
}

func (c audienceChoice) chosen() audience { return c.all[c.SelectedIndex()] }
