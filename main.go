// Command kith is the contacts window: flags, wiring and lifetime. Everything else is in the packages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"fyne.io/fyne/v2/app"

	"kith/data"
	"kith/syncer"
	"kith/syncer/keychain"
	"kith/syncer/rest"
	"kith/ui"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, new(usageError)):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "kith:", err)
		os.Exit(1)
	}
}

// usageError is what the flag package has already explained.
type usageError struct{ error }

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("kith", flag.ContinueOnError)
	flags.SetOutput(out)
	dir := flags.String("profile", "", "the `folder` of the address book (default: $KITH_PROFILE, else kith in your data folder)")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return usageError{err}
	}
	if *dir == "" {
		if *dir, err = data.DefaultProfile(); err != nil {
			return fmt.Errorf("find the profile: %w", err)
		}
	}
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display (DISPLAY is not set): start kith on a desktop, or use kithctl in a terminal")
	}
	instance, err := ui.Claim(ctx, *dir)
	if errors.Is(err, data.ErrInUse) {
		return err
	}
	if err == nil {
		defer instance.Release()
	} // else the window says why

	open := func(ctx context.Context) (ui.Session, error) {
		store, err := data.Open(ctx, *dir, data.Options{})
		if err != nil {
			return ui.Session{}, err
		}
		engine := syncer.New(store, rest.New(rest.Options{}), keychain.New(*dir), syncer.Options{})
		return ui.Session{Store: store, Engine: engine}, nil
	}
	// Fyne logs a missing OpenGL, shows nothing, and lives for ever.
	watchdog := time.AfterFunc(20*time.Second, func() {
		fmt.Fprintln(os.Stderr, "kith: no window could be shown: OpenGL 2 or later is needed (software rendering will do)")
		os.Exit(1)
	})
	window := ui.New(ctx, app.NewWithID("org.kith.Kith"), *dir, open)
	collect := debug.SetGCPercent(-1) // the start makes little garbage, and looking for it takes a tenth of the time to the first frame
	window.OnShown(func() { watchdog.Stop() })
	window.OnReady(func() { debug.SetGCPercent(collect) })
	if instance != nil {
		instance.Listen(window.ComeForward)
	}
	session := window.ShowAndRun()
	watchdog.Stop()
	if session.Store == nil {
		return nil
	}
	return session.Store.Close()
}
