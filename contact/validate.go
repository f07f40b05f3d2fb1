package contact

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a card: Path is a JSON pointer, Message says what to do.
type Problem struct {
	Path, Message string
	Kind          ProblemKind
}

// ProblemKind tells apart what a person may do about a problem; a window says it in its own language.
type ProblemKind int

const (
	Malformed ProblemKind = iota // only a program writes such a card
	Nameless                     // nothing to find it by
	Oversize                     // larger than MaxBytes
)

// ValidationError lists every problem of a card.
type ValidationError struct{ Problems []Problem }

func (e *ValidationError) Error() string {
	var lines []string
	for _, p := range e.Problems {
		if p.Path == "" {
			lines = append(lines, p.Message)
		} else {
			lines = append(lines, p.Path+": "+p.Message)
		}
	}
	return strings.Join(lines, "; ")
}

// keyedMaps are the members that hold objects by id, and for each the text that its entries live by ("": none).
var keyedMaps = map[string]string{
	"emails": "address", "phones": "number", "links": "uri", "notes": "note", "nicknames": "name",
	"organizations": "", "titles": "name", "addresses": "", "anniversaries": "", "onlineServices": "", "media": "uri",
	CustomMember: "value",
}

// Validate reports what keeps the card from being saved: nothing to be found by (no name, nickname, organization, e-mail or
// phone), larger than MaxBytes, a member of the wrong type. Members that this version does not know are not looked at. The
// error is a *ValidationError.
func (c Card) Validate() error {
	var problems []Problem
	report := func(path, format string, args ...any) {
		problems = append(problems, Problem{Path: path, Message: fmt.Sprintf(format, args...)})
	}
	if name, there := c.members["name"]; there {
		validateName(name, report)
	}
	for _, member := range sortedKeys(c.members) {
		value, known := keyedMaps[member]
		if !known {
			continue
		}
		entries, ok := c.members[member].(map[string]any)
		if !ok {
			report("/"+member, "must be an object of entries by id")
			continue
		}
		for _, id := range sortedKeys(entries) {
			entry, ok := entries[id].(map[string]any)
			if !ok {
				report("/"+member+"/"+escapePointer(id), "must be an object")
				continue
			}
			if v, there := entry[value]; there && value != "" {
				if _, ok := v.(string); !ok {
					report("/"+member+"/"+escapePointer(id)+"/"+value, "must be text")
				}
			}
		}
	}
	if keywords, there := c.members["keywords"]; there && object(keywords) == nil {
		report("/keywords", "must be an object of labels")
	}
	if len(problems) == 0 && strings.TrimSpace(c.DisplayName()) == "" {
		problems = append(problems, Problem{Kind: Nameless, Message: "the contact has nothing to find it by: give it a name, an organization, an e-mail or a phone"})
	}
	if size := len(c.JSON()); size > MaxBytes {
		problems = append(problems, Problem{Kind: Oversize,
			Message: fmt.Sprintf("the contact is too large: %d KiB of at most %d KiB; shorten the note or take out pictures", (size+1023)/1024, MaxBytes/1024)})
	}
	if len(problems) == 0 {
		return nil
	}
	return &ValidationError{problems}
}

func validateName(v any, report func(path, format string, args ...any)) {
	name, ok := v.(map[string]any)
	if !ok {
		report("/name", "must be an object")
		return
	}
	if full, there := name["full"]; there {
		if _, ok := full.(string); !ok {
			report("/name/full", "must be text")
		}
	}
	if parts, there := name["components"]; there {
		ok := !slices.ContainsFunc(list(parts), func(v any) bool {
			_, isText := object(v)["value"].(string)
			return text(object(v)["kind"]) == "" || !isText
		})
		if list(parts) == nil || !ok {
			report("/name/components", "must be an array of objects with a kind and a value")
		}
	}
}

// escapePointer makes a name a segment of a JSON pointer (RFC 6901, section 3).
func escapePointer(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }
