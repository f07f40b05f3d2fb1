package main

import (
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
)

// What "show" prints has everything that people typed or imported: what it leaves out looks lost.
func TestDescribeLeavesNothingOut(t *testing.T) {
	c, err := contact.Parse([]byte(`{"uid":"u","name":{"full":"Ada King","components":[{"kind":"given","value":"Ada","phonetic":"Ay-da"},{"kind":"surname","value":"King"}]},
		"nicknames":{"n":{"name":"Addie"}},"organizations":{"org":{"name":"Engines","units":[{"name":"Programs"}]}},"titles":{"title":{"name":"Countess"}},
		"phones":{"p":{"number":"1","features":{"mobile":true}}},"emails":{"e":{"address":"a@b.c","label":"School"}},"links":{"l":{"uri":"https://a.example"}},
		"addresses":{"a":{"contexts":{"private":true},"components":[{"kind":"name","value":"1 A St"},{"kind":"locality","value":"Leeds"},{"kind":"postcode","value":"LS1"},{"kind":"country","value":"UK"}]}},
		"onlineServices":{"o":{"service":"Signal","user":"ada.1"}},"kith.app:fields":{"f":{"label":"Shoe","value":"38"}},
		"anniversaries":{"b":{"kind":"birth","date":{"year":1815}},"w":{"kind":"wedding","date":{"month":7,"day":8}},"x":{"kind":"kith.app:date","label":"Name day","date":{"month":7,"day":26}}},
		"relatedTo":{"v":{"relation":{"spouse":true},"kith.app:name":"Will"},"Anne":{"relation":{"kith.app:manager":true}}},"keywords":{"Choir":true,"starred":true},
		"media":{"photo":{"kind":"photo","mediaType":"image/png","uri":"data:image/png;base64,AA=="}},"notes":{"note":{"note":"one\ntwo"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range describe(told{Contact: data.Contact{ID: "u", Card: c}, bookName: "Family", names: map[string]string{"v": "William King"}}) {
		got = append(got, strings.Join(row, "="))
	}
	want := []string{"Name=Ada King", "Nickname=Addie", "Spoken=Ay-da", "Organization=Engines", "Department=Programs", "Title=Countess", "Phone (mobile)=1", "E-mail (School)=a@b.c",
		"Address (home)=1 A St", "=Leeds", "=LS1", "=UK", "Link=https://a.example", "Messenger (Signal)=ada.1", "Birthday=1815", "Date (wedding)=--07-08", "Date (Name day)=--07-26",
		"Related (manager)=Anne", "Related (spouse)=William King", "Shoe=38", "Labels=Choir", `Photo=image/png: "kithctl photo ID --export FILE" writes it`, "Note=one", "=two", "Favourite=yes",
		"Book=Family", "Id=u"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
