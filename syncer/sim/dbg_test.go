package sim

import (
	"fmt"
	"os"
)

func (w *world) dump(when string) {
	if os.Getenv("DUMP") == "" {
		return
	}
	fmt.Println("==", when, "server", w.backend.live())
	for _, d := range w.devices {
		for _, id := range w.ids {
			c, ok := d.contact(id)
			if !ok {
				continue
			}
			fmt.Printf("   dev %s %s rev %d pending %v del %v conf %d at %d %s\n", d.name, id[20:], c.Rev, c.Pending, !c.Deleted.IsZero(), c.Conflicts, c.EditedAt%1000000000000, c.Card.JSON())
			if when == "end" {
				h, _ := d.store.History(ctx, id)
				for _, e := range h {
					fmt.Printf("        %d %s %s lost %v dev %q: ", e.ID, e.Operation, e.Origin, e.Lost, e.Device)
					for _, p := range e.Patch {
						fmt.Printf("%s %s->%s; ", p.Path, p.Old, p.New)
					}
					fmt.Println()
				}
			}
		}
	}
}
