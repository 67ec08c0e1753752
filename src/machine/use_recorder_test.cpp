// SPDX-License-Identifier: Apache-2.0
#include "machine/use_recorder.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "os/files.hpp"
#include "place/recorded_files.hpp"

namespace cupel::machine {
namespace {

class UseRecorderTest : public testing::Test {
 protected:
  std::vector<UseSample> lines() const {
    const auto text = os::read_file(directory_.path() / place::use_file);
    return text ? parse_use(*text) : std::vector<UseSample>();
  }
  os::TempDir directory_ = os::TempDir::make("use").value();
};

TEST_F(UseRecorderTest, TellsWhatWasUsedSinceTheLineBefore) {
  UseRecorder recorder(directory_.path(), ::getpid());
  EXPECT_LE(recorder.due(), std::chrono::steady_clock::now());

  recorder.sample({});
  recorder.sample(DiskUse{Bytes{100}, Bytes{7}});
  recorder.sample(DiskUse{Bytes{150}, Bytes{7}});

  EXPECT_GT(recorder.due(), std::chrono::steady_clock::now());
  const auto all = lines();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_GT(all[0].memory.count, 0U);
  EXPECT_EQ(all[0].disk_read, std::nullopt);
  EXPECT_EQ(all[0].sent, std::nullopt);
  EXPECT_EQ(all[1].disk_read, Bytes{100});
  EXPECT_EQ(all[2].disk_read, Bytes{50});
  EXPECT_EQ(all[2].disk_written, Bytes{0});
}

TEST_F(UseRecorderTest, GoesOnWithTheFileOfAnEarlierProcess) {
  {
    UseRecorder recorder(directory_.path(), ::getpid());
    recorder.sample(DiskUse{Bytes{100}, Bytes{7}});
  }
  UseRecorder recorder(directory_.path(), ::getpid());
  recorder.sample(DiskUse{Bytes{120}, Bytes{7}});

  const auto all = lines();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].disk_read, Bytes{20});
  const auto mine = process_use(::getpid());
  ASSERT_TRUE(mine);
  EXPECT_LE(total(all).cpu, mine->cpu);
}

TEST_F(UseRecorderTest, AFullFileIsHalved) {
  {
    std::string text(use_header);
    for (int i = 0; i < 7200; ++i)
      text += use_line({std::chrono::seconds(i), {}, {}, {}, {}, Bytes{1}, Bytes{0}, {}, {}});
    ASSERT_TRUE(os::write_file(directory_.path() / place::use_file, text));
  }
  UseRecorder recorder(directory_.path(), ::getpid());
  const auto before = std::chrono::steady_clock::now();

  recorder.sample(DiskUse{Bytes{7300}, Bytes{0}});

  EXPECT_GE(recorder.due(), before + std::chrono::seconds(2));
  const auto all = lines();
  EXPECT_EQ(all.size(), 3601U);
  std::uint64_t sum = 0;
  for (const auto& line : all) sum += line.disk_read->count;
  EXPECT_EQ(sum, 7300U);
}

TEST_F(UseRecorderTest, OfWhatHasEndedNothingIsWritten) {
  UseRecorder recorder(directory_.path(), 1 << 22);
  recorder.sample({});
  EXPECT_TRUE(lines().empty());
  EXPECT_TRUE(os::fs::exists(directory_.path() / place::use_file));
}

TEST(DiskUse, IsTheSumOfAllDisks) {
  const auto parsed = [](const char* text) { return disk_use(*json::parse(text)); };
  const auto two = parsed(
      R"([{"device": "disk", "stats": {"rd_bytes": 5, "wr_bytes": 6}},
          {"device": "b", "stats": {"rd_bytes": 1, "wr_bytes": 2}}])");
  ASSERT_TRUE(two);
  EXPECT_EQ(two->read, Bytes{6});
  EXPECT_EQ(two->written, Bytes{8});
  for (const auto* text :
       {"[]", "{}", "3", R"([{"device": "d"}])", R"([{"stats": {"rd_bytes": -1}}])",
        R"([{"stats": {"rd_bytes": "x", "wr_bytes": 1}}])"})
    EXPECT_FALSE(parsed(text)) << text;
}

}  // namespace
}  // namespace cupel::machine
