// Package api holds the wire types, limits and error codes of the Kith protocol, version 1, that the server and
// syncer/rest share. It knows neither HTTP handlers nor databases; docs/PROTOCOL.md describes it for other clients.
package api

import "encoding/json"

// Version is the protocol's major version: the "v1" in every path, and the value of HeaderProtocol.
const Version = 1

// Headers of our own. A client sends HeaderProtocol with every request; a server that no longer speaks that version answers
// 426 with CodeUpdateRequired. The server sends it with every answer too: an answer without it is not ours (a captive portal).
const (
	HeaderProtocol = "Kith-Protocol"
)

// Operations of a change.
const (
	Insert = "INSERT"
	Update = "UPDATE"
	Delete = "DELETE"
)

// Statuses of a pushed change.
const (
	Applied  = "applied"
	Conflict = "conflict"
	Rejected = "rejected"
)

// Limits are what one server accepts; it says them at sign-in and with the list of books.
type Limits struct {
	CardBytes   int `json:"card_bytes" doc:"largest card, in bytes of JSON"`
	PushChanges int `json:"push_changes" doc:"most changes in one push"`
	PushBytes   int `json:"push_bytes" doc:"largest push, in bytes of uncompressed JSON"`
	BlobBytes   int `json:"blob_bytes" doc:"largest blob, in bytes"`
	PageChanges int `json:"page_changes" doc:"most changes in one page of the feed"`
	WaitSeconds int `json:"wait_seconds" doc:"longest wait of a long poll, in seconds"`

	BookContacts    int `json:"book_contacts,omitempty" doc:"most contacts in one book; absent: no limit"`
	BookMembers     int `json:"book_members,omitempty" doc:"most members of one book; absent: no limit"`
	BookInvitations int `json:"book_invitations,omitempty" doc:"most open invitations to one book; absent: no limit"`
	AccountBooks    int `json:"account_books,omitempty" doc:"most books that one account is a member of; absent: no limit"`
}

// DefaultLimits are the limits of a server that was not told otherwise.
var DefaultLimits = Limits{
	CardBytes: 256 << 10, PushChanges: 1000, PushBytes: 4 << 20, BlobBytes: 8 << 20, PageChanges: 1000, WaitSeconds: 55,
	BookContacts: 2_000_000, BookMembers: 500, BookInvitations: 50, AccountBooks: 200,
}

// SessionRequest signs a device in: POST /v1/sessions.
type SessionRequest struct {
	User     string `json:"user" minLength:"1" maxLength:"128"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
	Device   string `json:"device" minLength:"1" maxLength:"128" doc:"the device's name, as the user knows it"`
	DeviceID string `json:"device_id,omitempty" maxLength:"64" doc:"the id of an earlier sign-in of the same device, to keep it one entry in the list"`
}

// Session is a signed-in device. The token goes into "Authorization: Bearer …".
type Session struct {
	Token    string `json:"token"`
	DeviceID string `json:"device_id"`
	User     string `json:"user"`
	Limits   Limits `json:"limits"`
	Time     int64  `json:"time" doc:"the server's time, in microseconds since 1970"`
}

// Device is one entry of GET /v1/devices.
type Device struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Created  int64  `json:"created" doc:"microseconds since 1970"`
	LastSeen int64  `json:"last_seen" doc:"microseconds since 1970"`
	Current  bool   `json:"current" doc:"this request's own device"`
}

// Devices is the answer of GET /v1/devices.
type Devices struct {
	Devices []Device `json:"devices"`
}

// Change is a contact's latest state in a book's feed.
type Change struct {
	ID         string          `json:"id"`
	Rev        int64           `json:"rev" doc:"the contact's version: its place in the book's feed"`
	Operation  string          `json:"operation" enum:"INSERT,UPDATE,DELETE"`
	Card       json.RawMessage `json:"card,omitempty" doc:"the JSContact Card (RFC 9553); absent after a DELETE"`
	EditedAt   int64           `json:"edited_at" doc:"hybrid logical time of the edit, in microseconds since 1970"`
	Device     string          `json:"device" doc:"id of the device that pushed it"`
	DeviceName string          `json:"device_name,omitempty"`
	User       string          `json:"user,omitempty"`
}

// Changes is a page of the feed: GET /v1/books/{book}/changes.
type Changes struct {
	Changes []Change `json:"changes"`
	Cursor  string   `json:"cursor" doc:"opaque; the next request's since"`
	More    bool     `json:"more" doc:"another page is ready"`
	Total   int      `json:"total" doc:"changes from this page's first to the feed's end, for a progress bar"`
	Time    int64    `json:"time" doc:"the server's time, in microseconds since 1970"`
}

// Push is one conditional write: it applies only if the contact still is at BaseRev (0: the server has never had it).
type Push struct {
	ChangeID  string          `json:"change_id" minLength:"1" maxLength:"64" doc:"unique; a repeat is answered with the first answer"`
	ID        string          `json:"id" minLength:"1" maxLength:"255"`
	Operation string          `json:"operation" enum:"INSERT,UPDATE,DELETE"`
	BaseRev   int64           `json:"base_rev"`
	Card      json.RawMessage `json:"card,omitempty"`
	Blobs     []string        `json:"blobs,omitempty" doc:"SHA-256, in hex, of each blob that the card needs"`
	EditedAt  int64           `json:"edited_at" doc:"hybrid logical time of the edit, in microseconds since 1970; capped by the server at its own time"`
}

// SyncRequest is a batch of writes: POST /v1/books/{book}/sync.
type SyncRequest struct {
	Cursor  string `json:"cursor,omitempty" doc:"where this device stands in the feed; lets the answer step over its own push"`
	Changes []Push `json:"changes"`
}

// SyncResponse has one Result for each Push, in the same order.
type SyncResponse struct {
	Results []Result `json:"results"`
	Cursor  string   `json:"cursor,omitempty" doc:"the request's cursor moved past this push; absent when it can't be moved"`
	Time    int64    `json:"time" doc:"the server's time, in microseconds since 1970"`
}

// Result says what became of one Push.
type Result struct {
	ChangeID string   `json:"change_id"`
	Status   string   `json:"status" enum:"applied,conflict,rejected"`
	Rev      int64    `json:"rev,omitempty" doc:"applied: the contact's new rev"`
	EditedAt int64    `json:"edited_at,omitempty" doc:"applied: the time that the server kept"`
	Current  *Change  `json:"current,omitempty" doc:"conflict: the contact as the server has it; absent if it has none"`
	Error    *Problem `json:"error,omitempty" doc:"rejected: why"`
}

// Problem is an RFC 9457 problem document with a stable code.
type Problem struct {
	Type   string `json:"type" doc:"urn:kith:problem:CODE"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Code   string `json:"code"`
}

// Codes of a Problem. Clients branch on these and on nothing else.
const (
	CodeBadRequest     = "bad_request"     // 400, 422: the request does not fit the protocol
	CodeUnauthorized   = "unauthorized"    // 401: no token, or one that is unknown or revoked
	CodeBadCredentials = "bad_credentials" // 401 at sign-in: the user or the password is wrong
	CodeForbidden      = "forbidden"       // 403: signed in, but the role does not allow it
	CodeNotFound       = "not_found"       // 404: no such book or blob for this account
	CodeCursorUnknown  = "cursor_unknown"  // 410: this server's history is not the cursor's (restored from a backup, or another server)
	CodeCursorExpired  = "cursor_expired"  // 410: older than the tombstones kept
	CodeTooLarge       = "too_large"       // 413: the batch, or in a Result the card, is over the limit
	CodeInvalidCard    = "invalid_card"    // in a Result: the card is not a JSON object, or names no id
	CodeMissingBlob    = "missing_blob"    // in a Result: a blob that the card needs has not been sent
	CodeBookFull       = "book_full"       // in a Result: the book holds as many contacts as the server allows
	CodeLastOwner      = "last_owner"      // 409: the book would be without an owner
	CodeOwnBook        = "own_book"        // 409: it is the account's first book, which it can't lose
	CodeLimitReached   = "limit_reached"   // 409: as many books, members or invitations as the server allows
	CodeExists         = "exists"          // 409: a book of others has this id
	CodeUpdateRequired = "update_required" // 426: this client's protocol is no longer spoken
	CodeRateLimited    = "rate_limited"    // 429, with Retry-After
	CodeInternal       = "internal"        // 500
	CodeUnavailable    = "unavailable"     // 503, with Retry-After
)
