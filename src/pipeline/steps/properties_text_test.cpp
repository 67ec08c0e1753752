// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/properties_text.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

TEST(PropertiesText, ReadsJavasForm) {
  const auto read = properties_of(
      "# comment\n! another\n a = 1\nb:2\nc 3\nlong = x \\\n   y\nd\\ "
      "e=\\u00fc\\t.\nempty\r\na=4\n");

  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(
      *read,
      (Properties{
          {"a", "4"}, {"b", "2"}, {"c", "3"}, {"long", "x y"}, {"d e", "ü\t."}, {"empty", ""}}));
}

TEST(PropertiesText, RefusesABrokenEscape) {
  EXPECT_EQ(properties_of("a=\\u12").error().text(), "Malformed \\uxxxx encoding.");
}

TEST(PropertiesText, ReplacesNamesByValues) {
  const auto all = interpolated({{"home", "/srv"}, {"bin", "${home}/bin"}, {"x", "${no} ${bin}"}});

  ASSERT_TRUE(all);
  EXPECT_EQ((*all)[2].second, "${no} /srv/bin");
}

TEST(PropertiesText, EndsOnCirclesAndOnTextsThatExplode) {
  EXPECT_FALSE(interpolated({{"a", "${b}"}, {"b", "${a}"}}));
  Properties laughs = {{"x0", std::string(100, 'x')}};
  for (int i = 1; i < 40; ++i) {
    const auto name = "${x" + std::to_string(i - 1) + "}";
    laughs.emplace_back("x" + std::to_string(i), name + name + name + name);
  }
  EXPECT_FALSE(interpolated(laughs));
}

}  // namespace
}  // namespace cupel::pipeline::steps
