// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "os/files.hpp"

namespace cupel::pipeline {

/// A shared library as an operator configures it: [[library]] in cupel.toml, or --library.
struct LibrarySettings {
  std::string name;
  std::string remote;  ///< what git fetches from; or:
  os::fs::path path;   ///< a directory of this host, absolute
  std::string ref;     ///< the version if a pipeline names none; empty: the remote's HEAD, or the
                       ///< directory as it is
  std::string base;    ///< where in it vars, src and resources are; empty: at its root
  enum class Implicit { no, yes } implicit = Implicit::no;  ///< every pipeline has it
  enum class Override { no, yes } override_ref = Override::yes;
  friend bool operator==(const LibrarySettings&, const LibrarySettings&) = default;
};

/// What a pipeline asks for. With a remote: a library that it defines itself.
struct LibraryWish {
  std::string name;
  std::optional<std::string> ref = std::nullopt;
  std::string remote = {};
  std::string base = {};
};

/// One version of a library: enough to get the same files again.
struct LibraryVersion {
  std::string name;
  std::string ref;     ///< as it was asked for; for people
  std::string commit;  ///< empty: the directory as it is
  std::string source;  ///< a remote or a directory
  std::string base;
  friend bool operator==(const LibraryVersion&, const LibraryVersion&) = default;
};

/// Gives the shared libraries of a run. Any thread; each fails with a line that names the library.
class Libraries {
 public:
  virtual ~Libraries() = default;
  /// Names of those that every pipeline has.
  virtual std::vector<std::string> implicit() const = 0;
  /// Which version that is now; may ask a remote.
  virtual Result<LibraryVersion> resolve(const LibraryWish& wish, const Stop& stop) = 0;
  /// The directory that holds vars, src and resources; fetched unless it is there already. It
  /// stays as it is while the run lives.
  virtual Result<os::fs::path> open(const LibraryVersion& version, const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
