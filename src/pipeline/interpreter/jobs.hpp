// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/stop.hpp"
#include "pipeline/interpreter/past_runs.hpp"

namespace cupel::pipeline {

/// What the step build asks for.
struct BuildOrder {
  std::string job;  ///< as written
  std::map<std::string, std::string> parameters;
  /// The same in every execution of the pipeline: a run that an earlier process began under it, and
  /// did not end, goes on.
  std::string key;
  enum class Wait { no, yes } wait = Wait::yes;
};

/// Runs other pipelines, each as a run of its own. Any thread.
class Jobs {
 public:
  using Say = std::function<void(std::string_view line)>;
  virtual ~Jobs() = default;
  /// Blocks until the run has ended or, without wait, has begun: then only number, project and url
  /// are known. Fault::not_found: there is no such job (the text names those there are). invalid:
  /// it cannot be built: its parameters or its pipeline are wrong, or it would build itself.
  virtual Result<PastRun> build(const BuildOrder& order, const Say& say, const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
