// SPDX-License-Identifier: Apache-2.0
#include "runs/local_past_runs.hpp"

#include <gtest/gtest.h>

#include "runs/run_store.hpp"

namespace cupel::runs {
namespace {

using model::Verdict;

class LocalPastRunsTest : public testing::Test {
 protected:
  void ended(const std::string& job, Verdict verdict, const std::string& name = "") {
    RunStore store(directory_.path());
    const auto run = *store.create(job, Stop());
    StoredRun stored;
    stored.job = job;
    stored.name = name;
    stored.record.id = std::to_string(run.number());
    stored.record.verdict = verdict;
    stored.record.description = "about " + stored.record.id;
    stored.record.variables = {{"WHO", "ada"}};
    EXPECT_TRUE(store.record(run, stored));
  }
  unsigned before(unsigned number, const std::vector<Verdict>& verdicts) const {
    const auto found = LocalPastRuns(directory_.path()).before("/p/Jenkinsfile", number, verdicts);
    return found && *found ? (*found)->number : 0;
  }
  os::TempDir directory_ = std::move(*os::TempDir::make("past-runs"));
};

TEST_F(LocalPastRunsTest, AreAChainOfTheSameJob) {
  ended("/p/Jenkinsfile", Verdict::success);
  ended("/other/Jenkinsfile", Verdict::success);
  ended("/p/Jenkinsfile", Verdict::failure);
  ended("/p/Jenkinsfile", Verdict::unstable);

  EXPECT_EQ(before(9, {}), 4U);
  EXPECT_EQ(before(4, {}), 3U);
  EXPECT_EQ(before(3, {}), 1U);
  EXPECT_EQ(before(1, {}), 0U);
  EXPECT_EQ(before(9, {Verdict::success}), 1U);
  EXPECT_EQ(before(9, {Verdict::failure}), 3U);
  EXPECT_EQ(before(9, {Verdict::aborted}), 0U);
}

TEST_F(LocalPastRunsTest, TellWhatTheyWere) {
  ended("/p/Jenkinsfile", Verdict::success, "team");

  const auto run = *LocalPastRuns(directory_.path()).before("/p/Jenkinsfile", 9, {});

  ASSERT_TRUE(run);
  EXPECT_EQ(run->project, "team");
  EXPECT_EQ(run->display_name, "#1");
  EXPECT_EQ(run->description, "about 1");
  EXPECT_EQ(run->variables.at("WHO"), "ada");
  EXPECT_EQ(run->url, "file://" + (directory_.path() / "1").string() + "/");
}

TEST_F(LocalPastRunsTest, AreFoundByWhatTheyWereCalledBy) {
  ended("/p/Jenkinsfile", Verdict::success, "packages");
  ended("/q/Jenkinsfile", Verdict::success);

  const LocalPastRuns runs(directory_.path());
  EXPECT_EQ(runs.find("packages", LocalPastRuns::Which::successful, std::nullopt)->number, 1U);
  EXPECT_EQ(runs.find("q", LocalPastRuns::Which::successful, std::nullopt)->number, 2U);
  EXPECT_NE(runs.find("r", LocalPastRuns::Which::successful, std::nullopt)
                .error()
                .text()
                .find("there are runs of: packages, q"),
            std::string::npos);
}

}  // namespace
}  // namespace cupel::runs
