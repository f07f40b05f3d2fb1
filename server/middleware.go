package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"

	"kith/api"
	"kith/server/store"
)

type contextKey int

const (
	keyRequestID contextKey = iota
	keyDevice
	keyAddress
)

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(keyRequestID).(string)
	return id
}

// middleware is what happens to each request, from the outside in: id and log, the answer's headers, the protocol's version, gzip.
func (s *Server) middleware(next http.Handler) http.Handler {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic("server: gzip: " + err.Error()) // the options are constants
	}
	return s.logged(s.versioned(compress(decompressed(next))))
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.now()
		id := rand.Text()[:16]
		rec := &recorder{ResponseWriter: w}
		address := s.address(r)
		ctx := context.WithValue(r.Context(), keyRequestID, id)
		ctx = context.WithValue(ctx, keyAddress, address)
		ctx = store.WithOrigin(ctx, store.Origin{Address: address, RequestID: id})
		r = r.WithContext(ctx)
		h := w.Header()
		h.Set("X-Request-Id", id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler || ctx.Err() != nil { // the client has gone: there is nobody to answer
					panic(http.ErrAbortHandler)
				}
				s.log.ErrorContext(ctx, "panic", "request_id", id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if rec.status == 0 {
					writeProblem(rec, newProblem(http.StatusInternalServerError, api.CodeInternal, "the server has a fault; its log says more under "+id))
				}
			}
			took := s.now().Sub(start)
			route := routeOf(r)
			s.metrics.requests.WithLabelValues(route, strconv.Itoa(rec.status)).Inc()
			if r.URL.Query().Get("wait") == "" { // a long poll's time says nothing
				s.metrics.latency.WithLabelValues(route).Observe(took.Seconds())
			}
			s.log.InfoContext(ctx, "request", "request_id", id, "method", r.Method, "path", r.URL.Path, "status", rec.status,
				"bytes", rec.bytes, "took", took.Round(time.Microsecond).String(), "address", address)
		}()
		next.ServeHTTP(rec, r)
	})
}

// routeOf is the pattern that the request matched, without its method: few values, for metrics.
func routeOf(r *http.Request) string {
	_, path, ok := strings.Cut(r.Pattern, " ")
	if !ok || path == "" {
		return "other"
	}
	return path
}

// address is the client's, as rate limits count it: an IPv6 customer owns a /64.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if s.trustProxy {
		// The last entry is the one that our own proxy wrote; those before it are whatever the client claims.
		if list := r.Header.Values("X-Forwarded-For"); len(list) > 0 {
			entries := strings.Split(list[len(list)-1], ",")
			host = strings.TrimSpace(entries[len(entries)-1])
		}
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String() + "/64"
	}
	return host
}

func (s *Server) versioned(next http.Handler) http.Handler {
	ours := strconv.Itoa(api.Version)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(api.HeaderProtocol, ours)
		if v := r.Header.Get(api.HeaderProtocol); v != "" && v != ours {
			writeProblem(w, newProblem(http.StatusUpgradeRequired, api.CodeUpdateRequired,
				fmt.Sprintf("this server speaks protocol %s, the request protocol %.20q; update the older one of the two", ours, v)))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// maxCompressed bounds what is read of a body before gzip; the operations' own limits count what comes out of it.
const maxCompressed = 32 << 20

func decompressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxCompressed)
		switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
		case "", "identity":
		case "gzip":
			r.Body = &gzipBody{from: r.Body}
			r.Header.Del("Content-Encoding")
			r.ContentLength = -1
		default:
			writeProblem(w, newProblem(http.StatusUnsupportedMediaType, api.CodeBadRequest, "a body may be compressed with gzip and nothing else"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// gzipBody begins to decompress at the first read, after the handler has set its deadline.
type gzipBody struct {
	from io.ReadCloser
	zip  *gzip.Reader
}

func (b *gzipBody) Read(p []byte) (n int, err error) {
	if b.zip == nil {
		if b.zip, err = gzip.NewReader(b.from); err != nil {
			return 0, fmt.Errorf("read gzip: %w", err)
		}
	}
	return b.zip.Read(p)
}

func (b *gzipBody) Close() error { return b.from.Close() }
