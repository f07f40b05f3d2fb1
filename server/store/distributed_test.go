package store_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"kith/server/store"
	"kith/server/store/storetest"
)

// counting is a look at how many contacts there are.
var counting = regexp.MustCompile(`(?i)count\(\*\).*contacts`)

// refused is what one or another of the distributed databases that speak PostgreSQL's protocol does not take: CockroachDB has no
// LISTEN and no pg_notify, YugabyteDB had no advisory locks, Citus takes FOR UPDATE only within one shard and no foreign keys
// between its kinds of tables, and sequences and upserts cost or mean something else in each.
var refused = regexp.MustCompile(`(?i)\b(LISTEN|pg_notify|pg_advisory_\w+|FOR UPDATE|FOR SHARE|LOCK TABLE|SERIAL|BIGSERIAL|nextval|RETURNING|ON CONFLICT|TEMP|TEMPORARY|SAVEPOINT|DECLARE|TRUNCATE|REFERENCES|TRIGGER)\b`)

// reluctant is a way to a PostgreSQL server on which it refuses all of that. It returns the new DSN.
func reluctant(t testing.TB, dsn string) (proxied string, asked func() []string) {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	var mu sync.Mutex
	var said []string
	var work sync.WaitGroup
	work.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() {
				defer client.Close()
				to, err := net.Dial("tcp", server)
				if err != nil {
					return
				}
				defer to.Close()
				work.Go(func() {
					io.Copy(client, to)
					client.Close()
				})
				relay(client, to, func(statement string) {
					mu.Lock()
					defer mu.Unlock()
					said = append(said, statement)
				})
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		work.Wait()
	})
	u.Host = l.Addr().String()
	return u.String(), func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(said)
	}
}

// relay passes a client's messages on, and answers those itself that are refused, while the server is idle.
func relay(client, server net.Conn, refuses func(statement string)) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(client, head); err != nil { // the first message has no type
		return
	}
	rest := make([]byte, binary.BigEndian.Uint32(head)-4)
	if _, err := io.ReadFull(client, rest); err != nil {
		return
	}
	server.Write(append(head, rest...))
	inside := false
	for {
		head := make([]byte, 5)
		if _, err := io.ReadFull(client, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(client, body); err != nil {
			return
		}
		statement := strings.TrimRight(string(body), "\x00")
		if head[0] != 'Q' || !refused.MatchString(quoted.ReplaceAllString(statement, "''")) {
			if head[0] == 'Q' {
				switch word, _, _ := strings.Cut(strings.ToUpper(statement), " "); word {
				case "BEGIN":
					inside = true
				case "COMMIT", "ROLLBACK":
					inside = false
				}
			}
			server.Write(append(head, body...))
			continue
		}
		refuses(statement)
		fields := "SERROR\x00VERROR\x00C0A000\x00Mnot supported here\x00\x00"
		answer := binary.BigEndian.AppendUint32([]byte{'E'}, uint32(len(fields)+4))
		answer = append(answer, fields...)
		state := byte('I')
		if inside {
			state = 'E'
		}
		client.Write(append(answer, 'Z', 0, 0, 0, 5, state))
	}
}

// quoted is a text in a statement, which may say anything.
var quoted = regexp.MustCompile(`'(?:[^']|'')*'`)

// TestWithoutPostgresOwn: on a database that has of PostgreSQL only what distributed ones take, everything works, nodes hear of each
// other by looking, and what is refused is asked for once and not with each push.
func TestWithoutPostgresOwn(t *testing.T) {
	var asked func() []string
	db := func(t testing.TB) string {
		var dsn string
		dsn, asked = reluctant(t, storetest.Postgres(t))
		return dsn
	}
	for _, c := range []struct {
		name string
		run  func(t *testing.T, db storetest.New)
	}{
		{"a push is conditional", testConditional},
		{"exactly once, concurrently", testExactlyOnceConcurrently},
		{"a cursor never skips a row", testNeverSkips},
		{"waiting for another process", testWaitElsewhere},
		{"attempts", testAttempts},
		{"compaction", testCompaction},
		{"backup and restore", testBackupRestore},
		{"books of an account", testBooks},
		{"invitations", testInvitations},
		{"a book made many times at once", testAddBookConcurrently},
		{"an invitation is accepted once, concurrently", testAcceptConcurrently},
		{"owners who leave at once", testOwnersLeave},
		{"a role lowered while pushes run", testRoleLowered},
		{"a member removed elsewhere", testRemovedElsewhere},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, db)
			count := map[string]int{}
			for _, s := range asked() {
				word := refused.FindString(s)
				if count[word]++; word != "LISTEN" && word != "pg_notify" && word != "pg_advisory_lock" {
					t.Errorf("refused: %s", s)
				}
			}
			// A few stores are opened by each of these; they must not go on asking.
			if count["pg_notify"] > 8 || count["LISTEN"] > 8 {
				t.Errorf("asked for what is not there, again and again: %v", count)
			}
		})
	}
	t.Run("opened by many at once, without a lock", func(t *testing.T) {
		dsn := db(t)
		var work sync.WaitGroup
		for range 6 {
			work.Go(func() {
				s, err := store.Open(t.Context(), dsn, store.Options{})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				s.Close()
			})
		}
		work.Wait()
	})
}

// TestOneBookOneShard: with the tables distributed by their book, each statement of what devices do names one book, and so goes to
// one shard; the rest is in tables that every shard has.
func TestOneBookOneShard(t *testing.T) {
	f := setUp(t, storetest.Postgres)
	d := f.device("a")
	d.pull()
	var mu sync.Mutex
	var wrong []string
	seen := 0
	distributed := regexp.MustCompile(`"?\b(books|contacts|commits|results|blobs|blob_refs|members)\b"?`)
	f.Observe(func(s store.Statement) {
		mu.Lock()
		defer mu.Unlock()
		seen++
		if plain := quoted.ReplaceAllString(s.Text, "''"); distributed.MatchString(plain) && !strings.Contains(s.Text, "'"+f.book+"'") {
			wrong = append(wrong, s.Text)
		}
	})
	revs := d.fill(4)
	d.must(edit("c00", revs[0], "again"))
	d.push(edit("c01", 0, "a conflict"), remove("c02", revs[2]))
	if _, err := f.Role(t.Context(), f.user.ID, f.book); err != nil {
		t.Fatal(err)
	}
	hash := f.withBlob()
	if _, err := f.Blob(t.Context(), f.book, hash); err != nil {
		t.Fatal(err)
	}
	d.cursor = ""
	d.pull()
	w := f.Wait(f.book)
	defer w.Close()
	if _, err := w.First(t.Context(), store.FeedQuery{Book: f.book, Since: d.cursor, Limit: 5}); err != nil {
		t.Fatal(err)
	}
	f.Observe(nil)
	if seen == 0 || len(wrong) > 0 {
		t.Errorf("of %d statements, these name no book:\n%s", seen, strings.Join(wrong, "\n"))
	}
}

// TestConflictsAreBounded: a push that would be answered with more than the limit is refused as a whole, and fits when it is split.
func TestConflictsAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		f := setUp(t, db)
		a := f.device("a")
		long := strings.Repeat("x", 1000)
		for _, id := range []string{"1", "2", "3", "4"} {
			a.must(edit(id, 0, long))
		}
		push := func(limit int, ids ...string) ([]store.Result, error) {
			var changes []store.Push
			for _, id := range ids {
				changes = append(changes, edit(id, 0, "late"))
			}
			answer, err := f.Push(t.Context(), store.PushRequest{Book: f.book, Device: a.id, Changes: changes, AnswerBytes: limit})
			return answer.Results, err
		}
		before, err := f.Changes(t.Context(), store.FeedQuery{Book: f.book, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := push(3000, "new", "1", "2", "3"); !errors.Is(err, store.ErrAnswerTooLarge) {
			t.Errorf("three cards into an answer for two: %v", err)
		}
		if _, err := push(3000, "1", "1", "1", "1"); !errors.Is(err, store.ErrAnswerTooLarge) {
			t.Errorf("one card four times: %v", err)
		}
		after, err := f.Changes(t.Context(), store.FeedQuery{Book: f.book, Since: before.Cursor, Limit: 100})
		if err != nil || len(after.Changes) != 0 {
			t.Errorf("what was refused left %d changes, %v", len(after.Changes), err)
		}
		if r, err := push(3000, "1", "2", "new"); err != nil || r[0].Status != store.Conflict || r[1].Current == nil || r[2].Status != store.Applied {
			t.Errorf("half of it: %+v, %v", r, err)
		}
		if r, err := push(10, "4"); err != nil || len(r) != 1 || r[0].Current == nil {
			t.Errorf("a single one: %+v, %v", r, err)
		}
	})
}
