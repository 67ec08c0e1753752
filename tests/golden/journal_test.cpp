// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <regex>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "golden/golden_run.hpp"
#include "runs/file_journal.hpp"
#include "runs/run_log.hpp"

/// Runs each golden pipeline with a journal, kills it right after a record is written, resumes it
/// in another process, and expects what a run without interruption has: result, log, artifacts, and
/// how often each script was executed.
namespace cupel::pipeline {
namespace {

using os::fs::path;

constexpr int killed = 77;

/// Goldens that cannot be resumed with the same outcome, and why.
const std::map<std::string, std::string>& left_out() {
  static const std::string once = "a step that must not happen twice is cut off, and says so";
  static const std::map<std::string, std::string> all = {
      {"steps_bat_needs_windows", once},
      {"steps_powershell_needs_windows", once},
      {"steps_prepend_to_file", once},
      {"steps_wait_until_is_cut_by_timeout", "its clock is in milliseconds"},
      {"steps_copy_artifacts", once},
      {"steps_gitlab_commit_status_around_a_body", once},
      {"steps_input_abort", once},
      {"steps_input_nobody_answers", once},
      {"steps_input_one_parameter", once},
      {"steps_input_proceeds", once},
      {"steps_input_several_parameters", once},
      {"steps_input_unknown_parameter_kind", once},
      {"steps_input_wrong_choice", once},
      {"steps_mapped_step_in_steps", once},
      {"steps_mapped_steps", once},
      {"steps_milestone_forms", once},
      {"steps_milestone_superseded", once},
      {"steps_notifier_sends_where_configured", once},
      {"steps_notifiers_are_recorded", once},
      {"steps_publish_html", once},
      {"steps_reports_are_kept", once},
      {"steps_secret_is_hidden_in_notifications", once},
      {"steps_sonar_is_refused", once},
      {"steps_step_by_class", once},
      {"steps_step_by_class_wrong_parameter", once},
      {"steps_tee_appends_to_a_file",
       "its file holds standard output and error in the order in which they came"},
      {"steps_timeout_activity", "its clock is in milliseconds"},
      {"steps_verify_missing_file", once},
  };
  return all;
}

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

/// What a run leaves in its directory, in a form that is the same for equal runs.
struct Outcome {
  std::string result;
  std::map<std::string, std::string> log;  ///< by stage and stream
  std::map<std::string, std::string> artifacts;
  std::multiset<std::string> executed;
  std::size_t records = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

std::string normal(const std::string& text, const path& root) {
  auto result = text;
  for (auto at = result.find(root.string()); at != result.npos; at = result.find(root.string(), at))
    result.replace(at, root.string().size(), "HERE");
  static const std::regex node("HERE/node-[0-9a-f]+-");
  static const std::regex after("(== .*: [A-Z_]+ after ).*");
  return std::regex_replace(std::regex_replace(result, node, "ROOT"), after, "$1...");
}

[[noreturn]] void run_here(const path& file, const path& root, std::size_t dies_after) {
  auto journal = runs::FileJournal::open(root / "journal", Stop().within(std::chrono::seconds(10)));
  if (!journal) std::abort();
  if (!(*journal)->head() && !(*journal)->begin({"", "", 1, "", ""})) std::abort();
  auto log = runs::RunLog::resume(root / "log");
  if (!log) std::abort();
  Deadly deadly(**journal, dies_after);
  const auto result = golden::run(file, {&deadly, log->get(), root});
  if (!(*log)->close() || !os::write_file(root / "result", result)) std::abort();
  ::_exit(0);
}

/// Its exit status.
int run_apart(const path& file, const path& root, std::size_t dies_after) {
  const auto child = ::fork();
  if (child == 0) run_here(file, root, dies_after);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

os::TempDir fresh_root() {
  auto root = std::move(*os::TempDir::make("journal"));
  EXPECT_TRUE(os::make_directories(root.path() / "bin"));
  const auto counter = fmt::format("#!/bin/sh\necho \"$*\" >> {}/executed\nexec /bin/sh \"$@\"\n",
                                   root.path().string());
  EXPECT_TRUE(os::write_file(root.path() / "bin" / "sh", counter, 0755));
  return root;
}

std::map<std::string, std::string> log_of(const path& root) {
  std::map<std::string, std::string> stages;
  const auto log = os::read_file(root / "log");
  const auto index = os::read_file(root / "log.index");
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
  for (auto& [_, text] : stages) text = normal(text, root);
  return stages;
}

Outcome outcome_of(const path& root) {
  Outcome outcome;
  outcome.result = normal(os::read_file(root / "result").value_or("none"), root);
  outcome.log = log_of(root);
  std::error_code none;
  for (os::fs::recursive_directory_iterator it(root / "artifacts", none), end; it != end; ++it)
    if (it->is_regular_file())
      outcome.artifacts[os::fs::relative(it->path(), root).string()] =
          os::read_file(it->path()).value_or("");
  for (const auto& line : split(os::read_file(root / "executed").value_or(""), '\n'))
    if (!line.empty()) outcome.executed.insert(normal(line, root));
  if (const auto journal =
          runs::FileJournal::open(root / "journal", Stop().within(std::chrono::seconds(10))))
    outcome.records = (*journal)->recorded().size();
  return outcome;
}

std::string text_of(const Outcome& outcome) {
  auto text = outcome.result;
  for (const auto& [stage, log] : outcome.log) text += "-- log of " + stage + "\n" + log;
  for (const auto& [name, bytes] : outcome.artifacts) text += "-- " + name + "\n" + bytes + "\n";
  for (const auto& one : outcome.executed) text += "-- executed " + one + "\n";
  return text;
}

/// After which records to kill, at most as many as CUPEL_KILLS says.
std::vector<std::size_t> kill_points(std::size_t records) {
  std::vector<std::size_t> all;
  for (std::size_t i = 1; i <= records; ++i) all.push_back(i);
  const auto* wanted = std::getenv("CUPEL_KILLS");
  if (wanted && std::string_view(wanted) == "all") return all;
  const auto most = wanted ? std::stoul(wanted) : 2UL;
  const auto* given = std::getenv("CUPEL_SEED");
  static const auto seed =
      given ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
  static std::mt19937 random(seed);
  testing::Test::RecordProperty("seed", std::to_string(seed));
  std::shuffle(all.begin(), all.end(), random);
  if (all.size() > most) all.resize(most);
  return all;
}

class Killed : public testing::TestWithParam<path> {};

TEST_P(Killed, EndsAsIfNothingHadHappened) {
  if (const auto reason = left_out().find(golden::name_of(GetParam())); reason != left_out().end())
    GTEST_SKIP() << reason->second;
  const auto whole = fresh_root();
  ASSERT_EQ(run_apart(GetParam(), whole.path(), 0), 0);
  const auto expected = outcome_of(whole.path());

  for (const auto point : kill_points(expected.records)) {
    const auto root = fresh_root();
    const auto first = run_apart(GetParam(), root.path(), point);
    const auto second = first == killed ? run_apart(GetParam(), root.path(), 0) : first;
    const auto actual = outcome_of(root.path());

    EXPECT_EQ(second, 0) << "killed after record " << point << " of " << expected.records;
    EXPECT_EQ(text_of(actual), text_of(expected))
        << "killed after record " << point << " of " << expected.records << "\n"
        << normal(os::read_file(root.path() / "journal").value_or(""), root.path());
  }
}

INSTANTIATE_TEST_SUITE_P(Goldens, Killed, testing::ValuesIn(golden::files()),
                         [](const auto& one) { return golden::name_of(one.param); });

}  // namespace
}  // namespace cupel::pipeline
