package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"kith/api"
	"kith/syncer"
)

const (
	gzipFrom    = 1 << 10  // a smaller body is not worth compressing
	mostBytes   = 64 << 20 // of one answer, decompressed; a page that is larger is asked for in parts
	slowestLink = 8 << 10  // bytes a second that a request body is given time for
)

// client makes requests to one server with one token ("" : none). Safe for concurrent use.
type client struct {
	resty *resty.Client
	stall time.Duration
	base  string
	token string
}

// call is one request. in and out are JSON; a nil out takes any body.
type call struct {
	method, path string
	in, out      any
	bytes        []byte        // sent as they are, in the place of in; nil: none
	take         *bytes.Buffer // takes the answer's body as it is, in the place of out
	wait         time.Duration // the long poll's
	signIn       bool          // errors are for the person who typed the address
	code         bool          // an invitation's: 404 says that it does not work
}

// timing is when a request went out and its answer came back.
type timing struct {
	sent, received time.Time
	waited         bool
}

// clock is the server's clock (microseconds) beside ours in the middle of the exchange; at its end after a long poll.
func (t timing) clock(serverMicros int64) syncer.Clock {
	if serverMicros == 0 {
		return syncer.Clock{}
	}
	at := t.sent.Add(t.received.Sub(t.sent) / 2)
	if t.waited {
		at = t.received
	}
	server := time.UnixMicro(serverMicros)
	return syncer.Clock{Offset: server.Sub(at), Server: server}
}

// errHuge is an answer beyond mostBytes.
var errHuge = fmt.Errorf("the answer is larger than %d MB", mostBytes>>20)

// errStalled ends a request in which nothing has moved for too long.
var errStalled = errors.New("no answer in time")

// encode leaves <, > and & in a card as they are: written as escapes, a card within the limit would be over it.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// do makes one request. All of its errors are the syncer's, wrapped, or ctx's own.
func (c client) do(ctx context.Context, q call) (t timing, err error) {
	req := c.resty.R()
	size := 0
	if q.bytes != nil {
		req.SetHeader("Content-Type", "application/octet-stream").SetBody(q.bytes)
		size = len(q.bytes)
	}
	if q.in != nil {
		body, err := encode(q.in)
		if err != nil {
			return t, fmt.Errorf("encode a request: %w", err)
		}
		req.SetHeader("Content-Type", "application/json")
		if len(body) > gzipFrom {
			body = compress(body)
			req.SetHeader("Content-Encoding", "gzip")
		}
		req.SetBody(body)
		size = len(body)
	}
	if c.token != "" {
		req.SetHeader("Authorization", "Bearer "+c.token)
	}

	// The time-out is for silence, not for length: a first sync over a slow line may take as long as it moves.
	reqCtx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	first := c.stall + q.wait + time.Duration(size/slowestLink)*time.Second
	watchdog := time.AfterFunc(first, func() { cancel(errStalled) })
	defer watchdog.Stop()

	t.sent, t.waited = time.Now(), q.wait > 0
	resp, err := req.SetContext(reqCtx).Execute(q.method, c.base+q.path)
	t.received = time.Now()
	if resp != nil && resp.RawResponse != nil && resp.RawResponse.Body != nil {
		defer resp.RawResponse.Body.Close()
	}
	if err == nil {
		err = c.read(resp.RawResponse, q, touching{resp.RawResponse.Body, watchdog, c.stall})
	}
	if err == nil {
		return t, nil
	}
	if ctx.Err() != nil {
		return t, ctx.Err()
	}
	if cause := context.Cause(reqCtx); errors.Is(cause, errStalled) {
		err = errStalled
	}
	return t, explain(err, q)
}

// touching tells the watchdog of every byte that arrives.
type touching struct {
	io.Reader
	watchdog *time.Timer
	stall    time.Duration
}

func (r touching) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.watchdog.Reset(r.stall)
	return n, err
}

// read makes an error of whatever is not our server's good answer, and decodes that into q.out.
func (c client) read(resp *http.Response, q call, body io.Reader) error {
	ours := resp.Header.Get(api.HeaderProtocol) != ""
	if ours && resp.StatusCode/100 == 2 && q.out == nil && q.take == nil {
		return nil
	}
	if !ours {
		return refusal(resp, nil, ours)
	}
	raw, err := readAll(resp, body)
	defer buffers.Put(raw)
	if resp.StatusCode/100 != 2 {
		return refusal(resp, raw.Bytes(), ours) // with as much of its reason as arrived
	}
	if err != nil {
		return err
	}
	if q.take != nil {
		q.take.Write(raw.Bytes())
		return nil
	}
	if err := json.Unmarshal(raw.Bytes(), q.out); err != nil {
		return notOurs(fmt.Errorf("read the answer: %w", err))
	}
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readAll reads and decompresses an answer; what it returns goes back to buffers.
func readAll(resp *http.Response, body io.Reader) (*bytes.Buffer, error) {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	if resp.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			return b, torn("decompress the answer", err)
		}
		body = z
	}
	n, err := b.ReadFrom(io.LimitReader(body, mostBytes+1))
	if err != nil {
		return b, torn("read the answer", err)
	}
	if n > mostBytes {
		return b, errHuge
	}
	return b, nil
}

// torn is an answer that could not be read to its end: cut on the way, or not what its header says.
func torn(doing string, err error) error {
	err = fmt.Errorf("%s: %w", doing, err)
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.As(err, &corrupt) {
		return notOurs(err)
	}
	return err
}

var gzips = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

func compress(b []byte) []byte {
	var out bytes.Buffer
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(&out)
	_, _ = z.Write(b) // a bytes.Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
