package contact

// NamePart is one component of a name (RFC 9553, section 2.2.1): Kind is given, surname, title, …
type NamePart struct{ Kind, Value, Phonetic string }

// NameParts are the components of the name, in their order; separators are left out.
func (c Card) NameParts() []NamePart {
	var parts []NamePart
	for _, v := range list(object(c.members["name"])["components"]) {
		part := object(v)
		if kind, value := text(part["kind"]), text(part["value"]); kind != "" && kind != "separator" && value != "" {
			parts = append(parts, NamePart{kind, value, text(part["phonetic"])})
		}
	}
	return parts
}
