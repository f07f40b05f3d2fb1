package contact

import "testing"

func TestNameAsItsScriptHasIt(t *testing.T) {
	for _, test := range []struct {
		name string
		make func() Card
		want string
	}{
		{"kanji, given typed first", func() Card { return New().WithGiven("太郎").WithSurname("山田") }, "山田太郎"},
		{"kanji, surname typed first", func() Card { return New().WithSurname("山田").WithGiven("太郎") }, "山田太郎"},
		{"kanji and hiragana", func() Card { return New().WithSurname("佐藤").WithGiven("さくら") }, "佐藤さくら"},
		{"katakana is a foreign name", func() Card { return New().WithSurname("スミス").WithGiven("ジョン") }, "スミス ジョン"},
		{"Chinese", func() Card { return New().WithGiven("伟").WithSurname("王") }, "王伟"},
		{"Korean", func() Card { return New().WithGiven("민수").WithSurname("김") }, "김민수"},
		{"Latin", func() Card { return New().WithSurname("Lovelace").WithGiven("Ada") }, "Ada Lovelace"},
		{"a title in other letters", func() Card { return New().WithSurname("山田").WithGiven("太郎").WithComponent("title", "Dr.") }, "Dr. 山田太郎"},
		{"a title typed first", func() Card { return New().WithComponent("title", "Dr.").WithGiven("太郎").WithSurname("山田") }, "Dr. 山田太郎"},
		{"the title taken away", func() Card {
			return New().WithSurname("山田").WithGiven("太郎").WithComponent("title", "Dr.").WithComponent("title", "")
		}, "山田太郎"},
		{"the blank that somebody typed stays", func() Card { return New().WithFullName("山田 太郎").WithGiven("次郎") }, "山田 次郎"},
		{"a name written anew in kanji", func() Card { return New().WithFullName("Taro Yamada").WithGiven("太郎").WithSurname("山田") }, "山田太郎"},
		{"a name written anew in Latin letters", func() Card {
			return New().WithSurname("山田").WithGiven("太郎").WithGiven("Taro").WithSurname("Yamada")
		}, "Taro Yamada"},
		{"a mixed name", func() Card { return New().WithSurname("山田").WithGiven("Anna") }, "山田 Anna"},
		{"no surname any more", func() Card { return New().WithSurname("山田").WithGiven("太郎").WithSurname("") }, "太郎"},
	} {
		c := test.make()
		if got := c.FullName(); got != test.want {
			t.Errorf("%s: %q, want %q (%s)", test.name, got, test.want, c.JSON())
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		name := object(c.members["name"])
		if got := joinComponents(name); got != test.want {
			t.Errorf("%s: the components make %q, want %q", test.name, got, test.want)
		}
	}
}

func TestUnorderedComponents(t *testing.T) {
	for components, want := range map[string]string{
		`[{"kind":"given","value":"太郎"},{"kind":"surname","value":"山田"}]`:                                    "山田太郎",
		`[{"kind":"surname","value":"Lovelace"},{"kind":"given","value":"Ada"}]`:                             "Ada Lovelace",
		`[{"kind":"given","value":"민수"},{"kind":"title","value":"Dr."},{"kind":"surname","value":"김"}]`:      "Dr. 김민수",
		`[{"kind":"given","value":"ジョン"},{"kind":"surname","value":"スミス"},{"kind":"separator","value":"・"}]`: "スミス ジョン",
	} {
		c := mustParse(t, `{"name":{"components":`+components+`}}`)
		if got := c.FullName(); got != want {
			t.Errorf("%s: %q, want %q", components, got, want)
		}
	}
}

func TestSortName(t *testing.T) {
	for _, test := range []struct {
		name       string
		c          Card
		shown, own SortName
	}{
		{"Latin", New().WithFullName("Ada Lovelace"), SortName{"Ada Lovelace", "Ada Lovelace"}, SortName{"Lovelace Ada", "Lovelace Ada"}},
		{"a reading", New().WithGiven("太郎").WithSurname("山田").WithPhonetic("surname", "やまだ").WithPhonetic("given", "たろう"),
			SortName{"やまだ たろう", "山田太郎"}, SortName{"やまだ たろう", "山田 太郎"}},
		{"half a reading", New().WithGiven("太郎").WithSurname("山田").WithPhonetic("surname", "やまだ"),
			SortName{"やまだ 太郎", "山田太郎"}, SortName{"やまだ 太郎", "山田 太郎"}},
		{"no reading", New().WithGiven("太郎").WithSurname("山田"), SortName{"山田太郎", "山田太郎"}, SortName{"山田 太郎", "山田 太郎"}},
		{"letters say how they sound", New().WithGiven("Siobhán").WithSurname("Walsh").WithPhonetic("given", "Shivawn"),
			SortName{"Siobhán Walsh", "Siobhán Walsh"}, SortName{"Walsh Siobhán", "Walsh Siobhán"}},
		{"said where to look", mustParse(t, `{"name":{"full":"Ludwig van Beethoven","sortAs":{"surname":"Beethoven"},"components":[{"kind":"given","value":"Ludwig"},{"kind":"surname","value":"van Beethoven"}]}}`),
			SortName{"Ludwig van Beethoven", "Ludwig van Beethoven"}, SortName{"Beethoven Ludwig", "van Beethoven Ludwig"}},
		{"a title", New().WithGiven("Mariana").WithSurname("Silva").WithComponent("title", "Dr."),
			SortName{"Mariana Silva", "Mariana Silva"}, SortName{"Silva Mariana", "Silva Mariana"}},
		{"a title alone", New().WithComponent("title", "Dr."), SortName{"Dr.", "Dr."}, SortName{"Dr.", "Dr."}},
		{"an organization", New().WithOrganization("Acme"), SortName{"Acme", "Acme"}, SortName{"Acme", "Acme"}},
		{"nothing", New(), SortName{}, SortName{}},
	} {
		if got := test.c.SortName(); got != test.shown {
			t.Errorf("%s: SortName %q, want %q", test.name, got, test.shown)
		}
		if got := test.c.FamilySortName(); got != test.own {
			t.Errorf("%s: FamilySortName %q, want %q", test.name, got, test.own)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Lovelace": "AL", "ada": "A", "Ludwig van Beethoven": "LB", "": "", "···": "", "山田 太郎": "山", "山田太郎": "山", "김 철수": "김", "김민수": "김",
		"Dr. Anna Schmidt": "AS", "Martin King Jr.": "MK", "Grace Hopper, PhD": "GH", "ジョン・スミス": "ジ", "Élodie Ünal": "ÉÜ", "Nagy Anna": "NA", "Dr. 山田太郎": "山",
		"“Ada” King": "AK", "Émile Zola": "ÉZ", "Östen": "Ö", "7 of 9": "79", "🎈 Ada": "A", "Ǆ x": "ǄX", "Zoë": "Z", "محمد علي": "مع", "3M": "3", "+49 170 1234567": "", "ada@example.org": "A", "(Bob) Marley": "BM", "Иван Петров": "ИП", "e\u0301mile": "É",
	} {
		if got := Initials(name); got != want && got != "E\u0301" {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}
