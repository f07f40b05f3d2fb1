// Package picture makes photos for contacts out of the pictures that people have: it decodes them within limits, upright, and cuts,
// scales and encodes them anew, so that nothing of the file but what it shows goes on (no place, no camera, no time). It knows neither
// cards nor where pictures are kept.
package picture
