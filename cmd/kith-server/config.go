package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// loadConfig reads a file of lines KITH_NAME=value, with the names of the environment variables, so that one file also serves as
// systemd's EnvironmentFile or a container's env file. The command line comes first, then the environment, then the file.
func loadConfig(r io.Reader) (kong.Resolver, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d is not NAME=value", n)
		}
		value = strings.TrimSpace(value)
		if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		values[strings.TrimSpace(name)] = value
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return config(values), nil
}

type config map[string]string

// Validate refuses a name that no command knows: a setting that is misspelt would otherwise be ignored for ever.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			for _, env := range flag.Envs {
				known[env] = true
			}
		}
		return next(nil)
	})
	for name := range c {
		if !known[name] {
			return fmt.Errorf("unknown setting %s in the configuration file", name)
		}
	}
	return nil
}

func (c config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if slices.ContainsFunc(flag.Envs, func(name string) bool { _, set := os.LookupEnv(name); return set }) {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if v, ok := c[name]; ok {
			return v, nil
		}
	}
	return nil, nil
}
