package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestTrash(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "profile")
	do := func(want int, args ...string) (out, errOut string) {
		t.Helper()
		code, out, errOut := kithctl(t, profile, args...)
		if code != want {
			t.Fatalf("%v: code %d, %s%s", args, code, out, errOut)
		}
		return strings.TrimSpace(out), errOut
	}
	says := func(got, want string) {
		t.Helper()
		if !strings.Contains(got, want) {
			t.Errorf("it says %q, want %q in it", got, want)
		}
	}
	ids := map[string]string{}
	for _, name := range []string{"Ada", "Bob", "Cid", "Dot"} {
		ids[name], _ = do(0, "add", "--name", name)
	}
	out, _ := do(0, "trash")
	says(out, "The trash is empty")
	do(0, "rm", ids["Ada"], ids["Bob"], ids["Cid"])
	out, _ = do(0, "trash")
	says(out, "30 days left")
	out, _ = do(0, "--json", "trash", "list")
	var listed []trashed
	if err := json.Unmarshal([]byte(out), &listed); err != nil || len(listed) != 3 || listed[0].Name != "Ada" || *listed[0].DaysLeft != 30 {
		t.Errorf("%s, %v", out, err)
	}
	out, _ = do(0, "trash", "keep", "never")
	says(out, "until it is emptied")
	out, _ = do(0, "trash")
	says(out, "stays until")
	do(exitUsage, "trash", "keep", "-5")
	do(exitUsage, "trash", "keep", "soon")
	out, _ = do(0, "--json", "trash", "keep", "7")
	says(out, `{"days":7}`)

	do(0, "trash", "restore", ids["Cid"])
	_, errOut := do(exitError, "trash", "purge", ids["Cid"])
	says(errOut, "not in the trash")
	out, _ = do(0, "trash", "purge", ids["Ada"][len(ids["Ada"])-8:])
	says(out, "Removed for good: 1 contact.")
	do(exitError, "show", ids["Ada"])
	do(exitError, "trash", "restore", ids["Ada"])
	_, errOut = do(exitUsage, "trash", "empty")
	says(errOut, "1 contact would be removed for good")
	out, _ = do(0, "--json", "trash", "empty", "--yes")
	says(out, `{"removed":1,"waiting":0}`)
	do(0, "trash", "empty")
	do(0, "check")
	out, _ = do(0, "list")
	if strings.Contains(out, "Ada") || strings.Contains(out, "Bob") || !strings.Contains(out, "Cid") || !strings.Contains(out, "Dot") {
		t.Errorf("left: %s", out)
	}
}
