// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/regex.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

/// What the pattern finds first, or "-".
std::string found(std::string_view pattern, std::string_view text, std::uint32_t flags = 0) {
  const auto regex = Regex::compile(pattern, flags);
  if (!regex) return "error: " + regex.error().text();
  const auto groups = regex->match(text, 0, Regex::Mode::search);
  if (!groups) return "error: " + groups.error().text();
  if (!*groups) return "-";
  const auto whole = *(*groups)->front();
  return std::string(text.substr(whole.begin, whole.end - whole.begin));
}

std::string replaced(std::string_view pattern, std::string_view text, std::string_view with) {
  const auto regex = Regex::compile(pattern);
  const auto groups = regex->match(text, 0, Regex::Mode::search);
  std::string to;
  const auto done = append_replacement(*regex, text, **groups, with, to);
  return done ? to : "error: " + done.error().text();
}

TEST(Regex, HasJavasClasses) {
  EXPECT_EQ(found("[a-z&&[^aeiou]]+", "aeibcdo"), "bcd");
  EXPECT_EQ(found("[a-c[x-z]]+", "mxaybz!"), "xaybz");
  EXPECT_EQ(found("[^a-c[x-z]]+", "axmnob"), "mno");
  EXPECT_EQ(found("[\\w&&[^\\d_]]+", "12_ab3"), "ab");
  EXPECT_EQ(found("[]a]+", "b]a]"), "]a]");
  EXPECT_EQ(found("[a\\-z]+", "b-z"), "-z");
  EXPECT_EQ(found("[a-]+", "b-a"), "-a");
  EXPECT_EQ(found("[\\[\\]]+", "a[]"), "[]");
  EXPECT_EQ(found("[.^$]+", "a.^$b"), ".^$");
}

TEST(Regex, HasJavasProperties) {
  EXPECT_EQ(found("\\p{Upper}+", "abCDe"), "CD");
  EXPECT_EQ(found("\\p{Punct}+", "ab[`~]c"), "[`~]");
  EXPECT_EQ(found("[\\p{Alpha}_]+", "1a_b2"), "a_b");
  EXPECT_EQ(found("\\P{Alpha}+", "ab12c"), "12");
  EXPECT_EQ(found("\\p{Lu}", "aÉ"), "É");
  EXPECT_EQ(found("\\p{IsLatin}+", "αβab"), "ab");
  EXPECT_EQ(found("\\p{Alpha}", "é"), "-");
  EXPECT_EQ(found("\\pL+", "1é2"), "é");
}

TEST(Regex, ReadsJavasEscapes) {
  EXPECT_EQ(found("\\u0041\\x42\\0103", "ABC"), "ABC");
  EXPECT_EQ(found("\\Qa.b\\E.", "aXb a.bc"), "a.bc");
  EXPECT_EQ(found("\\uD83D\\uDE00", "x😀"), "😀");
  EXPECT_EQ(found("a\\/b", "a/b"), "a/b");
  EXPECT_EQ(found("\\R", "a\r\nb"), "\r\n");
}

TEST(Regex, HasGroupsAndReferences) {
  EXPECT_EQ(found("(?<q>['\"]).*?\\k<q>", "a 'b\" c' d"), "'b\" c'");
  EXPECT_EQ(found("(a)\\11", "aaa1"), "aa1");
  EXPECT_EQ(found("(?i)ab(?-i)C", "ABc ABC"), "ABC");
  EXPECT_EQ(found("(?x) a b # comment\n c", "abc"), "abc");
  EXPECT_EQ(found("a++b", "aaab"), "aaab");
  EXPECT_EQ(found("(?<=x)y", "y xy"), "y");
}

TEST(Regex, EndsLinesAsJavaDoes) {
  EXPECT_EQ(found("(?m)^b$", "a\nb\nc"), "b");
  EXPECT_EQ(found("a.b", "a\nb"), "-");
  EXPECT_EQ(found("(?s)a.b", "a\nb"), "a\nb");
  EXPECT_EQ(found("b$", "ab\n"), "b");
  EXPECT_EQ(found(".+", "a\r\nb"), "a");
}

TEST(Regex, RefusesWhatJavaRefuses) {
  EXPECT_EQ(found("*a", ""), "error: Dangling meta character '*' near index 0\n*a\n^");
  EXPECT_EQ(found("(a", ""), "error: Unclosed group near index 2\n(a");
  EXPECT_EQ(found("${a}", ""), "error: Illegal repetition near index 1\n${a}\n ^");
  EXPECT_TRUE(found("(?R)", "").starts_with("error: Unknown inline modifier"));
  EXPECT_TRUE(found("(*ACCEPT)", "").starts_with("error: Dangling"));
  EXPECT_TRUE(found("(?P<a>b)", "").starts_with("error: Unknown inline"));
  EXPECT_TRUE(found("\\y", "").starts_with("error: Illegal/unsupported escape"));
  EXPECT_TRUE(found("[b-a]", "").starts_with("error: Illegal character range"));
  EXPECT_TRUE(found("\\p{Foo}", "").starts_with("error: "));
}

TEST(Regex, EndsCatastrophicPatterns) {
  const std::string many(40, 'a');

  EXPECT_TRUE(found("(a+)+[bc]", many).starts_with("error: the regular expression"));
  EXPECT_TRUE(found("(a|aa)+$", many + "!").starts_with("error: the regular expression"));
}

TEST(Regex, TakesAnyBytes) {
  EXPECT_EQ(found("b",
                  "\xff"
                  "b"),
            "b");
  EXPECT_EQ(found("\\d+",
                  "12\xff"
                  "34"),
            "12");
}

TEST(Regex, ReplacesAsJavaDoes) {
  EXPECT_EQ(replaced("(a)(?<n>b)", "ab", "$2-${n}-$1-$0-\\$"), "b-b-a-ab-$");
  EXPECT_EQ(replaced("(a)", "a", "$12"), "a2");
  EXPECT_EQ(replaced("a", "a", "$1"), "error: No group 1");
  EXPECT_EQ(replaced("a", "a", "$x"), "error: Illegal group reference");
  EXPECT_EQ(replaced("a", "a", quote_replacement("$1\\")), "$1\\");
}

TEST(RegexFinder, MovesOnAfterAnEmptyMatch) {
  const auto regex = Regex::compile("x*");
  RegexFinder finder(*regex, "aéx");
  std::string places;
  while (const auto groups = *finder.next())
    places += fmt::format("{}-{} ", (*groups)[0]->begin, (*groups)[0]->end);

  EXPECT_EQ(places, "0-0 1-1 3-4 4-4 ");
}

TEST(Regex, QuotesAnyText) {
  for (const std::string text : {"a.b", "\\E", "a\\E\\Qb", "", "\\"}) {
    const auto regex = Regex::compile(Regex::quote(text));
    ASSERT_TRUE(regex) << text;
    EXPECT_TRUE(*regex->match(text, 0, Regex::Mode::whole)) << text;
  }
}

}  // namespace
}  // namespace cupel::pipeline
