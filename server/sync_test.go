package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store/storetest"
)

func TestPushAndPull(t *testing.T) {
	s, a := setUp(t)
	b := signIn(t, s, "ada", "phone")
	start := a.changes("")
	answer := a.sync(start.Cursor, insert("x"), insert("y"))
	if r := answer.Results; len(r) != 2 || r[0].Status != api.Applied || r[1].Rev != 2 || answer.Cursor == "" || answer.Time == 0 {
		t.Fatalf("answer %+v", answer)
	}
	if p := a.changes(answer.Cursor); len(p.Changes) != 0 || p.More || p.Total != 0 {
		t.Errorf("echo: %+v", p)
	}
	p := b.changes("")
	if len(p.Changes) != 2 || p.Changes[0].DeviceName != "laptop" || p.Changes[0].Device != a.id || p.Changes[0].User != "ada" || string(p.Changes[1].Card) != `{"name":{"full":"y"}}` {
		t.Fatalf("page %+v", p)
	}
	edit := api.Push{ChangeID: "e1", ID: "x", Operation: api.Update, BaseRev: 1, Card: json.RawMessage(`{"a":1}`), EditedAt: 9}
	if r := b.sync(p.Cursor, edit).Results[0]; r.Status != api.Applied || r.EditedAt != 9 {
		t.Errorf("edit: %+v", r)
	}
	clash := a.sync(answer.Cursor, api.Push{ChangeID: "e2", ID: "x", Operation: api.Delete, BaseRev: 1}).Results[0]
	if clash.Status != api.Conflict || clash.Current == nil || string(clash.Current.Card) != `{"a":1}` || clash.Current.DeviceName != "phone" {
		t.Errorf("conflict: %+v", clash)
	}
	if r := a.sync("", api.Push{ChangeID: "e3", ID: "x", Operation: api.Delete, BaseRev: clash.Current.Rev}).Results[0]; r.Status != api.Applied {
		t.Errorf("delete: %+v", r)
	}
	if p := b.changes(p.Cursor); len(p.Changes) != 1 || p.Changes[0].Operation != api.Delete || p.Changes[0].Card != nil {
		t.Errorf("after the delete: %+v", p)
	}
}

func TestOneBadChangeHoldsUpNoOther(t *testing.T) {
	_, c := setUp(t)
	big := json.RawMessage(`{"note":"` + strings.Repeat("x", 256<<10) + `"}`)
	with := func(f func(p *api.Push)) api.Push { p := insert(fmt.Sprint("id", serial.Add(1))); f(&p); return p }
	cases := []struct {
		name string
		push api.Push
		code string
	}{
		{"too large", with(func(p *api.Push) { p.Card = big }), api.CodeTooLarge},
		{"an array", with(func(p *api.Push) { p.Card = json.RawMessage(`[]`) }), api.CodeInvalidCard},
		{"null", with(func(p *api.Push) { p.Card = json.RawMessage(`null`) }), api.CodeInvalidCard},
		{"a string", with(func(p *api.Push) { p.Card = json.RawMessage(`"{}"`) }), api.CodeInvalidCard},
		{"no card", with(func(p *api.Push) { p.Card = nil }), api.CodeInvalidCard},
		{"nested too deep", with(func(p *api.Push) {
			p.Card = json.RawMessage(strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65))
		}), api.CodeInvalidCard},
		{"no id", with(func(p *api.Push) { p.ID = "" }), api.CodeInvalidCard},
		{"a long id", with(func(p *api.Push) { p.ID = strings.Repeat("x", 256) }), api.CodeInvalidCard},
		{"an id with NUL", with(func(p *api.Push) { p.ID = "x\x00y" }), api.CodeInvalidCard},
		{"no operation", with(func(p *api.Push) { p.Operation = "" }), api.CodeBadRequest},
		{"another operation", with(func(p *api.Push) { p.Operation = "UPSERT" }), api.CodeBadRequest},
		{"a negative rev", with(func(p *api.Push) { p.BaseRev = -1 }), api.CodeBadRequest},
		{"not a hash", with(func(p *api.Push) { p.Blobs = []string{"x"} }), api.CodeBadRequest},
		{"a blob that is not there", with(func(p *api.Push) { p.Blobs = []string{strings.Repeat("0", 64)} }), api.CodeMissingBlob},
	}
	batch := []api.Push{insert("first")}
	for _, k := range cases {
		batch = append(batch, k.push)
	}
	batch = append(batch, insert("last"))
	for round := range 2 { // the second is a repeat of everything
		results := c.sync("", batch...).Results
		for i, k := range cases {
			r := results[i+1]
			if r.Status != api.Rejected || r.Error == nil || r.Error.Code != k.code || r.Error.Detail == "" || r.Error.Status < 400 {
				t.Errorf("round %d, %s: %+v %+v, want rejected with %s", round, k.name, r, r.Error, k.code)
			}
		}
		if first, last := results[0], results[len(results)-1]; first.Rev != 1 || last.Rev != 2 {
			t.Errorf("round %d: the good ones: %+v %+v", round, first, last)
		}
	}
	if p := c.changes(""); len(p.Changes) != 2 {
		t.Errorf("%d contacts, want the two good ones", len(p.Changes))
	}
}

func TestLimits(t *testing.T) {
	limits := api.DefaultLimits
	limits.PushChanges, limits.PushBytes, limits.BlobBytes, limits.PageChanges = 3, 2000, 1000, 2
	s := servertest.New(t, servertest.Options{Limits: limits})
	s.AddUser("ada", password)
	c := signIn(t, s, "ada", "laptop")
	path := "/v1/books/" + c.book + "/sync"
	push := func(p ...api.Push) api.SyncRequest { return api.SyncRequest{Changes: p} }
	p := c.refused(413, api.CodeTooLarge, "POST", path, push(insert("1"), insert("2"), insert("3"), insert("4")))
	if !strings.Contains(p.Detail, "3 changes") || !strings.Contains(p.Detail, "2000 bytes") {
		t.Errorf("the answer does not say the limits: %s", p.Detail)
	}
	large := insert("1")
	large.Card = json.RawMessage(`{"note":"` + strings.Repeat("x", 2000) + `"}`)
	p = c.refused(413, api.CodeTooLarge, "POST", path, push(large))
	if !strings.Contains(p.Detail, "3 changes") || !strings.Contains(p.Detail, "2000 bytes") {
		t.Errorf("the answer does not say the limits: %s", p.Detail)
	}
	c.refused(413, api.CodeTooLarge, "PUT", "/v1/books/"+c.book+"/blobs/"+strings.Repeat("0", 64), make([]byte, 1001))
	exact := []byte(`{"changes":[]` + strings.Repeat(" ", 2000-14) + `}`)
	if r := c.do("POST", path, exact, "Content-Type", "application/json"); r.status != 200 {
		t.Errorf("a push of exactly the limit: %d %s", r.status, r.body)
	}
	c.sync("", insert("1"), insert("2"), insert("3"))
	var page api.Changes
	c.ok(&page, "GET", c.feed("", 0)+"&limit=100", nil)
	if len(page.Changes) != 2 || !page.More || page.Total != 3 {
		t.Errorf("page over the limit: %d changes, more %t, total %d", len(page.Changes), page.More, page.Total)
	}
}

func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGzip(t *testing.T) {
	s, c := setUp(t)
	path := "/v1/books/" + c.book + "/sync"
	var changes []api.Push
	for i := range 200 {
		changes = append(changes, insert(fmt.Sprint("c", i)))
	}
	body := zipped(t, []byte(mustJSON(t, api.SyncRequest{Changes: changes})))
	s.Traffic()
	if r := c.do("POST", path, body, "Content-Type", "application/json", "Content-Encoding", "gzip"); r.status != 200 {
		t.Fatalf("a compressed push: %d %s", r.status, r.body)
	}
	if p := c.changes(""); len(p.Changes) != 200 {
		t.Fatalf("%d contacts", len(p.Changes))
	}
	if traffic := s.Traffic(); traffic.Requests != 2 || traffic.BytesOut > 20_000 { // uncompressed: 48 KB
		t.Errorf("answers are not compressed: %+v", traffic)
	}
	bomb := zipped(t, append([]byte(`{"cursor":"`), bytes.Repeat([]byte("x"), 64<<20)...))
	c.refused(413, api.CodeTooLarge, "POST", path, bomb, "Content-Type", "application/json", "Content-Encoding", "gzip")
	c.refused(400, api.CodeBadRequest, "POST", path, []byte("not gzip"), "Content-Type", "application/json", "Content-Encoding", "gzip")
	c.refused(400, api.CodeBadRequest, "POST", path, body[:len(body)/2], "Content-Type", "application/json", "Content-Encoding", "gzip")
	c.refused(415, api.CodeBadRequest, "POST", path, body, "Content-Type", "application/json", "Content-Encoding", "br")
}

func TestBadRequests(t *testing.T) {
	_, c := setUp(t)
	path := "/v1/books/" + c.book + "/sync"
	raw := func(status int, body string) {
		t.Helper()
		c.refused(status, api.CodeBadRequest, "POST", path, []byte(body), "Content-Type", "application/json")
	}
	raw(400, ``)
	raw(422, `{"changes":[`)
	raw(422, `{"changes":[{"change_id":"a","id":"x","operation":"INSERT","card":{]}`)
	raw(400, `{"changes":[{"id":"x","operation":"INSERT","card":{}}]}`)
	raw(400, `{"changes":[{"change_id":"`+strings.Repeat("x", 65)+`","id":"x","operation":"INSERT","card":{}}]}`)
	c.refused(422, api.CodeBadRequest, "GET", c.feed("", 0)+"&limit=-1", nil)
	c.refused(422, api.CodeBadRequest, "GET", c.feed("", 0)+"&wait=x", nil)
	c.refused(410, api.CodeCursorUnknown, "GET", c.feed("nonsense", 0), nil)
	c.refused(410, api.CodeCursorUnknown, "POST", path, api.SyncRequest{Cursor: "nonsense", Changes: []api.Push{insert("x")}})
	c.refused(404, api.CodeNotFound, "GET", "/v2/books", nil)
	c.refused(404, api.CodeNotFound, "GET", "/", nil)
	c.refused(426, api.CodeUpdateRequired, "GET", "/v1/books", nil, api.HeaderProtocol, "99")
	if r := c.do("GET", "/v1/books", nil, api.HeaderProtocol, ""); r.status != 200 {
		t.Errorf("without the protocol's header: %d", r.status)
	}
}

// TestOddText: what no column could hold is refused like anything else that is not there, on every database.
func TestOddText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		s := servertest.New(t, servertest.Options{DB: db(t)})
		s.AddUser("ada", password)
		c := signIn(t, s, "ada", "laptop")
		for _, odd := range []string{"\x00", "a\x00b", "\xff\xfe", "\n", "'; DROP TABLE users; --", "\\'", "?", "%", "\u202e", "𝕏"} {
			path := url.PathEscape(odd)
			c.refused(404, api.CodeNotFound, "GET", "/v1/books/"+path+"/changes", nil)
			c.refused(404, api.CodeNotFound, "POST", "/v1/books/"+path+"/sync", api.SyncRequest{Changes: []api.Push{insert("x")}})
			c.refused(404, api.CodeNotFound, "GET", "/v1/books/"+path+"/blobs/"+strings.Repeat("0", 64), nil)
			c.refused(404, api.CodeNotFound, "DELETE", "/v1/devices/"+path, nil)
			c.refused(401, api.CodeUnauthorized, "GET", "/v1/books", nil, "Authorization", "Bearer "+strings.Map(func(r rune) rune {
				if r < ' ' {
					return -1
				}
				return r
			}, odd)+"x")
			c.refused(401, api.CodeBadCredentials, "POST", "/v1/sessions", api.SessionRequest{User: odd, Password: odd + "x", Device: "d"})
			push := insert("x")
			push.ID = odd
			for _, r := range []reply{
				c.do("POST", "/v1/sessions", api.SessionRequest{User: "ada", Password: password, Device: odd, DeviceID: odd}),
				c.do("POST", "/v1/books", api.BookRequest{Name: odd}),
				c.do("POST", "/v1/books/"+c.book+"/sync", api.SyncRequest{Changes: []api.Push{push}}),
				c.do("GET", c.feed(odd, 0), nil),
			} {
				if r.status >= 500 || r.status == 404 {
					t.Errorf("%q: status %d: %s", odd, r.status, r.body)
				}
			}
		}
	})
}

func TestBlobs(t *testing.T) {
	_, c := setUp(t)
	data := bytes.Repeat([]byte("photo\x00\xff"), 300_000)
	sum := sha256.Sum256(data)
	path := "/v1/books/" + c.book + "/blobs/" + hex.EncodeToString(sum[:])
	c.refused(404, api.CodeNotFound, "GET", path, nil)
	if r := c.do("HEAD", path, nil); r.status != 404 {
		t.Errorf("HEAD before: %d", r.status)
	}
	c.refused(400, api.CodeBadRequest, "PUT", path, data[1:])
	c.refused(422, api.CodeBadRequest, "PUT", "/v1/books/"+c.book+"/blobs/nonsense", data)
	for range 2 {
		if r := c.do("PUT", path, data); r.status != http.StatusNoContent {
			t.Fatalf("PUT: %d %s", r.status, r.body)
		}
	}
	if r := c.do("GET", path, nil); r.status != 200 || !bytes.Equal(r.body, data) || r.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("GET: %d, %d bytes, %s", r.status, len(r.body), r.header.Get("Content-Type"))
	}
	if r := c.do("HEAD", path, nil); r.status != 200 || r.header.Get("Content-Length") != fmt.Sprint(len(data)) {
		t.Errorf("HEAD: %d, Content-Length %s, want %d", r.status, r.header.Get("Content-Length"), len(data))
	}
}

func TestServerTime(t *testing.T) {
	at := time.Date(2027, 1, 2, 3, 4, 5, 6000, time.UTC)
	s := servertest.New(t, servertest.Options{Now: func() time.Time { return at }})
	s.AddUser("ada", password)
	c := signIn(t, s, "ada", "laptop")
	p := insert("x")
	p.EditedAt = at.Add(time.Hour).UnixMicro()
	if a := c.sync("", p); a.Results[0].EditedAt != at.UnixMicro() || a.Time != at.UnixMicro() {
		t.Errorf("edited_at %d, time %d, want %d for both", a.Results[0].EditedAt, a.Time, at.UnixMicro())
	}
}
