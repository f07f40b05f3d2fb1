// Package sim holds the proof that sync loses no edit: seeded random schedules of several devices with real stores and the real
// engine, over a wire and on disks with faults. It is all tests. What they check at every quiet moment (and the first four after
// every pass), each by its name, with at least one mutation of the engine that its check alone must catch:
//
//	cursor      a cursor at n means that everything up to n is applied
//	clean       no clean contact shows a state that the server never had
//	once        each change takes effect once, and nobody's contact is doubled
//	strangers   no account sees another's contacts
//	equal       all devices of an account and the server hold the same cards, byte for byte
//	kept        every acknowledged value is current, in the trash, in a history, or was taken away by someone who saw it, or has left
//	            the trash with its contact
//	refused     what ended with an error has changed nothing, and the error says why
//	idle        a further sync does nothing: no request that changes the server, no write to the file
//	dead        deleted contacts do not come back unless somebody touched them
//	drains      every queue drains: nothing waits, nothing is in flight
//	compaction  removing tombstones and old answers changes nothing that anyone sees
//	patient     nothing leaves the trash by itself before its time, whatever the clocks say
//	unsettled   nothing leaves the trash that waits to be synced or decided
//	gone        what was removed for good does not come back unless somebody touched it, nor from a server that was put back
//	photos      every photo of a contact is on every device that shows the contact
//	unknown     members that this version does not know survive, also deep in a card
package sim
