package ui

import (
	"context"
	"sync"
)

// serial runs jobs off the UI goroutine one after the other, in the order in which they came. Safe for concurrent use.
type serial struct {
	bg      *background
	mu      sync.Mutex
	jobs    []func(context.Context)
	running bool
}

func (s *serial) add(job func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.jobs = append(s.jobs, job)
	if s.running {
		return
	}
	s.running = true
	s.bg.run(func(ctx context.Context) {
		ctx = context.WithoutCancel(ctx)
		for job := s.next(); job != nil; job = s.next() {
			job(ctx)
		}
	})
}

func (s *serial) next() func(context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.jobs) == 0 {
		s.running = false
		return nil
	}
	job := s.jobs[0]
	s.jobs = s.jobs[1:]
	return job
}
