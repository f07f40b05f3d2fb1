package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// ctl runs kithctl on a profile, and reads its document.
func ctl(t *testing.T, profile string, into any, args ...string) {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), append([]string{"--profile", profile, "--json"}, args...), strings.NewReader(""), &out, &errOut); code != exitDone {
		t.Fatalf("%v: code %d: %s", args, code, errOut.String())
	}
	if into != nil {
		if err := json.Unmarshal(out.Bytes(), into); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out.String())
		}
	}
}

func TestDuplicates(t *testing.T) {
	profile := t.TempDir()
	add := func(args ...string) string {
		var added idResult
		ctl(t, profile, &added, append([]string{"add"}, args...)...)
		return added.ID
	}
	bob := add("--name", "Bob Smith", "--email", "bob@example.com", "--phone", "+44 7700 900123", "--note", "chess")
	robert := add("--name", "Robert Smith", "--email", "BOB@example.com", "--org", "Acme")
	ada := add("--name", "Ada Lovelace", "--email", "ada@example.org")
	twin := add("--name", "Ada Lovelace", "--email", "ada@example.org", "--note", "two")

	var found []duplicates
	ctl(t, profile, &found, "duplicates")
	if len(found) != 2 || found[0].Lane != "certain" || found[0].Contacts[0].ID != ada || found[1].Lane != "likely" || found[1].Contacts[1].ID != robert {
		t.Fatalf("found %+v", found)
	}
	ctl(t, profile, &found, "duplicates", "--lane", "look")
	if len(found) != 0 {
		t.Errorf("to be looked at: %+v", found)
	}

	var merged mergeResult
	ctl(t, profile, &merged, "merge", "--dry-run", robert, bob)
	if got := merged.Card; got.FullName() != "Robert Smith" || got.Note() != "chess" || got.Organization() != "Acme" || len(got.Phones()) != 1 || len(got.Emails()) != 1 {
		t.Errorf("would merge to %s", got.JSON())
	}
	ctl(t, profile, &found, "duplicates")
	if len(found) != 2 {
		t.Fatalf("the dry run has changed something: %+v", found)
	}
	ctl(t, profile, &merged, "merge", robert, bob, "--take", "name="+bob[len(bob)-6:])
	if merged.ID != robert || merged.Card.FullName() != "Bob Smith" {
		t.Errorf("merged %+v", merged)
	}
	var gone struct {
		Merged string `json:"merged_into"`
	}
	if ctl(t, profile, &gone, "show", bob); gone.Merged != robert {
		t.Errorf("merged into %q, want %q", gone.Merged, robert)
	}

	var all []mergeResult
	if ctl(t, profile, &all, "merge", "--certain"); len(all) != 1 || all[0].ID != ada || all[0].Card.Note() != "two" {
		t.Errorf("merged %+v", all)
	}
	ctl(t, profile, nil, "undo")
	ctl(t, profile, nil, "distinct", ada, twin)
	if ctl(t, profile, &found, "duplicates"); len(found) != 0 {
		t.Errorf("still found: %+v", found)
	}
}
