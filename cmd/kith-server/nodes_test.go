package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/api"
	"kith/server/store/storetest"
)

// asProgram makes this test binary the program itself, so that a test can run, and kill, real processes.
const asProgram = "KITH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// node is one kith-server process.
type node struct {
	url string
	cmd *exec.Cmd
	log *lines
}

// lines is what a process writes, for a test to read meanwhile.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// startNode starts a process, with more flags, or NAME=value for its environment.
func startNode(t testing.TB, db string, more ...string) *node {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), asProgram+"=1", "KITH_DB="+db)
	for _, m := range more {
		if strings.HasPrefix(m, "-") {
			cmd.Args = append(cmd.Args, m)
		} else {
			cmd.Env = append(cmd.Env, m)
		}
	}
	log := &lines{}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n := &node{cmd: cmd, log: log}
	t.Cleanup(n.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	m := listens.FindStringSubmatch(line)
	if err != nil || m == nil {
		t.Fatalf("a node printed %q, %v: %s", line, err, log)
	}
	n.url = m[1]
	return n
}

func (n *node) kill() {
	if n.cmd.ProcessState == nil {
		_ = n.cmd.Process.Kill()
		_ = n.cmd.Wait()
	}
}

// roamer is a device that goes to another node when its own does not answer.
type roamer struct {
	nodes []*node
	at    int
	token string
	book  string
}

var errRefused = errors.New("refused")

func (r *roamer) try(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, r.nodes[r.at%len(r.nodes)].url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.token)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 500 {
		return fmt.Errorf("status %d: %s", answer.StatusCode, b)
	}
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%w: %s %s: status %d: %s", errRefused, method, path, answer.StatusCode, b)
	}
	return json.Unmarshal(b, out)
}

// do repeats the same request, byte for byte, at one node after the other until one answers.
func (r *roamer) do(ctx context.Context, method, path string, in, out any) error {
	for {
		err := r.try(ctx, method, path, in, out)
		if err == nil || errors.Is(err, errRefused) || ctx.Err() != nil {
			return err
		}
		r.at++
	}
}

// TestNodes: three nodes on one database, one of which is killed while devices push through all of them. Nothing that was sent is
// lost or doubled, and a device that only waits at one node sees what the others take.
func TestNodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		const devices, pushes, perPush = 6, 15, 3
		c := &command{t, db(t)}
		const password = "a secret that no log may tell"
		c.ok(password+"\n", "user", "add", "ada", "--password-stdin")
		nodes := []*node{startNode(t, c.db), startNode(t, c.db), startNode(t, c.db)}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		device := func(at int) *roamer {
			t.Helper()
			r := &roamer{nodes: nodes, at: at}
			var session api.Session
			if err := r.do(ctx, "POST", "/v1/sessions", api.SessionRequest{User: "ada", Password: password, Device: fmt.Sprint("device ", at)}, &session); err != nil {
				t.Fatal(err)
			}
			r.token = session.Token
			var books api.Books
			if err := r.do(ctx, "GET", "/v1/books", nil, &books); err != nil {
				t.Fatal(err)
			}
			r.book = books.Books[0].ID
			return r
		}
		var acknowledged atomic.Int64
		var work sync.WaitGroup
		for i := range devices {
			r := device(i)
			work.Go(func() {
				for p := range pushes {
					var request api.SyncRequest
					for k := range perPush {
						id := fmt.Sprintf("d%d-%d-%d", i, p, k)
						request.Changes = append(request.Changes, api.Push{ChangeID: id, ID: id, Operation: api.Insert, Card: json.RawMessage(`{}`), EditedAt: 1})
					}
					var answer api.SyncResponse
					if err := r.do(ctx, "POST", "/v1/books/"+r.book+"/sync", request, &answer); err != nil {
						t.Errorf("push: %v", err)
						return
					}
					for _, res := range answer.Results {
						if res.Status != api.Applied {
							t.Errorf("push: %+v", res)
						}
					}
					if acknowledged.Add(1) == devices*pushes/3 {
						nodes[0].kill() // in the middle of everybody's pushes
					}
				}
			})
		}
		waits := device(1)
		seen := map[string]int64{}
		var cursor string
		for len(seen) < devices*pushes*perPush {
			var page api.Changes
			if err := waits.do(ctx, "GET", "/v1/books/"+waits.book+"/changes?wait=20&since="+cursor, nil, &page); err != nil {
				t.Fatalf("with %d of %d seen: %v", len(seen), devices*pushes*perPush, err)
			}
			for _, ch := range page.Changes {
				if before, ok := seen[ch.ID]; ok {
					t.Errorf("%s came at rev %d, and again at %d", ch.ID, before, ch.Rev)
				}
				seen[ch.ID] = ch.Rev
			}
			cursor = page.Cursor
		}
		work.Wait()
		if out := c.ok("", "doctor"); t.Failed() {
			t.Log(out)
		}
		for i, n := range nodes {
			for what, secret := range map[string]string{"a token": waits.token, "the password": password, "a cursor": cursor} {
				if strings.Contains(n.log.String(), secret) {
					t.Errorf("the log of node %d tells %s", i, what)
				}
			}
			if !strings.Contains(n.log.String(), "/sync") {
				t.Errorf("node %d took no push: %s", i, n.log)
			}
		}
	})
}
