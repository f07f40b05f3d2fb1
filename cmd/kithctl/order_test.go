package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// command runs kithctl in this process, and returns what it printed.
func command(t *testing.T, args ...string) (out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &o, &e); code != exitDone {
		t.Fatalf("%v: code %d, %s", args, code, e.String())
	}
	return o.String(), e.String()
}

// inOrder checks in which order the list has the names.
func inOrder(t *testing.T, names ...string) {
	t.Helper()
	out, _ := command(t, "list")
	at := -1
	for _, name := range names {
		if i := strings.Index(out, name); i <= at {
			t.Errorf("%s stands too early, or not at all, in:\n%s", name, out)
		} else {
			at = i
		}
	}
}

func TestOrderOfTheEnvironment(t *testing.T) {
	t.Setenv("KITH_PROFILE", t.TempDir())
	t.Setenv("LC_ALL", "")
	t.Setenv("LANG", "sv_SE.UTF-8")
	for _, name := range []string{"Åke", "Zoe", "Anna"} {
		command(t, "add", "--name", name)
	}
	inOrder(t, "Anna", "Zoe", "Åke")
	t.Setenv("LANG", "en_GB.UTF-8") // the profile has an order now: another environment leaves it
	inOrder(t, "Anna", "Zoe", "Åke")
	if out, _ := command(t, "order", "de_DE"); !strings.Contains(out, "most languages") {
		t.Errorf("order: %q", out)
	}
	inOrder(t, "Åke", "Anna", "Zoe")
	if out, _ := command(t, "--json", "order"); out != `{"order":"und","chosen":true}`+"\n" {
		t.Errorf("order: %q", out)
	}
	t.Setenv("LANG", "sv_SE.UTF-8")
	inOrder(t, "Åke", "Anna", "Zoe")
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"order", "!"}, strings.NewReader(""), &o, &e); code != exitUsage {
		t.Errorf("no locale: code %d, %s", code, e.String())
	}
}

func TestNobodysOrder(t *testing.T) {
	t.Setenv("KITH_PROFILE", t.TempDir())
	t.Setenv("LC_ALL", "C")
	command(t, "add", "--name", "Åke")
	if out, _ := command(t, "--json", "order"); out != `{"order":"und","chosen":false}`+"\n" {
		t.Errorf("order: %q", out)
	}
}

func TestBirthdayOfTheEnvironment(t *testing.T) {
	t.Setenv("KITH_PROFILE", t.TempDir())
	id, _ := command(t, "add", "--name", "Ada")
	id = strings.TrimSpace(id)
	for _, test := range []struct{ locale, typed, want, said string }{
		{"de_DE.UTF-8", "3.4.1990", "1990-04-03", "3. April 1990"},
		{"en_US.UTF-8", "4/3/1990", "1990-04-03", "April 3, 1990"},
		{"en_GB.UTF-8", "4/3/1990", "1990-03-04", "4 March 1990"},
		{"ja_JP.UTF-8", "1990年4月3日", "1990-04-03", ""},
		{"C", "1990-04-05", "1990-04-05", ""},
		{"fr_FR.UTF-8", "24 décembre", "--12-24", ""},
	} {
		t.Setenv("LC_ALL", test.locale)
		_, said := command(t, "set", id, "birthday="+test.typed)
		if out, _ := command(t, "show", id); !strings.Contains(out, test.want) {
			t.Errorf("%s: %q became\n%s", test.locale, test.typed, out)
		}
		if !strings.Contains(said, test.said) || test.said == "" && said != "" {
			t.Errorf("%s: %q: it says %q, want %q", test.locale, test.typed, said, test.said)
		}
	}
	t.Setenv("LC_ALL", "C")
	var o, e bytes.Buffer
	if code := run(context.Background(), []string{"set", id, "birthday=3.4.1990"}, strings.NewReader(""), &o, &e); code == exitDone {
		t.Error("a date that means nothing without a locale is taken")
	}
}
