// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/grace_period.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace cupel::pipeline {
namespace {

Result<> until_stopped(const Stop& stop) {
  Locked<int> never;
  TRY(never.wait(stop.within(30s), [](int) { return false; }));
  return {};
}

TEST(GracePeriod, OutlivesItsParentsRequest) {
  StopSource parent;
  const GracePeriod period(parent.stop(), 1h);

  parent.request();

  EXPECT_FALSE(period.stop().requested());
}

TEST(GracePeriod, EndsALengthAfterTheRequest) {
  StopSource parent;
  const GracePeriod period(parent.stop(), 1ms);

  parent.request();

  EXPECT_EQ(until_stopped(period.stop()).error().fault(), Fault::stopped);
}

TEST(GracePeriod, EndsALengthAfterTheDeadline) {
  const GracePeriod period(Stop{}.within(1ms), 1ms);

  EXPECT_EQ(until_stopped(period.stop()).error().fault(), Fault::stopped);
}

TEST(GracePeriod, DoesNotOutstayItsUse) { const GracePeriod period(Stop{}, 1h); }

}  // namespace
}  // namespace cupel::pipeline
