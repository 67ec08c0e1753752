// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace cupel::pipeline {

/// Why a build runs.
struct Cause {
  std::string type;          ///< Jenkins' class: "hudson.model.Cause$UserIdCause"
  std::string description;   ///< "Started by user ada"
  std::string user;          ///< of a UserIdCause: who
  std::string project = {};  ///< of a BuildUpstreamCause: whose run called us
  unsigned build = 0;        ///< ... and its number
  /// "UserIdCause": what `triggeredBy` compares with.
  std::string simple_name() const;
};

/// A commit that came since the run before.
struct Change {
  std::string commit;
  std::string author;
  std::string message;
  long long seconds = 0;           ///< since the epoch
  std::vector<std::string> paths;  ///< relative to the project
  std::vector<char> edits = {};    ///< of each path: A was added, D deleted, any other edited
};

/// Where a run that repeats another one begins.
struct Restart {
  std::string from;  ///< stages before this one are skipped; empty: none are
  std::string only;  ///< all others are skipped; empty: none are
};

/// What a run is told about itself when it begins. The same when it is resumed.
struct BuildFacts {
  std::string job = {};                 ///< what PastRuns knows this pipeline by
  std::chrono::milliseconds started{};  ///< since the epoch
  std::vector<Cause> causes = {};
  std::vector<Change> changes = {};
  bool is_first = true;  ///< no run of this pipeline has ended before
  Restart restart = {};
};

}  // namespace cupel::pipeline
