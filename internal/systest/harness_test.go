package systest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
)

// The programs under test, built once.
var serverProgram, kithctlProgram string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "kith-systest-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		build := exec.Command("go", "build", "-o", dir, "kith/cmd/kith-server", "kith/cmd/kithctl")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
			return 1
		}
		serverProgram, kithctlProgram = filepath.Join(dir, "kith-server"), filepath.Join(dir, "kithctl")
		return m.Run()
	}())
}

// Exit codes of kithctl.
const (
	done      = 0
	failed    = 1
	usage     = 2
	offline   = 3
	conflicts = 4
	signIn    = 5
)

const user, password = "ada", "a long enough password"

// device is one profile, used through kithctl.
type device struct {
	t       *testing.T
	name    string
	profile string
	url     string
	trace   func(line string) // nil: nobody wants to know
}

// newDevice makes a profile that is not signed in.
func newDevice(t *testing.T, name string) *device {
	t.Helper()
	return &device{t: t, name: name, profile: filepath.Join(t.TempDir(), name)}
}

// signedIn makes a profile of the account at url.
func signedIn(t *testing.T, name, url string) *device {
	t.Helper()
	d := newDevice(t, name)
	d.login(url)
	return d
}

// in is the device as a subtest uses it.
func (d *device) in(t *testing.T) *device {
	inner := *d
	inner.t = t
	return &inner
}

func (d *device) login(url string) {
	d.t.Helper()
	d.url = url
	r := d.runWith(password+"\n", "login", url, "--user", user, "--password-stdin")
	if r.code != done {
		d.t.Fatalf("%s: login at %s = %v", d.name, url, r)
	}
}

// result is how one kithctl ended.
type result struct {
	args        []string
	code        int // -1: killed
	out, errOut string
}

func (r result) String() string {
	return fmt.Sprintf("kithctl %s: code %d\nstdout: %sstderr: %s", strings.Join(r.args, " "), r.code, r.out, r.errOut)
}

// command is kithctl on the profile, in a world without a keyring.
func (d *device) command(ctx context.Context, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	cmd := exec.CommandContext(ctx, kithctlProgram, append([]string{"--profile", d.profile}, args...)...)
	cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "HOME="+filepath.Dir(d.profile), "TZ=UTC")
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	return cmd, &out, &errOut
}

func (d *device) run(args ...string) result {
	d.t.Helper()
	return d.runWith("", args...)
}

func (d *device) runWith(in string, args ...string) result {
	d.t.Helper()
	cmd, out, errOut := d.command(d.t.Context(), args...)
	cmd.Stdin = strings.NewReader(in)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatalf("%s: start kithctl: %v", d.name, err)
	}
	r := result{args, cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
	if d.trace != nil {
		d.trace(fmt.Sprint(d.name, ": ", r))
	}
	return r
}

// must runs a command that has to end with the code, and returns its output without the last line's end.
func (d *device) must(code int, args ...string) string {
	d.t.Helper()
	r := d.run(args...)
	if r.code != code {
		d.t.Fatalf("%s: want code %d: %v", d.name, code, r)
	}
	return strings.TrimSuffix(r.out, "\n")
}

func (d *device) ok(args ...string) string {
	d.t.Helper()
	return d.must(done, args...)
}

// json runs a command with --json that has to end with the code, and reads its one document strictly.
func (d *device) json(code int, into any, args ...string) {
	d.t.Helper()
	out := d.must(code, append(args, "--json")...)
	dec := json.NewDecoder(strings.NewReader(out))
	if err := dec.Decode(into); err != nil || dec.More() {
		d.t.Fatalf("%s: %v printed %q, not one JSON document: %v", d.name, args, out, err)
	}
}

// synced is the document of `kithctl sync`.
type synced struct{ Pulled, Pushed, Merged, Conflicts, Pending int }

func (d *device) sync() synced {
	d.t.Helper()
	var s synced
	d.json(done, &s, "sync")
	return s
}

// status is the document of `kithctl status`.
type status struct {
	State        string
	Pending      int
	Conflicts    int
	LastSync     string `json:"last_sync"`
	Server, User string
}

func (d *device) status() status {
	d.t.Helper()
	var s status
	d.json(done, &s, "status")
	return s
}

// shown is the document of `kithctl show`.
type shown struct {
	ID      string
	Rev     int64
	Pending bool
	Deleted string
	Card    contact.Card
}

func (d *device) show(id string) shown {
	d.t.Helper()
	var s shown
	d.json(done, &s, "show", id)
	return s
}

// field is one value of a contact on the device.
func (d *device) field(id, field string) string {
	d.t.Helper()
	v, err := d.show(id).Card.Field(field)
	if err != nil {
		d.t.Fatalf("%s: field %s of %s: %v", d.name, field, id, err)
	}
	return v
}

func (d *device) list(args ...string) []struct{ ID, Name string } {
	d.t.Helper()
	var all []struct{ ID, Name string }
	d.json(done, &all, append([]string{"list"}, args...)...)
	return all
}

// store opens the profile in this process, for what would take a thousand kithctls.
func (d *device) store(f func(s *data.Store)) {
	d.t.Helper()
	s, err := data.Open(d.t.Context(), d.profile, data.Options{})
	if err != nil {
		d.t.Fatalf("%s: open the profile: %v", d.name, err)
	}
	f(s)
	if err := s.Close(); err != nil {
		d.t.Fatalf("%s: close the profile: %v", d.name, err)
	}
}

// deviceID is the device's id at the server.
func (d *device) deviceID() (id string) {
	d.t.Helper()
	d.store(func(s *data.Store) {
		a, err := s.Account(d.t.Context())
		if err != nil {
			d.t.Fatalf("%s: account: %v", d.name, err)
		}
		id = a.DeviceID
	})
	return id
}

// cards is everything that the device holds: each live contact's canonical card, by id.
func (d *device) cards() map[string]string {
	d.t.Helper()
	all := map[string]string{}
	d.store(func(s *data.Store) {
		order, err := s.Order(d.t.Context(), data.Query{})
		if err != nil {
			d.t.Fatal(err)
		}
		rows, err := s.Rows(d.t.Context(), order)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, r := range rows {
			c, err := s.Contact(d.t.Context(), r.ID)
			if err != nil {
				d.t.Fatal(err)
			}
			all[c.ID] = string(c.Card.JSON())
		}
	})
	return all
}

// agree syncs the devices in turn until nobody has news, and requires the same cards on all of them, with nothing pending.
func agree(t *testing.T, devices ...*device) map[string]string {
	t.Helper()
	for round, quiet := 0, false; !quiet; round++ {
		if round == 6 {
			t.Fatalf("the devices still have news for each other after %d rounds", round)
		}
		quiet = true
		for _, d := range devices {
			if s := d.sync(); s.Pulled+s.Pushed+s.Merged > 0 {
				quiet = false
			}
		}
	}
	want := devices[0].cards()
	for _, d := range devices {
		if st := d.status(); st.Pending > 0 || st.Conflicts > 0 {
			t.Errorf("%s: after agreeing: %+v", d.name, st)
		}
		got := d.cards()
		if len(got) != len(want) {
			t.Errorf("%s holds %d contacts, %s %d", d.name, len(got), devices[0].name, len(want))
		}
		for id, card := range want {
			if got[id] != card {
				t.Fatalf("contact %s differs:\n%s: %s\n%s: %s", id, devices[0].name, card, d.name, got[id])
			}
		}
		if out := d.ok("check"); !strings.HasPrefix(out, "Sound") {
			t.Errorf("%s: check = %q", d.name, out)
		}
	}
	return want
}
