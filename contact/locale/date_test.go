package locale

import (
	"testing"
	"time"

	"kith/contact"
)

var (
	american   = New("en", "en_US.UTF-8")
	british    = New("en", "en_GB.UTF-8")
	german     = New("de", "de_DE.UTF-8")
	spanish    = New("es", "es_ES")
	french     = New("fr", "fr_FR")
	portuguese = New("pt", "pt_BR")
	chinese    = New("zh-Hans", "zh_CN.UTF-8")
	japanese   = New("ja", "ja_JP.UTF-8")
)

func TestDate(t *testing.T) {
	full, day, month, year, alone := contact.Date{Year: 1990, Month: 4, Day: 3}, contact.Date{Month: 4, Day: 3}, contact.Date{Year: 1990, Month: 4},
		contact.Date{Year: 1990}, contact.Date{Month: 4}
	for _, test := range []struct {
		name                          string
		l                             Locale
		full, day, month, year, alone string
	}{
		{"zero", Locale{}, "April 3, 1990", "April 3", "April 1990", "1990", "April"},
		{"en-US", american, "April 3, 1990", "April 3", "April 1990", "1990", "April"},
		{"en-GB", british, "3 April 1990", "3 April", "April 1990", "1990", "April"},
		{"en-CA", New("en", "en_CA"), "April 3, 1990", "April 3", "April 1990", "1990", "April"},
		{"English in Germany", New("en", "de_DE"), "3 April 1990", "3 April", "April 1990", "1990", "April"},
		{"de", german, "3. April 1990", "3. April", "April 1990", "1990", "April"},
		{"es", spanish, "3 de abril de 1990", "3 de abril", "abril de 1990", "1990", "abril"},
		{"fr", french, "3 avril 1990", "3 avril", "avril 1990", "1990", "avril"},
		{"pt", portuguese, "3 de abril de 1990", "3 de abril", "abril de 1990", "1990", "abril"},
		{"zh", chinese, "1990年4月3日", "4月3日", "1990年4月", "1990年", "4月"},
		{"ja", japanese, "1990年4月3日", "4月3日", "1990年4月", "1990年", "4月"},
		{"sv: no words of its own", New("", "sv_SE.UTF-8"), "3 April 1990", "3 April", "April 1990", "1990", "April"},
	} {
		for d, want := range map[contact.Date]string{full: test.full, day: test.day, month: test.month, year: test.year, alone: test.alone, {}: ""} {
			if got := test.l.Date(d); got != want {
				t.Errorf("%s: Date(%v) = %q, want %q", test.name, d, got, want)
			}
		}
	}
	if got := french.Date(contact.Date{Month: 1, Day: 1}); got != "1er janvier" {
		t.Errorf("the first of a month in French is %q", got)
	}
}

// What is written is read again, in every language, for every day of a leap year and for what lacks a part.
func TestDateRoundTrip(t *testing.T) {
	for _, l := range []Locale{{}, american, british, german, spanish, french, portuguese, chinese, japanese, New("", "sv_SE"), New("en", "en_CA")} {
		for day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == 2000; day = day.AddDate(0, 0, 1) {
			d := dateOf(day)
			for _, want := range []contact.Date{d, {Month: d.Month, Day: d.Day}, {Year: d.Year, Month: d.Month}, {Year: d.Year}} {
				if got, err := l.ParseDate(l.Date(want)); got != want || err != nil {
					t.Errorf("%v: ParseDate(%q) = %v, %v, want %v", l, l.Date(want), got, err, want)
				}
				if l.Ambiguous(l.Date(want)) {
					t.Errorf("%v: %q is called ambiguous", l, l.Date(want))
				}
			}
		}
		if got, err := l.ParseDate(l.NumericExample()); got != (contact.Date{Year: 1990, Month: 12, Day: 24}) || err != nil {
			t.Errorf("%v: ParseDate(%q) = %v, %v", l, l.NumericExample(), got, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	april3, march4 := contact.Date{Year: 1990, Month: 4, Day: 3}, contact.Date{Year: 1990, Month: 3, Day: 4}
	for _, test := range []struct {
		l         Locale
		text      string
		want      contact.Date
		ambiguous bool
	}{
		{german, "3.4.1990", april3, true},
		{german, "03.04.1990", april3, true},
		{german, "3. April 1990", april3, false},
		{german, "3.4.", contact.Date{Month: 4, Day: 3}, true},
		{german, "24.12.1990", contact.Date{Year: 1990, Month: 12, Day: 24}, false},
		{german, "3/4/1990", april3, true},
		{german, "4. März", contact.Date{Month: 3, Day: 4}, false},
		{german, "4. Maerz", contact.Date{Month: 3, Day: 4}, false},
		{american, "4/3/1990", april3, true},
		{british, "4/3/1990", march4, true},
		{american, "3.4.1990", april3, true}, // dots are not American
		{american, "13/4/1990", contact.Date{Year: 1990, Month: 4, Day: 13}, false},
		{british, "4/13/1990", contact.Date{Year: 1990, Month: 4, Day: 13}, false},
		{american, "4/4/1990", contact.Date{Year: 1990, Month: 4, Day: 4}, false},
		{american, "4/3", contact.Date{Month: 4, Day: 3}, true},
		{british, "4/3", contact.Date{Month: 3, Day: 4}, true},
		{american, "April 3rd, 1990", april3, false},
		{british, "3rd of April 1990", april3, false},
		{british, "apr 3 1990", april3, false},
		{american, "1990-04-03", april3, false},
		{german, "1990-04-03", april3, false},
		{german, "--04-03", contact.Date{Month: 4, Day: 3}, true},
		{german, "1990-04", contact.Date{Year: 1990, Month: 4}, false},
		{german, "04/1990", contact.Date{Year: 1990, Month: 4}, false},
		{german, "1990", contact.Date{Year: 1990}, false},
		{spanish, "3 de abril de 1990", april3, false},
		{spanish, "3 de abril del 1990", april3, false},
		{spanish, "3/4/1990", april3, true},
		{french, "1er avril 1990", contact.Date{Year: 1990, Month: 4, Day: 1}, false},
		{french, "le 3 avril 1990", april3, false},
		{french, "3 juil. 1990", contact.Date{Year: 1990, Month: 7, Day: 3}, false},
		{french, "15 aout", contact.Date{Month: 8, Day: 15}, false},
		{portuguese, "1º de março de 1990", contact.Date{Year: 1990, Month: 3, Day: 1}, false},
		{portuguese, "4/3/1990", march4, true},
		{chinese, "1990/4/3", april3, true},
		{chinese, "4月3日", contact.Date{Month: 4, Day: 3}, false},
		{japanese, "１９９０年４月３日", april3, false},
		{japanese, "1990.4.3", april3, true},
		{japanese, "4/3", contact.Date{Month: 4, Day: 3}, true},
		{japanese, "April 3, 1990", april3, false},
		{british, "3 avril 1990", april3, false}, // another of our languages
		{american, "29 Feb", contact.Date{Month: 2, Day: 29}, false},
		{New("", "sv_SE"), "3/4", contact.Date{Month: 4, Day: 3}, true},
		{New("", "ko_KR"), "1990년 4월 3일", april3, false},
		{New("", "hu_HU"), "04. 03.", contact.Date{Month: 4, Day: 3}, true},
	} {
		if got, err := test.l.ParseDate(test.text); got != test.want || err != nil {
			t.Errorf("%v: ParseDate(%q) = %v, %v, want %v", test.l, test.text, got, err, test.want)
		}
		if got := test.l.Ambiguous(test.text); got != test.ambiguous {
			t.Errorf("%v: Ambiguous(%q) = %v", test.l, test.text, got)
		}
	}
	for _, text := range []string{"29 Feb 1990", "31.4.1990", "4月", "tomorrow", "3 ju 1990", "3.4.90", "1990年13月", "3 of", "1 2 3 4", "00.04.1990x", "--1990"} {
		if got, err := german.ParseDate(text); err == nil && text != "4月" {
			t.Errorf("ParseDate(%q) = %v, want an error", text, got)
		}
	}
	if got, err := german.ParseDate("  "); got != (contact.Date{}) || err != nil {
		t.Errorf("nothing is %v, %v", got, err)
	}
}

func TestClockAndNumber(t *testing.T) {
	at := time.Date(2026, 4, 3, 15, 4, 0, 0, time.UTC)
	for _, test := range []struct {
		name          string
		l             Locale
		clock         string
		four, seven   string
		monday, field string
	}{
		{"zero", Locale{}, "3:04 PM", "1,234", "1,234,567", "Monday", "12/24/1990"},
		{"en-US", american, "3:04 PM", "1,234", "1,234,567", "Monday", "12/24/1990"},
		{"en-GB", british, "15:04", "1,234", "1,234,567", "Monday", "24/12/1990"},
		{"de", german, "15:04", "1.234", "1.234.567", "Montag", "24.12.1990"},
		{"de-AT", New("de", "de_AT"), "15:04", "1\u00a0234", "1\u00a0234\u00a0567", "Montag", "24.12.1990"},
		{"de-CH", New("de", "de_CH"), "15:04", "1’234", "1’234’567", "Montag", "24.12.1990"},
		{"es", spanish, "15:04", "1234", "1.234.567", "lunes", "24/12/1990"},
		{"es-MX", New("es", "es_MX"), "15:04", "1,234", "1,234,567", "lunes", "24/12/1990"},
		{"fr", french, "15:04", "1\u202f234", "1\u202f234\u202f567", "lundi", "24/12/1990"},
		{"pt-BR", portuguese, "15:04", "1.234", "1.234.567", "segunda-feira", "24/12/1990"},
		{"pt-PT", New("pt", "pt_PT"), "15:04", "1234", "1\u00a0234\u00a0567", "segunda-feira", "24/12/1990"},
		{"zh", chinese, "15:04", "1,234", "1,234,567", "星期一", "1990/12/24"},
		{"ja", japanese, "15:04", "1,234", "1,234,567", "月曜日", "1990/12/24"},
	} {
		for what, pair := range map[string][2]string{
			"Clock": {test.l.Clock(at), test.clock}, "Number(1234)": {test.l.Number(1234), test.four}, "Number(-1234567)": {test.l.Number(-1234567), "-" + test.seven},
			"Weekday": {test.l.Weekday(time.Monday), test.monday}, "NumericExample": {test.l.NumericExample(), test.field}, "Number(0)": {test.l.Number(0), "0"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s = %q, want %q", test.name, what, pair[0], pair[1])
			}
		}
	}
}

func TestEnvironment(t *testing.T) {
	for _, test := range []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing", nil, ""},
		{"all wins", map[string]string{"LC_ALL": "de_DE.UTF-8", "LC_TIME": "en_GB", "LANG": "fr_FR"}, "de_DE.UTF-8"},
		{"the category before the language", map[string]string{"LC_TIME": "en_GB", "LANG": "fr_FR"}, "en_GB"},
		{"the language", map[string]string{"LANG": "fr_FR"}, "fr_FR"},
		{"C is chosen", map[string]string{"LC_ALL": "C.UTF-8", "LANG": "fr_FR"}, ""},
	} {
		if got := Environment(func(name string) string { return test.env[name] }, "LC_TIME"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestNameHabits(t *testing.T) {
	for _, test := range []struct {
		l                     Locale
		familyFirst, phonetic bool
	}{
		{american, false, false}, {german, false, false}, {japanese, true, true}, {chinese, true, true}, {New("", "hu_HU"), true, false},
		{New("en", "ja_JP"), false, false}, {New("", "ko_KR"), true, false}, {Locale{}, false, false},
	} {
		if got := test.l.FamilyFirst(); got != test.familyFirst {
			t.Errorf("%v: FamilyFirst = %v", test.l, got)
		}
		if got := test.l.Phonetic(); got != test.phonetic {
			t.Errorf("%v: Phonetic = %v", test.l, got)
		}
	}
}
