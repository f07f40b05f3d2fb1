package rest

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"kith/syncer"
)

// Normalize turns what a person types as the server's address into a base URL without a slash at its end. Without a scheme it is
// https, and http for this machine itself; http to any other is only taken when it was written out, because it shows the
// password and the contacts to everybody on the way.
func Normalize(server string) (string, error) {
	s := strings.TrimSpace(server)
	if s == "" {
		return "", addressError("type the server's address, such as https://kith.example.org")
	}
	bare := !strings.Contains(s, "://")
	if bare {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", addressError(fmt.Sprintf("%q is not an address: type it as https://kith.example.org", server))
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", addressError(fmt.Sprintf("%q starts with %s://: the address of a Kith server starts with https://", server, u.Scheme))
	case u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " <>\"'"):
		return "", addressError(fmt.Sprintf("%q names no server: type it as https://kith.example.org", server))
	case u.User != nil:
		return "", addressError(fmt.Sprintf("leave the user and the password out of the address: https://%s", u.Host))
	case u.RawQuery != "" || u.Fragment != "":
		return "", addressError(fmt.Sprintf("leave out what follows the ? or # in %q", server))
	}
	if bare && isLoopback(u.Hostname()) {
		u.Scheme = "http"
	}
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/v1")
	u.RawPath = ""
	return u.String(), nil
}

// addressError is a syncer.ErrAddress that says in its own words what to type.
type addressError string

func (e addressError) Error() string { return string(e) }
func (e addressError) Unwrap() error { return syncer.ErrAddress }

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
