package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestTable(t *testing.T) {
	tests := []struct {
		name string
		rows [][]string
		want string
	}{
		{"aligned", [][]string{{"Ada", "x"}, {"Grace Hopper", "y"}}, "Ada           x\nGrace Hopper  y\n"},
		{"East Asian names are two cells wide", [][]string{{"山田太郎", "x"}, {"Ada", "y"}}, "山田太郎  x\nAda       y\n"},
		{"accents set apart take no cell", [][]string{{"Zoe\u0308", "x"}, {"Ada", "y"}}, "Zoe\u0308  x\nAda  y\n"},
		{"no blanks at the end", [][]string{{"Ada", ""}, {"Grace", "x"}}, "Ada\nGrace  x\n"},
		{"a line stays a line", [][]string{{"a\nb\tc", "x"}}, "a b c  x\n"},
		{"no orders to the terminal", [][]string{{"\x1b[2Jred\x07", "x"}}, "[2Jred  x\n"},
		{"rows of unlike length", [][]string{{"a"}, {"bb", "x"}}, "a\nbb  x\n"},
		{"empty", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			table(&b, tt.rows)
			if got := b.String(); got != tt.want {
				t.Errorf("table = %q; want %q", got, tt.want)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	tests := []struct{ s, want string }{
		{"Ada", "Ada"},
		{strings.Repeat("a", 48), strings.Repeat("a", 48)},
		{strings.Repeat("a", 49), strings.Repeat("a", 47) + "…"},
		{strings.Repeat("山", 30), strings.Repeat("山", 23) + "…"},
	}
	for _, tt := range tests {
		if got := shorten(tt.s); got != tt.want || cells(got) > 48 {
			t.Errorf("shorten(%q) = %q, %d cells; want %q", tt.s, got, cells(got), tt.want)
		}
	}
}

func TestLeaves(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"a value", `"a"`, `"b"`, `/x: a -> b`},
		{"a new object", ``, `{"n":{"note":"b"},"t/u":1}`, `/x/n/note: nothing -> b, /x/t~1u: nothing -> 1`},
		{"an object gone", `{"n":"a"}`, ``, `/x/n: a -> nothing`},
		{"two objects", `{"a":1,"b":2}`, `{"b":3}`, `/x/a: 1 -> nothing, /x/b: 2 -> 3`},
		{"an object for a value", `1`, `{"b":3}`, `/x: 1 -> {"b":3}`},
		{"an array", ``, `[1,2]`, `/x: nothing -> [1,2]`},
	}
	raw := func(s string) json.RawMessage {
		if s == "" {
			return nil
		}
		return json.RawMessage(s)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, l := range leaves(contact.Edit{Path: "/x", Old: raw(tt.old), New: raw(tt.new)}) {
				got = append(got, l.Path+": "+plain(l.Old)+" -> "+plain(l.New))
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("leaves = %q; want %q", s, tt.want)
			}
		})
	}
}

func TestFriendly(t *testing.T) {
	tests := []struct{ pointer, want string }{
		{"", "contact"},
		{"/name/full", "name"},
		{"/name", "name"},
		{"/name/components/kind:given/value", "given"},
		{"/name/components/kind:surname", "surname"},
		{"/name/sortAs/surname", "/name/sortAs/surname"},
		{"/organizations/o1/name", "org"},
		{"/titles/t1/name", "title"},
		{"/notes/n1/note", "note"},
		{"/emails/e1/address", "email"},
		{"/emails/e1", "email"},
		{"/emails/e1/label", "/emails/e1/label"},
		{"/phones/p1/number", "phone"},
		{"/anniversaries/b1/date", "birthday"},
		{"/anniversaries/b1/date/year", "birthday"},
		{"/keywords/starred", "favourite"},
		{"/example.com:x", "/example.com:x"},
	}
	for _, tt := range tests {
		if got := friendly(tt.pointer); got != tt.want {
			t.Errorf("friendly(%q) = %q; want %q", tt.pointer, got, tt.want)
		}
	}
}

func TestDecisions(t *testing.T) {
	waiting := []data.Conflict{
		{Field: "/name/full", Local: json.RawMessage(`"a"`)}, {Field: "/emails/a/address"}, {Field: "/emails/b/address"}, {Field: "/x=y"},
		{Field: "/phones/p/number", Local: json.RawMessage(`"1"`), Remote: json.RawMessage(`"2"`)},
		{Field: "/titles/t", Remote: json.RawMessage(`{"kind":"role","name":"b"}`)},
		{Field: "/anniversaries/b/date", Local: json.RawMessage(`{"year":1}`)}, {Field: "/x:=y/z", Local: json.RawMessage(`1`)},
	}
	value := func(v string) data.Choice { return data.Choice{Keep: data.KeepValue, Value: json.RawMessage(v)} }
	tests := []struct {
		name, arg string
		pointer   string
		choice    data.Choice
		wrong     string // part of the error's message
	}{
		{"by its name", "name=remote", "/name/full", data.Choice{Keep: data.KeepRemote}, ""},
		{"by its pointer", "/emails/b/address=local", "/emails/b/address", data.Choice{Keep: data.KeepLocal}, ""},
		{"a pointer with the sign in it", "/x=y=remote", "/x=y", data.Choice{Keep: data.KeepRemote}, ""},
		{"both", "phone=both", "/phones/p/number", data.Choice{Keep: data.KeepBoth}, ""},
		{"newest", "phone=newest", "/phones/p/number", data.Choice{Keep: data.KeepNewest}, ""},
		{"a text", "phone:=+44 20", "/phones/p/number", value(`"+44 20"`), ""},
		{"digits", "phone:=44", "/phones/p/number", value(`"44"`), ""},
		{"a text in JSON", `phone:="+44 20"`, "/phones/p/number", value(`"+44 20"`), ""},
		{"a text with signs in it", "phone:=a:=b=local", "/phones/p/number", value(`"a:=b=local"`), ""},
		{"nothing", "phone:=", "/phones/p/number", data.Choice{Keep: data.KeepValue}, ""},
		{"a whole entry by its text", "title:=c", "/titles/t", value(`{"kind":"role","name":"c"}`), ""},
		{"a whole entry", `title:={"name": "c"}`, "/titles/t", value(`{"name":"c"}`), ""},
		{"a date", "birthday:=1815-12-10", "/anniversaries/b/date", value(`{"@type":"PartialDate","day":10,"month":12,"year":1815}`), ""},
		{"a number in JSON", "/x:=y/z:=5", "/x:=y/z", value(`5`), ""},
		{"no date", "birthday:=soon", "", data.Choice{}, "1815-12-10"},
		{"no room for two", "name=both", "", data.Choice{}, "room for one value"},
		{"a name of two", "email=local", "", data.Choice{}, "several fields"},
		{"a field at peace", "note=local", "", data.Choice{}, "does not wait"},
		{"a value for a field at peace", "note:=x", "", data.Choice{}, "does not wait"},
		{"no side", "name=mine", "", data.Choice{}, "isn't FIELD=local"},
		{"no sign", "name", "", data.Choice{}, "isn't FIELD=local"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decisions([]string{tt.arg}, waiting)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("error = %v; want one with %q", err, tt.wrong)
				}
				return
			}
			if choice, ok := got[tt.pointer]; err != nil || !ok || choice.Keep != tt.choice.Keep || string(choice.Value) != string(tt.choice.Value) || len(got) != 1 {
				t.Errorf("decisions = %v, %v; want %s: %v", got, err, tt.pointer, tt.choice)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	tests := []struct {
		v    json.RawMessage
		want string
	}{
		{nil, "nothing"},
		{json.RawMessage(`"a\"b"`), `a"b`},
		{json.RawMessage(`{"a":1}`), `{"a":1}`},
		{json.RawMessage(`true`), "true"},
	}
	for _, tt := range tests {
		if got := plain(tt.v); got != tt.want {
			t.Errorf("plain(%s) = %q; want %q", tt.v, got, tt.want)
		}
	}
}

func TestProgressText(t *testing.T) {
	if got, want := progressText(syncer.Status{Done: 3, Total: 10}), "Syncing 3 of 10"; got != want {
		t.Errorf("progress = %q; want %q", got, want)
	}
	if got, want := progressText(syncer.Status{}), "Syncing…"; got != want {
		t.Errorf("progress = %q; want %q", got, want)
	}
}
