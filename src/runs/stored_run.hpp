// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "model/run_record.hpp"

namespace cupel::runs {

/// What record.json of a run holds.
struct StoredRun {
  std::string job;  ///< what is the same for runs of the same pipeline: the Jenkinsfile's path
  model::RunRecord record;
};

std::string to_json(const StoredRun& run);
Result<StoredRun> stored_run_from_json(std::string_view text);

}  // namespace cupel::runs
