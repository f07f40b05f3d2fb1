package contact

import (
	"slices"
	"strings"
	"testing"
)

func TestComponents(t *testing.T) {
	c := New().WithGiven("Augusta").WithSurname("King").WithComponent("title", "Dr.").WithComponent("given2", "Ada").WithSuffix("Jr. PhD")
	if c.FullName() != "Dr. Augusta Ada King Jr. PhD" || c.Suffix() != "Jr. PhD" || c.Component("generation") != "Jr." {
		t.Errorf("got %q, suffix %q", c.FullName(), c.Suffix())
	}
	if c = c.WithSuffix("").WithComponent("title", ""); c.FullName() != "Augusta Ada King" {
		t.Errorf("without: %q", c.FullName())
	}
}

func TestPhonetic(t *testing.T) {
	c := New().WithSurname("山田").WithGiven("太郎")
	for _, tt := range []struct{ kind, spoken, script string }{
		{"given", "たろう", `"Hira"`}, {"surname", "ヤマダ", `"Kana"`}, {"given", "Tarō", `"Kana"`}, {"surname", "Yamada", `"Latn"`},
	} {
		c = c.WithPhonetic(tt.kind, tt.spoken)
		if c.Phonetic(tt.kind) != tt.spoken || string(c.At("/name/phoneticScript")) != tt.script {
			t.Errorf("%s: %q, script %s, want %q, %s", tt.kind, c.Phonetic(tt.kind), c.At("/name/phoneticScript"), tt.spoken, tt.script)
		}
	}
	c = c.WithPhonetic("given", "").WithPhonetic("surname", "")
	if c.At("/name/phoneticScript") != nil || strings.Contains(string(c.JSON()), "phonetic") {
		t.Errorf("removed: %s", c.JSON())
	}
	if none := New().WithPhonetic("given", "x"); none.Phonetic("given") != "" {
		t.Errorf("of no name: %s", none.JSON())
	}
}

func TestDepartment(t *testing.T) {
	c := New().WithDepartment("Engines")
	if c.Department() != "Engines" || c.Organization() != "" {
		t.Fatalf("got %s", c.JSON())
	}
	c = c.WithOrganization("Analytical Society")
	if c.Department() != "Engines" || c.Organization() != "Analytical Society" {
		t.Errorf("with a name: %s", c.JSON())
	}
	more, err := c.WithField("/organizations/org/units/-", `{"name":"Second floor","x":1}`)
	if err != nil {
		t.Fatal(err)
	}
	if more = more.WithDepartment(""); more.Department() != "Second floor" {
		t.Errorf("the first removed: %s", more.JSON())
	}
	if more = more.WithDepartment("Third"); !strings.Contains(string(more.JSON()), `"x":1`) {
		t.Errorf("an unknown member has gone: %s", more.JSON())
	}
	if c = c.WithDepartment(""); c.At("/organizations/org/units") != nil {
		t.Errorf("removed: %s", c.JSON())
	}
}

func TestServices(t *testing.T) {
	c := New().WithServices([]Entry{{Label: "Signal", Value: "+44 20"}, {Label: "Matrix", Value: "matrix:u/ada:example.org"}, {Value: "@ada@example.org"}})
	got := c.Services()
	if len(got) != 3 || got[0].Label != "Signal" || got[1].Value != "matrix:u/ada:example.org" || got[2].Label != "" {
		t.Fatalf("got %+v", got)
	}
	if !strings.Contains(string(c.JSON()), `"uri":"matrix:u/ada:example.org"`) || !strings.Contains(string(c.JSON()), `"user":"@ada@example.org"`) {
		t.Errorf("got %s", c.JSON())
	}
	got[1].Value, got[0].Label = "@ada:example.org", "Threema"
	c = c.WithServices(got)
	if strings.Contains(string(c.JSON()), `"uri"`) || c.Services()[0].Label != "Threema" || c.Services()[1].Value != "@ada:example.org" {
		t.Errorf("changed: %s", c.JSON())
	}
	if again := c.WithServices(c.Services()); !again.Equal(c) {
		t.Errorf("the same again: %s", again.JSON())
	}
}

func TestOtherDates(t *testing.T) {
	c := New().WithBirthday(Date{Year: 1815, Month: 12, Day: 10}).WithDates([]DatedEntry{
		{Kind: "wedding", Date: Date{Year: 1835, Month: 7, Day: 8}}, {Kind: OtherDate, Label: "Name day", Date: Date{Month: 2, Day: 29}}, {Kind: "wedding"}})
	dates := c.Dates()
	if len(dates) != 2 || dates[1].Label != "Name day" || dates[1].Date.Year != 0 || c.Birthday().Year != 1815 {
		t.Fatalf("got %+v", dates)
	}
	if again := c.WithDates(dates); !again.Equal(c) {
		t.Errorf("the same again: %s, was %s", again.JSON(), c.JSON())
	}
	dates[0].Date.Day = 9
	if c = c.WithDates(dates[:1]); len(c.Dates()) != 1 || c.Dates()[0].Date.Day != 9 || c.Birthday().IsZero() {
		t.Errorf("changed: %s", c.JSON())
	}
	if c = c.WithDates(nil); len(c.Dates()) != 0 || c.Birthday().IsZero() {
		t.Errorf("removed: %s", c.JSON())
	}
}

func TestCustomAndLabels(t *testing.T) {
	c := New().WithStarred(true).WithCustom([]Entry{{Label: "Shoe size", Value: "38"}, {Value: "no label"}}).WithLabels([]string{"Science", "Family"})
	if got := c.Custom(); len(got) != 2 || got[0].Label != "Shoe size" || got[0].Value != "38" {
		t.Errorf("got %+v", got)
	}
	if c = c.WithLabels([]string{"Family", "New"}); !slices.Equal(c.Labels(), []string{"Family", "New"}) || !c.Starred() {
		t.Errorf("labels %v, a favourite: %v", c.Labels(), c.Starred())
	}
}
