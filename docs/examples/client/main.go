// Command client is a whole Kith client in one file: the protocol of docs/PROTOCOL.md with Go's standard library and nothing of ours, as
// an example for clients in other languages. It keeps its book in a JSON file, works offline, and syncs when told to:
//
//	client FILE login URL USER PASSWORD DEVICE
//	client FILE add ID NAME | set ID MEMBER JSON | rm ID | list | sync
//
// It ends with 1 on an error, and with 3 when the server can't be reached: then everything is kept and goes with the next sync.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// book is what the client keeps. It is written before anything that depends on it is done.
type book struct {
	file string

	URL, Token, DeviceID string
	Book, Cursor         string
	Limits               limits
	Walk                 string // why the feed is walked from its beginning: "" (it is not), or the code of the 410
	Contacts             map[string]*contact
	Aside                map[string]json.RawMessage // what can't be read, as it came
	Lost                 []json.RawMessage          // values that gave way in a merge: nothing vanishes without a trace
}

// contact is one contact. There is no Card when it is deleted.
type contact struct {
	Rev      int64           // the server's version on which Card is based; 0: the server has never had it
	Card     json.RawMessage `json:",omitempty"` // as the user sees it
	Base     json.RawMessage `json:",omitempty"` // Dirty: the card at Rev, if there is one
	Dirty    bool            // it has edits that the server does not have
	EditedAt int64           // microseconds since 1970
	Sent     *push           // frozen: it was sent, and the answer has not been heard
	Shown    bool            // the walk that is under way has shown it
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: client FILE login|add|set|rm|list|sync …")
		os.Exit(2)
	}
	err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "client:", err)
	if errors.Is(err, errOffline) {
		os.Exit(3)
	}
	os.Exit(1)
}

func run(file, command string, args []string) error {
	b := &book{file: file, Contacts: map[string]*contact{}, Aside: map[string]json.RawMessage{}}
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, b)
	}
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	switch n := len(args); {
	case command == "login" && n == 4:
		return b.login(args[0], args[1], args[2], args[3])
	case command == "add" && n == 2:
		return b.edit(args[0], func(c card) {
			c["@type"], c["version"], c["uid"], c["name"] = "Card", "1.0", args[0], card{"full": args[1]}
		})
	case command == "set" && n == 3:
		value := json.RawMessage(args[2])
		if !json.Valid(value) {
			return fmt.Errorf("%s is not JSON", value)
		}
		return b.edit(args[0], func(c card) { c[args[1]] = value })
	case command == "rm" && n == 1:
		return b.edit(args[0], nil)
	case command == "list" && n == 0:
		return b.list()
	case command == "sync" && n == 0:
		return b.sync()
	}
	return fmt.Errorf("there is no %s with %d arguments", command, len(args))
}

// edit changes a contact here; nil deletes it. What the server had stays as the base of all edits until they are sent.
func (b *book) edit(id string, change func(card)) error {
	c := b.Contacts[id]
	if c == nil {
		c = &contact{}
		b.Contacts[id] = c
	}
	if !c.Dirty {
		c.Base, c.Dirty = c.Card, true
	}
	c.EditedAt = max(time.Now().UnixMicro(), c.EditedAt+1)
	if change == nil {
		c.Card = nil
		return b.save()
	}
	edited := members(c.Card)
	change(edited)
	c.Card = encode(edited)
	return b.save()
}

// list prints the live contacts, one canonical card a line.
func (b *book) list() error {
	for _, id := range slices.Sorted(maps.Keys(b.Contacts)) {
		if c := b.Contacts[id]; c.Card != nil {
			fmt.Printf("%s\n", c.Card)
		}
	}
	return nil
}

// save replaces the file in one step: whatever happens, there is the old one or the new one.
func (b *book) save() error {
	f, err := os.CreateTemp(filepath.Dir(b.file), ".client-*")
	if err != nil {
		return err
	}
	_, err = f.Write(encode(b))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), b.file)
}
