// SPDX-License-Identifier: Apache-2.0
#include "os/glob.hpp"

#include <gtest/gtest.h>

namespace cupel::os {
namespace {

TEST(Glob, MatchesAsAntsManualSays) {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  constexpr Case cases[] = {
      {"*.java", "x.java", true},
      {"*.java", ".java", true},
      {"*.java", "FooBar.java", true},
      {"*.java", "FooBar.xml", false},
      {"*.java", "a/x.java", false},
      {"?.java", "x.java", true},
      {"?.java", "xyz.java", false},
      {"?.java", ".java", false},
      {"**/CVS/*", "CVS/Repository", true},
      {"**/CVS/*", "org/apache/CVS/Entries", true},
      {"**/CVS/*", "org/apache/CVS/foo/bar/Entries", false},
      {"org/apache/jakarta/**", "org/apache/jakarta/tools/ant/docs/index.html", true},
      {"org/apache/jakarta/**", "org/apache/xyz.java", false},
      {"org/apache/**/CVS/*", "org/apache/CVS/Entries", true},
      {"org/apache/**/CVS/*", "org/apache/jakarta/tools/ant/CVS/Entries", true},
      {"org/apache/**/CVS/*", "org/apache/CVS/foo/bar/Entries", false},
      {"**/test/**", "test", true},
      {"**/test/**", "a/test/b/c", true},
      {"**/test/**", "a/tests/b", false},
      {"dir/**", "dir", true},
      {"dir/", "dir/a/b", true},
      {"dir", "dir/a", false},
      {"**/x", "x", true},
      {"**/x", "a/b/x", true},
      {"**", "any/thing", true},
      {"**/*.o", "a/.o", true},
      {"a/**/b/**/c", "a/b/b/x/c", true},
      {"a/**/b/**/c", "a/x/c", false},
      {"**.log", "a.log", true},
      {"**.log", "a/a.log", false},
      {"./a", "a", true},
      {"X", "x", false},
      {"/a", "a", false},
  };
  for (const auto& one : cases)
    EXPECT_EQ(glob_matches(one.pattern, one.path), one.matches)
        << one.pattern << " on " << one.path;
}

TEST(Glob, HostilePatternsTakeNoTime) {
  std::string pattern;
  std::string names;
  for (int i = 0; i < 200; ++i) {
    pattern += "**/a*a*a*b/";
    names += "aaaaaaaaaaaaaaaaaaaa/";
  }
  EXPECT_FALSE(glob_matches(pattern + "c", names + "d"));
}

TEST(Glob, PatternListsAreSplitAtCommasAndBlanks) {
  EXPECT_EQ(parse_patterns(" a/*.xml, b ,,c\n"), (std::vector<std::string>{"a/*.xml", "b", "c"}));
  EXPECT_TRUE(parse_patterns(" , ").empty());
}

TEST(Selection, ExcludesWinAndDefaultsAreAsked) {
  const Selection all;
  const Selection some{{"src/**", "*.txt"}, {"**/*.o"}, Selection::Defaults::keep};
  const Selection defaults{{}, {}, Selection::Defaults::exclude};

  EXPECT_TRUE(selects(all, ".git/config"));
  EXPECT_TRUE(selects(some, "src/a/b.c"));
  EXPECT_FALSE(selects(some, "src/a/b.o"));
  EXPECT_FALSE(selects(some, "doc/a.txt"));
  EXPECT_FALSE(selects(defaults, "a/.git/config"));
  EXPECT_FALSE(selects(defaults, "a/b.c~"));
  EXPECT_TRUE(selects(defaults, "a/b.c"));
}

}  // namespace
}  // namespace cupel::os
