package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/api"
)

// command runs the program on one database.
type command struct {
	t  testing.TB
	db string
}

type output struct {
	code     int
	out, err string
}

func (c *command) run(in string, args ...string) output {
	c.t.Helper()
	c.t.Setenv("KITH_DB", c.db)
	var out, errOut bytes.Buffer
	code := run(c.t.Context(), args, strings.NewReader(in), &out, &errOut)
	return output{code, out.String(), errOut.String()}
}

func (c *command) ok(in string, args ...string) string {
	c.t.Helper()
	o := c.run(in, args...)
	if o.code != exitDone {
		c.t.Fatalf("kith-server %s: exit %d: %s", strings.Join(args, " "), o.code, o.err)
	}
	return o.out
}

// fails requires an exit code and one line that says so.
func (c *command) fails(code int, says, in string, args ...string) {
	c.t.Helper()
	o := c.run(in, args...)
	if o.code != code || !strings.Contains(o.err, says) || strings.Count(o.err, "\n") != 1 || o.out != "" {
		c.t.Errorf("kith-server %s: exit %d, %q, %q; want exit %d and one line with %q", strings.Join(args, " "), o.code, o.out, o.err, code, says)
	}
}

func newCommand(t *testing.T) *command {
	return &command{t, "sqlite:" + filepath.Join(t.TempDir(), "server.db")}
}

func TestUsers(t *testing.T) {
	c := newCommand(t)
	c.fails(exitError, "there is no database", "", "user", "list")
	c.fails(exitError, "there is no database", "", "backup", filepath.Join(t.TempDir(), "b.db"))
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	c.ok("secret", "user", "add", "--password-stdin", "bob") // no newline at the end
	c.fails(exitError, "there is an account", "x\n", "user", "add", "Ada", "--password-stdin")
	c.fails(exitUsage, "the password is empty", "\n", "user", "add", "eve", "--password-stdin")
	c.fails(exitUsage, "--password-stdin", "", "user", "add", "eve")
	c.fails(exitError, "begins or ends with a blank", "x\n", "user", "add", " eve", "--password-stdin")
	c.fails(exitUsage, "expected", "", "user", "add")
	c.fails(exitUsage, "nonsense", "", "user", "nonsense")
	c.ok("other\n", "user", "passwd", "ada", "--password-stdin")
	c.fails(exitError, "there is no account", "x\n", "user", "passwd", "eve", "--password-stdin")
	if list := c.ok("", "user", "list"); !strings.Contains(list, "ada") || !strings.Contains(list, "bob") {
		t.Errorf("list: %s", list)
	}
	c.ok("", "user", "rm", "bob")
	c.fails(exitError, "there is no account", "", "user", "rm", "bob")
	c.fails(exitError, "no device", "", "device", "revoke", "nonsense")
	c.fails(exitError, "there is no account", "", "device", "list", "nobody")
	if v := c.ok("", "version"); !strings.HasPrefix(v, "kith-server ") || !strings.Contains(v, "protocol 1") {
		t.Errorf("version: %s", v)
	}
	if h := c.ok("", "--help"); !strings.Contains(h, "user add") || !strings.Contains(h, "KITH_DB") {
		t.Errorf("help: %s", h)
	}
}

// running is a server that a test has started.
type running struct {
	t    testing.TB
	url  string
	stop func() output
}

var listens = regexp.MustCompile(`^kith-server listens on (https?://127\.0\.0\.1:[1-9][0-9]*)\n$`)

func (c *command) serve(args ...string) *running {
	c.t.Helper()
	c.t.Setenv("KITH_DB", c.db)
	ctx, cancel := context.WithCancel(context.Background())
	read, write := io.Pipe()
	done := make(chan output, 1)
	go func() {
		var errOut bytes.Buffer
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), strings.NewReader(""), write, &errOut)
		write.Close()
		done <- output{code: code, err: errOut.String()}
	}()
	line := make([]byte, 200)
	n, err := read.Read(line)
	m := listens.FindSubmatch(line[:n])
	if err != nil || m == nil {
		cancel()
		c.t.Fatalf("serve printed %q, %v: %+v", line[:n], err, <-done)
	}
	r := &running{t: c.t, url: string(m[1])}
	stopped := false
	r.stop = func() output {
		stopped = true
		cancel()
		return <-done
	}
	c.t.Cleanup(func() {
		if !stopped {
			r.stop()
		}
	})
	return r
}

func (r *running) signIn(password string) int {
	r.t.Helper()
	body, _ := json.Marshal(api.SessionRequest{User: "ada", Password: password, Device: "laptop"})
	answer, err := http.Post(r.url+"/v1/sessions", "application/json", bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func TestServe(t *testing.T) {
	c := newCommand(t)
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	s := c.serve()
	if got := s.signIn("secret"); got != 200 {
		t.Fatalf("sign in: %d", got)
	}
	c.fails(exitError, "address already in use", "", "serve", "--listen", strings.TrimPrefix(s.url, "http://"))
	c.ok("new\n", "user", "passwd", "ada", "--password-stdin") // while it runs
	if old, now := s.signIn("secret"), s.signIn("new"); old != 401 || now != 200 {
		t.Errorf("the old password: %d, the new one: %d", old, now)
	}
	devices := c.ok("", "device", "list", "ada")
	lines := strings.Split(strings.TrimSpace(devices), "\n")
	if len(lines) != 2 || !strings.Contains(lines[1], "laptop") {
		t.Fatalf("devices: %s", devices)
	}
	c.ok("", "device", "revoke", strings.Fields(lines[1])[0])

	backup := filepath.Join(t.TempDir(), "backup.db")
	c.ok("", "backup", backup)
	c.fails(exitError, "choose another name", "", "backup", backup)
	c.fails(exitError, "no/folder", "", "backup", filepath.Join(t.TempDir(), "no/folder/b.db"))
	c.fails(exitError, "a server has the database open", "", "restore", backup)
	c.ok("", "user", "rm", "ada")
	if o := s.stop(); o.code != exitDone || strings.Contains(o.err, "secret") {
		t.Errorf("stopped with %d; log: %s", o.code, o.err)
	}
	c.fails(exitError, "not a database", "", "restore", os.Args[0])
	if o := c.run("", "restore", backup); o.code != exitDone || !strings.Contains(o.err, "is kept as") {
		t.Errorf("restore: %+v", o)
	}
	if list := c.ok("", "user", "list"); !strings.Contains(list, "ada") {
		t.Errorf("after the restore: %s", list)
	}
	if got := c.serve().signIn("new"); got != 200 {
		t.Errorf("sign in after the restore: %d", got)
	}
}

func TestServeUsage(t *testing.T) {
	c := newCommand(t)
	c.fails(exitUsage, "go together", "", "serve", "--tls-cert", "x")
	c.fails(exitUsage, "choose one", "", "serve", "--tls-cert", "x", "--tls-key", "y", "--autocert", "example.com")
	c.fails(exitError, "read the certificate", "", "serve", "--tls-cert", "none", "--tls-key", "none")
	c.fails(exitError, "--listen", "", "serve", "--listen", "127.0.0.1:999999")
	c.db = "sqlite:/proc/nowhere/server.db"
	c.fails(exitError, "/proc/nowhere", "", "serve")
	c.db = "nonsense"
	c.fails(exitError, "unknown database", "", "user", "list")
}

func TestCopy(t *testing.T) {
	c := newCommand(t)
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	to := "sqlite:" + filepath.Join(t.TempDir(), "copy.db")
	if out := c.ok("", "copy", "--from", c.db, "--to", to); !strings.Contains(out, "1 users") {
		t.Errorf("copy: %s", out)
	}
	c.fails(exitError, "holds accounts already", "", "copy", "--from", c.db, "--to", to)
	c.db = to
	if list := c.ok("", "user", "list"); !strings.Contains(list, "ada") {
		t.Errorf("the copy: %s", list)
	}
}

func TestConfig(t *testing.T) {
	c := newCommand(t)
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	file := filepath.Join(t.TempDir(), "kith.env")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from := func(args ...string) output {
		t.Helper()
		os.Unsetenv("KITH_DB")
		var out, errOut bytes.Buffer
		code := run(t.Context(), args, strings.NewReader(""), &out, &errOut)
		return output{code, out.String(), errOut.String()}
	}
	write("# the family's server\n\nKITH_DB = \"" + c.db + "\"\nKITH_LISTEN=127.0.0.1:0\n")
	if o := from("--config", file, "user", "list"); o.code != exitDone || !strings.Contains(o.out, "ada") {
		t.Errorf("the file's database: %+v", o)
	}
	if o := from("user", "list", "--config="+file, "--db", "sqlite:"+file+".none"); o.code != exitError || !strings.Contains(o.err, "no database") {
		t.Errorf("the command line comes before the file: %+v", o)
	}
	write("KITH_DB=sqlite:/nowhere\n")
	c.t.Setenv("KITH_DB", c.db)
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"--config", file, "user", "list"}, strings.NewReader(""), &out, &errOut); code != exitDone {
		t.Errorf("the environment comes before the file: %s", errOut.String())
	}
	write("KITH_BD=sqlite:x\n")
	if o := from("--config", file, "user", "list"); o.code != exitUsage || !strings.Contains(o.err, "KITH_BD") {
		t.Errorf("a misspelt setting: %+v", o)
	}
	write("nonsense\n")
	if o := from("--config", file, "user", "list"); o.code != exitUsage || !strings.Contains(o.err, "line 1") {
		t.Errorf("a line that is none: %+v", o)
	}
	if o := from("--config", file+".none", "user", "list"); o.code != exitUsage {
		t.Errorf("no such file: %+v", o)
	}
}

func TestDoctor(t *testing.T) {
	c := newCommand(t)
	c.ok("secret\n", "user", "add", "ada", "--password-stdin")
	s := c.serve()
	if out := c.ok("", "doctor", "--url", s.url); !strings.Contains(out, "1 accounts") || !strings.Contains(out, "is ready") || strings.Contains(out, "PROBLEM") {
		t.Errorf("doctor: %s", out)
	}
	if out := c.ok("", "ready", "--url", s.url); out != "ready\n" {
		t.Errorf("ready: %s", out)
	}
	c.ok("", "ready", "--listen", strings.TrimPrefix(s.url, "http://127.0.0.1"))
	s.stop()
	c.fails(exitError, "refused", "", "ready", "--url", s.url)
	file := strings.TrimPrefix(c.db, "sqlite:")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if o := c.run("", "doctor"); o.code != exitError || !strings.Contains(o.out, "chmod 600") {
		t.Errorf("doctor of a file that everybody may read: %+v", o)
	}
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<html>hello") }))
	defer page.Close()
	for url, says := range map[string]string{s.url: "refused", page.URL: "not kith-server"} {
		if o := c.run("", "doctor", "--url", url); o.code != exitError || !strings.Contains(o.out, says) || !strings.Contains(o.err, "2 problems found") {
			t.Errorf("doctor of %s: %+v", url, o)
		}
	}
	notes := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(notes, bytes.Repeat([]byte("not a database "), 500), 0o600); err != nil {
		t.Fatal(err)
	}
	c.db = "sqlite:" + notes
	if o := c.run("", "doctor"); o.code != exitError || !strings.Contains(o.out, "not a database") {
		t.Errorf("doctor of a file that is no database: %+v", o)
	}
}

func TestTLS(t *testing.T) {
	c := newCommand(t)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	pool := writeCert(t, cert, key, 1)
	s := c.serve("--tls-cert", cert, "--tls-key", key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	answer, err := client.Get(s.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 || answer.ProtoMajor != 2 || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d over HTTP/%d, %v", answer.StatusCode, answer.ProtoMajor, answer.Header)
	}
	// The files are renewed under the running server: connections from then on see the new certificate, and nobody is refused.
	renewed := writeCert(t, cert, key, 2)
	if err := os.Chtimes(cert, time.Now().Add(time.Hour), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		c, err := tls.Dial("tcp", strings.TrimPrefix(s.url, "https://"), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	for end := time.Now().Add(time.Minute); serial() != 2; {
		if time.Now().After(end) {
			t.Fatal("the renewed certificate was never taken up")
		}
	}
	again := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: renewed}}}
	if answer, err = again.Get(s.url + "/healthz"); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}

// TestCertFiles: a renewed certificate is taken up, half a one is not.
func TestCertFiles(t *testing.T) {
	dir := t.TempDir()
	f := &certFiles{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	now := time.Now()
	serial := func() int64 {
		t.Helper()
		c, err := f.get(now)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.SerialNumber.Int64()
	}
	writeCert(t, f.cert, f.key, 1)
	if got := serial(); got != 1 {
		t.Fatalf("certificate %d", got)
	}
	writeCert(t, f.cert, f.key, 2)
	touch := func(d time.Duration) {
		if err := os.Chtimes(f.cert, now.Add(d), now.Add(d)); err != nil {
			t.Fatal(err)
		}
	}
	touch(time.Hour)
	if got := serial(); got != 1 {
		t.Errorf("looked at the file again at once: certificate %d", got)
	}
	now = now.Add(time.Minute)
	if got := serial(); got != 2 {
		t.Errorf("after the renewal: certificate %d, want 2", got)
	}
	if err := os.WriteFile(f.cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	touch(2 * time.Hour)
	now = now.Add(time.Minute)
	if got := serial(); got != 2 {
		t.Errorf("with a broken file: certificate %d, want 2", got)
	}
}

func writeCert(t *testing.T, cert, key string, serial int64) *x509.CertPool {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for file, content := range map[string][]byte{cert: text, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}
