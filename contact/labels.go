package contact

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// starred is the keyword that marks a favourite.
const starred = "starred"

func (c Card) Starred() bool { return object(c.members["keywords"])[starred] == true }

// WithStarred sets or removes the mark of a favourite.
func (c Card) WithStarred(on bool) Card {
	if on {
		return c.with(true, "keywords", starred)
	}
	return c.with(nil, "keywords", starred)
}

// LongestLabel is in characters: a label stands in one line of a narrow pane.
const LongestLabel = 100

// What can be wrong with a label's name.
var (
	ErrLabelEmpty   = errors.New("a label needs a name")
	ErrLabelLong    = fmt.Errorf("a label has at most %d characters", LongestLabel)
	ErrLabelControl = errors.New("a label has no control characters")
	ErrLabelTaken   = fmt.Errorf("%q is how favourites are stored: choose another name", starred)
)

// LabelName returns a label as it is stored, from what a person typed: without blanks around it. Errors: the four above.
func LabelName(typed string) (string, error) {
	name := strings.Join(strings.Fields(typed), " ")
	switch {
	case name == "":
		return "", ErrLabelEmpty
	case utf8.RuneCountInString(name) > LongestLabel:
		return "", ErrLabelLong
	case strings.ContainsFunc(name, unicode.IsControl):
		return "", ErrLabelControl
	case name == starred:
		return "", ErrLabelTaken
	}
	return name, nil
}

// Labels are the contact's labels (JSContact keywords, RFC 9553 section 2.8.2), sorted; that it is a favourite is none of them.
func (c Card) Labels() []string {
	var labels []string
	held := object(c.members["keywords"])
	for _, label := range sortedKeys(held) {
		if held[label] == true && label != starred {
			labels = append(labels, label)
		}
	}
	return labels
}

// WithLabel puts a label on the contact or takes it off. The name is one that LabelName returned, or stands on a card already.
func (c Card) WithLabel(name string, on bool) Card {
	switch {
	case on == slices.Contains(c.Labels(), name):
		return c
	case on:
		return c.with(true, "keywords", name)
	}
	return c.with(nil, "keywords", name)
}
