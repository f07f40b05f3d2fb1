package vcard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// object and list are what a card's JSON is made of.
type (
	object = map[string]any
	list   = []any
)

func text(v any) string    { s, _ := v.(string); return s }
func members(v any) object { m, _ := v.(object); return m }
func elements(v any) list  { a, _ := v.(list); return a }

// textType are standard properties of one text without a member of their own; in jCard they are "text", others "unknown".
var textType = map[string]bool{"GENDER": true, "MAILER": true, "CLASS": true, "PROFILE": true, "NAME": true, "LABEL": true}

// toJCard writes a property as an element of vCardProps (RFC 9555 section 2.15.1, RFC 7095 section 3.3). fromJCard gives the
// same property again, letter by letter.
func toJCard(p property) list {
	params := paramsObject(p.Params)
	if p.Group != "" {
		params["group"] = p.Group
	}
	kind, value := "unknown", p.Value
	switch name := p.value("VALUE"); {
	case name == "text" && textType[p.Name]: // more than the type says
	case len(p.values("VALUE")) == 1 && name != "" && name != "unknown" && name == strings.ToLower(name) && isToken(name):
		if plain, ok := jcardText(p, name == "text"); ok {
			kind, value = name, plain
			delete(params, "value")
		}
	case name == "" && textType[p.Name]:
		if plain, ok := jcardText(p, true); ok {
			kind, value = "text", plain
		}
	}
	return list{strings.ToLower(p.Name), params, kind, value}
}

// jcardText is the value as a type other than "unknown" has it: without escapes.
func jcardText(p property, escaped bool) (string, bool) {
	if !escaped {
		return p.Value, !strings.Contains(p.Value, `\`)
	}
	plain := unescape(p.Value)
	return plain, escapeField(plain) == p.Value
}

// fromJCard reads an element of vCardProps, also as another program makes it: with several values, or structured ones.
func fromJCard(v any) (p property, ok bool) {
	a := elements(v)
	if len(a) < 4 {
		return p, false
	}
	name, kind := text(a[0]), text(a[2])
	if !isToken(name) || strings.Contains(name, ".") || kind == "" {
		return p, false
	}
	p.Name = strings.ToUpper(name)
	if p.Name == "BEGIN" || p.Name == "END" || p.Name == "VERSION" {
		return p, false
	}
	params, isObject := a[1].(object)
	if !isObject {
		return p, false
	}
	if p.Group = text(params["group"]); p.Group != "" && !isToken(p.Group) {
		return p, false
	}
	if p.Params, ok = paramsOf(params); !ok {
		return p, false
	}
	if kind != "unknown" && !(kind == "text" && textType[p.Name]) {
		if !isToken(kind) {
			return p, false
		}
		p.set("VALUE", []string{kind})
	}
	var values []string
	for _, v := range a[3:] {
		values = append(values, jcardValue(v, kind))
	}
	p.Value = strings.Join(values, ",")
	return p, true
}

func jcardValue(v any, kind string) string {
	switch v := v.(type) {
	case string:
		if kind == "text" {
			return escapeField(v)
		}
		return oneLine(v)
	case json.Number:
		return v.String()
	case list:
		var parts []string
		for _, part := range v {
			if inner, ok := part.(list); ok {
				var items []string
				for _, item := range inner {
					items = append(items, jcardValue(item, "text"))
				}
				parts = append(parts, strings.Join(items, ","))
				continue
			}
			parts = append(parts, jcardValue(part, "text"))
		}
		return strings.Join(parts, ";")
	}
	return oneLine(fmt.Sprint(v))
}

// paramsObject is the form of vCardParams (RFC 9555 section 2.15.2): names in lower case, a text or a list of them. A parameter
// that is really called GROUP keeps its capitals, "group" is the property's group.
func paramsObject(params []param) object {
	out := object{}
	for _, p := range params {
		name := strings.ToLower(p.Name)
		if name == "group" {
			name = "GROUP"
		}
		if len(p.Values) == 1 {
			out[name] = p.Values[0]
			continue
		}
		values := list{}
		for _, v := range p.Values {
			values = append(values, v)
		}
		out[name] = values
	}
	return out
}

// paramsOf reads paramsObject's form, sorted by name.
func paramsOf(o object) (params []param, ok bool) {
	for name, v := range o {
		if name == "group" {
			continue
		}
		if !isToken(name) {
			return nil, false
		}
		params = append(params, param{strings.ToUpper(name), paramValues(v)})
	}
	slices.SortFunc(params, func(a, b param) int { return strings.Compare(a.Name, b.Name) })
	return params, true
}

func paramValues(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case list:
		var out []string
		for _, item := range v {
			out = append(out, paramValues(item)...)
		}
		return out
	}
	return []string{fmt.Sprint(v)}
}
