package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

// authority is a small certificate authority that speaks ACME (RFC 8555): it checks signatures and nonces, proves by tls-alpn-01
// (RFC 8737) that who asks has the server at the address, and signs.
type authority struct {
	t       *testing.T
	url     string
	address string // where the challenge is looked for, as DNS would say
	key     *ecdsa.PrivateKey
	root    *x509.Certificate

	mu      sync.Mutex
	account crypto.PublicKey
	nonces  map[string]bool
	host    string
	valid   bool
	chain   []byte
	refused []string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, root: root, nonces: map[string]bool{}}
	s := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(s.Close)
	a.url = s.URL
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	nonce := rand.Text()
	a.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	answer := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}
	switch r.URL.Path {
	case "/directory":
		answer(200, map[string]any{"newNonce": a.url + "/nonce", "newAccount": a.url + "/account", "newOrder": a.url + "/order"})
		return
	case "/nonce":
		return
	}
	payload, err := a.open(r)
	if err != nil {
		a.refused = append(a.refused, err.Error())
		answer(400, map[string]string{"type": "urn:ietf:params:acme:error:malformed", "detail": err.Error()})
		return
	}
	order := func() map[string]any {
		o := map[string]any{"status": "pending", "identifiers": []any{map[string]string{"type": "dns", "value": a.host}}, "authorizations": []string{a.url + "/authz"}, "finalize": a.url + "/finalize"}
		switch {
		case a.chain != nil:
			o["status"], o["certificate"] = "valid", a.url+"/cert"
		case a.valid:
			o["status"] = "ready"
		}
		return o
	}
	switch r.URL.Path {
	case "/account":
		w.Header().Set("Location", a.url+"/account/1")
		answer(201, map[string]string{"status": "valid"})
	case "/order":
		var in struct{ Identifiers []struct{ Value string } }
		json.Unmarshal(payload, &in)
		a.host, a.valid, a.chain = in.Identifiers[0].Value, false, nil
		w.Header().Set("Location", a.url+"/order/1")
		answer(201, order())
	case "/order/1":
		answer(200, order())
	case "/authz", "/challenge":
		if r.URL.Path == "/challenge" {
			if err := a.prove(); err != nil {
				a.refused = append(a.refused, err.Error())
			} else {
				a.valid = true
			}
		}
		status := map[bool]string{true: "valid", false: "pending"}[a.valid]
		challenge := map[string]string{"type": "tls-alpn-01", "url": a.url + "/challenge", "token": "the-token", "status": status}
		if r.URL.Path == "/challenge" {
			answer(200, challenge)
			return
		}
		answer(200, map[string]any{"status": status, "identifier": map[string]string{"type": "dns", "value": a.host}, "challenges": []any{challenge}})
	case "/finalize":
		if a.chain, err = a.sign(payload); err != nil {
			a.refused = append(a.refused, err.Error())
		}
		w.Header().Set("Location", a.url+"/order/1")
		answer(200, order())
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		w.Write(a.chain)
	default:
		answer(404, map[string]string{"detail": r.URL.Path})
	}
}

// open checks a request's signature and returns what it says.
func (a *authority) open(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var jws struct{ Protected, Payload, Signature string }
	if err := json.Unmarshal(body, &jws); err != nil {
		return nil, err
	}
	b64 := base64.RawURLEncoding
	head, err := b64.DecodeString(jws.Protected)
	if err != nil {
		return nil, err
	}
	var protected struct {
		Nonce, URL string
		JWK        *struct{ X, Y string }
	}
	if err := json.Unmarshal(head, &protected); err != nil {
		return nil, err
	}
	if !a.nonces[protected.Nonce] || protected.URL != a.url+r.URL.Path {
		return nil, errors.New("a wrong nonce or URL")
	}
	delete(a.nonces, protected.Nonce)
	if protected.JWK != nil {
		x, err1 := b64.DecodeString(protected.JWK.X)
		y, err2 := b64.DecodeString(protected.JWK.Y)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		a.account, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		if err != nil {
			return nil, err
		}
	}
	signature, err := b64.DecodeString(jws.Signature)
	if err != nil || len(signature) != 64 {
		return nil, fmt.Errorf("a signature of %d bytes, %v", len(signature), err)
	}
	public, ok := a.account.(*ecdsa.PublicKey)
	sum := sha256.Sum256([]byte(jws.Protected + "." + jws.Payload))
	if !ok || !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return nil, errors.New("a wrong signature")
	}
	return b64.DecodeString(jws.Payload)
}

// prove connects to the server under the name that was asked for, and looks for the certificate that only the account can have made.
func (a *authority) prove() error {
	c, err := tls.Dial("tcp", a.address, &tls.Config{ServerName: a.host, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true})
	if err != nil {
		return fmt.Errorf("reach the server: %w", err)
	}
	defer c.Close()
	thumbprint, err := acme.JWKThumbprint(a.account)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte("the-token." + thumbprint))
	want, err := asn1.Marshal(sum[:])
	if err != nil {
		return err
	}
	for _, e := range c.ConnectionState().PeerCertificates[0].Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && bytes.Equal(e.Value, want) {
			return nil
		}
	}
	return errors.New("the server's certificate does not answer the challenge")
}

func (a *authority) sign(payload []byte) ([]byte, error) {
	var in struct{ CSR string }
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	der, err := base64.RawURLEncoding.DecodeString(in.CSR)
	if err != nil {
		return nil, err
	}
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, err
	}
	if err := request.CheckSignature(); err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), DNSNames: []string{a.host},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	leaf, err := x509.CreateCertificate(rand.Reader, template, a.root, request.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, b := range [][]byte{leaf, a.root.Raw} {
		pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: b})
	}
	return out.Bytes(), nil
}

// TestAutocert: the server gets a certificate for its name from an authority, by itself, keeps it through a restart, and gets none for
// a name that is not its own.
func TestAutocert(t *testing.T) {
	a := newAuthority(t)
	c := newCommand(t)
	home := t.TempDir()
	visit := func(n *node) error {
		u, err := url.Parse(n.url)
		if err != nil {
			t.Fatal(err)
		}
		a.mu.Lock()
		a.address = u.Host
		a.mu.Unlock()
		pool := x509.NewCertPool()
		pool.AddCert(a.root)
		client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, u.Host)
			},
		}}
		defer client.CloseIdleConnections()
		answer, err := client.Get("https://kith.example.com/readyz")
		if err != nil {
			return err
		}
		answer.Body.Close()
		if answer.StatusCode != 200 || answer.ProtoMajor != 2 {
			t.Errorf("status %d over HTTP/%d", answer.StatusCode, answer.ProtoMajor)
		}
		return nil
	}
	start := func() *node {
		return startNode(t, c.db, "XDG_DATA_HOME="+home, "KITH_AUTOCERT=kith.example.com", "KITH_ACME_DIRECTORY="+a.url+"/directory")
	}
	n := start()
	if err := visit(n); err != nil {
		t.Fatalf("%v; the authority refused %v; log: %s", err, a.refused, n.log)
	}
	if _, err := tls.Dial("tcp", strings.TrimPrefix(n.url, "https://"), &tls.Config{ServerName: "other.example.com", InsecureSkipVerify: true}); err == nil {
		t.Error("a certificate for a name that is not the server's")
	}
	n.kill()
	a.mu.Lock()
	a.account = nil // nothing more can be asked of it
	a.mu.Unlock()
	if err := visit(start()); err != nil {
		t.Errorf("after a restart, from the cache: %v", err)
	}
}
