// SPDX-License-Identifier: Apache-2.0
#include "runs/run_log.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace cupel::runs {
namespace {

using Kind = RunLog::StepKind;

TEST(RunLog, KeepsRawBytesAndSaysWhoseTheyAre) {
  const auto directory = os::TempDir::make("run_log");
  ASSERT_TRUE(directory);
  const auto path = directory->path() / "log";
  auto log = RunLog::create(path);
  ASSERT_TRUE(log);
  const std::string raw("a\0\xFF\n", 4);

  (*log)->step_started({"A"}, "sh", "x", Kind::simple);
  (*log)->output({"A"}, place::Stream::out, raw);
  (*log)->output({"A"}, place::Stream::out, "b\n");
  (*log)->output({"A"}, place::Stream::err, "c\n");
  ASSERT_TRUE((*log)->close());

  EXPECT_EQ(os::read_file(path).value(), raw + "b\nc\n");
  const auto lines = split(os::read_file(path.string() + ".index").value(), '\n');
  ASSERT_EQ(lines.size(), 3U);
  const auto first = json::parse(lines[0]).value();
  EXPECT_EQ(first.integer("offset").value(), 0);
  EXPECT_EQ(first.integer("length").value(), 6);
  EXPECT_EQ(first.text("step").value(), "sh");
  EXPECT_EQ(json::parse(lines[1]).value().text("stream").value(), "err");
}

TEST(RunLog, RefusesToContinueAnotherRunsLog) {
  const auto directory = os::TempDir::make("run_log");
  ASSERT_TRUE(directory);
  const auto first = RunLog::create(directory->path() / "log");

  EXPECT_TRUE(first);
  EXPECT_FALSE(RunLog::create(directory->path() / "log"));
}

}  // namespace
}  // namespace cupel::runs
