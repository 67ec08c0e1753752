// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "os/files.hpp"
#include "place/place.hpp"

namespace cupel::place {

/// One of the steps that make a place ready for its work, as provisioners do in a Vagrantfile. It
/// runs as the place's default user, in the home directory.
struct ProvisionStep {
  /// shell: a script, run by its #! line, else by /bin/sh -e. file: a file or directory of this
  /// host is copied. packages: of Debian, with all they depend on; this host's APT fetches them.
  enum class Kind { shell, file, packages } kind = Kind::shell;
  std::string name;                                ///< for people; its content if empty
  std::string script;                              ///< shell: its text, if it is not in a file
  os::fs::path source;                             ///< absolute; file, or a shell's script
  std::string target;                              ///< file: where to; absolute
  std::map<std::string, std::string> environment;  ///< shell
  std::vector<std::string> packages;
  /// `source` must lie below it, links resolved; anywhere if empty.
  os::fs::path inside;
  friend bool operator==(const ProvisionStep&, const ProvisionStep&) = default;
};

/// In a few words: "packages clang, bpftool".
std::string describe(const ProvisionStep& step);

/// Over all that decides what the step does: its text, and the names, modes and contents of the
/// files that it reads on this host. invalid: one is missing, or lies outside.
Result<Digest> digest_of(const ProvisionStep& step, const Stop& stop);

/// Fetches Debian packages and what they depend on into a directory of this host, as .deb files:
/// for a system whose /var/lib/dpkg/status that is. Empty where all are installed.
using FetchPackages = std::function<Result<std::vector<os::fs::path>>(
    const std::vector<std::string>& names, std::string_view dpkg_status, const Stop& stop)>;

/// Hears what a step prints, a line at a time, fit to be shown.
using LineSink = std::function<void(std::string_view line)>;

/// Runs it. A step that fails is invalid ("exited with 3"); else the place itself is in trouble.
Result<> provision(Place& place, const ProvisionStep& step, const FetchPackages& fetch,
                   const LineSink& sink, const Stop& stop);

}  // namespace cupel::place
