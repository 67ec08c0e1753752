// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/digest.hpp"
#include "base/stop.hpp"
#include "machine/record.hpp"
#include "os/files.hpp"

namespace cupel::machine {

/// One-line news for a person who waits.
using Progress = std::function<void(std::string_view line)>;

inline constexpr std::string_view half_made_suffix = ".partial";

/// Where the snapshot of a key lies in the store, and what lies beside it: `half_made`, while it is
/// made there, by whoever holds the lock.
struct SnapshotPlace {
  std::filesystem::path directory;

  static SnapshotPlace of(const std::filesystem::path& snapshots, const Digest& key);
  std::filesystem::path half_made() const;
  std::filesystem::path lock_file() const;

  /// Who makes a snapshot or reads all of it holds its lock. A line of progress if somebody else
  /// does, and waits.
  Result<os::FileLock> lock(const Progress& progress, const Stop& stop) const;
  /// half_made() becomes the snapshot, as one step.
  Result<> publish() const;
  /// Best effort: a use that is not noted makes a snapshot look older, no more.
  void note_use() const;
  /// Or when it was made.
  WallTime last_use() const;
};

}  // namespace cupel::machine
