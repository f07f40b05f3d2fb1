package ui

import (
	"bytes"
	"container/list"
	"context"
	"image"
	"slices"

	_ "image/jpeg" // the formats of thumbnails
	_ "image/png"
)

// Sizes of thumbnails in pixels: sharp on a screen of twice the usual density.
const (
	rowFace  = 96
	headFace = 256
)

// facesKept is how many thumbnails stay decoded: more than any window shows rows, and some 10 MB.
const facesKept = 200

// facesAsked is how many may wait: the ones asked for last, because the others have scrolled by.
const facesAsked = 60

type faceKey struct {
	photo string
	size  int
}

// faces are the photos of contacts, small. What is not here is made off the UI goroutine, and ready is called when it is. Used by the
// UI goroutine only.
type faces struct {
	bg        *background
	thumbnail func(ctx context.Context, photo string, size int) ([]byte, error)
	ready     func()

	kept    map[faceKey]*list.Element
	recent  *list.List // of *keptFace, the latest used first
	none    map[faceKey]bool
	waiting []faceKey // the newest last
	working []faceKey // under way
}

type keptFace struct {
	faceKey
	img image.Image
}

func newFaces(bg *background, thumbnail func(context.Context, string, int) ([]byte, error), ready func()) *faces {
	return &faces{bg: bg, thumbnail: thumbnail, ready: ready, kept: map[faceKey]*list.Element{}, recent: list.New(), none: map[faceKey]bool{}}
}

// get returns a photo, or nil: there is none, it is on its way, or it can't be shown.
func (f *faces) get(photo string, size int) image.Image {
	if photo == "" {
		return nil
	}
	key := faceKey{photo, size}
	if e, ok := f.kept[key]; ok {
		f.recent.MoveToFront(e)
		return e.Value.(*keptFace).img
	}
	if f.none[key] || slices.Contains(f.working, key) {
		return nil
	}
	f.waiting = append(slices.DeleteFunc(f.waiting, func(k faceKey) bool { return k == key }), key)
	if n := len(f.waiting) - facesAsked; n > 0 {
		f.waiting = f.waiting[n:]
	}
	f.work()
	return nil
}

// gone says whether a photo was asked for in vain.
func (f *faces) gone(photo string, size int) bool { return f.none[faceKey{photo, size}] }

// outdate asks again for what was not there: a sync may have brought it.
func (f *faces) outdate() { clear(f.none) }

// work makes what waits, a few at a time, the latest first.
func (f *faces) work() {
	if f.working != nil || len(f.waiting) == 0 {
		return
	}
	const some = 6
	n := max(0, len(f.waiting)-some)
	batch := slices.Clone(f.waiting[n:])
	f.waiting = f.waiting[:n]
	f.working = batch
	made := make([]image.Image, len(batch))
	f.bg.run(func(ctx context.Context) {
		for i, key := range batch {
			if b, err := f.thumbnail(ctx, key.photo, key.size); err == nil {
				made[i], _, _ = image.Decode(bytes.NewReader(b)) // nil: the initials stay
			}
		}
		if ctx.Err() != nil {
			return
		}
		f.bg.post(func() {
			f.working = nil
			for i, key := range batch {
				f.keep(key, made[i])
			}
			f.ready()
			f.work()
		})
	})
}

func (f *faces) keep(key faceKey, img image.Image) {
	if img == nil {
		f.none[key] = true
		return
	}
	f.kept[key] = f.recent.PushFront(&keptFace{key, img})
	for f.recent.Len() > facesKept {
		last := f.recent.Remove(f.recent.Back()).(*keptFace)
		delete(f.kept, last.faceKey)
	}
}
