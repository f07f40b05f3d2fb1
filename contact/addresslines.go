package contact

import (
	"slices"
	"strings"
	"unicode"
)

// Lines is the address as it stands on a letter, in the order of its country (the addresses that Google's libaddressinput and the
// Universal Postal Union give): its code, else its name, else home, the country of who reads it, "" for none that is known.
func (a Address) Lines(home string) []string {
	if a.Full != "" && a.Street == "" && a.Locality == "" {
		return strings.Split(a.Full, "\n")
	}
	country := countryCode(a.CountryCode)
	if country == "" {
		country = countryCode(a.Country)
	}
	if country == "" && strings.TrimSpace(a.Country) == "" {
		country = countryCode(home)
	}
	street := strings.Split(a.Street, "\n")
	var order []string
	switch country {
	case "US", "AU", "CA":
		order = append(street, joined(" ", a.Locality, a.Region, a.Postcode), a.Country)
		if country == "US" {
			order[len(order)-2] = joined(", ", a.Locality, joined(" ", a.Region, a.Postcode))
		}
	case "GB":
		order = append(street, a.Locality, a.Region, a.Postcode, a.Country)
	case "IE", "NZ", "ZA", "SG", "IN":
		order = append(street, joined(" ", a.Locality, a.Postcode), a.Region, a.Country)
	case "IT", "ES":
		order = append(street, joined(" ", a.Postcode, a.Locality, a.Region), a.Country)
	case "BR":
		order = append(street, joined(" - ", a.Locality, a.Region), a.Postcode, a.Country)
	case "JP", "CN", "TW", "KR":
		if inEastAsianScript(a.Locality + a.Region + a.Street) { // in Latin letters they are written the other way round
			gap := ""
			if country == "KR" {
				gap = " "
			}
			order = []string{a.Postcode, joined(gap, append([]string{a.Region, a.Locality}, street...)...), a.Country}
			break
		}
		fallthrough
	default:
		order = append(street, joined(" ", a.Postcode, a.Locality), a.Region, a.Country)
	}
	var lines []string
	for _, line := range order {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// joined puts what is given of the parts into one line.
func joined(gap string, parts ...string) string {
	var given []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			given = append(given, p)
		}
	}
	return strings.Join(given, gap)
}

func inEastAsianScript(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	})
}

// countryNames are what people write for the countries whose order is not the common one, folded; the first is the code of ISO 3166-1.
var countryNames = [][]string{
	{"us", "usa", "united states", "united states of america", "u s a", "u s", "vereinigte staaten", "etats unis", "estados unidos", "アメリカ合衆国", "美国"},
	{"ca", "canada", "kanada"}, {"au", "australia", "australien", "australie"}, {"nz", "new zealand", "neuseeland"},
	{"gb", "uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland", "vereinigtes konigreich", "grossbritannien", "royaume uni", "reino unido"},
	{"ie", "ireland", "eire", "irland", "irlande", "irlanda"}, {"in", "india", "indien"}, {"sg", "singapore", "singapur"}, {"za", "south africa", "sudafrika"},
	{"it", "italy", "italia", "italien", "italie"}, {"es", "spain", "espana", "spanien", "espagne"}, {"br", "brazil", "brasil", "brasilien"},
	{"jp", "japan", "日本", "日本国"}, {"cn", "china", "中国", "中國"}, {"tw", "taiwan", "台湾", "台灣"}, {"kr", "south korea", "korea", "대한민국", "한국"},
}

// countryCode is the code of a country whose order is known, by its code or name; another code of two letters is itself; else "".
func countryCode(s string) string {
	folded := strings.Join(strings.FieldsFunc(Fold(s), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }), " ")
	for _, names := range countryNames {
		if slices.Contains(names, folded) {
			return strings.ToUpper(names[0])
		}
	}
	if len(folded) == 2 && folded[0] >= 'a' && folded[1] >= 'a' {
		return strings.ToUpper(folded)
	}
	return ""
}
