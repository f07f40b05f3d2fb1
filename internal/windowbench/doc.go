// Package windowbench measures what a person sees of the window: from the start of the program to its rows on the screen, and from a
// key to what it found. It starts the real programs under a virtual display, and looks at the display's own memory: no program says
// itself when it is done.
package windowbench
