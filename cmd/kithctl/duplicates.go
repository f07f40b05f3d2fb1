package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"kith/contact"
	"kith/contact/duplicate"
	"kith/data"
)

type duplicatesCmd struct {
	Lane string `enum:",certain,likely,look" default:"" placeholder:"certain|likely|look" help:"List only those that are so sure."`
}

// duplicates is one group of duplicates' document.
type duplicates struct {
	Lane     string             `json:"lane"`
	Score    int                `json:"score"`
	Reasons  []duplicate.Reason `json:"reasons"`
	Contacts []duplicateContact `json:"contacts"`
}

type duplicateContact struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Subtitle string `json:"subtitle"`
}

// laneWords say to a person how sure the search is.
var laneWords = map[duplicate.Lane]string{duplicate.Certain: "The same for certain", duplicate.Likely: "Likely the same", duplicate.Look: "Look at it"}

func (c *duplicatesCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	found, err := findDuplicates(ctx, s)
	if err != nil {
		return err
	}
	all := []duplicates{}
	for _, d := range found {
		if c.Lane != "" && c.Lane != d.Lane.String() {
			continue
		}
		group := duplicates{Lane: d.Lane.String(), Score: d.Score, Reasons: d.Reasons}
		for _, r := range d.Rows {
			group.Contacts = append(group.Contacts, duplicateContact{r.ID, r.Name, r.Subtitle})
		}
		all = append(all, group)
	}
	return a.emit(all, func(w io.Writer) {
		if len(all) == 0 {
			fmt.Fprintln(w, "No duplicates found.")
			return
		}
		var rows [][]string
		for _, d := range found {
			if c.Lane != "" && c.Lane != d.Lane.String() {
				continue
			}
			rows = append(rows, []string{laneWords[d.Lane] + ": " + duplicate.Words(d.Reasons)})
			for _, r := range d.Rows {
				rows = append(rows, []string{"  " + shorten(r.Name), shorten(r.Subtitle), r.ID})
			}
		}
		duplicateTable(w, rows)
		fmt.Fprintln(w, "\n\"kithctl merge ID ID…\" makes one contact of several, the first; \"kithctl merge --certain\" all that are the same for certain;\n"+
			"\"kithctl distinct ID ID…\" remembers that they are not the same.")
	})
}

// duplicateTable aligns the contacts of all groups, not the reasons above them.
func duplicateTable(w io.Writer, rows [][]string) {
	var contacts [][]string
	for _, r := range rows {
		if len(r) > 1 {
			contacts = append(contacts, r)
		}
	}
	var aligned strings.Builder
	table(&aligned, contacts)
	lines := strings.Split(aligned.String(), "\n")
	for _, r := range rows {
		if len(r) == 1 {
			fmt.Fprintln(w, r[0])
			continue
		}
		fmt.Fprintln(w, lines[0])
		lines = lines[1:]
	}
}

// findDuplicates is what the book holds twice now.
func findDuplicates(ctx context.Context, s *data.Store) ([]data.Duplicates, error) {
	if _, err := s.FindDuplicates(ctx); err != nil {
		return nil, err
	}
	return s.Duplicates(ctx)
}

type mergeCmd struct {
	IDs     []string          `arg:"" optional:"" name:"ID" help:"The contacts; the first one stays, with what the others have, and these go to the trash."`
	Certain bool              `help:"Merge all groups that are the same for certain (see: kithctl duplicates --lane certain)."`
	Take    map[string]string `placeholder:"FIELD=ID" help:"Whose name, birthday or photo stands; may be repeated. Without it the first contact's, and another name becomes a nickname."`
	DryRun  bool              `help:"Show the contact that a merge would make, and change nothing."`
}

func (c *mergeCmd) Run(ctx context.Context, a *app) error {
	switch {
	case c.Certain && (len(c.IDs) > 0 || len(c.Take) > 0 || c.DryRun):
		return usage("--certain takes no contacts and no other option (see: kithctl merge --help)")
	case !c.Certain && len(c.IDs) < 2:
		return usage("name two contacts or more (see: kithctl merge --help)")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.Certain {
		return mergeCertain(ctx, a, s)
	}
	merge, cards, err := c.merge(ctx, s)
	if err != nil {
		return err
	}
	combined, err := duplicate.Combine(cards, merge.Choices)
	if err != nil {
		return err
	}
	result := mergeResult{ID: merge.IDs[0], Merged: merge.IDs[1:], Card: combined}
	if c.DryRun {
		return a.emit(result, func(w io.Writer) { table(w, describe(told{Contact: data.Contact{ID: merge.IDs[0], Card: combined}})) })
	}
	if err := s.MergeContacts(ctx, merge); err != nil {
		return err
	}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Merged %s into %s. \"kithctl undo\" takes it back.\n", count(len(merge.IDs), "contact"), oneLine(title(combined)))
	})
}

// mergeResult is the document of merge.
type mergeResult struct {
	ID     string       `json:"id"`
	Merged []string     `json:"merged"`
	Card   contact.Card `json:"card"`
}

// merge resolves the ids and choices.
func (c *mergeCmd) merge(ctx context.Context, s *data.Store) (data.Merge, []contact.Card, error) {
	ids, err := findAll(ctx, s, c.IDs)
	if err != nil {
		return data.Merge{}, nil, err
	}
	if len(ids) < 2 {
		return data.Merge{}, nil, usage("these are one contact already: name two or more")
	}
	m := data.Merge{IDs: ids, Choices: duplicate.Choices{Take: map[string]int{}}}
	cards := make([]contact.Card, len(ids))
	for i, id := range ids {
		found, err := s.Contact(ctx, id)
		if err != nil {
			return m, nil, err
		}
		cards[i] = found.Card
	}
	for field, id := range c.Take {
		if field != duplicate.Name && field != duplicate.Birthday && field != duplicate.Photo {
			return m, nil, usage("%q isn't name, birthday or photo: a contact has many of the others, and keeps them all", field)
		}
		chosen, err := find(ctx, s, id)
		if err != nil {
			return m, nil, err
		}
		at := -1
		for i, id := range ids {
			if id == chosen.ID {
				at = i
			}
		}
		if at < 0 {
			return m, nil, usage("%s is none of the contacts that are merged", id)
		}
		m.Choices.Take[field] = at
	}
	return m, cards, nil
}

func mergeCertain(ctx context.Context, a *app, s *data.Store) error {
	found, err := findDuplicates(ctx, s)
	if err != nil {
		return err
	}
	merges, contacts := data.CertainMerges(found)
	results := []mergeResult{}
	if len(merges) > 0 {
		if err := s.MergeContacts(ctx, merges...); err != nil {
			return err
		}
	}
	for _, m := range merges {
		c, err := s.Contact(ctx, m.IDs[0])
		if err != nil {
			return err
		}
		results = append(results, mergeResult{m.IDs[0], m.IDs[1:], c.Card})
	}
	return a.emit(results, func(w io.Writer) {
		if len(merges) == 0 {
			fmt.Fprintln(w, "Nothing is the same for certain.")
			return
		}
		fmt.Fprintf(w, "Merged %s into %d. \"kithctl undo\" takes all of it back.\n", count(contacts, "contact"), len(merges))
	})
}

type distinctCmd struct {
	IDs []string `arg:"" name:"ID" help:"The contacts, two or more."`
}

func (c *distinctCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	ids, err := findAll(ctx, s, c.IDs)
	if err != nil {
		return err
	}
	if len(ids) < 2 {
		return usage("name two contacts or more (see: kithctl distinct --help)")
	}
	if err := s.TellApart(ctx, ids...); err != nil {
		return err
	}
	return a.emit(idsResult{ids}, func(w io.Writer) {
		fmt.Fprintf(w, "Remembered that these %d are not the same, on all your machines. \"kithctl undo\" takes it back.\n", len(ids))
	})
}
