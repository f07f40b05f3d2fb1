package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

func (s *Server) registerFeed(h huma.API) {
	type page struct{ Body api.Changes }
	huma.Register(h, huma.Operation{
		OperationID: "changes", Method: http.MethodGet, Path: "/v1/books/{book}/changes", Security: signedIn,
		Summary: "A page of the book's feed, or a long poll for one", Errors: []int{400, 401, 404, 410, 422},
	}, func(ctx context.Context, in *changesInput) (*page, error) {
		p, err := s.changes(ctx, in)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		s.metrics.pulled.Add(float64(len(p.Changes)))
		if !p.More {
			s.metrics.passes.Inc()
		}
		return &page{wirePage(p, s.now())}, nil
	})
	type push struct {
		Book string `path:"book" maxLength:"64"`
		Body api.SyncRequest
	}
	type pushed struct{ Body api.SyncResponse }
	huma.Register(h, huma.Operation{
		OperationID: "sync", Method: http.MethodPost, Path: "/v1/books/{book}/sync", DefaultStatus: http.StatusOK, Security: signedIn,
		MaxBodyBytes: int64(s.limits.PushBytes) + 1, BodyReadTimeout: s.times.Body,
		SkipValidateBody: true, // a change that does not fit is rejected by itself and holds up no other
		Metadata:         map[string]any{metadataTooLarge: s.tooLargeText()},
		Summary:          "Push a batch of conditional writes", Errors: []int{400, 401, 403, 404, 410, 413},
	}, func(ctx context.Context, in *push) (*pushed, error) {
		answer, err := s.push(ctx, in.Book, in.Body)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &pushed{answer}, nil
	})
}

func (s *Server) tooLargeText() string {
	return fmt.Sprintf("a push has at most %d changes and %d bytes; split it", s.limits.PushChanges, s.limits.PushBytes)
}

type changesInput struct {
	Book  string `path:"book" maxLength:"64"`
	Since string `query:"since" doc:"the cursor of an earlier answer; empty: from the beginning"`
	Limit int    `query:"limit" minimum:"0" doc:"most changes in the page; 0: the server's own limit"`
	Wait  int    `query:"wait" minimum:"0" doc:"seconds to wait for a change when there is none"`
}

// changes returns a page, or waits for one. The waiter stands before the feed is read, so no change falls between.
func (s *Server) changes(ctx context.Context, in *changesInput) (store.Page, error) {
	var w *store.Waiter
	if in.Wait > 0 && printable(in.Book) {
		w = s.store.Wait(in.Book) // before the rights are looked at, too: whatever takes them away from here on wakes it
		defer w.Close()
		if _, err := s.deviceOf(ctx, callerOf(ctx).authorization); err != nil {
			return store.Page{}, err
		}
	}
	role, err := s.role(ctx, in.Book)
	if err != nil {
		return store.Page{}, err
	}
	limit := in.Limit
	if limit == 0 || limit > s.limits.PageChanges {
		limit = s.limits.PageChanges
	}
	q := store.FeedQuery{Book: in.Book, Since: in.Since, Limit: limit, Bytes: s.limits.PushBytes}
	if w == nil {
		return s.store.Changes(ctx, q)
	}
	page, err := w.First(ctx, q)
	if err != nil || len(page.Changes) > 0 {
		return page, err
	}
	s.metrics.openPolls.Inc()
	defer s.metrics.openPolls.Dec()
	page, end, err := s.poll(ctx, in, role, w, q)
	s.metrics.polls.WithLabelValues(end).Inc()
	return page, err
}

// poll waits until there is a change, or something else ends it: also another role than the caller had, which the feed does not show and
// the list of books does.
func (s *Server) poll(ctx context.Context, in *changesInput, role string, w *store.Waiter, q store.FeedQuery) (page store.Page, why string, err error) {
	me := callerOf(ctx)
	end := time.NewTimer(time.Duration(min(in.Wait, s.limits.WaitSeconds)) * time.Second)
	defer end.Stop()
	for why == "" {
		select {
		case <-ctx.Done():
			return page, pollGone, ctx.Err()
		case <-s.drain:
			why = pollStop
		case <-end.C:
			why = pollTimeout
		case <-w.C:
			if _, err := s.deviceOf(ctx, me.authorization); err != nil {
				return page, pollRefused, err
			}
			now, err := s.role(ctx, in.Book)
			if err == nil && now != role {
				err = store.ErrForbidden
			}
			if err != nil {
				return page, pollRefused, err
			}
		}
		if page, err = w.Again(ctx, q); err != nil {
			return page, pollRefused, err
		}
		if len(page.Changes) > 0 {
			why = pollChange
		}
	}
	return page, why, nil
}

func wirePage(p store.Page, now time.Time) api.Changes {
	out := api.Changes{Changes: make([]api.Change, len(p.Changes)), Cursor: p.Cursor, More: p.More, Total: p.Total, Time: now.UnixMicro()}
	for i, c := range p.Changes {
		out.Changes[i] = wireChange(c)
	}
	return out
}

// wireChange is a contact on the wire. A card that is no JSON any more (someone has been at the database) goes as its text in a
// string: it must not stop the feed, and the device keeps it for a person to look at.
func wireChange(c store.Change) api.Change {
	if c.Card != nil && !json.Valid(c.Card) {
		c.Card, _ = json.Marshal(string(c.Card)) // a string has no way to fail
	}
	return api.Change(c)
}

func (s *Server) push(ctx context.Context, book string, r api.SyncRequest) (api.SyncResponse, error) {
	// The role is looked at where the changes are applied, under the book's lock; here only if there are none.
	if len(r.Changes) == 0 || !printable(book) {
		if err := s.mayWrite(ctx, book); err != nil {
			return api.SyncResponse{}, err
		}
	}
	if len(r.Changes) > s.limits.PushChanges {
		return api.SyncResponse{}, newProblem(http.StatusRequestEntityTooLarge, api.CodeTooLarge, s.tooLargeText())
	}
	changes := make([]store.Push, len(r.Changes))
	for i, p := range r.Changes {
		if problem := checkChangeID(p.ChangeID); problem != nil {
			return api.SyncResponse{}, problem // without one there is nothing to remember the answer by
		}
		changes[i] = store.Push{ChangeID: p.ChangeID, ID: p.ID, Operation: p.Operation, BaseRev: p.BaseRev, Card: p.Card, Blobs: p.Blobs, EditedAt: p.EditedAt}
		changes[i].Refused = refuse(p, s.limits)
	}
	answer, err := s.store.Push(ctx, store.PushRequest{
		Book: book, Device: callerOf(ctx).ID, User: callerOf(ctx).UserID, Cursor: r.Cursor, Changes: changes,
		AnswerBytes: 2 * s.limits.PushBytes, BookContacts: s.limits.BookContacts,
	})
	if errors.Is(err, store.ErrAnswerTooLarge) {
		return api.SyncResponse{}, newProblem(http.StatusRequestEntityTooLarge, api.CodeTooLarge, "so many of these contacts are others at the server that they don't fit into one answer; nothing was applied: split the push")
	}
	if err != nil {
		return api.SyncResponse{}, err
	}
	out := api.SyncResponse{Results: make([]api.Result, len(answer.Results)), Cursor: answer.Cursor, Time: s.now().UnixMicro()}
	for i, r := range answer.Results {
		s.metrics.changes.WithLabelValues(r.Status).Inc()
		out.Results[i] = wireResult(r)
	}
	return out, nil
}

func wireResult(r store.Result) api.Result {
	out := api.Result{ChangeID: r.ChangeID, Status: r.Status, Rev: r.Rev, EditedAt: r.EditedAt}
	if r.Current != nil {
		c := wireChange(*r.Current)
		out.Current = &c
	}
	if r.Rejection != nil {
		out.Error = &newProblem(statusOf(r.Rejection.Code), r.Rejection.Code, r.Rejection.Detail).Problem
	}
	return out
}
