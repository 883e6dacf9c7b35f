#!/bin/sh
# Rebuilds the page from its sources in a folder of its own and compares every byte with dist/.
# Exit: 0 the same, 1 different (or too large), 77 cannot be checked here, with the reason.
set -u

here=$(cd "$(dirname "$0")" && pwd)
budget=102400 # The whole page, compressed: it must be quick on a phone at the far end of a garden.

skip() {
  echo "skipped: $1"
  exit 77
}

fail() {
  echo "failed: $1"
  exit 1
}

total=0
for file in "$here"/dist/*; do
  size=$(gzip -9 -n -c "$file" | wc -c)
  total=$((total + size))
done
[ "$total" -le "$budget" ] || fail "dist/ is $total bytes compressed, the budget is $budget"
echo "dist/ is $total bytes compressed, of $budget"

if grep -q '"resolved"' "$here/package-lock.json"; then
  fail "package-lock.json names a registry: write it with the .npmrc of this folder"
fi

command -v node >/dev/null 2>&1 || skip "node is not installed"
command -v npm >/dev/null 2>&1 || skip "npm is not installed"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || skip "node 20 or newer is needed, this is $(node --version)"

work=$(mktemp -d) || fail "no temporary folder"
trap 'rm -rf "$work"' EXIT
cp -R "$here/src" "$here/package.json" "$here/package-lock.json" "$here/.npmrc" \
  "$here/tsconfig.json" "$here/build.mjs" "$work" || fail "the sources cannot be copied"
cd "$work" || fail "no temporary folder"

if ! npm ci --ignore-scripts --prefer-offline >npm.log 2>&1; then
  # A missing network says nothing about the page; any other failure does.
  if grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED' npm.log; then
    skip "the package registry cannot be reached"
  fi
  cat npm.log
  fail "npm ci"
fi

./node_modules/.bin/tsc --noEmit || fail "the types do not agree"
node build.mjs --out "$work/dist" || fail "the build"
diff -r "$here/dist" "$work/dist" >/dev/null ||
  fail "dist/ is not what the sources give: run 'npm ci --ignore-scripts && npm run build' and commit"
echo "dist/ is what the sources give"
