package ui

// counted puts a number into a text that counts: {{.Count}}.
func counted(n int) map[string]any { return map[string]any{"Count": thousands(n)} }
