# sudo make install, or: make install PREFIX=$HOME/.local     (and the same with uninstall)
PREFIX ?= /usr/local
into := $(DESTDIR)$(PREFIX)
files := $(shell cd files && find . -type f)

help:
	@sed -n '1s/^# //p' Makefile

install:
	@set -e; cd files; for f in $(files); do install -D -m $$(stat -c %a $$f) $$f "$(into)/$$f"; done
	@sed -i 's,^Exec=kith,Exec=$(PREFIX)/bin/kith,' "$(into)/share/applications/org.kith.Kith.desktop"
	@echo "installed into $(into)"

uninstall:
	@cd "$(into)" && rm -f $(files)

.PHONY: help install uninstall
