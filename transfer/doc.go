// Package transfer brings files of contacts into the book, and the book into files: the preview of an import, the import with its
// progress and its report, what could not be read kept for the user, and exports that are whole or not there. It knows neither
// widgets nor a terminal.
package transfer
