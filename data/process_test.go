package data

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact"
)

// The tests run their own binary as a second program on the profile: TestMain does what the variable says instead of testing.
const childVariable = "KITH_DATA_TEST_CHILD" // "WORK DIR"

func TestMain(m *testing.M) {
	work, dir, isChild := strings.Cut(os.Getenv(childVariable), " ")
	if !isChild {
		code := m.Run()
		removeBigBook()
		os.Exit(code)
	}
	if err := child(work, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(work, dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	switch work {
	case "edit":
		return editForEver(ctx, s)
	case "purge":
		return purgeForEver(ctx, s)
	case "add":
		for i := range addsOfEach {
			if _, err := s.Add(ctx, card(fmt.Sprintf("Child %03d", i))); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("no such work: %q", work)
}

// editForEver adds contacts, saves them with ever higher numbers, and adds batches, and prints each as soon as it is saved.
func editForEver(ctx context.Context, s *Store) error {
	var own []Contact
	for n := 1; ; n++ {
		switch {
		case n%10 == 0:
			batch := make([]contact.Card, batchSize)
			for i := range batch {
				batch[i] = card(fmt.Sprintf("Batch %d-%d", os.Getpid(), n))
			}
			if _, err := s.AddAll(ctx, batch); err != nil {
				return err
			}
			fmt.Printf("batch %d-%d\n", os.Getpid(), n)
		case n%3 == 1:
			added, err := s.Add(ctx, card("One").WithNote(fmt.Sprint(n)))
			if err != nil {
				return err
			}
			own = append(own, added)
			fmt.Printf("saved %s %d\n", added.ID, n)
		default:
			c := &own[n%len(own)]
			saved, err := s.Save(ctx, c.ID, c.Card, c.Card.WithNote(fmt.Sprint(n)))
			if err != nil {
				return err
			}
			*c = saved
			fmt.Printf("saved %s %d\n", c.ID, n)
		}
	}
}

const batchSize, addsOfEach = 20, 50

func startChild(t *testing.T, work, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+work+" "+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestKill ends a program that edits at random moments, without warning, and looks for what it had said was saved.
func TestKill(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := filepath.Join(t.TempDir(), "profile")
	saved := make(map[string]int) // by id: the highest number that was said to be saved
	batches := make(map[string]bool)
	for round := range 6 {
		cmd, lines := startChild(t, "edit", dir)
		for range 1 + random.IntN(80) {
			if !lines.Scan() {
				t.Fatalf("round %d: the child ended by itself", round)
			}
			note(t, lines.Text(), saved, batches)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had said before it died, whole lines
			note(t, lines.Text(), saved, batches)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatalf("round %d: the child was not killed", round)
		}
		verify(t, dir, saved, batches)
	}
	if len(saved) == 0 {
		t.Error("nothing was saved")
	}
}

func note(t *testing.T, line string, saved map[string]int, batches map[string]bool) {
	t.Helper()
	var id string
	var n int
	if _, err := fmt.Sscanf(line, "saved %s %d", &id, &n); err == nil {
		saved[id] = n
		return
	}
	if _, err := fmt.Sscanf(line, "batch %s", &id); err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	batches[id] = true
}

func verify(t *testing.T, dir string, saved map[string]int, batches map[string]bool) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	for id, n := range saved {
		var got int
		if _, err := fmt.Sscan(mustContact(t, s, id).Card.Note(), &got); err != nil || got < n {
			t.Errorf("contact %s was saved with %d, and holds %d (%v)", id, n, got, err)
		}
	}
	found := make(map[string]int)
	for _, name := range names(t, s, Query{Text: "batch"}) {
		found[strings.TrimPrefix(name, "Batch ")]++
	}
	for id, n := range found {
		if n != batchSize {
			t.Errorf("batch %s has %d contacts of %d", id, n, batchSize)
		}
	}
	for id := range batches {
		if found[id] == 0 {
			t.Errorf("batch %s is gone", id)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTwoPrograms lets two make the same new profile, and write to it at once.
func TestTwoPrograms(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	first, _ := startChild(t, "add", dir)
	second, _ := startChild(t, "add", dir)
	s := openStore(t, dir)
	for i := range addsOfEach {
		mustAdd(t, s, card(fmt.Sprintf("Parent %03d", i)))
	}
	if err := errors.Join(first.Wait(), second.Wait()); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, s, Counts{All: 3 * addsOfEach, Pending: 3 * addsOfEach})
	if got := len(names(t, s, Query{Text: "child"})); got != 2*addsOfEach {
		t.Errorf("%d of the others' contacts are found", got)
	}
}
