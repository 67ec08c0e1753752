// SPDX-License-Identifier: Apache-2.0
#include "network/pcap.hpp"

#include <gtest/gtest.h>

#include "os/files.hpp"

namespace cupel::network {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

TEST(Pcap, HeaderIsTheOneOfNanosecondsAndEthernet) {
  EXPECT_EQ(pcap_header(),
            "\x4d\x3c\xb2\xa1\x02\x00\x04\x00"
            "\x00\x00\x00\x00\x00\x00\x00\x00"
            "\x00\x10\x01\x00\x01\x00\x00\x00"s);
}

TEST(Pcap, RecordHasTimeAndLengths) {
  EXPECT_EQ(pcap_record("abc", WallTime(5s + 258ns)),
            "\x05\x00\x00\x00\x02\x01\x00\x00\x03\x00\x00\x00\x03\x00\x00\x00"
            "abc"s);
}

TEST(Capture, IsWholeOnceItIsFlushed) {
  const auto directory = os::TempDir::make("capture-test").value();
  const auto path = (directory.path() / "a.pcap").string();
  auto capture = Capture::begin(path).value();

  ASSERT_TRUE(capture.write("frame one", WallTime(1s)));
  ASSERT_TRUE(capture.write("frame two", WallTime(2s)));
  ASSERT_TRUE(capture.flush());

  EXPECT_EQ(os::read_file(path).value(), pcap_header() + pcap_record("frame one", WallTime(1s)) +
                                             pcap_record("frame two", WallTime(2s)));
  EXPECT_EQ(capture.left_out(), 0U);
}

}  // namespace
}  // namespace cupel::network
