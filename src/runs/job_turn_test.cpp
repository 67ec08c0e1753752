// SPDX-License-Identifier: Apache-2.0
#include "runs/job_turn.hpp"

#include <gtest/gtest.h>

namespace cupel::runs {
namespace {

using namespace std::chrono_literals;

Result<JobTurn> take(const os::TempDir& directory, const std::string& job, std::string& said,
                     const Stop& stop) {
  return JobTurn::take(
      directory.path(), job, JobTurn::Otherwise::wait,
      [&said](std::string_view line) { said = line; }, stop);
}

TEST(JobTurn, OneRunOfAJobAtATime) {
  const auto directory = os::TempDir::make("job_turn").value();
  std::string said;
  auto first = take(directory, "a", said, Stop().within(10s));
  ASSERT_TRUE(first) << first.error().text();

  EXPECT_TRUE(take(directory, "b", said, Stop().within(10s)));
  EXPECT_EQ(said, "");
  EXPECT_FALSE(take(directory, "a", said, Stop().within(50ms)));
  EXPECT_EQ(said, "another run of this pipeline goes on: waiting for its end");

  first = fail(Fault::stopped, "over");
  EXPECT_TRUE(take(directory, "a", said, Stop().within(10s)));
}

}  // namespace
}  // namespace cupel::runs
