package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kith/contact/cardfile"
)

// keeper saves what an import could not take, as NAME.skipped.vcf and the like beside the imported file, so that the user can mend it
// and import it then.
type keeper struct {
	file    File
	profile string
	parts   bytes.Buffer
}

func (k *keeper) add(r *reading, raw []byte) {
	if k.parts.Len() == 0 {
		k.parts.Write(r.Head())
	}
	k.parts.Write(raw)
	if n := len(raw); n > 0 && raw[n-1] != '\n' {
		k.parts.WriteByte('\n')
	}
}

// save writes the file, if there is anything to keep, and returns its name.
func (k *keeper) save(format cardfile.Format) (string, error) {
	if k.parts.Len() == 0 {
		return "", nil
	}
	name, err := k.write("."+string(format), k.parts.Bytes())
	if err != nil {
		return "", fmt.Errorf("keep what could not be imported: %w", err)
	}
	return name, nil
}

func (k *keeper) write(ending string, b []byte) (string, error) {
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
