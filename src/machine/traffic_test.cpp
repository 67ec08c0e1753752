// SPDX-License-Identifier: Apache-2.0
#include "machine/traffic.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>

#include "os/files.hpp"

namespace cupel::machine {
namespace {

std::string record(std::uint32_t length, std::uint32_t follow = 1) {
  const std::array<std::uint32_t, 4> header{1764567890, 17, follow, length};
  std::string bytes(capture_record, '\x52');
  std::memcpy(bytes.data(), header.data(), sizeof header);
  return bytes;
}

void append(const std::filesystem::path& path, const std::string& bytes) {
  const auto fd = os::open_file(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ASSERT_TRUE(fd);
  ASSERT_TRUE(os::write_all(*fd, bytes, Stop{}));
}

TEST(Traffic, AddsUpWholeRecords) {
  const auto bytes = record(60) + record(1514);
  EXPECT_EQ(traffic_in(bytes), Bytes{1574});
  EXPECT_EQ(traffic_in(bytes.substr(0, bytes.size() - 1)), Bytes{60});
  EXPECT_EQ(traffic_in(std::string(capture_record * 3, '\0') + record(9)), Bytes{9});
  EXPECT_EQ(traffic_in(""), Bytes{0});
}

TEST(Traffic, OtherBytesAreNoRecords) {
  EXPECT_EQ(traffic_in(record(60, 60)), std::nullopt);
  EXPECT_EQ(traffic_in(record(1U << 30)), std::nullopt);
  EXPECT_EQ(traffic_in(std::string(100, '\xff')), std::nullopt);
}

TEST(Traffic, AFileIsFollowedAsItGrowsAndByWhoComesLater) {
  const auto directory = os::TempDir::make("traffic").value();
  const auto path = directory.path() / "net-in";
  TrafficFile first(path);
  EXPECT_EQ(first.more(), std::nullopt);

  append(path, std::string(capture_header, 'h'));
  EXPECT_EQ(first.more(), Bytes{0});
  std::string much;
  for (int i = 0; i < 10'000; ++i) much += record(100);
  append(path, much + record(7).substr(0, 5));
  EXPECT_EQ(first.more(), Bytes{1'000'000});
  EXPECT_EQ(first.more(), Bytes{0});

  append(path, record(7).substr(5) + record(8));
  TrafficFile second(path);
  EXPECT_EQ(second.more(), Bytes{15});
}

TEST(Traffic, WhatIsNoCaptureIsNotCounted) {
  const auto directory = os::TempDir::make("traffic").value();
  append(directory.path() / "x", std::string(1000, '\xff'));
  TrafficFile file(directory.path() / "x");
  EXPECT_EQ(file.more(), std::nullopt);
}

}  // namespace
}  // namespace cupel::machine
