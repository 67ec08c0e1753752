// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "machine/use.hpp"

namespace cupel::machine {

/// What a run keeps of a machine: place/recorded_files.hpp. They lie in the machine's directory
/// while it lives, and are handed over when it is let go.
/// moved: the directory is about to go. copied: the machine stays.
enum class HandOver { moved, copied };

/// Into the directory `to`, which is made. Nothing happens for a machine that never went on (it has
/// no use.csv), or whose run's artifacts (two levels above) are gone.
Result<> hand_over(const std::filesystem::path& machine, const std::filesystem::path& to,
                   HandOver how);

/// What was handed over: the files' names, sorted, and what use.csv comes to. Nothing: not there.
struct Recording {
  std::vector<std::string> files;
  UseTotal use;
};
std::optional<Recording> find_recording(const std::filesystem::path& directory);

}  // namespace cupel::machine
