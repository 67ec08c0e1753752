// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace cupel {
namespace {

TEST(ParseBytes, ReadsBinaryUnits) {
  EXPECT_EQ(parse_bytes("512M")->count, 512U << 20);
  EXPECT_EQ(parse_bytes("4GiB")->count, 4ULL << 30);
  EXPECT_EQ(parse_bytes("1.5k")->count, 1536U);
  EXPECT_EQ(parse_bytes("1024")->count, 1024U);
}

TEST(ParseBytes, RefusesWhatIsNoAmount) {
  for (const auto* text : {"", "M", "-1G", "4X", "4GG", "nan", "1e300"})
    EXPECT_FALSE(parse_bytes(text)) << text;
}

TEST(ParseDuration, NeedsAUnit) {
  using namespace std::chrono_literals;
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("90s"), 90s);
  EXPECT_EQ(*parse_duration(" 1.5 m "), 90s);
  EXPECT_EQ(*parse_duration("2h"), 2h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
  for (const auto* wrong : {"", "90", "s", "-1s", "1d", "1 s s", "nan s", "inf s", "1e99h"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

TEST(ToText, WritesAmountsAndTimesForPeople) {
  EXPECT_EQ(to_text(Bytes{100}), "100 B");
  EXPECT_EQ(to_text(kib(670)), "670 KiB");
  EXPECT_EQ(to_text(Bytes{1610612736}), "1.5 GiB");
  EXPECT_EQ(to_text(340ms), "340 ms");
  EXPECT_EQ(to_text(12340ms), "12.3 s");
  EXPECT_EQ(to_text(245s), "4 min 05 s");
  EXPECT_EQ(to_text(3720s), "1 h 02 min");
}

TEST(ShellQuote, MakesOneWord) {
  EXPECT_EQ(shell_quote("a-b/c"), "a-b/c");
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quote(""), "''");
}

TEST(Printable, ReplacesWhatATerminalShouldNotGet) {
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\xff\xc3\xa9"), "\xEF\xBF\xBD\xc3\xa9");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
}

TEST(Utf8Length, KnowsGoodFromBad) {
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("\xc3\xa9z"), 2U);
  EXPECT_EQ(utf8_length("\xf0\x9f\x98\x80"), 4U);
  for (const auto* bad : {"\xc3", "\xff", "\xc0\x80", "\xed\xa0\x80"})
    EXPECT_EQ(utf8_length(bad), 0U);
}

TEST(Nearest, FindsTheTypo) {
  const std::vector<std::string> known{"archiveArtifacts", "echo", "sh"};
  EXPECT_EQ(nearest("archiveArtifact", known), "archiveArtifacts");
  EXPECT_EQ(nearest("zzzzzz", known), std::nullopt);
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
}

}  // namespace
}  // namespace cupel
