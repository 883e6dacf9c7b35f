#!/bin/sh
# Asks the questions of the dashboards: run.sh <folder of the programs> <work folder>
# Exit: 0 all are answered, 1 one is not, 77 cannot be checked here, with the reason.
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
for program in node mosquitto redis-server setpriv sqlite3 prometheus; do
  command -v "$program" >/dev/null 2>&1 || skip "$program is not installed"
done
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || skip "postgresql is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || skip "node 18 or newer is needed, this is $(node --version)"

rm -rf "$work/line" && mkdir "$work/line" || exit 1
exec node "$here/grafana_test.mjs" "$programs" "$work/line"
