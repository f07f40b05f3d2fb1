package api

// Roles of a member: an owner also says who the others are, a reader changes nothing.
const (
	Owner  = "owner"
	Writer = "writer"
	Reader = "reader"
)

// Book is a set of contacts with one feed of changes, as one member sees it.
type Book struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Role    string `json:"role" enum:"owner,writer,reader"`
	Owner   string `json:"owner,omitempty" doc:"the name of its longest-standing owner"`
	Members int    `json:"members" doc:"how many accounts share it, this one among them"`
}

// BookRequest makes a book: POST /v1/books. With an id, a repeat is answered with the book that there is.
type BookRequest struct {
	ID   string `json:"id,omitempty" pattern:"^[A-Za-z0-9-]{16,64}$" doc:"chosen by the device, a UUID; absent: by the server"`
	Name string `json:"name" minLength:"1" maxLength:"200"`
}

// BookChange renames a book: PATCH /v1/books/{book}.
type BookChange struct {
	Name string `json:"name" minLength:"1" maxLength:"200"`
}

// Books is the answer of GET /v1/books, the account's first book first.
type Books struct {
	Books  []Book `json:"books"`
	Limits Limits `json:"limits"`
	Time   int64  `json:"time" doc:"the server's time, in microseconds since 1970"`
}

// Member is one account's part in a book.
type Member struct {
	ID    string `json:"id" doc:"the account's, for the addresses of members"`
	User  string `json:"user" doc:"the account's name"`
	Role  string `json:"role" enum:"owner,writer,reader"`
	Since int64  `json:"since" doc:"microseconds since 1970"`
	You   bool   `json:"you" doc:"this request's own account"`
}

// Members is the answer of GET /v1/books/{book}/members, the longest-standing first.
type Members struct {
	Members []Member `json:"members"`
}

// RoleRequest changes a member's role: PUT /v1/books/{book}/members/{member}.
type RoleRequest struct {
	Role string `json:"role" enum:"owner,writer,reader"`
}

// InvitationRequest makes an invitation: POST /v1/books/{book}/invitations.
type InvitationRequest struct {
	Role string `json:"role" enum:"owner,writer,reader"`
	Days int    `json:"days,omitempty" minimum:"0" maximum:"90" doc:"until it expires; 0: 7"`
}

// Invitation makes whoever accepts its code first a member.
type Invitation struct {
	ID      string `json:"id"`
	Role    string `json:"role" enum:"owner,writer,reader"`
	By      string `json:"by" doc:"the name of who made it"`
	Made    int64  `json:"made" doc:"microseconds since 1970"`
	Expires int64  `json:"expires_at" doc:"microseconds since 1970"`
	Code    string `json:"code,omitempty" doc:"only in the answer to who made it: the server keeps no more than its hash"`
	Path    string `json:"path,omitempty" doc:"with the code: what follows the server's address in the link, /join#CODE"`
}

// Invitations is the answer of GET /v1/books/{book}/invitations: the open ones.
type Invitations struct {
	Invitations []Invitation `json:"invitations"`
}

// CodeRequest looks at an invitation, POST /v1/invitations/look, or accepts it, POST /v1/invitations/accept.
type CodeRequest struct {
	Code string `json:"code" minLength:"1" maxLength:"128"`
}

// Offer is what an invitation would give.
type Offer struct {
	Book    string `json:"book_name"`
	Role    string `json:"role" enum:"owner,writer,reader"`
	By      string `json:"invited_by"`
	Expires int64  `json:"expires_at" doc:"microseconds since 1970"`
}
