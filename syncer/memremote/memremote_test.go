package memremote_test

import (
	"testing"

	"kith/syncer/memremote"
	"kith/syncer/remotetest"
)

func TestMemory(t *testing.T) {
	remotetest.Run(t, func(t *testing.T) remotetest.Rig {
		s := memremote.New()
		for _, user := range []string{"ada", "bob", "cyd"} {
			s.AddUser(user, "secret")
		}
		s.SetLimits(remotetest.Limits)
		return remotetest.Rig{
			Connector: s.Connector(), Server: "mem:", User: "ada", Password: "secret", Others: [2]string{"bob", "cyd"},
			Backup: s.Snapshot, Compact: s.Compact,
		}
	})
}
