// Package prompt asks for a password on a terminal.
package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Password shows the question and reads a line that is not shown. The terminal is silent before the question appears, so that what
// is typed at once, or pasted, is hidden too. It is given back as it was, also when ctx ends while the user thinks. The error is
// context.Canceled after Ctrl-C and Ctrl-D.
func Password(ctx context.Context, tty *os.File, out io.Writer, question string) (string, error) {
	before, err := term.MakeRaw(int(tty.Fd()))
	if err != nil {
		return "", fmt.Errorf("silence the terminal: %w", err)
	}
	type answer struct {
		password string
		err      error
	}
	answered := make(chan answer, 1)
	go func() { // ends with the process if the user never answers: a read of a terminal can't be broken off
		line := term.NewTerminal(struct {
			io.Reader
			io.Writer
		}{tty, out}, "")
		p, err := line.ReadPassword(question)
		answered <- answer{p, err}
	}()
	var got answer
	select {
	case got = <-answered:
	case <-ctx.Done():
		got.err = ctx.Err()
	}
	if errors.Is(got.err, io.EOF) {
		got.err = context.Canceled
	}
	if err := errors.Join(got.err, term.Restore(int(tty.Fd()), before)); err != nil {
		fmt.Fprintln(out)
		return "", fmt.Errorf("read the password: %w", err)
	}
	return got.password, nil
}
