package vcard

import "strings"

// splitRaw cuts a raw value at each separator that no backslash precedes. The parts are still escaped.
func splitRaw(raw string, separator byte) []string {
	if strings.IndexByte(raw, separator) < 0 {
		return []string{raw}
	}
	var parts []string
	start := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case separator:
			parts = append(parts, raw[start:i])
			start = i + 1
		}
	}
	return append(parts, raw[start:])
}

// unescape reads the escapes of RFC 6350 section 3.4, and "\:" and "\;" wherever they stand, as programs write them. Any other
// backslash stands for itself.
func unescape(raw string) string {
	if strings.IndexByte(raw, '\\') < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			b.WriteByte(raw[i])
			continue
		}
		switch next := raw[i+1]; next {
		case 'n', 'N':
			b.WriteByte('\n')
			i++
		case '\\', ',', ';', ':':
			b.WriteByte(next)
			i++
		default:
			b.WriteByte('\\')
		}
	}
	return b.String()
}

var (
	newlines  = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`)
	fieldText = strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)
	plainText = strings.NewReplacer(`\`, `\\`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)
)

// escapeField writes one part of a structured value, or one of a list.
func escapeField(s string) string { return fieldText.Replace(s) }

// escapeText writes a value that is one text. Version 4.0 leaves semicolons alone there (RFC 6350 section 3.4).
func escapeText(s string, v Version) string {
	if v == V40 {
		return plainText.Replace(s)
	}
	return fieldText.Replace(s)
}

// oneLine keeps a verbatim value from ending its line.
func oneLine(s string) string {
	if strings.ContainsAny(s, "\r\n") {
		return newlines.Replace(s)
	}
	return s
}

// fields reads a structured value: its parts, each a list.
func fields(raw string) [][]string {
	var out [][]string
	for _, part := range splitRaw(raw, ';') {
		var list []string
		for _, item := range splitRaw(part, ',') {
			list = append(list, unescape(item))
		}
		out = append(out, list)
	}
	return out
}

// joinFields writes a structured value with at least n parts.
func joinFields(parts [][]string, n int) string {
	for len(parts) > n && len(parts[len(parts)-1]) == 0 {
		parts = parts[:len(parts)-1]
	}
	var b strings.Builder
	for i := range max(n, len(parts)) {
		if i > 0 {
			b.WriteByte(';')
		}
		if i < len(parts) {
			for j, item := range parts[i] {
				if j > 0 {
					b.WriteByte(',')
				}
				b.WriteString(escapeField(item))
			}
		}
	}
	return b.String()
}

// modernText turns the value of a vCard 2.1 property into the escapes of 3.0. There a comma means nothing, "\;" is the only escape
// of the standard, and "\," and "\n" are ones that programs use all the same; inside quoted-printable "\n" is taken literally.
func modernText(name, value string, quotedPrintable bool) string {
	switch name {
	case "N", "ADR", "ORG":
		parts := splitRaw(value, ';')
		for i := range parts {
			parts[i] = escapeField(oldUnescape(parts[i], quotedPrintable))
		}
		return strings.Join(parts, ";")
	case "FN", "NOTE", "TITLE", "ROLE", "EMAIL", "TEL", "LABEL", "MAILER", "SORT-STRING":
		return escapeField(oldUnescape(value, quotedPrintable))
	}
	return oneLine(value)
}

func oldUnescape(s string, quotedPrintable bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch next := s[i+1]; {
			case next == ';' || next == ',':
				b.WriteByte(next)
				i++
				continue
			case (next == 'n' || next == 'N') && !quotedPrintable:
				b.WriteByte('\n')
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
