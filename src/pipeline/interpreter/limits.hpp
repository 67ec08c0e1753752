// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "pipeline/groovy/regex.hpp"

namespace cupel::pipeline {

/// What hostile or mistaken code may use at most. Beyond: an error that no `catch` takes, and that
/// names the limit as docs/limits.md does.
struct Limits {
  int depth = 1000;  ///< of calls inside calls
  /// Expressions and statements evaluated, in the whole run.
  std::uint64_t steps = 500'000'000;
  std::size_t memory = std::size_t{1} << 30;
  std::chrono::milliseconds time = std::chrono::minutes(5);  ///< of evaluation between two steps
  std::uint32_t regex = Regex::usual_work;                   ///< of one match
};

}  // namespace cupel::pipeline
