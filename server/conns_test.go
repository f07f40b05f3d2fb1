package server_test

import (
	"net"
	"testing"

	"kith/server"
)

func TestLimitConns(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := server.LimitConns(inner, 2)
	accepted := make(chan net.Conn)
	ended := make(chan error, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- c
		}
	}()
	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	for range 3 {
		dial()
	}
	first, second := <-accepted, <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection was accepted")
	default:
	}
	first.Close()
	first.Close() // twice is one place
	third := <-accepted
	dial()
	select {
	case <-accepted:
		t.Fatal("a fourth connection was accepted")
	default:
	}
	if err := l.Close(); err != nil { // while Accept waits for a place
		t.Fatal(err)
	}
	<-ended
	second.Close()
	third.Close()
}
