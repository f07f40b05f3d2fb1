package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kith/api"
)

// call is one use of one operation. Its path holds {book}, {id} (a device), {sha256}, {member} and {invitation} of the account whose they are.
type call struct {
	operation, method, path string
	body                    any
	open                    bool // needs no token
}

// own: nothing of another's can be named, so there is nothing to be refused.
func (c call) own() bool { return !strings.Contains(c.path, "{") }

// needs is the least role of a member who may. An operation on a book that is missing here fails the test.
var needs = map[string]string{
	"changes": api.Reader, "get-blob": api.Reader, "head-blob": api.Reader, "list-members": api.Reader,
	"sync": api.Writer, "put-blob": api.Writer,
	"rename-book": api.Owner, "remove-book": api.Owner, "set-role": api.Owner, "remove-member": api.Owner,
	"list-invitations": api.Owner, "invite": api.Owner, "withdraw-invitation": api.Owner,
}

// lesser are the roles that a call is forbidden to.
func (c call) lesser() []string {
	roles := []string{api.Reader, api.Writer, api.Owner}
	return roles[:max(0, slices.Index(roles, needs[c.operation]))]
}

// more are uses that differ from what the document's schemas make, in the same handlers.
var more = []call{
	{operation: "changes", method: "GET", path: "/v1/books/{book}/changes?wait=20"},
	{operation: "changes", method: "GET", path: "/v1/books/{book}/changes?since=nonsense"},
	{operation: "sync", method: "POST", path: "/v1/books/{book}/sync", body: api.SyncRequest{}},
	{operation: "sync", method: "POST", path: "/v1/books/{book}/sync", body: api.SyncRequest{Changes: []api.Push{{ChangeID: "theft", ID: "x", Operation: api.Delete, BaseRev: 1}}}},
}

// document is the part of the OpenAPI document that says how to call everything.
type document struct {
	OpenAPI    string
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	OperationID string `json:"operationId"`
	Security    []map[string][]string
	RequestBody *struct {
		Content map[string]struct{ Schema schema }
	} `json:"requestBody"`
	Responses map[string]json.RawMessage
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any    // a name, or a list of them
	Properties map[string]schema
	Items      *schema
	Enum       []any
	MinLength  int
}

// calls makes one use of every operation that the document names. A parameter that it can't fill is an error, so that nobody adds an
// operation that nobody tries with another's account.
func (d document) calls(t *testing.T) []call {
	t.Helper()
	filled := regexp.MustCompile(`\{(book|id|sha256|member|invitation)\}`)
	var out []call
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		if rest := filled.ReplaceAllString(path, ""); strings.Contains(rest, "{") {
			t.Errorf("%s: this test does not know what to put there for an account; teach it", path)
		}
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op := d.Paths[path][method]
			c := call{operation: op.OperationID, method: strings.ToUpper(method), path: path, open: len(op.Security) == 0}
			if op.RequestBody != nil {
				if content, ok := op.RequestBody.Content["application/json"]; ok {
					c.body = d.example(content.Schema)
				} else {
					c.body = []byte("photo")
				}
			}
			out = append(out, c)
		}
	}
	// What ends the session comes last.
	slices.SortStableFunc(out, func(a, b call) int { return strings.Compare(last(a), last(b)) })
	return append(slices.Clone(more), out...)
}

func last(c call) string {
	if c.operation == "sign-out" {
		return "last"
	}
	return ""
}

// example is a value that fits the schema.
func (d document) example(s schema) any {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return d.example(d.Components.Schemas[name])
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	kind, _ := s.Type.(string)
	if list, ok := s.Type.([]any); ok {
		kind, _ = list[0].(string)
	}
	switch kind {
	case "string":
		return strings.Repeat("x", max(1, s.MinLength))
	case "integer", "number":
		return 1
	case "boolean":
		return true
	case "array":
		return []any{d.example(*s.Items)}
	}
	object := map[string]any{}
	for name, p := range s.Properties {
		object[name] = d.example(p)
	}
	return object
}

// TestIsolation tries every operation of the OpenAPI document with no token, with wrong ones, and as every account that must not.
func TestIsolation(t *testing.T) {
	s, ada := setUp(t)
	s.AddUser("eve", password)
	members := map[string]*client{}
	for _, role := range []string{api.Reader, api.Writer, "gone"} {
		s.AddUser(role, password)
		members[role] = signIn(t, s, role, "tablet")
		if err := s.Store().AddMember(t.Context(), ada.book, role, strings.ReplaceAll(role, "gone", api.Owner)); err != nil {
			t.Fatal(err)
		}
	}
	team := "/v1/books/" + ada.book
	members["gone"].ok(nil, "DELETE", team+"/members/me", nil)
	eve := signIn(t, s, "eve", "phone")
	sum := sha256.Sum256([]byte("photo"))
	hash := hex.EncodeToString(sum[:])
	ada.ok(nil, "PUT", "/v1/books/"+ada.book+"/blobs/"+hash, []byte("photo"))
	ada.sync("", insert("x"))
	var invitation api.Invitation
	ada.ok(&invitation, "POST", team+"/invitations", api.InvitationRequest{Role: api.Writer})
	shared := func() string {
		all := ""
		for _, path := range []string{"/v1/books", team + "/members", team + "/invitations"} {
			r := regexp.MustCompile(`"time":\d+`).ReplaceAllString(string(ada.do("GET", path, nil).body), "")
			all += r
		}
		return all
	}
	before, sharedBefore := ada.changes(""), shared()
	var of api.Members
	ada.ok(&of, "GET", team+"/members", nil)
	if len(of.Members) != 3 || !of.Members[0].You {
		t.Fatalf("members: %+v", of)
	}
	var doc document
	ada.ok(&doc, "GET", "/openapi.json", nil)

	fill := strings.NewReplacer("{book}", ada.book, "{id}", ada.id, "{sha256}", hash, "{member}", of.Members[0].ID, "{invitation}", invitation.ID)
	nobody := strings.NewReplacer("{book}", "doesnotexist", "{id}", "doesnotexist", "{sha256}", hash, "{member}", "doesnotexist", "{invitation}", "doesnotexist")
	stranger := &client{t: t, server: s}
	forger := &client{t: t, server: s, token: strings.Repeat("A", 43)}
	signedOut := signIn(t, s, "eve", "old phone")
	signedOut.ok(nil, "DELETE", "/v1/sessions/current", nil)
	calls := doc.calls(t)
	if len(calls) < len(more)+20 {
		t.Errorf("only %d calls: %+v", len(calls), calls)
	}
	for _, c := range calls {
		path := fill.Replace(c.path)
		if !c.open {
			for name, who := range map[string]*client{"without a token": stranger, "with a forged token": forger, "signed out": signedOut} {
				if r := who.do(c.method, path, c.body); r.status != http.StatusUnauthorized {
					t.Errorf("%s %s %s: status %d, want 401", c.method, c.path, name, r.status)
				}
			}
		}
		if c.open {
			continue
		}
		foreign := eve.do(c.method, path, c.body)
		for _, secret := range []string{ada.id, ada.book, hash, of.Members[0].ID, invitation.ID, invitation.Code} {
			if strings.Contains(string(foreign.body), secret) {
				t.Errorf("%s %s shows what is another account's: %s", c.method, c.path, foreign.body)
			}
		}
		if c.own() {
			continue
		}
		none := eve.do(c.method, nobody.Replace(c.path), c.body)
		if foreign.status != http.StatusNotFound {
			t.Errorf("%s %s of another account: status %d, want 404: %s", c.method, c.path, foreign.status, foreign.body)
		}
		if string(foreign.body) != string(none.body) {
			t.Errorf("%s %s: another's reads %s, one that does not exist %s", c.method, c.path, foreign.body, none.body)
		}
		if r := members["gone"].do(c.method, path, c.body); r.status != foreign.status || string(r.body) != string(foreign.body) {
			t.Errorf("%s %s by a former member: status %d, %s; a stranger's: %d, %s", c.method, c.path, r.status, r.body, foreign.status, foreign.body)
		}
		if strings.Contains(c.path, "{book}") && needs[c.operation] == "" {
			t.Errorf("%s: this test does not know which role it needs; teach it", c.operation)
		}
		for _, role := range c.lesser() {
			if r := members[role].do(c.method, path, c.body); r.status != http.StatusForbidden {
				t.Errorf("%s %s by a %s: status %d, want 403: %s", c.method, c.path, role, r.status, r.body)
			}
		}
	}
	again := signIn(t, s, "eve", "phone")
	// The id of another's book can't be taken, and who takes it learns nothing of the book.
	if p := again.refused(409, api.CodeExists, "POST", "/v1/books", api.BookRequest{ID: ada.book, Name: "Mine"}); strings.Contains(p.Detail, "ada") {
		t.Errorf("the id of another's book: %+v", p)
	}
	// A second book of eve's does not hold ada's blob, and ada's cursor says nothing in it.
	if r := again.do("GET", "/v1/books/"+again.book+"/blobs/"+hash, nil); r.status != http.StatusNotFound {
		t.Errorf("another book's blob by its hash: status %d", r.status)
	}
	again.refused(410, api.CodeCursorUnknown, "GET", again.feed(before.Cursor, 0), nil)
	// And nothing of ada's was touched.
	after := ada.changes("")
	if a, b := mustJSON(t, before.Changes), mustJSON(t, after.Changes); a != b {
		t.Errorf("ada's book was %s, is %s", a, b)
	}
	if after := shared(); after != sharedBefore {
		t.Errorf("the members and invitations were %s, are %s", sharedBefore, after)
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
	var document document
	c.ok(&document, "GET", "/openapi.json", nil)
	want := []string{"/v1/books", "/v1/books/{book}", "/v1/books/{book}/blobs/{sha256}", "/v1/books/{book}/changes",
		"/v1/books/{book}/invitations", "/v1/books/{book}/invitations/{invitation}", "/v1/books/{book}/members", "/v1/books/{book}/members/{member}",
		"/v1/books/{book}/sync", "/v1/devices", "/v1/devices/{id}", "/v1/invitations/accept", "/v1/invitations/look", "/v1/sessions", "/v1/sessions/current"}
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
