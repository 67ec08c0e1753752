// SPDX-License-Identifier: Apache-2.0
#include "cupel/occasion.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

#include "base/text.hpp"
#include "runs/git.hpp"

namespace cupel {
namespace {

/// The branch that is checked out, without asking git: most runs want to know no more.
std::string branch_of(const os::fs::path& directory) {
  for (auto at = directory;; at = at.parent_path()) {
    const auto head = os::read_file(at / ".git" / "HEAD");
    constexpr std::string_view prefix = "ref: refs/heads/";
    if (head)
      return head->starts_with(prefix) ? std::string(trim(head->substr(prefix.size()))) : "";
    if (at == at.parent_path()) return "";
  }
}

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16 << 10> buffer;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found ? found->pw_name : "unknown";
}

/// What `git log` prints between these is a commit, its author, time, message and files.
constexpr char of_records = '\x1e';
constexpr char of_fields = '\x1f';

std::vector<pipeline::Change> parse_changes(std::string_view text) {
  std::vector<pipeline::Change> changes;
  for (const auto& record : split(text, of_records)) {
    const auto fields = split(record, of_fields);
    if (fields.size() != 5) continue;
    pipeline::Change change;
    change.commit = fields[0];
    change.author = fields[1];
    change.seconds = parse_integer(fields[2]).value_or(0);
    change.message = trim(fields[3]);
    for (const auto& line : split(fields[4], '\n')) {  // "M", a tabulator, the path
      const auto tab = line.find('\t');
      if (tab == std::string::npos || tab == 0) continue;
      change.edits.push_back(line[0]);
      change.paths.push_back(line.substr(tab + 1));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<pipeline::Change> changes_since(const std::string& commit,
                                            const os::fs::path& directory, const Stop& stop) {
  const auto log = runs::run_git({"-c", "core.quotePath=false", "-C", directory.string(), "log",
                                  "--max-count=1000", "--relative", "--name-status", "--no-renames",
                                  "--format=%x1e%H%x1f%an%x1f%ct%x1f%B%x1f", commit + "..HEAD"},
                                 stop);
  if (!log || log->exit.status != 0) return {};  // the commit is gone, or there is no git
  return parse_changes(log->out);
}

/// When the run's directory was made: the same when it is resumed.
std::chrono::milliseconds begin_of(const runs::RunDirectory& run) {
  std::error_code error;
  const auto made = os::fs::last_write_time(run.path() / "run.json", error);
  const auto at = error ? std::chrono::system_clock::now() : std::chrono::file_clock::to_sys(made);
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
}

/// changeset, changelog, changeSets; code of others may ask for them too.
bool asks_for_changes(const Project& project) {
  const auto& text = project.source->text();
  return project.pipeline.job.open || text.find("change") != std::string::npos ||
         text.find("ibrary") != std::string::npos || text.find("load") != std::string::npos;
}

}  // namespace

std::map<std::string, std::string> occasion_variables(const cli::RunCommand& command,
                                                      const Project& project) {
  std::map<std::string, std::string> variables;
  auto branch = command.branch;
  for (const auto& [field, value] : command.change_request) {
    variables["CHANGE_" + field] = value;
    if (field == "ID" && branch.empty()) branch = "PR-" + value;
  }
  if (branch.empty()) branch = command.tag;
  if (branch.empty()) branch = branch_of(project.directory);
  if (!branch.empty()) variables["BRANCH_NAME"] = branch;
  if (!command.tag.empty()) variables["TAG_NAME"] = command.tag;
  return variables;
}

pipeline::BuildFacts build_facts(const cli::RunCommand& command, const Project& project,
                                 const runs::RunStore& store, const runs::RunDirectory& run,
                                 const std::string& job, const Stop& stop) {
  pipeline::BuildFacts facts;
  const auto user = user_name();
  facts.causes = {{"hudson.model.Cause$UserIdCause", "Started by user " + user, user}};
  facts.is_first = !store.previous(job);
  facts.job = job;
  facts.started = begin_of(run);
  facts.restart = {command.from_stage, command.only_stage};
  if (!command.from_stage.empty())
    facts.causes.push_back(
        {"org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause",
         "Restarted from stage " + command.from_stage, user});
  if (!asks_for_changes(project)) return facts;
  const auto head =
      runs::run_git({"-C", project.directory.string(), "rev-parse", "--verify", "HEAD"}, stop);
  if (!head || head->exit.status != 0) return facts;
  const auto before = store.previous_commit(job);
  if (before) facts.changes = changes_since(*before, project.directory, stop);
  static_cast<void>(os::write_file(run.commit(), trim(head->out)));  // the next run only warns
  return facts;
}

}  // namespace cupel
