package systest

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bad input gets its exit code and one line that says what is wrong; the profile is as before.
func TestBadInput(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>Welcome to the hotel. Please accept our terms.</body></html>"))
	}))
	defer page.Close()
	absent := httptest.NewServer(http.NotFoundHandler())
	defer absent.Close()

	d := newDevice(t, "desk")
	id := d.ok("add", "--name", "Ada Lovelace")
	twin := d.ok("add", "--name", "Charles Babbage")
	before := d.cards()

	big := strings.Repeat("x", 64<<10) // the kernel takes no argument over 128 KiB
	login := func(url, name string) []string { return []string{"login", url, "--user", name, "--password-stdin"} }
	tests := []struct {
		name string
		args []string
		in   string
		code int
		want string // part of the message
	}{
		{"an empty name", []string{"add", "--name", ""}, "", failed, "not saved"},
		{"a blank name", []string{"add", "--name", " \t"}, "", failed, "not saved"},
		{"a name taken away", []string{"set", id, "name="}, "", failed, "not saved"},
		{"a card over 256 KiB", []string{"set", id, "note=" + big, "title=" + big, "org=" + big, "/x:a=" + big, "/x:b=" + big}, "", failed, "256 KiB"},
		{"an unknown field", []string{"set", id, "shoesize=43"}, "", failed, "shoesize"},
		{"a birthday that is none", []string{"set", id, "birthday=yesterday"}, "", failed, "birthday"},
		{"a day that is none", []string{"set", id, "birthday=2001-02-30"}, "", failed, "birthday"},
		{"one bad field of two changes nothing", []string{"set", id, "note=x", "shoesize=43"}, "", failed, "shoesize"},
		{"a member of the wrong type", []string{"set", id, `/emails=["a"]`}, "", failed, "emails"},
		{"the id is not for editing", []string{"set", id, "/uid=other"}, "", failed, "uid"},
		{"a contact that is not there", []string{"show", "no-such-contact"}, "", failed, "no such contact"},
		{"one unknown of two removes nothing", []string{"rm", id, "no-such-contact"}, "", failed, "no such contact"},
		{"an ending too short", []string{"show", id[len(id)-3:]}, "", failed, "no such contact"},
		{"nothing waits", []string{"resolve", id, "--keep", "local"}, "", failed, "nothing of Ada Lovelace waits"},
		{"sync before login", []string{"sync"}, "", signIn, "kithctl login URL"},
		{"logout before login", []string{"logout"}, "", signIn, "sign-in needed"},
		{"a wrong password", login(s.url(), user), "wrong\n", signIn, "wrong user or password"},
		{"a wrong user", login(s.url(), "bob"), password + "\n", signIn, "wrong user or password"},
		{"a web page", login(page.URL, user), password + "\n", failed, "no Kith server"},
		{"another web server", login(absent.URL, user), password + "\n", failed, "no Kith server"},
		{"a refused port", login("http://"+refusedPort(t), user), password + "\n", offline, "refused"},
		{"a host that is none", login("http://no-such-host.invalid", user), password + "\n", offline, "no-such-host.invalid"},
		{"an address that is none", login("::not a url::", user), password + "\n", failed, "address"},
		{"a backup onto something", []string{"backup", os.Args[0]}, "", failed, "exist"},
		{"a backup into nothing", []string{"backup", filepath.Join(t.TempDir(), "no", "folder", "b.db")}, "", failed, "b.db"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := d.runWith(tt.in, tt.args...)
			if r.code != tt.code || r.out != "" {
				t.Errorf("code = %d, stdout = %q; want code %d, nothing", r.code, r.out, tt.code)
			}
			if !strings.HasPrefix(r.errOut, "kithctl: ") || strings.Count(r.errOut, "\n") != 1 || len(r.errOut) > 600 ||
				!strings.Contains(strings.ToLower(r.errOut), strings.ToLower(tt.want)) {
				t.Errorf("stderr = %.900q; want one line with %q", r.errOut, tt.want)
			}
			if strings.Contains(r.errOut, password) || strings.Contains(r.errOut, "goroutine ") {
				t.Errorf("stderr tells too much: %q", r.errOut)
			}
		})
	}
	after := d.cards()
	if len(after) != 2 || after[id] != before[id] || after[twin] != before[twin] {
		t.Errorf("the profile changed: %v; was %v", after, before)
	}
	if st := d.status(); st.State != "signed-out" {
		t.Errorf("status = %+v; want signed-out", st)
	}
}

// refusedPort is an address at which nobody listens.
func refusedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestProfileThatCantBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, profile := range map[string]string{
		"a file in the way":    file,
		"below a file":         filepath.Join(file, "profile"),
		"no place for folders": "/proc/kith-profile", // for root too
	} {
		t.Run(name, func(t *testing.T) {
			d := newDevice(t, "desk")
			d.profile = profile
			r := d.run("add", "--name", "Ada")
			if r.code != failed || r.out != "" || !strings.Contains(r.errOut, profile) || !strings.Contains(r.errOut, "can't be written") ||
				strings.Count(r.errOut, "\n") != 1 {
				t.Errorf("%v; want code %d and a line that names the folder", r, failed)
			}
		})
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "in the way" {
		t.Errorf("the file in the way = %q, %v; want it untouched", b, err)
	}
}

// A database file that is not one is put aside, byte for byte, and the message says where, and which backup there is.
func TestDatabaseThatIsNone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, rubbish := range map[string][]byte{
		"text":          []byte("This is a shopping list.\n"),
		"zeros":         make([]byte, 64<<10),
		"half a header": []byte("SQLite format 3\x00" + strings.Repeat("rubbish ", 4096)),
	} {
		t.Run(name, func(t *testing.T) {
			d := signedIn(t, "desk", s.url())
			id := d.ok("add", "--name", "Ada Lovelace")
			d.sync()
			db := filepath.Join(d.profile, "kith.db")
			if err := os.WriteFile(db, rubbish, 0o600); err != nil {
				t.Fatal(err)
			}
			r := d.run("list")
			if r.code != failed || strings.Count(r.errOut, "\n") != 1 || !strings.Contains(r.errOut, "nothing was deleted") {
				t.Fatalf("%v; want code %d and what became of the file", r, failed)
			}
			if !asideHolds(t, d.profile, r.errOut, rubbish) {
				t.Errorf("no file in the profile that the message names holds the rubbish: %s", r.errOut)
			}
			d.login(s.url())
			d.sync()
			if d.cards()[id] == "" {
				t.Error("a sync did not bring the contact back")
			}
		})
	}
}

func asideHolds(t *testing.T, dir, message string, want []byte) bool {
	t.Helper()
	var found bool
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(message, path) {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || bytes.Equal(b, want)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The daily backup that the message names is a good one: copied back, as it says, the contacts are there.
func TestDamagedDatabaseGoesBackToTheBackup(t *testing.T) {
	t.Parallel()
	d := newDevice(t, "desk")
	id := d.ok("add", "--name", "Ada Lovelace")
	d.ok("list") // the first start of the day after an edit has made the copy
	db := filepath.Join(d.profile, "kith.db")
	if err := os.WriteFile(db, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := d.run("list")
	_, rest, ok := strings.Cut(r.errOut, "copy ")
	from, _, ok2 := strings.Cut(rest, " to "+db)
	if !ok || !ok2 {
		t.Fatalf("the message offers no backup: %s", r.errOut)
	}
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(db, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := d.list(); len(got) != 1 || got[0].ID != id {
		t.Errorf("after going back to %s: %v; want the contact", from, got)
	}
}

func TestFullDiskForOutput(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	d := newDevice(t, "desk")
	cmd, _, errOut := d.command(t.Context(), "add", "--name", "Ada", "--json")
	cmd.Stdout = full
	_ = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != failed || !strings.Contains(errOut.String(), "print the result") {
		t.Errorf("code = %d, stderr = %q; want %d and that the result could not be printed", code, errOut, failed)
	}
	if got := d.list(); len(got) != 1 {
		t.Errorf("list = %v; want the contact saved all the same", got)
	}
}
