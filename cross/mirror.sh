# Sourced by the scripts that need a Debian mirror: the first one that /etc/apt names, so that no script
# names a host. Prints nothing if there is none.
# shellcheck shell=bash

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

debian_mirror() {
  (cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true) |
    awk '/^URIs:/ && !m {m=$2} /^deb / && !m {for (i=2; i<=NF; i++) if ($i ~ /:\/\//) {m=$i; break}}
      END {print m}'
}
