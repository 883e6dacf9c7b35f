# ./dev bench: builds the benchmarks and prints one table. Sourced by ./dev.
# shellcheck shell=bash

bench() {
  local program database
  build dev bench
  build release leat-agent
  printf '%s, %s, %s cores, %s, commit %s\n\n' "$(date -I)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" \
    "$(. /etc/os-release && echo "$PRETTY_NAME")" "$(git describe --always --dirty)"
  printf '| %-58s | %14s | %-12s |\n' what figure unit
  printf '|%s|%s:|%s|\n' "$(printf '%060d' 0 | tr 0 -)" "$(printf '%015d' 0 | tr 0 -)" \
    "$(printf '%014d' 0 | tr 0 -)"
  for program in throughput_bench node_bench; do "build/bench/$program"; done
  LEAT_AGENT=$PWD/build/release/bin/leat-agent build/bench/pins_bench
  build/bench/central_bench
  build/bench/answers_bench
  build/bench/odbc_bench
  for database in sqlite postgresql; do
    printf '\n' && LEAT_TEST_DATABASE=$database build/bench/year_bench # Gigabytes, and minutes.
  done
}
