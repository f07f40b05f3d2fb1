package ui

import (
	"testing"
	"time"

	"kith/contact/csv"
	"kith/contact/duplicate"
	"kith/data"
	"kith/syncer"
)

// TestReasonWords holds the window's English to that of the command line.
func TestReasonWords(t *testing.T) {
	for _, k := range []duplicate.Kind{duplicate.SameEmail, duplicate.SamePhone, duplicate.NationalPhone, duplicate.SharedEmail, duplicate.SharedPhone,
		duplicate.SameName, duplicate.SameReading, duplicate.SimilarName, duplicate.Initials, duplicate.PartOfName, duplicate.OtherSurname,
		duplicate.OtherGivenName, duplicate.OtherName, duplicate.NoName, duplicate.SameBirthday, duplicate.OtherBirthday, duplicate.SameOrg,
		duplicate.OtherOrg, duplicate.SameAddress, duplicate.SameLink, duplicate.OtherGeneration, duplicate.NotDuplicates} {
		if got, want := reasonWord(k), (duplicate.Reason{Kind: k}).String(); got != want {
			t.Errorf("%s: %q, want %q", k, got, want)
		}
	}
}

// TestSentencesOfOtherLanguages looks at texts in which numbers, lists and times stand: there the grammars differ.
func TestSentencesOfOtherLanguages(t *testing.T) {
	now := testNow
	synced := func(ago time.Duration) syncer.Status {
		return syncer.Status{State: syncer.Idle, LastSync: now.Add(-ago)}
	}
	tests := []struct {
		lang string
		say  func() string
		want string
	}{
		{"de", func() string { return statusText(synced(time.Hour), now) }, "Aktuell · abgeglichen vor 1 Stunde"},
		{"de", func() string { return statusText(synced(3*time.Hour), now) }, "Aktuell · abgeglichen vor 3 Stunden"},
		{"ja", func() string { return statusText(synced(0), now) }, "最新です · 同期: たった今"},
		{"zh-Hans", func() string { return statusText(synced(2*time.Minute), now) }, "已是最新 · 上次同步：2分钟前"},
		{"fr", func() string { return statusText(syncer.Status{State: syncer.Offline, Pending: 1}, now) }, "Hors ligne · 1 modification en attente"},
		{"es", func() string { return statusText(syncer.Status{State: syncer.Offline, Pending: 2}, now) }, "Sin conexión · 2 cambios en espera"},
		{"pt", func() string { return renamedText("Clube", "", 3) }, "Etiqueta “Clube” removida de 3 contatos"},
		{"ja", func() string { return renamedText("家族", "", 1) }, "1件の連絡先からラベル「家族」を外しました"},
		{"de", func() string { return qrLeftText([]string{"notes", "phones", "photos"}) }, "Nicht oder nicht ganz enthalten: Notiz, Photos und Telefon."},
		{"ja", func() string { return qrLeftText([]string{"notes", "phones"}) }, "含まれていない、または一部だけのもの: メモ、電話。"},
		{"fr", func() string { return heldText(data.Held{In: 40, Live: 100}) }, "40 contacts sur 100 seraient supprimés ici"},
		{"de", func() string { return kindName(phoneKinds(), "private") }, "Privat"},
		{"de", func() string { return kindKey(phoneKinds(), "Privat") }, "private"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			speak(t, tt.lang)
			if got := tt.say(); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.lang, got, tt.want)
			}
		})
	}
}

// TestChoicesAreToldApart: a choice is read back by its text, so no two of one list may say the same in any language.
func TestChoicesAreToldApart(t *testing.T) {
	kinds := func(all []kind) (texts []string) { return kindNames(all) }
	lists := map[string]func() []string{
		"phones": func() []string { return kinds(phoneKinds()) }, "dates": func() []string { return kinds(dateKinds()) },
		"services": func() []string { return kinds(serviceKinds()) }, "places": func() []string { return kinds(placeKinds()) },
		"relations": func() []string { return kinds(relationKinds()) },
		"columns":   func() []string { all, _ := columnChoices(csv.Column{}); return all },
		"colours":   func() []string { all := labelColorNames(); return all[:] },
		"themes":    func() []string { return optionTexts(themeOptions()) }, "texts": func() []string { return optionTexts(textOptions()) },
		"intervals": func() []string { return optionTexts(intervalOptions()) }, "strategies": func() []string { return optionTexts(strategyOptions()) },
		"layouts": func() []string { return optionTexts(layoutOptions()) }, "papers": func() []string { return optionTexts(paperOptions()) },
		"roles": func() []string { return optionTexts(roleOptions()) }, "terms": func() []string { return optionTexts(termOptions()) },
	}
	for _, l := range languages {
		speak(t, l.value)
		for name, list := range lists {
			seen := map[string]bool{}
			for _, text := range list() {
				if seen[text] || text == "" {
					t.Errorf("%s, %s: %q stands there twice, or is empty", l.value, name, text)
				}
				seen[text] = true
			}
		}
	}
}
