// SPDX-License-Identifier: Apache-2.0
#include "machine/recording.hpp"

#include <gmock/gmock.h>

#include "os/files.hpp"

namespace cupel::machine {
namespace {

namespace fs = std::filesystem;

class RecordingTest : public testing::Test {
 protected:
  RecordingTest() {
    fs::create_directories(machine_);
    fs::create_directories(artifacts_);
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(os::write_file(machine_ / name, text));
  }
  os::TempDir directory_ = os::TempDir::make("recording").value();
  fs::path machine_ = directory_.path() / "3f2a91", artifacts_ = directory_.path() / "artifacts";
  fs::path to_ = artifacts_ / "machines" / "tiny-3f2a91";
};

TEST_F(RecordingTest, IsHandedOverWithWhatThereIs) {
  const UseSample sample{
      std::chrono::seconds(2), std::chrono::milliseconds(500), {}, {}, mib(9), {}, {}, {}, {}};
  write("use.csv", std::string(use_header) + use_line(sample));
  write("console.log", "last words\n");
  write("record.json", "{}");

  ASSERT_TRUE(hand_over(machine_, to_, HandOver::copied));
  EXPECT_TRUE(fs::exists(machine_ / "console.log"));
  ASSERT_TRUE(hand_over(machine_, to_, HandOver::moved));
  EXPECT_FALSE(fs::exists(machine_ / "console.log"));

  const auto found = find_recording(to_);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->files, testing::ElementsAre("console.log", "use.csv"));
  EXPECT_EQ(found->use, (UseTotal{std::chrono::milliseconds(500), mib(9), {}}));
  EXPECT_EQ(*os::read_file(to_ / "console.log"), "last words\n");
}

TEST_F(RecordingTest, OfAMachineThatNeverWentOnThereIsNone) {
  write("console.log", "");
  ASSERT_TRUE(hand_over(machine_, to_, HandOver::moved));
  EXPECT_FALSE(fs::exists(to_));
  EXPECT_FALSE(find_recording(to_));
}

TEST_F(RecordingTest, NothingIsMadeForARunThatIsGone) {
  write("use.csv", "");
  fs::remove(artifacts_);
  ASSERT_TRUE(hand_over(machine_, to_, HandOver::moved));
  EXPECT_FALSE(fs::exists(artifacts_));
}

TEST_F(RecordingTest, WhatCannotBeWrittenIsSaid) {
  write("use.csv", "");
  ASSERT_TRUE(os::write_file(artifacts_ / "machines", "a file"));
  EXPECT_FALSE(hand_over(machine_, to_, HandOver::moved));
}

}  // namespace
}  // namespace cupel::machine
