package ui

import (
	"testing"

	"fyne.io/fyne/v2/lang"
)

// pluralCounts are those at which the seven languages turn: French and Portuguese say nothing in the singular, the Romance languages say "de" behind a million.
var pluralCounts = []int{0, 1, 2, 5, 1_000_000}

// TestPlurals counts contacts in every language.
func TestPlurals(t *testing.T) {
	t.Setenv("LC_ALL", "") // how a million is written is the country's affair, and in Britain that of the language
	t.Setenv("LC_TIME", "")
	t.Setenv("LANG", "en_GB.UTF-8")
	want := map[string][]string{
		"en":      {"0 contacts", "1 contact", "2 contacts", "5 contacts", "1,000,000 contacts"},
		"de":      {"0 Kontakte", "1 Kontakt", "2 Kontakte", "5 Kontakte", "1.000.000 Kontakte"},
		"es":      {"0 contactos", "1 contacto", "2 contactos", "5 contactos", "1.000.000 de contactos"},
		"fr":      {"0 contact", "1 contact", "2 contacts", "5 contacts", "1\u202f000\u202f000 de contacts"},
		"pt":      {"0 contato", "1 contato", "2 contatos", "5 contatos", "1.000.000 de contatos"},
		"ja":      {"0件の連絡先", "1件の連絡先", "2件の連絡先", "5件の連絡先", "1,000,000件の連絡先"},
		"zh-Hans": {"0个联系人", "1个联系人", "2个联系人", "5个联系人", "1,000,000个联系人"},
	}
	for _, l := range languages {
		t.Run(l.value, func(t *testing.T) {
			speak(t, l.value)
			for i, n := range pluralCounts {
				if got := lang.N("{{.Count}} contacts", n, counted(n)); len(want[l.value]) == 0 || got != want[l.value][i] {
					t.Errorf("%d contacts are said as %q, want one of %q", n, got, want[l.value])
				}
			}
		})
	}
}
