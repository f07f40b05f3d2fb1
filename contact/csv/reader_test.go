package csv

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kith/contact"
)

// readAll reads a whole file; broken rows are returned apart.
func readAll(t testing.TB, file string, o Options) (r *Reader, cards []contact.Card, broken []*BrokenRow) {
	t.Helper()
	r, err := NewReader(strings.NewReader(file), o)
	if err != nil {
		t.Fatalf("open %.100q: %v", file, err)
	}
	for {
		c, err := r.Next()
		var bad *BrokenRow
		switch {
		case errors.Is(err, io.EOF):
			return r, cards, broken
		case errors.As(err, &bad):
			broken = append(broken, bad)
		case err != nil:
			t.Fatalf("read %.100q: %v", file, err)
		default:
			cards = append(cards, c)
		}
	}
}

// shape is a card without its uid, version and type, and with the values of its keyed maps in the order of their keys.
func shape(t testing.TB, c contact.Card) string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(c.JSON(), &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"@type", "uid", "version"} {
		delete(m, name)
	}
	for _, name := range []string{"emails", "phones", "links", "addresses", "onlineServices", "nicknames", customMember} {
		if entries, ok := m[name].(map[string]any); ok {
			var values []any
			for _, key := range sortedKeys(entries) {
				values = append(values, entries[key])
			}
			m[name] = values
		}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

const (
	adaName = `"name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}],"full":"Ada Lovelace"}`
	jürgen  = `"name":{"components":[{"kind":"given","value":"Jürgen"},{"kind":"surname","value":"Groß"}],"full":"Jürgen Groß"}`
)

var programs = []struct{ name, file, want string }{
	{"google", "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As," +
		"Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label," +
		"Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box," +
		"Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value\r\n" +
		"Ada,,Lovelace,,,,,,Countess,,Analytical Engines,Engineer,Programs,1815-12-10,\"first\r\nsecond\",https://p.example/a,* myContacts ::: Choir ::: * starred," +
		"* Home,ada@example.com ::: a.l@example.com,Mobile,+44 7700 900000,Boat,123,Home,\"12 St James's Square\nLondon\",12 St James's Square,London,,,SW1Y,UK,,Blog,https://ada.example,Shoe,38\r\n",
		`{"addresses":[{"components":[{"kind":"name","value":"12 St James's Square"},{"kind":"locality","value":"London"},{"kind":"postcode","value":"SW1Y"},{"kind":"country","value":"UK"}],` +
			`"contexts":{"private":true},"full":"12 St James's Square\nLondon"}],"anniversaries":{"birthday":{"date":{"@type":"PartialDate","day":10,"month":12,"year":1815},"kind":"birth"}},` +
			`"emails":[{"address":"ada@example.com","contexts":{"private":true},"pref":1},{"address":"a.l@example.com","contexts":{"private":true},"pref":1}],` +
			`"keywords":{"Choir":true,"starred":true},` +
			`"kith.app:csv":{"Photo":"https://p.example/a"},"kith.app:fields":[{"label":"Shoe","value":"38"}],` +
			`"links":[{"label":"Blog","uri":"https://ada.example"}],` + adaName + `,"nicknames":[{"name":"Countess"}],"notes":{"note":{"note":"first\nsecond"}},` +
			`"organizations":{"org":{"name":"Analytical Engines","units":[{"name":"Programs"}]}},` +
			`"phones":[{"features":{"mobile":true},"number":"+44 7700 900000"},{"label":"Boat","number":"123"}],"titles":{"title":{"name":"Engineer"}}}`},
	{"google, the old header", "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix," +
		"Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,IM 1 - Type,IM 1 - Service,IM 1 - Value," +
		"Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title\n" +
		"Ada Lovelace,Ada,,Lovelace,,,,,,,,,,Byron, --12-10,,,,* My Contacts,*,ada@example.com,,Jabber,ada@chat.example,Work Fax,5,,AE,Engineer\n",
		`{"anniversaries":{"birthday":{"date":{"@type":"PartialDate","day":10,"month":12},"kind":"birth"}},"emails":[{"address":"ada@example.com","pref":1}],` +
			`"kith.app:csv":{"Maiden Name":"Byron"},` + adaName + `,"onlineServices":[{"service":"Jabber","user":"ada@chat.example"}],` +
			`"organizations":{"org":{"name":"AE"}},"phones":[{"contexts":{"work":true},"features":{"fax":true},"number":"5"}],"titles":{"title":{"name":"Engineer"}}}`},
	{"outlook", `"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business Street","Business Street 2","Business City","Business State",` +
		`"Business Postal Code","Business Country/Region","Home Street","Home City","Business Fax","Business Phone","Business Phone 2","Car Phone","Home Phone","Mobile Phone",` +
		`"Anniversary","Birthday","Categories","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address","Notes","Spouse","User 1","Web Page"` + "\r\n" +
		`"Dr.","Ada","","Lovelace","Jr.","AE","Dept","Engineer","1 Main St","Floor 2","Leeds","","LS1","UK","2 Side St","York","1","2","3","4","5","6","0/0/00","12/10/1815",` +
		`"Red;Blue","ada@example.com","SMTP","Ada (ada@example.com)","a@example.com","He said ""no""","William","u","https://ada.example"` + "\r\n",
		`{"addresses":[{"components":[{"kind":"name","value":"1 Main St"},{"kind":"apartment","value":"Floor 2"},{"kind":"locality","value":"Leeds"},{"kind":"postcode","value":"LS1"},` +
			`{"kind":"country","value":"UK"}],"contexts":{"work":true}},{"components":[{"kind":"name","value":"2 Side St"},{"kind":"locality","value":"York"}],"contexts":{"private":true}}],` +
			`"anniversaries":{"birthday":{"date":{"@type":"PartialDate","day":10,"month":12,"year":1815},"kind":"birth"}},` +
			`"emails":[{"address":"ada@example.com"},{"address":"a@example.com"}],"keywords":{"Blue":true,"Red":true},` +
			`"kith.app:csv":{"E-mail Display Name":"Ada (ada@example.com)","E-mail Type":"SMTP"},"kith.app:fields":[{"label":"User 1","value":"u"}],"links":[{"uri":"https://ada.example"}],` +
			`"name":{"components":[{"kind":"title","value":"Dr."},{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"},{"kind":"generation","value":"Jr."}],"full":"Dr. Ada Lovelace Jr."},` +
			`"notes":{"note":{"note":"He said \"no\""}},"organizations":{"org":{"name":"AE","units":[{"name":"Dept"}]}},` +
			`"phones":[{"contexts":{"work":true},"features":{"fax":true},"number":"1"},{"contexts":{"work":true},"number":"2"},{"contexts":{"work":true},"number":"3"},` +
			`{"features":{"mobile":true},"label":"Car Phone","number":"4"},{"contexts":{"private":true},"number":"5"},{"features":{"mobile":true},"number":"6"}],"relatedTo":{"William":{"@type":"Relation","relation":{"spouse":true}}},"titles":{"title":{"name":"Engineer"}}}`},
	{"outlook, german", `"Anrede","Vorname","Weitere Vornamen","Nachname","Suffix","Firma","Abteilung","Position","Straße geschäftlich","Ort geschäftlich","Region geschäftlich","Postleitzahl geschäftlich",` +
		`"Land/Region geschäftlich","Straße privat","Ort privat","Bundesland/Kanton privat","Postleitzahl privat","Weitere Straße","Weiterer Ort","Telefon Assistent","Fax geschäftlich","Telefon geschäftlich",` +
		`"Telefon geschäftlich 2","Telefon (privat)","Mobiltelefon","Pager","E-Mail-Adresse","E-Mail-Typ","E-Mail: Angezeigter Name","E-Mail 2: Adresse","Geburtstag","Jahrestag","Kategorien","Notizen","Webseite"` + "\r\n" +
		`"","Jürgen","","Groß","","Käse & Co","","Koch","A 1","Köln","NRW","50667","D","B 2","Bonn","","53111","C 3","Ulm","9","1","2","3","4","5","6","j@example.com","SMTP","J","k@example.com","3.4.1990","1.2.2010","Chor;Verein","Hallo","http://x.example"`,
		`{"addresses":[{"components":[{"kind":"name","value":"A 1"},{"kind":"locality","value":"Köln"},{"kind":"region","value":"NRW"},{"kind":"postcode","value":"50667"},{"kind":"country","value":"D"}],"contexts":{"work":true}},` +
			`{"components":[{"kind":"name","value":"B 2"},{"kind":"locality","value":"Bonn"},{"kind":"postcode","value":"53111"}],"contexts":{"private":true}},{"components":[{"kind":"name","value":"C 3"},{"kind":"locality","value":"Ulm"}]}],` +
			`"anniversaries":{"anniversary":{"date":{"@type":"PartialDate","day":1,"month":2,"year":2010},"kind":"wedding"},"birthday":{"date":{"@type":"PartialDate","day":3,"month":4,"year":1990},"kind":"birth"}},` +
			`"emails":[{"address":"j@example.com"},{"address":"k@example.com"}],"keywords":{"Chor":true,"Verein":true},"kith.app:csv":{"E-Mail-Typ":"SMTP","E-Mail: Angezeigter Name":"J","Telefon Assistent":"9"},` +
			`"links":[{"uri":"http://x.example"}],` + jürgen + `,"notes":{"note":{"note":"Hallo"}},"organizations":{"org":{"name":"Käse & Co"}},` +
			`"phones":[{"contexts":{"work":true},"features":{"fax":true},"number":"1"},{"contexts":{"work":true},"number":"2"},{"contexts":{"work":true},"number":"3"},{"contexts":{"private":true},"number":"4"},` +
			`{"features":{"mobile":true},"number":"5"},{"features":{"pager":true},"number":"6"}],"titles":{"title":{"name":"Koch"}}}`},
	{"outlook, french", `"Titre";"Prénom";"Deuxième prénom";"Nom";"Suffixe";"Société";"Service";"Titre";"Rue (bureau)";"Rue (bureau) 2";"Ville (bureau)";"Dép/Région (bureau)";"Code postal (bureau)";"Pays/Région (bureau)";` +
		`"Rue (domicile)";"Téléphone de l'assistant(e)";"Télécopie (bureau)";"Téléphone (bureau)";"Téléphone (domicile)";"Tél. mobile";"Adresse de messagerie";"Type de messagerie";"Nom complet de l'adresse de messagerie";"Anniversaire";"Page Web";"Remarques"` + "\n" +
		`"Mme";"Hélène";"";"Lefèvre";"";"CNRS";"Achats";"Directrice";"1 rue A";"Bât. B";"Lyon";"Rhône";"69001";"France";"2 rue B";"9";"1";"2";"3";"4";"h@example.com";"SMTP";"H";"03/04/1990";"http://h.example";"note"`,
		`{"addresses":[{"components":[{"kind":"name","value":"1 rue A"},{"kind":"apartment","value":"Bât. B"},{"kind":"locality","value":"Lyon"},{"kind":"region","value":"Rhône"},{"kind":"postcode","value":"69001"},{"kind":"country","value":"France"}],"contexts":{"work":true}},` +
			`{"components":[{"kind":"name","value":"2 rue B"}],"contexts":{"private":true}}],"anniversaries":{"birthday":{"date":{"@type":"PartialDate","day":3,"month":4,"year":1990},"kind":"birth"}},"emails":[{"address":"h@example.com"}],` +
			`"kith.app:csv":{"Nom complet de l'adresse de messagerie":"H","Type de messagerie":"SMTP","Téléphone de l'assistant(e)":"9"},"links":[{"uri":"http://h.example"}],` +
			`"name":{"components":[{"kind":"title","value":"Mme"},{"kind":"given","value":"Hélène"},{"kind":"surname","value":"Lefèvre"}],"full":"Mme Hélène Lefèvre"},"notes":{"note":{"note":"note"}},` +
			`"organizations":{"org":{"name":"CNRS","units":[{"name":"Achats"}]}},"phones":[{"contexts":{"work":true},"features":{"fax":true},"number":"1"},{"contexts":{"work":true},"number":"2"},{"contexts":{"private":true},"number":"3"},` +
			`{"features":{"mobile":true},"number":"4"}],"titles":{"title":{"name":"Directrice"}}}`},
	{"outlook, spanish", `"Tratamiento","Nombre","Segundo nombre","Apellidos","Organización","Departamento","Puesto","Calle del trabajo","Ciudad de trabajo","Código postal del trabajo","País o región del trabajo","Calle particular","Fax del trabajo",` +
		`"Teléfono del trabajo","Teléfono particular","Teléfono móvil","Aniversario","Cumpleaños","Dirección de correo electrónico","Notas","Página Web"` + "\n" +
		`,Íñigo,,Núñez,ACME,,Jefe,C1,Madrid,28013,España,C2,1,2,3,4,1/2/2010,3/4/1990,i@example.com,n,http://i.example`,
		`{"addresses":[{"components":[{"kind":"name","value":"C1"},{"kind":"locality","value":"Madrid"},{"kind":"postcode","value":"28013"},{"kind":"country","value":"España"}],"contexts":{"work":true}},{"components":[{"kind":"name","value":"C2"}],"contexts":{"private":true}}],` +
			`"anniversaries":{"anniversary":{"date":{"@type":"PartialDate","day":1,"month":2,"year":2010},"kind":"wedding"},"birthday":{"date":{"@type":"PartialDate","day":3,"month":4,"year":1990},"kind":"birth"}},"emails":[{"address":"i@example.com"}],` +
			`"links":[{"uri":"http://i.example"}],"name":{"components":[{"kind":"given","value":"Íñigo"},{"kind":"surname","value":"Núñez"}],"full":"Íñigo Núñez"},"notes":{"note":{"note":"n"}},"organizations":{"org":{"name":"ACME"}},` +
			`"phones":[{"contexts":{"work":true},"features":{"fax":true},"number":"1"},{"contexts":{"work":true},"number":"2"},{"contexts":{"private":true},"number":"3"},{"features":{"mobile":true},"number":"4"}],"titles":{"title":{"name":"Jefe"}}}`},
	{"thunderbird", "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country," +
		"Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Notes\n" +
		"Ada,Lovelace,Countess Ada,A,ada@example.com,b@example.com,ada,1,2,3,4,5,H1,H2,York,,YO1,UK,W1,,Leeds,,,,Engineer,D,AE,http://w.example,http://h.example,1815,12,10,c,,n\n",
		`{"addresses":[{"components":[{"kind":"name","value":"H1"},{"kind":"apartment","value":"H2"},{"kind":"locality","value":"York"},{"kind":"postcode","value":"YO1"},{"kind":"country","value":"UK"}],"contexts":{"private":true}},` +
			`{"components":[{"kind":"name","value":"W1"},{"kind":"locality","value":"Leeds"}],"contexts":{"work":true}}],"anniversaries":{"birthday":{"date":{"@type":"PartialDate","day":10,"month":12,"year":1815},"kind":"birth"}},` +
			`"emails":[{"address":"ada@example.com"},{"address":"b@example.com"}],"kith.app:fields":[{"label":"Custom 1","value":"c"}],"links":[{"contexts":{"work":true},"uri":"http://w.example"},{"contexts":{"private":true},"uri":"http://h.example"}],` +
			strings.Replace(adaName, "Ada Lovelace", "Countess Ada", 1) + `,"nicknames":[{"name":"A"}],"notes":{"note":{"note":"n"}},"onlineServices":[{"user":"ada"}],"organizations":{"org":{"name":"AE","units":[{"name":"D"}]}},` +
			`"phones":[{"contexts":{"work":true},"number":"1"},{"contexts":{"private":true},"number":"2"},{"features":{"fax":true},"number":"3"},{"features":{"pager":true},"number":"4"},{"features":{"mobile":true},"number":"5"}],"titles":{"title":{"name":"Engineer"}}}`},
	{"another program", "Name\tEmail\tPhone\tTitle\tAddress\tFavourite colour\nAda Lovelace\tada@example.com\t1\tEngineer\t1 Main St\tgreen",
		`{"addresses":[{"components":[{"kind":"name","value":"1 Main St"}]}],"emails":[{"address":"ada@example.com"}],"kith.app:fields":[{"label":"Favourite colour","value":"green"}],` +
			`"name":{"components":[{"kind":"given","value":"Ada"},{"kind":"surname","value":"Lovelace"}],"full":"Ada Lovelace","isOrdered":true},"phones":[{"number":"1"}],"titles":{"title":{"name":"Engineer"}}}`},
	{"japanese", "姓,名,メールアドレス,携帯電話,会社\n佐藤,さくら,s@example.com,1,みどり\n",
		`{"emails":[{"address":"s@example.com"}],"name":{"components":[{"kind":"surname","value":"佐藤"},{"kind":"given","value":"さくら"}],"defaultSeparator":"","full":"佐藤さくら","isOrdered":true},` +
			`"organizations":{"org":{"name":"みどり"}},"phones":[{"features":{"mobile":true},"number":"1"}]}`},
	{"no header", "Ada Lovelace,ada@example.com\n", `{"emails":[{"address":"ada@example.com"}],"kith.app:csv":{"Column 1":"Ada Lovelace"}}`},
	{"a delimiter that is announced", "sep=|\r\nName|E-mail\r\nAda, Countess|ada@example.com\r\n", `{"emails":[{"address":"ada@example.com"}],` +
		`"name":{"components":[{"kind":"surname","value":"Ada"},{"kind":"given","value":"Countess"}],"full":"Ada, Countess"}}`},
	{"more cells than the header has", "Name,E-mail\nAda,a@example.com,x,y\n", `{"emails":[{"address":"a@example.com"}],"kith.app:csv":{"Column 3":"x","Column 4":"y"},` +
		`"name":{"components":[{"kind":"given","value":"Ada"}],"full":"Ada","isOrdered":true}}`},
}

func TestPrograms(t *testing.T) {
	for _, tt := range programs {
		t.Run(tt.name, func(t *testing.T) {
			_, cards, broken := readAll(t, tt.file, Options{})
			if len(broken) > 0 || len(cards) != 1 {
				t.Fatalf("got %d cards and broken rows %v, want one card", len(cards), broken)
			}
			if got := shape(t, cards[0]); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			_, again, _ := readAll(t, tt.file, Options{})
			if !again[0].Equal(cards[0]) {
				t.Errorf("read again: %s", again[0].JSON())
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	const file = "Vorname;Nachname;Straße privat\r\nJürgen;Groß;Am Wäldchen 1\r\n"
	encode := func(f func(string) (string, error), s string) string {
		out, err := f(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) func(string) (string, error) {
		return unicode.UTF16(e, b).NewEncoder().String
	}
	tests := []struct{ name, file, charset, given string }{
		{"UTF-8", file, "UTF-8", "Jürgen"},
		{"UTF-8 with a mark", "\ufeff" + file, "UTF-8", "Jürgen"},
		{"UTF-8 with a line of Windows-1252", file + "J\xfcrgen;Gro\xdf;x\n", "UTF-8", "Jürgen"},
		{"UTF-16, little end first", encode(utf16(unicode.LittleEndian, unicode.UseBOM), file), "UTF-16LE", "Jürgen"},
		{"UTF-16, big end first", encode(utf16(unicode.BigEndian, unicode.UseBOM), file), "UTF-16BE", "Jürgen"},
		{"UTF-16 without a mark", encode(utf16(unicode.LittleEndian, unicode.IgnoreBOM), file), "UTF-16LE", "Jürgen"},
		{"UTF-16 without a mark, big end first", encode(utf16(unicode.BigEndian, unicode.IgnoreBOM), file), "UTF-16BE", "Jürgen"},
		{"Windows-1252", encode(charmap.Windows1252.NewEncoder().String, file), "Windows-1252", "Jürgen"},
		{"Windows-1251", encode(charmap.Windows1251.NewEncoder().String, "Имя;Фамилия;Рабочий телефон\nИван;Королёв;1\n"), "Windows-1251", "Иван"},
		{"Shift_JIS", encode(japanese.ShiftJIS.NewEncoder().String, "姓,名,電話\n佐藤,太郎,1\n"), "Shift_JIS", "太郎"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, cards, broken := readAll(t, tt.file, Options{})
			if r.Encoding() != tt.charset || len(broken) > 0 || len(cards) == 0 {
				t.Fatalf("%s, %d cards, broken %v", r.Encoding(), len(cards), broken)
			}
			for _, c := range cards {
				if got := c.Given(); got != tt.given {
					t.Errorf("given name %q, want %q", got, tt.given)
				}
			}
		})
	}
	r, cards, _ := readAll(t, encode(charmap.Windows1250.NewEncoder().String, "Name;E-mail\nŁęcka;l@example.com\n"), Options{Encoding: "windows-1250"})
	if r.Encoding() != "Windows-1250" || cards[0].FullName() != "Łęcka" {
		t.Errorf("as told: %s, %q", r.Encoding(), cards[0].FullName())
	}
	if _, err := NewReader(strings.NewReader(file), Options{Encoding: "EBCDIC"}); err == nil || !strings.Contains(err.Error(), "use one of UTF-8") {
		t.Errorf("an unknown character set: %v", err)
	}
	if _, err := NewReader(strings.NewReader(" \r\n\n"), Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty file: %v", err)
	}
}

func TestMappingIsCorrected(t *testing.T) {
	const file = "Nom de guerre,Rang,Mail\nAthos,Comte,athos@example.com\n"
	header := []string{"Nom de guerre", "Rang", "Mail"}
	mapping := Mapping{{Field: Nickname}, {Field: Skip}, {Field: Email, Kind: "work"}}
	stored, err := json.Marshal(mapping)
	if err != nil {
		t.Fatal(err)
	}
	var remembered Mapping
	if err := json.Unmarshal(stored, &remembered); err != nil {
		t.Fatal(err)
	}
	r, cards, _ := readAll(t, file, Options{Mapping: remembered})
	if !slices.Equal(r.Header(), header) || !slices.Equal(r.Mapping(), mapping) || Key(r.Header()) != Key(header) {
		t.Errorf("header %q, mapping %v", r.Header(), r.Mapping())
	}
	if got, want := shape(t, cards[0]), `{"emails":[{"address":"athos@example.com","contexts":{"work":true}}],"nicknames":[{"name":"Athos"}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(r.Samples()) != 1 || r.Samples()[0][0] != "Athos" {
		t.Errorf("samples %q", r.Samples())
	}
	for _, m := range []Mapping{{}, {{}, {}, {Field: "shoe"}}} {
		if err := r.SetMapping(m); err == nil {
			t.Errorf("SetMapping(%v) is taken", m)
		}
	}
}

func TestRows(t *testing.T) {
	tests := []struct {
		name, text string
		want       [][]string
	}{
		{"line ends", "a,b\r\nc,d\re,f\n\ng,h", [][]string{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}},
		{"quotes", `"a ""b""",",",""`, [][]string{{`a "b"`, ",", ""}}},
		{"lines in quotes", "\"a\r\nb\n\nc\",d\ne", [][]string{{"a\nb\n\nc", "d"}, {"e"}}},
		{"a quote that isn't doubled", `"he said "hi" to me",x`, [][]string{{`he said "hi" to me`, "x"}}},
		{"a quote in an open value", `6" pipe,x"y`, [][]string{{`6" pipe`, `x"y`}}},
		{"text behind a closing quote", `"a"b,c`, [][]string{{"ab", "c"}}},
		{"a quote that is never closed costs its line", "a,\"b\nc,d\ne,f", [][]string{{"a,\"b", "!"}, {"c", "d"}, {"e", "f"}}},
		{"empty cells", ",\n,,", [][]string{{"", ""}, {"", "", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRows(strings.NewReader(tt.text), ',')
			var got [][]string
			for {
				cells, _, err := r.next()
				if errors.Is(err, io.EOF) {
					break
				}
				if errors.Is(err, ErrUnclosed) {
					cells = append(cells, "!")
				} else if err != nil {
					t.Fatal(err)
				}
				got = append(got, cells)
			}
			if !slices.EqualFunc(got, tt.want, slices.Equal[[]string]) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBrokenRowsAreReported(t *testing.T) {
	file := "Name,E-mail\nAda,a@example.com\n\n\"two\nlines\",\nBob,\"b\nZoë,z@example.com\n,\n" + `,,kept`
	_, cards, broken := readAll(t, file, Options{})
	var names []string
	for _, c := range cards {
		names = append(names, c.FullName())
	}
	if !slices.Equal(names, []string{"Ada", "two\nlines", "Zoë"}) {
		t.Errorf("contacts %q", names)
	}
	if len(broken) != 2 || broken[0].Line != 6 || broken[0].Cells[0] != `Bob,"b` || broken[1].Line != 9 {
		t.Errorf("broken rows %v", broken)
	}
	_, _, broken = readAll(t, "Name,Notes\n,only a note\nx,"+strings.Repeat("y", maxRow+1)+"\nAda,z\n", Options{})
	var invalid *contact.ValidationError
	if len(broken) != 3 || !errors.As(broken[0], &invalid) || !errors.Is(broken[1], ErrLong) || broken[2].Line != 3 {
		t.Errorf("broken rows %v", broken)
	}
}

func TestDates(t *testing.T) {
	tests := []struct {
		text     string
		dayFirst bool
		want     string // "" : no date, "!" : not understood
	}{
		{"1815-12-10", false, "1815-12-10"}, {"--12-10", false, "--12-10"}, {"1815", false, "1815"}, {"12/10/1815", false, "1815-12-10"},
		{"12/10/1815", true, "1815-10-12"}, {"13/10/1815", false, "1815-10-13"}, {"3.4.1990", false, "1990-04-03"}, {"1990/4/3", true, "1990-04-03"},
		{"1990-04-03T00:00:00Z", false, "1990-04-03"}, {"0/0/00", false, ""}, {"00.00.0000", true, ""}, {"31/31/1990", true, "!"},
		{"30.2.1990", true, "!"}, {"3/4/90", true, "!"}, {"spring", true, "!"},
	}
	for _, tt := range tests {
		d, none, ok := parseDate(tt.text, tt.dayFirst)
		got := d.String()
		if !ok {
			got = "!"
		} else if none {
			got = ""
		}
		if got != tt.want {
			t.Errorf("parseDate(%q, %v) = %q, want %q", tt.text, tt.dayFirst, got, tt.want)
		}
	}
}
