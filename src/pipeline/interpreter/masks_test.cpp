// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/masks.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

TEST(Masks, HidesEverySecretLongestFirst) {
  Masks masks;
  masks.add("A", "hunter");
  masks.add("B", "hunter2000");

  EXPECT_EQ(masks.hide("x hunter2000 hunter y"), "x **** **** y");
}

TEST(Masks, HidesEachLineAndTheQuotedAndEncodedForms) {
  Masks masks;
  masks.add("KEY", "first line\nsecond line\n");
  masks.add("QUOTE", "it's secret");
  masks.add("LONG", "correct horse battery");

  EXPECT_EQ(masks.hide("a second line"), "a ****");
  EXPECT_EQ(masks.hide("+ echo 'it'\\''s secret'"), "+ echo '****'");
  EXPECT_EQ(masks.hide("dXNlcjpjb3JyZWN0IGhvcnNlIGJhdHRlcnk="), "dXNlcjpj****cnk=")
      << "whole groups of the encoded form are hidden";
}

TEST(Masks, LeavesAloneWhatIsTooShort) {
  Masks masks;

  EXPECT_EQ(masks.add("A", "ab"), Masks::Hidden::too_short);
  EXPECT_EQ(masks.add("B", ""), Masks::Hidden::yes);

  EXPECT_EQ(masks.hide("ab"), "ab");
  EXPECT_FALSE(masks.patterns());
}

TEST(MaskedStream, FindsASecretThatIsCutAnywhere) {
  Masks masks;
  masks.add("A", "secret");
  masks.add("B", "secretary");
  const std::string text = "the secret of a secretary, secre";
  const auto patterns = masks.patterns();

  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    for (std::size_t next = cut; next <= text.size(); ++next) {
      MaskedStream stream;
      auto shown = stream.feed(text.substr(0, cut), *patterns);
      shown += stream.feed(text.substr(cut, next - cut), *patterns);
      shown += stream.feed(text.substr(next), *patterns);
      shown += stream.finish(*patterns);
      EXPECT_EQ(shown, "the **** of a ****, secre") << cut << " " << next;
    }
}

TEST(Masks, NamesTheVariablesInAText) {
  Masks masks;
  masks.add("B", "hunter2");
  masks.add("A", "swordfish");

  EXPECT_EQ(masks.names_in("curl -u hunter2:swordfish"), (std::vector<std::string>{"A", "B"}));
  EXPECT_TRUE(masks.names_in("nothing").empty());
}

}  // namespace
}  // namespace cupel::pipeline
