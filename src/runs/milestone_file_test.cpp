// SPDX-License-Identifier: Apache-2.0
#include "runs/milestone_file.hpp"

#include <gtest/gtest.h>

namespace cupel::runs {
namespace {

TEST(MilestoneFile, StopsTheOlderRunThatComesLater) {
  const auto directory = *os::TempDir::make("milestones");
  MilestoneFile old_run(directory.path(), "job", 7);
  MilestoneFile new_run(directory.path(), "job", 8);
  MilestoneFile other(directory.path(), "other", 1);

  EXPECT_FALSE(old_run.pass(1)->newer);
  EXPECT_FALSE(new_run.pass(1)->newer);
  EXPECT_FALSE(new_run.pass({})->newer);
  const auto late = old_run.pass({});
  ASSERT_TRUE(late);
  EXPECT_EQ(late->ordinal, 2);
  EXPECT_EQ(late->newer, 8U);
  EXPECT_FALSE(other.pass(2)->newer);
}

TEST(MilestoneFile, RisesOnly) {
  const auto directory = *os::TempDir::make("milestones");
  MilestoneFile run(directory.path(), "job", 7);

  EXPECT_EQ(run.pass({})->ordinal, 0);
  EXPECT_TRUE(run.pass(5));
  EXPECT_EQ(run.pass(5).error().fault(), Fault::invalid);
}

}  // namespace
}  // namespace cupel::runs
