// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/junit_report.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

using State = model::TestRecord::State;

TEST(JunitReport, ReadsCasesOfNestedSuites) {
  const auto tests = parse_junit_report(
      "<testsuites><testsuite name='outer'><testcase name='a' time='1,000.5'/>"
      "<testsuite name='inner'><testcase classname='c' name='b'><failure>why</failure></testcase>"
      "<testcase name='s'><skipped/></testcase></testsuite></testsuite></testsuites>");

  ASSERT_TRUE(tests) << tests.error().text();
  ASSERT_EQ(tests->size(), 3U);
  EXPECT_EQ((*tests)[0].suite, "outer");
  EXPECT_EQ((*tests)[0].duration, std::chrono::milliseconds(1000500));
  EXPECT_EQ((*tests)[1].suite, "c");
  EXPECT_EQ((*tests)[1].message, "why");
  EXPECT_EQ((*tests)[2].state, State::skipped);
}

TEST(JunitReport, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_junit_report(""));
  EXPECT_FALSE(parse_junit_report("<html/>"));
  EXPECT_FALSE(parse_junit_report("<testsuite><testcase name='a'"));
  EXPECT_FALSE(parse_junit_report(std::string(1000, '\xff')));
}

TEST(JunitReport, EndsOnHostileBytes) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<testsuite>";
  std::string closed = deep;
  for (int i = 0; i < 100'000; ++i) closed += "</testsuite>";
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
      "<testsuite name='&b;'><testcase name='&b;'/></testsuite>";

  EXPECT_FALSE(parse_junit_report(deep));
  EXPECT_FALSE(parse_junit_report(closed));
  const auto tests = parse_junit_report(bomb);
  ASSERT_TRUE(tests);
  EXPECT_EQ((*tests)[0].name, "&b;");
}

TEST(JunitReport, CutsWhatIsTooLongAndMakesItPrintable) {
  const auto tests = parse_junit_report("<testsuite><testcase name='a\x01'><failure message='" +
                                        std::string(1 << 20, 'x') + "'/></testcase></testsuite>");

  ASSERT_TRUE(tests);
  EXPECT_EQ((*tests)[0].name, "a\\x01");
  EXPECT_EQ((*tests)[0].message.size(), 64U << 10);
}

}  // namespace
}  // namespace cupel::pipeline::steps
