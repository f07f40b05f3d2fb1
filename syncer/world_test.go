package syncer_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// world is one server and the devices of one account.
type world struct {
	t       *testing.T
	server  *memremote.Server
	devices []*device
}

// device is one profile with its real store.
type device struct {
	t       *testing.T
	world   *world
	name    string
	dir     string
	store   *data.Store
	secrets *memremote.Secrets
	engine  *syncer.Engine
}

const address = "https://kith.example"

func newWorld(t *testing.T) *world {
	w := &world{t: t, server: memremote.New()}
	w.server.AddUser("ada", "secret")
	return w
}

// device makes a profile and signs it in.
func (w *world) device(name string) *device { return w.deviceOf("ada", name) }

func (w *world) deviceOf(user, name string) *device {
	w.t.Helper()
	d := &device{t: w.t, world: w, name: name, dir: w.t.TempDir(), secrets: new(memremote.Secrets)}
	d.open()
	w.t.Cleanup(func() {
		if err := d.store.Close(); err != nil {
			w.t.Errorf("close %s: %v", name, err)
		}
	})
	if err := d.engine.SignIn(w.t.Context(), syncer.SignInRequest{Server: address, User: user, Password: "secret", Device: name}); err != nil {
		w.t.Fatalf("sign in %s: %v", name, err)
	}
	w.devices = append(w.devices, d)
	return d
}

func (d *device) open() {
	d.t.Helper()
	store, err := data.Open(d.t.Context(), d.dir, data.Options{})
	if err != nil {
		d.t.Fatalf("open %s: %v", d.name, err)
	}
	d.store = store
	d.engine = syncer.New(store, d.world.server.Connector(), d.secrets, syncer.Options{Network: func() string { return "" }})
}

// reopen is the program ended and started again.
func (d *device) reopen() {
	d.t.Helper()
	if err := d.store.Close(); err != nil {
		d.t.Fatalf("close %s: %v", d.name, err)
	}
	d.open()
}

func (d *device) sync() syncer.Summary {
	d.t.Helper()
	s, err := d.engine.Sync(d.t.Context())
	if err != nil {
		d.t.Fatalf("%s: %v", d.name, err)
	}
	return s
}

func (d *device) add(name string) string {
	d.t.Helper()
	c, err := d.store.Add(d.t.Context(), contact.New().WithFullName(name))
	if err != nil {
		d.t.Fatalf("%s: add: %v", d.name, err)
	}
	return c.ID
}

func (d *device) card(id string) contact.Card { return d.contact(id).Card }

func (d *device) contact(id string) data.Contact {
	d.t.Helper()
	c, err := d.store.Contact(d.t.Context(), id)
	if err != nil {
		d.t.Fatalf("%s: contact: %v", d.name, err)
	}
	return c
}

// set edits a contact, field=value by field=value.
func (d *device) set(id string, fields ...string) {
	d.t.Helper()
	from := d.card(id)
	to := from
	for _, f := range fields {
		field, value, _ := strings.Cut(f, "=")
		var err error
		if to, err = to.WithField(field, value); err != nil {
			d.t.Fatalf("%s: set %s: %v", d.name, f, err)
		}
	}
	if _, err := d.store.Save(d.t.Context(), id, from, to); err != nil {
		d.t.Fatalf("%s: save: %v", d.name, err)
	}
}

func (d *device) want(id string, fields ...string) {
	d.t.Helper()
	for _, f := range fields {
		field, value, _ := strings.Cut(f, "=")
		got, err := d.card(id).Field(field)
		if err != nil || got != value {
			d.t.Errorf("%s: %s is %q, %v; want %q", d.name, field, got, err, value)
		}
	}
}

func (d *device) remove(ids ...string) {
	d.t.Helper()
	if err := d.store.Delete(d.t.Context(), ids...); err != nil {
		d.t.Fatalf("%s: delete: %v", d.name, err)
	}
}

func (d *device) strategy(s contact.Strategy) {
	d.t.Helper()
	if err := d.store.SetStrategy(d.t.Context(), data.DefaultBook, s); err != nil {
		d.t.Fatal(err)
	}
}

// live returns every contact outside the trash, as canonical JSON by id.
func (d *device) live() map[string]string {
	d.t.Helper()
	ids, err := d.store.Order(d.t.Context(), data.Query{Filter: data.All})
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := d.store.Rows(d.t.Context(), ids)
	if err != nil {
		d.t.Fatal(err)
	}
	all := map[string]string{}
	for _, r := range rows {
		all[r.ID] = string(d.card(r.ID).JSON())
	}
	return all
}

// wantEqual checks that all devices and the server hold the same contacts, and that nothing waits.
func (w *world) wantEqual() {
	w.t.Helper()
	want := map[string]string{}
	for id, c := range w.server.Contacts("ada") {
		want[id] = string(c.Card)
	}
	for _, d := range w.devices {
		if diff := difference(want, d.live()); diff != "" {
			w.t.Errorf("the server and %s differ: %s", d.name, diff)
		}
		counts, err := d.store.Counts(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if counts.Pending != 0 {
			w.t.Errorf("%s: %d contacts wait", d.name, counts.Pending)
		}
	}
}

func difference(want, got map[string]string) string {
	var b strings.Builder
	ids := slices.Sorted(maps.Keys(want))
	for id := range got {
		if _, ok := want[id]; !ok {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		if want[id] != got[id] {
			fmt.Fprintf(&b, "\n%s: %s\n  and: %s", id, or(want[id], "none"), or(got[id], "none"))
		}
	}
	return b.String()
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// settled syncs every device until no one has anything new for the others.
func (w *world) settled() {
	w.t.Helper()
	for range 3 {
		for _, d := range w.devices {
			d.sync()
		}
	}
}
