package ui

import (
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	os.Setenv("LC_ALL", "en_GB.UTF-8") // dates are written by the locale
	time.Local = time.UTC              // what is drawn is the same wherever the tests run
	useLanguage(english)               // whatever the machine speaks
	os.Exit(m.Run())
}
