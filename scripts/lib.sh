# What the scripts share; sourced by them. It moves to the project's root.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Versions of the tools that the checks use, in this one place. They go to .bin under their version, so that a new one is a new file.
STATICCHECK=honnef.co/go/tools/cmd/staticcheck@v0.8.2
FYNE=fyne.io/fyne/v2/cmd/fyne@v2.7.4

BIN=build/bin # our programs

say() { printf '==> %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# need PACKAGE…: installs the Debian packages that are missing.
need() {
  command -v dpkg-query >/dev/null || die "this is not Debian or Ubuntu: install what corresponds to these packages yourself, and call again with KITH_SYSTEM_READY=1: $*"
  local missing package state installed=" "
  while read -r package state; do
    [ "$state" = installed ] && installed+="${package%%:*} "
  done < <(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  missing=()
  for package; do [[ $installed == *" $package "* ]] || missing+=("$package"); done
  [ ${#missing[@]} = 0 ] && return
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing, and there is no sudo to install them. As root: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${root[@]}" apt-get -qq update || die "apt-get update failed (see above); needed: ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >&2 ||
    die "apt-get could not install ${missing[*]} (see above)"
}

# tool MODULE@VERSION: prints the program's path, and builds it first where it is missing.
tool() {
  local name=${1%@*} path
  name=${name##*/} path=$PWD/.bin/$name-${1##*@}
  if [ ! -x "$path" ]; then
    say "building $1"
    GOBIN=$PWD/.bin go install "$1" >&2
    mv ".bin/$name" "$path"
  fi
  printf '%s\n' "$path"
}
