package syncer

import (
	"math/rand/v2"
	"time"
)

// The waits between tries while the remote can't be reached.
const (
	backoffFirst = time.Second
	backoffLast  = 5 * time.Minute
	retryAtMost  = 24 * time.Hour // a Retry-After beyond this is taken for a mistake
)

// backoff doubles from 1 s to 5 min, with jitter, so that a thousand clients of a server that comes back do not come all at once.
type backoff struct {
	tries int
	last  time.Duration // the longest wait; 0: backoffLast
}

// next is how long to wait now. retryAfter is the least that the server asks for; 0: it did not say.
func (b *backoff) next(retryAfter time.Duration) time.Duration {
	longest := backoffLast
	if b.last > 0 {
		longest = b.last
	}
	d := longest
	if b.tries < 20 {
		d = min(backoffFirst<<b.tries, longest)
	}
	b.tries++
	d = d/2 + rand.N(d/2+1)
	if retryAfter = min(retryAfter, retryAtMost); retryAfter > d {
		d = retryAfter + rand.N(retryAfter/10+1)
	}
	return d
}

func (b *backoff) reset() { b.tries = 0 }
