// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/files.hpp"
#include "pipeline/interpreter/locks.hpp"

namespace cupel::runs {

/// The milestones of one job on this host, in a small file that its runs share. Any thread.
class MilestoneFile final : public pipeline::Milestones {
 public:
  /// `number` is this run's.
  MilestoneFile(const os::fs::path& directory, const std::string& job, unsigned number);

  Result<std::optional<unsigned>> pass(std::int64_t ordinal) override;

 private:
  os::fs::path file_;
  unsigned number_;
};

}  // namespace cupel::runs
