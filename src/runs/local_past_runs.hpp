// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/files.hpp"
#include "pipeline/interpreter/past_runs.hpp"

namespace cupel::runs {

/// The finished runs in the directory of a RunStore. A job is named by its Jenkinsfile's path or
/// by the name of the project's directory.
class LocalPastRuns final : public pipeline::PastRuns {
 public:
  explicit LocalPastRuns(os::fs::path runs) : runs_(std::move(runs)) {}
  Result<Found> find(const std::string& job, Which which,
                     std::optional<unsigned> number) const override;

 private:
  os::fs::path runs_;
};

}  // namespace cupel::runs
