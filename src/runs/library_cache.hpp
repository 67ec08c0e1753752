// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/libraries.hpp"

namespace cupel::runs {

/// Shared libraries: those of directories are used where they lie, those of git are fetched into
/// DIRECTORY/trees/COMMIT, by way of a bare repository for each remote. What is in trees is
/// complete and never changes; all of it may be removed between runs and is made again. Several
/// cupels may use it at once. Any thread.
class LibraryCache final : public pipeline::Libraries {
 public:
  LibraryCache(os::fs::path directory, std::vector<pipeline::LibrarySettings> settings)
      : directory_(std::move(directory)), settings_(std::move(settings)) {}

  std::vector<std::string> implicit() const override;
  Result<pipeline::LibraryVersion> resolve(const pipeline::LibraryWish& wish,
                                           const Stop& stop) override;
  Result<os::fs::path> open(const pipeline::LibraryVersion& version, const Stop& stop) override;

  /// The directory that holds vars, src and resources of the version that a library has if a
  /// pipeline names none, if that is known without asking anybody: a directory as it lies, or a
  /// commit that was fetched before.
  std::optional<os::fs::path> at_hand(const pipeline::LibrarySettings& library) const;

 private:
  const pipeline::LibrarySettings* find(const std::string& name) const;
  Result<pipeline::LibraryVersion> resolve_directory(const pipeline::LibrarySettings& settings,
                                                     const std::string& ref, const Stop& stop);
  Result<std::string> commit_of(const pipeline::LibraryVersion& version, const Stop& stop);
  Result<std::string> commit_of_short(const pipeline::LibraryVersion& version, const Stop& stop);
  Result<> fetch(const pipeline::LibraryVersion& version, const os::fs::path& tree,
                 const Stop& stop);
  os::fs::path repository(const std::string& remote) const;

  os::fs::path directory_;
  std::vector<pipeline::LibrarySettings> settings_;
};

}  // namespace cupel::runs
