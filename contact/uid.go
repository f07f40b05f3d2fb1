package contact

// WithUID is a copy of the card as another contact.
func (c Card) WithUID(uid string) Card { return c.with(uid, "uid") }
