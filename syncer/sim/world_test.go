package sim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// backend is the remote of a simulation.
type backend interface {
	connector() syncer.Connector
	address() string
	live() map[string]string // contacts by id, as canonical JSON
	seq() int64
	backup() (restore func())
	compact()
	revoke()
}

// world is one run of a schedule.
type world struct {
	t       testing.TB // of the bubble
	dir     string
	wire    wire
	backend backend
	devices []*device
	ids     []string // of every contact ever made
	model   model
	restore func() // the server's newest backup
	broken  any    // what went wrong in the middle of a sync
}

// device is one profile with its user.
type device struct {
	w       *world
	name    string
	dir     string
	store   *data.Store
	engine  *syncer.Engine
	secrets *memremote.Secrets
	skew    time.Duration
	copied  string // an older copy of the profile
}

// failure ends a run.
type failure string

func (w *world) fail(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

func (w *world) must(err error, format string, args ...any) {
	if err != nil {
		w.fail("%s: %v", fmt.Sprintf(format, args...), err)
	}
}

var ctx = context.Background()

const user, password = "ada", "correct horse"

func newWorld(t testing.TB, dir string, devices int, b func(*world) backend) *world {
	w := &world{t: t, dir: dir, model: newModel()}
	w.backend = b(w)
	for i := range devices {
		d := &device{w: w, name: fmt.Sprint(i), dir: filepath.Join(dir, fmt.Sprint("device", i)), secrets: new(memremote.Secrets)}
		w.must(os.MkdirAll(d.dir, 0o700), "make the profile")
		d.open()
		w.devices = append(w.devices, d)
		d.signIn()
	}
	return w
}

func (w *world) close() {
	for _, d := range w.devices {
		if d.store != nil {
			_ = d.store.Close()
		}
	}
}

func (d *device) open() {
	store, err := data.Open(ctx, d.dir, data.Options{Now: func() time.Time { return time.Now().Add(d.skew) }, MassDeletion: 1})
	d.w.must(err, "open device %s", d.name)
	d.store = store
	d.engine = syncer.New(store, d.w.backend.connector(), d.secrets, syncer.Options{Network: func() string { return "" }})
}

func (d *device) close() {
	d.w.must(d.store.Close(), "close device %s", d.name)
	d.store = nil
}

func (d *device) signIn() {
	d.w.wire.fault = none
	err := d.engine.SignIn(ctx, syncer.SignInRequest{Server: d.w.backend.address(), User: user, Password: password, Device: "device " + d.name})
	d.w.must(err, "sign in device %s", d.name)
}

// between lets others act while this device's sync is at a request. It may run on the engine's goroutine: a failure waits for the
// end of the sync.
func (d *device) between(f fault, n int) {
	w := d.w
	defer func(outer wire) {
		if r := recover(); r != nil {
			w.broken = r
		}
		w.wire = outer
	}(w.wire)
	w.wire.fault = none
	if f == other || f == both {
		o := w.devices[(n+1)%len(w.devices)]
		if o != d {
			if id, ok := o.pick(n/3, false); ok && n%2 == 0 {
				o.editOne(id, n/5, n/7)
			}
			o.sync(none, 0, 0)
		}
	}
	if f == typing || f == both {
		d.edit(n/2, n/3, n/5)
	}
}

// sync runs one pass with one fault. Only the errors that the fault explains may come.
func (d *device) sync(f fault, at, n int) {
	syncCtx, stop := context.WithCancel(ctx)
	defer stop()
	picture := ""
	d.w.wire = wire{fault: f, at: at, cancel: stop, killed: func() { picture = d.picture("killed") },
		between: func(f fault) { d.between(f, n) }}
	_, err := d.engine.Sync(syncCtx)
	if d.w.broken != nil {
		panic(d.w.broken)
	}
	met := d.w.wire.fault != f || f == none
	d.w.wire.fault = none
	if picture != "" {
		d.close()
		d.put(picture)
		d.open()
	}
	switch {
	case err == nil:
	case errors.Is(err, syncer.ErrSignIn):
		d.signIn()
		d.sync(none, 0, 0)
	case !met, f == none, f == twice, f == other, f == typing, f == both:
		d.w.fail("device %s: sync: %v", d.name, err)
	}
	d.checkClean()
}

// picture copies the profile as it lies on the disk now.
func (d *device) picture(name string) string {
	to := filepath.Join(d.w.dir, name+d.name)
	d.w.must(os.RemoveAll(to), "drop an older copy")
	d.w.must(os.MkdirAll(to, 0o700), "copy the profile")
	for _, f := range profileFiles {
		b, err := os.ReadFile(filepath.Join(d.dir, f))
		if os.IsNotExist(err) {
			continue
		}
		d.w.must(err, "copy the profile")
		d.w.must(os.WriteFile(filepath.Join(to, f), b, 0o600), "copy the profile")
	}
	return to
}

var profileFiles = []string{"kith.db", "kith.db-wal"}

// put puts a picture in the place of the closed profile.
func (d *device) put(picture string) {
	for _, f := range profileFiles {
		to := filepath.Join(d.dir, f)
		_ = os.Remove(to)
		b, err := os.ReadFile(filepath.Join(picture, f))
		if os.IsNotExist(err) {
			continue
		}
		d.w.must(err, "put the profile back")
		d.w.must(os.WriteFile(to, b, 0o600), "put the profile back")
	}
	_ = os.Remove(filepath.Join(d.dir, "kith.db-shm"))
}

func (d *device) contact(id string) (data.Contact, bool) {
	c, err := d.store.Contact(ctx, id)
	if err != nil {
		return c, false
	}
	return c, true
}

// memory is the backend without a real server.
type memory struct {
	s *memremote.Server
}

func newMemory(w *world) backend {
	s := memremote.New()
	s.AddUser(user, password)
	s.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 3, PushBytes: 4 << 20, PageChanges: 3})
	s.SetFaults(w.wire.memory)
	s.OnCommit(w.model.committed)
	return &memory{s}
}

func (m *memory) connector() syncer.Connector { return m.s.Connector() }
func (m *memory) address() string             { return "mem:" }
func (m *memory) seq() int64                  { return m.s.Seq(user) }
func (m *memory) backup() func()              { return m.s.Snapshot() }
func (m *memory) compact()                    { m.s.Compact() }
func (m *memory) revoke()                     { m.s.Revoke() }

func (m *memory) live() map[string]string {
	all := map[string]string{}
	for id, c := range m.s.Contacts(user) {
		all[id] = string(c.Card)
	}
	return all
}

var strategies = []contact.Strategy{contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk}
