package duplicate

import (
	"strings"
)

// mailbox is an e-mail address as it is compared; "" if it is none.
func mailbox(typed string) string {
	address := strings.ToLower(strings.TrimSpace(typed))
	address = strings.TrimPrefix(address, "mailto:")
	if open := strings.LastIndexByte(address, '<'); open >= 0 && strings.HasSuffix(address, ">") {
		address = address[open+1 : len(address)-1] // "Ada <ada@example.org>"
	}
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return ""
	}
	local, domain := address[:at], strings.TrimSuffix(address[at+1:], ".")
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" { // Google delivers all of these to one mailbox
		local, _, _ = strings.Cut(local, "+")
		local = strings.ReplaceAll(local, ".", "")
	}
	return local + "@" + domain
}

// roles are mailboxes of a function, not of a person.
var roles = wordSet(`abuse accounting accounts admin administration anfrage anmeldung bestellung billing booking bookings buchhaltung buero
buro bureau careers compta contact contacto contatti customerservice datenschutz direccion empfang enquiries event events feedback
finance hello help helpdesk hi hola hostmaster hr info infos information inquiries invoice invoices it jobs kasse kontakt kundenservice
legal mail mailbox mailer-daemon marketing media news newsletter no-reply noreply office orders participate personal post postmaster
praxis presse press privacy rechnung reception recepcion redaktion reservations reservierung root sales sekretariat secretary security
segreteria service services shop support team ventas verkauf vertrieb verwaltung vorstand webmaster zentrale`)

// isRole reports whether the mailbox is one that several people read.
func isRole(mailbox string) bool {
	local, _, _ := strings.Cut(mailbox, "@")
	return roles[local]
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}
