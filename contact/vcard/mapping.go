package vcard

import (
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"encoding/json"
)

// The members by which an entry remembers how it stood in the vCard.
const (
	memberParams = "vCardParams"         // RFC 9555 section 2.15.2
	memberName   = "vCardName"           // RFC 9555 section 2.15.3
	memberProps  = "vCardProps"          // RFC 9555 section 2.15.1
	memberValue  = "kith.app:vCardValue" // ours: the value as it was spelled
	memberLine   = "kith.app:vCardLine"  // ours: entries with one number stood on one line, as NICKNAME:Bob,Robbie
	memberLines  = "kith.app:vCardProps" // ours: properties of the card as they were spelled

	// In vCardParams, of properties of the same group: an X-ABLabel that the label doesn't spell out, and an X-ABADR.
	labelParam   = "x-ablabel"
	countryParam = "x-abadr"
)

// rule maps one vCard property to an entry of a keyed map of the card.
type rule struct {
	name    string  // of the property
	member  string  // of the card
	rank    int     // entries of a higher rank sort behind the others of the member
	label   bool    // X-ABLabel of the same group is the entry's label
	keyed   bool    // the key in the map says something (RELATED): read sets it as entry[""]
	uri     bool    // the value is a URI: it has no escapes
	only    bool    // written only for an entry whose vCardName says so
	types   *types  // TYPE and PREF have meanings
	version Version // the only one in which an entry is written so without a vCardName; "": both

	// foreign says of a remembered spelling that it is none in this version; nil: none ever is.
	foreign func(e object, v Version, raw string) bool

	// read takes what it understands out of p and fills e; false: not one of these.
	read func(p *property, e object) bool
	// write gives the value, and the parameters beside TYPE and PREF; false: this entry can't be written so.
	write func(e object, v Version, p *property) bool
}

// types are what the values of TYPE mean in entries of one kind.
type types struct {
	contexts [][2]string // value of TYPE, context
	flags    [][2]string // value of TYPE, name in the member flagsIn
	flagsIn  string
	aliases  map[string][]string // what programs write for several of these, or by another name
	keeps    bool                // TYPE says more than that, which read takes
}

// words are the words of a TYPE list in small letters, also where they stand in one value as in TYPE="voice,home".
func (t *types) words(values []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range values {
			for word := range strings.SplitSeq(v, ",") {
				word = strings.ToLower(strings.TrimSpace(word))
				said := t.aliases[word]
				if said == nil && !yield(word) {
					return
				}
				for _, one := range said {
					if !yield(one) {
						return
					}
				}
			}
		}
	}
}

var homeWork = [][2]string{{"home", "private"}, {"work", "work"}}

// parse reads the content of a property: what it says as an entry, and the parameters that no member holds.
func (r *rule) parse(p property) (e object, rest []param, ok bool) {
	q := p.clone()
	e = object{}
	if r.types != nil {
		if n, err := strconv.Atoi(q.value("PREF")); err == nil && n >= 1 && n <= 100 && len(q.values("PREF")) == 1 {
			e["pref"] = json.Number(strconv.Itoa(n))
			if q.value("PREF") == strconv.Itoa(n) {
				q.take("PREF")
			}
		}
		r.types.read(q.values("TYPE"), e)
		if !r.types.keeps {
			q.take("TYPE")
		}
	}
	if !r.read(&q, e) {
		return nil, nil, false
	}
	return e, q.Params, true
}

func (t *types) read(values []string, e object) {
	set := func(member, flag string) {
		if e[member] == nil {
			e[member] = object{}
		}
		members(e[member])[flag] = true
	}
	for word := range t.words(values) {
		if word == "pref" && e["pref"] == nil {
			e["pref"] = json.Number("1")
		}
		for _, c := range t.contexts {
			if c[0] == word {
				set("contexts", c[1])
			}
		}
		for _, f := range t.flags {
			if f[0] == word {
				set(t.flagsIn, f[1])
			}
		}
	}
}

// known reports whether a value of TYPE has a member.
func (t *types) known(word string) bool {
	e := object{}
	t.read([]string{word}, e)
	return len(e) > 0
}

// write gives the usual spelling: upper case in 3.0, lower case in 4.0, where the preference isn't a type.
func (t *types) write(e object, v Version, p *property) {
	var words []string
	for _, c := range t.contexts {
		if members(e["contexts"])[c[1]] == true {
			words = append(words, c[0])
		}
	}
	for _, f := range t.flags {
		if members(e[t.flagsIn])[f[1]] == true {
			words = append(words, f[0])
		}
	}
	if pref := prefOf(e); pref == 1 && v == V30 {
		words = append(words, "pref")
	} else if pref > 0 {
		p.set("PREF", []string{strconv.Itoa(pref)})
	}
	if v == V30 {
		for i := range words {
			words[i] = strings.ToUpper(words[i])
		}
	}
	if len(words) > 0 {
		p.add("TYPE", words...)
	}
}

func prefOf(e object) int {
	digits, _ := e["pref"].(json.Number)
	n, err := strconv.Atoi(digits.String())
	if err != nil || n < 1 || n > 100 {
		return 0
	}
	return n
}

// compose writes an entry as a property: from its members, and from what it remembers as far as that still holds.
func (r *rule) compose(e object, v Version) (property, bool) {
	p := property{Name: r.name}
	if !r.write(e, v, &p) {
		return p, false
	}
	if r.types != nil {
		r.types.write(e, v, &p)
	}
	kept := members(e[memberParams])
	if group := text(kept["group"]); isToken(group) {
		p.Group = group
	}
	r.restorePref(e, kept, &p)
	r.restoreTypes(kept, &p)
	rest, _ := paramsOf(kept)
	for _, q := range rest {
		switch {
		case len(q.Values) == 0, q.Name == "X-ABLABEL", q.Name == "X-ABADR", q.Name == "TYPE", q.Name == "PREF" && r.types != nil, p.values(q.Name) != nil:
		case q.Name == "VALUE" && (p.values("ENCODING") != nil || strings.EqualFold(strings.Join(q.Values, ","), "uri") && !hasScheme(p.Value)):
			// the value isn't of that type any more
		default:
			p.add(q.Name, q.Values...)
		}
	}
	if raw, ok := e[memberValue].(string); ok && (r.foreign == nil || !r.foreign(e, v, raw)) {
		spelled := p.clone()
		spelled.Value = oneLine(raw)
		if r.sameContent(p, spelled) {
			p = spelled
		}
	}
	return p, true
}

// restorePref writes a remembered PREF instead of ours if it says what the member says, or is no number.
func (r *rule) restorePref(e, kept object, p *property) {
	remembered := paramValues(kept["pref"])
	if len(remembered) == 0 || r.types == nil {
		return
	}
	if n, err := strconv.Atoi(strings.Join(remembered, ",")); err == nil && n >= 1 && n <= 100 && n != prefOf(e) {
		return
	}
	p.set("PREF", remembered)
	words := slices.DeleteFunc(slices.Clone(p.values("TYPE")), func(w string) bool { return w == "PREF" })
	if p.take("TYPE"); len(words) > 0 {
		p.add("TYPE", words...)
	}
}

// restoreTypes puts the remembered TYPE list in the place of the usual one if both mean the same, and else adds its words that mean
// nothing to us.
func (r *rule) restoreTypes(kept object, p *property) {
	remembered, there := kept["type"]
	if !there {
		return
	}
	words := paramValues(remembered)
	if r.types == nil {
		if p.values("TYPE") == nil && len(words) > 0 {
			p.add("TYPE", words...)
		}
		return
	}
	spelled := p.clone()
	if spelled.take("TYPE"); len(words) > 0 {
		spelled.add("TYPE", words...)
	}
	if r.sameTypes(*p, spelled) {
		*p = spelled
		return
	}
	for _, word := range words {
		if !r.types.known(word) && !slices.Contains(p.values("TYPE"), word) {
			p.add("TYPE", word)
		}
	}
}

// sameTypes is sameContent for two properties that differ in TYPE.
func (r *rule) sameTypes(p, q property) bool {
	if r.types.keeps {
		return r.sameContent(p, q)
	}
	a, prefA := r.types.meaning(p.values("TYPE"))
	b, prefB := r.types.meaning(q.values("TYPE"))
	return a == b && (prefA == prefB || p.values("PREF") != nil)
}

// meaning has a bit for each context and flag.
func (t *types) meaning(values []string) (bits uint64, pref bool) {
	for word := range t.words(values) {
		pref = pref || word == "pref"
		for i, c := range t.contexts {
			if c[0] == word {
				bits |= 1 << i
			}
		}
		for i, f := range t.flags {
			if f[0] == word {
				bits |= 1 << (len(t.contexts) + i)
			}
		}
	}
	return bits, pref
}

func (r *rule) sameContent(p, q property) bool {
	a, _, aOK := r.parse(p)
	b, _, bOK := r.parse(q)
	return aOK && bOK && reflect.DeepEqual(a, b)
}

// remember adds to the entry what its usual form in this version lacks of p. It reports whether the way back gives p again.
func (r *rule) remember(e object, p property, rest []param, v Version) bool {
	kept := paramsObject(rest)
	if p.Group != "" {
		kept["group"] = p.Group
	}
	store := func() {
		if len(kept) > 0 {
			e[memberParams] = kept
		}
	}
	store()
	got, ok := r.compose(e, v)
	if !ok || got.same(p) {
		return ok
	}
	if !slices.Equal(got.values("TYPE"), p.values("TYPE")) {
		kept["type"] = paramsObject([]param{{"TYPE", p.values("TYPE")}})["type"]
	}
	if n := p.value("PREF"); n != "" && got.value("PREF") != n {
		kept["pref"] = n
	}
	leaveOut := func() {
		for _, name := range []string{"VALUE", "ENCODING"} {
			if got.values(name) != nil && p.values(name) == nil {
				kept[strings.ToLower(name)] = list{} // it was left out, so it is to be again
			}
		}
		store()
	}
	leaveOut()
	if got, ok = r.compose(e, v); !ok {
		return false
	}
	if got.Value != p.Value && !r.tolerates(got.Value, p.Value) {
		e[memberValue] = p.Value
		if r.foreign != nil && r.foreign(e, v, p.Value) {
			kept["value"] = paramsObject([]param{{"VALUE", p.values("VALUE")}})["value"]
			store()
		}
		if got, ok = r.compose(e, v); !ok {
			return false
		}
		leaveOut()
	}
	got, ok = r.compose(e, v)
	if r.tolerates(got.Value, p.Value) {
		got.Value = p.Value
	}
	return ok && (got.same(p) || impliedPref(got, p))
}

// tolerates reports whether a long URI (a photo) differs in nothing but escapes that URIs don't have: to remember these would cost a
// second copy.
func (r *rule) tolerates(ours, theirs string) bool {
	return r.uri && len(theirs) > 1024 && unescape(ours) == unescape(theirs)
}

// impliedPref: a 4.0 card with TYPE=pref gets the PREF=1 that it meant.
func impliedPref(got, p property) bool {
	return p.value("PREF") == "" && slices.Equal(got.take("PREF"), []string{"1"}) && got.same(p)
}

// remembered are the members of an entry that are not its content.
var remembered = []string{memberParams, memberName, memberValue, memberLine}

// content is the entry without what it remembers of the vCard, in a form in which equal entries are deeply equal: without type
// names, which say nothing, and with unordered components in one order.
func content(e object) object {
	out, _ := plain(e).(object)
	for _, m := range remembered {
		delete(out, m)
	}
	return out
}

func plain(v any) any {
	switch v := v.(type) {
	case list:
		out := make(list, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case object:
		out := make(object, len(v))
		for name, member := range v {
			if name == "@type" && member != "Timestamp" || name == "isOrdered" && member == false {
				continue
			}
			if flags, ok := member.(object); ok && name == "relation" && len(flags) == 0 {
				continue
			}
			out[name] = plain(member)
		}
		if parts := elements(out["components"]); parts != nil && out["isOrdered"] == nil {
			slices.SortStableFunc(parts, func(a, b any) int {
				return strings.Compare(text(members(a)["kind"]), text(members(b)["kind"]))
			})
		}
		return out
	}
	return v
}

// hasScheme reports whether s begins like a URI (RFC 3986 section 3.1).
func hasScheme(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	return ok && len(scheme) > 1 && isToken(scheme) && !strings.ContainsAny(scheme, "_/")
}
