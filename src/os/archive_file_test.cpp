// SPDX-License-Identifier: Apache-2.0
#include "os/archive_file.hpp"

#include <gtest/gtest.h>

namespace cupel::os {
namespace {

const ArchiveFilter all = [](std::string_view) { return true; };

class ArchiveFile : public testing::TestWithParam<ArchiveFormat> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_directories(root() / "in/sub"));
    ASSERT_TRUE(write_file(root() / "in/a.txt", "alpha"));
    ASSERT_TRUE(write_file(root() / "in/sub/run.sh", "#!/bin/sh\n", 0755));
    const auto written =
        write_archive(root() / "in", {"a.txt", "sub/run.sh"}, GetParam(), root() / "file", Stop());
    ASSERT_TRUE(written) << written.error().text();
    EXPECT_EQ(*written, 2U);
  }
  const fs::path& root() const { return directory_.path(); }

 private:
  TempDir directory_ = std::move(*TempDir::make("archive-file"));
};

INSTANTIATE_TEST_SUITE_P(Formats, ArchiveFile,
                         testing::Values(ArchiveFormat::zip, ArchiveFormat::tar,
                                         ArchiveFormat::tar_gzip));

TEST_P(ArchiveFile, GivesBackWhatWasPutIn) {
  const auto files = extract_archive(root() / "file", root() / "out", all, {}, Stop());

  ASSERT_TRUE(files) << files.error().text();
  EXPECT_EQ(*files, (std::vector<std::string>{"a.txt", "sub/run.sh"}));
  EXPECT_EQ(read_file(root() / "out/a.txt").value_or(""), "alpha");
  EXPECT_NE(fs::status(root() / "out/sub/run.sh").permissions() & fs::perms::owner_exec,
            fs::perms::none);
}

TEST_P(ArchiveFile, TakesOnlyWhatIsWanted) {
  const auto texts = read_archive(
      root() / "file", [](std::string_view path) { return path == "a.txt"; }, {}, Stop());

  ASSERT_TRUE(texts) << texts.error().text();
  ASSERT_EQ(texts->size(), 1U);
  EXPECT_EQ(texts->front().text, "alpha");
}

TEST_P(ArchiveFile, StopsAtItsLimits) {
  const auto read = read_archive(root() / "file", all, {Bytes{4}, 10}, Stop());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().fault(), Fault::invalid);

  EXPECT_FALSE(extract_archive(root() / "file", root() / "few", all, {gib(1), 1}, Stop()));
}

TEST_P(ArchiveFile, SaysWhenItIsDamaged) {
  EXPECT_TRUE(test_archive(root() / "file", {}, Stop()));
  ASSERT_TRUE(write_file(root() / "noise", "this is no archive at all, but some text"));

  EXPECT_FALSE(test_archive(root() / "noise", {}, Stop()));
}

}  // namespace
}  // namespace cupel::os
