// SPDX-License-Identifier: Apache-2.0
#include "machine/box_record.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace cupel::machine {
namespace {

class BoxRecordTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = os::TempDir::make("box-record").value();
    for (const auto* name : {"vmlinux", "initramfs", "packages.list"})
      ASSERT_TRUE(os::write_file(path() / name, name));
    sealed_ = seal_box(path(), record_, Stop{}).value();
  }
  const std::filesystem::path& path() const { return directory_->path(); }

  std::optional<os::TempDir> directory_;
  BoxRecord record_{"cupel/tiny",
                    digest_of("k"),
                    {},
                    std::chrono::sys_seconds(std::chrono::seconds(7)),
                    std::chrono::milliseconds(1500),
                    {}};
  BoxRecord sealed_;
};

TEST_F(BoxRecordTest, SurvivesWritingAndReading) {
  const auto read = read_record(path());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, sealed_);
  EXPECT_EQ(read->files.size(), 2U);
  EXPECT_EQ(read->packages, digest_of("packages.list"));
}

TEST_F(BoxRecordTest, RefusesAnEditedRecord) {
  auto text = write_record(sealed_);
  text.replace(text.find("cupel/tiny"), 10, "cupel/tinx");
  EXPECT_FALSE(parse_box_record(text));
  EXPECT_FALSE(parse_box_record("{}"));
  EXPECT_FALSE(parse_box_record(std::string_view(text).substr(0, 40)));
}

TEST_F(BoxRecordTest, AcceptsACopy) {
  const auto copy = os::TempDir::make("box-copy").value();
  for (const auto* name : {"vmlinux", "initramfs", "packages.list", "box.json"})
    std::filesystem::copy_file(path() / name, copy.path() / name);

  EXPECT_TRUE(verify_box(copy.path(), sealed_, Stop{}));
  EXPECT_EQ(read_record(copy.path())->files[0].stamp, *os::stamp(copy.path() / "vmlinux"));
}

TEST_F(BoxRecordTest, RefusesAnEditedATruncatedAndAMissingFile) {
  ASSERT_TRUE(os::write_file(path() / "vmlinux", "vmlinuX"));
  EXPECT_EQ(verify_box(path(), sealed_, Stop{}).error().fault(), Fault::invalid);
  ASSERT_TRUE(os::write_file(path() / "vmlinux", "vm"));
  EXPECT_EQ(verify_box(path(), sealed_, Stop{}).error().fault(), Fault::invalid);
  std::filesystem::remove(path() / "vmlinux");
  EXPECT_EQ(verify_box(path(), sealed_, Stop{}).error().fault(), Fault::not_found);
}

TEST_F(BoxRecordTest, HasAnotherContentWhenAFileDiffers) {
  auto other = sealed_;
  other.files[1].digest = digest_of("other");
  EXPECT_NE(other.content(), sealed_.content());
}

}  // namespace
}  // namespace cupel::machine
