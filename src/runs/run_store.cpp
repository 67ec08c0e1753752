// SPDX-License-Identifier: Apache-2.0
#include "runs/run_store.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "runs/marked_containers.hpp"
#include "runs/marked_processes.hpp"

namespace cupel::runs {
namespace {

namespace fs = os::fs;

constexpr std::array transient = {"stashes", "workspaces", "tree.tar"};

Result<std::string> mark_of(const fs::path& run) {
  const auto text = TRY(os::read_file(run / "run.json"));
  const auto birth = TRY(json::parse(text));
  return birth.text("mark");
}

/// Of a run that is not over; empty where there is none, or the file is gone.
std::string journal_of(const fs::path& run) {
  const auto text = os::read_file(run / "run.json");
  const auto birth = text ? json::parse(*text) : Result<json::Value>(json::Value());
  const auto journal = birth ? birth->text("journal") : Result<std::string>("");
  std::error_code ignored;
  if (!journal || journal->empty() || !fs::exists(*journal, ignored)) return {};
  return *journal;
}

}  // namespace

Result<> remove_transient(const fs::path& run) {
  for (const auto* name : transient) TRY(os::remove_tree(run / name), "remove {}", name);
  return {};
}

std::vector<std::string> transient_left(const fs::path& run) {
  std::vector<std::string> left;
  std::error_code ignored;
  for (const auto* name : transient)
    if (fs::exists(fs::symlink_status(run / name, ignored))) left.push_back((run / name).string());
  return left;
}

std::vector<unsigned> RunStore::numbers() const {
  std::vector<unsigned> all;
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; it != end && !error;
       it.increment(error)) {
    const auto number = parse_integer(it->path().filename().string());
    if (number && *number > 0) all.push_back(static_cast<unsigned>(*number));
  }
  std::sort(all.begin(), all.end());
  return all;
}

Result<RunDirectory> RunStore::take_up(unsigned number, const std::string& mark) {
  const auto path = directory_ / std::to_string(number);
  const auto found = mark_of(path);
  std::error_code ignored;
  if (!found || *found != mark || fs::exists(path / "record.json", ignored))
    return fail(Fault::not_found, "the run {} in {} is gone or over", number, directory_.string());
  // What the dead cupel was just starting holds its files until it is executed.
  auto lock = os::FileLock::take(path / "lock", Stop().within(std::chrono::seconds(1)));
  if (!lock) return fail(Fault::conflict, "the run {} is alive", number);
  return RunDirectory(number, path, mark, std::move(*lock));
}

Result<RunDirectory> RunStore::create(const std::string& job, const Stop& stop,
                                      const os::fs::path& journal) {
  TRY(os::make_directories(directory_, 0700));
  // A directory and its lock come into being as one for those who hold this lock too.
  const auto birth = TRY(os::FileLock::take(directory_ / ".lock", stop));
  const auto taken = numbers();
  const auto number = taken.empty() ? 1 : taken.back() + 1;
  const auto path = directory_ / std::to_string(number);
  TRY(os::make_directories(path, 0700));
  auto lock = TRY(os::FileLock::try_take(path / "lock"));
  if (!lock) return fail(Fault::conflict, "{} is locked", path.string());
  auto mark = to_hex(random_bytes(16));
  json::Object about{{"job", job}, {"mark", mark}};
  if (!journal.empty()) about.emplace_back("journal", fs::absolute(journal).string());
  TRY(os::write_file(path / "run.json", json::write(about) + "\n"));
  return RunDirectory(number, path, std::move(mark), std::move(*lock));
}

std::optional<StoredRun> RunStore::finished(unsigned number, const std::string& mark) const {
  const auto path = directory_ / std::to_string(number);
  const auto found = mark_of(path);
  if (!found || *found != mark) return std::nullopt;
  const auto text = os::read_file(path / "record.json");
  const auto stored = text ? stored_run_from_json(*text) : Result<StoredRun>(StoredRun{});
  return text && stored ? std::optional(*stored) : std::nullopt;
}

bool RunStore::may_be_resumed(const std::string& number, const std::string& journal) const {
  const auto known = parse_integer(number);
  if (!known || *known <= 0 || journal.empty()) return false;
  const auto path = directory_ / std::to_string(*known);
  std::error_code ignored;
  return !fs::exists(path / "record.json", ignored) && journal_of(path) == journal;
}

Result<> RunStore::record(const RunDirectory& run, const StoredRun& stored) {
  return os::write_file(run.record(), to_json(stored) + "\n");
}

std::optional<model::Verdict> RunStore::previous(const std::string& job) const {
  auto all = numbers();
  std::reverse(all.begin(), all.end());
  for (const auto number : all) {
    const auto text = os::read_file(directory_ / std::to_string(number) / "record.json");
    if (!text) continue;  // runs now, or its cupel died
    const auto stored = stored_run_from_json(*text);
    if (stored && stored->job == job) return stored->record.verdict;
  }
  return std::nullopt;
}

std::optional<std::string> RunStore::previous_commit(const std::string& job) const {
  auto all = numbers();
  std::reverse(all.begin(), all.end());
  for (const auto number : all) {
    const auto path = directory_ / std::to_string(number);
    const auto commit = os::read_file(path / "commit");
    const auto text = commit ? os::read_file(path / "record.json") : commit;
    if (!text) continue;
    const auto stored = stored_run_from_json(*text);
    if (stored && stored->job == job) return std::string(trim(*commit));
  }
  return std::nullopt;
}

Result<std::optional<std::string>> RunStore::reap_one(unsigned number, const Stop& stop) {
  const auto path = directory_ / std::to_string(number);
  std::error_code ignored;
  if (fs::exists(path / "record.json", ignored)) return std::nullopt;
  const auto lock = TRY(os::FileLock::try_take(path / "lock"));
  if (!lock) return std::nullopt;  // alive

  if (!journal_of(path).empty()) return std::nullopt;
  StoredRun dead;
  std::string complaint;
  if (const auto mark = mark_of(path)) {
    // Before their processes: podman knows best how containers end.
    if (const auto removed = remove_marked_containers(*mark, stop); !removed)
      complaint = "; but " + removed.error().text();
    TRY(kill_marked(*mark, stop));
  }
  if (const auto text = os::read_file(path / "run.json"))
    if (const auto birth = json::parse(*text)) dead.job = birth->text("job").value_or("");
  TRY(remove_transient(path));
  dead.record.id = std::to_string(number);
  dead.record.verdict = model::Verdict::aborted;
  dead.record.failure = "cupel was killed";
  dead.record.started = std::chrono::system_clock::now();
  TRY(os::write_file(path / "record.json", to_json(dead) + "\n"));
  return fmt::format("cleaned up after run {}, whose cupel was killed{}", number, complaint);
}

Result<std::vector<std::string>> RunStore::reap(const Stop& stop) {
  std::vector<std::string> news;
  std::error_code ignored;
  if (!fs::exists(directory_, ignored)) return news;
  const auto birth = TRY(os::FileLock::take(directory_ / ".lock", stop));
  for (const auto number : numbers())
    if (auto line = TRY(reap_one(number, stop), "clean up after run {}", number))
      news.push_back(std::move(*line));
  return news;
}

Result<> RunStore::discard(const std::string& job, const Discard& rule, const Stop& stop) {
  if (rule == Discard{}) return {};
  const auto birth = TRY(os::FileLock::take(directory_ / ".lock", stop));
  auto all = numbers();
  std::reverse(all.begin(), all.end());
  const auto now = std::chrono::system_clock::now();
  unsigned newer = 0;
  for (const auto number : all) {
    const auto path = directory_ / std::to_string(number);
    const auto text = os::read_file(path / "record.json");
    if (!text) continue;  // it runs now
    const auto stored = stored_run_from_json(*text);
    if (!stored || stored->job != job || stored->record.keep) continue;
    const auto age = now - stored->record.started;
    const auto over = [&](const std::optional<unsigned>& most,
                          const std::optional<unsigned>& days) {
      return (most && newer >= *most) || (days && age > std::chrono::days(*days));
    };
    if (over(rule.runs, rule.days))
      TRY(os::remove_tree(path), "remove the old run {}", number);
    else if (over(rule.artifact_runs, rule.artifact_days))
      TRY(os::remove_tree(path / "artifacts"), "remove the artifacts of run {}", number);
    ++newer;
  }
  return {};
}

std::vector<fs::path> RunStore::with_kept_stashes(const std::string& job) const {
  std::vector<fs::path> found;
  auto all = numbers();
  std::reverse(all.begin(), all.end());
  for (const auto number : all) {
    const auto path = directory_ / std::to_string(number);
    std::error_code ignored;
    if (!fs::is_directory(path / "kept-stashes", ignored)) continue;
    const auto text = os::read_file(path / "record.json");
    const auto stored = text ? stored_run_from_json(*text) : Result<StoredRun>(StoredRun{});
    if (stored && stored->job == job) found.push_back(path / "kept-stashes");
  }
  return found;
}

std::optional<fs::path> RunStore::kept_stashes(const std::string& job) const {
  const auto found = with_kept_stashes(job);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

Result<> RunStore::prune_stashes(const std::string& job, std::size_t keep, const Stop& stop) {
  const auto birth = TRY(os::FileLock::take(directory_ / ".lock", stop));
  const auto found = with_kept_stashes(job);
  for (std::size_t i = keep; i < found.size(); ++i)
    TRY(os::remove_tree(found[i]), "remove old stashes");
  return {};
}

Result<> RunStore::prune(std::size_t keep, const Stop& stop) {
  const auto birth = TRY(os::FileLock::take(directory_ / ".lock", stop));
  auto all = numbers();
  if (all.size() <= keep) return {};
  all.resize(all.size() - keep);
  for (const auto number : all) {
    const auto path = directory_ / std::to_string(number);
    const auto text = os::read_file(path / "record.json");
    if (!text) continue;  // it runs now
    const auto stored = stored_run_from_json(*text);
    if (stored && stored->record.keep) continue;
    TRY(os::remove_tree(path), "remove the old run {}", number);
  }
  return {};
}

}  // namespace cupel::runs
