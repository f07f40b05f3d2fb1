package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
)

type backupCmd struct {
	File string `arg:"" name:"FILE" help:"The new file; it must not exist."`
}

func (c *backupCmd) Run(ctx context.Context, a *app) error {
	if c.File == "" {
		return usage("say where the copy goes (see: kithctl backup --help)")
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	file, err := filepath.Abs(c.File)
	if err != nil {
		return fmt.Errorf("find the folder of %s: %w", c.File, err)
	}
	if err := s.Backup(ctx, file); err != nil {
		return err
	}
	result := struct {
		File string `json:"file"`
	}{file}
	return a.emit(result, func(w io.Writer) { fmt.Fprintf(w, "Written: %s\n", file) })
}

type checkCmd struct{}

func (c *checkCmd) Run(ctx context.Context, a *app) error {
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	if err := s.Check(ctx); err != nil {
		return err
	}
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	result := struct {
		OK       bool `json:"ok"`
		Contacts int  `json:"contacts"`
		Trash    int  `json:"trash"`
	}{true, counts.All, counts.Trash}
	return a.emit(result, func(w io.Writer) {
		fmt.Fprintf(w, "Sound: %s, %d in the trash.\n", count(counts.All, "contact"), counts.Trash)
	})
}
