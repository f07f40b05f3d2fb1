package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// Hashing is the cost of one password hash (Argon2id) and how many may run at once. Defaults: RFC 9106's second choice, 64 MiB.
type Hashing struct {
	MemoryKiB uint32
	Passes    uint32
	Threads   uint8
	Parallel  int // hashes at once; more wait
	Queue     int // waiting at most; more are turned away
}

// errBusy : too many sign-ins wait already.
var errBusy = errors.New("too many sign-ins at once")

// Passwords hashes and checks passwords, few at a time, because each takes memory on purpose.
type Passwords struct {
	o     Hashing
	slots chan struct{}
	queue chan struct{}
	dummy string // checked for users that do not exist, so that they take as long
	took  func(time.Duration)
}

// NewPasswords fills what is zero in o with defaults.
func NewPasswords(o Hashing) *Passwords {
	if o.MemoryKiB == 0 {
		o.MemoryKiB = 64 << 10
	}
	if o.Passes == 0 {
		o.Passes = 3
	}
	if o.Threads == 0 {
		o.Threads = 4
	}
	if o.Parallel == 0 {
		o.Parallel = max(1, min(4, runtime.GOMAXPROCS(0)))
	}
	if o.Queue == 0 {
		o.Queue = 64
	}
	p := &Passwords{o: o, slots: make(chan struct{}, o.Parallel), queue: make(chan struct{}, o.Parallel+o.Queue), took: func(time.Duration) {}}
	salt := make([]byte, 16)
	rand.Read(salt)
	sum := make([]byte, 32)
	rand.Read(sum) // no password has this hash
	p.dummy = encodePHC(o, salt, sum)
	return p
}

// Hash returns the password's hash in the PHC format, with its parameters and a new salt.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	rand.Read(salt)
	sum, err := p.key(ctx, password, salt, p.o, 32)
	if err != nil {
		return "", err
	}
	return encodePHC(p.o, salt, sum), nil
}

// Check reports whether the password is the one that was hashed; hash "" stands for a user that does not exist, and takes as long.
func (p *Passwords) Check(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = p.dummy
	}
	o, salt, want, err := decodePHC(hash)
	if err != nil {
		return false, err
	}
	got, err := p.key(ctx, password, salt, o, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

func (p *Passwords) key(ctx context.Context, password string, salt []byte, o Hashing, length uint32) ([]byte, error) {
	start := time.Now()
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	default:
		return nil, errBusy
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { p.took(time.Since(start)) }()
	return argon2.IDKey([]byte(password), salt, o.Passes, o.MemoryKiB, o.Threads, length), nil
}

func encodePHC(o Hashing, salt, sum []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, o.MemoryKiB, o.Passes, o.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

func decodePHC(hash string) (o Hashing, salt, sum []byte, err error) {
	bad := errors.New("the stored password hash is not one that this program knows")
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return o, nil, nil, bad
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &o.MemoryKiB, &o.Passes, &o.Threads); err != nil || o.Passes == 0 || o.Threads == 0 {
		return o, nil, nil, bad
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(sum) < 16 {
		return o, nil, nil, bad
	}
	return o, salt, sum, nil
}
