package rest_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	_ "modernc.org/sqlite"

	"kith/api"
	"kith/contact"
	"kith/contact/contacttest"
	"kith/data"
	"kith/server/servertest"
	"kith/syncer"
	"kith/syncer/memremote"
	"kith/syncer/rest"
)

const benchContacts = 10_000

func benchCards() []contact.Card {
	cards := make([]contact.Card, benchContacts)
	for i := range cards {
		cards[i] = contacttest.Realistic(1, i)
	}
	return cards
}

// profile is a signed-in device with a real store.
type profile struct {
	store  *data.Store
	engine *syncer.Engine
}

func newProfile(b testing.TB, srv *servertest.Server, name string) *profile {
	b.Helper()
	store, err := data.Open(b.Context(), b.TempDir(), data.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	p := &profile{store, syncer.New(store, rest.New(rest.Options{}), new(memremote.Secrets), syncer.Options{})}
	if err := p.engine.SignIn(b.Context(), syncer.SignInRequest{Server: srv.URL, User: "ada", Password: "secret", Device: name}); err != nil {
		b.Fatal(err)
	}
	return p
}

func (p *profile) sync(b testing.TB) syncer.Summary {
	b.Helper()
	s, err := p.engine.Sync(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// report prints what was measured, and as a ratio to the floor measured in the same run.
func report(b *testing.B, took, floor time.Duration, traffic servertest.Traffic) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(took), "ms")
	b.ReportMetric(ms(floor), "limit-ms")
	b.ReportMetric(float64(took)/float64(floor), "ratio")
	b.ReportMetric(float64(traffic.Requests), "requests")
	b.ReportMetric(float64(traffic.BytesIn+traffic.BytesOut), "bytes")
}

// least returns the shortest of a few runs: what the work costs when nothing else does.
func least(runs int, f func() time.Duration) time.Duration {
	best := f()
	for range runs - 1 {
		best = min(best, f())
	}
	return best
}

// BenchmarkFirstPush sends 10,000 new contacts of one device to the server.
func BenchmarkFirstPush(b *testing.B) {
	cards := benchCards()
	fl := newFloor(b)
	floor := least(3, func() time.Duration { return fl.post(b, cards) })
	for b.Loop() {
		srv := servertest.New(b, servertest.Options{})
		srv.AddUser("ada", "secret")
		p := newProfile(b, srv, "laptop")
		if _, err := p.store.AddAll(b.Context(), cards); err != nil {
			b.Fatal(err)
		}
		srv.Traffic()
		began := time.Now()
		s := p.sync(b)
		took := time.Since(began)
		if s.Pushed != benchContacts || s.Pending != 0 {
			b.Fatalf("%+v", s)
		}
		report(b, took, floor, srv.Traffic())
	}
}

// BenchmarkFirstPull brings 10,000 contacts to a new device.
func BenchmarkFirstPull(b *testing.B) {
	cards := benchCards()
	fl := newFloor(b)
	fl.post(b, cards)
	floor := least(3, func() time.Duration { return fl.get(b) })
	srv := servertest.New(b, servertest.Options{})
	srv.AddUser("ada", "secret")
	p := newProfile(b, srv, "laptop")
	if _, err := p.store.AddAll(b.Context(), cards); err != nil {
		b.Fatal(err)
	}
	p.sync(b)
	for b.Loop() {
		q := newProfile(b, srv, "desktop")
		srv.Traffic()
		began := time.Now()
		s := q.sync(b)
		took := time.Since(began)
		if s.Pulled != benchContacts {
			b.Fatalf("%+v", s)
		}
		report(b, took, floor, srv.Traffic())
	}
}

// BenchmarkOneEdit pushes one edited contact of a book of 10,000, by a device that is live.
func BenchmarkOneEdit(b *testing.B) {
	cards := benchCards()
	fl := newFloor(b)
	fl.post(b, cards)
	srv := servertest.New(b, servertest.Options{})
	srv.AddUser("ada", "secret")
	p := newProfile(b, srv, "laptop")
	if _, err := p.store.AddAll(b.Context(), cards); err != nil {
		b.Fatal(err)
	}
	p.sync(b)
	stop := p.run(b)
	defer stop()
	idle := p.whenIdle(b)
	n := 0
	edit := func() time.Duration {
		n++
		id := cards[n].UID()
		c, err := p.store.Contact(b.Context(), id)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.store.Save(b.Context(), id, c.Card, c.Card.WithNote(fmt.Sprint("edit ", n))); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		for {
			if st := <-idle; st.State == syncer.Idle && st.Pending == 0 {
				return time.Since(began)
			}
		}
	}
	edit()
	for b.Loop() {
		const runs = 50
		var took, floor time.Duration
		srv.Traffic()
		for range runs {
			took += edit()
		}
		traffic := srv.Traffic()
		for i := range runs {
			floor += fl.post(b, cards[i:i+1])
		}
		traffic.Requests /= runs
		traffic.BytesIn /= runs
		traffic.BytesOut /= runs
		report(b, took/runs, floor/runs, traffic)
	}
}

// BenchmarkLiveEdit measures from an edit saved in one device's store to the same edit in the other's. Its limit is one POST of the
// contact and one transaction; on the way there are three transactions and three requests.
func BenchmarkLiveEdit(b *testing.B) {
	srv := servertest.New(b, servertest.Options{})
	srv.AddUser("ada", "secret")
	here, there := newProfile(b, srv, "laptop"), newProfile(b, srv, "desktop")
	c, err := here.store.Add(b.Context(), contacttest.Realistic(1, 1))
	if err != nil {
		b.Fatal(err)
	}
	here.sync(b)
	there.sync(b)
	defer here.run(b)()
	defer there.run(b)()
	changed := there.store.Watch(b.Context())
	n := 0
	edit := func() time.Duration {
		n++
		note := fmt.Sprint("edit ", n)
		if c, err = here.store.Contact(b.Context(), c.ID); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if _, err := here.store.Save(b.Context(), c.ID, c.Card, c.Card.WithNote(note)); err != nil {
			b.Fatal(err)
		}
		for {
			got, err := there.store.Contact(b.Context(), c.ID)
			if err != nil {
				b.Fatal(err)
			}
			if got.Card.Note() == note {
				return time.Since(began)
			}
			<-changed
		}
	}
	edit() // from here on both wait at the server
	fl := newFloor(b)
	for b.Loop() {
		const runs = 50
		var took, limit time.Duration
		for range runs {
			took += edit()
			limit += fl.post(b, []contact.Card{c.Card})
		}
		report(b, took/runs, limit/runs, servertest.Traffic{})
	}
}

func (p *profile) run(b testing.TB) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- p.engine.Run(ctx) }()
	return func() { cancel(); <-done }
}

// whenIdle returns the statuses to come, once the loop is idle.
func (p *profile) whenIdle(b testing.TB) <-chan syncer.Status {
	statuses := make(chan syncer.Status, 1000)
	p.engine.OnStatus(func(st syncer.Status) { statuses <- st })
	return statuses
}

// floor is the least that any sync of these contacts costs: gzip, one request, decode, one SQLite transaction, and back.
type floor struct {
	client *sql.DB
	server *sql.DB
	url    string
}

func newFloor(b testing.TB) *floor {
	f := &floor{client: floorDB(b), server: floorDB(b)}
	srv := httptest.NewServer(f)
	b.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

func floorDB(b testing.TB) *sql.DB {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec("CREATE TABLE contacts (id TEXT PRIMARY KEY, rev INTEGER, card TEXT)"); err != nil {
		b.Fatal(err)
	}
	return db
}

func floorStore(db *sql.DB, changes []api.Push) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.Prepare("INSERT OR REPLACE INTO contacts VALUES (?, ?, ?)")
	if err != nil {
		return err
	}
	for i, c := range changes {
		if _, err := stmt.Exec(c.ID, i, string(c.Card)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func floorRead(db *sql.DB) ([]api.Push, error) {
	rows, err := db.Query("SELECT id, card FROM contacts")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []api.Push
	for rows.Next() {
		var p api.Push
		var card []byte
		if err := rows.Scan(&p.ID, &card); err != nil {
			return nil, err
		}
		p.Card = card
		all = append(all, p)
	}
	return all, rows.Err()
}

func packed(v any) *bytes.Buffer {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_ = json.NewEncoder(z).Encode(v)
	_ = z.Close()
	return &b
}

func unpack(r io.Reader, v any) error {
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	return json.NewDecoder(z).Decode(v)
}

func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var req api.SyncRequest
	var err error
	if r.Method == http.MethodPost {
		if err = unpack(r.Body, &req); err == nil {
			err = floorStore(f.server, req.Changes)
		}
		answer := api.SyncResponse{Results: make([]api.Result, len(req.Changes))}
		if err == nil {
			_, _ = packed(answer).WriteTo(w)
		}
	} else if req.Changes, err = floorRead(f.server); err == nil {
		_, _ = packed(req).WriteTo(w)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// post pushes cards that lie in the client's database, and notes there that they are pushed.
func (f *floor) post(b testing.TB, cards []contact.Card) time.Duration {
	b.Helper()
	in := api.SyncRequest{}
	for _, c := range cards {
		in.Changes = append(in.Changes, api.Push{ID: c.UID(), Card: c.JSON()})
	}
	began := time.Now()
	resp, err := http.Post(f.url, "application/json", packed(in))
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var out api.SyncResponse
	if err := unpack(resp.Body, &out); err != nil {
		b.Fatal(err)
	}
	if err := floorStore(f.client, in.Changes); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// get pulls everything into the client's database.
func (f *floor) get(b testing.TB) time.Duration {
	b.Helper()
	began := time.Now()
	resp, err := http.Get(f.url)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var out api.SyncRequest
	if err := unpack(resp.Body, &out); err != nil {
		b.Fatal(err)
	}
	if err := floorStore(f.client, out.Changes); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
