# Sourced by the scripts that need packages of an arm64 Debian: Debian's own apt client, with a
# state of its own, so that neither this machine's packages nor its settings are touched, and no
# root is needed. The mirrors are those that /etc/apt names, the release is this machine's.

arm64_apt_begin() {  # arm64_apt_begin <state folder>
  arm64_state=$(mkdir -p "$1" && cd "$1" && pwd)
  arm64_release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  mkdir -p "$arm64_state"/{lists,archives}/partial
  : >"$arm64_state/status"
  # What is not Debian's own may have no arm64, and is not needed.
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$arm64_release" '$3 == "main" && ($2 == release || $2 == release "-backports") {
      print "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] " $1, $2, $3 }' |
    sort -u >"$arm64_state/sources.list"
  [ -s "$arm64_state/sources.list" ] ||
    { echo "no mirror of Debian '$arm64_release' in /etc/apt" >&2; return 1; }
  cat >"$arm64_state/apt.conf" <<CONF
Dir::State::lists "$arm64_state/lists";
Dir::State::status "$arm64_state/status";
Dir::State::extended_states "$arm64_state/extended_states";
Dir::Cache "$arm64_state";
Dir::Etc::sourcelist "$arm64_state/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "arm64";
#clear APT::Architectures;
APT::Architectures { "arm64"; "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
CONF
  arm64_apt apt-get update -q
}

arm64_apt() { APT_CONFIG="$arm64_state/apt.conf" "$@"; }

# The packages that a package's Depends name, without versions and alternatives.
arm64_dependencies() {
  arm64_apt apt-cache show --no-all-versions "$1" |
    sed -n '/^Depends: /{s///;s/([^)]*)//g;s/|[^,]*//g;s/[ ,]\+/\n/g;p;q}'
}

# Downloads packages, without what they depend on, and unpacks them.
arm64_unpack_alone() {  # arm64_unpack_alone <folder> <package…>
  local folder=$1
  shift
  (cd "$arm64_state/archives" && arm64_apt apt-get download -q "$@") && arm64_unpack "$folder"
}

# The same with everything that they depend on, on a machine that has nothing yet.
arm64_unpack_with_dependencies() {  # arm64_unpack_with_dependencies <folder> <package…>
  local folder=$1
  shift
  arm64_apt apt-get install -q -y --download-only "$@" && arm64_unpack "$folder"
}

# Debian's /lib is a link to /usr/lib, which dpkg -x would replace by a folder.
arm64_unpack() {
  local archive
  for archive in "$arm64_state"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$archive" |
      tar -x -C "$1" --keep-directory-symlink --no-same-owner \
        --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale || return 1
    rm "$archive"
  done
}
