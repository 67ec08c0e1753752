// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/marks.hpp"
#include "cli/slowest_step.hpp"
#include "model/machine_use.hpp"
#include "model/run_record.hpp"

namespace cupel::cli {

/// What a run's record does not say.
struct SummaryFacts {
  std::string log;        ///< path
  std::string artifacts;  ///< directory
  struct Kept {
    std::string node;
    std::chrono::seconds time;  ///< then it is destroyed
  };
  std::vector<Kept> kept;
  /// Verified after the end: what remains though nobody asked for it. Empty: nothing.
  std::vector<std::string> left_behind;
  std::vector<model::MachineUse> machines = {};
  std::string recordings = {};           ///< directory: of machines
  std::optional<SlowStep> slowest = {};  ///< of all steps
};

/// The end of a run as people read it: stages, tests, artifacts, what failed, what remains.
std::string summary(const model::RunRecord& record, const SummaryFacts& facts, const Marks& marks);

}  // namespace cupel::cli
