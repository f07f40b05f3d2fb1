// Package systest tests the programs as people run them: real kith-server and kithctl processes, real profiles, a real network
// between them that can be cut. It has no code that a program could import.
package systest
