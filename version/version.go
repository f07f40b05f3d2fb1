// Package version names the release that this source makes. Programs and packages take it from here.
package version

// Number follows semver.org.
const Number = "0.1.0"
