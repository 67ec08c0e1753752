// SPDX-License-Identifier: Apache-2.0
#include "machine/record.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace cupel::machine {
namespace {

MachineRecord some_record() {
  MachineRecord record{"3f2a91",
                       "run-7",
                       "cupel/tiny",
                       "run",
                       WallTime(std::chrono::seconds(12)),
                       {100, 200, "boot"},
                       ProcessIdentity{101, 201, "boot"},
                       Keep{}};
  record.keep->until = WallTime(std::chrono::seconds(99));
  return record;
}

TEST(Record, ReadsWhatItWrote) {
  auto record = some_record();
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.keep->until.reset();
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.keep->failed = {"make\ntest", "/w@tmp/s.sh", "/w", {{"A", "b"}, {"PATH", "/bin"}}};
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.resumable = {"/j", "boot", std::chrono::hours(24), WallTime(std::chrono::seconds(7))};
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.resumable->orphaned.reset();
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.waiting = {"key", 12, WallTime(std::chrono::seconds(7))};
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.keep.reset();
  record.qemu.reset();
  EXPECT_EQ(*parse_record(write_record(record)), record);
  record.restart = {{"/bin/ready", "now"}, Restart::Files::in_memory, 3};
  record.vmcores = "/artifacts";
  record.recording = "/artifacts/machines/tiny";
  EXPECT_EQ(*parse_record(write_record(record)), record);
}

TEST(Record, EveryCutIsAnError) {
  const auto text = write_record(some_record());
  for (std::size_t size = 0; size + 2 < text.size(); ++size)
    EXPECT_FALSE(parse_record(text.substr(0, size))) << size;
}

TEST(Record, AProcessIsKnownByItsStartAndBoot) {
  auto me = identify(::getpid());
  ASSERT_TRUE(me);
  EXPECT_TRUE(lives(*me));
  ++me->started;
  EXPECT_FALSE(lives(*me));
  --me->started;
  me->boot = "another";
  EXPECT_FALSE(lives(*me));
}

}  // namespace
}  // namespace cupel::machine
