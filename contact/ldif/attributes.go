package ldif

import "strings"

// place says where an attribute's values go.
type place struct {
	what what
	kind string // contexts and features of the entry, in words; a component's or a relation's kind
	more bool   // several values are several entries; else all but the first are kept
}

type what byte

const (
	kept what = iota
	fullName
	namePart // kind: of the component
	nickname
	email
	phone
	organization
	department
	title
	role
	note
	link
	labelledLink
	chat        // kind: the service
	addressPart // kind: whose address and the component, "work/locality"
	fullAddress // kind: whose
	birthYear
	birthMonth
	birthDay
	birth
	wedding
	own      // kind: the label of a field of people's own
	relation // kind: which
	keyword
	language
	photo
	certificate
	member
	identity
)

// places are the attributes that a contact has a place for, in small letters: RFC 4519 and 2798 (inetOrgPerson), with their long
// names, then those of mozillaAbPersonAlpha and of Netscape's address books, then evolutionPerson's.
var places = map[string]place{
	"cn": {what: fullName}, "commonname": {what: fullName}, "displayname": {what: fullName},
	"sn": {what: namePart, kind: "surname"}, "surname": {what: namePart, kind: "surname"},
	"givenname": {what: namePart, kind: "given"}, "gn": {what: namePart, kind: "given"},
	"generationqualifier": {what: namePart, kind: "generation"}, "personaltitle": {what: namePart, kind: "title"},
	"mail": {what: email, more: true}, "rfc822mailbox": {what: email, more: true}, "email": {what: email, more: true}, "emailaddress": {what: email, more: true},
	"telephonenumber": {what: phone, kind: "work", more: true}, "homephone": {what: phone, kind: "private", more: true},
	"hometelephonenumber": {what: phone, kind: "private", more: true},
	"mobile":              {what: phone, kind: "mobile", more: true}, "mobiletelephonenumber": {what: phone, kind: "mobile", more: true},
	"facsimiletelephonenumber": {what: phone, kind: "work fax", more: true}, "fax": {what: phone, kind: "work fax", more: true},
	"pager": {what: phone, kind: "pager", more: true}, "pagertelephonenumber": {what: phone, kind: "pager", more: true},
	"o": {what: organization, more: true}, "organizationname": {what: organization, more: true},
	"ou": {what: department, more: true}, "organizationalunitname": {what: department, more: true}, "department": {what: department, more: true},
	"title": {what: title, more: true}, "description": {what: note, more: true},
	"street": {what: addressPart, kind: "work/name"}, "streetaddress": {what: addressPart, kind: "work/name"},
	"postofficebox": {what: addressPart, kind: "work/postOfficeBox"}, "l": {what: addressPart, kind: "work/locality"},
	"localityname": {what: addressPart, kind: "work/locality"}, "locality": {what: addressPart, kind: "work/locality"},
	"st": {what: addressPart, kind: "work/region"}, "stateorprovincename": {what: addressPart, kind: "work/region"}, "region": {what: addressPart, kind: "work/region"},
	"postalcode": {what: addressPart, kind: "work/postcode"}, "c": {what: addressPart, kind: "work/country"},
	"countryname": {what: addressPart, kind: "work/country"}, "co": {what: addressPart, kind: "work/country"},
	"friendlycountryname": {what: addressPart, kind: "work/country"},
	"postaladdress":       {what: fullAddress, kind: "work"}, "homepostaladdress": {what: fullAddress, kind: "private"},
	"labeleduri": {what: labelledLink, more: true}, "preferredlanguage": {what: language, more: true},
	"jpegphoto": {what: photo, more: true}, "photo": {what: photo, more: true}, "thumbnailphoto": {what: photo, more: true},
	"usercertificate":      {what: certificate, kind: "application/pkix-cert", more: true},
	"usersmimecertificate": {what: certificate, kind: "application/pkcs7-mime", more: true},
	"member":               {what: member, more: true}, "uniquemember": {what: member, more: true}, "entryuuid": {what: identity},

	"mozillanickname": {what: nickname, more: true}, "xmozillanickname": {what: nickname, more: true},
	"mozillasecondemail": {what: email, more: true}, "xmozillasecondemail": {what: email, more: true},
	"cellphone": {what: phone, kind: "mobile", more: true}, "pagerphone": {what: phone, kind: "pager", more: true},
	"company": {what: organization, more: true}, "orgunit": {what: department, more: true}, "notes": {what: note, more: true},
	"mozillaworkstreet2": {what: addressPart, kind: "work/apartment"}, "zip": {what: addressPart, kind: "work/postcode"},
	"mozillahomestreet": {what: addressPart, kind: "private/name"}, "mozillahomestreet2": {what: addressPart, kind: "private/apartment"},
	"mozillahomelocalityname": {what: addressPart, kind: "private/locality"}, "mozillahomestate": {what: addressPart, kind: "private/region"},
	"mozillahomepostalcode": {what: addressPart, kind: "private/postcode"}, "mozillahomecountryname": {what: addressPart, kind: "private/country"},
	"workurl": {what: link, kind: "work", more: true}, "mozillaworkurl": {what: link, kind: "work", more: true},
	"homeurl": {what: link, kind: "private", more: true}, "mozillahomeurl": {what: link, kind: "private", more: true},
	"birthyear": {what: birthYear}, "birthmonth": {what: birthMonth}, "birthday": {what: birthDay},
	"nsaimid": {what: chat, kind: "AIM", more: true}, "nscpaimscreenname": {what: chat, kind: "AIM", more: true},
	"mozillaaimscreenname": {what: chat, kind: "AIM", more: true}, "nsaimscreenname": {what: chat, kind: "AIM", more: true},

	"mozillacustom1": {what: own, kind: "Custom 1", more: true}, "mozillacustom2": {what: own, kind: "Custom 2", more: true},
	"mozillacustom3": {what: own, kind: "Custom 3", more: true}, "mozillacustom4": {what: own, kind: "Custom 4", more: true},
	"custom1": {what: own, kind: "Custom 1", more: true}, "custom2": {what: own, kind: "Custom 2", more: true},
	"custom3": {what: own, kind: "Custom 3", more: true}, "custom4": {what: own, kind: "Custom 4", more: true},

	"otherpostaladdress": {what: fullAddress, kind: "other"}, "primaryphone": {what: phone, kind: "main-number", more: true},
	"carphone": {what: phone, kind: "mobile", more: true}, "homefacsimiletelephonenumber": {what: phone, kind: "private fax", more: true},
	"otherfacsimiletelephonenumber": {what: phone, kind: "fax", more: true}, "otherphone": {what: phone, more: true},
	"callbackphone": {what: phone, more: true}, "companyphone": {what: phone, kind: "work", more: true}, "tty": {what: phone, kind: "textphone", more: true},
	"businessrole": {what: role, more: true}, "note": {what: note, more: true}, "category": {what: keyword, more: true},
	"anniversary": {what: wedding}, "birthdate": {what: birth}, "spousename": {what: relation, kind: "spouse", more: true},
	"managername": {what: relation, kind: "kith.app:manager", more: true}, "assistantname": {what: relation, kind: "kith.app:assistant", more: true},
}

// labels are those of phones that neither contexts nor features tell apart.
var labels = map[string]string{"carphone": "Car", "callbackphone": "Callback", "companyphone": "Company", "primaryphone": ""}

// operational attributes say when and by whom a record was written: without them the same contact is the same record.
var operational = map[string]bool{
	"modifytimestamp": true, "createtimestamp": true, "modifiersname": true, "creatorsname": true, "entrycsn": true, "contextcsn": true,
}

// placeOf is where an attribute goes. An option other than RFC 4522's ";binary" (a language, say) makes it one that is kept.
func placeOf(a attribute) place {
	p := places[strings.TrimSuffix(a.name, ";binary")]
	if inBytes := p.what == photo || p.what == certificate; a.form == byURL || inBytes && a.form != encoded {
		return place{}
	}
	return p
}
