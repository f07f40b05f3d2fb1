package duplicate

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"kith/contact"
)

// minDigits is the shortest number, without its country's code, that can be one person's: shorter ones are extensions, services, and
// local numbers whose area nobody knows.
const minDigits = 7

// phone is a number as it is compared.
type phone struct {
	national  string // without country code and trunk prefix; "" : it can't be compared
	country   int    // 0: not known
	assumed   bool   // the number was written without its country: country is the book's
	extension string
	mobile    bool
}

// readPhone reads a number as typed; region is the country (ISO 3166) of numbers without one, "" : not known.
func readPhone(typed, region string) phone {
	digits := contact.Digits(typed)
	if len(digits) < minDigits {
		return phone{}
	}
	text := strings.TrimSpace(strings.TrimPrefix(strings.ToLower(typed), "tel:"))
	if strings.HasPrefix(digits, "00") && strings.HasPrefix(text, "0") && region != "US" && region != "CA" {
		text = "+" + digits[2:] // the international prefix of most countries (ITU-T E.164, annex)
	}
	international := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "＋")
	if n, err := phonenumbers.Parse(text, region); err == nil && (international || region != "") {
		p := phone{national: strings.TrimLeft(phonenumbers.GetNationalSignificantNumber(n), "0"), country: int(n.GetCountryCode()), assumed: !international, extension: n.GetExtension()}
		if len(p.national) < minDigits {
			return phone{}
		}
		p.mobile = phonenumbers.GetNumberType(n) == phonenumbers.MOBILE
		return p
	}
	national := strings.TrimLeft(digits, "0")
	if len(national) < minDigits || strings.ContainsAny(text, "*#;") {
		return phone{}
	}
	return phone{national: national, assumed: true}
}

// samePhone says how surely two numbers are one.
func samePhone(a, b phone) certainty {
	switch {
	case a.national == "" || a.national != b.national:
		return 0
	case a.extension != b.extension:
		return hint // one switchboard
	case a.country != 0 && b.country != 0 && a.country != b.country:
		if a.assumed || b.assumed {
			return hint
		}
		return 0
	case a.assumed != b.assumed, a.country == 0 || b.country == 0:
		return medium
	}
	return strong
}

// Regions counts the countries of numbers that say theirs, to guess the one of those that don't.
type Regions map[string]int

// Add counts the card's numbers.
func (r Regions) Add(c contact.Card) {
	for _, e := range c.Phones() {
		if text := strings.TrimSpace(e.Value); strings.HasPrefix(text, "+") {
			if n, err := phonenumbers.Parse(text, ""); err == nil {
				if region := phonenumbers.GetRegionCodeForNumber(n); len(region) == 2 {
					r[region]++
				}
			}
		}
	}
}

// Most is the commonest country, "" if there is none; locale's if it is as common.
func (r Regions) Most(locale string) string {
	best := ""
	if r[locale] > 0 || len(r) == 0 {
		best = locale
	}
	for region, n := range r {
		if n > r[best] || n == r[best] && best != locale && region < best {
			best = region
		}
	}
	return best
}

// LocaleRegion is the country of a locale as systems name it (de_AT.UTF-8, en-GB), "" if it names none.
func LocaleRegion(locale string) string {
	locale, _, _ = strings.Cut(locale, ".")
	locale, _, _ = strings.Cut(locale, "@")
	_, region, _ := strings.Cut(strings.ReplaceAll(locale, "-", "_"), "_")
	if len(region) != 2 || !phonenumbers.GetSupportedRegions()[strings.ToUpper(region)] {
		return ""
	}
	return strings.ToUpper(region)
}
