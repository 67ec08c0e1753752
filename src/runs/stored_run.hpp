// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "model/machine_use.hpp"
#include "model/run_record.hpp"

namespace cupel::runs {

/// What record.json of a run holds.
struct StoredRun {
  std::string job;  ///< what is the same for runs of the same pipeline: the Jenkinsfile's path
  model::RunRecord record;
  std::string name = {};                         ///< of the job, for people; empty in old records
  std::vector<model::MachineUse> machines = {};  ///< in the order in which they were given out
};

// Parts of it that other files hold too.
json::Object test_json(const model::TestRecord& test);
Result<model::TestRecord> test_of(const json::Value& value);
json::Object machine_json(const model::MachineUse& machine);
Result<model::MachineUse> machine_of(const json::Value& value);
Result<model::Verdict> verdict_named(std::string_view text);

std::string to_json(const StoredRun& run);
Result<StoredRun> stored_run_from_json(std::string_view text);

}  // namespace cupel::runs
