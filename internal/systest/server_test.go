package systest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is one kith-server on a SQLite file, which can be stopped and started on the same address.
type server struct {
	t    *testing.T
	db   string
	addr string // host:port, once it has been started
	log  *tail

	mu  sync.Mutex // a wire may kill it from a request's goroutine
	cmd *exec.Cmd  // nil: it does not run
}

// newServer starts a server that has one account.
func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, db: filepath.Join(t.TempDir(), "server.db"), log: &tail{}}
	s.command(password+"\n", "user", "add", user, "--password-stdin")
	s.start()
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("server's log:\n%s", s.log)
		}
	})
	return s
}

func (s *server) url() string { return "http://" + s.addr }

func (s *server) program(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(s.t.Context(), serverProgram, args...)
	cmd.Env = append(os.Environ(), "KITH_DB=sqlite:"+s.db, "HOME="+filepath.Dir(s.db))
	return cmd
}

// command runs one of kith-server's other commands, and returns what it prints.
func (s *server) command(in string, args ...string) string {
	s.t.Helper()
	cmd := s.program(args...)
	cmd.Stdin = strings.NewReader(in)
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("kith-server %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

var listening = regexp.MustCompile(`127\.0\.0\.1:[1-9][0-9]*`)

// start waits until the server says where it listens; from then on it accepts.
func (s *server) start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	listen := s.addr
	if listen == "" {
		listen = "127.0.0.1:0"
	}
	s.cmd = s.program("serve", "--listen", listen)
	read, write, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd.Stdout, s.cmd.Stderr = write, write
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("start kith-server: %v", err)
	}
	write.Close()
	said := make(chan string, 1)
	go func() { // ends when the server does
		defer read.Close()
		lines := bufio.NewReader(read)
		for {
			line, err := lines.ReadString('\n')
			s.log.add(line)
			if addr := listening.FindString(line); addr != "" {
				select {
				case said <- addr:
				default:
				}
			}
			if err != nil {
				if err != io.EOF {
					s.log.add(err.Error())
				}
				close(said)
				return
			}
		}
	}()
	select {
	case addr, ok := <-said:
		if !ok {
			s.t.Fatalf("kith-server ended at once:\n%s", s.log)
		}
		s.addr = addr
	case <-time.After(30 * time.Second):
		s.t.Fatalf("kith-server did not say where it listens:\n%s", s.log)
	}
}

// stop asks the server to end, as a service manager does, and requires a clean end.
func (s *server) stop() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatalf("stop kith-server: %v", err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("kith-server ended with %v\n%s", err, s.log)
	}
	s.cmd = nil
}

// kill ends the server as a power cut does.
func (s *server) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// tail keeps the end of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (l *tail) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lines = append(l.lines, line); len(l.lines) > 60 {
		l.lines = l.lines[1:]
	}
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "")
}
