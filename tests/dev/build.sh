# ./dev build, test, tidy and format. Sourced by ./dev.
# shellcheck shell=bash

# Clones of this repository, wherever they stand, share what ccache has.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

build() { # build [preset] [target…]
  local preset=${1:-dev} log
  [ $# -gt 0 ] && shift
  # The system root gets the -dev packages that this machine has.
  if [ "$preset" = arm64 ]; then
    setup_board
    # shellcheck disable=SC2046
    cross/sysroot.sh build/arm64-root $(printf '%s\n' "${build_packages[@]}" | grep -e '-dev$')
  fi
  log=$(cmake --preset "$preset" 2>&1) || { printf '%s\n' "$log" >&2; exit 1; }
  cmake --build --preset "$preset" ${1:+--target "$@"}
}

run_tests() { # run_tests <build folder> [ctest arguments…]
  local folder=$1
  shift
  ctest --test-dir "$folder" --output-on-failure --no-tests=error -j2 "$@"
}

# The tests in QEMU need leat-agent for arm64, and a kernel; without these they are skipped.
prepare_board() { # prepare_board [ctest arguments…]
  [ "${DEV_PACKAGES:-}" != line ] || return 0
  ctest --test-dir build -N "$@" | grep ' hil_test$' >/dev/null || return 0
  setup_board
  say "test: a board for QEMU (minutes the first time)"
  tests/hil/prepare.sh build/hil || say "test: no board; hil_test will be skipped"
}

test_on_debian13() {
  local status=0
  say "test: a Debian 13 (minutes)"
  if [ "$(id -u)" = 0 ] && ! installed mmdebstrap; then install_packages mmdebstrap || true; fi
  tests/debian13/run build/debian13 || status=$?
  [ "$status" = 0 ] || [ "$status" = 77 ] || die "test: on Debian 13 it failed, see above"
}

# Debian 12 has no TimescaleDB. Without the root its test is skipped.
prepare_timescale() {
  local status=0
  say "test: a Debian 13 with TimescaleDB (a minute the first time)"
  if [ "$(id -u)" = 0 ] && ! installed mmdebstrap; then install_packages mmdebstrap || true; fi
  tests/timescale/make build/timescale || status=$?
  [ "$status" = 0 ] || [ "$status" = 77 ] || die "test: the root could not be made, see above"
}

# Without a filter in CI, or with --all: everything else first, the plain suite last.
test_all() {
  say "test: ThreadSanitizer, over what has threads"
  build tsan threaded_tests
  run_tests build/tsan -L threads
  say "test: fuzzers"
  build fuzz fuzzers
  run_tests build/fuzz -L fuzz
  say "test: AddressSanitizer and UndefinedBehaviorSanitizer, everything"
  build asan
  run_tests build/asan
  test_on_debian13
  say "test: everything"
  build dev
  prepare_board
  prepare_timescale
  run_tests build
}

expect_tests() { # expect_tests <filter>: before anything is built for a name that no test has
  cmake --preset dev >/dev/null
  ctest --test-dir build -N -R "$1" | grep '^ *Test *#' >/dev/null ||
    die "test: no test is called '$1'; all of them: ctest --test-dir build -N"
}

test_some() { # test [--all] [filter: a regular expression on test names]
  if [ "${1:-}" = --all ] || { [ $# = 0 ] && [ "${CI:-}" = true ]; }; then
    test_all
  else
    if [ $# -gt 0 ]; then expect_tests "$1"; fi
    build dev
    prepare_board ${1:+-R "$1"}
    run_tests build ${1:+-R "$1"}
  fi
}

tidy() {
  command -v clang-tidy >/dev/null || install_packages clang-tidy
  build tidy
}

format() {
  command -v clang-format >/dev/null || install_packages clang-format
  git ls-files '*.cpp' '*.hpp' | xargs clang-format -i
}
