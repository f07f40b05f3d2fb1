// Package systest tests the programs as people run them: real kith-server and kithctl processes, real profiles, a real network
// between them that can be cut. With the build tag e2e it also drives the real window, under a virtual display, by keyboard and
// mouse, and reads what it shows. It has no code that a program could import.
package systest
