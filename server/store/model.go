package store

import "github.com/uptrace/bun"

// Rows as they are stored. Times are microseconds since 1970.

type userRow struct {
	bun.BaseModel `bun:"table:users"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	NameKey       string `bun:"name_key"`
	Password      string `bun:"password"`
	CreatedAt     int64  `bun:"created_at"`
}

type deviceRow struct {
	bun.BaseModel `bun:"table:devices"`
	ID            string  `bun:"id,pk"`
	UserID        string  `bun:"user_id"`
	Name          string  `bun:"name"`
	TokenHash     *string `bun:"token_hash"` // nil: signed out or revoked; the row stays to name who made an edit
	CreatedAt     int64   `bun:"created_at"`
	SeenAt        int64   `bun:"seen_at"`
}

type bookRow struct {
	bun.BaseModel  `bun:"table:books"`
	ID             string `bun:"id,pk"`
	Name           string `bun:"name"`
	Seq            int64  `bun:"seq"`             // of the newest change
	TombstoneFloor int64  `bun:"tombstone_floor"` // highest seq of a tombstone that was removed
	CommitFloor    int64  `bun:"commit_floor"`    // highest seq whose commit was removed
	CreatedAt      int64  `bun:"created_at"`
}

type memberRow struct {
	bun.BaseModel `bun:"table:members"`
	BookID        string `bun:"book_id,pk"`
	UserID        string `bun:"user_id,pk"`
	Role          string `bun:"role"`
	CreatedAt     int64  `bun:"created_at"`
}

type contactRow struct {
	bun.BaseModel `bun:"table:contacts"`
	BookID        string `bun:"book_id,pk"`
	ID            string `bun:"id,pk"`
	Seq           int64  `bun:"seq"`
	Operation     string `bun:"operation"`
	Card          string `bun:"card"` // "" : a tombstone
	EditedAt      int64  `bun:"edited_at"`
	DeviceID      string `bun:"device_id"`
	ChangedAt     int64  `bun:"changed_at"` // by the server's clock: a tombstone's age
}

type commitRow struct {
	bun.BaseModel `bun:"table:commits"`
	BookID        string `bun:"book_id,pk"`
	Seq           int64  `bun:"seq,pk"` // the last one of the commit
	Tag           int64  `bun:"tag"`
	CreatedAt     int64  `bun:"created_at"`
}

type resultRow struct {
	bun.BaseModel `bun:"table:results"`
	BookID        string `bun:"book_id,pk"`
	ChangeID      string `bun:"change_id,pk"`
	ContactID     string `bun:"contact_id"`
	Status        string `bun:"status"`
	Rev           int64  `bun:"rev"`
	EditedAt      int64  `bun:"edited_at"`
	Code          string `bun:"code"`
	Detail        string `bun:"detail"`
	CreatedAt     int64  `bun:"created_at"`
}

// blobRefRow says that a contact needs a blob, by what the contact's newest push named. A deleted contact keeps its own while it is a
// tombstone: what comes back has its photo.
type blobRefRow struct {
	bun.BaseModel `bun:"table:blob_refs"`
	BookID        string `bun:"book_id,pk"`
	ContactID     string `bun:"contact_id,pk"`
	Hash          string `bun:"hash,pk"`
}

type blobRow struct {
	bun.BaseModel `bun:"table:blobs"`
	BookID        string `bun:"book_id,pk"`
	Hash          string `bun:"hash,pk"`
	Size          int64  `bun:"size"`
	Data          []byte `bun:"data"`
	CreatedAt     int64  `bun:"created_at"`
}
