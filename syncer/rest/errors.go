package rest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kith/api"
	"kith/syncer"
)

// refused is an answer that is not a good one of ours.
type refused struct {
	status     int
	ours       bool
	problem    api.Problem
	retryAfter time.Duration
	location   string
}

func (r *refused) Error() string {
	switch {
	case r.problem.Detail != "":
		return r.problem.Detail
	case r.problem.Title != "":
		return r.problem.Title
	}
	return fmt.Sprintf("the server answered %d %s", r.status, http.StatusText(r.status))
}

func refusal(resp *http.Response, body []byte, ours bool) *refused {
	r := &refused{status: resp.StatusCode, ours: ours, location: resp.Header.Get("Location")}
	r.retryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	if ours {
		_ = json.Unmarshal(body, &r.problem) // without a document, the status speaks
	}
	return r
}

// retryAfter reads the header in both of its forms; 0: absent, past or rubbish.
func retryAfter(v string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil {
		return time.Duration(max(0, min(n, 1<<30))) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// notOurs is an answer that no Kith server gives: a portal's page, or one that was torn on the way.
func notOurs(err error) error {
	return &syncer.OfflineError{Why: syncer.WhyNotOurs, Reason: "the answer is not from a Kith server (does this network want a sign-in of its own?)", Err: err}
}

// explain turns what went wrong into the syncer's errors.
func explain(err error, q call) error {
	var r *refused
	var offline *syncer.OfflineError
	switch {
	case errors.As(err, &r):
		if q.signIn {
			return explainSignIn(r)
		}
		return explainRefusal(r, q)
	case errors.As(err, &offline):
		return err
	}
	return noAnswer(err)
}

// explainRefusal is the protocol's error table.
func explainRefusal(r *refused, q call) error {
	if !r.ours {
		if r.status == http.StatusRequestEntityTooLarge && q.method == http.MethodPost {
			return fmt.Errorf("a proxy before the server: %w", syncer.ErrTooLarge) // a proxy's own limit; splitting helps there too
		}
		return notOurs(r)
	}
	switch r.status {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: %w", syncer.ErrSignIn, r)
	case http.StatusForbidden:
		return fmt.Errorf("%w: %w", syncer.ErrForbidden, r)
	case http.StatusNotFound:
		if q.code {
			return fmt.Errorf("%w: %w", syncer.ErrInvitation, r)
		}
		return fmt.Errorf("%w: %w", syncer.ErrNotFound, r)
	case http.StatusConflict, http.StatusPreconditionFailed:
		if err, ok := ofSharing[r.problem.Code]; ok {
			return fmt.Errorf("%w: %w", err, r)
		}
		return fmt.Errorf("%w: %w", syncer.ErrConflict, r)
	case http.StatusGone:
		if r.problem.Code == api.CodeCursorExpired {
			return fmt.Errorf("%w: %w", syncer.ErrCursorExpired, r)
		}
		return fmt.Errorf("%w: %w", syncer.ErrCursorUnknown, r)
	case http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: %w", syncer.ErrTooLarge, r)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return fmt.Errorf("%w: %w", syncer.ErrRefused, r)
	case http.StatusUpgradeRequired:
		return fmt.Errorf("%w: %w", syncer.ErrUpdateNeeded, r)
	case http.StatusTooManyRequests:
		return &syncer.OfflineError{Why: syncer.WhyPause, Reason: "the server asks for a pause", RetryAfter: r.retryAfter, Err: r}
	case http.StatusRequestTimeout:
		return &syncer.OfflineError{Why: syncer.WhyNoAnswer, Reason: "the request took too long", RetryAfter: r.retryAfter, Err: r}
	}
	if r.status/100 == 5 {
		return &syncer.OfflineError{Why: syncer.WhyFault, Status: r.status, Reason: fmt.Sprintf("the server answered %d %s", r.status, http.StatusText(r.status)), RetryAfter: r.retryAfter, Err: r}
	}
	return fmt.Errorf("the server answered %d: %w", r.status, r)
}

// explainSignIn words a refusal for the person who typed address, user and password.
func explainSignIn(r *refused) error {
	switch {
	case !r.ours && r.status/100 == 5:
		return &syncer.OfflineError{Why: syncer.WhyDown, Status: r.status, Reason: fmt.Sprintf("the address answered %d %s: the server behind it may be down", r.status, http.StatusText(r.status)), Err: r}
	case !r.ours && r.status/100 == 3 && r.location != "":
		return &syncer.NotKithError{Status: r.status, Location: r.location,
			Reason: fmt.Sprintf("it sends the visitor on to %s (if that is the server, type that address)", r.location)}
	case !r.ours:
		return &syncer.NotKithError{Status: r.status, Reason: fmt.Sprintf("something else answered (%d %s). "+
			"Check the address and the port; on a public network, open a web page first, it may want a sign-in of its own", r.status, http.StatusText(r.status))}
	case r.status == http.StatusUnauthorized, r.status == http.StatusForbidden:
		return syncer.ErrCredentials
	case r.status == http.StatusNotFound:
		return fmt.Errorf("%w: %w", syncer.ErrNotKith, r)
	}
	return explainRefusal(r, call{})
}

// noAnswer says why a request got none.
func noAnswer(err error) *syncer.OfflineError {
	e := &syncer.OfflineError{Err: err}
	e.Why, e.Reason = whyNoAnswer(err)
	if dns := (*net.DNSError)(nil); errors.As(err, &dns) {
		e.Name = dns.Name
	}
	return e
}

func whyNoAnswer(err error) (why syncer.Why, words string) {
	var dns *net.DNSError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(err, errHuge):
		return "", errHuge.Error()
	case errors.Is(err, errStalled), errors.Is(err, context.DeadlineExceeded):
		return syncer.WhyNoAnswer, "no answer in time"
	case errors.As(err, &dns) && dns.IsNotFound:
		return syncer.WhyNoHost, fmt.Sprintf("there is no host named %q, or no network", dns.Name)
	case errors.As(err, &dns):
		return syncer.WhyNoLookup, fmt.Sprintf("the name %q can't be looked up: no network?", dns.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return syncer.WhyNotListened, "connection refused: nothing listens at this address and port"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return syncer.WhyNoNetwork, "no network"
	case errors.As(err, &host):
		return syncer.WhyOtherName, "the server's certificate is for another name"
	case errors.As(err, &authority):
		return syncer.WhyUnknownCA, "the server's certificate is signed by nobody this machine knows"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return syncer.WhyExpired, "the server's certificate has expired, or this machine's clock is wrong"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return syncer.WhyCertificate, "the server's certificate is not valid"
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return syncer.WhyNoTLS, "the port does not speak TLS: for a server without it, type the address with http://"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return syncer.WhyCut, "the connection was cut"
	case errors.As(err, &timeout) && timeout.Timeout():
		return syncer.WhyNoAnswer, "no answer in time"
	}
	return "", "the connection failed"
}
