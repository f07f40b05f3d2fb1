package memremote_test

import (
	"testing"

	"kith/syncer/memremote"
	"kith/syncer/remotetest"
)

func TestMemory(t *testing.T) {
	remotetest.Run(t, func(t *testing.T) remotetest.Rig {
		s := memremote.New()
		s.AddUser("ada", "secret")
		s.SetLimits(remotetest.Limits)
		return remotetest.Rig{
			Connector: s.Connector(), Server: "mem:", User: "ada", Password: "secret",
			Backup: s.Snapshot, Compact: s.Compact,
		}
	})
}
