# Sourced by the scripts that need packages of an arm64 Debian. They use Debian's own apt client
# with a state of its own, so that this machine's packages stay as they are and no root is needed.
# The mirrors are those of /etc/apt.
# shellcheck shell=bash

arm64_apt_begin() {  # arm64_apt_begin <state folder>
  mkdir -p "$1"/{lists,archives}/partial
  arm64_state=$(cd "$1" && pwd)
  : >"$arm64_state/status"
  cat >"$arm64_state/apt.conf" <<CONF
Dir::State::lists "$arm64_state/lists";
Dir::State::status "$arm64_state/status";
Dir::State::extended_states "$arm64_state/extended_states";
Dir::Cache "$arm64_state";
APT::Architecture "arm64";
#clear APT::Architectures;
APT::Architectures { "arm64"; "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
CONF
  # A mirror that is not Debian's may fail. If a package is missing, apt says so later.
  arm64_apt apt-get update -q || true
}

arm64_apt() { APT_CONFIG="$arm64_state/apt.conf" "$@"; }

# The packages that a package depends on, without versions and alternatives.
arm64_dependencies() {
  arm64_apt apt-cache show --no-all-versions "$1" |
    sed -n '/^Depends: /{s///;s/([^)]*)//g;s/|[^,]*//g;s/[ ,]\+/\n/g;p}'
}

# Downloads packages without their dependencies, and unpacks them.
arm64_unpack_alone() {  # arm64_unpack_alone <folder> <package…>
  local folder=$1
  shift
  (cd "$arm64_state/archives" && arm64_apt apt-get download -q "$@") && arm64_unpack "$folder"
}

# The same with all dependencies, as for a machine that has no package yet.
arm64_unpack_with_dependencies() {  # arm64_unpack_with_dependencies <folder> <package…>
  local folder=$1
  shift
  arm64_apt apt-get install -q -y --download-only "$@" && arm64_unpack "$folder"
}

# In Debian /lib is a link to /usr/lib, which dpkg -x would replace with a folder.
arm64_unpack() {
  local archive
  for archive in "$arm64_state"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$archive" |
      tar -x -C "$1" --keep-directory-symlink --no-same-owner \
        --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale || return 1
    rm "$archive"
  done
}
