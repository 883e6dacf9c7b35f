# ./dev setup: installs the packages that are missing. Sourced by ./dev.
#
# `setup line` installs what building and running the line needs: enough for the demo.
# DEV_PACKAGES=line adds what testing it needs, and no browser, board or firmware: so does the Debian
# 13 root, in which these tests would only run a second time.
# shellcheck shell=bash

build_packages=(g++ cmake ninja-build ccache mold pkg-config libssl-dev libsqlite3-dev libpq-dev libfmt-dev
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libboost-dev libpaho-mqtt-dev
  libpaho-mqttpp-dev libhiredis-dev libgpiod-dev libcctz-dev zlib1g-dev
  libcurl4-openssl-dev unixodbc-dev doctest-dev)
run_packages=(mosquitto mosquitto-clients redis-server curl tzdata)
test_packages=(sqlite3 openssl clang mandoc
  mariadb-client-core mariadb-server-core postgresql odbc-mariadb odbc-postgresql libsqliteodbc)
# The page in a browser; the metrics of dashboards; the sketch on a simulated board.
apart_packages=(chromium nodejs npm prometheus gcc-avr avr-libc arduino-core-avr libsimavr-dev
  libelf-dev)
board_packages=(qemu-system-arm g++-aarch64-linux-gnu make cpio xz-utils)

. cross/mirror.sh

installed() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

wanted_packages() { # wanted_packages [line]
  printf '%s\n' "${build_packages[@]}" "${run_packages[@]}"
  [ "${1:-}" != line ] || return 0
  printf '%s\n' "${test_packages[@]}"
  [ "${DEV_PACKAGES:-}" = line ] || printf '%s\n' "${apart_packages[@]}"
}

# Any node will do, not only Debian's own packages.
have() {
  case "$1" in nodejs) command -v node ;; npm) command -v npm ;; *) false ;; esac >/dev/null ||
    installed "$1"
}

missing_packages() { # missing_packages [line]
  local package
  for package in $(wanted_packages "${1:-}"); do have "$package" || echo "$package"; done
  [ "${1:-}" != line ] || return 0
  # The fuzzers and sanitizers need the runtime of this release's clang.
  package=libclang-rt-dev
  if installed clang; then package=libclang-rt-$(clang_version)-dev; fi
  installed "$package" || echo "$package"
}

clang_version() { dpkg-query -W -f='${Depends}' clang | grep -o 'clang-[0-9]*' | grep -o '[0-9]*'; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "setup must install packages: run it as root, or install sudo"
  fi
}

# The packages' own services must not start here: leat's tests and demo start their own.
install_packages() {
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install -y -q --no-install-recommends "$@"
}

# libgpiod 2 is in Debian 13; Debian 12 has it in backports, from the mirror already in use.
need_backports() {
  local version
  version=$(dpkg-query -W -f='${Version}' libgpiod-dev 2>/dev/null || true)
  case "$version" in 2*) return 1 ;; esac
  [ "$codename" = bookworm ]
}

add_backports() {
  local file=/etc/apt/sources.list.d/leat-backports.sources mirror
  [ -e "$file" ] && return
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || die "no Debian mirror found in /etc/apt: add one, then try again"
  say "setup: adding $file (bookworm-backports, for libgpiod 2)"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' \
    "$mirror" "$debian_keyring" | as_root tee "$file" >/dev/null
}

setup() { # setup [line]
  local codename missing wanted=() pin=() package
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  case "$codename" in
    bookworm | trixie) ;;
    *) say "setup: leat is built on Debian 12 and 13; this is '$codename': package names may differ" ;;
  esac
  mapfile -t missing < <(missing_packages "${1:-}")
  if need_backports; then pin=(libgpiod-dev/bookworm-backports libgpiod3/bookworm-backports); fi
  if [ ${#missing[@]} = 0 ] && [ ${#pin[@]} = 0 ]; then return; fi
  say "setup: installing ${missing[*]} ${pin[*]}"
  if [ ${#pin[@]} -gt 0 ]; then add_backports; fi
  as_root apt-get update -q
  for package in "${missing[@]}"; do
    case "$package" in
      libgpiod-dev) [ ${#pin[@]} -gt 0 ] || wanted+=("$package") ;;
      libclang-rt-dev) ;; # Its name holds clang's version, known after clang is installed.
      *) wanted+=("$package") ;;
    esac
  done
  install_packages "${wanted[@]}" "${pin[@]}"
  [ "${1:-}" = line ] || install_packages "libclang-rt-$(clang_version)-dev"
}

# To build for arm64 on another machine, and to test that in QEMU. Nothing else needs them.
setup_board() {
  local package missing=()
  [ "${DEV_PACKAGES:-}" != line ] || return 0
  for package in "${board_packages[@]}"; do installed "$package" || missing+=("$package"); done
  if [ ${#missing[@]} = 0 ] || [ "$(dpkg --print-architecture)" = arm64 ]; then return; fi
  say "setup: installing ${missing[*]}"
  (as_root apt-get update -q && install_packages "${missing[@]}") ||
    say "setup: without them there is no build for arm64, and hil_test is skipped"
}
