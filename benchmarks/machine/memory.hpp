// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace cupel::benchmark {

/// What a process has of its own, in MB (10^6 bytes), from /proc/PID/smaps_rollup.
struct PrivateMemory {
  /// Private_Clean + Private_Dirty: also the pages of files that no other process maps now.
  double mapped = 0;
  /// Anonymous: what would be freed with the process, whoever else runs.
  double anonymous = 0;
  friend bool operator==(const PrivateMemory&, const PrivateMemory&) = default;
};
Result<PrivateMemory> private_memory(int pid);

/// Pure.
Result<PrivateMemory> parse_rollup(std::string_view text);

}  // namespace cupel::benchmark
