package vcard

import (
	"fmt"
	"strings"
	"testing"

	"kith/contact"
)

// TestMeaning is what lines as programs write them mean, by pointers into the card; "*" is the only entry of a map. Each comes out in
// its version as it went in.
func TestMeaning(t *testing.T) {
	type want map[string]string
	const old, three, four = "2.1", "3.0", "4.0"
	for _, tc := range []struct {
		name, version, lines string
		want                 want
	}{
		{"a tel: URI is a number", four, "TEL;VALUE=uri;TYPE=home:tel:+1-555-0100;ext=12", want{"/phones/*/number": "+1-555-0100 ext. 12", "/phones/*/contexts/private": "true"}},
		{"without VALUE", four, "TEL:tel:+1-555-0100", want{"/phones/*/number": "+1-555-0100"}},
		{"in capitals", four, "TEL;VALUE=URI:TEL:+1-555-0100", want{"/phones/*/number": "+1-555-0100"}},
		{"in 3.0", three, "TEL;VALUE=uri:tel:+1-555-0100", want{"/phones/*/number": "+1-555-0100"}},
		{"in 3.0 without VALUE", three, "TEL:tel:+1-555-0100", want{"/phones/*/number": "+1-555-0100"}},
		{"with a context", four, "TEL;VALUE=uri:tel:0100;phone-context=example.com", want{"/phones/*/number": "0100"}},
		{"another URI", four, "TEL;VALUE=uri:sip:a@example.com", want{"/phones/*/number": "sip:a@example.com"}},
		{"nothing behind it", four, "TEL;VALUE=uri:tel:", want{"/phones/*/number": "tel:"}},
		{"TEL;HOME:", old, "TEL;HOME;FAX:1", want{"/phones/*/number": "1", "/phones/*/contexts/private": "true", "/phones/*/features/fax": "true"}},
		{"TEL;HOME: in 3.0", three, "TEL;HOME:1", want{"/phones/*/contexts/private": "true"}},
		{"a fax of Roundcube's", three, "TEL;TYPE=homefax:1", want{"/phones/*/contexts/private": "true", "/phones/*/features/fax": "true"}},
		{"the main number of Apple's", three, "TEL;type=MAIN:1", want{"/phones/*/features/main-number": "true"}},
		{"an anniversary of Apple's", three, "item1.X-ABDATE;type=pref:2009-06-20\nitem1.X-ABLabel:_$!<Anniversary>!$_",
			want{"/anniversaries/*/kind": "wedding", "/anniversaries/*/label": "Anniversary", "/anniversaries/*/date/year": "2009"}},
		{"another date of Apple's", three, "item1.X-ABDATE:2009-06-20\nitem1.X-ABLabel:Boat bought", want{"/anniversaries/*/kind": "kith.app:date", "/anniversaries/*/label": "Boat bought"}},
		{"a birthday without a year", three, "BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=date:1604-02-29", want{"/anniversaries/*/date/month": "2", "/anniversaries/*/date/day": "29", "/anniversaries/*/date/year": ""}},
		{"one that is in 1604", three, "BDAY;VALUE=date:1604-02-29", want{"/anniversaries/*/date/year": "1604"}},
		{"a birthday without a year in 4.0", four, "BDAY:--0229", want{"/anniversaries/*/date/year": "", "/anniversaries/*/date/month": "2"}},
		{"where somebody was born", four, "BDAY:19900101\nBIRTHPLACE:Leeds\\, UK", want{"/anniversaries/*/place/full": "Leeds, UK"}},
		{"and by coordinates", four, "BDAY:19900101\nBIRTHPLACE;VALUE=uri:geo:53.8,-1.5", want{"/anniversaries/*/place/coordinates": "geo:53.8,-1.5"}},
		{"a birthplace alone is kept", four, "BIRTHPLACE:Leeds", want{"/vCardProps/0/3": "Leeds", "/anniversaries": ""}},
		{"a birthplace in a language is kept", four, "BDAY:19900101\nBIRTHPLACE;LANGUAGE=en:Leeds", want{"/vCardProps/0/3": "Leeds"}},
		{"a calendar", four, "BDAY;CALSCALE=gregorian:19900101", want{"/anniversaries/*/date/calendarScale": "gregorian"}},
		{"to sort by", four, "N;SORT-AS=\"Harten,Rene\":van der Harten;Rene;;;", want{"/name/sortAs/surname": "Harten", "/name/sortAs/given": "Rene"}},
		{"to sort by in two values", four, "N;SORT-AS=Harten,Rene:van der Harten;Rene;;;", want{"/name/sortAs/surname": "Harten", "/name/sortAs/given": "Rene"}},
		{"to sort by the given name", four, "N;SORT-AS=\",Rene\":van der Harten;Rene;;;", want{"/name/sortAs/surname": "", "/name/sortAs/given": "Rene"}},
		{"to sort a company by", four, "ORG;SORT-AS=\"ABC,North\":The ABC;The North;West", want{"/organizations/*/sortAs": "ABC", "/organizations/*/units/0/sortAs": "North", "/organizations/*/units/1/sortAs": ""}},
		{"spoken names", three, "N:Yamada;Taro;;;\nX-PHONETIC-FIRST-NAME:taro\nX-PHONETIC-LAST-NAME:yamada", want{"/name/components/0/phonetic": "taro", "/name/components/1/phonetic": "yamada"}},
		{"who wrote a note", four, "NOTE;AUTHOR-NAME=Ada;AUTHOR=\"mailto:a@b.c\";CREATED=20220705T093412Z:x", want{"/notes/*/author/name": "Ada", "/notes/*/author/uri": "mailto:a@b.c", "/notes/*/created": "2022-07-05T09:34:12Z"}},
		{"the order of hobbies", four, "HOBBY;INDEX=3;LEVEL=high:reading", want{"/personalInfo/*/listAs": "3", "/personalInfo/*/level": "high"}},
		{"a nickname of Android's", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Tam;1;;;;;;;;;;;;;", want{"/nicknames/*/name": "Tam"}},
		{"a day of Android's", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-05-01;1;;;;;;;;;;;;;", want{"/anniversaries/*/kind": "wedding", "/anniversaries/*/date/day": "1"}},
		{"a day with a label", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;--05-01;0;Moved in;;;;;;;;;;;;", want{"/anniversaries/*/kind": "kith.app:date", "/anniversaries/*/label": "Moved in"}},
		{"a relation of Android's", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Hanako;14;;;;;;;;;;;;;", want{"/relatedTo/Hanako/relation/spouse": "true"}},
		{"a brother stays one", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ken;2;;;;;;;;;;;;;", want{"/relatedTo/Ken/relation/sibling": "true"}},
		{"a relation with a label", old, "X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ken;0;Coach;;;;;;;;;;;;", want{"/relatedTo/Ken/label": "Coach"}},
		{"another row of Android's is kept", old, "X-ANDROID-CUSTOM:vnd.com.example/thing;a;b", want{"/vCardProps/0/0": "x-android-custom"}},
		{"a label that Apple translates", three, "item1.URL:https://a.example\nitem1.X-ABLabel:_$!<HomePage>!$_", want{"/links/*/label": "HomePage"}},
		{"escaped and unescaped commas", three, "ORG:a\\,b,c;d", want{"/organizations/*/name": "a,b,c", "/organizations/*/units/0/name": "d"}},
		{"of categories", three, "CATEGORIES:x\\,y,z", want{"/keywords/x,y": "true", "/keywords/z": "true"}},
		{"quoted parameters", three, "TEL;X-ODD=\"a;b:c\";TYPE=\"home,voice\":1", want{"/phones/*/number": "1", "/phones/*/contexts/private": "true", "/phones/*/vCardParams/x-odd": "a;b:c"}},
		{"RFC 6868", four, "ADR;LABEL=\"a^nb^^c^'d\":;;x;;;;", want{"/addresses/*/full": "a\nb^c\"d"}},
		{"a group", four, "KIND:group\nMEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af", want{"/kind": "group", "/members/03a0e51f-d1aa-4385-8a53-e29025acd8af": "true"}},
		{"a group of Apple's", three, "X-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af", want{"/kind": "group", "/members/03a0e51f-d1aa-4385-8a53-e29025acd8af": "true"}},
		{"a photo in base64", three, "PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8=", want{"/media/*/uri": "data:image/jpeg;base64,aGVsbG8="}},
		{"a photo of 2.1", old, "PHOTO;JPEG;BASE64:\n aGVs\n bG8=\n", want{"/media/*/uri": "data:image/jpeg;base64,aGVsbG8="}},
		{"a photo without folds", old, "PHOTO;JPEG;BASE64:aGVs\nbG8=\n", want{"/media/*/uri": "data:image/jpeg;base64,aGVsbG8="}},
		{"a photo as a URI", four, "PHOTO:data:image/png;base64,aGVsbG8=", want{"/media/*/uri": "data:image/png;base64,aGVsbG8="}},
		{"a soft break before what looks like a fold", old, "NOTE;ENCODING=QUOTED-PRINTABLE:a=\n b=3D", want{"/notes/*/note": "a b="}},
		{"a soft break before what looks like a property", old, "NOTE;ENCODING=QUOTED-PRINTABLE:a=\nTEL:1", want{"/notes/*/note": "aTEL:1", "/phones": ""}},
		{"a character set", old, "NOTE;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CC=E8=F0", want{"/notes/*/note": "Мир"}},
		{"a card in a card", old, "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:b\nEND:VCARD", want{"/name/full": "a", "/vCardProps/0/0": "agent"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := []byte("BEGIN:VCARD\nVERSION:" + tc.version + "\nFN:a\n" + tc.lines + "\nEND:VCARD\n")
			cards, broken := readAll(t, file)
			if len(cards) != 1 || len(broken) > 0 {
				t.Fatalf("%d cards, %v", len(cards), broken)
			}
			for pointer, want := range tc.want {
				if got, err := at(cards[0], pointer); err != nil || got != want {
					t.Errorf("%s is %q, want %q (%v) in %s", pointer, got, want, err, cards[0].JSON())
				}
			}
			if err := checkLossless(t, file); err != nil {
				t.Error(err)
			}
		})
	}
}

// at is a member by its pointer; "*" goes to the only entry.
func at(c contact.Card, pointer string) (string, error) {
	before, after, ok := strings.Cut(pointer, "/*")
	if !ok {
		return c.Field(pointer)
	}
	text, err := c.Field(before)
	if err != nil {
		return "", err
	}
	held, err := decodeJSON(text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", before, err)
	}
	keys := sortedKeys(members(held))
	if len(keys) != 1 {
		return "", fmt.Errorf("%s has the keys %q", before, keys)
	}
	return c.Field(before + "/" + keys[0] + after)
}

// An edited number of a tel: URI is a number, and its line stays its own.
func TestEditOfATelURI(t *testing.T) {
	file := "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\r\nTEL;VALUE=uri;X-ANY=1:tel:+1-555-0100\r\nEND:VCARD\r\n"
	cards, _ := readAll(t, []byte(file))
	phones := cards[0].Phones()
	phones[0].Value = "+1 555 0199"
	if out := write(t, V40, cards[0].WithPhones(phones)); !strings.Contains(string(out), "\r\nTEL;X-ANY=1:+1 555 0199\r\n") {
		t.Errorf("written:\n%s", out)
	}
	if out := write(t, V30, cards[0]); !strings.Contains(string(out), "\r\nTEL;X-ANY=1:+1-555-0100\r\n") {
		t.Errorf("written as 3.0:\n%s", out)
	}
}
