// SPDX-License-Identifier: Apache-2.0
#include "cli/harmless.hpp"

#include <gtest/gtest.h>

namespace cupel::cli {
namespace {

TEST(Harmless, KeepsColoursAndSwitchesThemOff) {
  EXPECT_EQ(harmless("\x1b[31mred", Colours::keep), "\x1b[31mred\x1b[0m");
  EXPECT_EQ(harmless("\x1b[31mred\x1b[0m", Colours::drop), "red");
}

TEST(Harmless, DropsSequencesThatMoveOrTalkToTheTerminal) {
  EXPECT_EQ(harmless("a\x1b[2Jb\x1b]0;title\ac\x1b]52;c;eA==\x1b\\d\x1b"
                     "ce",
                     Colours::keep),
            "abcde");
  EXPECT_EQ(harmless("end \x1b[12;", Colours::keep), "end ");
}

TEST(Harmless, SpellsOutControlBytesAndReordering) {
  EXPECT_EQ(harmless(std::string_view("a\0b\x07", 4), Colours::keep), "a\\x00b\\x07");
  EXPECT_EQ(harmless("x\xC2\x9B"
                     "2J",
                     Colours::keep),
            "x\\x9b2J");
  EXPECT_EQ(harmless("x\xE2\x80\xAEy", Colours::keep), "x\\u202ey");
}

TEST(Harmless, ReplacesInvalidUtf8) {
  EXPECT_EQ(harmless("a\xFF\xE2\x82z", Colours::keep), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST(Harmless, LeavesTheLastStateOfARedrawnLine) {
  EXPECT_EQ(harmless("10%\r50%\r100%", Colours::keep), "100%");
  EXPECT_EQ(harmless("dos line\r", Colours::keep), "dos line");
}

TEST(CutToWidth, CountsCharactersNotBytes) {
  EXPECT_EQ(cut_to_width("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xC3\xB6");
  EXPECT_EQ(cut_to_width("abc", 5), "abc");
}

}  // namespace
}  // namespace cupel::cli
