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
    const auto name = stored->name.empty() ? project_of(stored->job) : stored->name;
    known.insert(name);
    if (stored->job != job && name != job) continue;
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

namespace {

pipeline::PastRun past_run(unsigned number, const os::fs::path& directory, StoredRun stored) {
  auto& record = stored.record;
  pipeline::PastRun run;
  run.number = number;
  run.project = stored.name.empty() ? project_of(stored.job) : std::move(stored.name);
  run.verdict = record.verdict;
  run.started =
      std::chrono::duration_cast<std::chrono::milliseconds>(record.started.time_since_epoch());
  run.duration = record.duration;
  run.display_name = record.display_name.empty() ? fmt::format("#{}", number) : record.display_name;
  run.description = std::move(record.description);
  run.keep = record.keep;
  run.variables = std::move(record.variables);
  run.url = fmt::format("file://{}/", directory.string());
  run.failure = std::move(record.failure);
  run.artifacts = directory / "artifacts";
  return run;
}

}  // namespace

Result<std::optional<pipeline::PastRun>> LocalPastRuns::before(
    const std::string& job, unsigned number, const std::vector<model::Verdict>& verdicts) const {
  for (const auto one : numbers_in(runs_)) {
    if (one >= number) continue;
    const auto directory = runs_ / std::to_string(one);
    const auto text = os::read_file(directory / "record.json");
    if (!text) continue;  // still alive
    auto stored = stored_run_from_json(*text);
    if (!stored || stored->job != job) continue;
    const auto verdict = stored->record.verdict;
    if (!verdicts.empty() && std::find(verdicts.begin(), verdicts.end(), verdict) == verdicts.end())
      continue;
    return past_run(one, directory, std::move(*stored));
  }
  return std::optional<pipeline::PastRun>();
}

}  // namespace cupel::runs
