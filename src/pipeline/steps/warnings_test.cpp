// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/warnings.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

using Severity = Issue::Severity;

std::vector<Issue> parsed(std::string_view tool, std::string_view text) {
  auto issues = parse_issues(*find_issue_tool(tool), text);
  EXPECT_TRUE(issues) << issues.error().text();
  return issues ? *issues : std::vector<Issue>{};
}

TEST(Warnings, OfGccAndClang) {
  const auto issues = parsed("gcc",
                             "+ make\nsrc/a.c: In function 'main':\n"
                             "src/a.c:3:7: warning: unused variable 'x' [-Wunused-variable]\n"
                             "src/a.c:3:7: warning: unused variable 'x' [-Wunused-variable]\n"
                             "src/a.c:9: error: expected ';'\n"
                             "src/a.c:9:2: note: here\n"
                             "12:30:01: done\n");

  ASSERT_EQ(issues.size(), 2U);
  EXPECT_EQ(issues[0],
            (Issue{"src/a.c", 3, 7, Severity::normal, "-Wunused-variable", "unused variable 'x'"}));
  EXPECT_EQ(issues[1].severity, Severity::error);
}

TEST(Warnings, OfCheckers) {
  EXPECT_EQ(parsed("flake8", "a.py:1:80: E501 line too long\n").at(0).type, "E501");
  EXPECT_EQ(parsed("pyLint", "a.py:1:0: C0114: Missing docstring (x)\n").at(0).type, "C0114");
  EXPECT_EQ(parsed("cppCheck", "[a.cpp:4]: (style) slow\n").at(0).severity, Severity::low);
  EXPECT_EQ(parsed("mavenConsole", "[WARNING] /a/B.java:[3,5] old\n").at(0).line, 3);
  EXPECT_EQ(parsed("cmake", "CMake Warning at CMakeLists.txt:7 (message):\n").at(0).line, 7);
}

TEST(Warnings, OfCheckStyle) {
  const auto issues = parsed("checkStyle",
                             "<checkstyle><file name='a'><error line='2' column='1' "
                             "severity='error' message='m' source='s'/></file></checkstyle>");
  EXPECT_EQ(issues, (std::vector<Issue>{{"a", 2, 1, Severity::error, "s", "m"}}));
  EXPECT_FALSE(parse_issues(*find_issue_tool("checkstyle"), "<a"));
}

TEST(Warnings, AreNotFoundInNonsense) {
  EXPECT_TRUE(parsed("gcc", ":1:2:\n::::\n99999999999999:1:\na b:1: x\n").empty());
  EXPECT_EQ(find_issue_tool("nope"), nullptr);
}

}  // namespace
}  // namespace cupel::pipeline::steps
