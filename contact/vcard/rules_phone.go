package vcard

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// telRule is TEL. A tel: URI (RFC 3966) is shown as the number that it is; the URI is remembered, and written again as long as the number
// is the same. In 3.0, where TEL has no URIs (RFC 2426 section 3.3.1), only if it stood so in one.
func telRule() *rule {
	r := textRule("TEL", "phones", "number")
	read, write := r.read, r.write
	r.read = func(p *property, e object) bool {
		if !read(p, e) {
			return false
		}
		if number, ok := telNumber(p.Value); ok {
			e["number"] = number
			if p.value("VALUE") == "uri" && len(p.values("VALUE")) == 1 {
				p.take("VALUE")
			}
		}
		return true
	}
	r.write = func(e object, v Version, p *property) bool {
		raw := text(e[memberValue])
		if number, ok := telNumber(raw); ok && number == e["number"] && !r.foreign(e, v, raw) {
			p.Value = oneLine(raw)
			if !mentions(e, "value") {
				p.set("VALUE", []string{"uri"})
			}
			return true
		}
		return write(e, v, p)
	}
	r.foreign = func(e object, v Version, raw string) bool {
		if _, isURI := telNumber(raw); !isURI || v != V30 || mentions(e, "value") {
			return false
		}
		_, params, _ := strings.Cut(raw, ";")
		return params == "" || strings.HasPrefix(strings.ToLower(params), "ext=") && !strings.Contains(params, ";") // else the number says less
	}
	return r
}

// telNumber is the number of a tel: URI, with its extension as people write it.
func telNumber(raw string) (number string, ok bool) {
	uri := strings.TrimSpace(unescape(raw))
	if len(uri) < 4 || !strings.EqualFold(uri[:4], "tel:") {
		return "", false
	}
	number, params, _ := strings.Cut(uri[4:], ";")
	if decoded, err := url.PathUnescape(number); err == nil && utf8.ValidString(decoded) {
		number = decoded
	}
	if number = strings.TrimSpace(number); number == "" {
		return "", false
	}
	for param := range strings.SplitSeq(params, ";") {
		if name, ext, _ := strings.Cut(param, "="); strings.EqualFold(name, "ext") && ext != "" {
			number += " ext. " + ext
		}
	}
	return number, true
}
