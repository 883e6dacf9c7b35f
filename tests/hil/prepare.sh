#!/usr/bin/env bash
# Builds the board that tests/hil boots: Debian's own arm64 kernel, unchanged, and an initramfs with
# busybox, leat-agent, and the kernel's simulated GPIO chip, which Debian does not build.
# Usage: tests/hil/prepare.sh <folder>. The packages are fetched once; the rest is made again when its
# sources change. If something fails, <folder>/unavailable says what, and the tests are skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cross/apt.sh"

mkdir -p "$1"
folder=$(cd "$1" && pwd)
system=$folder/system # The unpacked packages.
compiler=aarch64-linux-gnu-

say_unavailable() {
  echo "$*" >"$folder/unavailable"
  echo "not prepared: $*" >&2
}

# attempt <what> <function>: shows the function's output only if it fails.
attempt() {
  echo "$1 failed, see $folder/prepare.log" >"$folder/unavailable"
  # In the background, because `set -e` has no effect to the left of ||.
  (set -e; "$2") >>"$folder/prepare.log" 2>&1 &
  wait $! || { tail -n 20 "$folder/prepare.log" >&2; exit 1; }
}

# ---- packages ---------------------------------------------------------------------------------

fetch_packages() {
  [ ! -e "$system/complete" ] || return 0
  rm -rf "$system"
  mkdir -p "$system"/usr/{bin,lib,sbin}
  local name image headers
  for name in bin lib sbin; do ln -s "usr/$name" "$system/$name"; done
  arm64_apt_begin "$folder/apt"
  image=$(arm64_dependencies linux-image-arm64 | grep '^linux-image-')
  headers=$(arm64_dependencies linux-headers-arm64 | grep '^linux-headers-')
  arm64_unpack_alone "$system" busybox-static:arm64 "$image" "$headers" \
    "$(arm64_dependencies "$headers" | grep '^linux-headers-.*-common')" \
    "$(arm64_dependencies "$headers" | grep '^linux-kbuild-'):$(dpkg --print-architecture)" \
    "$(arm64_dependencies linux-source | grep '^linux-source-')"
  rm -rf "$folder/apt"
  touch "$system/complete"
}

# ---- the simulated chip -----------------------------------------------------------------------

# Builds the kernel's gpio-sim, and the part it needs that Debian leaves out, as one module. The function
# it calls to raise an interrupt is not exported to modules; a sibling that is exported does the same.
build_chip() {
  local headers sources=$folder/chip
  headers=$system/usr/src/linux-headers-$(basename "$system"/usr/lib/modules/*)
  [ ! -e "$sources/complete" ] || return 0
  rm -rf "$sources"
  mkdir -p "$sources"
  tar -x -C "$sources" --strip-components=3 --wildcards -f "$system"/usr/src/linux-source-*.tar.xz \
    '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'
  sed -i 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_irq_safe(irqnum);/' \
    "$sources/irq_sim.c"
  printf 'obj-m := leat_gpio_sim.o\nleat_gpio_sim-y := gpio-sim.o irq_sim.o\n' >"$sources/Kbuild"
  # The headers refer to their other half by the path it has in an installed package.
  sed -i "s|include /usr/src/|include $system/usr/src/|" "$headers/Makefile"
  make -C "$headers" ARCH=arm64 CROSS_COMPILE=$compiler M="$sources" modules
  ${compiler}strip -g "$sources/leat_gpio_sim.ko"
  touch "$sources/complete"
}

# ---- the initramfs ----------------------------------------------------------------------------

# Copies the shared libraries of a program, and theirs.
add_libraries() {
  local library
  for library in $(${compiler}objdump -p "$1" | awk '$1 == "NEEDED" {print $2}'); do
    [ ! -e "$board/lib/$library" ] || continue
    cp "$(find -L "$root/build/arm64-root/usr/lib" -name "$library" | head -1)" "$board/lib/"
    add_libraries "$board/lib/$library"
  done
}

# Adds a module after those that it depends on; /init loads them in that order.
add_module() {
  local name=$1 found dependency
  [ ! -e "$board/lib/modules/$name.ko" ] || return 0
  found=$(find "$system/usr/lib/modules" -name "$name.ko" -o -name "$name.ko.xz" | head -1)
  [ -n "$found" ] || { echo "no kernel module $name" >&2; return 1; }
  case "$found" in
    *.xz) xz -dc "$found" >"$board/lib/modules/$name.ko" ;;
    *) cp "$found" "$board/lib/modules/" ;;
  esac
  for dependency in $(tr '\0' '\n' <"$board/lib/modules/$name.ko" |
    sed -n 's/^depends=//p' | tr , ' '); do
    add_module "$dependency"
  done
  echo "$name" >>"$board/lib/modules/order"
}

pack() {
  local name
  board=$folder/board
  rm -rf "$board"
  mkdir -p "$board"/{bin,dev,etc,lib/modules,proc,sys,tmp}
  cp "$system/usr/bin/busybox" "$board/bin/"
  ln -s busybox "$board/bin/sh"
  cp "$here"/guest/*.toml "$here/guest/frames" "$board/etc/"
  cp "$here/guest/init" "$board/init"
  chmod +x "$board/init"
  ${compiler}strip -o "$board/bin/leat-agent" "$root/build/arm64/bin/leat-agent"
  for name in player trust_clock; do
    ${compiler}g++ -std=c++20 -O2 -static -s "$here/guest/$name.cpp" -o "$board/bin/$name"
  done
  add_libraries "$board/bin/leat-agent"
  cp -L "$root/build/arm64-root/usr/lib/ld-linux-aarch64.so.1" "$board/lib/"
  for name in virtio_pci virtio_net configfs; do add_module "$name"; done
  cp "$folder/chip/leat_gpio_sim.ko" "$board/lib/modules/"
  echo leat_gpio_sim >>"$board/lib/modules/order"
  (cd "$board" && find . | cpio --quiet -o -H newc -R 0:0) | gzip -1 >"$folder/board.cpio.gz.new"
  mv "$folder/board.cpio.gz.new" "$folder/board.cpio.gz"
  cp "$system"/boot/vmlinuz-* "$folder/kernel"
}

# ---- all of it --------------------------------------------------------------------------------

build_agent() { "$root/dev" build arm64 leat-agent; }

: >"$folder/prepare.log"
for program in qemu-system-aarch64 ${compiler}g++ cpio make xz; do
  command -v "$program" >/dev/null || { say_unavailable "$program is not installed"; exit 1; }
done
attempt "the cross-build of leat-agent" build_agent
attempt "fetching the arm64 kernel" fetch_packages
attempt "building the kernel's gpio-sim" build_chip
attempt "packing the initramfs" pack
rm "$folder/unavailable"
