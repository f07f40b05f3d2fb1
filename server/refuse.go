package server

import (
	"bytes"
	"fmt"
	"net/http"
	"unicode"
	"unicode/utf8"

	"kith/api"
	"kith/contact"
	"kith/server/store"
)

// refuse says why a change can't be taken, whatever the book holds; nil: it can.
func refuse(p api.Push, l api.Limits) *store.Rejection {
	no := func(code, format string, args ...any) *store.Rejection {
		return &store.Rejection{Code: code, Detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case p.ID == "":
		return no(api.CodeInvalidCard, "the change names no contact: id is empty")
	case len(p.ID) > 255 || !printable(p.ID):
		return no(api.CodeInvalidCard, "the contact's id must be at most 255 bytes of printable text")
	case p.BaseRev < 0:
		return no(api.CodeBadRequest, "base_rev is negative")
	}
	for _, hash := range p.Blobs {
		if !isHash(hash) {
			return no(api.CodeBadRequest, "blobs holds what is not a SHA-256 in lower-case hex")
		}
	}
	switch p.Operation {
	case api.Delete:
		return nil // a card that comes with it says nothing
	case api.Insert, api.Update:
	default:
		return no(api.CodeBadRequest, "operation must be INSERT, UPDATE or DELETE")
	}
	card := bytes.TrimLeft(p.Card, " \t\r\n")
	switch {
	case len(p.Card) > l.CardBytes:
		return no(api.CodeTooLarge, "the card has %d bytes; this server takes %d", len(p.Card), l.CardBytes)
	case len(card) == 0 || card[0] != '{': // that it is JSON at all, the request's decoder has seen
		return no(api.CodeInvalidCard, "the card is not a JSON object")
	}
	// One card that devices can't read would stop every device's feed there.
	if _, err := contact.Parse(card); err != nil {
		return no(api.CodeInvalidCard, "the card can't be read: %v", err)
	}
	return nil
}

// checkChangeID refuses the whole request: an answer could not be remembered.
func checkChangeID(id string) error {
	if id == "" || len(id) > 64 || !printable(id) {
		return newProblem(http.StatusBadRequest, api.CodeBadRequest, "each change needs a change_id of at most 64 bytes of printable text")
	}
	return nil
}

func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

func isHash(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// statusOf is the HTTP status that a rejection would have had as an answer of its own.
func statusOf(code string) int {
	switch code {
	case api.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case api.CodeMissingBlob:
		return http.StatusConflict
	case api.CodeBookFull:
		return http.StatusInsufficientStorage
	default:
		return http.StatusUnprocessableEntity
	}
}
