package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kith/api"
	"kith/server/store"
)

type doctorCmd struct {
	URL string `placeholder:"URL" help:"Also ask the server at this address, as a device would reach it."`
}

// Run looks at everything before it fails, so that one run tells all that is wrong.
func (c *doctorCmd) Run(ctx context.Context, a *app) error {
	found := 0
	say := func(ok bool, format string, args ...any) {
		mark := "ok     "
		if !ok {
			mark, found = "PROBLEM", found+1
		}
		fmt.Fprintf(a.out, "%s  %s\n", mark, fmt.Sprintf(format, args...))
	}
	err := a.with(ctx, func(s *store.Store) error {
		say(true, "the database %s opens, and its schema is up to date", s.Describe())
		r, err := s.Check(ctx)
		if err != nil {
			return err
		}
		say(true, "it holds %d accounts, %d books, %d contacts, %d deletions, %d photos", r.Users, r.Books, r.Contacts, r.Tombstones, r.Blobs)
		for _, p := range r.Problems {
			say(false, "%s", p)
		}
		if len(r.Problems) == 0 {
			say(true, "every row and every photo is as it should be")
		}
		if r.Users == 0 {
			say(false, "there is no account yet: kith-server user add NAME makes one")
		}
		return nil
	})
	if err != nil {
		say(false, "the database: %v", err)
	}
	if c.URL != "" {
		if err := reach(ctx, c.URL); err != nil {
			say(false, "the server at %s: %v", c.URL, err)
		} else {
			say(true, "the server at %s answers, and is ready", c.URL)
		}
	}
	if found > 0 {
		return fmt.Errorf("%d problems found; what they are is above", found)
	}
	return nil
}

// reach asks a running server what a device and a load balancer would ask.
func reach(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, path := range []string{"/healthz", "/readyz"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+path, nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, 200))
		answer.Body.Close()
		switch version := answer.Header.Get(api.HeaderProtocol); {
		case err != nil:
			return err
		case version == "":
			return errors.New("what answers there is not kith-server")
		case version != strconv.Itoa(api.Version):
			return fmt.Errorf("it speaks protocol %s, this program %d", version, api.Version)
		case answer.StatusCode != http.StatusOK:
			return fmt.Errorf("it says %q", strings.TrimSpace(string(text)))
		}
	}
	return nil
}
