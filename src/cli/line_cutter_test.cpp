// SPDX-License-Identifier: Apache-2.0
#include "cli/line_cutter.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cupel::cli {
namespace {

struct Piece {
  std::string text;
  LineCutter::Part part;
};

struct Taken {
  std::vector<Piece> pieces;
  LineCutter::Take take() {
    return [this](std::string_view line, LineCutter::Part part) {
      pieces.push_back({std::string(line), part});
    };
  }
};

TEST(LineCutter, GivesWholeLinesWhateverTheChunks) {
  LineCutter cutter;
  Taken taken;

  for (const char* chunk : {"on", "e\ntw", "o\n\nthr", "ee"}) cutter.feed(chunk, taken.take());
  cutter.finish(taken.take());

  ASSERT_EQ(taken.pieces.size(), 4U);
  EXPECT_EQ(taken.pieces[0].text, "one");
  EXPECT_EQ(taken.pieces[1].text, "two");
  EXPECT_EQ(taken.pieces[2].text, "");
  EXPECT_EQ(taken.pieces[3].text, "three");
}

TEST(LineCutter, GivesALongLineInPiecesThatAddUp) {
  LineCutter cutter;
  Taken taken;
  const std::string line(3 * LineCutter::limit + 5, 'x');

  cutter.feed(line.substr(0, 100), taken.take());
  cutter.feed(line.substr(100) + "\nnext\n", taken.take());

  std::string sum;
  for (std::size_t i = 0; i + 1 < taken.pieces.size(); ++i) {
    EXPECT_LE(taken.pieces[i].text.size(), LineCutter::limit);
    EXPECT_EQ(taken.pieces[i].part, i == 0 ? LineCutter::Part::first : LineCutter::Part::further);
    sum += taken.pieces[i].text;
  }
  EXPECT_EQ(sum, line);
  EXPECT_EQ(taken.pieces.back().text, "next");
  EXPECT_EQ(taken.pieces.back().part, LineCutter::Part::whole);
}

TEST(LineCutter, DoesNotTearACharacter) {
  LineCutter cutter;
  Taken taken;

  cutter.feed(std::string(LineCutter::limit - 1, 'x') + "\xC3\xA4" + "y\n", taken.take());

  ASSERT_EQ(taken.pieces.size(), 2U);
  EXPECT_EQ(taken.pieces[0].text.size(), LineCutter::limit - 1);
  EXPECT_EQ(taken.pieces[1].text, "\xC3\xA4y");
}

}  // namespace
}  // namespace cupel::cli
