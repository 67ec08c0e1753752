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

using pipeline::Logged;

class ResumedLog : public testing::Test {
 protected:
  /// As a killed process leaves it: never closed.
  void write() const {
    const auto log = RunLog::resume(path_).value();
    log->stage_started({"A"}, RunLog::StageKind::stage);
    log->output({"A"}, place::Stream::out, "one\n");
    log->output({"A"}, place::Stream::out, "two\n");
    log->output({"B"}, place::Stream::err, "b");
  }
  std::string log() const { return os::read_file(path_).value(); }
  std::string index() const { return os::read_file(path_.string() + ".index").value(); }
  void set(std::string_view log, std::string_view index) const {
    ASSERT_TRUE(os::write_file(path_, log));
    ASSERT_TRUE(os::write_file(path_.string() + ".index", index));
  }

  os::TempDir directory_ = std::move(*os::TempDir::make("run_log"));
  os::fs::path path_ = directory_.path() / "log";
};

TEST_F(ResumedLog, KnowsHowMuchOfEachStageIsThere) {
  write();

  const auto log = RunLog::resume(path_).value();

  EXPECT_EQ(log->logged_before({"A"}), (Logged{1, 8}));
  EXPECT_EQ(log->logged_before({"B"}), (Logged{0, 1}));
  EXPECT_EQ(log->logged_before({"C"}), Logged{});
}

TEST_F(ResumedLog, GoesOnBehindIt) {
  write();
  {
    const auto log = RunLog::resume(path_).value();
    log->note({"B"}, "more");
    ASSERT_TRUE(log->close());
  }

  EXPECT_EQ(log(), "== A\none\ntwo\nbmore\n");
  EXPECT_EQ(RunLog::resume(path_).value()->logged_before({"B"}), (Logged{1, 1}));
}

TEST_F(ResumedLog, EndsWithTheLastPieceThatIsThereWhole) {
  write();
  const auto whole_log = log(), whole_index = index();

  // The log was cut off: at each byte.
  for (std::size_t end = 0; end <= whole_log.size(); ++end) {
    set(std::string_view(whole_log).substr(0, end), whole_index);
    ASSERT_TRUE(RunLog::resume(path_)) << end;
    EXPECT_TRUE(whole_log.starts_with(log())) << end;
    EXPECT_LE(log().size(), end);
    EXPECT_TRUE(whole_index.starts_with(index())) << end;
  }
  // The index was.
  for (std::size_t end = 0; end <= whole_index.size(); ++end) {
    set(whole_log, std::string_view(whole_index).substr(0, end));
    ASSERT_TRUE(RunLog::resume(path_)) << end;
    EXPECT_TRUE(whole_log.starts_with(log())) << end;
    EXPECT_LE(index().size(), end);
  }
}

TEST_F(ResumedLog, RefusesAnIndexThatIsDamaged) {
  write();
  auto damaged = index();
  damaged[damaged.find("\"offset\":5") + 9] = '7';
  set(log(), damaged);

  const auto log = RunLog::resume(path_);

  ASSERT_FALSE(log);
  EXPECT_NE(log.error().text().find("log.index is damaged at byte "), std::string::npos);
}

}  // namespace
}  // namespace cupel::runs
