package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// keeper saves what an import could not take in files beside the imported one, so that the user can mend it and import it then.
type keeper struct {
	beside string
	parts  map[string]*bytes.Buffer // by the ending of the file that they belong in
}

func (k *keeper) add(ending string, raw []byte) {
	if k.parts == nil {
		k.parts = map[string]*bytes.Buffer{}
	}
	if k.parts[ending] == nil {
		k.parts[ending] = new(bytes.Buffer)
	}
	k.parts[ending].Write(raw)
	if n := len(raw); n > 0 && raw[n-1] != '\n' {
		k.parts[ending].WriteByte('\n')
	}
}

// save writes the files, if there is anything to keep, and returns their names.
func (k *keeper) save() (names []string, err error) {
	stem := strings.TrimSuffix(k.beside, filepath.Ext(k.beside)) + ".not-imported"
	for _, ending := range slices.Sorted(maps.Keys(k.parts)) {
		name, err := saveBeside(stem, ending, k.parts[ending].Bytes())
		if err != nil {
			return names, fmt.Errorf("keep what could not be imported: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// saveBeside writes over no file that is there; one that holds the same already will do.
func saveBeside(stem, ending string, b []byte) (string, error) {
	name := stem + ending
	for n := 2; ; n++ {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		switch {
		case err == nil:
			_, err = f.Write(b)
			return name, errors.Join(err, f.Close())
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
		if there, err := os.ReadFile(name); err == nil && bytes.Equal(there, b) {
			return name, nil
		}
		name = fmt.Sprintf("%s-%d%s", stem, n, ending)
	}
}
