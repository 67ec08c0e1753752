// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/locked.hpp"
#include "os/files.hpp"
#include "pipeline/interpreter/locks.hpp"

namespace cupel::runs {

/// The milestones of one job on this host, in a small file that its runs share. Any thread.
class MilestoneFile final : public pipeline::Milestones {
 public:
  /// `number` is this run's.
  MilestoneFile(const os::fs::path& directory, const std::string& job, unsigned number);

  Result<Passed> pass(std::optional<std::int64_t> ordinal) override;

 private:
  os::fs::path file_;
  unsigned number_;
  Locked<std::optional<std::int64_t>> last_;
};

}  // namespace cupel::runs
