// SPDX-License-Identifier: Apache-2.0
#include "machine/overlay.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;

TEST(Overlay, NamesWhatIsBelowIt) {
  const auto image = empty_overlay({"/boxes/disk.raw", Backing::Format::raw}, gib(10));

  ASSERT_TRUE(image);
  EXPECT_EQ(image->substr(0, 8), std::string("QFI\xfb\0\0\0\3", 8));
  EXPECT_EQ(image->find("/boxes/disk.raw"), 128U);
  EXPECT_EQ(image->size(), 4U << 16);
}

TEST(Overlay, APathTooLongForTheFormatIsInvalid) {
  const auto image = empty_overlay({"/" + std::string(1100, 'x'), Backing::Format::raw}, gib(1));

  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().fault(), Fault::invalid);
}

class Rebased : public testing::Test {
 protected:
  os::TempDir directory_ = os::TempDir::make("overlay").value();
  os::fs::path path_ = directory_.path() / "disk.qcow2";
  std::string image_ = empty_overlay({"/their/disk.raw", Backing::Format::raw}, gib(1)).value();
  bool takes(const std::string& image) const {
    EXPECT_TRUE(os::write_file(path_, image));
    const auto done = rebase_overlay(path_, "/ours/with a longer name/disk.raw");
    if (!done) {
      EXPECT_EQ(done.error().text(), "disk.qcow2 is no overlay of ours");
    }
    return bool(done);
  }
};

TEST_F(Rebased, NamesTheImageBelowAnew) {
  ASSERT_TRUE(takes(image_));

  EXPECT_EQ(os::read_file(path_).value(),
            empty_overlay({"/ours/with a longer name/disk.raw", Backing::Format::raw}, gib(1)));
}

TEST_F(Rebased, IsRefusedWhereItLeadsToFurtherFiles) {
  const auto with = [&](std::size_t at, std::string_view bytes) {
    auto image = image_;
    image.replace(at, bytes.size(), bytes);
    return image;
  };
  EXPECT_FALSE(takes(""));
  EXPECT_FALSE(takes(image_.substr(0, 1000)));
  EXPECT_FALSE(takes(with(0, "raw")));
  EXPECT_FALSE(takes(with(79, "\4"))) << "an external data file";
  EXPECT_FALSE(takes(with(16, std::string(4, '\0')))) << "nothing below";
  EXPECT_FALSE(takes(with(8, "\x7f"))) << "a name anywhere";
  EXPECT_FALSE(takes(with(104, "DATA"))) << "the name of a data file";
  EXPECT_FALSE(takes(with(112, "vpc"))) << "an image below with a header of its own";
  EXPECT_FALSE(takes(empty_overlay({"/their/disk.raw", Backing::Format::qcow2}, gib(1)).value()));
}

TEST(Overlay, QemuImgFindsItWholeAndEmpty) {
  if (!os::find_program("qemu-img")) GTEST_SKIP() << "needs qemu-img (package qemu-utils)";
  const auto dir = os::TempDir::make("overlay");
  ASSERT_TRUE(dir);
  for (const auto size : {mib(1), gib(10), gib(5000)}) {
    const auto below = dir->path() / "below.raw";
    const auto above = dir->path() / fmt::format("{}.qcow2", size.count);
    ASSERT_TRUE(os::write_file(below, "abc"));
    ASSERT_EQ(::truncate(below.c_str(), 1 << 20), 0);
    ASSERT_TRUE(make_overlay(above, {below, Backing::Format::raw}, size));
    os::Spawn check, info;
    check.argv = {"qemu-img", "check", above};
    info.argv = {"qemu-img", "info", "--output=json", above};

    const auto checked = os::capture(std::move(check), "", Stop{}.within(20s));
    const auto described = os::capture(std::move(info), "", Stop{}.within(20s));

    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->exit.status, 0) << checked->out << checked->err;
    ASSERT_TRUE(described);
    EXPECT_THAT(described->out,
                testing::HasSubstr(fmt::format("\"virtual-size\": {}", size.count)));
    EXPECT_THAT(described->out, testing::HasSubstr("\"backing-filename-format\": \"raw\""));
  }
}

}  // namespace
}  // namespace cupel::machine
