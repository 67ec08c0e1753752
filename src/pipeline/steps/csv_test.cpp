// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/csv.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

using Records = std::vector<CsvRecord>;

TEST(Csv, ReadsFieldsQuotesAndAnyLineEnds) {
  EXPECT_EQ(*parse_csv("a,b\r\n\"c,\"\"d\"\"\ne\",\n\nf"),
            (Records{{"a", "b"}, {"c,\"d\"\ne", ""}, {"f"}}));
  EXPECT_EQ(*parse_csv(""), Records{});
  EXPECT_EQ(*parse_csv("\xEF\xBB\xBFx"), (Records{{"x"}}));
}

TEST(Csv, SaysWhereAQuoteIsBroken) {
  EXPECT_EQ(parse_csv("a\n\"b").error().text(),
            "(startline 2) EOF reached before encapsulated token finished");
  EXPECT_EQ(parse_csv("\"a\"b").error().text(),
            "(line 1) invalid char between encapsulated token and delimiter");
}

TEST(Csv, QuotesOnlyWhatMustBe) {
  EXPECT_EQ(csv_line({"plain", "a,b", "say \"x\"", "", "tail "}),
            "plain,\"a,b\",\"say \"\"x\"\"\",,\"tail \"\r\n");
  EXPECT_EQ(csv_line({""}), "\"\"\r\n");
}

}  // namespace
}  // namespace cupel::pipeline::steps
