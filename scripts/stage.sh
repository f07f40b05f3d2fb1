# What run and demo share, sourced by them after lib.sh: a display, a server on the loopback, an account.

need_display() {
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && return
  die "there is no display (DISPLAY is not set). On a machine without one, \`make e2e\` drives the windows on a virtual display, and kithctl works in a terminal"
}

# keep_data DIR: makes this the only program of its kind in DIR, which only its owner can read, until it ends.
keep_data() {
  mkdir -p -m 700 "$1"
  exec 9>"$1/lock"
  flock --nonblock 9 || die "it is running already, in $1"
}

# start_server DIR: a server on the loopback, with its database and its log in DIR. Sets server_url, and server_pid to stop it by.
# The port stays the same from run to run, as the devices know the server by its address.
start_server() {
  local dir=$1 port line=
  local ports=(8420 0) # 0: any that is free
  [ ! -s "$dir/port" ] || ports=("$(<"$dir/port")")
  for port in "${ports[@]}"; do
    exec 8< <(exec "$BIN/kith-server" serve --db "sqlite:$dir/server.db" --listen "127.0.0.1:$port" 2>>"$dir/server.log" 9>&-)
    server_pid=$!
    if read -r -t 30 line <&8; then break; fi
  done
  [ -n "$line" ] || die "the server did not start: $(tail -n 1 "$dir/server.log")"
  server_url=http://${line##*//}
  printf '%s\n' "${server_url##*:}" >"$dir/port"
}

stop_server() {
  [ -n "${server_pid:-}" ] || return 0
  kill "$server_pid" 2>/dev/null || true
  while kill -0 "$server_pid" 2>/dev/null; do sleep 0.05; done
}

# account DIR NAME: makes the account if it is not there, with a random password that is kept in DIR/password.
account() {
  local dir=$1 name=$2
  [ -s "$dir/password" ] || (umask 077 && head -c 18 /dev/urandom | base64 >"$dir/password")
  if ! "$BIN/kith-server" user list --db "sqlite:$dir/server.db" | awk '{ print $1 }' | grep -qx "$name"; then
    "$BIN/kith-server" user add "$name" --password-stdin --db "sqlite:$dir/server.db" <"$dir/password" >&2
  fi
}

# sign_in DIR NAME PROFILE DEVICE: signs the profile in, unless it is.
sign_in() {
  local dir=$1 name=$2 profile=$3 device=$4
  if ! "$BIN/kithctl" --profile "$profile" status | grep -qF "$server_url"; then
    "$BIN/kithctl" --profile "$profile" login "$server_url" --user "$name" --device "$device" --password-stdin <"$dir/password" >&2
  fi
}
