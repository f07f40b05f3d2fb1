package vcard

import "strings"

// resourceRules are RFC 9555 sections 2.3, 2.8, 2.11 and 2.12: what is a URI, or bytes.
func resourceRules() []*rule {
	return []*rule{
		mediaRule("PHOTO", "media", "image/", "kind", "photo"),
		mediaRule("LOGO", "media", "image/", "kind", "logo").ranked(1),
		mediaRule("SOUND", "media", "audio/", "kind", "sound").ranked(2),
		mediaRule("KEY", "cryptoKeys", "application/"),
		uriRule("CONTACT-URI", "links", "kind", "contact").labelled().ranked(1),
		uriRule("URL", "links").labelled(),
		blogRule("X-EVOLUTION-BLOG-URL"), blogRule("X-EVOLUTION-VIDEO-URL"), blogRule("X-KADDRESSBOOK-BLOGFEED"),
		uriRule("CALURI", "calendars", "kind", "calendar"),
		uriRule("FBURL", "calendars", "kind", "freeBusy"),
		uriRule("CALADRURI", "schedulingAddresses"),
		uriRule("SOURCE", "directories", "kind", "entry"),
		directoryRule(),
	}
}

func directoryRule() *rule {
	r := uriRule("ORG-DIRECTORY", "directories", "kind", "directory")
	read, write := r.read, r.write
	r.read = func(p *property, e object) bool { readListAs(p, e); return read(p, e) }
	r.write = func(e object, v Version, p *property) bool { writeListAs(e, p); return write(e, v, p) }
	return r
}

func blogRule(name string) *rule {
	r := uriRule(name, "links")
	r.only = true
	return r
}

// keyTypes are the names that 3.0 has for kinds of KEY.
var keyTypes = [][2]string{{"PGP", "application/pgp-keys"}, {"X509", "application/pkix-cert"}}

// mediaRule maps bytes in base64 (2.1, 3.0) and data: URIs (4.0) to a data: URI, and other URIs to themselves. In 3.0 TYPE is the
// kind of media (RFC 2426 section 3.1.4), in 4.0 MEDIATYPE is.
func mediaRule(name, member, family string, fixed ...string) *rule {
	return &rule{name: name, member: member, uri: true, types: &types{contexts: homeWork, keeps: true},
		read: func(p *property, e object) bool {
			kind := mediaType(p.take("TYPE"), family)
			if strings.EqualFold(p.value("ENCODING"), "b") {
				if !isBase64([]byte(p.Value)) || p.Value == "" {
					return false
				}
				p.take("ENCODING")
				if kind == "" {
					kind = sniff(p.Value, family)
				}
				e["uri"] = "data:" + kind + ";base64," + p.Value
			} else {
				uri := unescape(p.Value)
				if !hasScheme(uri) {
					return false
				}
				e["uri"] = uri
				if readMediaType(p, e); e["mediaType"] == nil && kind != "" && !strings.HasPrefix(uri, "data:") {
					e["mediaType"] = kind
				}
			}
			setFixed(e, fixed)
			return true
		},
		write: func(e object, v Version, p *property) bool {
			uri, ok := e["uri"].(string)
			p.Value = oneLine(uri)
			kind, bytes, isData := cutData(uri)
			switch {
			case v == V40, isData && mediaWord(kind, family) == "" && kind != octets:
				writeMediaType(e, p)
			case isData && !mentions(e, "encoding"):
				p.Value = bytes
				p.set("ENCODING", []string{"b"})
				if word := mediaWord(kind, family); word != "" {
					p.add("TYPE", word)
				}
			default:
				if word := mediaWord(text(e["mediaType"]), family); word != "" && kept(e, "mediatype") == nil {
					p.add("TYPE", word)
				} else {
					writeMediaType(e, p)
				}
				if !mentions(e, "value") {
					p.set("VALUE", []string{"uri"})
				}
			}
			return ok && hasFixed(e, fixed)
		},
	}
}

const octets = "application/octet-stream"

// cutData takes a base64 data: URI (RFC 2397) without parameters apart.
func cutData(uri string) (kind, bytes string, ok bool) {
	rest, isData := strings.CutPrefix(uri, "data:")
	kind, bytes, isBytes := strings.Cut(rest, ";base64,")
	return kind, bytes, isData && isBytes && bytes != "" && isBase64([]byte(bytes)) && !strings.ContainsAny(kind, ";,")
}

// mediaType is the media type that the words of TYPE name; "" if none does.
func mediaType(words []string, family string) string {
	for word := range strings.SplitSeq(strings.Join(words, ","), ",") {
		upper := strings.ToUpper(strings.TrimSpace(word))
		switch upper {
		case "", "HOME", "WORK", "PREF":
			continue
		case "JPG":
			return "image/jpeg"
		}
		for _, k := range keyTypes {
			if k[0] == upper && family == "application/" {
				return k[1]
			}
		}
		if word = strings.ToLower(upper); strings.Contains(word, "/") {
			return word
		}
		return family + word
	}
	return ""
}

// mediaWord is TYPE's word for a media type; "" if TYPE can't say it.
func mediaWord(kind, family string) string {
	for _, k := range keyTypes {
		if k[1] == kind && family == "application/" {
			return k[0]
		}
	}
	word, ok := strings.CutPrefix(kind, family)
	if !ok || kind == octets || word == "" || word != strings.ToLower(word) || strings.ContainsAny(word, ",; ") {
		return ""
	}
	if word == "home" || word == "work" || word == "pref" || word == "jpg" {
		return ""
	}
	return strings.ToUpper(word)
}

// signatures are the first bytes of kinds of media, in base64.
var signatures = [][2]string{
	{"/9j/", "image/jpeg"}, {"iVBORw0KGgo", "image/png"}, {"R0lGOD", "image/gif"}, {"UklGR", "image/webp"}, {"Qk", "image/bmp"},
}

// sniff looks at the first bytes where TYPE says nothing.
func sniff(encoded, family string) string {
	for _, s := range signatures {
		if strings.HasPrefix(encoded, s[0]) && strings.HasPrefix(s[1], family) {
			return s[1]
		}
	}
	return octets
}
