// Package sim holds the proof that sync loses no edit: seeded random schedules of several devices with real stores and the real
// engine, over a wire with faults, checked after everything has come to rest. It is all tests; docs/SYNC.md says what they check.
package sim
