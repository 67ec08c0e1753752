// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/interpreter/past_runs.hpp"
#include "pipeline/steps/warnings.hpp"

namespace cupel::pipeline::steps {

/// The issues of an earlier run, to compare with. An issue is the same wherever in its file it is.
class IssueReference {
 public:
  /// Of the latest run of the job before this one that went well enough to be SUCCESS or UNSTABLE,
  /// for these tools. Nothing if there is none.
  static Result<std::optional<IssueReference>> find(const PastRuns& runs, const std::string& job,
                                                    unsigned number,
                                                    const std::vector<std::string>& tools);
  unsigned run() const { return run_; }
  const std::vector<Issue>& issues() const { return issues_; }
  /// Those that the earlier run did not have.
  std::vector<Issue> fresh(const std::vector<Issue>& now) const { return without(now, issues_); }
  /// Those that are gone.
  std::vector<Issue> fixed(const std::vector<Issue>& now) const { return without(issues_, now); }

 private:
  static std::vector<Issue> without(const std::vector<Issue>& these,
                                    const std::vector<Issue>& those);
  unsigned run_ = 0;
  std::vector<Issue> issues_;
};

/// The artifact's text, one JSON object a line. Foreign bytes: a line that is none is passed over.
std::vector<Issue> parse_kept_issues(std::string_view text, const std::vector<std::string>& tools);

}  // namespace cupel::pipeline::steps
