package transfer

import (
	"slices"
	"strings"
	"testing"

	"kith/data"
)

// A group of Apple's and a mailing list of Thunderbird's are labels of those in it, wherever in the file it stands, and no contacts without
// anything in them.
func TestGroupsAreLabels(t *testing.T) {
	card := func(uid, name string) string {
		return "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:" + uid + "\r\nFN:" + name + "\r\nEND:VCARD\r\n"
	}
	group := func(name, more string, members ...string) string {
		text := "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:7ab1bd4f-3b70-4d1b-a4e2-2d1b8d3a9e10\r\nFN:" + name + "\r\nX-ADDRESSBOOKSERVER-KIND:group\r\n" + more
		for _, m := range members {
			text += "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:" + m + "\r\n"
		}
		return text + "END:VCARD\r\n"
	}
	const ada, bob = "a3f1c1de-0d8a-4f6e-9a52-5b9a7f2f9c11", "0b0e3c52-7a55-4b56-8f4e-1f7d5d1c2a33"
	both := card(ada, "Ada") + card(bob, "Bob")
	tests := []struct {
		name, file, content string
		want                []string // names, with their labels
	}{
		{"Apple, before its members", "a.vcf", group("Club", "", ada) + both, []string{"Ada: Club", "Bob: "}},
		{"Apple, behind its members", "a.vcf", both + group("Club", "", ada, bob), []string{"Ada: Club", "Bob: Club"}},
		{"Apple, with the name once more", "a.vcf", group("Club", "N:Club\r\nREV:2012-01-24T16:16:49Z\r\n", ada) + both, []string{"Ada: Club", "Bob: "}},
		{"of somebody who is not in the file", "a.vcf", group("Club", "", ada, "0199d0c0-0000-7000-8000-000000000001") + both, []string{"Ada: Club", "Bob: ", "Club: "}},
		{"with an address of its own", "a.vcf", group("Club", "EMAIL:club@example.org\r\n", bob) + both, []string{"Ada: ", "Bob: Club", "Club: "}},
		{"with what we don't know", "a.vcf", group("Club", "X-CLUB:7\r\n", bob) + both, []string{"Ada: ", "Bob: Club", "Club: "}},
		{"without anybody", "a.vcf", group("Club", "") + both, []string{"Ada: ", "Bob: ", "Club: "}},
		{"vCard 4", "a.vcf", "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nKIND:group\r\nFN:Club\r\nMEMBER:urn:uuid:" + ada + "\r\nMEMBER:mailto:BOB@example.org\r\nEND:VCARD\r\n" +
			card(ada, "Ada") + strings.Replace(card(bob, "Bob"), "END:", "EMAIL:bob@example.org\r\nEND:", 1), []string{"Ada: Club", "Bob: Club"}},
		{"a mailing list of Thunderbird's", "a.ldif", "dn: cn=Ada,mail=ada@example.org\nobjectclass: person\ncn: Ada\nmail: ada@example.org\n\n" +
			"dn: cn=Club\nobjectclass: top\nobjectclass: groupOfNames\ncn: Club\nmember: cn=Ada,mail=ada@example.org\n\n", []string{"Ada: Club"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			f := write(t, tt.file, tt.content)
			if first := outcome(t, s, f); first.Added != len(tt.want) {
				t.Errorf("%d came in, want %d", first.Added, len(tt.want))
			}
			var got []string
			contacts, err := s.Contacts(t.Context(), order(t, s))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range contacts {
				got = append(got, c.Card.DisplayName()+": "+strings.Join(c.Card.Labels(), ","))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if again := outcome(t, s, f); again.Unchanged != len(tt.want) || again != (data.Imported{Unchanged: len(tt.want)}) {
				t.Errorf("the same file again: %+v", again)
			}
		})
	}
}

// A word is found across the blocks that are read.
func TestContains(t *testing.T) {
	for _, at := range []int{0, 1, 65532, 65533, 65534, 65535, 65536, 131069} {
		text := strings.Repeat("x", at) + "GrouP" + strings.Repeat("y", 10)
		if has, err := contains(strings.NewReader(text), "group"); !has || err != nil {
			t.Errorf("at %d: %v, %v", at, has, err)
		}
		if has, err := contains(strings.NewReader(strings.ReplaceAll(text, "P", "q")), "group"); has || err != nil {
			t.Errorf("not at %d: %v, %v", at, has, err)
		}
	}
}
