package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// Command lines that can't be meant end with code 2, one line on standard error, nothing on standard output, and touch no profile.
func TestUsage(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"nothing", nil, "kithctl --help"},
		{"an order of one's own", []string{"order", "!"}, `"!" is no locale`},
		{"an unknown command", []string{"frobnicate"}, "frobnicate"},
		{"an unknown flag", []string{"--frob", "list"}, "--frob"},
		{"add without a name", []string{"add"}, "--name NAME"},
		{"add with a loose name", []string{"add", "Ada"}, "unexpected argument Ada"},
		{"login without a user", []string{"login", "http://localhost"}, "--user"},
		{"login without a terminal", []string{"login", "http://localhost", "--user", "ada"}, "--password-stdin"},
		{"an empty password", []string{"login", "http://localhost", "--user", "ada", "--password-stdin"}, "password on standard input is empty"},
		{"set without a field", []string{"set", "id"}, "FIELD=VALUE"},
		{"set without a sign", []string{"set", "id", "name"}, `"name" isn't FIELD=VALUE`},
		{"set without a name", []string{"set", "id", "=x"}, `"=x" isn't FIELD=VALUE`},
		{"rm of nothing", []string{"rm"}, "ID"},
		{"search for nothing", []string{"search", " "}, "nothing to search for"},
		{"a strategy of one's own", []string{"strategy", "hope"}, `"hope" isn't a strategy`},
		{"aside show without an id", []string{"aside", "show"}, "<id>"},
		{"aside export without a file", []string{"aside", "export"}, "FILE"},
		{"both answers to held deletions", []string{"sync", "--allow-deletes", "--keep-deleted"}, "--allow-deletes and --keep-deleted"},
		{"merge of one", []string{"merge", "id"}, "two contacts or more"},
		{"merge of all, and some", []string{"merge", "--certain", "a", "b"}, "--certain takes no contacts"},
		{"duplicates of a lane of one's own", []string{"duplicates", "--lane", "maybe"}, "maybe"},
		{"distinct of nothing", []string{"distinct"}, "ID"},
		{"resolve without a side", []string{"resolve", "id"}, "--keep local"},
		{"resolve with a third side", []string{"resolve", "id", "--keep", "mine"}, "mine"},
		{"resolve of nothing", []string{"resolve"}, "--all"},
		{"resolve of all without a side", []string{"resolve", "--all"}, "--all --keep local"},
		{"resolve of all and one", []string{"resolve", "id", "--all", "--keep", "local"}, "leave out --all"},
		{"resolve a kind of field of one", []string{"resolve", "id", "--field", "phone", "--keep", "local"}, "--all"},
		{"resolve as it is", []string{"resolve", "id", "--keep", "now"}, "--overruled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("KITH_PROFILE", t.TempDir())
			var out, errOut bytes.Buffer
			code := run(context.Background(), tt.args, strings.NewReader(""), &out, &errOut)
			if code != exitUsage {
				t.Errorf("code = %d; want %d", code, exitUsage)
			}
			if out.Len() > 0 {
				t.Errorf("standard output = %q; want nothing", out.String())
			}
			if got := errOut.String(); !strings.HasPrefix(got, "kithctl: ") || !strings.Contains(got, tt.want) || strings.Count(got, "\n") != 1 {
				t.Errorf("standard error = %q; want one line with %q", got, tt.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"add", "--help"}, {"login", "-h"}, {"--json", "resolve", "--help"}} {
		var out, errOut bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &out, &errOut)
		if code != exitDone || !strings.Contains(out.String(), "Usage: kithctl") || errOut.Len() > 0 {
			t.Errorf("%v: code %d, standard error %q, standard output %q; want the help and 0", args, code, errOut.String(), out.String())
		}
	}
}
