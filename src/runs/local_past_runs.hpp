// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/files.hpp"
#include "pipeline/interpreter/past_runs.hpp"

namespace cupel::runs {

/// The finished runs in the directory of a RunStore. A job is named by its Jenkinsfile's path or
/// by its name: that of the project's directory, or what the step build called it by.
class LocalPastRuns final : public pipeline::PastRuns {
 public:
  explicit LocalPastRuns(os::fs::path runs) : runs_(std::move(runs)) {}
  Result<Found> find(const std::string& job, Which which,
                     std::optional<unsigned> number) const override;
  Result<std::optional<pipeline::PastRun>> before(
      const std::string& job, unsigned number,
      const std::vector<model::Verdict>& verdicts) const override;

 private:
  os::fs::path runs_;
};

}  // namespace cupel::runs
