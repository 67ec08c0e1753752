// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/yaml_text.hpp"

#include <gtest/gtest.h>

#include "pipeline/groovy/json_text.hpp"

namespace cupel::pipeline {
namespace {

/// The documents as one JSON list.
std::string read(std::string_view text) {
  auto values = parse_yaml(text);
  if (!values) return "error: " + values.error().text();
  return *write_json(Value::list(std::move(*values)), JsonStyle::compact);
}

std::string written(std::string_view json) { return *write_yaml(*parse_json(json)); }

TEST(Yaml, ResolvesScalarsAsVersion11) {
  EXPECT_EQ(read("[1, -2, 0x1F, 0b11, 017, 1_000, 1:30, +3]"), "[[1,-2,31,3,15,1000,90,3]]");
  EXPECT_EQ(read("[yes, No, on, OFF, true, FALSE, y, n]"),
            R"([[true,false,true,false,true,false,"y","n"]])");
  EXPECT_EQ(read("[~, null, '', 'null', 1.5, 1e3x, 1.2.3, 2001-12-14, '1', \"2\"]").substr(0, 30),
            R"([[null,null,"","null",1.5,"1e3)");
  EXPECT_EQ(read("!!str 1"), R"(["1"])");
  EXPECT_EQ(read("a: 08\nb: 1.0.0\nc: v1"), R"([{"a":"08","b":"1.0.0","c":"v1"}])");
}

TEST(Yaml, TimestampsAreDates) {
  const auto text_of = [](std::string_view yaml) { return *to_text((*parse_yaml(yaml))[0]); };
  EXPECT_EQ(text_of("2020-01-02"), "Thu Jan 02 00:00:00 UTC 2020");
  EXPECT_EQ(text_of("2001-12-14t21:59:43.10-05:00"), "Sat Dec 15 02:59:43 UTC 2001");
  EXPECT_EQ(text_of("2001-12-14 21:59:43.10 -5"), "Sat Dec 15 02:59:43 UTC 2001");
  EXPECT_EQ(text_of("2001-1-4 1:02:03"), "Thu Jan 04 01:02:03 UTC 2001");
  for (const auto* text : {"2020-1-2", "2020-13-01", "2020-01-02x", "2020-01-02 1:2:3",
                           "'2020-01-02'", "2020-01-02T", "12020-01-02"})
    EXPECT_TRUE((*parse_yaml(text))[0].is_text()) << text;
  EXPECT_EQ(*write_yaml((*parse_yaml("[2020-01-02, '2020-01-02', 2001-12-15T02:59:43.1Z]"))[0]),
            "- 2020-01-02T00:00:00Z\n- '2020-01-02'\n- 2001-12-15T02:59:43.100Z\n");
}

TEST(Yaml, ReadsAllDocuments) {
  EXPECT_EQ(read("a: 1\n---\n- b\n---\nc\n"), R"([{"a":1},["b"],"c"])");
}

TEST(Yaml, MergesMaps) {
  EXPECT_EQ(read("base: &b {x: 1, y: 2}\nother:\n  <<: *b\n  y: 3\n"),
            R"([{"base":{"x":1,"y":2},"other":{"x":1,"y":3}}])");
  EXPECT_TRUE(read("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc:\n  <<: [*a, *b]\n")
                  .ends_with(R"("c":{"x":1,"z":3}}])"));
}

TEST(Yaml, EndsAliasBombsAndCycles) {
  std::string bomb = "a: &a [x]\n";
  for (char c = 'b'; c < 'j'; ++c)
    bomb += fmt::format("{}: &{} [*{}, *{}, *{}, *{}, *{}, *{}, *{}, *{}, *{}]\n", c, c,
                        char(c - 1), char(c - 1), char(c - 1), char(c - 1), char(c - 1),
                        char(c - 1), char(c - 1), char(c - 1), char(c - 1));

  EXPECT_TRUE(read(bomb).ends_with("more than 50 aliases of lists and maps (line 7, column 28)"))
      << read(bomb);
  EXPECT_TRUE(read("&a [*a]").find("'a' would contain itself") != std::string::npos);
  EXPECT_TRUE(read(std::string(100'000, '[')).find("nested") != std::string::npos);
}

TEST(Yaml, NamesThePlaceOfAMistake) {
  EXPECT_EQ(read("a: [1\nb: 2"),
            "error: the YAML is wrong: while parsing a flow sequence, did not find expected ',' or "
            "']' (line 2, column 2)");
  EXPECT_EQ(read("a: !ruby/object x"),
            "error: the YAML is wrong: the tag '!ruby/object' is not supported (line 1, column 4)");
}

TEST(Yaml, WritesAsSnakeYaml) {
  EXPECT_EQ(written(R"({"a":1,"b":["x",{"c":null}],"d":{},"e":[],"f":"yes","g":"1","h":""})"),
            "a: 1\nb:\n- x\n- c: null\nd: {}\ne: []\nf: 'yes'\ng: '1'\nh: ''\n");
  EXPECT_EQ(written(R"({"s":"one\ntwo\n"})"), "s: |\n  one\n  two\n");
  EXPECT_EQ(*write_yaml_documents({Value(1), Value("a")}), "--- 1\n--- a\n");
}

}  // namespace
}  // namespace cupel::pipeline
