// Package archtest holds the arrows between our packages as a test: who may import whom, which outside modules are let in
// where, and what a package must look like. It has no code that a program could import.
package archtest
