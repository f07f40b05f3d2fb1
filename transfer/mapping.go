package transfer

import (
	"context"
	"encoding/json"
	"fmt"

	"kith/contact/csv"
	"kith/data"
)

// Columns are what the columns of a CSV file are taken for.
type Columns struct {
	Key      string // stands for the header
	Header   []string
	Samples  [][]string // the first rows
	Mapping  csv.Mapping
	Doubtful []bool // whose values do not look like what the column is taken for
}

// Mappings say what columns mean, by the Key of their header.
type Mappings map[string]csv.Mapping

const settingMapping = "import.csv." // and the header's key

// columns sets what a CSV file's columns mean: as chosen, else as remembered, else as guessed.
func columns(ctx context.Context, s *data.Store, r *reading, chosen Mappings) (*Columns, error) {
	c := r.Columns()
	if c == nil {
		return nil, nil
	}
	header := c.Header()
	key := csv.Key(header)
	m := chosen[key]
	if m == nil {
		text, err := s.Setting(ctx, settingMapping+key)
		if err != nil {
			return nil, err
		}
		// A mapping that another version of Kith wrote, with fields that this one does not have, is no reason to refuse the file.
		if json.Unmarshal([]byte(text), &m) != nil || m.Check(header) != nil {
			m = nil
		}
	}
	if m != nil {
		if err := c.SetMapping(m); err != nil {
			return nil, err
		}
	}
	return &Columns{Key: key, Header: header, Samples: c.Samples(), Mapping: c.Mapping(), Doubtful: c.Doubtful()}, nil
}

// Remember keeps corrected mappings for the next files with the same header.
func Remember(ctx context.Context, s *data.Store, corrected Mappings) error {
	for key, m := range corrected {
		b, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("remember the columns: %w", err)
		}
		if err := s.SetSetting(ctx, settingMapping+key, string(b)); err != nil {
			return fmt.Errorf("remember the columns: %w", err)
		}
	}
	return nil
}
