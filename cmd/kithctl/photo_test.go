package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kith/contact/picture"
)

// kithctl runs one command line on a profile.
func kithctl(t *testing.T, profile string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"--profile", profile}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestPhoto(t *testing.T) {
	dir := t.TempDir()
	profile, file := filepath.Join(dir, "profile"), filepath.Join(dir, "me.png")
	img := image.NewNRGBA(image.Rect(0, 0, 1500, 2000))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) (out, errOut string) {
		t.Helper()
		code, out, errOut := kithctl(t, profile, args...)
		if code != want {
			t.Fatalf("%v: code %d, %s", args, code, errOut)
		}
		return out, errOut
	}
	id, _ := do(0, "add", "--name", "Ada")
	id = strings.TrimSpace(id)
	if _, errOut := do(1, "photo", id, "--export", filepath.Join(dir, "none.jpg")); !strings.Contains(errOut, "Ada has no photo") {
		t.Errorf("without one: %s", errOut)
	}
	for _, set := range [][]string{{"photo", id, file}, {"set", id, "photo=" + file, "org=Navy"}} {
		do(0, set...)
		exported := filepath.Join(dir, set[0]+".jpg")
		out, _ := do(0, "--json", "photo", id, "--export", exported)
		var said struct{ Type string }
		if err := json.Unmarshal([]byte(out), &said); err != nil || said.Type != "image/jpeg" {
			t.Errorf("%s: said %s, %v", set[0], out, err)
		}
		got, err := os.ReadFile(exported)
		if err != nil {
			t.Fatal(err)
		}
		photo, err := picture.Decode(got, 5000)
		if err != nil || photo.Bounds().Dx() != picture.Side || photo.Bounds().Dy() != picture.Side {
			t.Errorf("%s: %v, %v", set[0], photo.Bounds(), err)
		}
		if _, errOut := do(1, "photo", id, "--export", exported); !strings.Contains(errOut, "exists") {
			t.Errorf("over an older file: %s", errOut)
		}
		do(0, "photo", id, "--remove")
	}
	if _, errOut := do(1, "photo", id, profile); !strings.Contains(errOut, "read the photo") {
		t.Errorf("a folder: %s", errOut)
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errOut := do(1, "photo", id, text); !strings.Contains(errOut, "use a JPEG, PNG") {
		t.Errorf("a text: %s", errOut)
	}
	history, _ := do(0, "history", id)
	if !regexp.MustCompile(`photo: nothing -> a picture of \d+ KB\n`).MatchString(history) || !regexp.MustCompile(`photo: a picture of \d+ KB -> nothing\n`).MatchString(history) ||
		regexp.MustCompile(`[0-9a-f]{64}|image/`).MatchString(history) {
		t.Errorf("the history:\n%s", history)
	}
	do(2, "photo", id)
	do(2, "photo", id, file, "--remove")
}
