// SPDX-License-Identifier: Apache-2.0
#include "runs/run_store.hpp"

#include <gtest/gtest.h>

namespace cupel::runs {
namespace {

using namespace std::chrono_literals;
namespace fs = os::fs;

class RunStoreTest : public testing::Test {
 protected:
  RunDirectory create(const std::string& job = "job") {
    auto run = store_.create(job, stop_);
    EXPECT_TRUE(run) << run.error().text();
    return std::move(*run);
  }
  void finish(const RunDirectory& run, const std::string& job, model::Verdict verdict) {
    StoredRun stored{job, {}};
    stored.record.verdict = verdict;
    EXPECT_TRUE(store_.record(run, stored));
  }

  Stop stop_ = Stop().within(30s);
  os::TempDir directory_ = os::TempDir::make("run_store").value();
  RunStore store_{directory_.path() / "runs"};
};

TEST_F(RunStoreTest, NumbersRunsUpwards) {
  EXPECT_EQ(create().number(), 1U);
  EXPECT_EQ(create().number(), 2U);
}

TEST_F(RunStoreTest, DiscardsByTheRuleOfTheJobAlone) {
  for (const auto* job : {"a", "b", "a", "a"}) {
    const auto run = create(job);
    fs::create_directories(run.artifacts());
    finish(run, job, model::Verdict::success);
  }

  ASSERT_TRUE(store_.discard("a", {2, std::nullopt, 1, std::nullopt}, stop_));

  const auto runs = directory_.path() / "runs";
  EXPECT_FALSE(fs::exists(runs / "1"));
  EXPECT_TRUE(fs::exists(runs / "2/artifacts")) << "of another job";
  EXPECT_TRUE(fs::exists(runs / "3"));
  EXPECT_FALSE(fs::exists(runs / "3/artifacts"));
  EXPECT_TRUE(fs::exists(runs / "4/artifacts"));
}

TEST_F(RunStoreTest, KeepsRunsThatAskForIt) {
  for (const bool keep : {true, false, false}) {
    const auto run = create("a");
    StoredRun stored{"a", {}};
    stored.record.keep = keep;
    EXPECT_TRUE(store_.record(run, stored));
  }

  ASSERT_TRUE(store_.discard("a", {1, std::nullopt, std::nullopt, std::nullopt}, stop_));
  ASSERT_TRUE(store_.prune(1, stop_));

  const auto runs = directory_.path() / "runs";
  EXPECT_TRUE(fs::exists(runs / "1"));
  EXPECT_FALSE(fs::exists(runs / "2"));
  EXPECT_TRUE(fs::exists(runs / "3"));
}

TEST_F(RunStoreTest, KeepsStashesOfTheLatestRuns) {
  for (const auto* job : {"a", "b", "a", "a"}) {
    const auto run = create(job);
    fs::create_directories(run.kept_stashes());
    finish(run, job, model::Verdict::success);
  }
  const auto alive = create("a");
  fs::create_directories(alive.kept_stashes());

  EXPECT_EQ(store_.kept_stashes("a"), directory_.path() / "runs/4/kept-stashes");
  EXPECT_FALSE(store_.kept_stashes("c"));
  ASSERT_TRUE(store_.prune_stashes("a", 1, stop_));

  const auto runs = directory_.path() / "runs";
  EXPECT_FALSE(fs::exists(runs / "1/kept-stashes"));
  EXPECT_TRUE(fs::exists(runs / "2/kept-stashes")) << "of another job";
  EXPECT_FALSE(fs::exists(runs / "3/kept-stashes"));
  EXPECT_TRUE(fs::exists(runs / "4/kept-stashes"));
}

TEST_F(RunStoreTest, KnowsHowTheSameJobEndedBefore) {
  finish(create(), "a", model::Verdict::unstable);
  finish(create(), "b", model::Verdict::failure);
  const auto running = create("a");

  EXPECT_EQ(store_.previous("a"), model::Verdict::unstable);
  EXPECT_EQ(store_.previous("c"), std::nullopt);
}

TEST_F(RunStoreTest, CleansUpAfterADeadRunAndRecordsItAsAborted) {
  fs::path path;
  {
    const auto dead = create("a");
    path = dead.path();
    fs::create_directories(dead.workspaces() / "x");
  }

  const auto news = store_.reap(stop_);

  ASSERT_TRUE(news) << news.error().text();
  EXPECT_EQ(news->size(), 1U);
  EXPECT_TRUE(transient_left(path).empty());
  EXPECT_EQ(store_.previous("a"), model::Verdict::aborted);
  EXPECT_TRUE(store_.reap(stop_)->empty());
}

TEST_F(RunStoreTest, LeavesALivingRunAlone) {
  const auto alive = create();
  fs::create_directories(alive.workspaces());

  EXPECT_TRUE(store_.reap(stop_)->empty());

  EXPECT_EQ(transient_left(alive.path()).size(), 1U);
}

TEST_F(RunStoreTest, ARunMayBeResumedWhileItsJournalIsThereAndItIsNotOver) {
  const auto journal = directory_.path() / "journal";
  ASSERT_TRUE(os::write_file(journal, ""));
  const auto run = store_.create("a", stop_, journal).value();

  EXPECT_TRUE(store_.may_be_resumed("1", journal));
  EXPECT_FALSE(store_.may_be_resumed("1", journal.string() + "2"));
  EXPECT_FALSE(store_.may_be_resumed("2", journal));
  EXPECT_FALSE(store_.may_be_resumed("../1", journal));
  EXPECT_FALSE(store_.finished(1, run.mark()));
  fs::remove(journal);
  EXPECT_FALSE(store_.may_be_resumed("1", journal));
  ASSERT_TRUE(os::write_file(journal, ""));
  finish(run, "a", model::Verdict::unstable);
  EXPECT_FALSE(store_.may_be_resumed("1", journal));
  EXPECT_EQ(store_.finished(1, run.mark())->record.verdict, model::Verdict::unstable);
  EXPECT_FALSE(store_.finished(1, "another"));
}

TEST_F(RunStoreTest, KeepsTheLatestRuns) {
  for (int i = 0; i < 4; ++i) finish(create(), "a", model::Verdict::success);

  ASSERT_TRUE(store_.prune(2, stop_));

  EXPECT_FALSE(fs::exists(directory_.path() / "runs/2"));
  EXPECT_TRUE(fs::exists(directory_.path() / "runs/3/record.json"));
  EXPECT_EQ(create().number(), 5U);
}

TEST(StoredRun, SurvivesJson) {
  StoredRun run{"/p/Jenkinsfile", {}};
  run.record.id = "7";
  run.record.verdict = model::Verdict::unstable;
  run.record.infrastructure_failed = true;
  run.record.failure = "x \"y\"";
  run.record.stages = {{{"A", "b"}, model::Verdict::failure, 5ms, "n", "", "f"}};
  run.record.tests = {{"s", "t", model::TestRecord::State::failed, 3ms, "m"}};
  run.record.artifacts = {"a/b"};
  run.record.duration = 12ms;
  run.machines = {{"tiny-3f2a91", 2, gib(1), mib(112), 7ms, 9ms, {"machines/tiny-3f2a91/use.csv"}}};

  const auto read = stored_run_from_json(to_json(run));

  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(to_json(*read), to_json(run));
  EXPECT_EQ(read->record.stages.at(0).path.size(), 2U);
  EXPECT_EQ(read->machines, run.machines);
  EXPECT_EQ(read->record.tests.at(0).state, model::TestRecord::State::failed);
}

}  // namespace
}  // namespace cupel::runs
