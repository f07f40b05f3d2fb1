package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

// TestAskSoon: an answer within half a frame is there when the question returns, a later one is posted, and an old one is dropped.
func TestAskSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackground(t.Context())
		posts := make(chan func(), 10)
		b.post = func(f func()) { posts <- f }
		var q question
		var heard []string
		hear := func(answer string, err error) {
			if err != nil {
				answer = err.Error()
			}
			heard = append(heard, answer)
		}
		want := func(when string, all ...string) {
			t.Helper()
			if !slices.Equal(heard, all) {
				t.Errorf("%s: heard %q, want %q", when, heard, all)
			}
		}
		askSoon(b, &q, func(context.Context) (string, error) { return "at once", nil }, hear)
		want("asked", "at once")
		askSoon(b, &q, func(context.Context) (string, error) { return "", errors.New("at once, a fault") }, hear)
		want("asked again", "at once", "at once, a fault")

		release := make(chan struct{})
		working := make(chan context.Context, 1)
		askSoon(b, &q, func(ctx context.Context) (string, error) {
			working <- ctx
			<-release
			return "old", nil
		}, hear)
		askSoon(b, &q, func(context.Context) (string, error) {
			<-release
			return "late", nil
		}, hear)
		want("both are late", "at once", "at once, a fault")
		if (<-working).Err() == nil {
			t.Error("the older work goes on when a newer question is asked")
		}
		close(release)
		(<-posts)()
		(<-posts)()
		want("both have come", "at once", "at once, a fault", "late")

		b.cancel()
		askSoon(b, &q, func(ctx context.Context) (string, error) { return "closing", ctx.Err() }, hear)
		b.stop()
		if len(posts) > 0 {
			t.Error("an answer is posted to a window that closes")
		}
		want("the window closes", "at once", "at once, a fault", "late")
	})
}
