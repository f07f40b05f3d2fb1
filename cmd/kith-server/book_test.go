package main

import (
	"strings"
	"testing"
)

func TestBooks(t *testing.T) {
	c := newCommand(t)
	for _, user := range []string{"ada", "bob", "cyd"} {
		c.ok("pw\n", "user", "add", user, "--password-stdin")
	}
	added := c.ok("", "book", "add", "ada", "Team 日本語")
	id, rest, ok := strings.Cut(strings.TrimPrefix(added, "added "), ":")
	if !ok || rest != " Team 日本語, of ada\n" {
		t.Fatalf("book add: %q", added)
	}
	fields := func(args ...string) []string { return strings.Fields(c.ok("", args...)) }
	has := func(what string, args ...string) {
		t.Helper()
		if got := strings.Join(fields(args...), " "); !strings.Contains(got, what) {
			t.Errorf("kith-server %s: %s; want %q in it", strings.Join(args, " "), got, what)
		}
	}
	has("ID NAME OWNER MEMBERS", "book", "list")
	has(id+" Team 日本語 ada 1", "book", "list")
	has(id+" Team 日本語 owner ada 1", "book", "list", "ada")
	c.fails(exitError, `no account "zed"`, "", "book", "list", "zed")
	c.fails(exitError, `no account "zed"`, "", "book", "add", "zed", "x")
	c.fails(exitError, "the book's name is empty", "", "book", "add", "ada", " ")

	c.ok("", "book", "member", "add", id, "bob")
	c.ok("", "book", "member", "add", id, "cyd", "reader")
	c.fails(exitError, "shares the book already", "", "book", "member", "add", id, "bob", "owner")
	c.fails(exitError, `no account "zed"`, "", "book", "member", "add", id, "zed")
	c.fails(exitError, `no book "nonsense"`, "", "book", "member", "add", "nonsense", "bob")
	c.fails(exitUsage, "must be one of", "", "book", "member", "add", id, "bob", "king")
	members := c.ok("", "book", "member", "list", id)
	if lines := strings.Split(members, "\n"); len(lines) != 5 || !strings.HasPrefix(lines[1], "ada   owner ") || !strings.HasPrefix(lines[2], "bob   writer") || !strings.HasPrefix(lines[3], "cyd   reader") {
		t.Errorf("book member list: %s", members)
	}
	c.fails(exitError, `no book "nonsense"`, "", "book", "member", "list", "nonsense")

	c.fails(exitError, "only owner", "", "book", "member", "rm", id, "ada")
	c.fails(exitError, "only owner", "", "book", "member", "role", id, "ada", "reader")
	c.fails(exitError, "only owner of a book that others share", "", "user", "rm", "ada")
	c.ok("", "book", "member", "role", id, "bob", "owner")
	c.ok("", "book", "member", "rm", id, "ada")
	c.fails(exitError, "ada does not share the book", "", "book", "member", "rm", id, "ada")
	c.fails(exitError, `no book "nonsense"`, "", "book", "member", "rm", "nonsense", "ada")
	has(id+" Team 日本語 owner bob 2", "book", "list", "bob")
	own := fields("book", "list", "ada")[5]
	c.fails(exitError, "first book", "", "book", "rm", own)
	c.ok("", "book", "member", "add", own, "bob", "owner")
	c.fails(exitError, "first book of ada", "", "book", "member", "rm", own, "ada")

	c.ok("", "book", "rename", id, "Work")
	has(id+" Work bob 2", "book", "list")
	c.fails(exitError, `no book "nonsense"`, "", "book", "rename", "nonsense", "x")
	c.ok("", "book", "rm", id)
	c.fails(exitError, "no book", "", "book", "rm", id)
	has("role_changed bob - command line writer to owner (book "+id+")", "audit")
	has("book_removed - - command line (book "+id+")", "audit")
	has("every row and every photo is as it should be", "doctor")
}
