# SPDX-License-Identifier: Apache-2.0
# Sourced by `build`: progress lines, apt in a directory of its own, and the steps' bodies.
# Uses the caller's `here`, `box`, `output`, `cache` and `work`, all absolute and without blanks.

# Debian's release, and so the suites that a box is made from.
release=bookworm

# For people who run the script by themselves; cupel checks the same before it starts.
need() {
  command -v "$1" >/dev/null || fail "no program $1: apt install $2" 3
}

# Half-made trees of builds that were killed. They may belong to subordinate ids, so only the root
# of the namespace that made them can remove them. Half-fetched packages stay: apt goes on with them.
clean() {
  rm -rf "$1"/*/tmp "$1"/*/root "$1"/*/tree "$1"/*/unpacked "$1"/roots/*.part "$1"/kernels/*.part
}

step() {
  step_number=$((step_number + 1))
  printf 'step %d/%d: %s\n' "$step_number" "$step_count" "$1"
}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-1}"
}

# A file that has its final name is whole, also after the power went.
finish() {
  sync "$1"
  mv -fT "$1" "$2"
}

digest() { sha256sum | cut -c1-32; }

# The host's own Debian sources. Third parties that call a suite by Debian's name (Docker does)
# have other components, so `main` tells them apart even before the first update.
host_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sort -u | while read -r uri suite component; do
      case "$suite $component" in
        "$release main" | "$release-updates main" | "$release-security main")
          echo "deb [signed-by=$keyring] $uri $suite $component" ;;
      esac
    done
}

# apt-get as configured on the host (proxy, certificates), but with state and cache of our own: the
# host's package database is neither read nor changed, and root is not needed.
prepare_apt() {
  keyring=${CUPEL_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
  [ -r "$keyring" ] || fail "no keyring $keyring: install debian-archive-keyring" 3
  mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial"
  # No package counts as installed, so that apt names every one of a root file system.
  : >"$cache/apt/status"
  sources=$cache/apt/sources.list
  if [ -n "${CUPEL_SOURCES:-}" ]; then cat "$CUPEL_SOURCES" >"$sources"; else host_sources >"$sources"; fi
  [ -s "$sources" ] || fail "the host's APT configuration names no Debian $release: set CUPEL_SOURCES" 3
  apt_options="-q -o Dir::State=$cache/apt -o Dir::State::status=$cache/apt/status
    -o Dir::State::extended_states=$cache/apt/extended_states
    -o Dir::State::lists=$cache/apt/lists -o Dir::Cache=$cache/apt
    -o Dir::Cache::archives=$cache/apt/archives -o Dir::Etc::sourcelist=$sources
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Debug::NoLocking=1 -o APT::Sandbox::User=
    -o APT::Install-Recommends=false -o APT::Update::Error-Mode=any
    -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30"
  # Fine progress for whoever asks: dlstatus:1:26.2:TEXT.
  [ -z "${CUPEL_STATUS_FD:-}" ] || apt_options="$apt_options -o APT::Status-Fd=$CUPEL_STATUS_FD"
}

# Word splitting of apt_options is wanted.
# shellcheck disable=SC2086
apt_get() { apt-get $apt_options "$@" >&2; }

download_failed() {
  fail "could not download from the Debian mirror (apt's reasons are above); run again to continue" 4
}

# Lists of the same half day will do: a box built twice asks the mirror once.
update_lists() {
  if [ -z "${CUPEL_FRESH:-}" ] && [ -n "$(find "$cache/apt/updated" -mmin -720 2>/dev/null)" ] && cmp -s "$sources" "$cache/apt/updated"; then
    return
  fi
  apt_get update || download_failed
  cp "$sources" "$cache/apt/updated"
}

# apt resumes a half-fetched file and checks every package against the signed lists. A mirror drops
# superseded packages, so that old lists may ask for what is gone: then the lists are read again.
fetch() {
  if ! apt_get "$@"; then
    rm -f "$cache/apt/updated"
    update_lists
    apt_get "$@" || download_failed
  fi
}

# Fetches packages with all they depend on; their names and versions go to packages.list.
fetch_closure() {
  fetch install --download-only --yes "$@"
  # shellcheck disable=SC2086
  apt-get $apt_options install --simulate --yes "$@" |
    sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1 \2/p' | sort -u >"$work/packages.list"
  [ -s "$work/packages.list" ] || fail "apt resolves no packages"
}

# The file of a package in the cache; apt writes an epoch's colon as %3a.
archive() {
  printf '%s/apt/archives/%s_%s_' "$cache" "$1" "$(printf %s "$2" | sed 's/:/%3a/')"
}

# Sets kernel_tree to the unpacked kernel. linux-image-amd64 is an empty package that depends on the
# newest one, whose own dependencies (initramfs-tools) are of no use here.
fetch_kernel() {
  # shellcheck disable=SC2086
  kernel=$(apt-cache $apt_options depends "${CUPEL_KERNEL:-linux-image-amd64}" |
    sed -n 's/^ *Depends: *\(linux-image-[0-9].*\)$/\1/p' | head -n 1)
  [ -n "$kernel" ] || fail "the mirror has no kernel"
  # shellcheck disable=SC2086
  version=$(apt-cache $apt_options show --no-all-versions "$kernel" | sed -n 's/^Version: //p')
  kernel_tree=$cache/kernels/${kernel}_$version
  [ ! -d "$kernel_tree" ] || return 0
  (cd "$cache/apt/archives" && fetch download "$kernel")
  rm -rf "$kernel_tree.part"
  mkdir -p "$kernel_tree.part"
  dpkg-deb -x "$(archive "$kernel" "$version")"*.deb "$kernel_tree.part"
  sync -f "$kernel_tree.part"
  mv -T "$kernel_tree.part" "$kernel_tree"
  find "$cache/kernels" -mindepth 1 -maxdepth 1 ! -path "$kernel_tree" -exec rm -rf {} +
}

# mmdebstrap with the lists and packages that are here already: this step needs no network.
make_root() {
  include=$(echo $packages | tr ' ' ,)
  mkdir -p "$work/tmp"
  TMPDIR=$work/tmp mmdebstrap --verbose --mode=auto --variant=minbase --format=tar \
    --skip=update,download/empty,essential/unlink \
    --setup-hook='mkdir -p "$1/var/lib/apt/lists" "$1/var/cache/apt/archives"' \
    --setup-hook="sync-in $cache/apt/lists /var/lib/apt/lists" \
    --setup-hook="sync-in $cache/apt/archives /var/cache/apt/archives" \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --include="$include" "$release" "$1" - <"$sources" >&2
}

# Real root, or root of a user namespace with the user's subordinate ids.
as_container_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else unshare --user --map-root-user --map-auto --mount "$@"; fi
}

# A new tree with the files of the initramfs: busybox, and for tiny also crun and its libraries.
make_tree() {
  tree=$work/tree
  rm -rf "$tree" "$work/unpacked"
  mkdir -p "$tree/bin" "$work/unpacked"
  # Only what the packages of the list name is unpacked, and only what is used is kept.
  while read -r package version; do
    case "$box $package" in debian-12\ busybox-static | tiny\ *) ;; *) continue ;; esac
    dpkg-deb -x "$(archive "$package" "$version")"*.deb "$work/unpacked"
  done <"$work/packages.list"
  cp "$work/unpacked/bin/busybox" "$tree/bin/"
  [ "$box" != tiny ] || "$here/tiny/fill" "$work/unpacked" "$tree"
  rm -rf "$work/unpacked"
}
