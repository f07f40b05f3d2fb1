package syncer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Roles of a member: an owner also says who the others are, a reader changes nothing.
const (
	Owner  = "owner"
	Writer = "writer"
	Reader = "reader"
)

// What a Sharer's errors mean, besides those of a Remote.
var (
	// ErrNotFound is the ErrForbidden (404) of an account that is no member of the book, whether it exists or not; also of a member or
	// an invitation that the book has not. An ErrForbidden that is not ErrNotFound (403): a member, whose role does not allow it.
	ErrNotFound   = fmt.Errorf("%w: there is no such book, member or invitation for this account", ErrForbidden)
	ErrInvitation = errors.New("this invitation does not work: it was used, withdrawn or has expired, or the link is not whole; ask for a new one")
	ErrLastOwner  = errors.New("the book has no other owner: make another member its owner first, or delete the book")
	ErrOwnBook    = errors.New("every account has a book of its own, which it can't lose")
	ErrLimit      = errors.New("the server allows no more") // books an account, members a book, open invitations a book
	ErrBookExists = errors.New("the server has another book with this id")
	ErrLink       = errors.New("this is not a Kith invitation link")
)

// Member is one account's part in a book.
type Member struct {
	ID    string // the account's, for SetRole and RemoveMember
	User  string // its name
	Role  string
	Since time.Time
	You   bool
}

// Invitation is a link that makes whoever accepts it first a member.
type Invitation struct {
	ID      string
	Link    string // only in the answer of Invite: nobody can see it again
	Role    string
	By      string // who made it
	Made    time.Time
	Expires time.Time
}

// Offer is what an invitation would give.
type Offer struct {
	Book, Role, By string // the book's name; the name of who invites
	Expires        time.Time
}

// Sharer is the part of a Remote that is about books and their members. All of it needs the network.
type Sharer interface {
	// AddBook makes a book under an id that the device chose (16 to 64 letters, digits and hyphens: a UUID), so that a book can be made
	// offline; a repeat is answered with the book. ErrLimit, ErrBookExists.
	AddBook(ctx context.Context, id, name string) (Book, error)
	// RenameBook and RemoveBook are the owners'. RemoveBook takes it from all members: ErrOwnBook for an account's first book.
	RenameBook(ctx context.Context, book, name string) error
	RemoveBook(ctx context.Context, book string) error
	// Members lists who shares the book, the longest-standing first. Every member may ask.
	Members(ctx context.Context, book string) ([]Member, error)
	// SetRole and RemoveMember are the owners'; Leave is everybody's. ErrLastOwner: the book would be nobody's. ErrOwnBook: it is the
	// member's first book.
	SetRole(ctx context.Context, book, member, role string) error
	RemoveMember(ctx context.Context, book, member string) error
	Leave(ctx context.Context, book string) error
	// Invite makes a link for days (0: the server's default), Invitations lists the open ones, Withdraw ends one. The owners'. ErrLimit.
	Invite(ctx context.Context, book, role string, days int) (Invitation, error)
	Invitations(ctx context.Context, book string) ([]Invitation, error)
	Withdraw(ctx context.Context, book, invitation string) error
	// LookAt says what the code of a link (ParseLink) would give; Accept takes it. Who has accepted it may repeat it; a member whose
	// role is as strong keeps it, and the link stays open. ErrInvitation; ErrLimit: the book or the account is full.
	LookAt(ctx context.Context, code string) (Offer, error)
	Accept(ctx context.Context, code string) (Book, error)
}

// joinPath is where a server shows the page of an invitation. The code is in the fragment, which no browser sends.
const joinPath = "/join"

// Link is the invitation link of a code at a server's address.
func Link(server, code string) string {
	return strings.TrimRight(server, "/") + joinPath + "#" + code
}

// ParseLink takes an invitation link apart. ErrLink: it is none.
func ParseLink(link string) (server, code string, err error) {
	u, err := url.Parse(strings.Trim(strings.TrimSpace(link), "<>\"'"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || !isCode(u.Fragment) {
		return "", "", ErrLink
	}
	before, ok := strings.CutSuffix(strings.TrimRight(u.Path, "/"), joinPath)
	if !ok {
		return "", "", ErrLink
	}
	return (&url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: strings.TrimRight(before, "/")}).String(), u.Fragment, nil
}

// isCode : unpadded base64 for URLs, or base32, of at least 128 bits.
func isCode(s string) bool {
	if len(s) < 22 || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
