#!/usr/bin/env bash
# Makes the system root for an arm64 build of leat: headers and libraries of an arm64 Debian of this
# machine's release. Usage: cross/sysroot.sh <folder> <package…>. Does nothing the second time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/apt.sh"

folder=$1
shift
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
wanted="$release $*"
if [ "$(cat "$folder/made-of" 2>/dev/null)" = "$wanted" ]; then exit 0; fi
command -v aarch64-linux-gnu-g++ >/dev/null ||
  { echo "aarch64-linux-gnu-g++ is missing: install g++-aarch64-linux-gnu" >&2; exit 1; }

# Debian 12's libgpiod is too old; its backports have version 2.
packages=(libc6-dev "libstdc++-$(aarch64-linux-gnu-g++ -dumpversion)-dev" "$@")
rm -rf "$folder" "$folder.apt"
mkdir -p "$folder"/usr/{bin,lib,sbin}
for name in bin lib sbin; do ln -s "usr/$name" "$folder/$name"; done
arm64_apt_begin "$folder.apt"
if [ "$release" = bookworm ]; then
  packages+=(libgpiod-dev/bookworm-backports libgpiod3/bookworm-backports)
fi
arm64_unpack_with_dependencies "$folder" "${packages[@]}"
rm -rf "$folder.apt"
echo "$wanted" >"$folder/made-of"
