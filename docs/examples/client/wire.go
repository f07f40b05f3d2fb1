package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

type limits struct {
	PushChanges int `json:"push_changes"`
	PushBytes   int `json:"push_bytes"`
}

type sessionRequest struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Device   string `json:"device"`
	DeviceID string `json:"device_id,omitempty"`
}

type session struct {
	Token    string `json:"token"`
	DeviceID string `json:"device_id"`
	Limits   limits `json:"limits"`
}

type change struct {
	ID        string          `json:"id"`
	Rev       int64           `json:"rev"`
	Operation string          `json:"operation"`
	Card      json.RawMessage `json:"card"`
	EditedAt  int64           `json:"edited_at"`
}

type changes struct {
	Changes []change `json:"changes"`
	Cursor  string   `json:"cursor"`
	More    bool     `json:"more"`
}

type push struct {
	ChangeID  string          `json:"change_id"`
	ID        string          `json:"id"`
	Operation string          `json:"operation"`
	BaseRev   int64           `json:"base_rev"`
	Card      json.RawMessage `json:"card,omitempty"`
	Blobs     []string        `json:"blobs,omitempty"`
	EditedAt  int64           `json:"edited_at"`
}

type syncRequest struct {
	Cursor  string  `json:"cursor,omitempty"`
	Changes []*push `json:"changes"`
}

type result struct {
	ChangeID string  `json:"change_id"`
	Status   string  `json:"status"`
	Rev      int64   `json:"rev"`
	Current  *change `json:"current"`
	Error    problem `json:"error"`
}

type syncResponse struct {
	Results []result `json:"results"`
	Cursor  string   `json:"cursor"`
}

// problem is an RFC 9457 document.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail) }

// errOffline is everything that is no answer of a Kith server: no network, a captive portal, a torn body, and a server in trouble. What
// was to be sent stays, and is sent again.
var errOffline = errors.New("offline")

// call makes one request.
func (b *book) call(method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		body = bytes.NewReader(encode(in))
	}
	r, err := http.NewRequest(method, b.URL+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Kith-Protocol", "1")
	r.Header.Set("Content-Type", "application/json")
	if b.Token != "" && path != "/v1/sessions" {
		r.Header.Set("Authorization", "Bearer "+b.Token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errOffline, err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	switch {
	case err != nil, answer.Header.Get("Kith-Protocol") == "", answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= 500:
		return fmt.Errorf("%w: %s, %v", errOffline, answer.Status, err)
	case answer.StatusCode/100 != 2:
		p := &problem{Status: answer.StatusCode}
		_ = json.Unmarshal(raw, p) // without its text it is still a refusal
		return p
	}
	return json.Unmarshal(raw, out)
}
