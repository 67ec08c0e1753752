// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "base/digest.hpp"
#include "golden/golden_run.hpp"
#include "golden/killed_run.hpp"
#include "runs/marked_processes.hpp"
#include "support/line_diff.hpp"

/// Runs each golden pipeline with a journal, kills it right after its k-th record is written, for
/// each k, resumes it in another process, and expects what a run without interruption has: result,
/// log, artifacts, and how often each script was executed. A step that must not happen twice, and
/// was cut off between its beginning and its end, may fail and say so instead; it is never executed
/// again.
namespace cupel::pipeline::golden {
namespace {

using os::fs::path;

/// Goldens that cannot be resumed with the same outcome, and why.
const std::map<std::string, std::string>& left_out() {
  static const std::map<std::string, std::string> all = {
      {"declarative_option_parallels_always_fail_fast",
       "its second branch has 50 ms to begin, also after it is resumed"}};
  return all;
}

/// After which records to kill: all, or at most as many as CUPEL_KILLS says.
std::vector<std::size_t> kill_points(std::size_t records) {
  std::vector<std::size_t> all;
  for (std::size_t i = 1; i <= records; ++i) all.push_back(i);
  const auto* wanted = std::getenv("CUPEL_KILLS");
  if (!wanted || std::string_view(wanted) == "all") return all;
  const auto most = std::stoul(wanted);
  const auto* given = std::getenv("CUPEL_SEED");
  static const auto seed =
      given ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
  static std::mt19937 random(seed);
  testing::Test::RecordProperty("seed", std::to_string(seed));
  std::shuffle(all.begin(), all.end(), random);
  if (all.size() > most) all.resize(most);
  return all;
}

/// The lines of a text, each so often as it is there.
std::multiset<std::string> lines_of(const std::map<std::string, std::string>& texts) {
  std::multiset<std::string> lines;
  for (const auto& [_, text] : texts)
    for (auto& line : split(text, '\n'))
      if (!line.empty()) lines.insert(std::move(line));
  return lines;
}

/// Whether nothing is there more often than expected, or once where it was not expected.
bool none_twice(const std::multiset<std::string>& actual,
                const std::multiset<std::string>& expected) {
  return std::all_of(actual.begin(), actual.end(), [&](const std::string& one) {
    return actual.count(one) <= std::max<std::size_t>(expected.count(one), 1);
  });
}

/// Of a run that was killed while steps ran that must not happen twice.
bool failed_as_documented(const Traces& actual, const Traces& expected,
                          const std::set<std::string>& cut_off) {
  const auto text = actual.text();
  return none_twice(actual.executed, expected.executed) &&
         none_twice(lines_of(actual.artifacts), lines_of(expected.artifacts)) &&
         std::any_of(cut_off.begin(), cut_off.end(), [&](const std::string& name) {
           return text.find("cupel ended while '" + name +
                            "' ran; nobody knows whether it took effect") != text.npos;
         });
}

class Killed : public testing::TestWithParam<path> {
 protected:
  Killed() { ::setenv("CUPEL_RUN", mark_.c_str(), 1); }
  ~Killed() override {
    ::unsetenv("CUPEL_RUN");
    const auto left = runs::find_marked(mark_);
    EXPECT_TRUE(left.empty()) << "left behind: " << left[0].name << ", " << left.size()
                              << " in all";
    EXPECT_TRUE(runs::kill_marked(mark_, Stop().within(std::chrono::seconds(10))));
  }

  void kill_after(std::size_t point, const Traces& expected) {
    KilledRun run;
    const auto first = run.go(GetParam(), point);
    const auto cut_off = first == killed ? run.recorded().cut_off : std::set<std::string>();
    const auto second = first == killed ? run.go(GetParam(), 0) : first;
    EXPECT_EQ(second, 0) << "killed after record " << point;
    const auto actual = run.traces();
    if (!cut_off.empty() && failed_as_documented(actual, expected, cut_off)) return;
    const auto difference = test::line_diff(expected.text(), actual.text());
    EXPECT_EQ(difference, "") << difference << "killed after record " << point << "\n"
                              << run.journal();
  }

 private:
  const std::string mark_ = to_hex(random_bytes(16));
};

TEST_P(Killed, EndsAsIfNothingHadHappened) {
  if (const auto reason = left_out().find(name_of(GetParam())); reason != left_out().end())
    GTEST_SKIP() << reason->second;
  KilledRun whole;
  ASSERT_EQ(whole.go(GetParam(), 0), 0);
  const auto expected = whole.traces();

  for (const auto point : kill_points(whole.recorded().records)) kill_after(point, expected);
}

INSTANTIATE_TEST_SUITE_P(Goldens, Killed, testing::ValuesIn(files()),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace cupel::pipeline::golden
