package contact

import (
	"maps"
	"slices"
	"strings"
)

// Photo is where a card's photo is: in a blob, or at a URI, which may hold it (data:).
type Photo struct {
	Key    string // of its entry in media
	BlobID string
	URI    string
	Type   string // the media type, as far as the card says
}

// photoKey is the key of the entry that this device makes: two devices which both give a contact a photo meet in one entry.
const photoKey = "photo"

// photoOf are what of a photo's entry speaks of the one picture that it shows; the rest (label, pref, unknown members) is the entry's.
var photoOf = []string{"uri", blobID, blobType, "mediaType"}

// Photo is the card's first photo: media of kind "photo" (RFC 9553 section 2.6.4), by pref, then as they were added.
func (c Card) Photo() (Photo, bool) {
	held := object(c.members[mediaMember])
	for _, key := range inOrder(held) {
		e := object(held[key])
		p := Photo{Key: key, URI: text(e["uri"]), Type: text(e["mediaType"])}
		if id := text(e[blobID]); isBlobID(id) {
			p.BlobID = id
		}
		if text(e["kind"]) == photoKind && (p.BlobID != "" || p.URI != "") {
			return p, true
		}
	}
	return Photo{}, false
}

const photoKind = "photo"

// WithPhoto gives the card a photo, in the place of the one that it has.
func (c Card) WithPhoto(b Blob) Card {
	p, ok := c.Photo()
	if !ok {
		p.Key = photoKey
	} else if p.BlobID == b.ID && p.Type == b.Type {
		return c
	}
	e := maps.Clone(object(object(c.members[mediaMember])[p.Key]))
	if e == nil {
		e = map[string]any{}
	}
	for _, member := range photoOf {
		delete(e, member)
	}
	e["kind"], e[blobID] = photoKind, b.ID
	if b.Type != "" {
		e["mediaType"] = b.Type
	}
	return c.with(e, mediaMember, p.Key)
}

// WithoutPhoto takes all photos off the card; logos and sounds stay.
func (c Card) WithoutPhoto() Card {
	for p, ok := c.Photo(); ok; p, ok = c.Photo() {
		c = c.with(nil, mediaMember, p.Key)
	}
	return c
}

// WithBlob puts another blob in the place of one, wherever the card refers to it.
func (c Card) WithBlob(old string, b Blob) Card {
	held := object(c.members[mediaMember])
	for _, key := range sortedKeys(held) {
		e := object(held[key])
		if text(e[blobID]) != old {
			continue
		}
		e = maps.Clone(e)
		delete(e, blobType)
		delete(e, "mediaType")
		if e[blobID] = b.ID; b.Type != "" {
			e["mediaType"] = b.Type
		}
		c = c.with(e, mediaMember, key)
	}
	return c
}

// Inline is what a photo that the card holds itself, as a data: URI, would be as a blob. ok is false for any other photo.
func (p Photo) Inline() (b Blob, ok bool) {
	kind, bytes, ok := cutDataURI(p.URI)
	if !ok || p.BlobID != "" {
		return Blob{}, false
	}
	return NewBlob(kind, bytes), true
}

// InlineBytes is about how much of the card are bytes of media in data: URIs.
func (c Card) InlineBytes() (n int) {
	held := object(c.members[mediaMember])
	for key := range held {
		if uri := text(object(held[key])["uri"]); strings.HasPrefix(uri, "data:") {
			n += len(uri)
		}
	}
	return n
}

// Refers reports whether the card refers to a blob.
func (c Card) Refers(id string) bool { return slices.Contains(c.BlobIDs(), id) }
