package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"kith/server/store"
	"kith/server/store/storetest"
)

// testReplicas lets devices do anything in any order, lose answers, and walk anew; at the end all hold the same.
func testReplicas(t *testing.T, db storetest.New) {
	for range 3 {
		replicas(t, db, rand.Uint64())
	}
}

func replicas(t *testing.T, db storetest.New, seed uint64) {
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	f := setUp(t, db)
	devices := make([]*device, 4)
	for i := range devices {
		devices[i] = f.device(fmt.Sprintf("d%d", i))
	}
	for range 150 {
		d := devices[r.IntN(len(devices))]
		switch r.IntN(8) {
		case 0, 1:
			if _, err := d.page(1 + r.IntN(4)); err != nil {
				t.Fatalf("page: %v", err)
			}
		case 2:
			d.pull()
		case 3: // begins anew
			d.cursor, d.has = "", map[string]store.Change{}
		default:
			if d.cursor == "" { // a walk leaves out deletions from before it, so nothing may be known when it begins
				if _, err := d.page(1 + r.IntN(4)); err != nil {
					t.Fatalf("page: %v", err)
				}
			}
			before := d.cursor
			batch := d.randomBatch(r)
			results := d.push(batch...)
			if r.IntN(3) == 0 { // the answer was lost; the same again
				d.cursor = before
				for i, again := range d.push(batch...) {
					if again.Status != results[i].Status || again.Rev != results[i].Rev {
						t.Fatalf("repeat: %+v, first %+v", again, results[i])
					}
				}
			}
		}
	}
	truth := f.device("truth")
	truth.pull()
	for _, d := range devices {
		d.pull()
		f.agree(d, truth)
	}
}

func (d *device) randomBatch(r *rand.Rand) []store.Push {
	var out []store.Push
	for range 1 + r.IntN(4) {
		id := fmt.Sprintf("c%d", r.IntN(12))
		base := d.has[id].Rev
		if r.IntN(6) == 0 {
			base = r.Int64N(50)
		}
		if r.IntN(4) == 0 {
			out = append(out, remove(id, base))
		} else {
			out = append(out, edit(id, base, fmt.Sprint(r.Int())))
		}
	}
	return out
}
