// SPDX-License-Identifier: Apache-2.0
#include "base/stop.hpp"

#include <gtest/gtest.h>
#include <poll.h>

using namespace std::chrono_literals;

namespace cupel {
namespace {

bool readable(int fd) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, 0) == 1;
}

TEST(Stop, NeverStopsByItself) { EXPECT_FALSE(Stop{}.requested()); }

TEST(Stop, SaysWhetherItWasAskedOrTimedOut) {
  StopSource source;
  const auto late = source.stop().within(0s);
  EXPECT_EQ(late.check().error().fault(), Fault::timeout);

  source.request();

  EXPECT_EQ(late.check().error().fault(), Fault::stopped);
  EXPECT_TRUE(readable(source.stop().event_fd()));
}

TEST(Stop, WithinNeverMovesADeadlineBack) {
  const auto stop = Stop{}.within(1s);

  EXPECT_EQ(stop.within(1h).deadline(), stop.deadline());
}

TEST(StopSource, FollowsItsParent) {
  StopSource parent;
  StopSource child(parent.stop());
  EXPECT_FALSE(child.stop().requested());

  parent.request();

  EXPECT_TRUE(child.stop().requested());
  EXPECT_TRUE(readable(child.stop().event_fd()));
}

TEST(StopSource, DoesNotStopItsParent) {
  StopSource parent;
  StopSource child(parent.stop());

  child.request();

  EXPECT_FALSE(parent.stop().requested());
}

}  // namespace
}  // namespace cupel
