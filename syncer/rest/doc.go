// Package rest is the syncer.Remote over our own server: HTTP, JSON and gzip. It turns whatever comes back, also from things that
// are not our server (portals, proxies, routers), into the syncer's errors.
package rest
