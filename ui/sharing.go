package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
	"kith/syncer"
)

// roleOptions are the roles as people read them.
func roleOptions() []option {
	return []option{{syncer.Writer, lang.L("May edit")}, {syncer.Reader, lang.L("May only read")}, {syncer.Owner, lang.L("Owner")}}
}

// invitedRoles are those that a link can give.
func invitedRoles() []option { return roleOptions()[:2] }

// termOptions are how long a link works, in days.
func termOptions() []option {
	return []option{{"7", lang.L("for a week")}, {"1", lang.L("for a day")}, {"30", lang.L("for 30 days")}}
}

var termDays = map[string]int{"7": 7, "1": 1, "30": 30}

// memberText is the second line of a member.
func memberText(m syncer.Member) string {
	since := map[string]any{"When": here().Day(m.Since.Local())}
	if m.You {
		return lang.L("You · since {{.When}}", since)
	}
	return lang.L("Since {{.When}}", since)
}

// invitationText describes an open invitation.
func invitationText(i syncer.Invitation, now time.Time) string {
	return lang.L("{{.Role}} · until {{.When}} · by {{.By}}",
		map[string]any{"Role": optionText(roleOptions(), i.Role), "By": i.By, "When": moment(i.Expires, now)})
}

const shareWidth = 540

// shareSheet is the dialog of a book's members and invitations.
type shareSheet struct {
	*sheet
	book    *book
	of      data.Book
	asking  question
	made    syncer.Invitation // the link that was made just now
	problem *widget.Label
	state   shareState
}

// shareState is what the server says of a book.
type shareState struct {
	members     []syncer.Member
	invitations []syncer.Invitation
}

// shareBook opens the dialog, and asks the server.
func (b *book) shareBook(id string) {
	if b.editing {
		return
	}
	s := &shareSheet{book: b, of: b.books.of(id), problem: newProblemText()}
	s.sheet = b.dialogs.sheet(shareWidth, s.asking.drop)
	busy := widget.NewActivity()
	busy.Start()
	wait := container.New(barLayout{gap: 10, fill: 1}, busy, newTextLine(lang.L("Asking the server…"), colorMuted, theme.SizeNameText))
	done := newMainButton(lang.L("Close"), s.done)
	s.show(s.heading(), wait, done, newNothing(), done)
	s.load()
}

func (s *shareSheet) done() { s.dialogs.close() }

func (s *shareSheet) heading() string {
	if s.of.Mine() {
		return lang.L("Share “{{.Book}}”", map[string]any{"Book": bookName(s.of)})
	}
	return lang.L("Members of “{{.Book}}”", map[string]any{"Book": bookName(s.of)})
}

// load asks who is in the book, and draws it; what was typed stays.
func (s *shareSheet) load() { s.after(func(context.Context) error { return nil }) }

// after does something at the server, then asks how things stand.
func (s *shareSheet) after(change func(context.Context) error) {
	engine, k := s.book.engine, s.of
	ask(s.book.bg, &s.asking, func(ctx context.Context) (st shareState, err error) {
		if err = change(ctx); err != nil {
			return st, err
		}
		if st.members, err = engine.Members(ctx, k.ID); err == nil && k.Mine() {
			st.invitations, err = engine.Invitations(ctx, k.ID)
		}
		return st, err
	}, func(st shareState, err error) {
		if !s.isOpen() {
			return
		}
		s.problem.Hidden = err == nil
		s.problem.SetText(userMessage(err))
		if err == nil {
			s.state = st
			s.book.count()
		}
		s.draw()
	})
}

// draw shows what is known.
func (s *shareSheet) draw() {
	now := s.book.bg.now()
	column := container.New(columnLayout{gap: 10})
	rows := container.New(columnLayout{gap: 6})
	for _, m := range s.state.members {
		rows.Add(s.memberRow(m))
	}
	if len(s.state.members) > 0 {
		column.Add(s.several(rows, len(s.state.members), memberRowHeight+6, 4))
	}
	var first fyne.Focusable
	if s.of.Mine() && len(s.state.members) > 0 {
		if len(s.state.invitations) > 0 {
			open := container.New(columnLayout{gap: 2})
			for _, i := range s.state.invitations {
				open.Add(s.invitationRow(i, now))
			}
			column.Add(newTextLine(lang.L("Open invitations"), colorMuted, sizeSmall))
			column.Add(s.several(open, len(s.state.invitations), 36, 3))
		}
		var invite fyne.CanvasObject
		if s.made.Link != "" {
			invite, first = s.madeRow(now)
		} else {
			invite, first = s.inviteRow()
		}
		column.Add(invite)
	}
	column.Add(s.problem)
	left := fyne.CanvasObject(newNothing())
	if !s.problem.Hidden && len(s.state.members) == 0 {
		left = newLink(lang.L("Try Again"), nil, s.load)
	}
	done := newMainButton(lang.L("Close"), s.done)
	if first == nil {
		first = done
	}
	s.show(s.heading(), column, first, left, done)
}

const memberRowHeight = 44

// several keeps a long list from growing out of the window.
func (s *shareSheet) several(rows *fyne.Container, n int, height float32, seen int) fyne.CanvasObject {
	if n <= seen {
		return rows
	}
	scroll := container.NewVScroll(container.New(insets{0, 12, 0, 0}, rows))
	keepInSight(scroll)
	return container.New(canvasHeight(height*(float32(seen)+0.5)), scroll)
}

// memberRow is one member; an owner changes the roles of the others, and removes them.
func (s *shareSheet) memberRow(m syncer.Member) fyne.CanvasObject {
	face := newAvatar(34)
	face.set(m.User, m.ID)
	name := newTextLine(m.User, theme.ColorNameForeground, theme.SizeNameText)
	text := container.New(columnLayout{}, name, newTextLine(memberText(m), colorMuted, sizeSmall))
	line := container.New(barLayout{gap: 10, fill: 1}, face, text)
	if !s.of.Mine() || m.You {
		line.Add(newCaption(optionText(roleOptions(), m.Role)))
		return line
	}
	role := newChoice(optionTexts(roleOptions()), nil)
	role.SetSelected(optionText(roleOptions(), m.Role))
	role.OnChanged = func(text string) {
		to := optionValue(roleOptions(), text)
		s.after(func(ctx context.Context) error { return s.book.engine.SetRole(ctx, s.of.ID, m.ID, to) })
	}
	line.Add(role)
	line.Add(newQuietButton(lang.L("Remove"), nil, func() {
		s.after(func(ctx context.Context) error { return s.book.engine.RemoveMember(ctx, s.of.ID, m.ID) })
	}))
	return line
}

func (s *shareSheet) invitationRow(i syncer.Invitation, now time.Time) fyne.CanvasObject {
	return container.New(barLayout{gap: 8, fill: 0}, newTextLine(invitationText(i, now), theme.ColorNameForeground, sizeSmall),
		newLink(lang.L("Withdraw"), nil, func() {
			if s.made.ID == i.ID {
				s.made = syncer.Invitation{}
			}
			s.after(func(ctx context.Context) error { return s.book.engine.Withdraw(ctx, s.of.ID, i.ID) })
		}))
}

// inviteRow makes a link.
func (s *shareSheet) inviteRow() (fyne.CanvasObject, fyne.Focusable) {
	role, term := newChoice(optionTexts(invitedRoles()), nil), newChoice(optionTexts(termOptions()), nil)
	role.SetSelectedIndex(0)
	term.SetSelectedIndex(0)
	invite := newButton(lang.L("Make Link"), nil, nil)
	invite.OnTapped = func() {
		as, days := optionValue(invitedRoles(), role.Selected), termDays[optionValue(termOptions(), term.Selected)]
		invite.Disable()
		var made syncer.Invitation // written before the answer is posted
		s.after(func(ctx context.Context) (err error) {
			made, err = s.book.engine.Invite(ctx, s.of.ID, as, days)
			if err == nil {
				s.book.bg.post(func() { s.made = made })
			}
			return err
		})
	}
	line := container.New(barLayout{gap: 8, fill: 0}, role, term, invite)
	return container.New(columnLayout{gap: 6}, newTextLine(lang.L("Invite somebody who has an account at the same server"), colorMuted, sizeSmall), line), invite
}

// madeRow shows the link that was made: nobody can see it again.
func (s *shareSheet) madeRow(now time.Time) (fyne.CanvasObject, fyne.Focusable) {
	link := newField("")
	link.SetText(s.made.Link)
	link.OnChanged = func(string) { link.SetText(s.made.Link) } // it is to be copied, not changed
	copyLink := newMainButton(lang.L("Copy Link"), nil)
	copyLink.OnTapped = func() {
		s.book.app.Clipboard().SetContent(s.made.Link)
		copyLink.SetText(lang.L("Copied"))
	}
	another := newLink(lang.L("Another Link"), iconAdd, func() {
		s.made = syncer.Invitation{}
		s.draw()
	})
	words := map[string]any{"When": moment(s.made.Expires, now)}
	column := container.New(columnLayout{gap: 6},
		newMutedText(lang.L("Send this link to one person. It works once, until {{.When}}, and is not shown again.", words), fyne.TextAlignLeading),
		container.New(barLayout{gap: 8, fill: 0}, link, copyLink), container.New(leftLayout{}, another))
	return column, copyLink
}

// ---- joining --------------------------------------------------------------------------------------------------------------

// offerText says what an invitation would give.
func offerText(o syncer.Offer) string {
	words := map[string]any{"By": o.By, "Book": o.Book}
	if o.Role == syncer.Reader {
		return lang.L("{{.By}} invites you to “{{.Book}}”. You may read its contacts, not change them.", words)
	}
	return lang.L("{{.By}} invites you to “{{.Book}}”. You may read and change its contacts.", words)
}

// joinBook asks for an invitation link, says what it would give, and joins.
func (d *dialogs) joinBook() {
	if d.book.editing {
		return
	}
	b := d.book
	entry := newField("https://kith.example.org/join#…")
	offer, problem := newParagraph(""), newProblemText()
	offer.Hide()
	content := container.New(columnLayout{gap: 8}, flush(newMutedText(lang.L("Paste the invitation link that you were sent."), fyne.TextAlignLeading)), entry, offer, problem)
	looked := "" // the link that the offer is of
	var ok *button
	ok = newMainButton(lang.L("Join"), func() {
		ok.Disable()
		ask(b.bg, &d.asking, func(ctx context.Context) (data.Book, error) { return b.engine.Join(ctx, looked) }, func(k data.Book, err error) {
			if err != nil {
				d.problem(problem, content, err)
				return
			}
			d.close()
			b.count()
			b.toast.show(lang.L("You are in “{{.Book}}” now. Its contacts are on their way.", map[string]any{"Book": bookName(k)}), 0)
		})
	})
	ok.Disable()
	entry.OnChanged = func(text string) {
		d.asking.drop()
		ok.Disable()
		offer.Hide()
		problem.Hide()
		if _, _, err := syncer.ParseLink(text); err != nil {
			content.Refresh()
			d.resize()
			return // still being typed
		}
		ask(b.bg, &d.asking, func(ctx context.Context) (syncer.Offer, error) { return b.engine.LookAt(ctx, text) }, func(o syncer.Offer, err error) {
			if err != nil {
				d.problem(problem, content, err)
				return
			}
			looked = text
			offer.SetText(offerText(o))
			offer.Show()
			content.Refresh()
			d.resize()
			ok.Enable()
		})
	}
	entry.OnSubmitted = func(text string) {
		if !ok.Disabled() {
			ok.OnTapped()
		} else if _, _, err := syncer.ParseLink(text); err != nil {
			d.problem(problem, content, err)
		}
	}
	d.show(lang.L("Join a book"), 480, content, entry, newButton(lang.L("Cancel"), nil, func() { d.close() }), ok)
}
