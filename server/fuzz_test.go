package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"kith/api"
	"kith/server/servertest"
)

// inMemory is a server without a socket, for many requests a second.
type inMemory struct {
	*servertest.Server
	token, book string
}

func newInMemory(t testing.TB) inMemory {
	s := inMemory{Server: servertest.New(t, servertest.Options{InMemory: true})}
	s.AddUser("ada", password)
	var session api.Session
	body, _ := json.Marshal(api.SessionRequest{User: "ada", Password: password, Device: "d"})
	s.must(t, s.do("POST", "/v1/sessions", body), &session)
	s.token = session.Token
	var books api.Books
	s.must(t, s.do("GET", "/v1/books", nil), &books)
	s.book = "/v1/books/" + books.Books[0].ID
	return s
}

func (s inMemory) must(t testing.TB, r *httptest.ResponseRecorder, into any) {
	t.Helper()
	if err := json.Unmarshal(r.Body.Bytes(), into); err != nil || r.Code != 200 {
		t.Fatalf("status %d: %s, %v", r.Code, r.Body, err)
	}
}

func (s inMemory) do(method, path string, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+s.token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// sane is what every answer must be, whatever was asked: ours, never a fault of the server's, and JSON that says what is wrong.
func sane(t *testing.T, r *httptest.ResponseRecorder) {
	t.Helper()
	if r.Code >= 500 || r.Header().Get(api.HeaderProtocol) != strconv.Itoa(api.Version) || !json.Valid(r.Body.Bytes()) {
		t.Fatalf("status %d, %v: %s", r.Code, r.Header(), r.Body)
	}
	var p api.Problem
	if r.Code >= 400 && (json.Unmarshal(r.Body.Bytes(), &p) != nil || p.Code == "" || p.Code == api.CodeInternal) {
		t.Fatalf("status %d without a reason: %s", r.Code, r.Body)
	}
}

// FuzzSync pushes anything. What is taken must come back in the feed, and the book must stay one that every device can read.
func FuzzSync(f *testing.F) {
	for _, seed := range []string{
		`{"changes":[]}`,
		`{"changes":[{"change_id":"1","id":"x","operation":"INSERT","base_rev":0,"card":{"name":{"full":"Ada"}},"edited_at":1}]}`,
		`{"cursor":"AQ","changes":[{"change_id":"2","id":"x","operation":"DELETE","base_rev":1,"edited_at":9223372036854775807}]}`,
		`{"changes":[{"change_id":"3","id":"é\u0000","operation":"UPDATE","base_rev":-1,"card":[[[[]]]],"blobs":["zz"]}]}`,
		`{"changes":[{"change_id":"4","id":"x","operation":"INSERT","card":{"a":"\ud800"}},{"change_id":"4","id":"y","operation":"INSERT","card":{}}]}`,
		`{"changes":null}`, `[]`, `{"changes":{}}`, `{"changes":[null]}`, "\x1f\x8b",
	} {
		f.Add([]byte(seed))
	}
	s := newInMemory(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		r := s.do("POST", s.book+"/sync", body)
		sane(t, r)
		if r.Code != 200 {
			return
		}
		var request api.SyncRequest
		var answer api.SyncResponse
		if json.Unmarshal(body, &request) != nil || json.Unmarshal(r.Body.Bytes(), &answer) != nil || len(answer.Results) != len(request.Changes) {
			t.Fatalf("%d results for %s: %s", len(answer.Results), body, r.Body)
		}
		again := s.do("POST", s.book+"/sync", body)
		var repeated api.SyncResponse
		if again.Code == 200 && json.Unmarshal(again.Body.Bytes(), &repeated) == nil {
			for i, r := range repeated.Results {
				if r.Status != answer.Results[i].Status && answer.Results[i].Status == api.Applied {
					t.Fatalf("a repeat is answered with %+v, first %+v", r, answer.Results[i])
				}
			}
		}
		page := s.do("GET", s.book+"/changes?limit=2", nil)
		sane(t, page)
		if page.Code != 200 {
			t.Fatalf("after %s the feed says %d: %s", body, page.Code, page.Body)
		}
	})
}

// FuzzGzip sends anything as a compressed body.
func FuzzGzip(f *testing.F) {
	f.Add(zip([]byte(`{"changes":[]}`)))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Add(zip(bytes.Repeat([]byte(" "), 1<<20)))
	s := newInMemory(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		sane(t, s.do("POST", s.book+"/sync", body, "Content-Encoding", "gzip"))
	})
}

// FuzzChanges asks for the feed with any query.
func FuzzChanges(f *testing.F) {
	s := newInMemory(f)
	var page api.Changes
	s.must(f, s.do("GET", s.book+"/changes", nil), &page)
	for _, q := range []string{"since=" + url.QueryEscape(page.Cursor), "since=AQ&limit=1", "limit=-1", "limit=99999999999999999999", "since=%00&since=x", "wait=0", "%", "limit=1;since=", "since=" + page.Cursor + "A"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		u := &url.URL{Path: s.book + "/changes", RawQuery: query}
		if u.Query().Get("wait") != "" {
			return // it would wait
		}
		if _, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + u.String() + " HTTP/1.1\r\nHost: kith\r\n\r\n"))); err != nil || strings.ContainsAny(query, " \r\n#") {
			return // it is no request at all
		}
		sane(t, s.do("GET", u.String(), nil))
	})
}

// FuzzSignIn sends anything as a sign-in.
func FuzzSignIn(f *testing.F) {
	for _, seed := range []string{`{"user":"ada","password":"x","device":"d"}`, `{"user":"","password":"","device":""}`, `{"user":"\u0000","password":"\ud800","device":"a\nb","device_id":"x"}`, `null`, `{"user":{}}`} {
		f.Add([]byte(seed))
	}
	s := newInMemory(f)
	f.Fuzz(func(t *testing.T, body []byte) { sane(t, s.do("POST", "/v1/sessions", body)) })
}

// FuzzSharing sends anything to what is about books and members. Whatever comes of it, the account keeps its first book, and every book
// an owner.
func FuzzSharing(f *testing.F) {
	s := newInMemory(f)
	for which, body := range []string{
		`{"id":"0198c0de-0000-7000-8000-000000000001","name":"Team"}`, `{"name":"日本語"}`, `{"role":"owner"}`, `{"role":"writer","days":3}`, `{"code":"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}`, `{"code":"\u0000"}`,
		`{"name":"\ud800"}`, `null`, `{"role":"reader"}`, `{"role":null}`,
	} {
		f.Add(uint8(which), "me", []byte(body))
		f.Add(uint8(which), "%00", []byte(body))
	}
	f.Fuzz(func(t *testing.T, which uint8, id string, body []byte) {
		id = url.PathEscape(id)
		if id == "" || id == "." || id == ".." {
			return // another address
		}
		calls := [][2]string{
			{"POST", "/v1/books"}, {"PATCH", s.book}, {"PUT", s.book + "/members/" + id}, {"POST", s.book + "/invitations"}, {"POST", "/v1/invitations/look"}, {"POST", "/v1/invitations/accept"},
			{"DELETE", s.book + "/members/" + id}, {"DELETE", s.book + "/invitations/" + id}, {"DELETE", "/v1/books/" + id}, {"GET", "/v1/books/" + id + "/members"},
		}
		c := calls[int(which)%len(calls)]
		if r := s.do(c[0], c[1], body); r.Code != http.StatusNoContent {
			sane(t, r)
		}
		var books api.Books
		s.must(t, s.do("GET", "/v1/books", nil), &books)
		if len(books.Books) == 0 || "/v1/books/"+books.Books[0].ID != s.book {
			t.Fatalf("the account's books: %+v", books.Books)
		}
		for _, b := range books.Books {
			if b.Role != api.Owner || b.Owner != "ada" || b.Members != 1 {
				t.Fatalf("a book of the account alone: %+v", b)
			}
		}
	})
}
