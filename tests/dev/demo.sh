# ./dev demo: the whole line on this machine, with a simulated house. Sourced by ./dev.
#
# The nodes of the house have a past (tests/dev/story), which is told first and takes seconds.
# The configurations are the files in tests/dev/demo; what differs from run to run (ports, the
# folder, the file to replay) they have from the environment, as ${DEMO_…}.
# shellcheck shell=bash

started=() # The processes of the demo: these are stopped at the end, and nothing else.
names=()
ended=() # Which of them were mentioned: yes.

start() { # start <name> <command…>: in the background, its output in the demo's folder
  local name=$1
  shift
  # A session of its own: Ctrl-C must reach only this script, which then stops them in order.
  setsid "$@" >"$DEMO_FOLDER/$name.log" 2>&1 &
  started+=($!)
  names+=("$name")
}

stop_all() {
  trap '' INT TERM # A second Ctrl-C must not leave half of them behind.
  trap - EXIT
  echo "stopping" >&2
  local i
  # Nodes first, so that they can say goodbye to the broker; servers last.
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || continue
    timeout 6 tail -s 0.05 --pid="${started[i]}" -f /dev/null ||
      kill -9 "${started[i]}" 2>/dev/null || true
  done
  wait 2>/dev/null || true
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

wait_for() { # wait_for <what> <command…>
  local what=$1 tries
  shift
  for ((tries = 0; tries < 100; tries++)); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  check_parts # One that has ended says why.
  die "the demo's $what did not start; see $DEMO_FOLDER"
}

host_node() { # This machine's name, as a node may be called.
  hostname | tr '[:upper:]_.' '[:lower:]--' | tr -cd 'a-z0-9-' | sed 's/^-*//;s/^$/host/'
}

# The columns are named by the caller, and so no file can hold them.
write_replay() { # write_replay <COLUMN=QUANTITY[:UNIT],…>
  local pair pairs
  IFS=, read -ra pairs <<<"$1"
  cp "$demo_files/replay.toml" "$DEMO_FOLDER/replay.toml"
  for pair in "${pairs[@]}"; do
    printf '"%s" = "%s"\n' "${pair%%=*}" "${pair#*=}" >>"$DEMO_FOLDER/replay.toml"
  done
  # Reads the file's first row: a wrong column or time format is reported here, not in a log.
  "$bin/leat-agent" test --config "$DEMO_FOLDER/replay.toml" >&2 ||
    die "demo: --replay, --map, --time or --time-format does not fit the file, see above"
}

start_servers() {
  local mosquitto
  mosquitto=$(PATH=$PATH:/usr/sbin command -v mosquitto)
  start broker "$mosquitto" -p "$DEMO_BROKER_PORT"
  start redis redis-server --bind 127.0.0.1 --port "$DEMO_REDIS_PORT" --dir "$DEMO_FOLDER" \
    --save "" --appendonly yes --appendfsync always
  wait_for Redis redis-cli -p "$DEMO_REDIS_PORT" ping
  wait_for broker bash -c "exec 3<>/dev/tcp/127.0.0.1/$DEMO_BROKER_PORT"
}

start_line() {
  start bridge "$bin/leat-bridge" run --config "$demo_files/bridge.toml"
  start central "$bin/leat-central" run --config "$demo_files/central.toml"
  wait_for page curl -sf "http://127.0.0.1:$DEMO_API_PORT/healthz"
}

# What the house has seen. The sensor that is dead now worked then, and the door moved.
tell_past() { # tell_past <configuration of a node…>
  echo "four and a half days of five nodes, in seconds" >&2
  start past env DEMO_DOOR=moves DEMO_FAULT= "$bin/demo-past" "$@"
  wait "${started[-1]}" || {
    tail -n 5 "$DEMO_FOLDER/past.log" >&2
    die "demo: the past of the nodes did not get through, see above and $DEMO_FOLDER"
  }
  unset 'started[-1]' 'names[-1]' # It has ended, as it should.
}

start_nodes() { # start_nodes <configuration of a node…>
  local config
  for config in "$@"; do
    start "$(basename "$config" .toml)" "$bin/leat-agent" run --config "$config"
  done
}

# One line: readings counted, records durable in Redis, window rows written, records on their way.
demo_line() {
  local durable
  durable=$(redis-cli -p "$DEMO_REDIS_PORT" --raw eval "local n = 0
    for _, key in ipairs(redis.call('keys', 'leat:*:records')) do
      local info = redis.call('xinfo', 'stream', key)
      for i = 1, #info, 2 do if info[i] == 'entries-added' then n = n + info[i + 1] end end
    end
    return n" 0 2>/dev/null || echo '?')
  curl -sf --max-time 2 "http://127.0.0.1:$DEMO_API_PORT/metrics" | awk -v durable="$durable" '
    /^leat_central_readings_total/ {readings += $2}
    /^leat_central_entries_total/ {applied += $2}
    /^leat_central_rows_total/ {windows += $2}
    END {printf "readings in %d   records durable %s   windows written %d   lag %d records\n",
      readings, durable, windows, (durable > applied ? durable - applied : 0)}' ||
    echo "central does not answer; see $DEMO_FOLDER/central.log"
}

# A part that gives up takes the demo with it, and its last words are shown. One that a person has
# killed, to see what happens or to start it again by hand, is mentioned once.
check_parts() {
  local i code
  for i in "${!started[@]}"; do
    if [ "${ended[i]:-}" = yes ] || kill -0 "${started[i]}" 2>/dev/null; then continue; fi
    ended[i]=yes
    code=0
    wait "${started[i]}" 2>/dev/null || code=$?
    if [ "$code" -gt 128 ]; then
      echo "${names[i]} was killed; the demo goes on without it"
    else
      tail -n 5 "$DEMO_FOLDER/${names[i]}.log" >&2
      die "demo: ${names[i]} has ended with exit code $code; its last lines are above, the rest in $DEMO_FOLDER/${names[i]}.log"
    fi
  done
}

watch_demo() { # watch_demo <seconds, or nothing for ever>
  local second=0
  while [ -z "$1" ] || [ "$second" -lt "$1" ]; do
    sleep 1
    check_parts
    demo_line
    second=$((second + 1))
    [ $((second % 30)) != 0 ] || echo "http://127.0.0.1:$DEMO_API_PORT/"
  done
}

# run_demo <folder of the programs> <folder of its own> [seconds] [replay] [map]
run_demo() {
  local bin=$1 demo_files=tests/dev/demo seconds=${3:-} replay=${4:-} map=${5:-} house nodes
  DEMO_FOLDER=$2
  echo $$ >"$DEMO_FOLDER/pid"
  DEMO_BROKER_PORT=$(free_port) DEMO_REDIS_PORT=$(free_port) DEMO_API_PORT=$(free_port)
  DEMO_HOST=$(host_node) DEMO_REPLAY=$replay
  export DEMO_FOLDER DEMO_BROKER_PORT DEMO_REDIS_PORT DEMO_API_PORT DEMO_HOST DEMO_REPLAY
  export DEMO_DOOR=open DEMO_FAULT="no echo"
  # For whoever starts a part again by hand: the configurations take these values from it.
  export -p | grep ' DEMO_' >"$DEMO_FOLDER/env"
  house=("$demo_files"/{attic,cellar,garage,greenhouse,living-room}.toml)
  nodes=("$demo_files/host.toml" "${house[@]}")
  trap stop_all EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_servers
  if [ -n "$replay" ]; then
    write_replay "$map" # Tries the broker, too.
    nodes+=("$DEMO_FOLDER/replay.toml")
  fi
  start_line
  tell_past "${house[@]}"
  start_nodes "${nodes[@]}"
  echo "data and logs in $DEMO_FOLDER; Redis: redis-cli -p $DEMO_REDIS_PORT; messages:"
  echo "mosquitto_sub -p $DEMO_BROKER_PORT -t 'leat/v1/#' -v"
  echo "at a shell: (. $DEMO_FOLDER/env; $bin/leat-central nodes --config $demo_files/central.toml)"
  echo "http://127.0.0.1:$DEMO_API_PORT/"
  watch_demo "$seconds"
}

demo() {
  local seconds="" replay="" map=""
  export DEMO_TIME_COLUMN=date DEMO_TIME_FORMAT="%Y-%m-%d %H:%M:%S"
  while [ $# -gt 0 ]; do
    case "$1" in
      --seconds) seconds=${2:-} ;;
      --replay) replay=$(cd "$caller" && realpath -m "${2:-}") ;;
      --map) map=${2:-} ;;
      --time) DEMO_TIME_COLUMN=${2:-} ;;
      --time-format) DEMO_TIME_FORMAT=${2:-} ;;
      *) die "demo: unknown option $1; see ./dev help" ;;
    esac
    [ $# -ge 2 ] || die "demo: $1 needs a value"
    shift 2
  done
  [[ "$seconds" =~ ^[0-9]*$ ]] || die "demo: --seconds needs a whole number"
  [ -z "$replay" ] || [ -r "$replay" ] || die "demo: cannot read $replay"
  [ -z "$replay" ] || [ -n "$map" ] || die "demo: --replay needs --map COLUMN=QUANTITY[:UNIT],…"
  [ -z "$map" ] || [ -n "$replay" ] || die "demo: --map is for --replay"
  build dev leat-agent leat-bridge leat-central demo-past >&2
  # The folders of the last demos stay, so that they can be looked at, and so does one that runs.
  local old
  for old in $( (ls -dt build/demo.* 2>/dev/null || true) | tail -n +4); do
    kill -0 "$(cat "$old/pid" 2>/dev/null || echo none)" 2>/dev/null || rm -rf "$old"
  done
  run_demo build/bin "$(mktemp -d "$PWD/build/demo.XXXXXX")" "$seconds" "$replay" "$map"
}
