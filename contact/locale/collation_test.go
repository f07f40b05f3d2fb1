package locale

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Each list is in the locale's order, with the section of each name before it.
func TestOrder(t *testing.T) {
	for _, test := range []struct{ locale, want string }{
		{"en_US.UTF-8", "#3M A:Ada A:Ärger A:Arzt N:Ñandu N:Nz O:Ole O:Øst Z:Zoe"},
		{"de_DE.UTF-8", "A:Adler A:Ärger A:Arzt A:Azur O:Otto O:Özil S:Sauer S:Strasse S:Straße U:Über Z:Zorn"},
		{"de_DE@phonebook", "A:Adler A:Ärger A:Afra A:Azur O:Özil O:Ofen Z:Zorn"},
		{"de-u-co-phonebk", "A:Adler A:Ärger A:Afra"},
		{"es_ES.UTF-8", "N:Nuria N:Nz Ñ:Ñandu O:Ochoa"},
		{"pt_BR", "A:Ágata A:Ana E:Elis E:Érico"},
		{"fr_CA", "E:Émile E:Eric E:Étienne"},
		{"sv_SE.UTF-8", "A:Anna Z:Zoe Å:Åke Ä:Ärlig Ö:Örjan"},
		{"da_DK", "A:Anna Z:Zoe Æ:Ærø Ø:Øst Å:Aage Å:Åse"},
		{"cs_CZ", "C:Cyril Č:Čeněk D:Dana H:Hana Ch:Chalupa I:Ivan"},
		{"hu_HU", "C:Cecil Cs:Csaba D:Dóra O:Olga Ö:Örs"},
		{"pl_PL", "L:Lech Ł:Łucja M:Maria Z:Zofia Ż:Żaneta"},
		{"tr_TR", "C:Can Ç:Çelik H:Hakan I:Ilgaz İ:İpek J:Jale"},
		{"ru_RU", "B:Bob Е:Елена Е:Ёлкин Ж:Жанна И:Иван Й:Йорн"},
		{"uk_UA", "Г:Ганна Ґ:Ґалаґан Д:Дана"},
		{"el_GR", "A:Ann Α:Άννα Α:Αντώνης Β:Βασίλης"},
		{"ar_EG", "A:Ann ا:أحمد ا:إبراهيم ا:اسماعيل ب:بدر"},
		{"he_IL", "א:אבי ב:בני ת:תמר"},
		{"ko_KR", "A:Ann ㄱ:강호 ㄱ:김 ㄱ:金三 ㄱ:까치 ㄴ:나리 ㅇ:이순 ㅎ:황"},
		{"th_TH", "ก:กมล ก:เก่ง ข:ขวัญ"},
		{"ja_JP.UTF-8", "#3M A:Ann S:Smith あ:アイ あ:いとう か:ガスト か:かとう さ:サイトウ さ:さとう た:たなか は:パク は:はら や:やまだ わ:わだ 漢:亜美 漢:山田"},
		{"zh_CN.UTF-8", "A:Alice A:阿强 B:Bob B:白云 C:陈晨 H:Hans L:李四 O:欧阳 S:单雄信 W:王伟 X:Xavier X:解珍 Z:Zoe Z:曾国藩 Z:翟让 Z:张三 Z:赵六"},
		{"de_DE", "Z:Zorn Ж:Жанна ㄱ:김 か:かとう 漢:山田 漢:王伟"},
	} {
		c := Collate(test.locale)
		var want, names []string
		for _, field := range strings.Fields(test.want) {
			section, name, _ := strings.Cut(field, ":")
			if name == "" {
				section, name = "#", field[1:]
			}
			if got := c.Section(name); got != section {
				t.Errorf("%s: %s stands under %q, want %q", test.locale, name, got, section)
			}
			want, names = append(want, name), append(names, name)
		}
		slices.Reverse(names)
		slices.SortStableFunc(names, func(a, b string) int { return bytes.Compare(c.Key(a, ""), c.Key(b, "")) })
		if !slices.Equal(names, want) {
			t.Errorf("%s: order %v,\nwant %v", test.locale, names, want)
		}
	}
}

func TestCollationName(t *testing.T) {
	for locale, want := range map[string]string{
		"": "und", "C": "und", "en_US.UTF-8": "und", "de_AT": "und", "fr": "und", "sv_SE": "sv", "sv_FI": "sv", "es_MX": "es", "de_DE@phonebook": "de-u-co-phonebk",
		"zh_CN.UTF-8": "zh", "zh-Hans": "zh", "zh_SG": "zh", "zh_TW": "zh-Hant", "zh-Hant-HK": "zh-Hant", "zh-u-co-pinyin": "zh", "ja_JP": "ja", "nonsense!": "und",
		"nb_NO": "nn", "en-u-co-phonebk": "und",
	} {
		if got := CollationName(locale); got != want {
			t.Errorf("CollationName(%q) = %q, want %q", locale, got, want)
		}
		if got := CollationName(want); got != want {
			t.Errorf("the name of %q is %q", want, got)
		}
	}
}

func TestKeyWithoutName(t *testing.T) {
	c := Collate("ja")
	for _, name := range []string{"ん", "山", "Zoe", "\U0010ffff", "😀"} {
		if bytes.Compare(c.Key(name, ""), c.Key("  ", "")) >= 0 {
			t.Errorf("%q stands behind who has no name", name)
		}
	}
	if bytes.Equal(c.Key("さとう", "佐藤"), c.Key("さとう", "左藤")) {
		t.Error("names that sound alike have the same key")
	}
	if bytes.Compare(c.Key("さとう", "佐藤"), c.Key("さとうい", "亜")) >= 0 {
		t.Error("what a name looks like counts before how it is spoken")
	}
}

// In the order of the keys, every section but "#" stands in one piece.
func TestSectionsStandTogether(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var names []string
	alphabet := []rune("abchijlnoszÀÄÅÇÉÑØŁŽÞßæœđЖЙЁЇΑάΩابتإשתกเขかがんアヴーー一王李张单曾陈赵金김까힣 0.-'😀")
	for range 4000 {
		name := make([]rune, 1+random.IntN(6))
		for i := range name {
			name[i] = alphabet[random.IntN(len(alphabet))]
		}
		names = append(names, string(name))
	}
	for r := rune('A'); r < 0x250; r++ {
		if r == 'Ĳ' || r == 'ĳ' {
			continue // I and J in one sign, which a Turk never writes
		}
		names = append(names, string(r)+"a", string(r)+"h", string(r)+"s")
	}
	for _, r := range "아까나王李张单曾陈赵阿東京丂㐀𠮷ァアガヴんゔЙЁҐآأبحتกเขΆΩאת" {
		names = append(names, string(r), string(r)+"a", string(r)+"ら")
	}
	for _, locale := range []string{"en", "de", "de-u-co-phonebk", "es", "sv", "da", "cs", "hu", "pl", "tr", "hr", "vi", "ja", "zh", "zh-Hant", "ko", "ru", "uk", "ar", "th"} {
		c := Collate(locale)
		keys := make(map[string][]byte, len(names))
		for _, name := range names {
			keys[name] = c.Key(name, "")
		}
		slices.SortStableFunc(names, func(a, b string) int { return bytes.Compare(keys[a], keys[b]) })
		seen, last, before := map[string]bool{}, "", ""
		for _, name := range names {
			section := c.Section(name)
			if section != last && seen[section] && section != OtherSection {
				t.Errorf("%s: section %s begins again at %q, after %q of %s", locale, section, name, before, last)
			}
			seen[section], last, before = true, section, name
		}
	}
}

func BenchmarkKey(b *testing.B) {
	for _, locale := range []string{"de", "sv", "ja", "zh"} {
		b.Run(locale, func(b *testing.B) {
			c := Collate(locale)
			names := []string{"Åke Svensson", "王伟", "山田太郎", "Grace Hopper", "さとう はなこ"}
			for i := 0; b.Loop(); i++ {
				name := names[i%len(names)]
				c.Key(name, "")
				c.Section(name)
			}
		})
	}
}
