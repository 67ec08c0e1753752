// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "os/files.hpp"

namespace cupel::pipeline {

/// Finished runs, for steps that take something from them. Any thread.
class PastRuns {
 public:
  struct Found {
    unsigned number = 0;
    os::fs::path artifacts;
  };
  enum class Which { successful, completed };
  virtual ~PastRuns() = default;
  /// The latest such run of `job`, or the one with that number. not_found names what there is.
  virtual Result<Found> find(const std::string& job, Which which,
                             std::optional<unsigned> number) const = 0;
};

}  // namespace cupel::pipeline
