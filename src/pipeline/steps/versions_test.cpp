// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/versions.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

TEST(Versions, AreOrderedAsMavenDoes) {
  const char* const rising[] = {"1-alpha-1",  "1-alpha2", "1-beta", "1-m1",  "1-rc1",
                                "1-SNAPSHOT", "1",        "1-sp",   "1-abc", "1-1",
                                "1.1",        "1.9",      "1.10",   "2",     "10"};
  for (std::size_t i = 0; i + 1 < std::size(rising); ++i) {
    EXPECT_EQ(compare_versions(rising[i], rising[i + 1]), -1) << rising[i] << " " << rising[i + 1];
    EXPECT_EQ(compare_versions(rising[i + 1], rising[i]), 1) << rising[i] << " " << rising[i + 1];
  }
}

TEST(Versions, ThatDifferInNothingAreEqual) {
  EXPECT_EQ(compare_versions("1.0.0", "1"), 0);
  EXPECT_EQ(compare_versions("1.0-ga", "1.0"), 0);
  EXPECT_EQ(compare_versions("01.2", "1.02"), 0);
  EXPECT_EQ(compare_versions("", ""), 0);
}

}  // namespace
}  // namespace cupel::pipeline::steps
