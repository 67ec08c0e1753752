// SPDX-License-Identifier: Apache-2.0
#include "fleet/limit_settings.hpp"

#include <gtest/gtest.h>

namespace cupel::fleet {
namespace {

using namespace std::chrono_literals;

LimitSettings set(const std::string& name, const std::string& value) {
  LimitSettings limits;
  const auto done = set_limit(limits, name, value);
  EXPECT_TRUE(done) << done.error().text();
  return limits;
}

std::string refusal(const std::string& name, const std::string& value) {
  LimitSettings limits;
  const auto done = set_limit(limits, name, value);
  return done ? "accepted" : done.error().text();
}

TEST(LimitSettings, AreReadWithTheirUnits) {
  EXPECT_EQ(set("depth", "2000").depth, 2000);
  EXPECT_EQ(set("steps", "10000000000").steps, 10'000'000'000U);
  EXPECT_EQ(set("memory", "2GiB").memory, std::size_t{2} << 30);
  EXPECT_EQ(set("time", "90s").time, 90s);
  EXPECT_EQ(set("time", "1.5 m").time, 90s);
  EXPECT_EQ(set("time", "250ms").time, 250ms);
  EXPECT_EQ(set("regex", "5000").regex, 5000U);
}

TEST(LimitSettings, SayHowTheyShouldBe) {
  EXPECT_EQ(refusal("depht", "1"), "there is no limit 'depht': did you mean 'depth'?");
  EXPECT_EQ(refusal("cpus", "1"),
            "there is no limit 'cpus': known are depth, steps, memory, time, regex");
  EXPECT_EQ(refusal("depth", "0"), "the limit 'depth' must be a number from 10 to 100000, not '0'");
  EXPECT_EQ(refusal("steps", "many"),
            "the limit 'steps' must be a number from 1000 to 1000000000000, not 'many'");
  for (const auto* wrong : {"1024", "1MiB", "", "-1GiB", "2GiB2", "9999999GiB"})
    EXPECT_NE(refusal("memory", wrong).find("a size with its unit from 16MiB"), std::string::npos)
        << wrong;
  for (const auto* wrong : {"90", "0s", "1ms", "", "s", "-1s", "nan s", "25h", "1 day", "1e99s"})
    EXPECT_NE(refusal("time", wrong).find("a time with its unit"), std::string::npos) << wrong;
}

TEST(LimitSettings, OfAProjectOnlyLower) {
  const auto own = merge(set("depth", "2000"), merge(set("depth", "1500"), set("time", "10m")));
  const auto low = limits_of(own, merge(set("depth", "50"), set("time", "20m")));
  EXPECT_EQ(low.depth, 50);
  EXPECT_EQ(low.time, 10min);
  EXPECT_EQ(low.regex, pipeline::Limits{}.regex);
  EXPECT_EQ(limits_of(own, set("depth", "90000")).depth, 2000);
  EXPECT_EQ(limits_of({}, set("depth", "90000")).depth, pipeline::Limits{}.depth);
}

}  // namespace
}  // namespace cupel::fleet
