// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/verdict.hpp"

namespace cupel::model {

using WallTime = std::chrono::system_clock::time_point;

/// A stage as people see it in a summary. Skipped: not_built with a reason.
struct StageRecord {
  std::vector<std::string> path;  ///< names from the outermost stage; a parallel branch is a stage
  Verdict verdict = Verdict::success;
  std::chrono::milliseconds duration{0};
  std::string node;         ///< where it ran, empty if nowhere
  std::string skip_reason;  ///< "earlier failure(s)"; empty if it ran
  std::string failure;      ///< what failed, one line
};

/// What `junit` collected.
struct TestRecord {
  std::string suite, name;
  enum class State { passed, failed, skipped } state = State::passed;
  std::chrono::milliseconds duration{0};
  std::string message;  ///< of a failure
};

/// A run that has ended.
struct RunRecord {
  std::string id;
  Verdict verdict = Verdict::success;
  bool infrastructure_failed = false;  ///< then `failure` is not the project's fault
  std::string failure;
  std::vector<StageRecord> stages;
  std::vector<TestRecord> tests;
  std::vector<std::string> artifacts;  ///< paths below the artifacts directory
  std::vector<std::string> remarks;    ///< lines for people: "GCC: 3 issues"
  std::string display_name;            ///< what the pipeline called it; empty: "#N"
  std::string description;
  std::map<std::string, std::string> variables;  ///< parameters, and what was put into `env`
  bool keep = false;                             ///< currentBuild.keepLog: no rule removes it
  WallTime started;
  std::chrono::milliseconds duration{0};
};

}  // namespace cupel::model
