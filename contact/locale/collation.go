package locale

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Collation is the order of names for people of one language, and the sections that go with it: of names that are ordered by Key, those of
// one Section stand together. Safe for concurrent use.
type Collation struct {
	name  string
	base  string // the language; "und" for the order of all who have no other
	keys  sync.Pool
	loose sync.Pool

	sections sync.Map // beginnings of names to their sections; as many as there are pairs of letters
	pinyin   [][]byte // keys of the characters with which the letters of pinyinFirst begin
}

var collations sync.Map // by name

// Collate returns the collation for a locale, such as "sv_SE.UTF-8" or "de-u-co-phonebk".
func Collate(locale string) *Collation {
	name := CollationName(locale)
	if c, ok := collations.Load(name); ok {
		return c.(*Collation)
	}
	c, _ := collations.LoadOrStore(name, newCollation(name))
	return c.(*Collation)
}

// CollationName is the name of a locale's collation. Locales of the same name order alike: English, German, French, … are all "und",
// the root of the Unicode collation, which orders most languages as they want it.
func CollationName(locale string) string {
	tag := Tag(locale)
	if tag == language.Und {
		return language.Und.String()
	}
	base, _ := tag.Base()
	script, _ := tag.Script()
	kind := tag.TypeForKey("co")
	switch {
	case base.String() == "zh" && kind == "" && script.String() == "Hant":
		return "zh-Hant" // by strokes
	case base.String() == "zh" && kind == "pinyin":
		return "zh" // where it is the rule
	}
	name := base.String()
	if same, ok := ordersAs[name]; ok {
		name = same
	}
	for _, known := range []string{name + "-u-co-" + kind, name} {
		if slices.Contains(tailored(), known) {
			return known
		}
	}
	return language.Und.String()
}

// ordersAs are languages whose collation golang.org/x/text has under another name, or which order by the root.
var ordersAs = map[string]string{
	"nb": "nn", "no": "nn", "bs": "hr", "en": "und", "fr": "und", "el": "und", "ru": "und", "bg": "und", "mk": "und", "sr": "und",
}

// tailored are the names of the collations that differ from the root.
var tailored = sync.OnceValue(func() []string {
	var names []string
	for _, tag := range collate.Supported() {
		if name := tag.String(); name != "und" && name != "de" {
			names = append(names, name)
		}
	}
	return names
})

// collator is one collator with its buffer; neither is safe for concurrent use.
type collator struct {
	*collate.Collator
	buffer collate.Buffer
}

func newCollation(name string) *Collation {
	tag := Tag(name)
	base, _ := tag.Base()
	c := &Collation{name: name, base: base.String()}
	if tag == language.Und {
		c.base = name
	}
	c.keys.New = func() any { return &collator{Collator: collate.New(tag)} }
	c.loose.New = func() any { return &collator{Collator: collate.New(tag, collate.Loose)} }
	if name == "zh" {
		for _, first := range pinyinFirst {
			c.pinyin = append(c.pinyin, c.letters(string(first)))
		}
	}
	return c
}

// Name tells two collations apart.
func (c *Collation) Name() string { return c.name }

// Key is a name's collation key: bytewise order is the list's order. then decides between equals: what a name looks like where text is
// how it is spoken. A contact without a name stands last.
func (c *Collation) Key(text, then string) []byte {
	text = strings.TrimSpace(text)
	if text == "" {
		return []byte{0xff}
	}
	key := append([]byte{1}, c.place(text)...)
	key = append(key, c.key(&c.keys, c.readSurname(spellOut(text)))...)
	if then = strings.TrimSpace(then); then != "" && then != text {
		key = append(append(key, 0, 0), c.key(&c.keys, then)...)
	}
	return key
}

// letters is the key of the letters alone, without accents and case: what must differ for letters to be different ones.
func (c *Collation) letters(s string) []byte { return c.key(&c.loose, s) }

func (c *Collation) key(pool *sync.Pool, s string) []byte {
	k := pool.Get().(*collator)
	defer pool.Put(k)
	k.buffer.Reset()
	return bytes.Clone(k.KeyFromString(&k.buffer, s))
}
