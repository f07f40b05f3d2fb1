package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/api"
	"kith/server/store/storetest"
)

// metric reads one value of a node's /metrics.
func (n *node) metric(b *testing.B, name string) (v float64) {
	b.Helper()
	answer, err := http.Get(n.url + "/metrics")
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			fmt.Sscan(rest, &v)
			return v
		}
	}
	b.Fatalf("no metric %s", name)
	return 0
}

// bareWake is the least that a wake can be: as many plain requests that wait for one channel, from its closing to the last answer.
func bareWake(b *testing.B, waiting int) time.Duration {
	b.Helper()
	change := make(chan struct{})
	var here atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here.Add(1)
		<-change
		io.WriteString(w, `{"changes":[{}]}`)
	}))
	defer s.Close()
	var answered sync.WaitGroup
	for range waiting {
		answered.Go(func() {
			answer, err := http.Get(s.URL)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		})
	}
	for here.Load() < int64(waiting) {
		time.Sleep(5 * time.Millisecond)
	}
	start := time.Now()
	close(change)
	answered.Wait()
	return time.Since(start)
}

// BenchmarkWaiting holds devices in long polls at one process: memory for each, and the time from a push to the last answer.
func BenchmarkWaiting(b *testing.B) {
	for _, text := range strings.Split(cmp.Or(os.Getenv("KITH_LOAD_POLLS"), "200"), ",") {
		waiting, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("KITH_LOAD_POLLS: %v", err)
		}
		b.Run(text, func(b *testing.B) {
			c := &command{b, storetest.SQLite(b)}
			c.ok("secret\n", "user", "add", "ada", "--password-stdin")
			n := startNode(b, c.db)
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			signIn := func(name string) *roamer {
				r := &roamer{nodes: []*node{n}}
				var session api.Session
				if err := r.do(ctx, "POST", "/v1/sessions", api.SessionRequest{User: "ada", Password: "secret", Device: name}, &session); err != nil {
					b.Fatal(err)
				}
				r.token = session.Token
				var books api.Books
				if err := r.do(ctx, "GET", "/v1/books", nil, &books); err != nil {
					b.Fatal(err)
				}
				r.book = books.Books[0].ID
				return r
			}
			writer, waiter := signIn("writer"), signIn("waiter") // one device's token will do for all who wait
			var page api.Changes
			if err := writer.do(ctx, "GET", "/v1/books/"+writer.book+"/changes", nil, &page); err != nil {
				b.Fatal(err)
			}
			memory := n.metric(b, "process_resident_memory_bytes")
			var last, bare time.Duration
			var cpu, held float64
			for b.Loop() {
				if waiting <= 2000 { // here one process holds both ends of each connection
					bare += bareWake(b, waiting)
				}
				var answered sync.WaitGroup
				for range waiting {
					answered.Go(func() {
						var got api.Changes
						if err := waiter.try(ctx, "GET", "/v1/books/"+waiter.book+"/changes?wait=50&since="+page.Cursor, nil, &got); err != nil || len(got.Changes) != 1 {
							b.Errorf("poll: %d changes, %v", len(got.Changes), err)
						}
					})
				}
				for n.metric(b, "kith_open_polls") < float64(waiting) {
					time.Sleep(5 * time.Millisecond)
				}
				held = max(held, n.metric(b, "process_resident_memory_bytes")-memory) // later rounds begin with the first one's garbage
				cpu -= n.metric(b, "process_cpu_seconds_total")
				start := time.Now()
				id := fmt.Sprint(start.UnixNano())
				var answer api.SyncResponse
				push := api.SyncRequest{Cursor: page.Cursor, Changes: []api.Push{{ChangeID: id, ID: id, Operation: api.Insert, Card: json.RawMessage(`{}`), EditedAt: 1}}}
				if err := writer.do(ctx, "POST", "/v1/books/"+writer.book+"/sync", push, &answer); err != nil {
					b.Fatal(err)
				}
				answered.Wait()
				last += time.Since(start)
				cpu += n.metric(b, "process_cpu_seconds_total")
				page.Cursor = answer.Cursor
			}
			b.ReportMetric(held/float64(waiting)/1024, "KiB/poll")
			b.ReportMetric(cpu*1e6/float64(b.N*waiting), "cpu-µs/wake")
			b.ReportMetric(float64(last.Milliseconds())/float64(b.N), "push-to-last-ms")
			if bare > 0 {
				b.ReportMetric(float64(last)/float64(bare), "push-to-last/bare")
			}
		})
	}
}
