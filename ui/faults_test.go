package ui

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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

func offlineBy(why syncer.Why) error {
	return fmt.Errorf("pull: %w", &syncer.OfflineError{Why: why, Reason: "in English", Name: "kith.example.org", Status: 503, Err: io.EOF})
}

// knownFaults are errors that a person may meet, as they come to the window.
var knownFaults = []error{
	offlineBy(syncer.WhyNoAnswer), offlineBy(syncer.WhyNoHost), offlineBy(syncer.WhyNoLookup), offlineBy(syncer.WhyNotListened),
	offlineBy(syncer.WhyNoNetwork), offlineBy(syncer.WhyOtherName), offlineBy(syncer.WhyUnknownCA), offlineBy(syncer.WhyExpired),
	offlineBy(syncer.WhyCertificate), offlineBy(syncer.WhyNoTLS), offlineBy(syncer.WhyCut), offlineBy(syncer.WhyNotOurs),
	offlineBy(syncer.WhyPause), offlineBy(syncer.WhyFault), offlineBy(syncer.WhyDown),
	&syncer.NotKithError{Status: 200, Reason: "in English"}, &syncer.NotKithError{Status: 302, Location: "https://elsewhere.example", Reason: "in English"},
	syncer.ErrOffline, syncer.ErrSignIn, syncer.ErrCredentials, syncer.ErrForbidden, syncer.ErrConflict, syncer.ErrTooLarge, syncer.ErrRefused,
	syncer.ErrUpdateNeeded, syncer.ErrNotKith, syncer.ErrAddress, syncer.ErrInvitation, syncer.ErrLastOwner, syncer.ErrOwnBook, syncer.ErrLimit,
	syncer.ErrBookExists, syncer.ErrLink, syncer.ErrUnsent, syncer.ErrNotFound,
	data.ErrNotFound, data.ErrDeleted, data.ErrExists, data.ErrNothingToUndo, data.ErrNothingToRedo, data.ErrNotADatabase, data.ErrNewerDatabase,
	data.ErrNotWritable, data.ErrDiskFull, data.ErrDiskFault, data.ErrBusy, data.ErrInUse, data.ErrReadOnly, data.ErrNoBook, data.ErrBooksDiffer, data.ErrFirstBook,
	data.ErrNotOwner, data.ErrNotSignedIn, data.ErrNotDeleted, data.ErrBlobTooLarge, data.ErrBookName, data.ErrNoConflict, data.ErrChoice,
	contact.ErrLabelEmpty, contact.ErrLabelLong, contact.ErrLabelControl, contact.ErrLabelTaken, contact.ErrParse,
	contact.Card{}.Validate(),
	&contact.ValidationError{Problems: []contact.Problem{{Kind: contact.Oversize, Message: "the contact is too large"}}},
	&contact.ValidationError{Problems: []contact.Problem{{Path: "/phones/x", Message: "must be an object"}}},
	cardfile.ErrEmpty, cardfile.ErrUnknown, cardfile.ErrArchive, cardfile.ErrOldOffice, cardfile.ErrOutlook, cardfile.ErrDatabase, cardfile.ErrMork,
	cardfile.ErrProperties, cardfile.ErrCompressed, cardfile.ErrPDF, cardfile.ErrTooLarge, cardfile.ErrLongValue,
	picture.ErrNotAPicture, picture.ErrTooLarge, transfer.ErrFolder,
	&fs.PathError{Op: "write", Path: "/a/b.vcf", Err: syscall.ENOSPC}, &fs.PathError{Op: "open", Path: "/a/b.vcf", Err: syscall.EROFS},
	&fs.PathError{Op: "open", Path: "/a/b.vcf", Err: syscall.ENOENT}, &fs.PathError{Op: "open", Path: "/a/b.vcf", Err: syscall.EACCES},
	vcard.ErrNoColon, vcard.ErrName, vcard.ErrNested, vcard.ErrOutside, vcard.ErrNoEnd, vcard.ErrTooLong, vcard.ErrTooMuch, vcard.ErrParams,
	ldif.ErrTooLong, ldif.ErrTooMuch, ldif.ErrNoColon, ldif.ErrBase64, ldif.ErrNoEntry, ldif.ErrIsChange,
	csv.ErrUnclosed, csv.ErrLong, csv.ErrColumns, csv.ErrNoDate, csv.ErrEmpty,
	fmt.Errorf("read JSON at line 2: %w", io.ErrUnexpectedEOF), json.Unmarshal([]byte("{]"), new(any)),
}

// TestFaultsSpeakEveryLanguage: none of them shows the English words of its package, and every language has its own.
func TestFaultsSpeakEveryLanguage(t *testing.T) {
	said := map[error]string{}
	for _, err := range knownFaults {
		text := userMessage(fmt.Errorf("save: %w", err))
		said[err] = text
		if text == "" || !strings.HasSuffix(text, ".") || strings.Contains(text, "in English") || strings.Contains(strings.ToLower(text), "save:") {
			t.Errorf("%v: %q", err, text)
		}
	}
	for _, l := range languages {
		if l.value == english {
			continue
		}
		speak(t, l.value)
		for _, err := range knownFaults {
			if text := userMessage(fmt.Errorf("save: %w", err)); text == said[err] {
				t.Errorf("%s: %v is said in English: %q", l.value, err, text)
			}
		}
	}
}

func TestFaultTexts(t *testing.T) {
	folder := t.TempDir()
	_, missing := os.Open(filepath.Join(folder, "friends.vcf"))
	_, aFolder := transfer.OnDisk(folder)
	zip := filepath.Join(folder, "friends.xlsx")
	if err := os.WriteFile(zip, []byte("PK\x03\x04rest"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"no such file", missing, "There is no file friends.vcf."},
		{"a folder", aFolder, "This is a folder. Choose the files in it."},
		{"of one file", errors.Join(&transfer.FileError{File: zip, Err: cardfile.ErrPDF}),
			"friends.xlsx: This is a PDF. Export the contacts as vCard or CSV, and import that."},
		{"of two files", errors.Join(&transfer.FileError{File: "/a/x.vcf", Err: cardfile.ErrEmpty}, &transfer.FileError{File: "/a/y.vcf", Err: errors.New("what now")}),
			"x.vcf: The file is empty.\ny.vcf: What now."},
		{"a server's fault", offlineBy(syncer.WhyFault), "The server has a fault of its own (503). Try again later."},
		{"a name", offlineBy(syncer.WhyNoHost), "There is no server named “kith.example.org”, or no network. Check the address and the connection."},
		{"nothing to find it by", contact.Card{}.Validate(),
			"The contact has nothing to find it by. Give it a name, an organization, an e-mail or a phone."},
		{"technical", errors.New("disk I/O error (10)"), "Disk I/O error (10)."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := userMessage(tt.err); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRefusedWords(t *testing.T) {
	tests := []struct {
		name string
		r    transfer.Refused
		want string
	}{
		{"a line", transfer.Refused{Reason: "no colon", Err: vcard.ErrNoColon}, "This line has no colon, so it is no field of a contact."},
		{"nothing to find it by", transfer.Refused{Reason: "x", Err: contact.Card{}.Validate()},
			"The contact has nothing to find it by. Give it a name, an organization, an e-mail or a phone."},
		{"a wrong part", transfer.Refused{Err: &contact.ValidationError{Problems: []contact.Problem{{Path: "/phones/x", Message: "must be an object"}}}},
			"Phone: this is not written as a contact has it."},
		{"unknown", transfer.Refused{Reason: "what the reader says", Err: errors.New("what the reader says")}, "what the reader says"},
		{"no error", transfer.Refused{Reason: "what the reader says"}, "what the reader says"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := refusedWords(tt.r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRefusedReason(t *testing.T) {
	tests := []struct{ reason, want string }{
		{"the book holds as many contacts as this server allows; delete some, then push again",
			"The server did not accept this contact: the book holds as many contacts as the server allows. Delete some, then send it again."},
		{"its photo is larger than the 512 KB that the server takes; choose another one",
			"The server did not accept this contact: its photo is too large. Choose another one."},
		{"the card has 300000 bytes; this server takes 262144",
			"The server did not accept this contact: it is too large. Shorten it (a long note, large pictures), and it is sent."},
		{"the card is too large", "The server did not accept this contact: it is too large. Shorten it (a long note, large pictures), and it is sent."},
		{"a new reason", "The server did not accept this contact (a new reason). Edit it, or send it again as it is."},
	}
	for _, tt := range tests {
		if got := refusedReason(tt.reason); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.reason, got, tt.want)
		}
	}
}
