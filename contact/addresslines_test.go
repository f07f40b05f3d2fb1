package contact

import (
	"strings"
	"testing"
)

func TestAddressLines(t *testing.T) {
	tests := []struct {
		name, home string
		address    Address
		want       string
	}{
		{"nothing", "", Address{}, ""},
		{"as it came", "", Address{Full: "1 Main St\nYork"}, "1 Main St|York"},
		{"the parts before the whole", "", Address{Full: "1 Main St, York", Locality: "York"}, "York"},
		{"no country", "", Address{Street: "Weg 1\nHof 2", Postcode: "80331", Locality: "München", Region: "Bayern"}, "Weg 1|Hof 2|80331 München|Bayern"},
		{"at home in the United States", "US", Address{Street: "1 A St", Postcode: "95014", Locality: "Cupertino", Region: "CA"}, "1 A St|Cupertino, CA 95014"},
		{"abroad from the United States", "US", Address{Postcode: "75001", Locality: "Paris", Country: "France"}, "75001 Paris|France"},
		{"United States", "DE", Address{Street: "1 A St", Postcode: "95014", Locality: "Cupertino", Region: "CA", Country: "U.S.A."}, "1 A St|Cupertino, CA 95014|U.S.A."},
		{"a code and another language", "", Address{Postcode: "95014", Locality: "Cupertino", Region: "CA", Country: "Etelä-Amerikan naapuri", CountryCode: "us"}, "Cupertino, CA 95014|Etelä-Amerikan naapuri"},
		{"United States, without a city", "US", Address{Region: "CA", Postcode: "95014"}, "CA 95014"},
		{"Canada", "", Address{Postcode: "K1A 0B1", Locality: "Ottawa", Region: "ON", Country: "Canada"}, "Ottawa ON K1A 0B1|Canada"},
		{"Britain", "", Address{Street: "10 Downing St", Postcode: "SW1A 2AA", Locality: "London", Country: "UK"}, "10 Downing St|London|SW1A 2AA|UK"},
		{"India", "", Address{Postcode: "400001", Locality: "Mumbai", Region: "Maharashtra", Country: "India"}, "Mumbai 400001|Maharashtra|India"},
		{"Italy", "", Address{Street: "Via Roma 1", Postcode: "20121", Locality: "Milano", Region: "MI", Country: "Italia"}, "Via Roma 1|20121 Milano MI|Italia"},
		{"Brazil", "", Address{Postcode: "01310-100", Locality: "São Paulo", Region: "SP", Country: "Brasil"}, "São Paulo - SP|01310-100|Brasil"},
		{"Japan", "", Address{Street: "千代田1-1", Postcode: "100-0001", Locality: "千代田区", Region: "東京都", Country: "日本"}, "100-0001|東京都千代田区千代田1-1|日本"},
		{"Japan in Latin letters", "", Address{Street: "1-1 Chiyoda", Postcode: "100-0001", Locality: "Tokyo", Country: "Japan"}, "1-1 Chiyoda|100-0001 Tokyo|Japan"},
		{"Germany", "US", Address{Postcode: "50667", Locality: "Köln", Region: "NRW", Country: "DE"}, "50667 Köln|NRW|DE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(tt.address.Lines(tt.home), "|"); got != tt.want {
				t.Errorf("Lines = %q; want %q", got, tt.want)
			}
		})
	}
}

// The code of the country goes with the country: an address that moves from the United States to Japan is none of the United States.
func TestCountryCodeFollows(t *testing.T) {
	c, err := Parse([]byte(`{"uid":"u","addresses":{"a":{"countryCode":"US","components":[{"kind":"locality","value":"Cupertino"},{"kind":"country","value":"USA"}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	all := c.Addresses()
	if all[0].CountryCode != "US" {
		t.Errorf("the code is %q", all[0].CountryCode)
	}
	all[0].Street = "1 A St"
	if code, _ := c.WithAddresses(all).Field("/addresses/a/countryCode"); code != "US" {
		t.Errorf("a new street made the code %q", code)
	}
	all[0].Country = "Japan"
	if code, err := c.WithAddresses(all).Field("/addresses/a/countryCode"); code != "" {
		t.Errorf("in Japan the code is %q, %v", code, err)
	}
}
