package csv

import (
	"strings"
	"testing"
)

// outlookHeaders are the columns of Outlook's export in the languages of its versions: those that a contact has a place for, in
// the order of the English ones, and a few that it has none for. "" stands where that version has no such column.
var outlookHeaders = map[string]string{
	"English": `Title|First Name|Middle Name|Last Name|Suffix|Company|Department|Job Title|Business Street|Business Street 2|Business Street 3|Business City|Business State|Business Postal Code|Business Country/Region|` +
		`Home Street|Home Street 2|Home City|Home State|Home Postal Code|Home Country/Region|Other Street|Other City|Other State|Other Postal Code|Other Country/Region|` +
		`Assistant's Phone|Business Fax|Business Phone|Business Phone 2|Home Fax|Home Phone|Home Phone 2|Mobile Phone|Other Fax|Other Phone|Pager|Telex|` +
		`Anniversary|Birthday|Categories|E-mail Address|E-mail Type|E-mail Display Name|E-mail 2 Address|Notes|Web Page|Spouse|Children|Manager's Name|Home Address PO Box`,
	"German": `Anrede|Vorname|Weitere Vornamen|Nachname|Suffix|Firma|Abteilung|Position|Straße geschäftlich|Straße geschäftlich 2|Straße geschäftlich 3|Ort geschäftlich|Region geschäftlich|Postleitzahl geschäftlich|Land/Region geschäftlich|` +
		`Straße privat|Straße privat 2|Ort privat|Bundesland/Kanton privat|Postleitzahl privat|Land/Region privat|Weitere Straße|Weiterer Ort|Weiteres/r Bundesland/Kanton|Weitere Postleitzahl|Weiteres/e Land/Region|` +
		`Telefon Assistent|Fax geschäftlich|Telefon geschäftlich|Telefon geschäftlich 2|Fax privat|Telefon (privat)|Telefon (privat 2)|Mobiltelefon|Weiteres Fax|Weiteres Telefon|Pager|Telex|` +
		`Jahrestag|Geburtstag|Kategorien|E-Mail-Adresse|E-Mail-Typ|E-Mail: Angezeigter Name|E-Mail 2: Adresse|Notizen|Webseite|Partner/in|Kinder|Name des/der Vorgesetzten|Postfach privat`,
	"French": `Titre|Prénom|Deuxième prénom|Nom|Suffixe|Société|Service|Titre|Rue (bureau)|Rue (bureau) 2|Rue (bureau) 3|Ville (bureau)|Dép/Région (bureau)|Code postal (bureau)|Pays/Région (bureau)|` +
		`Rue (domicile)|Rue (domicile) 2|Ville (domicile)|Dép/Région (domicile)|Code postal (domicile)|Pays/Région (domicile)|Rue (autre)|Ville (autre)|Dép/Région (autre)|Code postal (autre)|Pays/Région (autre)|` +
		`Téléphone de l'assistant(e)|Télécopie (bureau)|Téléphone (bureau)|Téléphone 2 (bureau)|Télécopie (domicile)|Téléphone (domicile)|Téléphone 2 (domicile)|Tél. mobile|Télécopie (autre)|Téléphone (autre)|Récepteur de radiomessagerie|Télex|` +
		`Anniversaire de mariage ou fête|Anniversaire|Catégories|Adresse de messagerie|Type de messagerie|Nom complet de l'adresse de messagerie|Adresse de messagerie 2|Notes|Page Web|Conjoint(e)|Enfants|Responsable|B.P. domicile`,
	"Spanish": `Tratamiento|Nombre|Segundo nombre|Apellidos|Sufijo|Organización|Departamento|Puesto|Calle del trabajo|Calle del trabajo 2|Calle del trabajo 3|Ciudad de trabajo|Provincia o estado de trabajo|Código postal del trabajo|País o región del trabajo|` +
		`Calle particular|Calle particular 2|Ciudad particular|Provincia o estado particular|Código postal particular|País o región particular|Otra calle|Otra ciudad|Otra provincia o estado|Otro código postal|Otro país o región|` +
		`Teléfono del ayudante|Fax del trabajo|Teléfono del trabajo|Teléfono del trabajo 2|Fax particular|Particular|Número de teléfono 2 particular|Móvil|Otro fax|Otro teléfono|Localizador|Télex|` +
		`Aniversario|Cumpleaños|Categorías|Dirección de correo electrónico|Tipo de correo electrónico|Nombre de pantalla de correo electrónico|Dirección del correo electrónico 2|Notas|Página Web|Cónyuge|Hijos|Nombre del jefe|Apartado postal particular`,
	"Italian": `Titolo|Nome|Secondo nome|Cognome|Titolo straniero|Società|Reparto|Posizione|Via (uff.)|Via (uff.) 2|Via (uff.) 3|Città (uff.)|Provincia (uff.)|CAP (uff.)|Paese/area geografica (uff.)|` +
		`Via (ab.)|Via (ab.) 2|Città (ab.)|Provincia (ab.)|CAP (ab.)|Paese/area geografica (ab.)|Altra via|Altra città|Altra provincia|Altro CAP|Altro paese/area geografica|` +
		`Telefono assistente|Fax (uff.)|Ufficio|Ufficio 2|Fax (ab.)|Abitazione|Abitazione 2|Cellulare|Altro fax|Altro telefono|Cercapersone|Telex|` +
		`Anniversario|Compleanno|Categorie|Indirizzo posta elettronica|Tipo posta elettronica|Nome visualizzato posta elettronica|Indirizzo posta elettronica 2|Note|Pagina Web|Nome coniuge|Figli|Nome manager|Indirizzo (ab.) - Casella postale`,
	"Portuguese": `Título|Primeiro Nome|Segundo Nome|Sobrenome|Sufixo|Empresa|Departamento|Cargo|Rua do Endereço Comercial|Rua do Endereço Comercial 2|Rua do Endereço Comercial 3|Cidade do Endereço Comercial|Estado do Endereço Comercial|CEP do Endereço Comercial|País/Região do Endereço Comercial|` +
		`Rua do Endereço Residencial|Rua do Endereço Residencial 2|Cidade do Endereço Residencial|Estado do Endereço Residencial|CEP do Endereço Residencial|País/Região do Endereço Residencial|Outra Rua|Outra Cidade|Outro Estado|Outro CEP|Outro País/Região|` +
		`Telefone do Assistente|Fax Comercial|Telefone Comercial|Telefone Comercial 2|Fax Residencial|Telefone Residencial|Telefone Residencial 2|Telefone Celular|Outro Fax|Outro Telefone|Pager|Telex|` +
		`Datas Especiais|Aniversário|Categorias|Endereço de Email|Tipo de Email|Nome para Exibição do Email|Endereço de Email 2|Anotações|Página da Web|Cônjuge|Filhos|Nome do Gerenciador|Caixa Postal do Endereço Residencial`,
	"Dutch": `Titel|Voornaam|Middelste naam|Achternaam|Achtervoegsel|Bedrijf|Afdeling|Functie|Werkadres, straat|Werkadres 2, straat|Werkadres 3, straat|Werkadres, plaats|Werkadres, provincie|Werkadres, postcode|Land/regio (werk)|` +
		`Huisadres, straat|Huisadres, straat 2|Huisadres, plaats|Huisadres, provincie|Huisadres, postcode|Land/regio (thuis)|Ander adres, straat|Ander adres, plaats|Ander adres, provincie|Ander adres, postcode|Land/regio (anders)|` +
		`Telefoon assistent|Fax op werk|Telefoon op werk|Telefoon op werk 2|Fax thuis|Telefoon thuis|Telefoon thuis 2|Mobiele telefoon|Andere fax|Andere telefoon|Pager|Telex|` +
		`Speciale datum|Verjaardag|Categorieën|E-mailadres|E-mailtype|Weergavenaam voor e-mail|E-mailadres 2|Notities|Webpagina|Partner|Kinderen|Naam manager|Huisadres, postbusnummer`,
	"Japanese": `肩書き|名|ミドル ネーム|姓|敬称|会社名|部署|役職|番地 (会社)|住所 2 (会社)|住所 3 (会社)|市町村 (会社)|都道府県 (会社)|郵便番号 (会社)|国 (会社)/地域|` +
		`番地 (自宅)|住所 2 (自宅)|市町村 (自宅)|都道府県 (自宅)|郵便番号 (自宅)|国 (自宅)/地域|番地 (その他)|市町村 (その他)|都道府県 (その他)|郵便番号 (その他)|国 (その他)/地域|` +
		`秘書の電話|会社 FAX|会社電話|会社電話 2|自宅 FAX|自宅電話|自宅電話 2|携帯電話|その他の FAX|その他の電話|ポケットベル|テレックス|` +
		`記念日|誕生日|分類|電子メール アドレス|電子メールの種類|電子メール表示名|電子メール 2 アドレス|メモ|Web ページ|配偶者|子供|マネージャー|自宅住所私書箱`,
	"Chinese": `英文称谓|名|中间名|姓|中文称谓|单位|部门|职务|商务地址 街道|商务地址 街道 2|商务地址 街道 3|商务地址 市/县|商务地址 省/市/自治区|商务地址 邮政编码|商务地址 国家/地区|` +
		`住宅地址 街道|住宅地址 街道 2|住宅地址 市/县|住宅地址 省/市/自治区|住宅地址 邮政编码|住宅地址 国家/地区|其他地址 街道|其他地址 市/县|其他地址 省/市/自治区|其他地址 邮政编码|其他地址 国家/地区|` +
		`助理的电话|商务传真|商务电话|商务电话 2|住宅传真|住宅电话|住宅电话 2|移动电话|其他传真|其他电话|寻呼机|电报|` +
		`纪念日|生日|类别|电子邮件地址|电子邮件类型|电子邮件显示名称|电子邮件 2 地址|附注|网页|配偶|子女|经理姓名|住宅地址 - 邮箱`,
}

// Outlook in every language means by its columns what it means by the English ones.
func TestOutlookInItsLanguages(t *testing.T) {
	english := strings.Split(outlookHeaders["English"], "|")
	want := Guess(english)
	for language, line := range outlookHeaders {
		header := strings.Split(line, "|")
		if len(header) != len(english) {
			t.Errorf("%s has %d columns, English has %d", language, len(header), len(english))
			continue
		}
		for i, got := range Guess(header) {
			if header[i] != "" && (got.Field != want[i].Field || got.Kind != want[i].Kind || got.Group != want[i].Group) {
				t.Errorf("%s: %q is taken for %+v, %q for %+v", language, header[i], got, english[i], want[i])
			}
		}
	}
	for i, expected := range strings.Fields("prefix given middle surname suffix org department title street street2 - city region postcode country street street2 city region postcode country street city region postcode country " +
		"- phone phone phone phone phone phone phone phone phone phone - anniversary birthday labels email - - email note link relation relation relation po-box") {
		if field := strings.TrimPrefix(expected, "-"); string(want[i].Field) != field {
			t.Errorf("%q is taken for %q, want %q", english[i], want[i].Field, field)
		}
	}
}
