package contact

// Kind is what the card is of: "individual", "group", "org", … (RFC 9553 section 2.1.4); "" : not said.
func (c Card) Kind() string { return text(c.members["kind"]) }

// Members are the uids, or URIs, of who belongs to a group (section 2.1.6).
func (c Card) Members() []string {
	var all []string
	held := object(c.members["members"])
	for _, key := range sortedKeys(held) {
		if held[key] == true {
			all = append(all, key)
		}
	}
	return all
}
