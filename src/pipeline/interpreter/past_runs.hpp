// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/verdict.hpp"
#include "os/files.hpp"

namespace cupel::pipeline {

/// A run that has ended.
struct PastRun {
  unsigned number = 0;
  std::string project;  ///< its name for people: JOB_NAME
  model::Verdict verdict = model::Verdict::success;
  std::chrono::milliseconds started{};  ///< since the epoch
  std::chrono::milliseconds duration{};
  std::string display_name;  ///< "#5", or what it called itself
  std::string description;
  bool keep = false;
  std::map<std::string, std::string> variables;
  std::string url;      ///< BUILD_URL
  std::string failure;  ///< by what it failed
  os::fs::path artifacts = {};
};

/// Finished runs, for steps that take something from them. Any thread.
class PastRuns {
 public:
  struct Found {
    unsigned number = 0;
    os::fs::path artifacts;
  };
  enum class Which { successful, completed };
  virtual ~PastRuns() = default;
  /// The latest such run of `job`, or the one with that number. not_found names what there is.
  virtual Result<Found> find(const std::string& job, Which which,
                             std::optional<unsigned> number) const = 0;
  /// The latest run of the job with this key (BuildFacts::job) that has ended, has a smaller number
  /// and whose result is one of these; none given: any. Nothing if there is none.
  virtual Result<std::optional<PastRun>> before(const std::string& job, unsigned number,
                                                const std::vector<model::Verdict>& verdicts) const {
    static_cast<void>(job);
    static_cast<void>(number);
    static_cast<void>(verdicts);
    return std::optional<PastRun>();
  }
};

}  // namespace cupel::pipeline
