# Every target works on a new Debian machine with Go, git and make: what is missing, the scripts install.

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what the targets below need and this machine lacks
	@scripts/setup build && scripts/setup test && scripts/setup e2e && scripts/setup dist

build: ## build kith, kith-server and kithctl into build/bin
	@scripts/build

run: ## a server, an account, and the window signed in; the contacts are kept from run to run
	@scripts/run

demo: ## two windows side by side: two devices of one account
	@scripts/demo

test: ## every check and test, also against PostgreSQL and MariaDB
	@scripts/test

e2e: ## drive the real windows under a virtual display; screenshots go to build/e2e
	@scripts/e2e

screenshots: ## take the pictures of the docs anew, into docs/images
	@scripts/screenshots

sim: ## random schedules of devices with faults: make sim SEEDS=1000 FIRST=1
	@go test ./syncer/sim -run 'Sim|Real|Loops' -count 1 -timeout 0 -sim.seeds $(or $(SEEDS),300) -sim.first $(or $(FIRST),1)

bench: ## the figures, each beside its limit
	@scripts/bench

load: ## the server under load, on each database; some minutes
	@scripts/load

image: ## what the container image would be, tried in an empty root folder
	@scripts/image

dist: ## packages for Linux, into dist/
	@scripts/dist

fmt: ## format the code
	@gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built
	@rm -rf build dist .bin

.PHONY: help setup build run demo test e2e screenshots sim bench load image dist fmt clean
