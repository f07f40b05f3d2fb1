package data

import "testing"

// The history names the person of an edit that is not this account's, and else the device alone.
func TestHistoryNamesThePerson(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	account := Account{Server: "https://kith.test", User: "ada", Device: "Desk", DeviceID: "d"}
	if err := s.SetAccount(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ user, device, want string }{
		{account.User, "Phone", "Phone"},
		{"", "Phone", "Phone"},
		{"eve", "Phone", "eve (Phone)"},
		{"eve", "", "eve"},
	} {
		err := s.write(t.Context(), func(t *tx) error {
			before, err := t.must(c.ID)
			if err != nil {
				return err
			}
			after := *before
			after.Card = before.Card.WithNote(before.Card.Note() + "x")
			return t.put(before, &after, RemoteChange{DeviceName: tt.device, User: tt.user, EditedAt: before.EditedAt}.entry(fromRemote))
		})
		if err != nil {
			t.Fatal(err)
		}
		history, err := s.History(t.Context(), c.ID)
		if err != nil || history[0].Device != tt.want {
			t.Errorf("%q, %q: %+v, %v; want %q", tt.user, tt.device, history[0], err, tt.want)
		}
	}
}
