package contact

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Blob is what a media entry shows (a photo, a logo, a sound), kept outside the card. The card's entry then has blobId, the name that
// RFC 9610 section 3 gives it, and mediaType, instead of a data: URI.
//
// Who reads cards from elsewhere takes blobs out with DetachBlobs, or lets the reader of the format do so (vcard.TakeBlobs), before
// the card is measured; who hands cards on puts them in again with AttachBlobs, or lets the writer (vcard.GiveBlobs). Both ways
// together give the same card, to the letter.
type Blob struct {
	ID    string // SHA-256 of Bytes, in lower-case hex
	Type  string // the media type that came with it, "" if none did
	Bytes []byte
}

// NewBlob names bytes.
func NewBlob(mediaType string, b []byte) Blob {
	sum := sha256.Sum256(b)
	return Blob{ID: hex.EncodeToString(sum[:]), Type: mediaType, Bytes: b}
}

// ErrNoBlob is what the function that AttachBlobs calls returns, wrapped or not, for a blob that is not here (yet).
var ErrNoBlob = errors.New("the blob is not here")

const (
	mediaMember = "media"
	blobID      = "blobId"
	blobType    = "kith.app:blobType" // the type in the URI, where the entry has a mediaType beside
)

// BlobIDs are the blobs that the card's entries refer to, sorted.
func (c Card) BlobIDs() []string {
	var ids []string
	for _, v := range object(c.members[mediaMember]) {
		if id := text(object(v)[blobID]); isBlobID(id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func isBlobID(id string) bool {
	return len(id) == sha256.Size*2 && strings.Trim(id, "0123456789abcdef") == ""
}

// DetachBlobs hands the bytes of each data: URI in the card's media to take, and returns the card with references in their place. What
// does not come back the same (a data: URI with parameters, or not in canonical base64) stays as it is. An error of take ends it.
func (c Card) DetachBlobs(take func(Blob) error) (Card, error) {
	entries := object(c.members[mediaMember])
	for _, key := range sortedKeys(entries) {
		entry := object(entries[key])
		uri := text(entry["uri"])
		kind, bytes, ok := cutDataURI(uri)
		if !ok || entry[blobID] != nil || entry[blobType] != nil {
			continue
		}
		blob := NewBlob(kind, bytes)
		if err := take(blob); err != nil {
			return c, fmt.Errorf("take the bytes of media %s: %w", key, err)
		}
		entry = maps.Clone(entry)
		delete(entry, "uri")
		entry[blobID] = blob.ID
		if entry["mediaType"] != nil || kind == "" {
			entry[blobType] = kind
		} else {
			entry["mediaType"] = kind
		}
		c = c.with(entry, mediaMember, key)
	}
	return c, nil
}

// AttachBlobs returns the card with data: URIs in the place of its references, for which give is asked by the Blob's ID. A reference
// whose blob give has not, by ErrNoBlob, stays; any other error ends it.
func (c Card) AttachBlobs(give func(id string) ([]byte, error)) (Card, error) {
	entries := object(c.members[mediaMember])
	for _, key := range sortedKeys(entries) {
		entry := object(entries[key])
		id := text(entry[blobID])
		if id == "" || entry["uri"] != nil {
			continue
		}
		bytes, err := give(id)
		if errors.Is(err, ErrNoBlob) {
			continue
		}
		if err != nil {
			return c, fmt.Errorf("fetch the bytes of media %s: %w", key, err)
		}
		entry = maps.Clone(entry)
		delete(entry, blobID)
		member := "mediaType"
		if _, there := entry[blobType].(string); there {
			member = blobType
		}
		kind := text(entry[member])
		delete(entry, member)
		entry["uri"] = "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(bytes)
		c = c.with(entry, mediaMember, key)
	}
	return c, nil
}

// cutDataURI decodes a data: URI (RFC 2397) that AttachBlobs would write the same.
func cutDataURI(uri string) (mediaType string, b []byte, ok bool) {
	rest, ok := strings.CutPrefix(uri, "data:")
	if !ok {
		return "", nil, false
	}
	mediaType, encoded, ok := strings.Cut(rest, ";base64,")
	if !ok || encoded == "" || strings.ContainsAny(mediaType, ";,") {
		return "", nil, false
	}
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(encoded) != base64.StdEncoding.EncodedLen(len(b)) { // the decoder overlooks line ends
		return "", nil, false
	}
	return mediaType, b, true
}
