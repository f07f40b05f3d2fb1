package duplicate

// Most of a block's cards that are compared each with each other. Of a value or a name that more share, nobody is compared by it; a name
// together with something else that more share is one contact entered again and again: there, each is compared with the next few.
const (
	mostByValue = 20
	mostByName  = 8
	mostByBoth  = 20
	window      = 4
)

// Paired reports whether two cards, at places i < j among the n cards of a key in their order, are to be compared because of it.
func (k Key) Paired(n, i, j int) bool {
	switch k.Sort() {
	case byValue:
		return n <= mostByValue
	case byName:
		return n <= mostByName
	}
	return n <= mostByBoth || j-i <= window
}

// Reach is how many cards of a key, before and after one of them in their order, it can be paired with.
func (k Key) Reach(n int) int {
	switch {
	case k.Paired(n, 0, n):
		return n
	case k.Sort() == byBoth:
		return window
	}
	return 0
}

// Turned reports whether a key means something else to those who share it since it went from one number of cards, and of different
// names among them, to another: then all of them are to be compared anew.
func (k Key) Turned(cardsBefore, namesBefore, cards, names int) bool {
	switch k.Sort() {
	case byValue:
		return (cardsBefore <= mostByValue) != (cards <= mostByValue) || (namesBefore > manyNames) != (names > manyNames)
	case byName:
		return (cardsBefore <= mostByName) != (cards <= mostByName) || (cardsBefore > commonName) != (cards > commonName)
	}
	return (cardsBefore <= mostByBoth) != (cards <= mostByBoth)
}
