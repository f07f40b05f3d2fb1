package transfer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
)

func TestExportAside(t *testing.T) {
	ada := contact.New().WithFullName("Ada Lovelace")
	all := []data.SetAside{
		{ID: "a", Name: "Ada Lovelace", Out: true, Reason: "too large", Raw: ada.JSON(), EditedAt: 1},
		{ID: "b", Reason: "a card is a JSON object, not a array", Raw: []byte(`[1, 2]`), Rev: 7},
		{ID: "c", Reason: "the text is not UTF-8", Raw: []byte("{\"a\":\"\xff\"}x")},
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "aside.json")
	if n, err := ExportAside(all, file); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []Aside
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for i, a := range got {
		if a.ID != all[i].ID || a.Reason != all[i].Reason || a.Rev != all[i].Rev {
			t.Errorf("%+v", a)
		}
		if !all[i].Out && string(a.Raw) != string(all[i].Raw) {
			t.Errorf("the bytes of %s became %q", a.ID, a.Raw)
		}
	}
	if got[0].Kind != "refused" || !strings.Contains(string(got[0].Card), "Ada Lovelace") || got[1].Kind != "unreadable" || got[1].Card == nil || got[2].Card != nil {
		t.Errorf("%s", b)
	}

	file = filepath.Join(dir, "aside.vcf")
	if n, err := ExportAside(all, file); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if b, err = os.ReadFile(file); err != nil || !strings.Contains(string(b), "FN:Ada Lovelace") {
		t.Errorf("%s, %v", b, err)
	}
}
