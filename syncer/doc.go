// Package syncer brings the local store and one Remote to the same state. It knows neither widgets nor wire formats.
//
// A pass (pass.go) pulls, merges and pushes; the loop (loop.go) decides when one runs; Status is what people see of it.
package syncer
