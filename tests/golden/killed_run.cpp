// SPDX-License-Identifier: Apache-2.0
#include "golden/killed_run.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <regex>

#include "base/json.hpp"
#include "base/text.hpp"
#include "golden/golden_run.hpp"
#include "runs/file_journal.hpp"
#include "runs/run_log.hpp"

namespace cupel::pipeline::golden {
namespace {

using os::fs::path;

/// Ends the process right after the record whose turn it is.
class Deadly final : public Journal {
 public:
  Deadly(runs::FileJournal& journal, std::size_t after) : journal_(journal), after_(after) {}
  std::vector<JournalRecord> recorded() override { return journal_.recorded(); }
  Result<> append(const JournalRecord& record) override {
    TRY(journal_.append(record));
    if (++appended_ == after_) ::_exit(killed);
    return {};
  }
  Result<> sync() override { return journal_.sync(); }

 private:
  runs::FileJournal& journal_;
  std::size_t after_;
  std::size_t appended_ = 0;
};

Stop soon() { return Stop().within(std::chrono::seconds(10)); }

[[noreturn]] void run_here(const path& file, const path& root, std::size_t dies_after) {
  // What a killed process has no time to remove is in here too.
  ::setenv("TMPDIR", (root / "tmp").c_str(), 1);
  auto journal = runs::FileJournal::open(root / "journal", soon());
  if (!journal) std::abort();
  if (!(*journal)->head() && !(*journal)->begin({"", "", 1, "", ""})) std::abort();
  auto log = runs::RunLog::resume(root / "log");
  if (!log) std::abort();
  Deadly deadly(**journal, dies_after);
  const auto result = golden::run(file, {&deadly, log->get(), root});
  if (!(*log)->close() || !os::write_file(root / "result", result)) std::abort();
  ::_exit(0);
}

/// Memory for a directory, where there is some: a run syncs its journal before each step.
os::TempDir make_directory() {
  if (!std::getenv("TMPDIR") && ::access("/dev/shm", W_OK) == 0)
    if (auto directory = os::TempDir::make_in("/dev/shm", "journal"); directory)
      return std::move(*directory);
  return std::move(*os::TempDir::make_in(os::fs::temp_directory_path(), "journal"));
}

/// Writes down each script that it is given, as one line, and runs it.
constexpr auto counter = R"(#!/bin/sh
for last; do :; done
if test -f "$last"; then
  text=
  while IFS= read -r line || test -n "$line"; do text="$text$line; "; done <"$last"
  printf '%s\n' "$text" >>'{}'
fi
exec /bin/sh "$@"
)";

}  // namespace

KilledRun::KilledRun() : directory_(make_directory()) {
  const auto& root = directory_.path();
  EXPECT_TRUE(os::make_directories(root / "bin"));
  EXPECT_TRUE(os::make_directories(root / "tmp"));
  EXPECT_TRUE(os::write_file(root / "bin" / "sh",
                             fmt::format(counter, (root / "executed").string()), 0755));
}

int KilledRun::go(const path& file, std::size_t dies_after) {
  const auto child = ::fork();
  if (child == 0) run_here(file, directory_.path(), dies_after);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

Recorded KilledRun::recorded() const {
  Recorded found;
  const auto journal = runs::FileJournal::open(directory_.path() / "journal", soon());
  EXPECT_TRUE(journal) << journal.error().text();
  if (!journal) return found;
  std::map<StepId, std::string> open;
  for (const auto& record : (*journal)->recorded()) {
    ++found.records;
    const bool goes_on = record.name == "sh" || record.name == "sleep";
    if (record.kind == JournalRecord::Kind::end)
      open.erase(record.id);
    else if (!goes_on)
      open.emplace(record.id, record.name);
  }
  for (auto& [_, name] : open) found.cut_off.insert(name);
  return found;
}

std::string KilledRun::normal(std::string text) const {
  const auto root = directory_.path().string();
  for (auto at = text.find(root); at != text.npos; at = text.find(root, at))
    text.replace(at, root.size(), "HERE");
  static const std::regex node("HERE/node-[0-9a-f]+-");
  static const std::regex after("(== .*: [A-Z_]+ after ).*");
  return std::regex_replace(std::regex_replace(text, node, "ROOT"), after, "$1...");
}

std::map<std::string, std::string> KilledRun::log() const {
  std::map<std::string, std::string> stages;
  const auto log = os::read_file(directory_.path() / "log");
  const auto index = os::read_file(directory_.path() / "log.index");
  if (!log || !index) return stages;
  for (const auto& line : split(*index, '\n')) {
    const auto value = json::parse(line);
    if (line.empty() || !value) continue;
    std::string stage;
    for (const auto& name : *value->find("stage")->as_array()) stage += "/" + *name.as_string();
    // Each stream for itself: which of two a script's commands wrote to first is nobody's to say.
    stages[stage + ", " + *value->text("stream")] +=
        log->substr(static_cast<std::size_t>(*value->integer("offset")),
                    static_cast<std::size_t>(*value->integer("length")));
  }
  for (auto& [_, text] : stages) text = normal(text);
  return stages;
}

Traces KilledRun::traces() const {
  const auto& root = directory_.path();
  Traces traces;
  traces.result = normal(os::read_file(root / "result").value_or("none"));
  traces.log = log();
  std::error_code none;
  for (os::fs::recursive_directory_iterator it(root / "artifacts", none), end; it != end; ++it)
    if (it->is_regular_file())
      traces.artifacts[os::fs::relative(it->path(), root).string()] =
          normal(os::read_file(it->path()).value_or(""));
  for (const auto& line : split(os::read_file(root / "executed").value_or(""), '\n'))
    if (!line.empty()) traces.executed.insert(normal(line));
  return traces;
}

std::string KilledRun::journal() const {
  return normal(os::read_file(directory_.path() / "journal").value_or("no journal\n"));
}

std::string Traces::text() const {
  auto text = result;
  for (const auto& [stage, bytes] : log) text += "-- log of " + stage + "\n" + bytes;
  for (const auto& [name, bytes] : artifacts) text += "-- " + name + "\n" + bytes + "\n";
  for (const auto& one : executed) text += "-- executed " + one + "\n";
  return text;
}

}  // namespace cupel::pipeline::golden
