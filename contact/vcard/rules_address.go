package vcard

import "strings"

// addressKinds are the kinds of component of ADR's fields (RFC 6350 section 6.3.1, then RFC 9554 section 2.1).
var addressKinds = []string{
	"postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country",
	"room", "apartment", "floor", "number", "name", "building", "block", "subdistrict", "district", "landmark", "direction",
}

// The fields that RFC 9554 splits: its readers take the parts, others these.
const (
	fieldExtended = 1
	fieldStreet   = 2
	fieldsOld     = 7
	fieldsNew     = 18
)

// addressRules are RFC 9555 section 2.6. GEO and TZ are addresses of their own.
func addressRules() []*rule {
	place := &types{contexts: append([][2]string{{"billing", "billing"}, {"delivery", "delivery"}}, homeWork...)}
	return []*rule{
		{name: "ADR", member: "addresses", label: true, types: place, read: readAddress, write: writeAddress},
		{name: "GEO", member: "addresses", rank: 1, only: true, types: plainTypes, read: readGeo, write: writeGeo},
		{name: "TZ", member: "addresses", rank: 1, only: true, types: plainTypes,
			read: func(p *property, e object) bool {
				zone := unescape(p.Value)
				e["timeZone"] = zone
				return strings.Contains(zone, "/") && !strings.ContainsAny(zone, " ;:,") // a name, not an offset
			},
			write: func(e object, _ Version, p *property) bool {
				p.Value = oneLine(text(e["timeZone"]))
				return p.Value != "" && e["components"] == nil && e["full"] == nil && e["coordinates"] == nil
			},
		},
	}
}

var addressParams = [][2]string{{"LABEL", "full"}, {"GEO", "coordinates"}, {"TZ", "timeZone"}, {"CC", "countryCode"}}

func readAddress(p *property, e object) bool {
	parts := fields(p.Value)
	split := false // into the fields of RFC 9554
	if len(parts) < fieldsNew {
		parts = parts[:min(len(parts), fieldsOld)] // Google adds the whole address as an eighth
	}
	for _, values := range parts[min(fieldsOld, len(parts)):] {
		split = split || strings.Join(values, "") != ""
	}
	var components list
	for i, values := range parts[:min(len(parts), len(addressKinds))] {
		if split && (i == fieldExtended || i == fieldStreet) {
			continue
		}
		for _, value := range values {
			if value != "" {
				components = append(components, object{"kind": addressKinds[i], "value": value})
			}
		}
	}
	if len(components) > 0 {
		e["components"] = components
	}
	said := len(components) > 0
	for _, param := range addressParams {
		if value := p.takeOne(param[0]); value != "" {
			e[param[1]] = value
			said = true
		}
	}
	return said
}

func writeAddress(e object, v Version, p *property) bool {
	parts := make([][]string, len(addressKinds))
	split := false
	for _, c := range elements(e["components"]) {
		kind := text(members(c)["kind"])
		for i, k := range addressKinds {
			if k == kind && (i != fieldExtended && i != fieldStreet) {
				parts[i] = append(parts[i], text(members(c)["value"]))
				split = split || i >= fieldsOld && kind != "apartment" && kind != "name"
				break
			}
		}
	}
	apartment, name := &parts[fieldsOld+1], &parts[fieldsOld+4]
	if split {
		for i := fieldsOld; i < len(parts); i++ {
			if kind := addressKinds[i]; kind == "number" || kind == "name" || kind == "block" || kind == "direction" || kind == "landmark" {
				parts[fieldStreet] = append(parts[fieldStreet], parts[i]...)
			} else {
				parts[fieldExtended] = append(parts[fieldExtended], parts[i]...)
			}
		}
	} else {
		parts[fieldExtended], parts[fieldStreet], *apartment, *name = *apartment, *name, nil, nil
	}
	count := fieldsOld
	if split {
		count = fieldsNew
	}
	p.Value = joinFields(parts, count)
	for _, param := range addressParams {
		if value := text(e[param[1]]); value != "" && (param[0] != "CC" || kept(e, countryParam) == nil) {
			p.set(param[0], []string{value})
		}
	}
	return strings.Trim(p.Value, ";,") != "" || len(p.Params) > 0
}

// readGeo reads "geo:48.2,16.3" of 4.0 and "48.2;16.3" of 3.0.
func readGeo(p *property, e object) bool {
	if value := unescape(p.Value); strings.HasPrefix(strings.ToLower(value), "geo:") {
		e["coordinates"] = value
		return true
	}
	latitude, longitude, ok := strings.Cut(p.Value, ";")
	if !ok {
		latitude, longitude, ok = strings.Cut(p.Value, ",")
	}
	e["coordinates"] = "geo:" + latitude + "," + longitude
	return ok && isNumber(latitude) && isNumber(longitude)
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "+-.0123456789") == "" }

func writeGeo(e object, v Version, p *property) bool {
	place := text(e["coordinates"])
	if e["components"] != nil || e["full"] != nil || e["timeZone"] != nil || place == "" {
		return false
	}
	latitude, longitude, ok := strings.Cut(strings.TrimPrefix(place, "geo:"), ",")
	if v == V30 && ok && isNumber(latitude) && isNumber(longitude) {
		p.Value = latitude + ";" + longitude
	} else {
		p.Value = oneLine(place)
	}
	return true
}
