// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <gtest/gtest.h>

namespace cupel::benchmark {
namespace {

TEST(ParseRollup, AddsWhatIsPrivate) {
  const auto memory = parse_rollup(
      "5600-7ffc ---p 00000000 00:00 0    [rollup]\n"
      "Rss:              90000 kB\nPrivate_Clean:     1000 kB\nPrivate_Dirty:     2000 kB\n"
      "Anonymous:         1500 kB\nLocked:               0 kB\n");

  ASSERT_TRUE(memory) << memory.error().text();
  EXPECT_DOUBLE_EQ(memory->mapped, 3.072);
  EXPECT_DOUBLE_EQ(memory->anonymous, 1.536);
}

TEST(ParseRollup, RefusesAnotherForm) {
  EXPECT_FALSE(parse_rollup("Private_Clean: 1000 kB\n"));
  EXPECT_FALSE(parse_rollup(""));
}

}  // namespace
}  // namespace cupel::benchmark
