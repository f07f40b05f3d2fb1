package vcard

import (
	"encoding/json"
	"strconv"
	"strings"

	"kith/contact"
)

// rules are the properties that become entries, by name, and variants those of a name that is taken; defaults are the rules of each member, in the order in which an entry
// without a vCardName tries them. entryMembers is the order in which members are written.
var rules, variants, defaults, entryMembers = collectRules()

func collectRules() (byName map[string]*rule, more, byMember map[string][]*rule, order []string) {
	byName, more, byMember = map[string]*rule{}, map[string][]*rule{}, map[string][]*rule{}
	for _, set := range [][]*rule{communicationRules(), addressRules(), organizationRules(), dateRules(), resourceRules(), personRules(), androidRules()} {
		for _, r := range set {
			if byName[r.name] == nil {
				byName[r.name] = r
			} else {
				more[r.name] = append(more[r.name], r)
			}
			if byMember[r.member] == nil {
				order = append(order, r.member)
			}
			byMember[r.member] = append(byMember[r.member], r)
		}
	}
	return byName, more, byMember, order
}

// ruleNamed is the rule of a property for entries of a member.
func ruleNamed(name, member string) *rule {
	if r := rules[name]; r != nil && r.member == member {
		return r
	}
	for _, r := range variants[name] {
		if r.member == member {
			return r
		}
	}
	return nil
}

var plainTypes = &types{contexts: homeWork}

// textRule maps one text to one member of the entry (RFC 9555 sections 2.6 to 2.9); fixed are members that go with the property.
func textRule(name, member, field string, fixed ...string) *rule {
	return &rule{name: name, member: member, types: plainTypes,
		read: func(p *property, e object) bool {
			value := unescape(p.Value)
			if strings.TrimSpace(value) == "" {
				return false
			}
			e[field] = value
			setFixed(e, fixed)
			return true
		},
		write: func(e object, v Version, p *property) bool {
			value, ok := e[field].(string)
			p.Value = escapeText(value, v)
			return ok && hasFixed(e, fixed)
		},
	}
}

// uriRule maps a URI to the entry's uri.
func uriRule(name, member string, fixed ...string) *rule {
	return &rule{name: name, member: member, types: plainTypes, uri: true,
		read: func(p *property, e object) bool {
			value := unescape(p.Value)
			if strings.TrimSpace(value) == "" {
				return false
			}
			e["uri"] = value
			setFixed(e, fixed)
			readMediaType(p, e)
			return true
		},
		write: func(e object, v Version, p *property) bool {
			value, ok := e["uri"].(string)
			p.Value = oneLine(value)
			writeMediaType(e, p)
			return ok && hasFixed(e, fixed)
		},
	}
}

func (r *rule) labelled() *rule      { r.label = true; return r }
func (r *rule) ranked(n int) *rule   { r.rank = n; return r }
func (r *rule) typed(t *types) *rule { r.types = t; return r }
func setFixed(e object, fixed []string) {
	for i := 0; i < len(fixed); i += 2 {
		e[fixed[i]] = fixed[i+1]
	}
}

func hasFixed(e object, fixed []string) bool {
	for i := 0; i < len(fixed); i += 2 {
		if e[fixed[i]] != fixed[i+1] {
			return false
		}
	}
	return true
}

func readMediaType(p *property, e object) {
	if kind := p.takeOne("MEDIATYPE"); kind != "" {
		e["mediaType"] = kind
	}
}

func writeMediaType(e object, p *property) {
	if kind := text(e["mediaType"]); kind != "" {
		p.set("MEDIATYPE", []string{kind})
	}
}

// kept is a remembered parameter of an entry.
func kept(e object, name string) []string { return paramValues(members(e[memberParams])[name]) }

// mentions reports whether an entry remembers a parameter, be it that it was left out.
func mentions(e object, name string) bool { return members(e[memberParams])[name] != nil }

// communicationRules are RFC 9555 section 2.7, and the names for messengers of before IMPP.
func communicationRules() []*rule {
	phone := &types{contexts: homeWork, flagsIn: "features", flags: [][2]string{
		{"voice", "voice"}, {"cell", "mobile"}, {"fax", "fax"}, {"pager", "pager"}, {"text", "text"}, {"textphone", "textphone"},
		{"video", "video"}, {"main-number", "main-number"},
	}, aliases: map[string][]string{ // Apple, Nokia, Roundcube
		"main": {"main-number"}, "mobile": {"cell"}, "homefax": {"home", "fax"}, "workfax": {"work", "fax"}, "homemobile": {"home", "cell"},
		"workmobile": {"work", "cell"}, "tty-tdd": {"textphone"},
	}}
	out := []*rule{
		telRule().labelled().typed(phone),
		textRule("EMAIL", "emails", "address").labelled(),
		serviceRule("SOCIALPROFILE", V40), serviceRule("X-SOCIALPROFILE", V30), serviceRule("IMPP", ""),
		textRule("LANG", "preferredLanguages", "language"),
	}
	for name, service := range map[string]string{
		"X-AIM": "AIM", "X-ICQ": "ICQ", "X-JABBER": "Jabber", "X-MSN": "MSN", "X-YAHOO": "Yahoo", "X-SKYPE": "Skype",
		"X-SKYPE-USERNAME": "Skype", "X-GADUGADU": "Gadu-Gadu", "X-GROUPWISE": "GroupWise", "X-GOOGLE-TALK": "Google Talk",
		"X-GTALK": "Google Talk", "X-QQ": "QQ", "X-TWITTER": "Twitter", "X-MATRIX": "Matrix",
	} {
		r := textRule(name, "onlineServices", "user", "service", service).labelled()
		r.only = true
		out = append(out, r)
	}
	return out
}

// serviceRule maps IMPP, SOCIALPROFILE (RFC 9554 section 3.5) and Apple's X-SOCIALPROFILE. v is the version whose usual property for
// a service it is.
func serviceRule(name string, v Version) *rule {
	services, users := []string{"x-service-type", "service-type"}, []string{"x-user", "username"}
	apple := name == "X-SOCIALPROFILE" // where TYPE is the service
	return &rule{name: name, member: "onlineServices", label: true, uri: true, version: v,
		types: &types{contexts: homeWork, keeps: apple},
		read: func(p *property, e object) bool {
			value := unescape(p.Value)
			if strings.TrimSpace(value) == "" {
				return false
			}
			if p.value("VALUE") == "text" {
				e["user"] = value
			} else {
				e["uri"] = value
			}
			if apple {
				for word := range strings.SplitSeq(strings.Join(p.take("TYPE"), ","), ",") {
					if known := strings.ToLower(word); e["service"] == nil && word != "" && known != "home" && known != "work" && known != "pref" {
						e["service"] = word
					}
				}
			}
			for _, param := range services {
				if service := p.value(strings.ToUpper(param)); service != "" {
					e["service"] = service
				}
			}
			for _, param := range users {
				if user := p.value(strings.ToUpper(param)); user != "" {
					e["user"] = user
				}
			}
			return true
		},
		write: func(e object, target Version, p *property) bool {
			uri, isURI := e["uri"].(string)
			user := text(e["user"])
			p.Value = oneLine(uri)
			if !isURI {
				p.set("VALUE", []string{"text"})
				p.Value = escapeText(user, target)
				user = ""
			}
			usual := map[Version]int{V30: 0, V40: 1}[target]
			if service := text(e["service"]); apple && kept(e, services[0]) == nil && kept(e, services[1]) == nil && service != "" {
				p.add("TYPE", service)
			} else {
				setKept(e, p, services, usual, service)
			}
			setKept(e, p, users, usual, user)
			return isURI || text(e["user"]) != ""
		},
	}
}

// setKept writes a member that has had several names as a parameter: under the one that it came with.
func setKept(e object, p *property, names []string, usual int, value string) {
	if value == "" {
		return
	}
	name := names[usual]
	for _, n := range names {
		if len(kept(e, n)) == 1 {
			name = n
		}
	}
	p.set(strings.ToUpper(name), []string{value})
}

// organizationRules are RFC 9555 section 2.9.
func organizationRules() []*rule {
	return []*rule{
		{name: "ORG", member: "organizations", label: true, types: plainTypes, read: readOrganization, write: writeOrganization},
		titleRule(),
		textRule("ROLE", "titles", "name", "kind", "role").labelled().ranked(1),
		noteRule().labelled(),
	}
}

// noteRule takes who wrote the note and when (RFC 9554 sections 4.1 to 4.3, RFC 9555 section 2.11.3) too.
func noteRule() *rule {
	r := textRule("NOTE", "notes", "note")
	read, write := r.read, r.write
	r.read = func(p *property, e object) bool {
		author := object{}
		if name := p.takeOne("AUTHOR-NAME"); name != "" {
			author["name"] = name
		}
		if uri := p.takeOne("AUTHOR"); uri != "" {
			author["uri"] = uri
		}
		if len(author) > 0 {
			e["author"] = author
		}
		if created, ok := readTime(p.value("CREATED")); ok && writeTime(created, V40) == p.value("CREATED") && len(p.values("CREATED")) == 1 {
			e["created"] = created
			p.take("CREATED")
		}
		return read(p, e)
	}
	r.write = func(e object, v Version, p *property) bool {
		if name := text(members(e["author"])["name"]); name != "" {
			p.set("AUTHOR-NAME", []string{name})
		}
		if uri := text(members(e["author"])["uri"]); uri != "" {
			p.set("AUTHOR", []string{uri})
		}
		if created := text(e["created"]); created != "" {
			p.set("CREATED", []string{writeTime(created, V40)})
		}
		return write(e, v, p)
	}
	return r
}

// titleRule also takes an entry without a kind: "title" is the default (RFC 9553 section 2.2.5).
func titleRule() *rule {
	r := textRule("TITLE", "titles", "name").labelled()
	read, write := r.read, r.write
	r.read = func(p *property, e object) bool {
		e["kind"] = "title"
		return read(p, e)
	}
	r.write = func(e object, v Version, p *property) bool {
		return (e["kind"] == nil || e["kind"] == "title") && write(e, v, p)
	}
	return r
}

func readOrganization(p *property, e object) bool {
	var units list
	for i, part := range splitRaw(p.Value, ';') {
		switch name := unescape(part); {
		case i == 0 && name != "":
			e["name"] = name
		case i > 0:
			units = append(units, object{"name": name})
		}
	}
	for len(units) > 0 && text(members(units[len(units)-1])["name"]) == "" {
		units = units[:len(units)-1]
	}
	if sortAs := strings.Split(strings.Join(p.values("SORT-AS"), ","), ","); len(sortAs) <= 1+len(units) && sortAs[0] != "" && e["name"] != nil {
		p.take("SORT-AS") // RFC 9555 section 2.1: of the name, then of the units
		e["sortAs"] = sortAs[0]
		for i, word := range sortAs[1:] {
			if word != "" {
				members(units[i])["sortAs"] = word
			}
		}
	}
	if len(units) > 0 {
		e["units"] = units
	}
	return e["name"] != nil || e["units"] != nil
}

func writeOrganization(e object, _ Version, p *property) bool {
	parts, sortAs := []string{escapeField(text(e["name"]))}, []string{text(e["sortAs"])}
	for _, unit := range elements(e["units"]) {
		parts = append(parts, escapeField(text(members(unit)["name"])))
		sortAs = append(sortAs, text(members(unit)["sortAs"]))
	}
	if sortAs[0] != "" {
		p.set("SORT-AS", []string{strings.TrimRight(strings.Join(sortAs, ","), ",")})
	}
	p.Value = strings.Join(parts, ";")
	return p.Value != ""
}

// personRules are what is left: RELATED (section 2.9.5), pronouns (2.5), and RFC 6715 (2.10).
func personRules() []*rule {
	nickname := textRule("NICKNAME", "nicknames", "name")
	nickname.write = func(e object, _ Version, p *property) bool {
		p.Value = escapeField(text(e["name"]))
		return p.Value != ""
	}
	return []*rule{
		nickname,
		textRule("X-KITH-FIELD", contact.CustomMember, "value").labelled(),
		thunderbirdRule(1), thunderbirdRule(2), thunderbirdRule(3), thunderbirdRule(4),
		textRule("PRONOUNS", "speakToAs/pronouns", "pronouns"),
		infoRule("EXPERTISE", "expertise", map[string]string{"beginner": "low", "average": "medium", "expert": "high"}),
		infoRule("HOBBY", "hobby", map[string]string{"low": "low", "medium": "medium", "high": "high"}),
		infoRule("INTEREST", "interest", map[string]string{"low": "low", "medium": "medium", "high": "high"}),
		relatedRule("RELATED", ""),
		relatedRule("X-ABRELATEDNAMES", "").labelled(),
		relatedRule("X-SPOUSE", "spouse"), relatedRule("X-EVOLUTION-SPOUSE", "spouse"), relatedRule("X-KADDRESSBOOK-X-SPOUSESNAME", "spouse"),
		relatedRule("X-ASSISTANT", "kith.app:assistant"), relatedRule("X-EVOLUTION-ASSISTANT", "kith.app:assistant"),
		relatedRule("X-KADDRESSBOOK-X-ASSISTANTSNAME", "kith.app:assistant"),
		relatedRule("X-MANAGER", "kith.app:manager"), relatedRule("X-EVOLUTION-MANAGER", "kith.app:manager"),
		relatedRule("X-KADDRESSBOOK-X-MANAGERSNAME", "kith.app:manager"),
	}
}

// thunderbirdRule is one of the four fields that Thunderbird leaves to people.
func thunderbirdRule(n int) *rule {
	digit := strconv.Itoa(n)
	r := textRule("X-CUSTOM"+digit, contact.CustomMember, "value", "label", "Custom "+digit)
	r.only = true
	return r
}

// readListAs and writeListAs are INDEX (RFC 6715 section 3.1, RFC 9555 section 2.1).
func readListAs(p *property, e object) {
	if n, err := strconv.Atoi(p.value("INDEX")); err == nil && n > 0 && strconv.Itoa(n) == p.value("INDEX") && len(p.values("INDEX")) == 1 {
		e["listAs"] = json.Number(p.value("INDEX"))
		p.take("INDEX")
	}
}

func writeListAs(e object, p *property) {
	if n, ok := e["listAs"].(json.Number); ok {
		p.set("INDEX", []string{n.String()})
	}
}

func infoRule(name, kind string, levels map[string]string) *rule {
	r := textRule(name, "personalInfo", "value", "kind", kind)
	read, write := r.read, r.write
	r.read = func(p *property, e object) bool {
		readListAs(p, e)
		if level := levels[p.value("LEVEL")]; level != "" && len(p.values("LEVEL")) == 1 {
			e["level"] = level
			p.take("LEVEL")
		}
		return read(p, e)
	}
	r.write = func(e object, v Version, p *property) bool {
		writeListAs(e, p)
		for word, level := range levels {
			if e["level"] == level {
				p.set("LEVEL", []string{word})
			}
		}
		return write(e, v, p)
	}
	return r
}

// relatedRule maps to relatedTo, whose keys are uids, URIs or names (RFC 9553 section 2.1.8). relation is what the property itself says.
func relatedRule(name, relation string) *rule {
	r := &rule{name: name, member: "relatedTo", keyed: true, only: name != "RELATED"}
	if name == "RELATED" {
		r.types = &types{flagsIn: "relation"}
		for _, word := range strings.Fields("contact acquaintance friend met co-worker colleague co-resident neighbor child parent sibling " +
			"spouse kin muse crush date sweetheart me agent emergency") {
			r.types.flags = append(r.types.flags, [2]string{word, word})
		}
	}
	r.read = func(p *property, e object) bool {
		key := unescape(p.Value)
		if uid, ok := cutUUID(key); ok && r.types != nil {
			key = uid
		}
		e[""] = key
		if relation != "" {
			e["relation"] = object{relation: true}
		}
		return strings.TrimSpace(key) != ""
	}
	r.write = func(e object, v Version, p *property) bool {
		key := text(e[""])
		switch {
		case r.types == nil:
			p.Value = escapeText(key, v)
		case isUUID(key):
			p.Value = "urn:uuid:" + key
		case hasScheme(key) && !strings.EqualFold(strings.Join(kept(e, "value"), ","), "text"):
			p.Value = oneLine(key)
		default:
			if !mentions(e, "value") {
				p.set("VALUE", []string{"text"})
			}
			p.Value = escapeText(key, v)
		}
		return relation == "" || members(e["relation"])[relation] == true && len(members(e["relation"])) == 1
	}
	return r
}
