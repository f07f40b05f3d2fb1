// Package contacttest makes cards for tests and benchmarks: random ones whose edits collide (Card, Edit), and realistic ones
// (Realistic). It is imported by tests only.
package contacttest
