package server

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
	"strings"
)

// joinPath is where an invitation link leads. Its code is in the fragment, which a browser keeps to itself: neither this server's
// log nor a proxy's sees it, and the page, which has no script, does not either.
const joinPath = "/join"

//go:embed join.html
var joinPage string

// joinPolicy allows the page its one style sheet, and nothing else.
var joinPolicy = func() string {
	_, rest, _ := strings.Cut(joinPage, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// showJoin says what to do with an invitation link, to those who open it in a browser. It is the same page for all, so it tells
// nobody whether there is such an invitation.
func showJoin(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", joinPolicy)
	h.Set("X-Robots-Tag", "noindex")
	w.Write([]byte(joinPage))
}
