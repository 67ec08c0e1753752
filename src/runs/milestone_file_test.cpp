// SPDX-License-Identifier: Apache-2.0
#include "runs/milestone_file.hpp"

#include <gtest/gtest.h>

namespace cupel::runs {
namespace {

using Newer = std::optional<unsigned>;

TEST(MilestoneFile, StopsTheOlderRunThatComesLater) {
  const auto directory = *os::TempDir::make("milestones");
  MilestoneFile old_run(directory.path(), "job", 7);
  MilestoneFile new_run(directory.path(), "job", 8);
  MilestoneFile other(directory.path(), "other", 1);

  EXPECT_EQ(old_run.pass(1).value(), Newer());
  EXPECT_EQ(new_run.pass(1).value(), Newer());
  EXPECT_EQ(new_run.pass(2).value(), Newer());
  EXPECT_EQ(old_run.pass(2).value(), Newer(8));
  EXPECT_EQ(other.pass(2).value(), Newer());
}

TEST(MilestoneFile, IsPassedAgainByTheSameRun) {
  const auto directory = *os::TempDir::make("milestones");

  EXPECT_EQ(MilestoneFile(directory.path(), "job", 7).pass(5).value(), Newer());
  EXPECT_EQ(MilestoneFile(directory.path(), "job", 7).pass(5).value(), Newer());
}

}  // namespace
}  // namespace cupel::runs
