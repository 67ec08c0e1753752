// SPDX-License-Identifier: Apache-2.0
#include "base/locked.hpp"

#include <gtest/gtest.h>

#include <thread>

using namespace std::chrono_literals;

namespace cupel {
namespace {

TEST(Locked, WaitsForAChange) {
  Locked<int> number(0);
  std::thread other([&] {
    *number.lock() = 5;
    number.notify();
  });

  auto guard = number.wait(Stop{}.within(10s), [](int value) { return value == 5; });
  other.join();

  ASSERT_TRUE(guard);
  EXPECT_EQ(**guard, 5);
}

TEST(Locked, StopsWaitingAtTheDeadline) {
  Locked<int> number(0);

  const auto result = number.wait(Stop{}.within(1ms), [](int) { return false; });

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault(), Fault::timeout);
}

TEST(Locked, StopsWaitingWhenAsked) {
  Locked<int> number(0);
  StopSource source;
  source.request();

  const auto result = number.wait(source.stop(), [](int) { return false; });

  EXPECT_EQ(result.error().fault(), Fault::stopped);
}

TEST(Channel, PassesItemsInOrderAndEnds) {
  Channel<int> channel(2);
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(channel.push(i, Stop{}.within(10s)));
    channel.close();
  });

  for (int i = 0; i < 100; ++i) EXPECT_EQ(channel.pop(Stop{}.within(10s)).value(), i);
  EXPECT_FALSE(channel.pop(Stop{}.within(10s)).value());
  writer.join();
}

TEST(Channel, RefusesItemsOnceClosed) {
  Channel<int> channel(1);
  channel.close();

  EXPECT_EQ(channel.push(1, Stop{}).error().fault(), Fault::conflict);
}

}  // namespace
}  // namespace cupel
