// SPDX-License-Identifier: Apache-2.0
#include "os/poller.hpp"

#include <gtest/gtest.h>

namespace cupel::os {
namespace {

using namespace std::chrono_literals;
using Interest = Poller::Interest;

const Stop& soon() {
  static const Stop stop = Stop{}.within(10s);
  return stop;
}

TEST(Poller, NamesWhatIsReady) {
  const auto silent = make_pipe().value();
  const auto speaking = make_pipe().value();
  auto poller = Poller::make().value();
  ASSERT_TRUE(poller.add(silent.read, 1, Interest::read));
  ASSERT_TRUE(poller.add(speaking.read, 2, Interest::read));
  ASSERT_TRUE(write_all(speaking.write, "x", soon()));

  const auto ready = poller.wait(soon());

  ASSERT_TRUE(ready) << ready.error().text();
  ASSERT_EQ((*ready)->size(), 1U);
  EXPECT_EQ((*ready)->front().tag, 2U);
  EXPECT_TRUE((*ready)->front().readable);
}

TEST(Poller, EndsAtTheDeadlineAndWhenStopped) {
  auto poller = Poller::make().value();
  StopSource source;
  source.request();

  EXPECT_EQ(poller.wait(Stop{}.within(1ms)).error().fault(), Fault::timeout);
  EXPECT_EQ(poller.wait(source.stop()).error().fault(), Fault::stopped);
}

TEST(Poller, ForgetsWhatIsClosed) {
  auto pipe = make_pipe().value();
  auto poller = Poller::make().value();
  ASSERT_TRUE(poller.add(pipe.read, 1, Interest::read));
  ASSERT_TRUE(write_all(pipe.write, "x", soon()));

  pipe.read.reset();

  EXPECT_EQ(poller.wait(Stop{}.within(1ms)).error().fault(), Fault::timeout);
}

TEST(Alarm, GoesOffAtItsTimeAndNotBefore) {
  auto alarm = Alarm::make().value();
  auto poller = Poller::make().value();
  ASSERT_TRUE(poller.add(alarm.fd(), 7, Interest::read));
  const auto time = std::chrono::steady_clock::now() + 5ms;

  ASSERT_TRUE(alarm.set(time));
  const auto ready = poller.wait(soon());

  ASSERT_TRUE(ready) << ready.error().text();
  EXPECT_EQ((*ready)->front().tag, 7U);
  EXPECT_GE(std::chrono::steady_clock::now(), time);
  alarm.clear();
  EXPECT_EQ(poller.wait(Stop{}.within(1ms)).error().fault(), Fault::timeout);
}

TEST(Alarm, TakesATimeThatIsPast) {
  auto alarm = Alarm::make().value();
  auto poller = Poller::make().value();
  ASSERT_TRUE(poller.add(alarm.fd(), 7, Interest::read));

  ASSERT_TRUE(alarm.set(SteadyTime{}));

  EXPECT_TRUE(poller.wait(soon()));
}

}  // namespace
}  // namespace cupel::os
