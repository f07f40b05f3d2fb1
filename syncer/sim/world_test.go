package sim

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	gosync "sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
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
	rows(user string) map[string]memremote.Contact               // contacts by id, as canonical JSON, and the tombstones that are kept
	ahead(user, cursor string) (ids map[string]bool, known bool) // what the feed still has after a cursor
	seq() int64                                                  // moves with each change that is taken
	backup() (restore func())
	compact()
	revoke()
	clock(ahead time.Duration) // sets the server's clock
}

// world is one run of a schedule.
type world struct {
	t       testing.TB // of the bubble
	dir     string
	wire    wire
	backend backend
	devices []*device
	ids     []string          // of every contact ever made
	owners  map[string]string // contact -> the account that made it
	model   model
	trash   trashModel
	restore func() // the server's newest backup
	broken  any    // what went wrong in the middle of a sync
	metMu   gosync.Mutex
	met     map[string]int
	rewrite func(query string) string // of the devices' stores; for mutations
	only    invariant                 // the one that is checked; "" : all
}

// device is one profile with its user.
type device struct {
	w       *world
	name    string
	user    string // the account
	dir     string
	store   *data.Store
	disk    *disk
	engine  *syncer.Engine
	secrets *memremote.Secrets
	skew    atomic.Int64 // a duration; read behind the user's back
	copied  string       // an older copy of the profile
	killed  string       // what a kill left on the disk
	planned struct {
		fault diskFault
		at    int
		lasts int // for how many actions the disk stays full, if none notices
	}
	trouble diskFault // armed
	syncing bool      // a pass runs: what happens now, happens in the middle of it
	whole   bool      // the last pass ended well
	loop    func()    // ends it; nil: none runs
	wanted  string    // the card that the next change is to save
	unknown []func()  // looks, after a kill, at what came of actions whose outcome nobody was told
}

// failure ends a run.
type failure string

func (w *world) fail(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

func (w *world) must(err error, format string, args ...any) {
	if err != nil {
		w.fail("%s: %v", fmt.Sprintf(format, args...), err)
	}
}

// note counts what really came about in a run.
func (w *world) note(what fmt.Stringer) {
	w.metMu.Lock()
	defer w.metMu.Unlock()
	w.met[fmt.Sprintf("%T %v", what, what)]++
}

var ctx = context.Background()

// The accounts at the server. Strangers are who must not see anything of the others.
const user, stranger, password = "ada", "grace", "correct horse"

func newWorld(t testing.TB, dir string, devices int, b func(*world) backend) *world {
	w := &world{t: t, dir: dir, model: newModel(), trash: newTrashModel(), owners: map[string]string{}, met: map[string]int{}}
	w.wire.w = w
	w.backend = b(w)
	for range devices {
		w.addDevice(user)
	}
	return w
}

func (w *world) addDevice(user string) *device {
	n := len(w.devices)
	d := &device{w: w, name: fmt.Sprint(n), user: user, dir: filepath.Join(w.dir, fmt.Sprint("device", n)), secrets: new(memremote.Secrets)}
	w.must(os.MkdirAll(d.dir, 0o700), "make the profile")
	w.must(os.WriteFile(filepath.Join(d.dir, profileFiles[0]), emptyProfile(), 0o600), "make the profile")
	d.open()
	w.devices = append(w.devices, d)
	d.signIn()
	return d
}

func (w *world) close() {
	for _, d := range w.devices {
		if d.store != nil {
			d.disk.disarm()
			_ = d.store.Close()
		}
	}
}

// templates is a folder for what is made once for all runs.
var templates = gosync.OnceValue(func() string {
	dir, err := os.MkdirTemp(fast(), "kith-sim-")
	if err != nil {
		panic(err)
	}
	return dir
})

// emptyProfile is the file of a new profile: making it anew for each device of each run would take longer than most schedules.
var emptyProfile = gosync.OnceValue(func() []byte {
	dir := filepath.Join(templates(), "profile")
	store, err := data.Open(ctx, dir, data.Options{})
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		panic(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, profileFiles[0]))
	if err != nil {
		panic(err)
	}
	return b
})

func (d *device) open() {
	d.disk = &disk{file: filepath.Join(d.dir, profileFiles[0]), alone: true, mu: newTurn(), brief: true, cache: true, rewrite: d.w.rewrite, killed: func() { d.killed = d.picture("killed") }}
	store, err := data.Open(ctx, d.dir, data.Options{Now: func() time.Time { return time.Now().Add(time.Duration(d.skew.Load())) }, Connect: d.disk.connect, MassDeletion: 1})
	d.w.must(err, "open device %s", d.name)
	d.store = store
	d.w.wire.started()
	d.engine = syncer.New(store, d.w.backend.connector(), d.secrets, syncer.Options{Network: func() string { return "" }})
}

func (d *device) close() {
	err := d.store.Close()
	if !d.disk.isDead() {
		d.w.must(err, "close device %s", d.name)
	}
	d.store = nil
}

func (d *device) signIn() {
	defer d.w.wire.quiet()()
	defer d.w.wire.started()
	d.w.wire.calm()
	err := d.engine.SignIn(ctx, syncer.SignInRequest{Server: d.w.backend.address(), User: d.user, Password: password, Device: "device " + d.name})
	d.w.must(err, "sign in device %s", d.name)
}

// begin arms what is planned for the device's disk. end disarms it, starts a killed program again, and reports what came about:
// killedAfter for any kill.
func (d *device) begin() (end func() (met diskFault)) {
	f := d.planned.fault
	d.planned.fault, d.trouble = sound, f
	if f != sound {
		if !d.w.wire.looping {
			synctest.Wait() // the daily backup, which a start begins, has an end
		}
		d.disk.arm(f, d.planned.at)
	}
	return func() (met diskFault) {
		d.trouble = sound
		if f != sound && d.disk.disarm() {
			d.w.note(f)
			met = f
		} else if f == full && d.planned.fault == sound && d.planned.lasts > 0 {
			d.planned.fault, d.planned.at = full, 0 // what is written may have found room in the pages there are
			d.planned.lasts--
		}
		if d.rise() {
			met = killedAfter
		}
		return met
	}
}

// rise starts the program again if it was killed.
func (d *device) rise() bool {
	if d.killed == "" {
		return false
	}
	d.close()
	d.put(d.killed)
	d.killed = ""
	d.open()
	for _, look := range d.unknown {
		look()
	}
	d.unknown = nil
	return true
}

// excuses reports whether an error is what a user should be told of such a fault.
func (f diskFault) excuses(err error) bool {
	switch f {
	case killedBefore, killedAfter:
		return true
	case full, fullOnce:
		return errors.Is(err, data.ErrDiskFull)
	case busyOnce, locked:
		return errors.Is(err, data.ErrBusy)
	}
	return false
}

// between lets others act while this device's sync is at a request. It may run on the engine's goroutine: a failure waits for the
// end of the sync.
func (d *device) between(f fault, n int) {
	w := d.w
	defer w.wire.quiet()()
	defer func() {
		if r := recover(); r != nil {
			w.broken = r
		}
	}()
	switch f {
	case other, both:
		o := w.devices[(n+1)%len(w.devices)]
		if o != d {
			if id, ok := o.pick(n/3, false); ok && n%2 == 0 {
				o.editOne(id, n/5, n/7)
			}
			o.sync(none, 0, 0)
		}
	case jump:
		d.skew.Store(int64(jumps[n%len(jumps)]))
	}
	if f == typing || f == both {
		d.edit(n/2, n/3, n/5)
	}
}

// sync runs one pass with one fault. Only the errors that the fault explains may come.
func (d *device) sync(f fault, at, n int) {
	w := d.w
	syncCtx, stop := context.WithCancel(ctx)
	defer stop()
	end := d.begin()
	planned := d.trouble
	d.syncing = true
	after := w.wire.expect(plan{fault: f, at: at, n: n, cancel: stop, killed: d.disk.kill, between: func(f fault) { d.between(f, n) }})
	_, err := d.engine.Sync(syncCtx)
	d.syncing = false
	met := after()
	if w.broken != nil {
		panic(w.broken)
	}
	broke := end()
	d.whole = err == nil
	switch {
	case err == nil:
	case errors.Is(err, syncer.ErrSignIn):
		d.signIn()
		d.sync(none, 0, 0)
	case broke != sound && broke.excuses(err):
	case !met, f.harmless():
		w.fail("device %s: sync, disk %s (%s): %v%s", d.name, planned, broke, err, w.waiting())
	}
	d.checkPass()
}

// picture copies the profile as it lies on the disk now.
func (d *device) picture(name string) string {
	to := filepath.Join(d.w.dir, name+d.name)
	d.w.must(os.RemoveAll(to), "drop an older copy")
	d.copyTo(to)
	return to
}

func (d *device) copyTo(to string) {
	d.w.must(os.MkdirAll(to, 0o700), "copy the profile")
	for _, f := range profileFiles {
		b, err := os.ReadFile(filepath.Join(d.dir, f))
		if os.IsNotExist(err) {
			continue
		}
		d.w.must(err, "copy the profile")
		d.w.must(os.WriteFile(filepath.Join(to, f), b, 0o600), "copy the profile")
	}
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

// twin copies the profile, with its sign-in, to another machine. Both live on.
func (d *device) twin() {
	w := d.w
	t := &device{w: w, name: d.name + "'", user: d.user, dir: filepath.Join(w.dir, fmt.Sprint("device", len(w.devices))), secrets: new(memremote.Secrets)}
	t.skew.Store(d.skew.Load())
	account, err := d.store.Account(ctx)
	w.must(err, "account of device %s", d.name)
	d.close()
	d.copyTo(t.dir)
	d.open()
	t.open()
	if token, err := d.secrets.Token(ctx, account); err == nil {
		w.must(t.secrets.SetToken(ctx, account, token), "copy the sign-in")
	}
	w.devices = append(w.devices, t)
	w.trash.seen[t] = maps.Clone(w.trash.seen[d])
}

func (d *device) contact(id string) (data.Contact, bool) {
	c, err := d.store.Contact(ctx, id)
	if err != nil && !errors.Is(err, data.ErrNotFound) && !d.disk.isDead() {
		d.w.fail("device %s: read %s: %v", d.name, id, err)
	}
	return c, err == nil
}

// of returns the devices of an account.
func (w *world) of(user string) (all []*device) {
	for _, d := range w.devices {
		if d.user == user {
			all = append(all, d)
		}
	}
	return all
}

// memory is the backend without a real server.
type memory struct {
	s *memremote.Server
}

func newMemory(w *world) backend {
	s := memremote.New()
	s.AddUser(user, password)
	s.AddUser(stranger, password)
	s.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 3, PushBytes: 4 << 20, PageChanges: 3, BlobBytes: 1 << 20})
	s.SetFaults(w.wire.memory)
	s.OnCommit(w.model.committed)
	return &memory{s}
}

func (m *memory) connector() syncer.Connector                    { return m.s.Connector() }
func (m *memory) address() string                                { return "mem:" }
func (m *memory) seq() int64                                     { return m.s.Seq(user) + m.s.Seq(stranger) }
func (m *memory) backup() func()                                 { return m.s.Snapshot() }
func (m *memory) compact()                                       { m.s.Compact() }
func (m *memory) revoke()                                        { m.s.Revoke() }
func (m *memory) rows(user string) map[string]memremote.Contact  { return m.s.Rows(user) }
func (m *memory) ahead(u, cursor string) (map[string]bool, bool) { return m.s.Ahead(u, cursor) }

func (m *memory) clock(ahead time.Duration) {
	m.s.SetClock(func() time.Time { return time.Now().Add(ahead) })
}

var strategies = []contact.Strategy{contact.StrategyMerge, contact.StrategyNewest, contact.StrategyAsk}
