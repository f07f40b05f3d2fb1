package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"kith/contact/cardfile"
)

// keeper saves what an import could not take, as NAME.skipped.vcf and the like beside the imported file, so that the user can mend it
// and import it then.
type keeper struct {
	file    File
	profile string
	parts   map[cardfile.Format]*bytes.Buffer
}

func (k *keeper) add(format cardfile.Format, r *reading, raw []byte) {
	if k.parts == nil {
		k.parts = map[cardfile.Format]*bytes.Buffer{}
	}
	b := k.parts[format]
	if b == nil {
		b = new(bytes.Buffer)
		if format == r.Format() {
			b.Write(r.Head())
		}
		k.parts[format] = b
	}
	b.Write(raw)
	if n := len(raw); n > 0 && raw[n-1] != '\n' {
		b.WriteByte('\n')
	}
}

// save writes the files, if there is anything to keep, and returns their names.
func (k *keeper) save() (names []string, err error) {
	for _, format := range slices.Sorted(maps.Keys(k.parts)) {
		name, err := k.saveOne("."+string(format), k.parts[format].Bytes())
		if err != nil {
			return names, fmt.Errorf("keep what could not be imported: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

func (k *keeper) saveOne(ending string, b []byte) (string, error) {
	stem := k.file.base() + ".skipped"
	var besideErr error
	if k.file.beside {
		var name string
		if name, besideErr = saveNew(filepath.Join(filepath.Dir(k.file.path), stem), ending, b); besideErr == nil {
			return name, nil
		}
	}
	dir := filepath.Join(k.profile, "skipped") // a folder that can't be written: a share, a disc, a phone
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errors.Join(besideErr, err)
	}
	name, err := saveNew(filepath.Join(dir, stem), ending, b)
	if err != nil {
		return "", errors.Join(besideErr, err)
	}
	return name, nil
}

// saveNew writes over no file that is there; one that holds the same already will do.
func saveNew(stem, ending string, b []byte) (string, error) {
	name := stem + ending
	for n := 2; ; n++ {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		switch {
		case err == nil:
			_, err = f.Write(b)
			if err = errors.Join(err, f.Close()); err != nil {
				err = errors.Join(err, os.Remove(name)) // half of it would be taken for all of it
			}
			return name, err
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
		if there, err := os.ReadFile(name); err == nil && bytes.Equal(there, b) {
			return name, nil
		}
		name = fmt.Sprintf("%s-%d%s", stem, n, ending)
	}
}
