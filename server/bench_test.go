package server_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store/storetest"
)

// card returns a card of about 415 bytes, as the limit that the figures are compared with has them.
func card(r *rand.Rand, i int) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"@type":"Card","version":"1.0","uid":"%08d-%016x","name":{"full":"Person %d Example","components":[{"kind":"given","value":"Person %d"},{"kind":"surname","value":"Example"}]},"emails":{"e%x":{"address":"person%d@example.com"}},"phones":{"p%x":{"number":"+49 30 %08d"}},"organizations":{"o1":{"name":"Example %d GmbH"}},"notes":{"n1":{"note":"%x %x"}}}`,
		i, r.Uint64(), i, i, r.Uint32(), i, r.Uint32(), r.IntN(1e8), i%97, r.Uint64(), r.Uint64()))
}

func batches(n, size int) [][]api.Push {
	r := rand.New(rand.NewPCG(1, 2))
	var out [][]api.Push
	for i := 0; i < n; i += size {
		batch := make([]api.Push, 0, size)
		for j := i; j < i+size; j++ {
			p := insert(fmt.Sprintf("%08d-0000-7000-8000-000000000000", j))
			p.Card = card(r, j)
			batch = append(batch, p)
		}
		out = append(out, batch)
	}
	return out
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func (c *client) pushZipped(cursor string, batch []api.Push) api.SyncResponse {
	c.t.Helper()
	b, _ := json.Marshal(api.SyncRequest{Cursor: cursor, Changes: batch})
	r := c.do("POST", "/v1/books/"+c.book+"/sync", zip(b), "Content-Type", "application/json", "Content-Encoding", "gzip")
	var answer api.SyncResponse
	if err := json.Unmarshal(r.body, &answer); err != nil || r.status != 200 {
		c.t.Fatalf("push: %d %.300s", r.status, r.body)
	}
	return answer
}

func (c *client) pullAll() (n int) {
	c.t.Helper()
	for since := ""; ; {
		p := c.changes(since)
		n += len(p.Changes)
		if since = p.Cursor; !p.More {
			return n
		}
	}
}

// floor is the least that 10,000 contacts can cost: gzip, one POST, decode, one SQLite transaction, and back.
func floor(b *testing.B, changes []api.Push) (up, down time.Duration) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE c (id TEXT PRIMARY KEY, card TEXT)"); err != nil {
		b.Fatal(err)
	}
	url := servertest.Plain(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			z, _ := gzip.NewReader(r.Body)
			body, _ := io.ReadAll(z)
			var req api.SyncRequest
			json.Unmarshal(body, &req)
			tx, _ := db.Begin()
			s, _ := tx.Prepare("INSERT INTO c VALUES (?, ?)")
			for _, p := range req.Changes {
				s.Exec(p.ID, string(p.Card))
			}
			tx.Commit()
			return
		}
		rows, _ := db.Query("SELECT id, card FROM c")
		var page api.Changes
		for rows.Next() {
			var c api.Change
			var card []byte
			rows.Scan(&c.ID, &card)
			c.Card = card
			page.Changes = append(page.Changes, c)
		}
		body, _ := json.Marshal(page)
		w.Write(zip(body))
	}))
	start := time.Now()
	body, _ := json.Marshal(api.SyncRequest{Changes: changes})
	r, err := http.Post(url, "application/json", bytes.NewReader(zip(body)))
	if err != nil {
		b.Fatal(err)
	}
	io.Copy(io.Discard, r.Body)
	r.Body.Close()
	up = time.Since(start)
	start = time.Now()
	if r, err = http.Get(url); err != nil {
		b.Fatal(err)
	}
	z, _ := gzip.NewReader(r.Body)
	var page api.Changes
	if err := json.NewDecoder(z).Decode(&page); err != nil || len(page.Changes) != len(changes) {
		b.Fatalf("%d changes, %v", len(page.Changes), err)
	}
	r.Body.Close()
	return up, time.Since(start)
}

// databases are SQLite, and the others where scripts/testdb has started them.
func databases(b *testing.B, run func(b *testing.B, db storetest.New)) {
	b.Run("SQLite", func(b *testing.B) { run(b, storetest.SQLite) })
	if os.Getenv("KITH_TEST_POSTGRES") != "" {
		b.Run("Postgres", func(b *testing.B) { run(b, storetest.Postgres) })
	}
	if os.Getenv("KITH_TEST_MYSQL") != "" {
		b.Run("MySQL", func(b *testing.B) { run(b, storetest.MySQL) })
	}
}

// BenchmarkFirst pushes and pulls 10,000 contacts in thousands, as a ratio to the floor, which is SQLite's for all.
func BenchmarkFirst(b *testing.B) { databases(b, benchmarkFirst) }

func benchmarkFirst(b *testing.B, db storetest.New) {
	all := batches(10_000, 1000)
	var flat []api.Push
	for _, batch := range all {
		flat = append(flat, batch...)
	}
	var push, pull, up, down time.Duration
	for b.Loop() {
		u, d := floor(b, flat)
		up, down = up+u, down+d
		s := servertest.New(b, servertest.Options{DB: db(b)})
		s.AddUser("ada", password)
		c := signIn(b, s, "ada", "laptop")
		start := time.Now()
		cursor := c.changes("").Cursor
		for _, batch := range all {
			cursor = c.pushZipped(cursor, batch).Cursor
		}
		push += time.Since(start)
		start = time.Now()
		if n := c.pullAll(); n != len(flat) {
			b.Fatalf("pulled %d", n)
		}
		pull += time.Since(start)
		s.Stop()
	}
	b.ReportMetric(float64(push.Milliseconds())/float64(b.N), "push-ms")
	b.ReportMetric(float64(pull.Milliseconds())/float64(b.N), "pull-ms")
	b.ReportMetric(float64(push)/float64(up), "push/floor")
	b.ReportMetric(float64(pull)/float64(down), "pull/floor")
}
