// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace cupel::cli {
namespace {

using namespace std::chrono_literals;
using model::Verdict;
using State = model::TestRecord::State;

const Marks bare(Palette::none, Glyphs::ascii);

TEST(Summary, TellsStagesTestsArtifactsAndTheFailure) {
  model::RunRecord record;
  record.id = "12";
  record.verdict = Verdict::failure;
  record.failure = "script returned exit code 2";
  record.stages = {{{"Build"}, Verdict::success, 1500ms, "", "", ""},
                   {{"Test", "unit"}, Verdict::failure, 20s, "", "", record.failure},
                   {{"Test"}, Verdict::failure, 21s, "", "", record.failure},
                   {{"Deploy"}, Verdict::not_built, 0ms, "", "earlier failure(s)", ""}};
  record.tests = {{"net", "ping", State::passed, 1ms, ""},
                  {"net", "drop", State::failed, 1ms, "a packet passed\nat line 3"},
                  {"", "later", State::skipped, 1ms, ""}};
  record.artifacts = {"a.log", "b.pcap"};
  record.duration = 65s;

  const auto text = summary(record, {"/s/runs/12/log", "/s/runs/12/artifacts", {}, {}}, bare);

  EXPECT_EQ(text, R"(
  Build   SUCCESS  1.5 s
  Test    FAILURE  21.0 s
    unit  FAILURE  20.0 s
  Deploy  skipped due to earlier failure(s)
Tests: 1 passed, 1 failed, 1 skipped
  net: drop: a packet passed
Artifacts: 2 in /s/runs/12/artifacts
Log: /s/runs/12/log
Failed in Test > unit: script returned exit code 2
nothing was left behind
Run 12: FAILURE after 1 min 05 s
)");
}

TEST(Summary, NamesWhatWasKeptAndWhatRemains) {
  model::RunRecord record;
  record.id = "3";
  record.infrastructure_failed = true;
  record.verdict = Verdict::failure;
  record.failure = "QEMU died";

  const auto text = summary(
      record,
      {"/log", "/artifacts", {{"debian-12 (machine 3f2a)", std::chrono::hours(1)}}, {"/run/x"}},
      bare);

  EXPECT_NE(text.find("The infrastructure failed: QEMU died\n"), std::string::npos);
  EXPECT_NE(text.find("Kept: debian-12 (machine 3f2a), paused, for 1 h 00 min\n"),
            std::string::npos);
  EXPECT_TRUE(text.ends_with("Look into it: cupel ssh 3\n")) << text;
  EXPECT_NE(text.find("left behind:\n  /run/x\n"), std::string::npos);
  EXPECT_EQ(text.find("nothing was left behind"), std::string::npos);
}

model::MachineUse used(std::string name, std::uint64_t peak, std::chrono::seconds busy) {
  return {std::move(name), 2, mib(512), mib(peak), busy, 20s, {}};
}

TEST(Summary, TellsWhatMachinesUsedAndWhatWasSlow) {
  model::RunRecord record;
  record.duration = 21s;
  SummaryFacts facts{"/log", "/artifacts", {}, {}, {}, "/artifacts/machines"};
  facts.machines = {used("tiny-3f2a91", 112, 14s)};
  facts.slowest = SlowStep{"sh make check", {"Test", "unit"}, 12s};

  EXPECT_NE(summary(record, facts, bare)
                .find("\nMachine tiny-3f2a91: peak 112 MiB (it was given 512 MiB), 14.0 s of "
                      "processor time in 20.0 s; recorded in /artifacts/machines\n"
                      "Slowest: 12.0 s of 21.0 s in Test > unit: sh make check\nLog: /log\n"),
            std::string::npos)
      << summary(record, facts, bare);

  facts.machines.push_back(used("tiny-000002", 300, 1s));
  EXPECT_NE(summary(record, facts, bare)
                .find("\nMachines: 2, recorded in /artifacts/machines; largest tiny-000002: peak "
                      "300 MiB (it was given 512 MiB); busiest tiny-3f2a91: 14.0 s of processor "
                      "time in 20.0 s\n"),
            std::string::npos);
}

TEST(Summary, NothingWasSlowWhereNothingStandsOut) {
  model::RunRecord record;
  SummaryFacts facts{"/log", "/artifacts", {}, {}};
  const auto tells = [&](std::chrono::milliseconds step, std::chrono::milliseconds run) {
    facts.slowest = SlowStep{"sh x", {}, step};
    record.duration = run;
    return summary(record, facts, bare).find("Slowest") != std::string::npos;
  };
  EXPECT_TRUE(tells(5s, 20s));
  EXPECT_FALSE(tells(4s, 20s));
  EXPECT_FALSE(tells(4s, 4900ms));
  facts.slowest.reset();
  EXPECT_EQ(summary(record, facts, bare).find("Slowest"), std::string::npos);
}

TEST(Summary, TheSlowestStepIsThatOfAllBranches) {
  using Kind = pipeline::Observer::StepKind;
  SlowestStep slowest;
  EXPECT_FALSE(slowest.found());
  slowest.step_started({"P", "a"}, "dir", "", Kind::body);
  slowest.step_started({"P", "a"}, "sh", "make a", Kind::simple);
  slowest.step_started({"P", "b"}, "sh", "make b", Kind::simple);
  slowest.step_finished({"P", "b"}, "sh", 2s, Kind::simple);
  slowest.step_finished({"P", "a"}, "sh", 3s, Kind::simple);
  slowest.step_finished({"P", "a"}, "dir", 4s, Kind::body);
  slowest.step_started({"P", "b"}, "unstash", "", Kind::simple);
  slowest.step_finished({"P", "b"}, "unstash", 1s, Kind::simple);

  ASSERT_TRUE(slowest.found());
  EXPECT_EQ(slowest.found()->what, "sh make a");
  EXPECT_EQ(slowest.found()->stage, (pipeline::StagePath{"P", "a"}));
  EXPECT_EQ(slowest.found()->duration, 3s);
}

TEST(Summary, StagesOfBranchesStandUnderTheirBranch) {
  model::RunRecord record;
  const auto ended = [&](std::vector<std::string> path) {
    model::StageRecord stage;
    stage.path = std::move(path);
    record.stages.push_back(std::move(stage));
  };
  // In the order in which they end, with a stage that ran twice.
  ended({"M", "slow", "build"});
  ended({"M", "quick", "build"});
  ended({"M", "quick", "test"});
  ended({"M", "quick"});
  ended({"M", "slow", "test"});
  ended({"M", "slow"});
  ended({"M"});
  ended({"M", "again"});
  ended({"M"});

  const auto text = summary(record, {"/log", "/artifacts", {}, {}}, bare);

  std::string names;
  for (const auto& line : split(text.substr(1, text.find("Log:") - 1), '\n'))
    if (!line.empty())
      names += line.substr(2, line.find("  ", line.find_first_not_of(' ')) - 2) + "|";
  EXPECT_EQ(names, "M|  slow|    build|    test|  quick|    build|    test|M|  again|");
}

}  // namespace
}  // namespace cupel::cli
