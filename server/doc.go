// Package server answers the Kith protocol over HTTP: sign-in, devices, books, the feed of changes, pushes and blobs, with limits,
// long polls, metrics and an OpenAPI document made from the handlers. What is inside a card is not its concern.
package server
