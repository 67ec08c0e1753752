// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/json_text.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

std::string round(std::string_view text, JsonStyle style = JsonStyle::compact) {
  const auto value = parse_json(text);
  if (!value) return "error: " + value.error().text();
  return *write_json(*value, style);
}

TEST(Json, KeepsWhatItReads) {
  EXPECT_EQ(round(R"( {"a":1,"b":[1.50,-2,true,false,null,"x"],"c":{}} )"),
            R"({"a":1,"b":[1.50,-2,true,false,null,"x"],"c":{}})");
}

TEST(Json, ReadsEscapes) {
  EXPECT_EQ(*parse_json(R"("\u00e9\n\ud83d\ude00\/")")->as_text(), "é\n😀/");
  EXPECT_EQ(round(R"("é😀\u0001")"), R"("\u00e9\ud83d\ude00\u0001")");
  EXPECT_EQ(round(R"("é")", JsonStyle::compact_unicode), R"("é")");
}

TEST(Json, IsTheTextOfWhatReadJsonGives) {
  const auto plain = *parse_json(R"({"a":[1,"x"],"b":{"c":null}})");
  EXPECT_EQ(*to_text(plain), "[a:[1, x], b:[c:null]]");

  make_json_objects(plain);

  EXPECT_EQ(*to_text(plain), R"({"a":[1,"x"],"b":{"c":null}})");
  EXPECT_EQ(*to_text(*plain.map_here()->find(Value("a"))), R"([1,"x"])");
  EXPECT_EQ(*to_text(*frozen(plain)), *to_text(plain));
  EXPECT_EQ(plain.type_name(), "net.sf.json.JSONObject");
  EXPECT_TRUE(*equal(plain, *parse_json(R"({"b":{"c":null},"a":[1,"x"]})")));
  EXPECT_EQ(*write_indented_json(plain, 1),
            "{\n \"a\": [\n  1,\n  \"x\"\n ],\n \"b\": {\n  \"c\": null\n }\n}");
}

TEST(Json, IsPrettyAsGroovys) {
  EXPECT_EQ(
      round(R"({"a":[1,{}],"b":[]})", JsonStyle::pretty),
      "{\n    \"a\": [\n        1,\n        {\n            \n        }\n    ],\n    \"b\": [\n"
      "        \n    ]\n}");
}

TEST(Json, NamesThePlaceOfAMistake) {
  EXPECT_EQ(round("{\n  \"a\": x}"),
            "error: the JSON has 'x' where a value is expected (line 2, column 8)");
  EXPECT_EQ(
      round("[1,2"),
      "error: the JSON has the end of the text where ',' or ']' is expected (line 1, column 5)");
  EXPECT_EQ(round("[1] 2"),
            "error: the JSON has '2' where nothing more is expected (line 1, column 5)");
  EXPECT_TRUE(round("01").starts_with("error") || round("01") == "1");
}

TEST(Json, LimitsDepth) {
  EXPECT_EQ(round(std::string(100'000, '[')), "error: the JSON is nested more than 190 deep");
}

}  // namespace
}  // namespace cupel::pipeline
