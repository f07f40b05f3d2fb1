package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/servertest"
)

// listening is a server behind its real listener, with its own time-outs and limits.
type listening struct {
	*servertest.Server
	t       *testing.T
	address string
	stop    context.CancelFunc
	ended   chan error
	log     chan string
}

func listen(t *testing.T, conns int, times server.Times) *listening {
	t.Helper()
	s := &listening{Server: servertest.New(t, servertest.Options{}), t: t, ended: make(chan error, 1), log: make(chan string, 1000)}
	s.AddUser("ada", password)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	s.URL = "http://" + s.address
	log := slog.New(slog.NewTextHandler(writer(func(b []byte) (int, error) { s.log <- string(b); return len(b), nil }), nil))
	node := server.New(server.Options{Store: s.Store(), Times: times, Log: log, Hashing: server.Hashing{MemoryKiB: 64, Passes: 1, Threads: 1}})
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	go func() { s.ended <- node.Serve(ctx, server.LimitConns(l, conns), nil) }()
	t.Cleanup(cancel)
	return s
}

// logged waits until the log says something.
func (s *listening) logged(what string) {
	s.t.Helper()
	for end := time.After(time.Minute); ; {
		select {
		case line := <-s.log:
			if strings.Contains(line, what) {
				return
			}
		case <-end:
			s.t.Fatalf("the log never said %q", what)
		}
	}
}

func (s *listening) dial() net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return c
}

// drip sends a byte now and then, as a client does that wants to hold a connection for ever, until the server hangs up.
func drip(c net.Conn, start string) error {
	c.SetDeadline(time.Now().Add(time.Minute))
	hungUp := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, c)
		hungUp <- err
	}()
	if _, err := io.WriteString(c, start); err != nil {
		return nil
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-hungUp:
			if errors.Is(err, os.ErrDeadlineExceeded) {
				return err
			}
			return nil
		case <-tick.C:
			c.Write([]byte("x")) // the read tells when it is over
		}
	}
}

// TestSlowClients: those who send a byte now and then, or nothing, lose their connections; meanwhile others are served.
func TestSlowClients(t *testing.T) {
	s := listen(t, 40, server.Times{Header: time.Second, Body: time.Second, Idle: time.Second, Stop: time.Minute})
	ends := make(chan error)
	slow := 0
	for _, start := range []string{
		"",
		"GET /healthz HTTP/1.1\r\nHost: kith\r\nX-Slow: ",
		"POST /v1/sessions HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{\"user\": \"",
		"POST /v1/sessions HTTP/1.1\r\nHost: kith\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
	} {
		for range 20 { // twice as many as there are places
			slow++
			c := s.dial()
			go func() { ends <- drip(c, start) }()
		}
	}
	ada := signIn(t, s.Server, "ada", "laptop") // waits for a place, and gets one
	for range slow {
		if err := <-ends; err != nil {
			t.Errorf("a slow client was never hung up on: %v", err)
		}
	}
	idle := s.dial()
	fmt.Fprint(idle, "GET /healthz HTTP/1.1\r\nHost: kith\r\n\r\n")
	idle.SetDeadline(time.Now().Add(time.Minute))
	if b, err := io.ReadAll(idle); err != nil || !strings.Contains(string(b), "200 OK") {
		t.Errorf("an idle connection: %q, %v", b, err)
	}
	ada.ok(nil, "GET", "/v1/books", nil)
	s.stop()
	http.DefaultClient.CloseIdleConnections()
	if err := <-s.ended; err != nil {
		t.Errorf("stop: %v", err)
	}
}

// TestStopLetsPushesFinish: a push whose body is under way when the server is told to stop is taken and answered; long polls are
// answered at once; nobody new comes in.
func TestStopLetsPushesFinish(t *testing.T) {
	s := listen(t, 40, server.DefaultTimes)
	ada := signIn(t, s.Server, "ada", "laptop")
	poll := ada.poll(ada.changes("").Cursor)
	body, err := json.Marshal(api.SyncRequest{Changes: []api.Push{insert("last")}})
	if err != nil {
		t.Fatal(err)
	}
	c := s.dial()
	c.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(c, "POST /v1/books/%s/sync HTTP/1.1\r\nHost: kith\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", ada.book, ada.token, len(body))
	in := bufio.NewReader(c)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the handler reads the body now
		t.Fatalf("%q, %v", line, err)
	}
	in.ReadString('\n')
	c.Write(body[:10])
	s.stop()
	s.logged("stopping")
	if p := ada.answered(poll).page(t); len(p.Changes) != 0 {
		t.Errorf("the poll: %+v", p)
	}
	c.Write(body[10:])
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	var pushed api.SyncResponse
	if err := json.NewDecoder(answer.Body).Decode(&pushed); err != nil || answer.StatusCode != 200 || pushed.Results[0].Status != api.Applied {
		t.Errorf("the push under way: status %d, %+v, %v", answer.StatusCode, pushed, err)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := <-s.ended; err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := net.Dial("tcp", s.address); err == nil {
		t.Error("the server still listens")
	}
	p, err := s.Store().Changes(t.Context(), firstPage(ada.book))
	if err != nil || len(p.Changes) != 1 {
		t.Errorf("after the stop: %+v, %v", p, err)
	}
}

// TestLimitedAnswer: a push whose conflicts don't fit into an answer is 413, and its half goes.
func TestLimitedAnswer(t *testing.T) {
	limits := api.DefaultLimits
	limits.PushBytes = 2000
	s := servertest.New(t, servertest.Options{Limits: limits})
	s.AddUser("ada", password)
	ada := signIn(t, s, "ada", "laptop")
	var late []api.Push
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		p := insert(id)
		p.Card = json.RawMessage(`{"note":"` + strings.Repeat("x", 1000) + `"}`)
		ada.sync("", p)
		late = append(late, insert(id))
	}
	late = late[:5]
	if p := ada.refused(413, api.CodeTooLarge, "POST", "/v1/books/"+ada.book+"/sync", api.SyncRequest{Changes: late}); !strings.Contains(p.Detail, "split") {
		t.Errorf("%+v", p)
	}
	for _, half := range [][]api.Push{late[:2], late[2:]} {
		for _, r := range ada.sync("", half...).Results {
			if r.Status != api.Conflict || r.Current == nil {
				t.Errorf("%+v", r)
			}
		}
	}
}
