#!/bin/sh
# Opens the page of the real programs in Chromium:
# run.sh <folder of the programs> <work folder> [page_test.mjs | story_test.mjs]
# Exit: 0 the page is right, 1 it is not, 77 cannot be checked here, with the reason.
set -u

here=$(cd "$(dirname "$0")" && pwd)
programs=$(cd "$1" && pwd) || exit 1
mkdir -p "$2" || exit 1
work=$(cd "$2" && pwd)

skip() {
  echo "skipped: $1"
  exit 77
}

PATH=$PATH:/usr/sbin # mosquitto, on Debian
for program in node npm chromium mosquitto redis-server setpriv; do
  command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
done
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || skip "node 18 or newer is needed, this is $(node --version)"
if grep -q '"resolved"' "$here/package-lock.json"; then
  echo "failed: package-lock.json names a registry: write it with the .npmrc of this folder"
  exit 1
fi

# What npm brings is kept out of the source tree, and fetched again only when the lock changes.
modules=$work/modules-$(cksum <"$here/package-lock.json" | cut -d' ' -f1)
if [ ! -e "$modules/complete" ]; then
  mkdir -p "$modules"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$modules" || exit 1
  if ! (cd "$modules" && npm ci --ignore-scripts --prefer-offline) >"$work/npm.log" 2>&1; then
    # A missing network says nothing about the page; any other failure does.
    if grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED' "$work/npm.log"; then
      skip "the package registry cannot be reached"
    fi
    cat "$work/npm.log"
    echo "failed: npm ci"
    exit 1
  fi
  touch "$modules/complete"
fi

rm -rf "$work/line" && mkdir "$work/line" || exit 1
exec node "$here/${3:-page_test.mjs}" "$programs" "$work/line" "$modules" "$(command -v chromium)"
