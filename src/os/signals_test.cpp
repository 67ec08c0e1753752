// SPDX-License-Identifier: Apache-2.0
#include "os/signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/locked.hpp"

namespace cupel::os {
namespace {

using namespace std::chrono_literals;

TEST(SignalWatch, CallsForEachSignal) {
  Locked<std::vector<int>> seen;
  const SignalWatch watch({SIGUSR1, SIGUSR2}, [&](int number) {
    seen.lock()->push_back(number);
    seen.notify();
  });

  ::kill(::getpid(), SIGUSR2);
  ASSERT_TRUE(seen.wait(Stop{}.within(20s), [](const auto& now) { return now.size() == 1; }));
  ::kill(::getpid(), SIGUSR1);

  auto both = seen.wait(Stop{}.within(20s), [](const auto& now) { return now.size() == 2; });
  ASSERT_TRUE(both);
  EXPECT_EQ(**both, (std::vector<int>{SIGUSR2, SIGUSR1}));
}

}  // namespace
}  // namespace cupel::os
