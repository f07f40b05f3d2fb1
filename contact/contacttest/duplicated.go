package contacttest

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"kith/contact"
)

// Twin says what was done to the second of two cards of one contact.
type Twin string

// Duplicated returns a book of n realistic contacts in which no two share an address or a number by chance (a company's shared number and
// role address aside), though many share a name, and adds to every tenth a second card of the same contact, changed as people and programs
// change them. twins gives, by the place of each added card, what was done to it; it is the twin of the card at the place of[place].
func Duplicated(seed uint64, n int) (cards []contact.Card, of map[int]int, twins map[int]Twin) {
	of, twins = map[int]int{}, map[int]Twin{}
	for i := range n {
		cards = append(cards, unmistakable(Realistic(seed, i), i))
	}
	changes := []struct {
		twin   Twin
		change func(c contact.Card, i int) contact.Card
	}{
		{"copied", func(c contact.Card, i int) contact.Card { return c }},
		{"without its mail", func(c contact.Card, i int) contact.Card { return c.WithEmails(nil).WithPhones(withNumber(c, i)) }},
		{"without its phone", func(c contact.Card, i int) contact.Card { return c.WithPhones(nil) }},
		{"number without country", func(c contact.Card, i int) contact.Card {
			return c.WithEmails(nil).WithPhones([]contact.Entry{{Value: strings.Replace(mobileOf(i), "+49 ", "0", 1)}})
		}},
		{"without accents", func(c contact.Card, i int) contact.Card { return c.WithFullName(contact.Fold(c.FullName())) }},
		{"surname first", func(c contact.Card, i int) contact.Card {
			if c.Given() == "" || c.Surname() == "" {
				return c
			}
			return c.WithFullName(c.Surname() + ", " + c.Given())
		}},
		{"initial", func(c contact.Card, i int) contact.Card {
			r := []rune(c.Given())
			if len(r) < 2 || !unicode.In(r[0], unicode.Latin) {
				return c
			}
			return c.WithFullName(string(r[0]) + ". " + c.Surname())
		}},
		{"slip of the pen", func(c contact.Card, i int) contact.Card {
			r := []rune(c.Surname())
			if len(r) < 6 || !unicode.In(r[3], unicode.Latin) || !unicode.In(r[4], unicode.Latin) {
				return c
			}
			r[3], r[4] = r[4], r[3]
			return c.WithFullName(c.Given() + " " + string(r))
		}},
		{"another job", func(c contact.Card, i int) contact.Card {
			return c.WithOrganization("Somewhere Else").WithEmails(nil).WithPhones(withNumber(c, i))
		}},
		{"no name", func(c contact.Card, i int) contact.Card { return c.WithFullName("").WithOrganization("").WithTitle("") }},
	}
	for i := 0; i < n; i += 10 {
		ch := changes[i/10%len(changes)]
		c := ch.change(cards[i], i)
		twin := relabelled(c, fmt.Sprintf("%s-twin", cards[i].UID()))
		of[len(cards)], twins[len(cards)] = i, ch.twin
		cards = append(cards, twin)
	}
	return cards, of, twins
}

// endings make enough surnames for a book of which most people have a name of their own.
var endings = strings.Fields(`son sen berg stein feld burg ford ton ham wood well field man mann er ler ner ier ard aud eau ini etti elli ucci ova
	ovic icz ska ski enko uk ides poulos akis oglu yan ian ez es az ero ado eira inho ach ach-Wolf dale gate mark low bury stead thorpe by kirk land
	rup gaard lund quist strand dal vik nes`)

// mobileOf is the i-th mobile number.
func mobileOf(i int) string { return fmt.Sprintf("+49 171 3%07d", i) }

func withNumber(_ contact.Card, i int) []contact.Entry { return []contact.Entry{{Value: mobileOf(i)}} }

// unmistakable gives the card an address and a number that are its own, and every fifth the switchboard and role address of a company.
func unmistakable(c contact.Card, i int) contact.Card {
	if r := []rune(c.Surname()); i%4 != 0 && len(r) > 3 && unicode.In(r[0], unicode.Latin) { // else namesakes
		c = c.WithSurname(c.Surname() + endings[i/4%len(endings)])
	}
	local, _, _ := strings.Cut(c.Emails()[0].Value, "@")
	c = c.WithEmails([]contact.Entry{{Value: fmt.Sprintf("%s.%d@example.org", local, i)}}).WithPhones(withNumber(c, i))
	if i%5 == 0 {
		company := i / 5 % 40
		c = c.WithOrganization(fmt.Sprintf("Company%d AG", company)).
			WithPhones(append(c.Phones(), contact.Entry{Value: fmt.Sprintf("+49 30 23125%03d", company), Kind: "work"})).
			WithEmails(append(c.Emails(), contact.Entry{Value: fmt.Sprintf("info@company%d.example", company)}))
	}
	return c
}

// relabelled is the card under another uid.
func relabelled(c contact.Card, uid string) contact.Card {
	var members map[string]json.RawMessage
	err := json.Unmarshal(c.JSON(), &members)
	if err == nil {
		members["uid"], err = json.Marshal(uid)
	}
	var text []byte
	if err == nil {
		text, err = json.Marshal(members)
	}
	if err == nil {
		c, err = contact.Parse(text)
	}
	if err != nil {
		panic(err) // only a bug here can bring that about
	}
	return c
}
