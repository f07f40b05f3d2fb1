package systest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
)

// person speaks the protocol as somebody would with curl.
type person struct {
	t          *testing.T
	url, token string
	book       string // its own
}

// ask sends a line of JSON, and returns the status and what the answer holds.
func (p *person) ask(method, path, body string) (int, map[string]any) {
	p.t.Helper()
	status, raw, err := p.send(method, path, body)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	out := map[string]any{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			p.t.Fatalf("%s %s: %d %s", method, path, status, raw)
		}
	}
	return status, out
}

func (p *person) send(method, path, body string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	return answer.StatusCode, raw, err
}

// want asks for what must be answered so.
func (p *person) want(status int, method, path, body string) map[string]any {
	p.t.Helper()
	got, out := p.ask(method, path, body)
	if got != status {
		p.t.Fatalf("%s %s: status %d, want %d: %v", method, path, got, status, out)
	}
	return out
}

func (s *server) person(url, name string) *person {
	s.t.Helper()
	p := &person{t: s.t, url: url}
	p.token = p.want(200, "POST", "/v1/sessions", fmt.Sprintf(`{"user":%q,"password":%q,"device":"curl"}`, name, password))["token"].(string)
	p.book = p.want(200, "GET", "/v1/books", "")["books"].([]any)[0].(map[string]any)["id"].(string)
	return p
}

// insert pushes a new contact, and returns the status.
func (p *person) insert(book, id string) int {
	p.t.Helper()
	status, _ := p.ask("POST", "/v1/books/"+book+"/sync", fmt.Sprintf(
		`{"changes":[{"change_id":%q,"id":%q,"operation":"INSERT","base_rev":0,"card":{"@type":"Card","uid":%q},"edited_at":1}]}`, id+p.token[:8], id, id))
	return status
}

// ids are the contacts that a book's feed shows.
func (p *person) ids(book string) string {
	p.t.Helper()
	var all []string
	for _, c := range p.want(200, "GET", "/v1/books/"+book+"/changes", "")["changes"].([]any) {
		all = append(all, c.(map[string]any)["id"].(string))
	}
	return strings.Join(all, " ")
}

// TestSharedBook: two accounts share a book at the real server, reached below a prefix, which is killed in between; the administrator
// takes one out while it waits.
func TestSharedBook(t *testing.T) {
	s := newServer(t)
	for _, name := range []string{"bob", "cyd"} {
		s.command(password+"\n", "user", "add", name, "--password-stdin")
	}
	target, err := url.Parse(s.url())
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.StripPrefix("/team/kith", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}))
	defer proxy.Close()
	at := proxy.URL + "/team/kith"
	ada, bob, cyd := s.person(at, user), s.person(at, "bob"), s.person(s.url(), "cyd")

	const book = "0198c0de-0000-7000-8000-00000000beef" // made by ada's device, before it had a network
	for range 2 {
		if b := ada.want(201, "POST", "/v1/books", `{"id":"`+book+`","name":"Team"}`); b["id"] != book || b["role"] != "owner" {
			t.Fatalf("book: %v", b)
		}
	}
	ada.insert(book, "from-ada")
	made := ada.want(201, "POST", "/v1/books/"+book+"/invitations", `{"role":"writer"}`)
	link := at + made["path"].(string)

	// A browser sends no fragment, and shows the page.
	page, code, _ := strings.Cut(link, "#")
	answer, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	html, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil || answer.StatusCode != 200 || !bytes.Contains(html, []byte("invited to share an address book")) || !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the page of the link: %d, %v, %s", answer.StatusCode, err, html)
	}

	accept := fmt.Sprintf(`{"code":%q}`, code)
	if o := bob.want(200, "POST", "/v1/invitations/look", accept); o["book_name"] != "Team" || o["invited_by"] != user || o["role"] != "writer" {
		t.Errorf("offer: %v", o)
	}
	bob.want(200, "POST", "/v1/invitations/accept", accept)
	s.kill()
	s.start()
	bob.want(200, "POST", "/v1/invitations/accept", accept) // the answer may have been lost
	cyd.want(404, "POST", "/v1/invitations/accept", accept)
	if status := bob.insert(book, "from-bob"); status != 200 {
		t.Errorf("bob pushes: %d", status)
	}
	if got := ada.ids(book); got != "from-ada from-bob" {
		t.Errorf("ada sees %q", got)
	}
	s.command("", "book", "member", "add", book, "cyd", "reader")
	if got, status := cyd.ids(book), cyd.insert(book, "from-cyd"); got != "from-ada from-bob" || status != 403 {
		t.Errorf("cyd sees %q, and a push is %d", got, status)
	}

	// While bob waits, the administrator takes the book away from him: the wait ends, and nothing else of his does.
	cursor := bob.want(200, "GET", "/v1/books/"+book+"/changes", "")["cursor"].(string)
	type end struct {
		status int
		err    error
	}
	ended := make(chan end, 1)
	go func() {
		status, _, err := bob.send("GET", "/v1/books/"+book+"/changes?wait=50&since="+url.QueryEscape(cursor), "")
		ended <- end{status, err}
	}()
	begin := time.Now()
	s.command("", "book", "member", "rm", book, "bob")
	if e := <-ended; e.err != nil || e.status != 404 || time.Since(begin) > 40*time.Second {
		t.Errorf("the wait of a removed member ended with %d, %v, after %v", e.status, e.err, time.Since(begin))
	}
	bob.want(404, "GET", "/v1/books/"+book+"/members", "")
	if status := bob.insert(book, "late"); status != 404 {
		t.Errorf("a push of a removed member: %d", status)
	}
	if status := bob.insert(bob.book, "own"); status != 200 {
		t.Errorf("a push to his own book: %d", status)
	}
	if got := s.command("", "audit"); strings.Contains(got, code) || !strings.Contains(got, "invitation_accepted") || !strings.Contains(got, "member_removed") {
		t.Errorf("the audit log: %s", got)
	}
	if strings.Contains(s.log.String(), code) {
		t.Errorf("the log tells the code: %s", s.log)
	}
	s.stop()
	if got := s.command("", "doctor"); !strings.Contains(got, "every row and every photo is as it should be") {
		t.Errorf("doctor: %s", got)
	}
}
