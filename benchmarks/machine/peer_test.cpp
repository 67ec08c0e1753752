// SPDX-License-Identifier: Apache-2.0
#include "peer.hpp"

#include <gtest/gtest.h>

namespace cupel::benchmark {
namespace {

TEST(ParsePeer, TurnsSecondsIntoRows) {
  const auto result = parse_peer(R"({"versions": {"vagrant": "2.3.4"},
    "seconds": {"up": [120.5, 100]}, "memory_mb": {"private": 300.5}})");

  ASSERT_TRUE(result) << result.error().text();
  EXPECT_EQ(result->versions.at("vagrant"), "2.3.4");
  const std::vector<Row> rows = {{"up", "up", Unit::milliseconds, {120500, 100000}},
                                 {"memory_private", "private", Unit::megabytes, {300.5}}};
  EXPECT_EQ(result->rows, rows);
}

TEST(ParsePeer, RefusesWhatIsNoResult) {
  EXPECT_FALSE(parse_peer("vagrant: not found"));
  EXPECT_FALSE(parse_peer(R"({"versions": {}, "seconds": {"up": ["long"]}, "memory_mb": {}})"));
  EXPECT_FALSE(parse_peer(R"({"versions": {}, "memory_mb": {}})"));
}

}  // namespace
}  // namespace cupel::benchmark
