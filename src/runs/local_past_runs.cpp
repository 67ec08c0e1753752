// SPDX-License-Identifier: Apache-2.0
#include "runs/local_past_runs.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "runs/stored_run.hpp"

namespace cupel::runs {
namespace {

std::string project_of(const std::string& job) {
  return os::fs::path(job).parent_path().filename().string();
}

/// Newest first.
std::vector<unsigned> numbers_in(const os::fs::path& runs) {
  std::vector<unsigned> numbers;
  std::error_code error;
  for (os::fs::directory_iterator entry(runs, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto number = parse_integer(entry->path().filename().string());
    if (number && *number > 0) numbers.push_back(static_cast<unsigned>(*number));
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

}  // namespace

Result<LocalPastRuns::Found> LocalPastRuns::find(const std::string& job, Which which,
                                                 std::optional<unsigned> number) const {
  std::set<std::string> known;
  for (const auto one : numbers_in(runs_)) {
    const auto directory = runs_ / std::to_string(one);
    const auto text = os::read_file(directory / "record.json");
    if (!text) continue;  // still alive
    const auto stored = stored_run_from_json(*text);
    if (!stored) continue;  // damaged
    known.insert(project_of(stored->job));
    if (stored->job != job && project_of(stored->job) != job) continue;
    if (number && *number != one) continue;
    const auto verdict = stored->record.verdict;
    const bool good = verdict == model::Verdict::success || verdict == model::Verdict::unstable;
    if (!number && which == Which::successful && !good) continue;
    return Found{one, directory / "artifacts"};
  }
  const std::vector<std::string> names(known.begin(), known.end());
  return fail(Fault::not_found, "no such run of '{}' on this host; there are runs of: {}", job,
              names.empty() ? "nothing" : join(names, ", "));
}

}  // namespace cupel::runs
