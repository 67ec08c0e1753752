// SPDX-License-Identifier: Apache-2.0
#include "base/crew.hpp"

#include <gtest/gtest.h>

#include <atomic>

using namespace std::chrono_literals;

namespace cupel {
namespace {

Result<> until_stopped(const Stop& stop) {
  Locked<int> never;
  TRY(never.wait(stop.within(30s), [](int) { return false; }));
  return {};
}

TEST(Crew, JoinsAll) {
  std::atomic<int> done = 0;
  Crew crew(Stop{});
  for (int i = 0; i < 4; ++i)
    crew.add("worker", [&](const Stop&) -> Result<> {
      ++done;
      return {};
    });

  EXPECT_TRUE(crew.join());
  EXPECT_EQ(done, 4);
}

TEST(Crew, TheFirstFailureStopsTheOthers) {
  Crew crew(Stop{});
  crew.add("waits", until_stopped);
  crew.add("fails", [](const Stop&) -> Result<> { return fail(Fault::invalid, "no"); });

  const auto result = crew.join();

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().text(), "fails: no");
}

TEST(Crew, StopsWithItsParent) {
  StopSource parent;
  Crew crew(parent.stop());
  crew.add("waits", until_stopped);

  parent.request();

  EXPECT_EQ(crew.join().error().fault(), Fault::stopped);
}

TEST(Crew, TheDestructorStopsAndJoins) {
  Crew crew(Stop{});
  crew.add("waits", until_stopped);
}

}  // namespace
}  // namespace cupel
