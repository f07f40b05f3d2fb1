package ui

import (
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // what is drawn is the same wherever the tests run
	os.Exit(m.Run())
}
