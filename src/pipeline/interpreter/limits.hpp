// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace cupel::pipeline {

/// What hostile or mistaken code may use at most. Beyond: an error that no `catch` takes.
struct Limits {
  int depth = 1000;  ///< of calls inside calls
  std::uint64_t operations =
      500'000'000;  ///< expressions and statements evaluated, in the whole run
  std::size_t memory = std::size_t{1} << 30;
  std::chrono::milliseconds time = std::chrono::minutes(5);  ///< of evaluation between two steps
};

}  // namespace cupel::pipeline
