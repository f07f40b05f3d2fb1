package csv

import (
	"strings"
	"testing"
)

// Headers as the programs write them in the languages of Outlook, Thunderbird and Apple's and other programs' files.
func TestGuess(t *testing.T) {
	tests := map[string]string{ // header: field/kind/group
		// Italian
		"Nome": "name", "Cognome": "surname", "Secondo nome": "middle", "Società": "org", "Reparto": "department", "Posizione": "title",
		"Via (uff.)": "street/work/work", "Città (ab.)": "city/private/private", "CAP (ab.)": "postcode/private/private", "Telefono ufficio": "phone/work",
		"Abitazione": "", "Telefono abitazione": "phone/private", "Cellulare": "phone/mobile", "Fax (uff.)": "phone/work fax",
		"Indirizzo posta elettronica": "email", "Compleanno": "birthday", "Note": "note", "Pagina Web": "link", "Categorie": "labels",
		// Portuguese
		"Primeiro nome": "given", "Sobrenome": "surname", "Empresa": "org", "Departamento": "department", "Cargo": "title",
		"Rua do endereço comercial": "street/work/work", "Cidade do endereço residencial": "city/private/private", "CEP do endereço comercial": "postcode/work/work",
		"Telefone comercial": "phone/work", "Telefone residencial": "phone/private", "Telefone celular": "phone/mobile", "Endereço de email": "email",
		"Aniversário": "birthday", "Anotações": "note", "Página da Web": "link",
		// Dutch
		"Voornaam": "given", "Achternaam": "surname", "Bedrijf": "org", "Afdeling": "department", "Functie": "title", "Straat op werk": "street/work/work",
		"Plaats thuis": "city/private/private", "Postcode thuis": "postcode/private/private", "Telefoon op werk": "phone/work", "Telefoon thuis": "phone/private",
		"Mobiele telefoon": "phone/mobile", "E-mailadres": "email", "Verjaardag": "birthday", "Notities": "note", "Webpagina": "link",
		// Swedish, Polish, Russian, Chinese, Korean
		"Förnamn": "given", "Efternamn": "surname", "Företag": "org", "Mobiltelefon": "phone/mobile", "E-postadress": "email", "Födelsedag": "birthday", "Anteckningar": "note",
		"Imię": "given", "Nazwisko": "surname", "Firma": "org", "Telefon komórkowy": "phone/mobile", "Adres e-mail": "email", "Urodziny": "birthday", "Notatki": "note",
		"Имя": "given", "Фамилия": "surname", "Организация": "org", "Рабочий телефон": "phone/work", "Домашний телефон": "phone/private",
		"Телефон переносной": "phone/mobile", "Адрес эл. почты": "email", "День рождения": "birthday", "Заметки": "note",
		"姓": "surname", "名": "given", "公司": "org", "商务电话": "phone/work", "住宅电话": "phone/private", "移动电话": "phone/mobile", "电子邮件地址": "email", "生日": "birthday", "附注": "note",
		"휴대폰": "phone/mobile", "전자 메일 주소": "email", "회사": "org", "성": "surname", "이름": "name",
		// Thunderbird in German and French
		"Vorname": "given", "Nachname": "surname", "Anzeigename": "name", "Spitzname": "nickname", "Primäre E-Mail-Adresse": "email", "Tel. dienstlich": "phone/work",
		"Tel. privat": "phone/private", "Mobil-Tel.-Nr.": "phone/mobile", "Privat: Adresse": "street/private/private", "Privat: Adresse 2": "street2/private/private",
		"Privat: Ort": "city/private/private", "Privat: Bundesland": "region/private/private", "Privat: PLZ": "postcode/private/private", "Privat: Land": "country/private/private",
		"Dienstlich: PLZ": "postcode/work/work", "Webseite 1": "link", "Notizen": "note", "Nom à afficher": "name", "Adresse électronique principale": "email",
		"Portable": "phone/mobile", "Adresse privée": "street/private/private",
		// People around the contact, and what programs leave to people
		"Manager's Name": "relation/kith.app:manager", "Ehepartner 1": "", "Conjoint(e)": "relation/spouse", "子供": "relation/child", "Custom 1": "custom",
		"User 2": "custom", "Benutzer 3": "custom", "Relation 2 - Label": "label//relation 2", "Relation 2 - Value": "relation//relation 2", "Custom Field 1 - Value": "custom//custom field 1",
		// What is nothing of a contact's, or is told by nothing
		"E-mail 2 Type": "", "E-mail 3 Display Name": "", "Assistant's Phone": "", "Internet Free Busy": "", "Organizational ID Number": "",
		"Account": "", "Gender": "", "": "", "Mileage": "", "Priority": "", "Sensitivity": "", "Referred By": "", "Private": "",
	}
	for header, want := range tests {
		c := guess(header)
		if got := strings.TrimRight(string(c.Field)+"/"+c.Kind+"/"+c.Group, "/"); got != want {
			t.Errorf("%q is taken for %q, want %q", header, got, want)
		}
	}
}

// Each field can be chosen, and no header is written in a form that normal would not make.
func TestHeaderTables(t *testing.T) {
	for header, c := range known {
		if normal(header) != header {
			t.Errorf("known header %q would be %q", header, normal(header))
		}
		if err := (Mapping{c}).Check([]string{header}); err != nil {
			t.Error(err)
		}
	}
	for label, kinds := range labelKinds {
		if normal(label) != label {
			t.Errorf("label %q (%s) would be %q", label, kinds, normal(label))
		}
	}
}
