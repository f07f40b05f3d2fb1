package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kith/api"
)

// TestNoSecretsInLogs lives a server's life, with everything that can go right and wrong in it, and then looks for the secrets in all
// that its processes printed, and for what must be hashed in the files that they wrote.
func TestNoSecretsInLogs(t *testing.T) {
	c := newCommand(t)
	const (
		first, second = "first-password-3vU8", "second-password-Xq1m"
		wrong         = "wrong-password-77zz"
		inTheNameBox  = "a-password-typed-as-name"
		note          = "a-note-in-a-card-9Qw2"
		forged        = "forged-token-Kk30"
		guess         = "GUESSEDCODEGUESSEDCODE7731"
	)
	var printed bytes.Buffer
	command := func(in string, args ...string) output {
		t.Helper()
		o := c.run(in, args...)
		printed.WriteString(o.out + o.err)
		return o
	}
	command(first+"\n", "user", "add", "ada", "--password-stdin")
	command(first+"\n", "user", "add", "ada", "--password-stdin") // there is one already
	n := startNode(t, c.db, "--log-format=json")
	token := ""
	ask := func(method, path, body string, want int) []byte {
		t.Helper()
		r, err := http.NewRequest(method, n.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, err := io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != want {
			t.Fatalf("%s %s: status %d, want %d: %s, %v", method, path, answer.StatusCode, want, b, err)
		}
		return b
	}
	credentials := func(user, password string) string {
		b, _ := json.Marshal(api.SessionRequest{User: user, Password: password, Device: "laptop"})
		return string(b)
	}
	ask("POST", "/v1/sessions", credentials("ada", wrong), 401)
	ask("POST", "/v1/sessions", credentials(inTheNameBox, wrong), 401)
	ask("POST", "/v1/sessions", `{"user": "ada", "password": "`+first, 400)                       // cut off
	ask("POST", "/v1/sessions", `{"user": "ada", "password": ["`+first+`"], "device": "d"}`, 422) // of a wrong kind
	var session api.Session
	json.Unmarshal(ask("POST", "/v1/sessions", credentials("ada", first), 200), &session)
	token = forged
	ask("GET", "/v1/books", "", 401)
	token = session.Token
	var books api.Books
	json.Unmarshal(ask("GET", "/v1/books", "", 200), &books)
	book := "/v1/books/" + books.Books[0].ID
	push, _ := json.Marshal(api.SyncRequest{Changes: []api.Push{
		{ChangeID: "1", ID: "x", Operation: api.Insert, Card: json.RawMessage(`{"notes":{"n":{"note":"` + note + `"}}}`), EditedAt: 1},
		{ChangeID: "2", ID: "y", Operation: api.Insert, Card: json.RawMessage(`"` + note + `"`), EditedAt: 1},
	}})
	ask("POST", book+"/sync", string(push), 200)
	ask("POST", book+"/sync", string(push[:len(push)-5]), 422)
	var page api.Changes
	json.Unmarshal(ask("GET", book+"/changes", "", 200), &page)
	ask("GET", book+"/changes?wait=1&since="+page.Cursor, "", 200)
	ask("GET", book+"/changes?since=x"+page.Cursor, "", 410)
	var invitation, withdrawn api.Invitation
	json.Unmarshal(ask("POST", book+"/invitations", `{"role":"reader"}`, 201), &invitation)
	json.Unmarshal(ask("POST", book+"/invitations", `{"role":"owner"}`, 201), &withdrawn)
	ask("DELETE", book+"/invitations/"+withdrawn.ID, "", 204)
	for code, want := range map[string]int{invitation.Code: 200, withdrawn.Code: 404, guess: 404} {
		for _, path := range []string{"/v1/invitations/look", "/v1/invitations/accept"} {
			ask("POST", path, `{"code":"`+code+`"}`, want)
		}
	}
	command(second+"\n", "user", "passwd", "ada", "--password-stdin")
	ask("GET", "/v1/books", "", 401)
	json.Unmarshal(ask("POST", "/v1/sessions", credentials("ada", second), 200), &session)
	tokens := []string{token, session.Token, invitation.Code, withdrawn.Code, guess}
	backup := filepath.Join(t.TempDir(), "backup.db")
	for _, args := range [][]string{{"device", "list"}, {"device", "revoke", session.DeviceID}, {"backup", backup}, {"doctor", "--url", n.url}, {"audit"}, {"audit", "--json"}, {"user", "list"}, {"book", "list"}} {
		if o := command("", args...); o.code != exitDone {
			t.Errorf("kith-server %v: %+v", args, o)
		}
	}
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := n.cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v: %s", err, n.log)
	}
	command("", "restore", backup)
	command("", "--db", "postgres://kith:"+second+"@127.0.0.1:1/kith?connect_timeout=1", "user", "list")
	command("", "--db", "mysql://kith:"+second+"@127.0.0.1:1/kith", "user", "list")
	printed.WriteString(n.log.String())

	secrets := append([]string{first, second, wrong, inTheNameBox, note, forged, page.Cursor}, tokens...)
	if !strings.Contains(printed.String(), "/changes") || !strings.Contains(printed.String(), "sign_in_refused") || !strings.Contains(printed.String(), "invitation_refused") {
		t.Fatalf("this is not all that was printed: %s", printed.String())
	}
	for _, s := range secrets {
		if at := strings.Index(printed.String(), s); s == "" || at >= 0 {
			t.Errorf("%q was printed: …%s…", s, printed.String()[max(0, at-200):min(printed.Len(), at+100)])
		}
	}
	files, err := filepath.Glob(strings.TrimPrefix(c.db, "sqlite:") + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the database: %v", err)
	}
	for _, file := range append(files, backup) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range append([]string{first, second, wrong, inTheNameBox, forged}, tokens...) {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %q", filepath.Base(file), s)
			}
		}
	}
}
