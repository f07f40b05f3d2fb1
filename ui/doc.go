// Package ui is the contacts window: Fyne views over one data.Store and one syncer.Engine. It knows neither SQL nor HTTP, and it
// must not import fyne.io/fyne/v2/app, so that its tests run without a display and without cgo.
//
// Everything here runs on the UI goroutine, and nothing here may wait on it: a handler hands its work to background (background.go),
// whose answer comes back on the UI goroutine. An answer belongs to a question; when a newer question of the same kind has been
// asked meanwhile, the old answer is dropped.
package ui
