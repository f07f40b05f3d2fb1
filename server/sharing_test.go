package server_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/servertest"
)

// invite returns the code of a new invitation to c's book.
func (c *client) invite(role string) string {
	c.t.Helper()
	var in api.Invitation
	c.ok(&in, "POST", "/v1/books/"+c.book+"/invitations", api.InvitationRequest{Role: role})
	if in.Path != "/join#"+in.Code || len(in.Code) < 26 {
		c.t.Fatalf("invitation: %+v", in)
	}
	return in.Code
}

// TestGuessingCodes: who tries codes has to wait, on all nodes together; right ones cost nothing, and neither does it lock anybody out of
// signing in.
func TestGuessingCodes(t *testing.T) {
	limits := server.SignInLimits{Account: 3, AccountEvery: time.Hour, Address: 100, AddressEvery: time.Hour}
	s := servertest.New(t, servertest.Options{SignIns: limits})
	second := servertest.New(t, servertest.Options{DB: s.DB, SignIns: limits})
	for _, name := range []string{"ada", "eve"} {
		s.AddUser(name, password)
	}
	ada, eve := signIn(t, s, "ada", "laptop"), signIn(t, s, "eve", "phone")
	code := ada.invite(api.Reader)
	for range 5 { // looking at a right one gives back what it took
		eve.ok(nil, "POST", "/v1/invitations/look", api.CodeRequest{Code: code})
	}
	for i, c := range []*client{eve, {t: t, server: second, token: eve.token}, eve} {
		path := []string{"look", "accept"}[i%2]
		c.refused(404, api.CodeNotFound, "POST", "/v1/invitations/"+path, api.CodeRequest{Code: "AGUESSAGUESSAGUESSAGUESSAGUESS"})
	}
	for _, path := range []string{"look", "accept"} {
		for _, c := range []string{code, "another"} { // a right one is not told from a wrong one any more
			r := eve.do("POST", "/v1/invitations/"+path, api.CodeRequest{Code: c})
			if r.status != 429 || r.problem(t).Code != api.CodeRateLimited || r.header.Get("Retry-After") == "" {
				t.Errorf("%s after three guesses: %d %s", path, r.status, r.body)
			}
		}
	}
	if again := signIn(t, s, "eve", "tablet"); again.token == "" {
		t.Error("eve can't sign in")
	}
	ada.ok(nil, "POST", "/v1/invitations/look", api.CodeRequest{Code: code}) // others are not held up
	got := ada.metrics("kith_invitations_total")
	if got[`kith_invitations_total{outcome="made"}`] != 1 || got[`kith_invitations_total{outcome="refused"}`] != 2 || got[`kith_invitations_total{outcome="limited"}`] != 4 {
		t.Errorf("metrics: %v", got)
	}
}

// TestLimitsOfSharing: each limit has its answer, which says what it is.
func TestLimitsOfSharing(t *testing.T) {
	l := api.DefaultLimits
	l.AccountBooks, l.BookMembers, l.BookInvitations = 3, 2, 2
	s := servertest.New(t, servertest.Options{Limits: l})
	for _, name := range []string{"ada", "bob", "cyd"} {
		s.AddUser(name, password)
	}
	ada, bob, cyd := signIn(t, s, "ada", "laptop"), signIn(t, s, "bob", "phone"), signIn(t, s, "cyd", "tablet")
	for range 2 {
		ada.ok(nil, "POST", "/v1/books", api.BookRequest{Name: "More"})
	}
	ada.refused(409, api.CodeLimitReached, "POST", "/v1/books", api.BookRequest{Name: "Too many"})
	first, second := ada.invite(api.Writer), ada.invite(api.Writer)
	ada.refused(409, api.CodeLimitReached, "POST", "/v1/books/"+ada.book+"/invitations", api.InvitationRequest{Role: api.Reader})
	bob.ok(nil, "POST", "/v1/invitations/accept", api.CodeRequest{Code: first})
	p := cyd.refused(409, api.CodeLimitReached, "POST", "/v1/invitations/accept", api.CodeRequest{Code: second})
	if !strings.Contains(p.Detail, "2 members") {
		t.Errorf("the answer does not say the limit: %s", p.Detail)
	}
	for _, c := range []struct {
		name, method, path string
		body               any
	}{
		{"no role", "POST", "/v1/books/" + ada.book + "/invitations", api.InvitationRequest{Role: "king"}},
		{"too long", "POST", "/v1/books/" + ada.book + "/invitations", api.InvitationRequest{Role: api.Reader, Days: 91}},
		{"in the past", "POST", "/v1/books/" + ada.book + "/invitations", api.InvitationRequest{Role: api.Reader, Days: -1}},
		{"a blank name", "PATCH", "/v1/books/" + ada.book, api.BookChange{Name: " "}},
		{"a name that nobody can read", "PATCH", "/v1/books/" + ada.book, api.BookChange{Name: "a\x00b"}},
		{"a short id", "POST", "/v1/books", api.BookRequest{ID: "mine", Name: "x"}},
		{"an id that is a path", "POST", "/v1/books", api.BookRequest{ID: "../../etc/passwd-and-more", Name: "x"}},
		{"no role for a member", "PUT", "/v1/books/" + ada.book + "/members/me", api.RoleRequest{Role: "king"}},
		{"a code that is too long", "POST", "/v1/invitations/look", api.CodeRequest{Code: strings.Repeat("x", 129)}},
	} {
		if r := ada.do(c.method, c.path, c.body); r.status != 422 {
			t.Errorf("%s: %d %s", c.name, r.status, r.body)
		}
	}
}

// TestPollOfAMember: another role and a removal end it, at once at the node where that was done, and soon at the others.
func TestPollOfAMember(t *testing.T) {
	s, ada := setUp(t)
	nodes := []*servertest.Server{s, servertest.New(t, servertest.Options{DB: s.DB})}
	s.AddUser("bob", password)
	for i, node := range nodes {
		bob := signIn(t, node, "bob", "phone")
		own := bob.book
		bob.book = ada.book
		bob.ok(nil, "POST", "/v1/invitations/accept", api.CodeRequest{Code: ada.invite(api.Reader)})
		poll := bob.poll(bob.changes("").Cursor)
		var of api.Members
		ada.ok(&of, "GET", "/v1/books/"+ada.book+"/members", nil)
		member := "/v1/books/" + ada.book + "/members/" + of.Members[1].ID
		ada.ok(nil, "PUT", member, api.RoleRequest{Role: api.Writer})
		if r := bob.answered(poll); r.status != 403 || r.problem(t).Code != api.CodeForbidden {
			t.Errorf("node %d, in another role: %d %s", i, r.status, r.body)
		}
		poll = bob.poll(bob.changes("").Cursor)
		ada.ok(nil, "DELETE", member, nil)
		if r := bob.answered(poll); r.status != 404 || r.problem(t).Code != api.CodeNotFound {
			t.Errorf("node %d: %d %s", i, r.status, r.body)
		}
		bob.book = own
		bob.changes("") // nothing else of bob's has ended
	}
}

// TestJoinPage: what a browser shows of an invitation link. It runs nothing, fetches nothing, and is the same for all.
func TestJoinPage(t *testing.T) {
	s, ada := setUp(t)
	ada.invite(api.Reader)
	r := ada.do("GET", "/join", nil)
	page, policy := string(r.body), r.header.Get("Content-Security-Policy")
	if r.status != 200 || r.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s", r.status, r.header.Get("Content-Type"))
	}
	for _, want := range []string{"Join a Book…", "kithctl books join", "everything after the <code>#</code>", "works once"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, bad := range []string{"<script", "http://", "https://", "<img", "<link", "<form", "<iframe", "<a ", "style=", "onclick", "ada"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	if len(style) != 1 {
		t.Fatalf("%d style sheets", len(style))
	}
	sum := sha256.Sum256([]byte(style[0][1]))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if policy != want {
		t.Errorf("policy %q, want %q", policy, want)
	}
	if r.header.Get("Referrer-Policy") != "no-referrer" || r.header.Get("Cache-Control") != "no-store" || r.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers: %v", r.header)
	}
	if r := ada.do("GET", "/join/", nil); string(r.body) != page {
		t.Errorf("with a slash at its end: %d %s", r.status, r.body)
	}
	if r := ada.do("HEAD", "/join", nil); r.status != 200 || len(r.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", r.status, len(r.body))
	}
	if r := ada.do("POST", "/join", nil); r.status == 200 {
		t.Errorf("POST: %d", r.status)
	}
	// Behind a proxy that strips a prefix it is below that prefix, and the page names no other address.
	behind := httptest.NewServer(http.StripPrefix("/team/kith", s.Handler()))
	defer behind.Close()
	answer, err := http.Get(behind.URL + "/team/kith/join")
	if err != nil || answer.StatusCode != 200 {
		t.Errorf("below a prefix: %v, %v", answer, err)
	} else {
		answer.Body.Close()
	}
}
