package csv

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// known are headers that mean something as they stand, in the form that normal makes.
var known = map[string]Column{
	// Google, the header since 2024 and the one before
	"first name": {Field: Given}, "given name": {Field: Given}, "last name": {Field: Surname}, "family name": {Field: Surname},
	"middle name": {Field: Middle}, "additional name": {Field: Middle}, "name prefix": {Field: Prefix}, "name suffix": {Field: Suffix},
	"phonetic first name": {Field: GivenPhonetic}, "given name yomi": {Field: GivenPhonetic},
	"phonetic last name": {Field: SurnamePhonetic}, "family name yomi": {Field: SurnamePhonetic},
	"organization name": {Field: Organization}, "organization title": {Field: Title}, "organization department": {Field: Department},
	"labels": {Field: Labels}, "group membership": {Field: Labels}, "file as": {}, "yomi name": {}, "short name": {}, "maiden name": {},

	// Outlook, whose names of e-mail accounts' kinds and free-busy addresses are nothing to keep apart
	"title": {Field: Prefix}, "suffix": {Field: Suffix}, "company": {Field: Organization}, "job title": {Field: Title},
	"given yomi": {Field: GivenPhonetic}, "surname yomi": {Field: SurnamePhonetic}, "company yomi": {},
	"primary phone": {Field: Phone}, "company main phone": {Field: Phone, Kind: "work"}, "car phone": {Field: Phone, Kind: "mobile"},
	"callback": {Field: Phone}, "assistant s phone": {},
	"tty tdd phone": {Field: Phone, Kind: "text"}, "radio phone": {Field: Phone}, "isdn": {Field: Phone}, "telex": {},
	"web page": {Field: Link}, "other web page": {Field: Link}, "im address": {Field: Chat}, "personal web page": {Field: Link, Kind: "private"}, "categories": {Field: Labels}, "location": {},
	"office location": {}, "organizational id number": {}, "government id number": {}, "organisations nr": {}, "regierungs nr": {}, "language": {}, "private": {}, "initials": {}, "keywords": {},

	// Thunderbird
	"display name": {Field: FullName}, "screen name": {Field: Chat}, "work zipcode": {Field: Postcode, Kind: "work", Group: "work"},
	"home zipcode": {Field: Postcode, Kind: "private", Group: "private"}, "organization": {Field: Organization},
	"web page 1": {Field: Link, Kind: "work"}, "web page 2": {Field: Link, Kind: "private"},
	"birth year": {Field: BirthYear}, "birth month": {Field: BirthMonth}, "birth day": {Field: BirthDay},
	"geburtsjahr": {Field: BirthYear}, "geburtsmonat": {Field: BirthMonth}, "geburtstag tag": {Field: BirthDay},
	"annee de naissance": {Field: BirthYear}, "mois de naissance": {Field: BirthMonth}, "jour de naissance": {Field: BirthDay},
	"messenger name": {Field: Chat}, "anzeigename": {Field: FullName}, "nom a afficher": {Field: FullName}, "pseudo": {Field: Nickname},

	"aniversario": {Field: Birthday}, // in Portuguese

	// Others, and what is not told by its words
	"name": {Field: FullName}, "full name": {Field: FullName}, "nom": {Field: FullName}, "nombre": {Field: Given}, "nome": {Field: FullName},
	"naam": {Field: FullName}, "namn": {Field: FullName}, "navn": {Field: FullName}, "nom complet": {Field: FullName},
	"nombre completo": {Field: FullName}, "nome completo": {Field: FullName}, "vollstandiger name": {Field: FullName},
	"titel": {Field: Prefix}, "titre": {Field: Prefix}, "titulo": {Field: Prefix}, "titolo": {Field: Prefix}, "anrede": {Field: Prefix},
	"salutation": {Field: Prefix}, "tratamiento": {Field: Prefix}, "position": {Field: Title}, "role": {Field: Title},
	"service": {Field: Department}, "fonction": {Field: Title}, "org": {Field: Organization}, "ort": {}, "privat": {},
	"suffixe": {Field: Suffix}, "sufijo": {Field: Suffix}, "sufixo": {Field: Suffix}, "suffisso": {Field: Suffix},
	"achternaam": {Field: Surname}, "voornaam": {Field: Given}, "apellido": {Field: Surname}, "cognome": {Field: Surname},
	"sobrenome": {Field: Surname}, "efternamn": {Field: Surname}, "fornamn": {Field: Given}, "etternavn": {Field: Surname},
	"efternavn": {Field: Surname}, "fornavn": {Field: Given}, "nazwisko": {Field: Surname}, "imie": {Field: Given},
	"имя": {Field: Given}, "фамилия": {Field: Surname}, "отчество": {Field: Middle}, "姓": {Field: Surname}, "名": {Field: Given},
	"肩書き": {Field: Prefix}, "敬称": {Field: Suffix}, "英文称谓": {Field: Prefix}, "中文称谓": {Field: Suffix}, "单位": {Field: Organization},
	"achtervoegsel": {Field: Suffix}, "titolo straniero": {Field: Suffix},
	"成": {}, "氏名": {Field: FullName}, "姓名": {Field: FullName}, "이름": {Field: FullName}, "성": {Field: Surname},
	"adres e mail": {Field: Email}, "meno": {Field: Given}, "prijmeni": {Field: Surname}, "jmeno": {Field: Given},
	"soprannome": {Field: Nickname}, "apodo": {Field: Nickname}, "apelido": {Field: Nickname}, "surnom": {Field: Nickname},
	"bijnaam": {Field: Nickname}, "spitzname": {Field: Nickname}, "nickname": {Field: Nickname}, "nick name": {Field: Nickname},
}

// labelled are phones that neither contexts nor features tell apart, so the header becomes their label.
var labelled = map[string]bool{
	"primary phone": true, "company main phone": true, "car phone": true, "callback": true, "radio phone": true, "isdn": true,
}

// ambiguousTitle and ambiguousName are headers whose meaning depends on the others of the file.
var (
	ambiguousTitle = map[string]bool{"title": true, "titel": true, "titre": true, "titulo": true, "titolo": true}
	ambiguousDate  = map[string]bool{"aniversario": true} // a birthday in Portuguese, in Spanish not
	ambiguousName  = map[string]bool{"name": true, "nom": true, "nome": true, "naam": true, "namn": true, "navn": true}
)

// besideSurname are headers that mean something only in a table of people's names: Outlook's Italian and Spanish phones, which are
// called "office" and "home" there.
var besideSurname = map[string]Column{
	"ufficio": {Field: Phone, Kind: "work"}, "ufficio 2": {Field: Phone, Kind: "work"}, "abitazione": {Field: Phone, Kind: "private"},
	"abitazione 2": {Field: Phone, Kind: "private"}, "particular": {Field: Phone, Kind: "private"},
}

// concept is a meaning that a header's words tell, in the languages of Outlook. A word that begins with = is compared whole, others
// may stand anywhere: "mobil" in "Mobiltelefon".
type concept struct {
	field Field
	kind  string
	words []string
}

// fieldConcepts: the first whose words are in the header.
var fieldConcepts = []concept{
	// about an assistant, a manager, a partner: not the contact's own
	{field: Keep, words: []string{"assist", "asist", "manager", "vorgesetz", "responsable", "spouse", "partner", "conjoint", "yomi", "display name",
		"angezeigter", "nom complet", "nome visualizzato", "nombre para mostrar", "nome para exibicao", "weergavenaam", "=typ", "=type", "=tipo",
		"秘書", "助理", "ayudante", "マネージャー", "经理", "coniuge", "種類", "类型", "表示名", "显示", "nombre de pantalla", "mailtype",
		"free busy", "frei gebucht", "disponibilite", "custom", "benutzer", "utilisateur", "=user", "payment", "account", "server", "serveur"}},
	{field: Anniversary, words: []string{"anniversary", "jahrestag", "hochzeitstag", "mariage", "=anniversario", "datas especiais", "speciale datum", "trouwdag",
		"記念日", "纪念日", "기념일", "bryllup", "rocznica"}},
	{field: Birthday, words: []string{"birthday", "birth date", "date of birth", "geburtstag", "geburtsdatum", "anniversaire", "naissance", "cumpleanos",
		"nacimiento", "compleanno", "nascita", "nascimento", "verjaardag", "geboorte", "fodelsedag", "fodselsdag", "urodziny", "urodzenia",
		"день рождения", "誕生日", "生日", "생일", "narozeni", "dogum"}},
	{field: POBox, words: []string{"po box", "postfach", "boite postale", "=b p", "apartado", "casella postale", "caixa postal", "postbus", "skrytka", "私書箱", "地址 邮箱"}},
	{field: Phone, kind: "pager", words: []string{"pager", "radiomessagerie", "buscapersonas", "localizador", "cercapersone", "semafon", "пейджер", "ポケットベル", "寻呼"}},
	{field: Email, words: []string{"邮箱", "郵箱", "e mail", "email", "messagerie", "courriel", "courrier electronique", "adresse electronique", "correo", "posta elettronica", "correio", "=e post", "e postadr", "epost",
		"почт", "メール", "电子邮件", "電子郵件", "이메일", "전자 메일", "poczty"}},
	{field: Phone, kind: "fax", words: []string{"fax", "telecopie", "факс", "ファックス", "传真", "팩스"}},
	{field: Phone, kind: "mobile", words: []string{"mobil", "movil", "=cell", "cellul", "celular", "komork", "mobiele", "移动", "переносн", "handy", "portable", "telemovel", "gsm", "мобильн", "携帯", "手机", "行動電話", "휴대"}},
	{field: Phone, words: []string{"phone", "telefon", "telefoon", "telephone", "=tel", "telefono", "телефон", "電話", "电话", "전화"}},
	{field: Link, words: []string{"网页", "網頁", "ホームページ", "web", "url", "homepage", "internet", "pagina", "site"}},
	{field: Street2, words: []string{"extended address", "address line 2", "adresszusatz", "complement d adresse"}},
	{field: Postcode, words: []string{"postal code", "postcode", "zip", "postleitzahl", "=plz", "code postal", "codigo postal", "=cap", "codice postale", "=cep",
		"postnummer", "kod pocztowy", "индекс", "郵便番号", "邮政编码", "우편"}},
	{field: Locality, words: []string{"=city", "town", "=ort", "stadt", "ville", "ciudad", "citta", "cidade", "localidad", "plaats", "=ort", "postort", "miasto",
		"город", "市区", "市町村", "市 县", "城市", "도시"}},
	{field: Country, words: []string{"country", "=land", "pays", "pais", "paese", "kraj", "страна", "=国", "国家", "國家", "국가"}},
	{field: Region, words: []string{"=state", "province", "bundesland", "kanton", "region geschaftlich", "region privat", "dep region", "provinc", "estado", "stato",
		"wojewodztwo", "область", "都道府県", "省", "시 도"}},
	{field: Region, words: []string{"region"}},
	{field: Street, words: []string{"street", "strasse", "=rue", "calle", "indirizzo", "=via", "=rua", "straat", "=gata", "gatuadress", "ulica",
		"улица", "番地", "街道", "address", "adresse", "direccion", "endereco", "adres", "adress", "адрес", "住所", "地址", "주소"}},
	{field: Organization, words: []string{"company", "firma", "societ", "entreprise", "empresa", "organi", "azienda", "ditta", "bedrijf", "foretag", "организация",
		"компания", "会社", "公司", "회사"}},
	{field: Department, words: []string{"department", "abteilung", "departement", "departamento", "reparto", "dipartimento", "afdeling", "avdelning", "dzial", "отдел",
		"部署", "部门", "부서"}},
	{field: Title, words: []string{"job", "puesto", "cargo", "posizione", "functie", "befattning", "stanowisko", "должность", "役職", "职务", "직함"}},
	{field: Middle, words: []string{"middle name", "weitere vornamen", "zweiter vorname", "deuxieme prenom", "segundo nombre", "secondo nome", "segundo nome",
		"mellannamn", "drugie imie", "middelste naam", "tweede voornaam", "ミドル ネーム", "ミドルネーム", "中间名"}},
	{field: Nickname, words: []string{"nickname", "spitzname", "surnom", "apodo", "apelido"}},
	{field: Given, words: []string{"given", "first name", "vorname", "prenom", "primer nombre", "primeiro nome"}},
	{field: Surname, words: []string{"surname", "last name", "nachname", "nom de famille", "apellidos", "familienname", "ultimo nome"}},
	{field: FullName, words: []string{"full name", "display as"}},
	{field: Note, words: []string{"note", "=nota", "=notas", "notat", "notit", "anota", "附注", "附註", "notiz", "bemerkung", "comment", "kommentar", "anteckning", "opmerking", "remarques", "observac", "uwagi",
		"заметки", "メモ", "备注", "備註", "메모", "poznam"}},
	{field: Labels, words: []string{"categor", "kategori", "labels", "=tags", "groups", "gruppen", "категори", "分類", "类别"}},
}

// kindConcepts: whose it is.
var kindConcepts = []concept{
	{kind: "private", words: []string{"=home", "private", "privat", "personal", "domicile", "particular", "residen", "=ab", "=huis", "huisadres", "abitazione", "=casa", "casa", "thuis", "prive",
		"=hem", "hjemme", "domowy", "домашн", "自宅", "住宅", "집"}},
	{kind: "work", words: []string{"business", "=work", "=office", "geschaftlich", "dienstlich", "beruflich", "bureau", "professionnel", "travail", "trabajo", "=uff", "werkadres", "ufficio",
		"lavoro", "comercial", "trabalho", "=werk", "zakelijk", "arbete", "arbeid", "sluzbow", "рабоч", "служебн", "勤務先", "会社", "商务", "單位", "회사"}},
	{kind: "other", words: []string{"other", "weiter", "autre", "otro", "otra", "altro", "altra", "outro", "outra", "andere", "=ander", "=anders", "annan", "inny", "друг", "その他", "其他", "기타"}},
}

// foldedConcepts are fieldConcepts and kindConcepts. Their words are compared with what Fold makes of a header, so they go through it
// too, when the first header is read.
var foldedConcepts = sync.OnceValues(func() (fields, kinds []concept) {
	for _, concepts := range [][]concept{fieldConcepts, kindConcepts} {
		for _, c := range concepts {
			for i, word := range c.words {
				if whole, ok := strings.CutPrefix(word, "="); ok {
					c.words[i] = "=" + normal(whole)
				} else {
					c.words[i] = normal(word)
				}
			}
		}
	}
	return fieldConcepts, kindConcepts
})

func (c concept) in(header string) bool {
	padded := " " + header + " "
	for _, word := range c.words {
		if whole, ok := strings.CutPrefix(word, "="); ok && strings.Contains(padded, " "+whole+" ") || !ok && strings.Contains(header, word) {
			return true
		}
	}
	return false
}

// googleColumn is "E-mail 1 - Value" and the like; Outlook's "E-mail 2 Type" is another thing.
var googleColumn = regexp.MustCompile(`^(?i)\s*(E-mail|Phone|IM|Address|Website|Organization|Event|Relation|Custom Field) (\d+) - (.+)$`)

var googleFields = map[string]Column{
	"e mail value": {Field: Email}, "phone value": {Field: Phone}, "im value": {Field: Chat}, "im service": {Field: ChatName}, "website value": {Field: Link},
	"e mail label": {Field: EntryLabel}, "phone label": {Field: EntryLabel}, "im label": {Field: EntryLabel}, "address label": {Field: EntryLabel},
	"website label": {Field: EntryLabel}, "e mail type": {Field: EntryLabel}, "phone type": {Field: EntryLabel}, "im type": {Field: EntryLabel},
	"event value": {Field: Anniversary}, "event label": {Field: EntryLabel}, "event type": {Field: EntryLabel},
	"relation value": {Field: Relation}, "relation label": {Field: EntryLabel}, "relation type": {Field: EntryLabel},
	"custom field value": {Field: Custom}, "custom field label": {Field: EntryLabel}, "custom field type": {Field: EntryLabel},
	"address type": {Field: EntryLabel}, "website type": {Field: EntryLabel},
	"address formatted": {Field: Address}, "address street": {Field: Street}, "address city": {Field: Locality}, "address po box": {Field: POBox},
	"address region": {Field: Region}, "address postal code": {Field: Postcode}, "address country": {Field: Country},
	"address extended address": {Field: Street2},
	"organization name":        {Field: Organization}, "organization title": {Field: Title}, "organization department": {Field: Department},
}

// guess tells what one header means.
func guess(header string) Column {
	n := normal(header)
	if m := googleColumn.FindStringSubmatch(header); m != nil {
		c, ok := googleFields[normal(m[1]+" "+m[3])]
		if ok && normal(m[1]) == "organization" {
			if m[2] != "1" {
				return Column{}
			}
			return c
		}
		if ok {
			c.Group = normal(m[1] + " " + m[2])
			return c
		}
	}
	if c, ok := ownColumn(header); ok {
		return c
	}
	if c, ok := known[n]; ok {
		if labelled[n] {
			c.Label = strings.TrimSpace(header)
		}
		return c
	}
	fields, kinds := foldedConcepts()
	for _, concept := range fields {
		if !concept.in(n) {
			continue
		}
		c := Column{Field: concept.field, Kind: concept.kind}
		switch c.Field {
		case Street, Street2, POBox, Locality, Region, Postcode, Country, Email, Phone, Link:
		default:
			return c
		}
		whose := ""
		for _, k := range kinds {
			if k.in(n) {
				whose = k.kind
				break
			}
		}
		switch c.Field {
		case Street, Street2, POBox, Locality, Region, Postcode, Country:
			c.Group = "address"
			if whose != "" {
				c.Group = whose
			}
			words := strings.Fields(n)
			if c.Field == Street && slices.Contains(words, "3") {
				return Column{} // a third line of a street is kept as it is
			}
			if c.Field == Street && slices.Contains(words, "2") {
				c.Field = Street2
			}
		}
		if whose == "private" || whose == "work" {
			c.Kind = strings.TrimSpace(whose + " " + c.Kind)
		}
		return c
	}
	return Column{}
}
