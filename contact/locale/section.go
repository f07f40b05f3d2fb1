package locale

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kith/contact"
)

// Sections that are no letters.
const (
	OtherSection = "#" // digits, signs, and no name
	HanSection   = "漢" // characters whose reading is not known: without it nobody knows under which letter to look
)

// Section is what a name stands under: its first letter, as the language counts letters (Å is one in Swedish, and an A in German; Ch is
// one in Czech); for Chinese the letter of the pinyin, for kana the row of the syllables (か for every name from か to ご), for
// Hangul the first consonant. text is what Key is made of.
func (c *Collation) Section(text string) string {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) })
	first, size := utf8.DecodeRuneInString(text)
	if first < utf8.RuneSelf && !unicode.IsLetter(first) {
		return OtherSection
	}
	if unicode.Is(unicode.Han, first) && first != '々' {
		return c.hanSection(c.readSurname(text))
	}
	second, _ := utf8.DecodeRuneInString(text[size:])
	begin := [2]rune{first, second}
	if !unicode.In(second, unicode.Letter, unicode.Mark) {
		begin[1] = 0
	}
	if section, ok := c.sections.Load(begin); ok {
		return section.(string)
	}
	section := c.letterSection(begin)
	c.sections.Store(begin, section)
	return section
}

func (c *Collation) letterSection(begin [2]rune) string {
	letters := []rune(norm.NFC.String(strings.TrimRight(string(begin[:]), "\x00")))
	first := letters[0]
	if first >= 'Ǆ' && first <= 'ǳ' { // the letters of Serbia and Croatia that are written with two
		letters = []rune(norm.NFKC.String(string(letters)))
		first = letters[0]
	}
	switch {
	case unicode.In(first, unicode.Thai, unicode.Lao) && first&0x7f >= 0x40 && first&0x7f <= 0x44 && len(letters) > 1 && unicode.In(letters[1], unicode.Thai, unicode.Lao):
		return string(letters[1]) // a vowel that is written before its consonant and spoken after it
	case !unicode.IsLetter(first):
		return OtherSection
	case unicode.Is(unicode.Hangul, first):
		return initialConsonant(first)
	case unicode.In(first, unicode.Hiragana, unicode.Katakana):
		full, _ := utf8.DecodeRuneInString(norm.NFKC.String(string(first))) // half-width kana
		return kanaRow(full)
	case unicode.Is(unicode.Arabic, first):
		return arabicLetter(first)
	}
	letter := c.upper(string(first))
	alone := c.letters(string(first))
	if len(letters) > 1 && unicode.In(first, unicode.Latin, unicode.Cyrillic) {
		if both := c.letters(string(letters[:2])); !bytes.HasPrefix(both, alone) { // two signs that are one letter
			if bytes.Equal(both, c.letters("Å")) {
				return "Å"
			}
			return letter + strings.ToLower(string(letters[1]))
		}
	}
	if unicode.Is(unicode.Latin, first) {
		for plain := 'A'; plain <= 'Z'; plain++ { // Æ is an A and an E in English, and no A in Danish
			if bytes.HasPrefix(alone, c.letters(string(plain))) {
				return string(plain)
			}
		}
		for _, known := range preferred[c.base] {
			if bytes.HasPrefix(alone, c.letters(string(known))) {
				return string(known)
			}
		}
		for known := 'À'; known <= 'ɏ'; known++ { // the plainest of those that are one letter here
			if unicode.IsUpper(known) && bytes.HasPrefix(alone, c.letters(string(known))) {
				return string(known)
			}
		}
		return letter
	}
	plain, _ := utf8.DecodeRuneInString(strings.ToUpper(contact.Fold(letter)))
	if unicode.IsLetter(plain) && bytes.HasPrefix(alone, c.letters(string(plain))) {
		return string(plain)
	}
	return letter
}

// preferred are the letters behind Z of languages in whose order those of their neighbours count as the same.
var preferred = map[string][]rune{
	"sv": []rune("ÅÄÖ"), "fi": []rune("ÅÄÖ"), "da": []rune("ÆØÅ"), "nn": []rune("ÆØÅ"), "fo": []rune("ÆØÅ"), "is": []rune("ÞÆÖÅ"),
	"et": []rune("ŠŽÕÄÖÜ"), "hu": []rune("ÖÜ"),
}

func (c *Collation) upper(letter string) string {
	if c.base == "tr" || c.base == "az" {
		return strings.ToUpperSpecial(unicode.TurkishCase, letter)
	}
	return strings.ToUpper(letter)
}

// pinyinFirst are the first characters of each letter in the pinyin collation (CLDR, collation/zh), for pinyinLetters.
var pinyinFirst = []rune("阿八嚓咑妸发旮哈丌咔垃呣嗯噢妑七呥仨他屲夕丫帀")

const pinyinLetters = "ABCDEFGHJKLMNOPQRSTWXYZ"

func (c *Collation) hanSection(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	key := c.letters(string(first))
	switch {
	case c.base == "ko":
		for i := len(consonants) - 1; i >= 0; i-- {
			if bytes.Compare(key, c.letters(string(consonants[i].syllable))) >= 0 && bytes.Compare(key, c.letters("힣")) <= 0 {
				return string(consonants[i].letter)
			}
		}
	case c.pinyin != nil:
		for i := len(c.pinyin) - 1; i >= 0; i-- {
			if bytes.Compare(key, c.pinyin[i]) >= 0 {
				return pinyinLetters[i : i+1]
			}
		}
	}
	return HanSection
}

// place goes before the key of a Chinese name: behind the Latin names of its letter.
func (c *Collation) place(text string) []byte {
	first, _ := utf8.DecodeRuneInString(text)
	if c.pinyin == nil || !unicode.Is(unicode.Han, first) {
		return nil
	}
	section := c.Section(text)
	if section == HanSection {
		return nil
	}
	return append(c.letters(section), 0xfe)
}

// surnames are spoken otherwise than the same character in other words; beside each, one that always sounds so. The longer come first.
var surnames = []struct{ written, spoken string }{
	{"尉迟", "玉迟"}, {"万俟", "莫其"}, {"长孙", "掌孙"}, {"单于", "缠于"},
	{"单", "善"}, {"曾", "增"}, {"仇", "求"}, {"查", "渣"}, {"盖", "舸"}, {"区", "欧"}, {"朴", "瓢"}, {"翟", "宅"}, {"缪", "妙"},
	{"员", "运"}, {"种", "虫"}, {"折", "蛇"}, {"繁", "婆"}, {"秘", "必"}, {"召", "绍"}, {"解", "谢"},
}

// readSurname puts a character of the same sound in the place of a Chinese surname that is read in its own way.
func (c *Collation) readSurname(text string) string {
	if c.pinyin == nil {
		return text
	}
	for _, s := range surnames {
		if rest, ok := strings.CutPrefix(text, s.written); ok {
			return s.spoken + rest
		}
	}
	return text
}

// kanaRows are the rows of the syllabary, each with its first and its last character in Unicode's order of hiragana.
var kanaRows = []struct {
	row      string
	from, to rune
}{
	{"あ", 'ぁ', 'お'}, {"か", 'か', 'ご'}, {"さ", 'さ', 'ぞ'}, {"た", 'た', 'ど'}, {"な", 'な', 'の'}, {"は", 'は', 'ぽ'}, {"ま", 'ま', 'も'},
	{"や", 'ゃ', 'よ'}, {"ら", 'ら', 'ろ'}, {"わ", 'ゎ', 'ん'}, {"あ", 'ゔ', 'ゔ'}, {"か", 'ゕ', 'ゖ'},
}

// spellOut writes the vowel that a length mark stands for: スーザン is ordered as スウザン (JIS X 4061).
func spellOut(text string) string {
	if !strings.ContainsRune(text, 'ー') {
		return text
	}
	out := []rune(text)
	for i, r := range out {
		if r != 'ー' || i == 0 {
			continue
		}
		before := norm.NFD.String(string(out[i-1]))
		for vowel, column := range vowels {
			if strings.ContainsRune(column, []rune(before)[0]) {
				out[i] = vowel
			}
		}
	}
	return string(out)
}

var vowels = map[rune]string{
	'あ': "あかさたなはまやらわぁゃゎゕアカサタナハマヤラワァャヮヵ", 'い': "いきしちにひみりゐぃイキシチニヒミリヰィ",
	'う': "うくすつぬふむゆるぅゅっウクスツヌフムユルゥュッ", 'え': "えけせてねへめれゑぇゖエケセテネヘメレヱェヶ",
	'お': "おこそとのほもよろをぉょオコソトノホモヨロヲォョ",
}

func kanaRow(r rune) string {
	if r >= 'ァ' && r <= 'ヶ' {
		r -= 'ァ' - 'ぁ'
	}
	for _, row := range kanaRows {
		if r >= row.from && r <= row.to {
			return row.row
		}
	}
	return OtherSection
}

// consonants are those with which Korean names begin, and the first syllable of each; the doubled ones go with the single.
var consonants = []struct{ letter, syllable rune }{
	{'ㄱ', '가'}, {'ㄴ', '나'}, {'ㄷ', '다'}, {'ㄹ', '라'}, {'ㅁ', '마'}, {'ㅂ', '바'}, {'ㅅ', '사'}, {'ㅇ', '아'}, {'ㅈ', '자'}, {'ㅊ', '차'},
	{'ㅋ', '카'}, {'ㅌ', '타'}, {'ㅍ', '파'}, {'ㅎ', '하'},
}

func initialConsonant(r rune) string {
	if r < '가' || r > '힣' {
		return string(r)
	}
	for i := len(consonants) - 1; i > 0; i-- {
		if r >= consonants[i].syllable {
			return string(consonants[i].letter)
		}
	}
	return string(consonants[0].letter)
}

// arabicLetter is a letter without its hamza or madda: all forms of alef are one section.
func arabicLetter(r rune) string {
	if strings.ContainsRune("ءآأؤإئاٱ", r) {
		return "ا"
	}
	return string(r)
}
