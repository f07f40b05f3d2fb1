package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestAudit(t *testing.T) {
	c := newCommand(t)
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	s := c.serve()
	for password, want := range map[string]int{"secret": 200, "wrong": 401} {
		if got := s.signIn(password); got != want {
			t.Fatalf("sign in with %s: %d", password, got)
		}
	}
	c.ok("new\n", "user", "passwd", "ada", "--password-stdin")
	list := c.ok("", "audit", "--user", "ADA", "--since", "1h")
	for _, want := range []string{"user_added", "sign_in ", "sign_in_refused", "password_set", "command line", "127.0.0.1", "laptop"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in the audit log:\n%s", want, list)
		}
	}
	var entries []auditEntry
	if err := json.Unmarshal([]byte(c.ok("", "audit", "--json")), &entries); err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		if e.Event == "" || e.User != "ada" || time.Since(e.Time) > time.Hour || (e.By == "") == (e.Address == "") {
			t.Errorf("entry %+v", e)
		}
	}
	if got := c.ok("", "audit", "--json", "--user", "nobody"); strings.TrimSpace(got) != "[]" {
		t.Errorf("of nobody: %s", got)
	}
	c.fails(exitUsage, "--since", "", "audit", "--since", "yesterday")
	c.fails(exitUsage, "--audit-days", "", "serve", "--audit-days", "0")
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.FixedZone("here", 2*3600))
	for _, c := range []struct{ text, want string }{
		{"2026-05-01", "2026-05-01T00:00:00+02:00"},
		{"2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"},
		{"24h", "2026-05-09T12:00:00+02:00"},
		{"7d", "2026-05-03T12:00:00+02:00"},
		{"-1h", ""}, {"-7d", ""}, {"soon", ""},
	} {
		got, err := parseSince(c.text, now)
		if c.want == "" {
			if err == nil {
				t.Errorf("%s: %v, want an error", c.text, got)
			}
			continue
		}
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s: %v, %v, want %s", c.text, got, err, c.want)
		}
	}
}
