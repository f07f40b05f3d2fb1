package csv

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// What is in a column counts where its name says nothing, and raises a doubt where it says another thing.
func TestValues(t *testing.T) {
	r, err := NewReader(strings.NewReader("İsim,Posta,Phone,Birthday,Email,Notes,Manager\nAda,a@b.c,none,soon,a@b.c,x@y,m@n.o\nBob,b@b.c,no,1990-02-03,,y,\nCy,,123,never,Bob,z@y,\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var fields []Field
	for _, c := range r.Mapping() {
		fields = append(fields, c.Field)
	}
	if want := []Field{Keep, Email, Phone, Birthday, Email, Note, Keep}; !slices.Equal(fields, want) {
		t.Errorf("fields %q, want %q", fields, want)
	}
	if got, want := r.Doubtful(), []bool{false, false, true, true, false, false, false}; !slices.Equal(got, want) {
		t.Errorf("doubtful %v, want %v", got, want)
	}
}

// A table may have many columns, but not any number.
func TestColumns(t *testing.T) {
	wide := strings.Repeat("name,", maxColumns-1) + "name\n"
	r, err := NewReader(strings.NewReader(wide+strings.Repeat("a,", maxColumns)+"b\n"+wide), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, ErrColumns) {
		t.Errorf("a row of one cell too many: %v", err)
	}
	if _, err := r.Next(); err != nil {
		t.Errorf("a row as wide as the header: %v", err)
	}
	if _, err := NewReader(strings.NewReader("name,"+wide), Options{}); !errors.Is(err, ErrColumns) {
		t.Errorf("a header of one cell too many: %v", err)
	}
}
