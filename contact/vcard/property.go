package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is one of the two versions that are written.
type Version string

const (
	V30 Version = "3.0" // RFC 2426
	V40 Version = "4.0" // RFC 6350
)

// property is one content line without its transfer encoding. Name and the names of parameters are in upper case. Value is in
// the escapes of 3.0 and 4.0 and holds no line end.
type property struct {
	Group, Name string
	Params      []param
	Value       string
}

// param is one parameter; those of one name are one. Values are not escaped in any way.
type param struct {
	Name   string
	Values []string
}

func (p *property) values(name string) []string {
	for i := range p.Params {
		if p.Params[i].Name == name {
			return p.Params[i].Values
		}
	}
	return nil
}

// value is the parameter's first value, or "".
func (p *property) value(name string) string {
	if v := p.values(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// take removes a parameter and returns its values.
func (p *property) take(name string) []string {
	for i := range p.Params {
		if p.Params[i].Name == name {
			values := p.Params[i].Values
			p.Params = slices.Delete(p.Params, i, i+1)
			return values
		}
	}
	return nil
}

// takeOne is take where the parameter has exactly one value; otherwise it stays.
func (p *property) takeOne(name string) string {
	if v := p.values(name); len(v) == 1 {
		p.take(name)
		return v[0]
	}
	return ""
}

func (p *property) add(name string, values ...string) {
	for i := range p.Params {
		if p.Params[i].Name == name {
			p.Params[i].Values = append(slices.Clip(p.Params[i].Values), values...)
			return
		}
	}
	p.Params = append(p.Params, param{name, values})
}

// set replaces a parameter where it stands.
func (p *property) set(name string, values []string) {
	for i := range p.Params {
		if p.Params[i].Name == name {
			p.Params[i].Values = values
			return
		}
	}
	p.Params = append(p.Params, param{name, values})
}

func (p property) clone() property {
	p.Params = slices.Clone(p.Params)
	return p
}

// same reports whether two properties say the same in the same letters; the order of parameters means nothing.
func (p property) same(o property) bool {
	if p.Name != o.Name || p.Group != o.Group || p.Value != o.Value || len(p.Params) != len(o.Params) {
		return false
	}
	for _, a := range p.Params {
		if i := slices.IndexFunc(o.Params, func(b param) bool { return a.Name == b.Name }); i < 0 || !slices.Equal(a.Values, o.Params[i].Values) {
			return false
		}
	}
	return true
}

// key is the same for two properties that are the same.
func (p property) key() string {
	var b strings.Builder
	params := p.Params
	if len(params) > 1 {
		params = slices.SortedFunc(slices.Values(params), func(a, b param) int { return strings.Compare(a.Name, b.Name) })
	}
	for _, q := range params {
		b.WriteString(q.Name)
		for _, v := range q.Values {
			b.WriteByte(0)
			b.WriteString(strconv.Quote(v))
		}
		b.WriteByte(1)
	}
	return p.Group + "\x00" + p.Name + "\x00" + b.String() + "\x00" + p.Value
}

// maxParams is the most values of parameters that a line may have: far over any program's, and few enough to be looked through.
const maxParams = 1000

var (
	ErrParams = fmt.Errorf("the line has more than %d parameters", maxParams)
	ErrName   = errors.New("the name before the colon is not one of a property")
	ErrNested = errors.New("BEGIN or END of something else inside a card")
)

// parseProperty reads one content line. old is vCard 2.1: parameters without a name, no RFC 6868, other escapes.
func parseProperty(line []byte, old bool) (property, error) {
	var p property
	end := bytes.IndexAny(line, ";:")
	if end < 0 {
		return p, ErrNoColon
	}
	name := strings.TrimSpace(string(bytes.TrimPrefix(line[:end], byteOrderMark)))
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		p.Group, name = name[:dot], name[dot+1:]
	}
	if !isToken(name) || strings.Contains(name, ".") || p.Group != "" && !isToken(p.Group) {
		return p, fmt.Errorf("%w: %.40q", ErrName, name)
	}
	p.Name = strings.ToUpper(name)
	if p.Name == "BEGIN" || p.Name == "END" {
		return p, ErrNested
	}
	header := paramScanner{line: line, at: end, old: old}
	for header.more() {
		if header.one(&p); header.count > maxParams {
			return p, ErrParams
		}
	}
	if header.at >= len(line) {
		return p, ErrNoColon
	}
	p.decode(line[header.at+1:], old)
	return p, nil
}

// isToken reports whether s can be the name of a property, a parameter or a group. RFC 6350 has letters, digits and "-".
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/') {
			return false
		}
	}
	return s != ""
}

type paramScanner struct {
	line []byte
	at   int // of the semicolon or colon that ends the last thing read
	old  bool

	count int // of values
}

func (s *paramScanner) more() bool { return s.at < len(s.line) && s.line[s.at] == ';' }

// one reads a parameter: NAME=value, NAME="value", a list of both, or a bare word.
func (s *paramScanner) one(p *property) {
	rest := s.line[s.at+1:]
	stop := bytes.IndexAny(rest, "=;:")
	if stop < 0 {
		s.at = len(s.line)
		return
	}
	name := string(bytes.TrimSpace(rest[:stop]))
	if rest[stop] != '=' || !isToken(name) {
		if rest[stop] == '=' { // Android's X-CUSTOM(CHARSET=UTF-8,…): a word with marks in it
			if stop = bytes.IndexAny(rest, ";:"); stop < 0 {
				s.at = len(s.line)
				return
			}
		}
		s.at += 1 + stop
		if word, _ := toUTF8(bytes.TrimSpace(rest[:stop]), ""); word != "" {
			p.add(bareName(word), word)
			s.count++
		}
		return
	}
	name = strings.ToUpper(name)
	s.at += 1 + stop
	for { // at the "=" or at a comma
		value := s.value()
		p.add(name, value)
		if s.count++; s.count > maxParams || s.at >= len(s.line) || s.line[s.at] != ',' {
			return
		}
	}
}

// value reads one value and stops at the comma, semicolon or colon behind it.
func (s *paramScanner) value() string {
	s.at++
	rest := s.line[s.at:]
	var raw []byte
	if length, ok := quotedLength(rest); ok {
		raw = rest[1 : length-1]
		s.at += length
	} else {
		stop := bytes.IndexAny(rest, ",;:")
		if stop < 0 {
			stop = len(rest)
		}
		raw = bytes.TrimSpace(rest[:stop])
		s.at += stop
	}
	value, _ := toUTF8(raw, "")
	if !s.old {
		value = caretDecode(value)
	}
	return oneLineParam.Replace(value)
}

// oneLineParam: a carriage return can't be written again, RFC 6868 has only the line feed.
var oneLineParam = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// quotedLength is the length of a quoted value at the start of rest. A quotation mark that nothing closes is an ordinary one.
func quotedLength(rest []byte) (int, bool) {
	if len(rest) == 0 || rest[0] != '"' {
		return 0, false
	}
	end := bytes.IndexByte(rest[1:], '"')
	if end < 0 {
		return 0, false
	}
	end += 2
	if end == len(rest) || rest[end] == ',' || rest[end] == ';' || rest[end] == ':' {
		return end, true
	}
	return 0, false
}

// bareName is the parameter that a word of vCard 2.1 without a name belongs to (section 2.1.1 there).
func bareName(word string) string {
	switch strings.ToUpper(word) {
	case "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT":
		return "ENCODING"
	case "URL", "INLINE", "CONTENT-ID", "CID":
		return "VALUE"
	case "UTF-8":
		return "CHARSET"
	}
	return "TYPE"
}

var caretEncode = strings.NewReplacer("^", "^^", "\n", "^n", `"`, "^'")

// caretDecode is RFC 6868, section 3.
func caretDecode(s string) string {
	if strings.IndexByte(s, '^') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '^' && i+1 < len(s) {
			if at := strings.IndexByte("^n'", s[i+1]); at >= 0 {
				b.WriteByte("^\n\""[at])
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// decode takes the transfer encoding and the character set off the value.
func (p *property) decode(raw []byte, old bool) {
	quotedPrintable := false
	if encodings := p.values("ENCODING"); len(encodings) == 1 {
		switch encoding := encodings[0]; {
		case isQuotedPrintable(encoding):
			p.take("ENCODING")
			quotedPrintable, raw = true, decodeQuotedPrintable(raw)
		case strings.EqualFold(encoding, "8BIT"), strings.EqualFold(encoding, "7BIT"):
			p.take("ENCODING")
		case isBase64Name(encoding):
			p.set("ENCODING", []string{"b"})
			raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte(" "), nil), []byte("\t"), nil)
		}
	}
	value, known := toUTF8(raw, p.value("CHARSET"))
	if known {
		p.take("CHARSET")
	}
	if old {
		p.Value = modernText(p.Name, value, quotedPrintable)
	} else {
		p.Value = oneLine(value)
	}
}
