package contact

import "strings"

// FamilyName is the display name with the surname first, as in a telephone directory; without a surname it is the display name.
func (c Card) FamilyName() string {
	surname := c.Surname()
	if surname == "" {
		return c.DisplayName()
	}
	return strings.TrimSpace(surname + " " + c.Given())
}
