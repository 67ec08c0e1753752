// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace cupel::json {
namespace {

TEST(Json, ReadsWhatItWrites) {
  const Value value = Object{{"a", 1}, {"b", Array{true, nullptr, 2.5, "text\n\x01"}}, {"c", Object{}}};

  const auto read = parse(write(value));

  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, value);
}

TEST(Json, RefusesBrokenDocuments) {
  for (const auto* text : {"", "{", "[1,]", "{} {}", "nul", "\"\\ud800\""})
    EXPECT_FALSE(parse(text)) << text;
  EXPECT_FALSE(parse(std::string(1000, '[')));
}

TEST(Json, ReplacesInvalidUtf8) { EXPECT_EQ(write(Value("a\xff")), "\"a\xEF\xBF\xBD\""); }

TEST(Json, NamesTheMissingMember) {
  const Value value = Object{{"n", 1}};

  EXPECT_EQ(value.integer("n").value(), 1);
  EXPECT_EQ(value.text("n").error().text(), "'n' is missing or not a string");
}

}  // namespace
}  // namespace cupel::json
