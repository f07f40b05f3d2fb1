package data

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

var scandinavians = []string{"Anna", "Åke", "Ärlig", "Örjan", "Zoe", "Olle"}

func addNames(t testing.TB, s *Store, names ...string) {
	t.Helper()
	cards := make([]contact.Card, len(names))
	for i, n := range names {
		cards[i] = card(n)
	}
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
}

func mustCollate(t testing.TB, s *Store, locale string) {
	t.Helper()
	if err := s.Collate(t.Context(), locale, nil); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
}

func TestCollate(t *testing.T) {
	s := newStore(t)
	addNames(t, s, scandinavians...)
	english, swedish := []string{"Åke", "Anna", "Ärlig", "Olle", "Örjan", "Zoe"}, []string{"Anna", "Olle", "Zoe", "Åke", "Ärlig", "Örjan"}
	wantNames(t, s, Query{}, english...)
	if name, chosen, err := s.Collation(t.Context()); name != "und" || chosen || err != nil {
		t.Errorf("at first: %q, chosen: %v, %v", name, chosen, err)
	}
	for _, step := range []struct {
		locale, name string
		want         []string
	}{
		{"sv_SE.UTF-8", "sv", swedish}, {"sv_FI", "sv", swedish}, {"de_DE.UTF-8", "und", english}, {"en_US", "und", english},
		{"sv", "sv", swedish}, {"C", "und", english},
	} {
		mustCollate(t, s, step.locale)
		for _, by := range []Sort{ByName, ByFamily} {
			wantNames(t, s, Query{Sort: by}, step.want...)
		}
		if name, chosen, err := s.Collation(t.Context()); name != step.name || !chosen || err != nil {
			t.Errorf("%s: %q, chosen: %v, %v", step.locale, name, chosen, err)
		}
	}
	mustCollate(t, s, "sv")
	mustAdd(t, s, card("Aada"))
	mustAdd(t, s, card("Åse"))
	wantNames(t, s, Query{}, "Aada", "Anna", "Olle", "Zoe", "Åke", "Åse", "Ärlig", "Örjan")
	order, err := s.Order(t.Context(), Query{})
	must(t, err)
	sections, err := s.Sections(t.Context(), order, ByName)
	must(t, err)
	var letters []string
	for _, section := range sections {
		letters = append(letters, section.Letter)
	}
	if got := strings.Join(letters, ""); got != "AOZÅÄÖ" {
		t.Errorf("sections %s", got)
	}
}

// A Japanese list goes by the readings, and where one is changed it goes elsewhere.
func TestCollateReadings(t *testing.T) {
	s := newStore(t)
	mustCollate(t, s, "ja_JP.UTF-8")
	spoken := func(surname, given, reading, givenReading string) contact.Card {
		return contact.New().WithSurname(surname).WithGiven(given).WithPhonetic("surname", reading).WithPhonetic("given", givenReading)
	}
	yamada := mustAdd(t, s, spoken("山田", "太郎", "やまだ", "たろう"))
	mustAdd(t, s, spoken("阿部", "花子", "アベ", "ハナコ"))
	mustAdd(t, s, contact.New().WithSurname("佐藤").WithGiven("さくら")) // nobody has said how it is read
	mustAdd(t, s, card("Grace Hopper"))
	mustAdd(t, s, card("たなか"))
	wantNames(t, s, Query{}, "Grace Hopper", "阿部花子", "たなか", "山田太郎", "佐藤さくら")
	wantNames(t, s, Query{Sort: ByFamily}, "Grace Hopper", "阿部花子", "たなか", "山田太郎", "佐藤さくら")
	mustSave(t, s, yamada, yamada.Card.WithPhonetic("surname", "いまだ"))
	wantNames(t, s, Query{}, "Grace Hopper", "阿部花子", "山田太郎", "たなか", "佐藤さくら")
}

// Whatever is cut off, when, and written meanwhile: the lists are in one order at any time, and the next call finishes.
func TestCollateIsCutOffAndGoesOn(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	s := newStore(t)
	addNames(t, s, scandinavians...)
	cards := make([]contact.Card, 3*collatePage)
	for i := range cards {
		cards[i] = contacttest.Realistic(seed, i)
	}
	added, err := s.AddAll(t.Context(), cards)
	must(t, err)
	before := names(t, s, Query{})
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err = s.Collate(ctx, "sv", func(done, total int) {
		if calls++; calls == 2 {
			cancel()
		}
		if total != len(cards)+len(scandinavians) || done > total {
			t.Errorf("%d of %d", done, total)
		}
	})
	if err == nil {
		t.Fatal("it was cut off, and says nothing")
	}
	mustCheck(t, s)
	if got := names(t, s, Query{}); !slices.Equal(got, before) {
		t.Error("the order has changed before all keys were made")
	}
	for range 20 { // cards that have their new keys, and those that have not
		c := added[random.IntN(len(added))]
		got, err := s.Contact(t.Context(), c)
		must(t, err)
		mustSave(t, s, got, got.Card.WithFullName(fmt.Sprintf("Å%d %d", random.IntN(100), random.IntN(100))))
	}
	done := -1
	must(t, s.Collate(t.Context(), "sv", func(d, _ int) {
		if done < 0 {
			done = d
		}
	}))
	if done <= collatePage {
		t.Errorf("it began anew: %d at first", done)
	}
	mustCheck(t, s)
	if got := names(t, s, Query{}); slices.Equal(got, before) {
		t.Error("the order is the same in Swedish")
	}
}

// Edits go on while keys are made, and a later choice wins over one under way.
func TestCollateBesideEdits(t *testing.T) {
	s := newStore(t)
	cards := make([]contact.Card, 2*collatePage)
	for i := range cards {
		cards[i] = contacttest.Realistic(7, i)
	}
	added, err := s.AddAll(t.Context(), cards)
	must(t, err)
	edit := func(i int) {
		got, err := s.Contact(t.Context(), added[i])
		must(t, err)
		mustSave(t, s, got, got.Card.WithFullName("Åke Öberg"))
	}
	at := 0
	must(t, s.Collate(t.Context(), "sv", func(int, int) {
		edit(at)
		edit(len(added) - 1 - at)
		mustAdd(t, s, card("Åsa"))
		at++
	}))
	mustCheck(t, s)
	var wait sync.WaitGroup
	must(t, s.Collate(t.Context(), "ja", func(done, total int) {
		if done < total {
			wait.Go(func() { must(t, s.Collate(t.Context(), "zh", nil)) })
			wait.Wait()
		}
	}))
	wait.Wait()
	if name, _, err := s.Collation(t.Context()); name != "zh" || err != nil {
		t.Errorf("the order is %s (%v), the later choice was zh", name, err)
	}
	mustCheck(t, s)
}

// Two stores on one file are two processes: what one chose the other writes by.
func TestCollateForAll(t *testing.T) {
	s := newStore(t)
	other := openStore(t, s.Dir())
	addNames(t, s, scandinavians...)
	mustCollate(t, s, "sv")
	addNames(t, other, "Åsa", "Ada")
	wantNames(t, s, Query{}, "Ada", "Anna", "Olle", "Zoe", "Åke", "Åsa", "Ärlig", "Örjan")
	mustCheck(t, other)
}

// BenchmarkCollate orders a book of 100,000 anew, and says how long somebody who saves an edit meanwhile waits at most.
func BenchmarkCollate(b *testing.B) {
	s := openBig(b)
	for _, locale := range []string{"sv", "und", "ja", "zh", "de-u-co-phonebk", "und"} {
		b.Run(locale, func(b *testing.B) {
			for range b.N {
				done, longest := make(chan error), time.Duration(0)
				go func() { done <- s.Collate(b.Context(), locale, nil) }()
				for running := true; running; {
					begun := time.Now()
					if err := s.SetSetting(b.Context(), "bench", begun.String()); err != nil {
						b.Fatal(err)
					}
					longest = max(longest, time.Since(begun))
					select {
					case err := <-done:
						running = false
						if err != nil {
							b.Fatal(err)
						}
					case <-time.After(10 * time.Millisecond):
					}
				}
				b.ReportMetric(float64(longest.Milliseconds()), "longest-wait-ms")
			}
		})
	}
}
