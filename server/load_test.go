package server_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store/storetest"
)

// The load generator: real HTTP over real sockets, on each database. scripts/load runs it with the sizes of docs/PERFORMANCE.md;
// without, it is small. Every figure stands beside a limit measured in the same run, because machines are shared.

// sizes reads a list of numbers from the environment.
func sizes(b *testing.B, name, otherwise string) (out []int) {
	b.Helper()
	for _, text := range strings.Split(cmp.Or(os.Getenv(name), otherwise), ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("%s: %v", name, err)
		}
		out = append(out, n)
	}
	return out
}

// bare is the least that a push can be: JSON in, one row in one durable transaction, JSON out; and a pull: one row by its key.
func bare(b *testing.B, dsn string) *client {
	db := storetest.Open(b, dsn)
	if _, err := db.Exec("CREATE TABLE bare (id VARCHAR(64) NOT NULL PRIMARY KEY, card TEXT NOT NULL)"); err != nil {
		b.Fatal(err)
	}
	insert, read := "INSERT INTO bare VALUES (?, ?)", "SELECT card FROM bare WHERE id = ?"
	if strings.HasPrefix(dsn, "postgres:") {
		insert, read = "INSERT INTO bare VALUES ($1, $2)", "SELECT card FROM bare WHERE id = $1"
	}
	fail := func(w http.ResponseWriter, err error) { http.Error(w, err.Error(), http.StatusInternalServerError) }
	url := servertest.Plain(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(api.HeaderProtocol, strconv.Itoa(api.Version))
		if r.Method == http.MethodGet {
			var card []byte
			if err := db.QueryRowContext(r.Context(), read, r.URL.Query().Get("since")).Scan(&card); err != nil {
				fail(w, err)
				return
			}
			json.NewEncoder(w).Encode(api.Changes{Changes: []api.Change{{Card: card}}})
			return
		}
		var in api.SyncRequest
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(body, &in)
		}
		var tx *sql.Tx
		if err == nil {
			tx, err = db.BeginTx(r.Context(), nil)
		}
		if err == nil {
			if _, err = tx.Exec(insert, in.Changes[0].ChangeID, string(in.Changes[0].Card)); err == nil {
				err = tx.Commit()
			} else {
				tx.Rollback()
			}
		}
		if err != nil {
			fail(w, err)
			return
		}
		json.NewEncoder(w).Encode(api.SyncResponse{Results: []api.Result{{ChangeID: in.Changes[0].ChangeID, Status: api.Applied}}})
	}))
	return &client{t: b, server: &servertest.Server{URL: url}, book: "bare"}
}

// statements is how many the server's database has been asked so far.
func (c *client) statements() (n float64) {
	for _, v := range c.metrics("kith_database_seconds_count") {
		n += v
	}
	return n
}

// BenchmarkLoad lets many devices push single edits and pull each other's, each account in a book of its own.
func BenchmarkLoad(b *testing.B) {
	databases(b, func(b *testing.B, db storetest.New) {
		const accounts = 16
		each := sizes(b, "KITH_LOAD_EACH", "10")[0] // edits of each device
		dsn := db(b)
		limit := bare(b, db(b))
		s := servertest.New(b, servertest.Options{DB: dsn})
		var writers, readers []*client
		var cursors []string
		for i := range accounts {
			name := fmt.Sprint("user", i)
			s.AddUser(name, password)
			writers = append(writers, signIn(b, s, name, "writer"))
			readers = append(readers, signIn(b, s, name, "reader"))
			cursors = append(cursors, readers[i].changes("").Cursor)
		}
		// together runs one device of each account at once, and returns what all of them did in a second.
		together := func(do func(i, k int)) float64 {
			start := time.Now()
			var work sync.WaitGroup
			for i := range accounts {
				work.Go(func() {
					for k := range each {
						do(i, k)
					}
				})
			}
			work.Wait()
			return float64(accounts*each) / time.Since(start).Seconds()
		}
		var ids atomic.Int64
		edit := func(r *rand.Rand) api.Push {
			p := insert(fmt.Sprint("c", ids.Add(1)))
			p.Card = card(r, int(ids.Load()))
			return p
		}
		var pushes, pulls, bares, bareReads, asked float64
		for b.Loop() {
			rs := make([]*rand.Rand, accounts)
			for i := range rs {
				rs[i] = rand.New(rand.NewPCG(uint64(i), uint64(b.N)))
			}
			var last [accounts]string
			bares += together(func(i, _ int) {
				p := edit(rs[i])
				last[i] = p.ChangeID
				limit.sync("", p)
			})
			bareReads += together(func(i, _ int) { limit.changes(last[i]) })
			before := writers[0].statements()
			pushes += together(func(i, _ int) {
				if a := writers[i].sync("", edit(rs[i])); a.Results[0].Status != api.Applied {
					b.Errorf("push: %+v", a.Results[0])
				}
			})
			asked += writers[0].statements() - before
			pulls += together(func(i, _ int) { // the first brings all, the others look
				page := readers[i].changes(cursors[i])
				cursors[i] = page.Cursor
			})
		}
		n := float64(b.N)
		b.ReportMetric(pushes/n, "pushes/s")
		b.ReportMetric(bares/pushes, "bare/push")
		b.ReportMetric(pulls/n, "pulls/s")
		b.ReportMetric(bareReads/pulls, "bare/pull")
		b.ReportMetric(asked/n/float64(accounts*each), "statements/push")
	})
}

// BenchmarkBook fills a book, walks it from nothing as a new device does, and then measures what one change costs in it: that must
// be the same in a small and in a large one. Medians, because something else always runs.
func BenchmarkBook(b *testing.B) {
	databases(b, func(b *testing.B, db storetest.New) {
		for _, n := range sizes(b, "KITH_LOAD_BOOK", "1000,10000") {
			b.Run(strconv.Itoa(n), func(b *testing.B) {
				for b.Loop() {
					book(b, db(b), bare(b, db(b)), n)
				}
			})
		}
	})
}

func book(b *testing.B, dsn string, limit *client, n int) {
	s := servertest.New(b, servertest.Options{DB: dsn})
	defer s.Stop()
	s.AddUser("ada", password)
	c := signIn(b, s, "ada", "laptop")
	start := time.Now()
	cursor := c.changes("").Cursor
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < n; at += 1000 {
		batch := make([]api.Push, 0, 1000)
		for i := at; i < min(n, at+1000); i++ {
			p := insert(contactID(i))
			p.Card = card(r, i)
			batch = append(batch, p)
		}
		cursor = c.pushZipped(cursor, batch).Cursor
	}
	b.ReportMetric(time.Since(start).Seconds()/float64(n)*1e6, "first-push-µs/contact")
	start = time.Now()
	if got := c.pullAll(); got != n {
		b.Fatalf("walked %d of %d", got, n)
	}
	b.ReportMetric(time.Since(start).Seconds(), "first-pull-s")
	b.ReportMetric(time.Since(start).Seconds()/float64(n)*1e6, "first-pull-µs/contact")
	follower, revs := cursor, map[int]int64{}
	var push, pull, nothing, floor []time.Duration
	timed := func(into *[]time.Duration, do func()) {
		start := time.Now()
		do()
		*into = append(*into, time.Since(start))
	}
	for range 200 {
		i := r.IntN(n)
		base := revs[i]
		if base == 0 {
			base = int64(i) + 1
		}
		p := api.Push{ChangeID: insert("").ChangeID, ID: contactID(i), Operation: api.Update, BaseRev: base, Card: card(r, i), EditedAt: 1}
		timed(&floor, func() { limit.sync("", p) })
		timed(&push, func() {
			a := c.sync(cursor, p)
			if a.Results[0].Status != api.Applied {
				b.Fatalf("edit: %+v", a.Results[0])
			}
			cursor, revs[i] = a.Cursor, a.Results[0].Rev
		})
		timed(&pull, func() {
			page := c.changes(follower)
			if len(page.Changes) != 1 {
				b.Fatalf("pulled %d", len(page.Changes))
			}
			follower = page.Cursor
		})
		timed(&nothing, func() { c.changes(cursor) })
	}
	ms := func(d []time.Duration) float64 {
		slices.Sort(d)
		return float64(d[len(d)/2]) / 1e6
	}
	b.ReportMetric(ms(push), "push-ms")
	b.ReportMetric(ms(push)/ms(floor), "push/bare")
	b.ReportMetric(ms(pull), "pull-ms")
	b.ReportMetric(ms(pull)/ms(floor), "pull/bare")
	b.ReportMetric(ms(nothing), "nothing-ms")
}

func contactID(i int) string { return fmt.Sprintf("%08d-0000-7000-8000-000000000000", i) }
