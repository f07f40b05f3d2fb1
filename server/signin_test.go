package server_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/servertest"
)

// metrics are a server's counters, by name and labels.
func (c *client) metrics(prefix string) map[string]float64 {
	c.t.Helper()
	out := map[string]float64{}
	for line := range strings.Lines(string(c.do("GET", "/metrics", nil).body)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(name, prefix) {
			var v float64
			fmt.Sscan(value, &v)
			out[name] = v
		}
	}
	return out
}

// TestUnknownUserTakesTheSameWork: who guesses at names learns nothing from the time, because the server does the same for both:
// as many hashes, and as many statements of each kind. Counting them is exact where a clock would not be.
func TestUnknownUserTakesTheSameWork(t *testing.T) {
	s, _ := setUp(t)
	c := &client{t: t, server: s}
	work := func(user string) map[string]float64 {
		t.Helper()
		count := func() map[string]float64 {
			all := c.metrics("kith_database_seconds_count")
			maps.Copy(all, c.metrics("kith_password_hash_seconds_count"))
			return all
		}
		before := count()
		c.refused(401, api.CodeBadCredentials, "POST", "/v1/sessions", api.SessionRequest{User: user, Password: "wrong", Device: "d"})
		after := count()
		for name := range after {
			after[name] -= before[name]
		}
		return after
	}
	work("ada") // both buckets of attempts, of the account and of the address, are there from now on, or not for the account
	work("nobody")
	known, unknown := work("ada"), work("nobody")
	if known["kith_password_hash_seconds_count"] != 1 || !maps.Equal(known, unknown) {
		t.Errorf("a wrong password took %v, an unknown name %v", known, unknown)
	}
	if first, second := work("first of its name"), unknown; first["kith_password_hash_seconds_count"] != second["kith_password_hash_seconds_count"] {
		t.Errorf("a new name took %v", first)
	}
}

// TestSignInLimitsOfAllNodes: two nodes on one database allow together what one would.
func TestSignInLimitsOfAllNodes(t *testing.T) {
	limits := server.SignInLimits{Account: 4, AccountEvery: time.Hour, Address: 100, AddressEvery: time.Hour}
	a := servertest.New(t, servertest.Options{SignIns: limits})
	a.AddUser("ada", password)
	b := servertest.New(t, servertest.Options{SignIns: limits, DB: a.DB})
	nodes := []*client{{t: t, server: a}, {t: t, server: b}}
	guess := api.SessionRequest{User: "ada", Password: "wrong", Device: "d"}
	for i := range 4 {
		nodes[i%2].refused(401, api.CodeBadCredentials, "POST", "/v1/sessions", guess)
	}
	for _, n := range nodes {
		n.refused(429, api.CodeRateLimited, "POST", "/v1/sessions", guess)
	}
}
