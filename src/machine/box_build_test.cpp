// SPDX-License-Identifier: Apache-2.0
#include "machine/box_build.hpp"

#include <gtest/gtest.h>

namespace cupel::machine {
namespace {

TEST(JudgeBuild, TellsWhatTheHostLacks) {
  const auto error = judge_build({3, 0}, {"noise", "error: no keyring /x: install y"}, "/home/x");
  EXPECT_EQ(error.fault(), Fault::unavailable);
  EXPECT_EQ(error.text(), "no keyring /x: install y");
}

TEST(JudgeBuild, GivesAptsReasonForAFailedDownload) {
  const auto error = judge_build(
      {4, 0},
      {"Err:1 http://x y", "E: Failed to fetch http://x/y  Could not connect to x:80",
       "E: Some index files failed", "error: could not download from the Debian mirror"},
      "/home/x");
  EXPECT_EQ(error.fault(), Fault::unavailable);
  EXPECT_EQ(error.text(),
            "the Debian mirror cannot be reached: Failed to fetch http://x/y  Could not connect to "
            "x:80; run again to continue");
}

TEST(JudgeBuild, KnowsAFullDiskByItsWords) {
  const auto error = judge_build(
      {1, 0}, {"tar: x: Cannot write: No space left on device", "tar: exiting"}, "/home/x");
  EXPECT_EQ(error.fault(), Fault::unavailable);
  EXPECT_EQ(error.text(), "no space left in /home/x");
}

TEST(JudgeBuild, TellsOfASignal) {
  const auto error = judge_build({137, 9}, {}, "/home/x");
  EXPECT_EQ(error.fault(), Fault::unavailable);
  EXPECT_EQ(error.text(), "killed by signal 9 (was memory short?)");
}

TEST(JudgeBuild, GivesTheLastLineOfAnythingElse) {
  EXPECT_EQ(judge_build({1, 0}, {"a", "mke2fs: odd"}, "/x").text(), "mke2fs: odd");
  EXPECT_EQ(judge_build({1, 0}, {"a", "mke2fs: odd"}, "/x").fault(), Fault::internal);
  EXPECT_EQ(judge_build({1, 0}, {}, "/x").text(), "it said nothing");
}

}  // namespace
}  // namespace cupel::machine
