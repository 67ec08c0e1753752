// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/diagnostic.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::syntax {
namespace {

std::string shown(std::string text, std::size_t begin, std::size_t end) {
  const Source source("Jenkinsfile", std::move(text));
  return render(source,
                Diagnostic{{source.position(begin), source.position(end)}, "wrong", "", {}});
}

TEST(Diagnostic, ShowsTheLineAndACaret) {
  const Source source("Jenkinsfile", "a\n  step 'x'\n");
  const Diagnostic mistake{
      {source.position(4), source.position(8)}, "unknown step 'step'", "did you mean 'sh'?", {}};
  EXPECT_EQ(render(source, mistake),
            "Jenkinsfile:2:3: unknown step 'step'; did you mean 'sh'?\n"
            "    2 |   step 'x'\n"
            "      |   ^~~~\n");
}

TEST(Diagnostic, ExpandsTabsAndCountsCharacters) {
  EXPECT_EQ(shown("\té\tx", 4, 5),
            "Jenkinsfile:1:4: wrong\n"
            "    1 |     é   x\n"
            "      |         ^\n");
}

TEST(Diagnostic, CutsLongLinesAroundTheCaret) {
  const auto text = shown(std::string(1000, 'a') + "B" + std::string(1000, 'c'), 1000, 1001);
  EXPECT_NE(text.find("...aaa"), std::string::npos);
  EXPECT_NE(text.find("ccc..."), std::string::npos);
  EXPECT_LT(text.size(), 320U);
  const auto line = text.find("| ");
  const auto caret_line = text.find("| ", line + 2);
  EXPECT_EQ(text.find('B') - line, text.find('^') - caret_line);
}

TEST(Diagnostic, MarksOnlyTheFirstLineOfMany) {
  EXPECT_EQ(shown("ab {\n}\n", 1, 6), "Jenkinsfile:1:2: wrong\n    1 | ab {\n      |  ^~~\n");
}

TEST(Diagnostic, ShowsNoControlBytes) {
  EXPECT_EQ(shown("a\x1b[2Jb", 0, 1), "Jenkinsfile:1:1: wrong\n    1 | a?[2Jb\n      | ^\n");
}

TEST(Diagnostic, StandsAtTheEndOfTheFile) {
  EXPECT_EQ(shown("ab", 2, 2), "Jenkinsfile:1:3: wrong\n    1 | ab\n      |   ^\n");
  EXPECT_EQ(shown("", 0, 0), "Jenkinsfile:1:1: wrong\n");
}

}  // namespace
}  // namespace cupel::pipeline::syntax
