package data

import (
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

func TestSearchWithoutBlanks(t *testing.T) {
	s := newStore(t)
	long := "東京都千代田区丸の内一丁目九番一号グラントウキョウノースタワー"
	for _, c := range []contact.Card{
		card("山田太郎"), card("김철수"), card("สมชาย ใจดี"), card("Nintendo任天堂Kyoto株式会社"), card("Ada").WithNote(long), card("Ben").WithNote("東京都千代田区丸の内二丁目"),
	} {
		mustAdd(t, s, c)
	}
	tests := []struct {
		text string
		want []string
	}{
		{"太郎", []string{"山田太郎"}},
		{"郎", []string{"山田太郎"}},
		{"山太", nil},
		{"철수", []string{"김철수"}},
		{"ชาย", []string{"สมชาย ใจดี"}},
		{"天堂", []string{"Nintendo任天堂Kyoto株式会社"}},
		{"任天堂kyoto株式", []string{"Nintendo任天堂Kyoto株式会社"}},
		{"会社", []string{"Nintendo任天堂Kyoto株式会社"}},
		{"tendo", nil}, // the middle of a word that has blanks beside it
		{"丸の内", []string{"Ada", "Ben"}},
		{"千代田区丸の内一丁目九番", []string{"Ada"}}, // longer than a piece
		{"千代田区丸の内一丁目十番", nil},
		{long, []string{"Ada"}},
		{"タワー 東京都", []string{"Ada"}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) { wantNames(t, s, Query{Text: tt.text}, tt.want...) })
	}
}

func TestPieces(t *testing.T) {
	for word, want := range map[string][]string{
		"smith":      nil,
		"山":          nil,
		"山田太郎":       {"田太郎", "太郎", "郎"},
		"abc山b田":     {"山b田", "田"},
		"一二三四五六七八九十": {"二三四五六七八九", "三四五六七八九十", "四五六七八九十", "五六七八九十", "六七八九十", "七八九十", "八九十", "九十", "十"},
	} {
		if got := pieces(word); !slices.Equal(got, want) {
			t.Errorf("pieces(%q) = %q, want %q", word, got, want)
		}
	}
}

// A profile whose index was made by older rules is brought to today's behind its edits.
func TestReindex(t *testing.T) {
	s := newStore(t)
	const contacts = 3*reindexPage + 7
	for i := range contacts {
		name := "Plain"
		if i%100 == 0 {
			name = "山田太郎"
		}
		mustAdd(t, s, card(name))
	}
	err := s.write(t.Context(), func(t *tx) error { // as an older version left it
		_, err := t.exec("UPDATE state SET indexed = 0")
		if err == nil {
			_, err = t.exec("INSERT OR REPLACE INTO search (rowid, words) SELECT row_id, name FROM contacts")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wantNames(t, s, Query{Text: "太郎"})
	changes := s.Watch(t.Context())
	if err := s.reindex(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-changes // who shows a search asks again
	wantNames(t, s, Query{Text: "太郎"}, slices.Repeat([]string{"山田太郎"}, contacts/100+1)...)
	if err := s.reindex(t.Context()); err != nil {
		t.Errorf("again: %v", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if indexWords(card("a "+strings.Repeat("山", 3))) != "a 山山山 山山 山" {
		t.Errorf("words: %q", indexWords(card("a "+strings.Repeat("山", 3))))
	}
}
