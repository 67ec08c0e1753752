// SPDX-License-Identifier: Apache-2.0
#include "samples.hpp"

#include <gtest/gtest.h>

namespace cupel::benchmark {
namespace {

TEST(Percentile, IsASampleByNearestRank) {
  const std::vector<double> samples = {30, 10, 20, 40};

  EXPECT_EQ(percentile(samples, 0.5), 20);
  EXPECT_EQ(percentile(samples, 0.95), 40);
  EXPECT_EQ(percentile({7}, 0.95), 7);
  EXPECT_EQ(percentile({}, 0.5), 0);
}

}  // namespace
}  // namespace cupel::benchmark
