package server_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/servertest"
)

func TestSignIn(t *testing.T) {
	s, laptop := setUp(t)
	anyone := &client{t: t, server: s}
	for _, c := range []struct {
		name   string
		body   any
		status int
		code   string
	}{
		{"wrong password", api.SessionRequest{User: "ada", Password: "x", Device: "d"}, 401, api.CodeBadCredentials},
		{"no such user", api.SessionRequest{User: "bob", Password: password, Device: "d"}, 401, api.CodeBadCredentials},
		{"a user that is none", api.SessionRequest{User: "\x00'; --", Password: password, Device: "d"}, 401, api.CodeBadCredentials},
		{"no password", map[string]string{"user": "ada", "device": "d"}, 422, api.CodeBadRequest},
		{"an empty device", api.SessionRequest{User: "ada", Password: password}, 422, api.CodeBadRequest},
		{"another shape", []string{"ada"}, 422, api.CodeBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) { anyone.refused(c.status, c.code, "POST", "/v1/sessions", c.body) })
	}
	// The two ways to be wrong must read alike.
	a := anyone.do("POST", "/v1/sessions", api.SessionRequest{User: "ada", Password: "x", Device: "d"})
	b := anyone.do("POST", "/v1/sessions", api.SessionRequest{User: "nobody", Password: "x", Device: "d"})
	if string(a.body) != string(b.body) {
		t.Errorf("a wrong password: %s, no such user: %s", a.body, b.body)
	}

	var session api.Session
	anyone.ok(&session, "POST", "/v1/sessions", map[string]any{"user": "ADA", "password": password, "device": "laptop", "device_id": laptop.id, "of a newer client": true})
	if session.DeviceID != laptop.id || session.User != "ada" || session.Limits != api.DefaultLimits || session.Time == 0 || len(session.Token) < 43 {
		t.Errorf("session %+v", session)
	}
	laptop.refused(401, api.CodeUnauthorized, "GET", "/v1/books", nil) // its older token ended
	laptop.token = session.Token

	phone := signIn(t, s, "ada", "phone")
	var devices api.Devices
	laptop.ok(&devices, "GET", "/v1/devices", nil)
	if len(devices.Devices) != 2 {
		t.Fatalf("devices: %+v", devices)
	}
	for _, d := range devices.Devices {
		if d.Current != (d.ID == laptop.id) || d.Created == 0 || d.LastSeen == 0 {
			t.Errorf("device %+v", d)
		}
	}
	laptop.ok(nil, "DELETE", "/v1/devices/"+phone.id, nil)
	phone.refused(401, api.CodeUnauthorized, "GET", "/v1/books", nil)
	laptop.refused(404, api.CodeNotFound, "DELETE", "/v1/devices/"+phone.id, nil)
	laptop.ok(nil, "DELETE", "/v1/sessions/current", nil)
	laptop.refused(401, api.CodeUnauthorized, "DELETE", "/v1/sessions/current", nil)
	for _, header := range []string{"", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + session.Token} {
		laptop.refused(401, api.CodeUnauthorized, "GET", "/v1/devices", nil, "Authorization", header)
	}
}

func TestSignInLimits(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	pass := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	s := servertest.New(t, servertest.Options{Now: clock, SignIns: server.SignInLimits{Account: 3, AccountEvery: time.Minute, Address: 5, AddressEvery: 10 * time.Second}})
	s.AddUser("ada", password)
	s.AddUser("bob", password)
	c := &client{t: t, server: s}
	right := func(user string) { t.Helper(); signIn(t, s, user, "d") }
	wrong := func(user string) {
		t.Helper()
		c.refused(401, api.CodeBadCredentials, "POST", "/v1/sessions", api.SessionRequest{User: user, Password: "x", Device: "d"})
	}
	limited := func(user, pw string, seconds int) {
		t.Helper()
		r := c.do("POST", "/v1/sessions", api.SessionRequest{User: user, Password: pw, Device: "d"})
		if got := r.header.Get("Retry-After"); r.status != 429 || r.problem(t).Code != api.CodeRateLimited || got != strconv.Itoa(seconds) {
			t.Errorf("status %d, Retry-After %q, want 429 and %d", r.status, got, seconds)
		}
	}
	for range 10 {
		right("ada") // a right password costs nothing
	}
	for range 3 {
		wrong("ada")
	}
	limited("ada", password, 60) // also the right one: a guesser must not learn
	limited("ADA", "x", 60)
	right("bob")
	wrong("bob")
	wrong("nobody")
	limited("bob", password, 10) // the address has used up its five
	pass(10 * time.Second)
	right("bob")
	limited("ada", password, 50)
	pass(50 * time.Second)
	right("ada")
	wrong("ada")
	limited("ada", password, 60)
}

// TestHashingIsBounded: more sign-ins at once than may wait are turned away, not piled up.
func TestHashingIsBounded(t *testing.T) {
	p := server.NewPasswords(server.Hashing{MemoryKiB: 16 << 10, Passes: 2, Threads: 1, Parallel: 1, Queue: 2})
	var wg sync.WaitGroup
	results := make(chan error, 40)
	for range cap(results) {
		wg.Go(func() { _, err := p.Check(t.Context(), "", "x"); results <- err })
	}
	wg.Wait()
	close(results)
	done, turnedAway := 0, 0
	for err := range results {
		if err == nil {
			done++
		} else {
			turnedAway++
		}
	}
	if done < 3 || turnedAway == 0 {
		t.Errorf("%d hashed, %d turned away", done, turnedAway)
	}
}

func TestPasswords(t *testing.T) {
	cheap := server.NewPasswords(server.Hashing{MemoryKiB: 64, Passes: 1, Threads: 1})
	dear := server.NewPasswords(server.Hashing{MemoryKiB: 128, Passes: 2, Threads: 2})
	hash, err := cheap.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := cheap.Hash(t.Context(), password); again == hash {
		t.Error("two hashes of one password are alike: no salt")
	}
	for _, c := range []struct {
		name, hash, password string
		want, fails          bool
	}{
		{"right", hash, password, true, false},
		{"wrong", hash, password + " ", false, false},
		{"empty", hash, "", false, false},
		{"unknown user", "", password, false, false},
		{"a damaged hash", hash[:40], password, false, true},
		{"no hash", "plain", "plain", false, true},
	} {
		got, err := dear.Check(t.Context(), c.hash, c.password) // parameters come from the hash
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %t, %v", c.name, got, err)
		}
	}
}

func TestReadersMayNotWrite(t *testing.T) {
	s, owner := setUp(t)
	s.AddUser("reader", password)
	if err := s.Store().AddMember(t.Context(), owner.book, "reader", "reader"); err != nil {
		t.Fatal(err)
	}
	reader := signIn(t, s, "reader", "phone")
	owner.sync("", insert("x"))
	reader.book = owner.book
	if p := reader.changes(""); len(p.Changes) != 1 {
		t.Errorf("a reader got %+v", p)
	}
	reader.refused(403, api.CodeForbidden, "POST", "/v1/books/"+owner.book+"/sync", api.SyncRequest{Changes: []api.Push{insert("y")}})
	reader.refused(403, api.CodeForbidden, "PUT", fmt.Sprintf("/v1/books/%s/blobs/%064d", owner.book, 0), []byte("x"))
}
