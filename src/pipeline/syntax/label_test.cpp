// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/label.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::syntax {
namespace {

bool holds(std::string_view text) {
  return parse_label(text)->evaluate({"linux", "kvm", "big-64", "a b"});
}
std::string wrong(std::string_view text) { return parse_label(text).error().text(); }

TEST(Label, EvaluatesAsJenkinsDoes) {
  EXPECT_TRUE(holds("linux"));
  EXPECT_FALSE(holds("windows"));
  EXPECT_TRUE(holds("linux && kvm"));
  EXPECT_TRUE(holds("linux&&!windows"));
  EXPECT_TRUE(holds("windows && kvm || linux"));
  EXPECT_FALSE(holds("windows && (kvm || linux)"));
  EXPECT_TRUE(holds("big-64"));
  EXPECT_TRUE(holds("\"a b\""));
  EXPECT_TRUE(holds("windows -> kvm"));
  EXPECT_FALSE(holds("linux->windows"));
  EXPECT_TRUE(holds("windows <-> mac"));
  EXPECT_TRUE(holds("!!linux"));
}

TEST(Label, ListsItsNamesOnce) {
  EXPECT_EQ(parse_label("a && (b || !a)")->names(), (std::vector<std::string>{"a", "b"}));
}

TEST(Label, SaysWhatIsWrong) {
  EXPECT_EQ(wrong("a &&"), "label 'a &&': a name is missing behind '&&'");
  EXPECT_EQ(wrong(""), "label '': a name is missing");
  EXPECT_EQ(wrong("a b"), "label 'a b': unexpected 'b'");
  EXPECT_EQ(wrong("(a"), "label '(a': ')' is missing");
  EXPECT_EQ(wrong(std::string(1000, '(')).substr(1000), "(((((((': nested too deeply");
}

}  // namespace
}  // namespace cupel::pipeline::syntax
