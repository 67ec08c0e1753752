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
  EXPECT_EQ(*csv_line({"plain", "a,b", "say \"x\"", "", "tail "}),
            "plain,\"a,b\",\"say \"\"x\"\"\",,\"tail \"\r\n");
  EXPECT_EQ(*csv_line({""}), "\"\"\r\n");
}

TEST(Csv, FollowsTheFormat) {
  CsvFormat semicolons;
  semicolons.delimiter = ';';
  semicolons.quote = '\'';
  semicolons.comment = '#';
  semicolons.ignore_surrounding_spaces = true;
  EXPECT_EQ(*parse_csv("# x\na ; 'b;''c' ;d\n\n", semicolons), (Records{{"a", "b;'c", "d"}}));
  EXPECT_EQ(*csv_line({"a;b", "c,d"}, semicolons), "'a;b';c,d\r\n");

  CsvFormat escapes;
  escapes.quote = std::nullopt;
  escapes.escape = '\\';
  escapes.record_separator = "\n";
  escapes.ignore_empty_lines = false;
  EXPECT_EQ(*parse_csv("a\\,b,\"c\\n\n\nx", escapes), (Records{{"a,b", "\"c\n"}, {""}, {"x"}}));
  EXPECT_EQ(*csv_line({"a,b", "c\n"}, escapes), "a\\,b,c\\n\n");
  escapes.escape = std::nullopt;
  EXPECT_FALSE(csv_line({"a,b"}, escapes));
}

}  // namespace
}  // namespace cupel::pipeline::steps
