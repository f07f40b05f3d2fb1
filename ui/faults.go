package ui

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/contact/cardfile"
	"kith/contact/csv"
	"kith/contact/ldif"
	"kith/contact/picture"
	"kith/contact/vcard"
	"kith/data"
	"kith/syncer"
	"kith/transfer"
)

// What other packages' errors say in the window's language. userMessage asks these; "" means that the error is none of theirs.

// offlineText says why the server could not be reached, and what helps against that.
func offlineText(o *syncer.OfflineError) string {
	switch o.Why {
	case syncer.WhyNoAnswer:
		return lang.L("The server did not answer in time. Check the connection, then try again.")
	case syncer.WhyNoHost:
		return lang.L("There is no server named “{{.Name}}”, or no network. Check the address and the connection.", with{"Name": o.Name})
	case syncer.WhyNoLookup:
		return lang.L("“{{.Name}}” can't be looked up. Check the connection, then try again.", with{"Name": o.Name})
	case syncer.WhyNotListened:
		return lang.L("Nothing answers at this address and port. Check the address; if it is right, the server is down.")
	case syncer.WhyNoNetwork:
		return lang.L("There is no network. Check the connection, then try again.")
	case syncer.WhyOtherName:
		return lang.L("The server's certificate is for another name, so nothing was sent. Check the address, or ask who runs the server.")
	case syncer.WhyUnknownCA:
		return lang.L("The server's certificate is signed by nobody whom this computer knows, so nothing was sent. Ask who runs the server.")
	case syncer.WhyExpired:
		return lang.L("The server's certificate has expired, or this computer's clock is wrong. Nothing was sent.")
	case syncer.WhyCertificate:
		return lang.L("The server's certificate is not valid, so nothing was sent. Ask who runs the server.")
	case syncer.WhyNoTLS:
		return lang.L("The port does not speak TLS. For a server without it, type the address with {{.Scheme}}.", with{"Scheme": "http://"})
	case syncer.WhyCut:
		return lang.L("The connection was cut. Try again.")
	case syncer.WhyNotOurs:
		return lang.L("The answer is not from a Kith server. On a public network, open a web page first: it may want a sign-in of its own.")
	case syncer.WhyPause:
		return lang.L("The server has too much to do and asks for a pause. Try again in a few minutes.")
	case syncer.WhyFault:
		return lang.L("The server has a fault of its own ({{.Status}}). Try again later.", with{"Status": o.Status})
	case syncer.WhyDown:
		return lang.L("The server behind this address seems to be down ({{.Status}}). Try again later.", with{"Status": o.Status})
	}
	return lang.L("The server can't be reached ({{.Reason}}). Check the address and the connection.", with{"Reason": o.Reason})
}

// syncText says what a server's refusals mean.
func syncText(err error) string {
	var notKith *syncer.NotKithError
	switch {
	case errors.As(err, &notKith) && notKith.Location != "":
		return lang.L("There is no Kith server at this address. It sends visitors on to {{.Address}}: if that is the server, type that address.",
			with{"Address": notKith.Location})
	case errors.As(err, &notKith):
		return lang.L("There is no Kith server at this address: something else answers ({{.Status}}). Check the address and the port. On a public network, open a web page first: it may want a sign-in of its own.",
			with{"Status": notKith.Status})
	case errors.Is(err, syncer.ErrNotKith):
		return lang.L("There is no Kith server at this address. Check the address, and its port.")
	case errors.Is(err, syncer.ErrAddress):
		return lang.L("This is no address of a server. Type it like {{.Example}}, without a user, a password or what follows a ? or #.",
			with{"Example": "https://kith.example.org"})
	case errors.Is(err, syncer.ErrConflict):
		return lang.L("The book was changed meanwhile. Try again.")
	case errors.Is(err, syncer.ErrTooLarge):
		return lang.L("This is larger than the server takes.")
	case errors.Is(err, syncer.ErrBookExists):
		return lang.L("The server has another book with this id.")
	case errors.Is(err, syncer.ErrRefused):
		_, reason, given := strings.Cut(err.Error(), syncer.ErrRefused.Error()+": ")
		if !given {
			return lang.L("The server did not accept this. Update Kith, then try again.")
		}
		return lang.L("The server did not accept this ({{.Reason}}). Update Kith, then try again.", with{"Reason": reason})
	}
	return ""
}

// bookFaultText says what the address book's own refusals mean.
func bookFaultText(err error) string {
	switch {
	case errors.Is(err, data.ErrDeleted):
		return lang.L("This contact is in the trash. Restore it first.")
	case errors.Is(err, data.ErrNotDeleted):
		return lang.L("This contact is not in the trash. Delete it first.")
	case errors.Is(err, data.ErrExists):
		return lang.L("This contact is there already.")
	case errors.Is(err, data.ErrNotADatabase):
		return lang.L("The address book is damaged, or the file is none of Kith’s. Start Kith again: it offers the newest backup.")
	case errors.Is(err, data.ErrNewerDatabase):
		return lang.L("A newer version of Kith has written this address book. Update Kith, then try again.")
	case errors.Is(err, data.ErrInUse):
		return lang.L("Another window of Kith has this address book open.")
	case errors.Is(err, data.ErrBlobTooLarge):
		return lang.L("This is larger than {{.Size}} MB.", with{"Size": data.MaxBlobBytes >> 20})
	case errors.Is(err, contact.ErrLabelEmpty):
		return lang.L("A label needs a name.")
	case errors.Is(err, contact.ErrLabelLong):
		return lang.N("A label has at most {{.Count}} characters.", contact.LongestLabel, counted(contact.LongestLabel))
	case errors.Is(err, contact.ErrLabelControl):
		return lang.L("A label has no control characters.")
	case errors.Is(err, contact.ErrLabelTaken):
		return lang.L("“starred” is how favourites are stored. Choose another name.")
	}
	return ""
}

// cardProblemText says what is wrong with a contact.
func cardProblemText(p contact.Problem) string {
	switch p.Kind {
	case contact.Nameless:
		return lang.L("The contact has nothing to find it by. Give it a name, an organization, an e-mail or a phone.")
	case contact.Oversize:
		return lang.L("The contact is larger than {{.Size}} KB. Shorten the note, or take out pictures.", with{"Size": contact.MaxBytes >> 10})
	}
	if member, _, _ := strings.Cut(strings.TrimPrefix(p.Path, "/"), "/"); memberName(member) != "" {
		return lang.L("{{.Field}}: this is not written as a contact has it.", with{"Field": fieldName(p.Path)})
	}
	return sentence(p.Message)
}

// fileText says why a file can't be read or written as a whole.
func fileText(err error) string {
	var path *fs.PathError
	name := ""
	if errors.As(err, &path) {
		name = fileName(path.Path)
	}
	switch {
	case errors.Is(err, cardfile.ErrEmpty):
		return lang.L("The file is empty.")
	case errors.Is(err, cardfile.ErrUnknown):
		return lang.L("This is no address book that Kith can read: neither vCard, nor a table with names of columns that are known, nor LDIF, nor JSON.")
	case errors.Is(err, cardfile.ErrArchive):
		return lang.L("This is a ZIP archive or a workbook. Unpack it, or save the table in it as CSV, and import that.")
	case errors.Is(err, cardfile.ErrOldOffice):
		return lang.L("This is a workbook or a message of an older Office. Save the table in it as CSV, and import that.")
	case errors.Is(err, cardfile.ErrOutlook):
		return lang.L("This is an Outlook data file. Export the contacts from Outlook as CSV, and import that.")
	case errors.Is(err, cardfile.ErrDatabase):
		return lang.L("This is a program's database. Export the address book from the program as vCard, and import that.")
	case errors.Is(err, cardfile.ErrMork):
		return lang.L("This is Thunderbird's own file of before 2020. Export the address book from Thunderbird as vCard or LDIF, and import that.")
	case errors.Is(err, cardfile.ErrProperties):
		return lang.L("This is a property list of Apple's. Export the contacts from their program as vCard, and import that.")
	case errors.Is(err, cardfile.ErrCompressed):
		return lang.L("This is compressed. Unpack it, and import what is in it.")
	case errors.Is(err, cardfile.ErrPDF):
		return lang.L("This is a PDF. Export the contacts as vCard or CSV, and import that.")
	case errors.Is(err, transfer.ErrFolder):
		return lang.L("This is a folder. Choose the files in it.")
	case errors.Is(err, picture.ErrNotAPicture):
		return lang.L("This is not a picture that Kith can read. Use a JPEG, PNG, GIF, WebP or BMP file.")
	case errors.Is(err, picture.ErrTooLarge):
		return lang.L("This picture is too large. Make a smaller one of it first, of at most 50 million pixels.")
	case errors.Is(err, syscall.ENOSPC):
		return lang.L("The disk is full, so the file was not written. Make room, then try again.")
	case errors.Is(err, syscall.EROFS):
		return lang.L("This disk can only be read. Choose another folder.")
	case errors.Is(err, fs.ErrNotExist) && name != "":
		return lang.L("There is no file {{.File}}.", with{"File": name})
	case errors.Is(err, fs.ErrPermission) && name != "":
		return lang.L("The system does not let you open {{.File}}. Check its rights.", with{"File": name})
	}
	return ""
}

// partText says why a part of a file is no contact.
func partText(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, vcard.ErrNoColon), errors.Is(err, ldif.ErrNoColon):
		return lang.L("This line has no colon, so it is no field of a contact.")
	case errors.Is(err, vcard.ErrName):
		return lang.L("What stands before the colon is no name of a field.")
	case errors.Is(err, vcard.ErrNested):
		return lang.L("Something else begins or ends inside this contact.")
	case errors.Is(err, vcard.ErrOutside):
		return lang.L("This text belongs to no contact.")
	case errors.Is(err, vcard.ErrNoEnd):
		return lang.L("The contact has no end (END:VCARD).")
	case errors.Is(err, vcard.ErrTooLong), errors.Is(err, vcard.ErrTooMuch), errors.Is(err, vcard.ErrParams), errors.Is(err, cardfile.ErrTooLarge),
		errors.Is(err, cardfile.ErrLongValue), errors.Is(err, ldif.ErrTooLong), errors.Is(err, ldif.ErrTooMuch), errors.Is(err, csv.ErrLong):
		return lang.L("This is too large for a contact. Shorten it, or make its photo smaller.")
	case errors.Is(err, ldif.ErrBase64):
		return lang.L("A value is said to be in base64, and isn't.")
	case errors.Is(err, ldif.ErrNoEntry):
		return lang.L("There is no “dn:”, so this is no entry of an address book.")
	case errors.Is(err, ldif.ErrIsChange):
		return lang.L("This changes an entry, and is none itself.")
	case errors.Is(err, csv.ErrUnclosed):
		return lang.L("A quotation mark is opened here and never closed.")
	case errors.Is(err, csv.ErrColumns):
		return lang.L("This row has too many columns.")
	case errors.Is(err, csv.ErrNoDate):
		return lang.L("Day, month and year make no date together.")
	case errors.Is(err, csv.ErrEmpty):
		return lang.L("The file is empty.")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return lang.L("The file ends in the middle of something. It may not have been copied whole.")
	case errors.As(err, &syntax), errors.Is(err, contact.ErrParse):
		return lang.L("This is no contact in JSON.")
	}
	return ""
}

// refusedWords says why a part of a file did not come in; the reader's own words are the last resort.
func refusedWords(r transfer.Refused) string {
	var invalid *contact.ValidationError
	if errors.As(r.Err, &invalid) && len(invalid.Problems) > 0 {
		return cardProblemText(invalid.Problems[0])
	}
	if text := partText(r.Err); text != "" {
		return text
	}
	return r.Reason
}

// faultText is what all of them say. Of several files, it says of each what is wrong.
func faultText(err error) string {
	if several, ok := err.(interface{ Unwrap() []error }); ok { // errors.Join's
		var said []string
		for _, e := range several.Unwrap() {
			if f := (*transfer.FileError)(nil); errors.As(e, &f) {
				said = append(said, faultText(f))
			}
		}
		if len(said) > 0 {
			return strings.Join(said, "\n")
		}
	}
	if f := (*transfer.FileError)(nil); errors.As(err, &f) {
		return lang.L("{{.Field}}: {{.Value}}", with{"Field": fileName(f.File), "Value": userMessage(f.Err)})
	}
	for _, text := range []func(error) string{syncText, bookFaultText, fileText, partText} {
		if said := text(err); said != "" {
			return said
		}
	}
	return ""
}
