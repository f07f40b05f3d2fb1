package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"kith/contact"
	"kith/data"
)

type resolveCmd struct {
	ID        string   `arg:"" optional:"" help:"The contact; none with --all."`
	Keep      string   `enum:",local,remote,newest,both,now" default:"" placeholder:"local|remote|newest|both" help:"Which values stand in every field that is not named; both: in the fields that have room for two. With --overruled also now: everything stays as it is."`
	All       bool     `help:"Decide the fields of all contacts alike, as one action that one undo takes back."`
	Field     string   `placeholder:"FIELD" help:"With --all: only in the fields of this name (phone, note, …)."`
	Overruled bool     `help:"Decide values that the strategy has overruled (\"conflicts --overruled\") instead of those that wait."`
	Fields    []string `arg:"" optional:"" name:"FIELD=WHICH" help:"Which value stands in one field: FIELD=local, remote, newest or both; FIELD:=VALUE, JSON or text, another one. FIELD is as \"kithctl conflicts\" shows it, or its JSON pointer."`
}

// keeps are the choices by their names.
var keeps = map[string]data.Keep{
	"local": data.KeepLocal, "remote": data.KeepRemote, "newest": data.KeepNewest, "both": data.KeepBoth, "now": data.KeepAsIs,
}

func (c *resolveCmd) check() error {
	switch {
	case c.Keep == "now" && !c.Overruled:
		return usage("--keep now is for overruled values: add --overruled")
	case c.All && c.Keep == "":
		return usage("say which values stand: --all --keep local, remote, newest or both")
	case c.All && (c.ID != "" || len(c.Fields) > 0):
		return usage("--all is for every contact: leave %q out, or leave out --all", c.ID)
	case c.Field != "" && !c.All:
		return usage("--field goes with --all; for one contact say FIELD=local or FIELD=remote")
	case c.ID == "" && !c.All:
		return usage("say which contact, or --all (see: kithctl resolve --help)")
	case c.Keep == "" && len(c.Fields) == 0:
		return usage("say which values stand: --keep local, --keep remote, or FIELD=local|remote (see: kithctl resolve --help)")
	}
	return nil
}

func (c *resolveCmd) Run(ctx context.Context, a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if c.All {
		return c.all(ctx, a, s)
	}
	found, err := find(ctx, s, c.ID)
	if err != nil {
		return err
	}
	asked, err := c.asked(ctx, s, found.ID)
	if err != nil {
		return err
	}
	if len(asked) == 0 && c.Overruled {
		return fmt.Errorf("no value of %s was overruled", oneLine(title(found.Card)))
	}
	if len(asked) == 0 {
		return fmt.Errorf("nothing of %s waits for a decision", oneLine(title(found.Card)))
	}
	decisions, left, err := c.decisions(asked)
	if err != nil {
		return err
	}
	if _, err := s.Decide(ctx, decisions...); err != nil {
		return err
	}
	if asked, err = c.asked(ctx, s, found.ID); err != nil {
		return err
	}
	result := struct {
		ID        string `json:"id"`
		Conflicts int    `json:"conflicts"`
	}{found.ID, len(asked)}
	err = a.emit(result, func(w io.Writer) {
		if len(asked) > 0 {
			fmt.Fprintf(w, "Decided; %s of this contact still to decide.\n", count(len(asked), "field"))
			return
		}
		fmt.Fprintln(w, `Decided. "kithctl sync" sends it.`)
	})
	if err == nil && left > 0 {
		err = roomForOne(left)
	}
	return err
}

// roomForOne says of a choice of both that some fields could not take it.
func roomForOne(fields int) error {
	if fields == 1 {
		return &outcome{exitConflicts, "1 field has room for one value only: it still waits"}
	}
	return &outcome{exitConflicts, fmt.Sprintf("%d fields have room for one value only: they still wait", fields)}
}

// asked are the questions about one contact.
func (c *resolveCmd) asked(ctx context.Context, s *data.Store, id string) ([]data.Conflict, error) {
	waiting, reviews, err := s.ConflictsOf(ctx, id)
	if c.Overruled {
		return reviews, err
	}
	return waiting, err
}

// all decides every contact's fields alike.
func (c *resolveCmd) all(ctx context.Context, a *app, s *data.Store) error {
	p := newProgress(a.errOut)
	match := func(f data.Conflict) bool { return c.Field == "" || f.Field == c.Field || friendly(f.Field) == c.Field }
	done, err := s.DecideAll(ctx, c.Overruled, data.Choice{Keep: keeps[c.Keep]}, match, func(n, total int) {
		p.line(fmt.Sprintf("%d of %d", n, total))
	})
	p.clear()
	if err != nil {
		return err
	}
	list := s.Conflicts
	if c.Overruled {
		list = s.Reviews
	}
	rest, err := list(ctx)
	if err != nil {
		return err
	}
	result := struct {
		Contacts  int `json:"contacts"`
		Fields    int `json:"fields"`
		Left      int `json:"left"`      // could not take the choice
		Conflicts int `json:"conflicts"` // fields still to decide, all in all
	}{done.Contacts, done.Fields, done.Left, len(rest)}
	err = a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Decided %s of %s", count(done.Fields, "field"), count(done.Contacts, "contact"))
		if len(rest) > 0 {
			fmt.Fprintf(w, "; %s still to decide", count(len(rest), "field"))
		}
		fmt.Fprintln(w, `. "kithctl sync" sends it, "kithctl undo" takes it back.`)
	})
	if err == nil && done.Left > 0 {
		err = roomForOne(done.Left)
	}
	return err
}

// decisions turns the arguments into the store's. left counts the fields that --keep both has no room in.
func (c *resolveCmd) decisions(asked []data.Conflict) (all []data.Decision, left int, err error) {
	named, err := decisions(c.Fields, asked)
	if err != nil {
		return nil, 0, err
	}
	for _, f := range asked {
		choice, ok := named[f.Field]
		switch {
		case ok:
		case c.Keep == "":
			continue
		case c.Keep == "both" && !f.CanKeepBoth():
			left++
			continue
		default:
			choice = data.Choice{Keep: keeps[c.Keep]}
		}
		all = append(all, data.Decision{ID: f.ID, Field: f.Field, Review: f.Review, Choice: choice})
	}
	return all, left, nil
}

// decisions reads FIELD=WHICH and FIELD:=VALUE, by the pointers of the fields. A name that several fields bear is refused.
func decisions(args []string, asked []data.Conflict) (map[string]data.Choice, error) {
	chosen := map[string]data.Choice{}
	for _, arg := range args {
		field, value, typed, err := splitDecision(arg, asked)
		if err != nil {
			return nil, err
		}
		pointers := matching(field, asked)
		switch len(pointers) {
		case 0:
			return nil, fmt.Errorf("the field %q does not wait for a decision: these do: %s", field, strings.Join(names(asked), ", "))
		case 1:
		default:
			return nil, fmt.Errorf("%q is the name of several fields that wait: give one of %s", field, strings.Join(pointers, ", "))
		}
		choice := data.Choice{Keep: keeps[value]}
		if typed {
			if choice, err = typedChoice(pointers[0], value, asked); err != nil {
				return nil, fmt.Errorf("the value of %q: %w", field, err)
			}
		} else if choice.Keep == data.KeepBoth && !canKeepBoth(pointers[0], asked) {
			return nil, fmt.Errorf("%q has room for one value only: choose %s=local, %s=remote, or %s:=VALUE", field, field, field, field)
		}
		chosen[pointers[0]] = choice
	}
	return chosen, nil
}

// splitDecision takes an argument apart. A pointer may hold either sign, so the field decides where it ends.
func splitDecision(arg string, asked []data.Conflict) (field, value string, typed bool, err error) {
	for at := 0; ; {
		i := strings.Index(arg[at:], ":=")
		if i < 0 {
			break
		}
		if field := arg[:at+i]; len(matching(field, asked)) > 0 {
			return field, arg[at+i+2:], true, nil
		}
		at += i + 2
	}
	cut := strings.LastIndexByte(arg, '=')
	if cut < 0 {
		return "", "", false, usage("%q isn't FIELD=local or FIELD=remote", arg)
	}
	if _, ok := keeps[arg[cut+1:]]; ok {
		return arg[:cut], arg[cut+1:], false, nil
	}
	if field, value, ok := strings.Cut(arg, ":="); ok { // of a field that is not asked about
		return field, value, true, nil
	}
	return "", "", false, usage("%q isn't FIELD=local or FIELD=remote", arg)
}

func canKeepBoth(pointer string, asked []data.Conflict) bool {
	for _, f := range asked {
		if f.Field == pointer && f.CanKeepBoth() {
			return true
		}
	}
	return false
}

// typedChoice is a third value: JSON of the kind that the field holds, or a text; nothing removes.
func typedChoice(pointer, value string, asked []data.Conflict) (data.Choice, error) {
	if value == "" {
		return data.Choice{Keep: data.KeepValue}, nil
	}
	var like json.RawMessage
	for _, f := range asked {
		if f.Field == pointer {
			for _, v := range []json.RawMessage{f.Local, f.Remote, f.Base} {
				if like == nil {
					like = v
				}
			}
		}
	}
	if canonical, err := contact.Canonical(json.RawMessage(value)); err == nil {
		var text string
		switch {
		case like != nil && kindOf(canonical) == kindOf(like):
			return data.Choice{Keep: data.KeepValue, Value: canonical}, nil
		case json.Unmarshal(canonical, &text) == nil:
			value = text
		case like == nil:
			return data.Choice{Keep: data.KeepValue, Value: canonical}, nil
		}
	}
	typed, err := contact.TypedValue(pointer, value, like)
	return data.Choice{Keep: data.KeepValue, Value: typed}, err
}

// kindOf is the first character of a JSON value, which tells texts, objects and arrays apart from each other and the rest.
func kindOf(v json.RawMessage) byte {
	if v = bytes.TrimSpace(v); len(v) > 0 && strings.IndexByte("\"{[", v[0]) >= 0 {
		return v[0]
	}
	return 0
}

func matching(field string, asked []data.Conflict) []string {
	var pointers []string
	for _, f := range asked {
		if f.Field == field {
			return []string{f.Field}
		}
		if friendly(f.Field) == field && !slices.Contains(pointers, f.Field) {
			pointers = append(pointers, f.Field)
		}
	}
	return pointers
}
