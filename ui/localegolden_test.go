package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/syncer"
)

var germanNames = []string{"Änne Ärger", "Anton Adler", "Arno Azur", "Björn Böttcher", "Bodo Berg", "Cäcilie Conrad", "Dörte Düring", "Doris Decker", "Emil Esser",
	"Frauke Förster", "Götz Groß", "Günter Grosse", "Hänsel Hübner", "Ilse Jäger", "Jörg Jung", "Käthe Köhler", "Karl Kraus", "Lena Löwe", "Max Müller", "Nina Nöth",
	"Öykü Özdemir", "Olga Ott", "Otto Oßwald", "Paula Pößnecker", "Quirin Quast", "Rüdiger Röhl", "Rosa Rau", "Söhnke Süß", "Sören Schön", "Straße & Söhne", "Strasser Bau",
	"Tülay Tümer", "Udo Uhl", "Ümit Ünal", "Vera Vogt", "Walter Wölk", "Xaver X", "Yvonne Y", "Zoë Zöllner", "7 Zwerge GmbH"}

// Surname, given name, and how they are read; "" : nobody has said.
var japaneseNames = [][4]string{{"阿部", "花子", "あべ", "はなこ"}, {"石川", "健", "いしかわ", "けん"}, {"上田", "美咲", "うえだ", "みさき"}, {"遠藤", "誠", "えんどう", "まこと"},
	{"小川", "さくら", "おがわ", "さくら"}, {"加藤", "大輔", "かとう", "だいすけ"}, {"木村", "愛", "きむら", "あい"}, {"黒田", "剛", "クロダ", "ゴウ"}, {"小林", "直樹", "こばやし", "なおき"},
	{"後藤", "陽子", "ごとう", "ようこ"}, {"佐藤", "太郎", "さとう", "たろう"}, {"清水", "真理", "しみず", "まり"}, {"鈴木", "一郎", "すずき", "いちろう"}, {"高橋", "恵", "たかはし", "めぐみ"},
	{"田中", "亮", "たなか", "りょう"}, {"土屋", "薫", "つちや", "かおる"}, {"中村", "翔", "なかむら", "しょう"}, {"西田", "茜", "にしだ", "あかね"}, {"野口", "英世", "のぐち", "ひでよ"},
	{"長谷川", "潤", "はせがわ", "じゅん"}, {"藤田", "葵", "ふじた", "あおい"}, {"本田", "宗一", "ほんだ", "そういち"}, {"松本", "清", "まつもと", "きよし"}, {"三浦", "綾", "みうら", "あや"},
	{"村上", "春", "むらかみ", "はる"}, {"森", "優子", "もり", "ゆうこ"}, {"山田", "太郎", "やまだ", "たろう"}, {"山本", "航", "やまもと", "わたる"}, {"吉田", "茂", "よしだ", "しげる"},
	{"李", "香蘭", "り", "こうらん"}, {"渡辺", "謙", "わたなべ", "けん"}, {"和田", "慎二", "わだ", "しんじ"}, {"スミス", "ジョン", "", ""}, {"マルティネス", "マリア", "", ""},
	{"さくら", "ももこ", "", ""}, {"東", "山", "", ""}, {"矢野", "萌", "", ""}}

var westernNames = []string{"Grace Hopper", "Ada Lovelace", "Tim Berners-Lee", "3M Japan"}

func japaneseCards() (cards []contact.Card) {
	for _, n := range japaneseNames {
		cards = append(cards, contact.New().WithSurname(n[0]).WithGiven(n[1]).WithPhonetic("surname", n[2]).WithPhonetic("given", n[3]))
	}
	return append(cards, named(westernNames)...)
}

func named(names []string) (cards []contact.Card) {
	for _, n := range names {
		cards = append(cards, contact.New().WithFullName(n))
	}
	return cards
}

// withFixedID gives a card an id of every run, so that its avatar has one colour.
func withFixedID(t *testing.T, c contact.Card, i int) contact.Card {
	t.Helper()
	fixed, err := contact.Parse(fmt.Appendf(nil, `{"@type":"Card","version":"1.0","uid":"00000000-0000-7000-8000-%012d"}`, i))
	if err == nil {
		name, _ := c.Field("/name")
		fixed, err = fixed.WithField("/name", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fixed.WithBirthday(contact.Date{Year: 1990, Month: 4, Day: 3})
}

// TestLocaleGoldens draws the list, its rail and a contact as two countries have them, in a window that speaks English.
func TestLocaleGoldens(t *testing.T) {
	for _, test := range []struct {
		locale  string
		cards   []contact.Card
		letters string
		first   string
		at      int // the place of the contact that is looked at
		shown   string
	}{
		{"de_DE.UTF-8", named(germanNames), "#ABCDEFGHIJKLMNOPQRSTUVWXYZ", "7 Zwerge GmbH", 1, "Änne Ärger"},
		{"ja_JP.UTF-8", japaneseCards(), "#AGTあかさたなはまやらわ漢", "3M Japan", 4, "阿部花子"},
		{"sv_SE.UTF-8", named([]string{"Åke Ek", "Äpplet AB", "Örjan Öst", "Zlatan", "Anna Ek"}), "", "Anna Ek", 4, "Örjan Öst"},
	} {
		t.Run(test.locale[:2], func(t *testing.T) {
			t.Setenv("LC_ALL", "")
			t.Setenv("LANG", "en_GB.UTF-8")
			t.Setenv("LC_COLLATE", test.locale)
			t.Setenv("LC_TIME", test.locale)
			cards := make([]contact.Card, len(test.cards))
			for i, c := range test.cards {
				cards[i] = withFixedID(t, c, i)
			}
			h := newHarness(t, cards...)
			h.app.Settings().SetTheme(newTheme(themeLight))
			h.w.win.Resize(fyne.NewSize(1000, 900))
			letters := func() (all string) {
				for _, s := range h.list.rail.sections {
					all += s.Letter
				}
				return all
			}
			h.until(t, "the names are sorted", func() bool {
				return letters() == test.letters && len(h.names()) > 0 && h.names()[0] == test.first
			})
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.list.choose(test.at)
			h.untilShown(test.shown)
			h.golden("locale-" + test.locale[:2])
		})
	}
}
