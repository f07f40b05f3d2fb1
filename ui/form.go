package ui

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kith/contact"
)

// form is what the editor's fields hold, as typed.
type form struct {
	Photo                               contact.Photo
	Given, Surname, Organization, Title string
	Birthday, Note                      string
	Phones, Emails, Links               []contact.Entry
	Addresses                           []contact.Address
	more
}

// formOf fills a form from a card. A name that has no parts is shown as it would be taken apart.
func formOf(c contact.Card) form {
	given, surname := nameParts(c)
	photo, _ := c.Photo()
	return form{
		Photo: photo,
		Given: given, Surname: surname, Organization: c.Organization(), Title: c.Title(),
		Birthday: formatDate(c.Birthday()), Note: c.Note(),
		Phones: slices.Clone(c.Phones()), Emails: slices.Clone(c.Emails()), Links: slices.Clone(c.Links()),
		Addresses: slices.Clone(c.Addresses()), more: moreOf(c),
	}
}

func nameParts(c contact.Card) (given, surname string) {
	given, surname = c.Given(), c.Surname()
	if given == "" && surname == "" && c.FullName() != "" {
		guess := contact.New().WithFullName(c.FullName())
		given, surname = guess.Given(), guess.Surname()
		if given == "" && surname == "" {
			given = c.FullName()
		}
	}
	return given, surname
}

// apply writes into the card what differs from it, and nothing else: what the form does not show stays as it is.
func (f form) apply(c contact.Card) contact.Card {
	was := formOf(c)
	if f.Photo != was.Photo {
		if f.Photo.BlobID == "" {
			c = c.WithoutPhoto()
		} else {
			c = c.WithPhoto(contact.Blob{ID: f.Photo.BlobID, Type: f.Photo.Type})
		}
	}
	if f.Given != was.Given || f.Surname != was.Surname {
		c = c.WithGiven(strings.TrimSpace(f.Given)).WithSurname(strings.TrimSpace(f.Surname))
	}
	c = f.more.apply(c, was.more)
	if f.Organization != was.Organization {
		c = c.WithOrganization(strings.TrimSpace(f.Organization))
	}
	if f.Title != was.Title {
		c = c.WithTitle(strings.TrimSpace(f.Title))
	}
	if f.Note != was.Note {
		c = c.WithNote(strings.TrimSpace(f.Note))
	}
	if f.Birthday != was.Birthday {
		if d, err := parseDate(f.Birthday); err == nil {
			c = c.WithBirthday(d)
		}
	}
	if e := given(f.Emails); !slices.Equal(e, was.Emails) {
		c = c.WithEmails(e)
	}
	if e := given(f.Phones); !slices.Equal(e, was.Phones) {
		c = c.WithPhones(e)
	}
	if e := given(f.Links); !slices.Equal(e, was.Links) {
		c = c.WithLinks(e)
	}
	if a := givenAddresses(f.Addresses); !slices.Equal(a, was.Addresses) {
		c = c.WithAddresses(a)
	}
	return c
}

// given are the entries that hold something.
func given(entries []contact.Entry) []contact.Entry {
	var kept []contact.Entry
	for _, e := range entries {
		if e.Value = strings.TrimSpace(e.Value); e.Value != "" {
			kept = append(kept, e)
		}
	}
	return kept
}

func givenAddresses(addresses []contact.Address) []contact.Address {
	var kept []contact.Address
	for _, a := range addresses {
		if len(addressLines(a)) > 0 {
			kept = append(kept, a)
		}
	}
	return kept
}

// problems are what is wrong with the form, by field: "birthday", "email.0", "phone.1", "link.0"; "" is the contact as a whole.
func (f form) problems(from contact.Card) map[string]string {
	wrong := map[string]string{}
	was := formOf(from)
	if _, err := parseDate(f.Birthday); err != nil && f.Birthday != was.Birthday {
		wrong["birthday"] = explain(err)
	}
	check := func(field string, now, before []contact.Entry, check func(string) error) {
		for i, e := range now {
			// What came from elsewhere is kept as it is, even if we would not have taken it.
			if err := check(e.Value); err != nil && !slices.ContainsFunc(before, func(b contact.Entry) bool { return b.ID == e.ID && b.Value == e.Value }) {
				wrong[field+"."+strconv.Itoa(i)] = explain(err)
			}
		}
	}
	check("email", f.Emails, was.Emails, checkEmail)
	check("phone", f.Phones, was.Phones, checkPhone)
	check("link", f.Links, was.Links, checkLink)
	check("date", f.Dates, was.Dates, checkDate)
	if err := f.apply(from).Validate(); err != nil && len(wrong) == 0 {
		wrong[""] = userMessage(err)
		var invalid *contact.ValidationError
		if errors.As(err, &invalid) && len(invalid.Problems) > 0 && invalid.Problems[0].Path == "/notes" {
			wrong["note"] = userMessage(err)
		}
	}
	return wrong
}

func explain(err error) string { return sentence(err.Error()) }

// changed says whether saving the form would change the card.
func (f form) changed(from contact.Card) bool {
	return !f.apply(from).Equal(from) || f.unreadable(from)
}

// unreadable: something was typed that no card can hold yet.
func (f form) unreadable(from contact.Card) bool {
	if f.more.unreadable(moreOf(from)) {
		return true
	}
	_, err := parseDate(f.Birthday)
	return err != nil && f.Birthday != formOf(from).Birthday
}
