package contacttest

// word is a name as its owner writes it, and in letters that stand in a mail address.
type word struct{ text, ascii string }

// locale is what people of one language put into an address book. Phone numbers are of ranges kept for fiction where there are
// some; # is a digit. An address is its street, with the house number, then its place.
type locale struct {
	surnameFirst          bool
	separator             string // between surname and given name, where the surname comes first
	given, surnames       []word
	organizations, titles []string
	phones                []string
	addresses, notes      []string
}

var locales = []locale{
	{
		given: []word{{"Ada", "ada"}, {"James", "james"}, {"Olivia", "olivia"}, {"William", "william"}, {"Charlotte", "charlotte"},
			{"Seán", "sean"}, {"Mary-Jane", "mary-jane"}, {"Grace", "grace"}, {"Alan", "alan"}, {"Zoë", "zoe"}},
		surnames: []word{{"Lovelace", "lovelace"}, {"O’Brien", "obrien"}, {"Smith", "smith"}, {"Johnson", "johnson"},
			{"Fitzgerald", "fitzgerald"}, {"Hopper", "hopper"}, {"Turing", "turing"}, {"van Dyke", "vandyke"}, {"McAllister", "mcallister"}},
		organizations: []string{"Analytical Engines Ltd", "Harbour & Sons", "St Mary’s Hospital", "Northwind Traders", "City Library"},
		titles:        []string{"Engineer", "Head of Sales", "Midwife", "Teacher", "Managing Director"},
		phones:        []string{"+44 20 7946 0###", "+44 7700 900###", "(202) 555-01##", "+1 415 555 01##"},
		addresses:     []string{"%d Baker Street; London NW1 6XE, United Kingdom", "%d Elm Street; Springfield, OR 97477, USA"},
		notes:         []string{"Met at the conference in Leeds.\nPrefers to be called in the evening.", "Allergic to nuts.", "Neighbour; has our spare key."},
	},
	{
		given: []word{{"Jürgen", "juergen"}, {"Käthe", "kaethe"}, {"Lukas", "lukas"}, {"Sofie", "sofie"}, {"Björn", "bjoern"},
			{"Anna-Lena", "anna-lena"}, {"Maximilian", "maximilian"}, {"Grete", "grete"}},
		surnames: []word{{"Müller", "mueller"}, {"Weiß", "weiss"}, {"von der Leyen", "vonderleyen"}, {"Schröder", "schroeder"},
			{"Groß", "gross"}, {"Zimmermann", "zimmermann"}, {"Öztürk", "oeztuerk"}, {"Schmidt-Rottluff", "schmidt-rottluff"}},
		organizations: []string{"Stadtwerke Köln GmbH", "Bäckerei Krüger", "Universität Tübingen", "Anwaltskanzlei Weiß & Partner"},
		titles:        []string{"Geschäftsführerin", "Hausärztin", "Tischler", "Projektleiter"},
		phones:        []string{"+49 30 23125 ###", "+49 171 39200##", "(0221) 4710 ###", "089 99998 ###"},
		addresses:     []string{"Hauptstraße %d; 10827 Berlin, Deutschland", "Am Römerkastell %d; 61352 Bad Homburg, Deutschland"},
		notes:         []string{"Spricht auch Französisch.", "Bitte nur vormittags anrufen.\nÜber Käthe kennengelernt."},
	},
	{
		given: []word{{"François", "francois"}, {"Aïcha", "aicha"}, {"Chloé", "chloe"}, {"Jean-Baptiste", "jean-baptiste"},
			{"Hélène", "helene"}, {"Théo", "theo"}, {"Noémie", "noemie"}},
		surnames: []word{{"Lefèvre", "lefevre"}, {"D’Arcy", "darcy"}, {"Gauthier", "gauthier"}, {"Bérubé", "berube"},
			{"de La Fontaine", "delafontaine"}, {"Nguyễn", "nguyen"}, {"Cœur", "coeur"}},
		organizations: []string{"Boulangerie du Marché", "Crédit de l’Ouest", "École Jules-Ferry", "Éditions du Chêne"},
		titles:        []string{"Directrice", "Ingénieur", "Infirmière", "Maître d’œuvre"},
		phones:        []string{"+33 1 99 00 ## ##", "06 39 98 ## ##", "+33 6 39 98 ## ##"},
		addresses:     []string{"%d, rue de la Paix; 75002 Paris, France", "%d, cours Mirabeau; 13100 Aix-en-Provence, France"},
		notes:         []string{"Anniversaire à ne pas oublier !", "Rencontrée à Montréal en 2019."},
	},
	{
		given: []word{{"José", "jose"}, {"María José", "mariajose"}, {"Íñigo", "inigo"}, {"Lucía", "lucia"}, {"João", "joao"},
			{"Conceição", "conceicao"}, {"Begoña", "begona"}},
		surnames: []word{{"García Márquez", "garcia"}, {"Muñoz", "munoz"}, {"Núñez", "nunez"}, {"da Silva", "dasilva"},
			{"Gonçalves", "goncalves"}, {"Ibáñez", "ibanez"}},
		organizations: []string{"Panadería La Niña", "Clínica del Sur", "Construções Atlântico", "Ayuntamiento de León"},
		titles:        []string{"Directora", "Médico", "Arquitecta", "Vendedor"},
		phones:        []string{"+34 910 555 ###", "+34 655 55 5# ##", "+351 21 555 0###", "+52 55 5555 0###"},
		addresses:     []string{"Calle Mayor, %d; 28013 Madrid, España", "Rua Augusta, %d; 1100-053 Lisboa, Portugal"},
		notes:         []string{"Amiga de la universidad.", "Só atende depois das 18h."},
	},
	{
		given: []word{{"Søren", "soeren"}, {"Åsa", "aasa"}, {"Øystein", "oeystein"}, {"Guðrún", "gudrun"}, {"Päivi", "paivi"},
			{"Łukasz", "lukasz"}, {"Małgorzata", "malgorzata"}, {"Jiří", "jiri"}, {"Žofie", "zofie"}},
		surnames: []word{{"Kierkegaard", "kierkegaard"}, {"Ångström", "angstrom"}, {"Bjørnson", "bjornson"}, {"Jónsdóttir", "jonsdottir"},
			{"Hämäläinen", "hamalainen"}, {"Wiśniewski", "wisniewski"}, {"Dvořák", "dvorak"}, {"Łęcka", "lecka"}},
		organizations: []string{"Havn og Hav A/S", "Sjöbergs Båtvarv AB", "Uniwersytet Łódzki", "Pivovar u Řeky"},
		titles:        []string{"Overlæge", "Lärare", "Inżynier", "Účetní"},
		phones:        []string{"+45 32 ## ## ##", "+46 8 465 004 ##", "+48 22 555 ## ##", "+420 601 555 ###", "+354 555 ####"},
		addresses:     []string{"Nørrebrogade %d; 2200 København N, Danmark", "ul. Piękna %d; 00-549 Warszawa, Polska"},
		notes:         []string{"Kører os til lufthavnen.", "Dzwonić po południu.", "Má klíče od chaty."},
	},
	{
		given: []word{{"Анна", "anna"}, {"Фёдор", "fyodor"}, {"Олександр", "oleksandr"}, {"Елена", "elena"}, {"Іван", "ivan"},
			{"Ελένη", "eleni"}, {"Γιώργος", "giorgos"}},
		surnames: []word{{"Достоевская", "dostoevskaya"}, {"Шевченко", "shevchenko"}, {"Королёв", "korolev"}, {"Παπαδόπουλος", "papadopoulos"},
			{"Юсупова", "yusupova"}},
		organizations: []string{"Київська пекарня", "Музей Каподистрии", "Φαρμακείο Αθηνών"},
		titles:        []string{"Врач", "Учителька", "Αρχιτέκτων"},
		phones:        []string{"+380 44 555 ## ##", "+7 495 555-##-##", "+30 21 0555 ####"},
		addresses:     []string{"вул. Хрещатик, %d; Київ, 01001, Україна", "Οδός Ερμού %d; 105 63 Αθήνα, Ελλάδα"},
		notes:         []string{"Учились вместе.", "Τηλεφωνώ μόνο το πρωί."},
	},
	{
		surnameFirst: true, separator: "",
		given:         []word{{"伟", "wei"}, {"秀英", "xiuying"}, {"太郎", "taro"}, {"さくら", "sakura"}, {"明子", "akiko"}, {"地瓜", "digua"}},
		surnames:      []word{{"王", "wang"}, {"欧阳", "ouyang"}, {"佐藤", "sato"}, {"渡邊", "watanabe"}, {"髙橋", "takahashi"}, {"𠮷田", "yoshida"}},
		organizations: []string{"北京图书馆", "東京電機株式会社", "みどり歯科医院"},
		titles:        []string{"经理", "部長", "教授"},
		phones:        []string{"+86 10 5555 ####", "+86 138 0000 ####", "03-5550-####", "+81 90-5550-####"},
		addresses:     []string{"中关村大街%d号; 100080 北京市海淀区", "千代田%d-1; 〒100-0001 東京都千代田区"},
		notes:         []string{"大学同学。", "名刺は引き出しの中。\nメールで連絡すること。"},
	},
	{
		surnameFirst: true, separator: " ",
		given:         []word{{"민준", "minjun"}, {"서연", "seoyeon"}, {"Văn Minh", "vanminh"}, {"Zsófia", "zsofia"}, {"Ödön", "odon"}},
		surnames:      []word{{"김", "kim"}, {"남궁", "namgung"}, {"Nguyễn", "nguyen"}, {"Trần", "tran"}, {"Szőke", "szoke"}, {"Őry", "ory"}},
		organizations: []string{"한강서점", "Phở Hà Nội", "Duna Könyvkiadó Kft."},
		titles:        []string{"과장", "Giám đốc", "Ügyvezető"},
		phones:        []string{"+82 2-555-####", "+84 24 5550 ####", "+36 1 555 ####"},
		addresses:     []string{"세종대로 %d; 04524 서울특별시 중구", "Váci utca %d; 1052 Budapest, Magyarország"},
		notes:         []string{"동아리 선배", "Hét végén nem elérhető."},
	},
	{
		given: []word{{"محمد", "mohammed"}, {"فاطمة", "fatima"}, {"שירה", "shira"}, {"יעקב", "yaakov"}, {"अनिता", "anita"},
			{"राजेश", "rajesh"}, {"สมชาย", "somchai"}},
		surnames: []word{{"عبد الله", "abdullah"}, {"الخطيب", "alkhatib"}, {"לוי", "levi"}, {"כהן", "cohen"}, {"शर्मा", "sharma"},
			{"गुप्ता", "gupta"}, {"ใจดี", "jaidee"}},
		organizations: []string{"مكتبة النور", "מאפיית השכונה", "भारत पुस्तकालय", "ร้านกาแฟดอยช้าง"},
		titles:        []string{"مهندس", "מנהלת", "प्रबंधक", "ครู"},
		phones:        []string{"+20 2 2555 ####", "+972 3-555-####", "+91 11 5550 ####", "+66 2 555 ####"},
		addresses:     []string{"شارع التحرير %d; القاهرة, مصر", "महात्मा गांधी मार्ग %d; नई दिल्ली 110001"},
		notes:         []string{"صديق من الجامعة", "לשאול על המתכון 🍞", "पड़ोसी"},
	},
	{
		given:         []word{{"Robin 🌻", "robin"}, {"Ngozi", "ngozi"}, {"Tariku", "tariku"}, {"Keanu", "keanu"}, {"Leilani", "leilani"}, {"Ayşe", "ayse"}},
		surnames:      []word{{"Ọlátúnjí", "olatunji"}, {"Kaʻahumanu", "kaahumanu"}, {"Yılmaz", "yilmaz"}, {"İnönü", "inonu"}, {"Wanjirũ", "wanjiru"}},
		organizations: []string{"Safari Travel Co.", "Çağdaş Kitabevi", "Hale Kōkua"},
		titles:        []string{"Müdür", "Guide", "Nurse"},
		phones:        []string{"+90 212 555 ## ##", "+254 20 555 ####", "+1 808 555 01##"},
		addresses:     []string{"İstiklal Caddesi No: %d; Beyoğlu, İstanbul, Türkiye", "%d Kalākaua Ave; Honolulu, HI 96815, USA"},
		notes:         []string{"Speaks Yorùbá and English.", "Kızının adı Elif."},
	},
}
