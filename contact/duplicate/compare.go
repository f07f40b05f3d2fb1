package duplicate

import (
	"slices"

	"kith/contact"
)

// Lane says how sure it is that two cards are one contact's.
type Lane int

const (
	No      Lane = iota // nothing says so
	Apart               // something says that they are two people's: they never stand in one group
	Look                // look at it
	Likely              //
	Certain             // may be merged unseen
)

var laneNames = map[Lane]string{No: "no", Apart: "apart", Look: "look", Likely: "likely", Certain: "certain"}

func (l Lane) String() string { return laneNames[l] }

// Verdict is what two cards are to each other.
type Verdict struct {
	Lane    Lane
	Score   int // orders verdicts of one lane, the surer first
	Reasons []Reason
}

// Shared tells how many different names there are among all cards with a key, 0 if nobody counted.
type Shared func(Key) int

const (
	// manyNames is how many different names may share an address or number that still is one person's: that of a person who was
	// entered under some names, of a couple.
	manyNames = 3
	// commonName is how many may bear a name of which two, with nothing else in common, are worth a look.
	commonName = 3
)

// certainty is how much one shared value says.
type certainty int

const (
	hint   certainty = iota + 1 // it may well be another's
	medium                      // few have it in common
	strong                      // one person's
)

// evidence is what two cards share beside their names.
type evidence struct {
	strong, medium, hints int
	email, mobile         bool // strong ones among them
	others                bool // each has an address or number of his own, and they share none
	reasons               []Reason
	score                 int
}

func (e *evidence) add(c certainty, kind Kind, value string) {
	switch c {
	case strong:
		e.strong++
		e.score += 40
	case medium:
		e.medium++
		e.score += 20
	case hint:
		e.hints++
		e.score += 5
	default:
		return
	}
	e.reasons = append(e.reasons, Reason{kind, value})
}

// Compare judges two cards. shared counts the names under a key, over the whole book; sameNames is how many cards bear the name, if the
// two have one.
func Compare(a, b *Profile, shared Shared, sameNames func(Key) int) Verdict {
	if a.kind == "group" || b.kind == "group" {
		return Verdict{}
	}
	names := compareNames(a.name, b.name)
	e := weigh(a, b, shared)
	v := Verdict{Score: e.score + 10*int(names), Reasons: e.reasons}
	if !a.name.isZero() || !b.name.isZero() {
		v.Reasons = append(v.Reasons, Reason{Kind: relationReasons[names]})
	}
	birthdays := compareBirthdays(a.birthday, b.birthday)
	orgs := compareOrgs(a, b)
	switch {
	case toldApart(a, b):
		return Verdict{Lane: Apart, Reasons: []Reason{{Kind: NotDuplicates}}}
	case a.name.generation != "" && b.name.generation != "" && a.name.generation != b.name.generation:
		return Verdict{Lane: Apart, Reasons: []Reason{{Kind: OtherGeneration}}}
	case birthdays == different && (names < similar || e.strong < 2):
		return Verdict{Lane: Apart, Reasons: []Reason{{Kind: OtherBirthday}}}
	case names == nameless:
		v.Lane = laneOfNameless(a, b, e, orgs)
	default:
		v.Lane = laneOfNamed(names, e, orgs)
		alone := e.strong+e.medium == 0 && names >= sameReading // the name, and what many share
		switch {
		case alone && v.Lane == No && orgs != different && isRare(a, b, sameNames):
			v.Lane = Look
		case alone && v.Lane != No && e.others && !isRare(a, b, sameNames):
			v.Lane = No // namesakes who work together: each has an address or number of his own
		}
	}
	if v.Lane == No {
		return Verdict{}
	}
	switch {
	case birthdays == different:
		v.Lane, v.Reasons = Look, append(v.Reasons, Reason{Kind: OtherBirthday})
	case a.name.generation != b.name.generation: // one of them does not say: father or son?
		v.Lane, v.Reasons = min(v.Lane, Likely), append(v.Reasons, Reason{Kind: OtherGeneration})
	}
	if orgs == different {
		v.Reasons = append(v.Reasons, Reason{Kind: OtherOrg})
	}
	return v
}

// weigh collects what the two share beside their names.
func weigh(a, b *Profile, shared Shared) evidence {
	var e evidence
	for _, x := range a.emails {
		if !slices.ContainsFunc(b.emails, func(y sharedValue) bool { return y.value == x.value }) {
			continue
		}
		if isRole(x.value) || shared(x.key) > manyNames {
			e.add(hint, SharedEmail, x.typed)
		} else {
			e.add(strong, SameEmail, x.typed)
			e.email = true
		}
	}
	e.phones(a.phones, b.phones, shared)
	own := func(p *Profile) (emails, phones bool) {
		isOwn := func(k Key) bool { return shared(k) <= manyNames }
		emails = slices.ContainsFunc(p.emails, func(x sharedValue) bool { return !isRole(x.value) && isOwn(x.key) })
		return emails, slices.ContainsFunc(p.phones, func(x phoneValue) bool { return isOwn(x.key) })
	}
	if e.strong+e.medium == 0 {
		mailA, phoneA := own(a)
		mailB, phoneB := own(b)
		e.others = mailA && mailB || phoneA && phoneB
	}
	switch compareBirthdays(a.birthday, b.birthday) {
	case same:
		e.add(medium, SameBirthday, a.birthday.String())
	case similar: // the year is known of one only
		e.add(hint, SameBirthday, a.birthday.String())
	}
	if shares(a.addresses, b.addresses) {
		e.add(medium, SameAddress, "")
	}
	if shares(a.links, b.links) {
		e.add(medium, SameLink, "")
	}
	if compareOrgs(a, b) == same {
		e.add(hint, SameOrg, a.orgTyped)
	}
	return e
}

func (e *evidence) phones(a, b []phoneValue, shared Shared) {
	met := map[string]bool{} // a number that a card holds twice counts once
	for _, x := range a {
		for _, y := range b {
			sure := samePhone(x.phone, y.phone)
			if sure == 0 || met[x.national] {
				continue
			}
			met[x.national] = true
			switch {
			case sure == hint || shared(x.key) > manyNames:
				e.add(hint, SharedPhone, x.typed)
			case sure == medium:
				e.add(medium, NationalPhone, x.typed)
			default:
				e.add(strong, SamePhone, x.typed)
				e.mobile = e.mobile || x.mobile || y.mobile
			}
		}
	}
}

// laneOfNamed is for two that have names. See the table in the package's tests.
func laneOfNamed(names relation, e evidence, orgs relation) Lane {
	switch names {
	case same, sameReading:
		switch {
		case e.strong > 0 || e.medium > 1:
			return Certain
		case e.medium > 0, e.hints > 1:
			return Likely
		case e.hints > 0 && orgs != different:
			return Likely
		case e.hints > 0:
			return Look
		}
	case similar:
		switch {
		case e.strong > 1:
			return Certain
		case e.strong > 0 || e.medium > 1:
			return Likely
		case e.medium > 0 || e.hints > 0 && orgs != different:
			return Look
		}
	case initials:
		switch {
		case e.strong > 1 || e.email:
			return Likely
		case e.strong+e.medium > 0, orgs == same:
			return Look
		}
	case partial:
		switch {
		case e.strong > 0 || e.medium > 1:
			return Likely
		case e.medium > 0:
			return Look
		}
	case renamed:
		switch {
		case e.strong > 1:
			return Likely
		case e.email || e.mobile:
			return Look
		}
	case family:
		if e.email && e.mobile {
			return Look
		}
	case different:
		if e.strong > 1 || e.email || e.mobile {
			return Look
		}
	}
	return No
}

// laneOfNameless is for two of which one or both have no person's name: an address that was collected, an organization.
func laneOfNameless(a, b *Profile, e evidence, orgs relation) Lane {
	if a.name.isZero() && b.name.isZero() {
		switch {
		case orgs == same && (e.strong+e.medium > 0 || e.hints > 1): // an organization's role address is its own
			return Certain
		case orgs == same:
			return Look
		case orgs == different:
			if e.email {
				return Look
			}
			return No
		case e.strong > 0 && orgs == nameless && len(a.orgs)+len(b.orgs) == 0:
			return Certain
		case e.strong > 0 || e.medium > 0 || e.hints > 0 && len(a.orgs)+len(b.orgs) == 0:
			return Likely
		}
		return No
	}
	bare := a
	if !a.name.isZero() {
		bare = b
	}
	switch {
	case len(bare.orgs) > 0: // an organization and someone who is reached there
		return No
	case e.strong > 0:
		return Likely
	case e.medium > 0:
		return Look
	}
	return No
}

// isRare reports whether so few bear the name that two of them are worth a look.
func isRare(a, b *Profile, sameNames func(Key) int) bool {
	if !a.name.isWhole() || !b.name.isWhole() {
		return false
	}
	for _, k := range a.Keys {
		if k.Sort() == byName && slices.Contains(b.Keys, k) && sameNames(k) > commonName {
			return false
		}
	}
	return true
}

// compareBirthdays is same, similar (as far as both are known), different, or nameless.
func compareBirthdays(a, b contact.Date) relation {
	if a.Month == 0 || b.Month == 0 || a.Day == 0 || b.Day == 0 {
		if a.Year != 0 && b.Year != 0 && a.Year != b.Year {
			return different
		}
		return nameless
	}
	switch {
	case a.Month != b.Month || a.Day != b.Day:
		return different
	case a.Year == 0 || b.Year == 0:
		return similar
	case a.Year != b.Year:
		return different
	}
	return same
}

func compareOrgs(a, b *Profile) relation {
	switch {
	case len(a.orgs) == 0 || len(b.orgs) == 0:
		return nameless
	case shares(a.orgs, b.orgs):
		return same
	}
	for _, x := range a.orgs {
		for _, y := range b.orgs {
			if closeTo(x, y) {
				return similar
			}
		}
	}
	return different
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

var relationReasons = map[relation]Kind{
	same: SameName, sameReading: SameReading, similar: SimilarName, initials: Initials, partial: PartOfName,
	renamed: OtherSurname, family: OtherGivenName, different: OtherName, nameless: NoName,
}
