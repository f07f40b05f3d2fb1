package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Statuses of a pushed change.
const (
	Applied  = "applied"
	Conflict = "conflict"
	Rejected = "rejected"
)

// Codes of the rejections that the store itself makes.
const (
	CodeMissingBlob = "missing_blob"
	CodeBookFull    = "book_full"
	CodeBadRequest  = "bad_request"
)

// Push is one conditional write: it applies only if the contact still is at BaseRev (0: there never was one).
type Push struct {
	ChangeID, ID, Operation string
	BaseRev                 int64
	Card                    json.RawMessage
	Blobs                   []string
	EditedAt                int64
	Refused                 *Rejection // the caller's rules refuse it: it is answered, and remembered, as rejected
}

// Rejection says why a change can't be taken, to a program and to a person.
type Rejection struct{ Code, Detail string }

// Result says what became of one Push.
type Result struct {
	ChangeID  string
	Status    string
	Rev       int64
	EditedAt  int64
	Current   *Change // conflict; nil: there is none
	Rejection *Rejection
}

// version is what a push is compared with.
type version struct {
	rev     int64
	deleted bool
}

// plan is what a push does to a book, decided before anything is written.
type plan struct {
	results []Result
	rows    map[string]contactRow // the contacts' new states
	replace []string              // those of them that have a row already
	keep    []resultRow           // answers to remember
	own     []span                // revs that this device's changes got, now or when it sent them first
	used    int64                 // seqs taken
	blobs   map[string][]string   // what the live ones of them need
	clashes map[string]int        // contacts whose current state must go into the answer, and how often
}

// planPush decides a batch as if its changes came one after the other. first is the first seq that is free; known are the answers
// that were given before, heads the contacts' versions, blobs those of the needed photos that are there, room how many more contacts
// the book may hold.
func planPush(book, device string, changes []Push, first, now int64, known map[string]resultRow, heads map[string]version, blobs map[string]bool, room int64) plan {
	p := plan{results: make([]Result, len(changes)), rows: make(map[string]contactRow, len(changes)), keep: make([]resultRow, 0, len(changes))}
	existed := make(map[string]bool, len(heads))
	for id := range heads {
		existed[id] = true
	}
	p.clashes = map[string]int{}
	for i, ch := range changes {
		if k, ok := known[ch.ChangeID]; ok {
			p.results[i] = p.repeat(ch, k)
			if p.results[i].Status == Conflict {
				p.clashes[ch.ID]++
			}
			continue
		}
		r := Result{ChangeID: ch.ChangeID}
		at, exists := heads[ch.ID]
		switch {
		case ch.Refused != nil:
			r.Status, r.Rejection = Rejected, ch.Refused
		case missing(ch.Blobs, blobs) != "":
			r.Status = Rejected
			r.Rejection = &Rejection{CodeMissingBlob, "the blob " + missing(ch.Blobs, blobs) + " has not been sent; send it, then push again"}
		case at.rev != ch.BaseRev:
			r.Status = Conflict
			p.clashes[ch.ID]++
		case ch.Operation == Delete && !exists:
			r.Status, r.EditedAt = Applied, min(ch.EditedAt, now) // there is nothing to delete, and nobody to tell
		case ch.Operation != Delete && (!exists || at.deleted) && room <= 0:
			r.Status = Rejected
			r.Rejection = &Rejection{CodeBookFull, "the book holds as many contacts as this server allows; delete some, then push again"}
		default:
			r.Status, r.EditedAt = Applied, min(ch.EditedAt, now)
			r.Rev = first + p.used
			p.used++
			row := contactRow{BookID: book, ID: ch.ID, Seq: r.Rev, Operation: Delete, EditedAt: r.EditedAt, DeviceID: device, ChangedAt: now}
			if ch.Operation != Delete {
				row.Card = string(ch.Card)
				row.Operation = Update
				if !exists || at.deleted {
					row.Operation = Insert
					room--
				}
			} else if !at.deleted {
				room++
			}
			p.rows[ch.ID] = row
			if ch.Operation != Delete {
				if p.blobs == nil {
					p.blobs = map[string][]string{}
				}
				p.blobs[ch.ID] = ch.Blobs
			}
			heads[ch.ID] = version{r.Rev, ch.Operation == Delete}
			p.own = appendSpan(p.own, r.Rev)
		}
		p.results[i] = r
		k := resultRow{BookID: book, ChangeID: ch.ChangeID, ContactID: contactKey(ch), Status: r.Status, Rev: r.Rev, EditedAt: r.EditedAt, CreatedAt: now}
		if r.Rejection != nil {
			k.Code, k.Detail = r.Rejection.Code, r.Rejection.Detail
		}
		if known == nil {
			known = map[string]resultRow{}
		}
		known[ch.ChangeID] = k
		if k.Code != CodeMissingBlob && k.Code != CodeBookFull { // these heal: a repeat is decided anew
			p.keep = append(p.keep, k)
		}
	}
	for id := range p.rows {
		if existed[id] {
			p.replace = append(p.replace, id)
		}
	}
	return p
}

// repeat answers a change that was answered before.
func (p *plan) repeat(ch Push, k resultRow) Result {
	if k.ContactID != contactKey(ch) {
		return Result{ChangeID: ch.ChangeID, Status: Rejected, Rejection: &Rejection{CodeBadRequest, "this change_id was used for another contact; each change needs one of its own"}}
	}
	r := Result{ChangeID: ch.ChangeID, Status: k.Status, Rev: k.Rev, EditedAt: k.EditedAt}
	switch {
	case k.Code != "":
		r.Rejection = &Rejection{k.Code, k.Detail}
	case k.Rev > 0:
		p.own = appendSpan(p.own, k.Rev)
	}
	return r
}

// contactKey is what an answer remembers of the contact's id: the id, or for a refused change, which may hold anything, its hash.
func contactKey(ch Push) string {
	if ch.Refused == nil {
		return ch.ID
	}
	sum := sha256.Sum256([]byte(ch.ID))
	return hex.EncodeToString(sum[:])
}

func missing(need []string, have map[string]bool) string {
	for _, hash := range need {
		if !have[hash] {
			return hash
		}
	}
	return ""
}

// appendSpan adds a rev, to the last span if it follows it.
func appendSpan(spans []span, rev int64) []span {
	if n := len(spans); n > 0 && spans[n-1].last+1 == rev {
		spans[n-1].last = rev
		return spans
	}
	return append(spans, span{rev, rev})
}
