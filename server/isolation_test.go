package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kith/api"
)

// call is one use of one operation. Its path holds {book}, {id} (a device) and {sha256} of the account whose they are.
type call struct {
	operation, method, path string
	body                    any
	open                    bool // needs no token
	own                     bool // speaks only of the caller's own account: nothing of another's can be named
}

var calls = []call{
	{operation: "sign-in", method: "POST", path: "/v1/sessions", body: api.SessionRequest{User: "ada", Password: "x", Device: "d"}, open: true},
	{operation: "list-devices", method: "GET", path: "/v1/devices", own: true},
	{operation: "list-books", method: "GET", path: "/v1/books", own: true},
	{operation: "add-book", method: "POST", path: "/v1/books", body: api.BookRequest{Name: "Team"}, own: true},
	{operation: "changes", method: "GET", path: "/v1/books/{book}/changes"},
	{operation: "changes", method: "GET", path: "/v1/books/{book}/changes?wait=20"},
	{operation: "changes", method: "GET", path: "/v1/books/{book}/changes?since=nonsense"},
	{operation: "sync", method: "POST", path: "/v1/books/{book}/sync", body: api.SyncRequest{Changes: []api.Push{{ChangeID: "theft", ID: "x", Operation: api.Delete, BaseRev: 1}}}},
	{operation: "sync", method: "POST", path: "/v1/books/{book}/sync", body: api.SyncRequest{}},
	{operation: "put-blob", method: "PUT", path: "/v1/books/{book}/blobs/{sha256}", body: []byte("photo")},
	{operation: "get-blob", method: "GET", path: "/v1/books/{book}/blobs/{sha256}"},
	{operation: "head-blob", method: "HEAD", path: "/v1/books/{book}/blobs/{sha256}"},
	{operation: "revoke-device", method: "DELETE", path: "/v1/devices/{id}"},
	{operation: "sign-out", method: "DELETE", path: "/v1/sessions/current", own: true}, // last: it ends the session
}

// TestIsolation tries every operation of the OpenAPI document with no token, with a wrong one, and as another account.
func TestIsolation(t *testing.T) {
	s, ada := setUp(t)
	s.AddUser("eve", password)
	eve := signIn(t, s, "eve", "phone")
	sum := sha256.Sum256([]byte("photo"))
	hash := hex.EncodeToString(sum[:])
	ada.ok(nil, "PUT", "/v1/books/"+ada.book+"/blobs/"+hash, []byte("photo"))
	ada.sync("", insert("x"))
	before := ada.changes("")

	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		}
	}
	ada.ok(&document, "GET", "/openapi.json", nil)
	tried := map[string]bool{}
	for _, c := range calls {
		tried[c.operation] = true
	}
	for path, methods := range document.Paths {
		for method, op := range methods {
			if !tried[op.OperationID] {
				t.Errorf("%s %s (%s) is not tried by this test", method, path, op.OperationID)
			}
		}
	}

	fill := strings.NewReplacer("{book}", ada.book, "{id}", ada.id, "{sha256}", hash)
	nobody := strings.NewReplacer("{book}", "doesnotexist", "{id}", "doesnotexist", "{sha256}", hash)
	stranger := &client{t: t, server: s}
	forger := &client{t: t, server: s, token: strings.Repeat("A", 43)}
	signedOut := signIn(t, s, "eve", "old phone")
	signedOut.ok(nil, "DELETE", "/v1/sessions/current", nil)
	for _, c := range calls {
		path := fill.Replace(c.path)
		if !c.open {
			for name, who := range map[string]*client{"without a token": stranger, "with a forged token": forger, "signed out": signedOut} {
				if r := who.do(c.method, path, c.body); r.status != http.StatusUnauthorized {
					t.Errorf("%s %s %s: status %d, want 401", c.method, c.path, name, r.status)
				}
			}
		}
		if c.open || c.own {
			continue
		}
		foreign, none := eve.do(c.method, path, c.body), eve.do(c.method, nobody.Replace(c.path), c.body)
		if foreign.status != http.StatusNotFound {
			t.Errorf("%s %s of another account: status %d, want 404: %s", c.method, c.path, foreign.status, foreign.body)
		}
		if string(foreign.body) != string(none.body) {
			t.Errorf("%s %s: another's reads %s, one that does not exist %s", c.method, c.path, foreign.body, none.body)
		}
	}
	// What eve sees of her own account holds nothing of ada's.
	for _, path := range []string{"/v1/devices", "/v1/books"} {
		if r := eve.do("GET", path, nil); strings.Contains(string(r.body), ada.id) || strings.Contains(string(r.body), ada.book) {
			t.Errorf("%s shows another account's: %s", path, r.body)
		}
	}
	// Her own book does not hold ada's blob, and ada's cursor says nothing in it.
	if r := eve.do("GET", "/v1/books/"+eve.book+"/blobs/"+hash, nil); r.status != http.StatusNotFound {
		t.Errorf("another book's blob by its hash: status %d", r.status)
	}
	eve.refused(410, api.CodeCursorUnknown, "GET", eve.feed(before.Cursor, 0), nil)
	// And nothing of ada's was touched.
	after := ada.changes("")
	if a, b := mustJSON(t, before.Changes), mustJSON(t, after.Changes); a != b {
		t.Errorf("ada's book was %s, is %s", a, b)
	}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestOpenAPI: the document names every operation of the protocol and what it may answer.
func TestOpenAPI(t *testing.T) {
	_, c := setUp(t)
	var document struct {
		OpenAPI    string
		Paths      map[string]map[string]struct{ Responses map[string]json.RawMessage }
		Components struct{ Schemas map[string]json.RawMessage }
	}
	c.ok(&document, "GET", "/openapi.json", nil)
	want := []string{"/v1/books", "/v1/books/{book}/blobs/{sha256}", "/v1/books/{book}/changes", "/v1/books/{book}/sync", "/v1/devices", "/v1/devices/{id}", "/v1/sessions", "/v1/sessions/current"}
	if got := slices.Sorted(maps.Keys(document.Paths)); !slices.Equal(got, want) || !strings.HasPrefix(document.OpenAPI, "3.") {
		t.Errorf("OpenAPI %s with paths %v, want %v", document.OpenAPI, got, want)
	}
	if _, ok := document.Paths["/v1/books/{book}/changes"]["get"].Responses["410"]; !ok {
		t.Error("the feed does not document 410")
	}
	for _, schema := range []string{"Problem", "Changes", "SyncRequest", "SyncResponse", "Result", "Limits"} {
		if _, ok := document.Components.Schemas[schema]; !ok {
			t.Errorf("no schema %s; there are %v", schema, slices.Sorted(maps.Keys(document.Components.Schemas)))
		}
	}
}
