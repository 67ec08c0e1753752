// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "pipeline/syntax/token.hpp"

namespace cupel::pipeline::syntax {
namespace {

/// The value of the only token, or the diagnostics.
std::string value(std::string text) {
  const Source source("t", std::move(text));
  Diagnostics diagnostics;
  const auto tokens = tokenize(source, diagnostics);
  if (!diagnostics.empty()) return headline(source, diagnostics.sorted().front());
  return tokens.size() == 2 && tokens[0].kind == TokenKind::string ? tokens[0].text : "no string";
}

std::string words(std::string text) {
  const Source source("t", std::move(text));
  Diagnostics diagnostics;
  std::string result;
  for (const auto& token : tokenize(source, diagnostics)) {
    if (token.newline_before) result += "~";
    result += std::string(token.word) + " ";
  }
  return diagnostics.empty() ? result : headline(source, diagnostics.sorted().front());
}

TEST(Lexer, ReadsEachKindOfString) {
  EXPECT_EQ(value("'a$b'"), "a$b");
  EXPECT_EQ(value("\"a\""), "a");
  EXPECT_EQ(value("'''a'b\nc'''"), "a'b\nc");
  EXPECT_EQ(value("\"\"\"a\"\"b\"\"\""), "a\"\"b");
  EXPECT_EQ(value(R"(/a\/b\d$/)"), R"(a/b\d$)");
  EXPECT_EQ(value("$/a $$ $/ / b/$"), "a $ / / b");
  EXPECT_EQ(value("''''a'''"), "'a");
  EXPECT_EQ(value("'''a\r\nb'''"), "a\nb");
}

TEST(Lexer, ResolvesEscapes) {
  EXPECT_EQ(value(R"('\n\t\\\'\"\$\u00e9\uuu0041\101\0')"), std::string("\n\t\\'\"$\xc3\xa9"
                                                                        "AA\0",
                                                                        11));
  EXPECT_EQ(value(R"('\ud83d\ude00')"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(value(R"('\ud83d')"), "\xef\xbf\xbd");
  EXPECT_EQ(value("'''a\\\nb'''"), "ab");
  EXPECT_EQ(value(R"('\d')"),
            "t:1:2: unknown escape '\\d' in a string; write '\\\\' for a backslash");
  EXPECT_EQ(value(R"('\u12')"), "t:1:2: four hexadecimal digits must follow '\\u'");
}

TEST(Lexer, NamesStringsThatDoNotEnd) {
  EXPECT_EQ(value("'a\nb"), "t:1:1: string is not closed on its line");
  EXPECT_EQ(value("x = '''a\nb"), "t:1:5: string is not closed");
  EXPECT_EQ(value("x = /a"), "t:1:5: string is not closed");
  EXPECT_EQ(value("\"${a"), "t:1:2: '${' is not closed; add a '}'");
  EXPECT_EQ(value("/* a"), "t:1:1: comment is not closed; add '*/'");
  EXPECT_EQ(value("\"$ 5\""),
            "t:1:2: '$' must be followed by a name or '{' here; write '\\$' for a dollar sign");
}

TEST(Lexer, RefusesWhatIsNoText) {
  EXPECT_EQ(value(std::string("a\nb\0c", 5)), "t:2:2: a NUL byte: this is no text file");
  EXPECT_EQ(value("a \xff"), "t:1:3: byte 0xff is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(value(std::string(3U << 20, ' ')),
            "t:1:1: the file has 3 MiB, more than the limit of 2 MiB");
}

TEST(Lexer, ReportsNoMoreThanTheLimit) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "\xc2\xa7 # ";
  const Source source("t", std::move(text));
  Diagnostics diagnostics;
  tokenize(source, diagnostics);
  EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::limit);
}

TEST(Lexer, TellsDivisionFromSlashyStrings) {
  EXPECT_EQ(words("a / b / c"), "a / b / c  ");
  EXPECT_EQ(words("(a) / 2 / 3"), "( a ) / 2 / 3  ");
  EXPECT_EQ(words("x = /a b/"), "x = /a b/  ");
}

TEST(Lexer, KeepsNewlinesButNotContinuations) {
  EXPECT_EQ(words("#!/usr/bin/env groovy\na // b\n/* c\n */ d \\\n e"), "~a ~d e  ");
  EXPECT_EQ(words("\xEF\xBB\xBF"
                  "a"),
            "a  ");
}

TEST(Lexer, SplitsSymbolsLongestFirst) {
  EXPECT_EQ(words("a>>>=b<=>c..<d?.e*.f==~g**=h<..<i"),
            "a >>>= b <=> c ..< d ?. e *. f ==~ g **= h <..< i  ");
  EXPECT_EQ(words("1..2 1.5.x"), "1 .. 2 1.5 . x  ");
}

TEST(Lexer, RefusesBadNumbers) {
  EXPECT_EQ(words("0x"), "t:1:1: digits are missing behind '0x'");
  EXPECT_EQ(words("12ab"), "t:1:1: '12ab' is not a number");
  EXPECT_EQ(words("089"), "t:1:1: a number that starts with 0 is octal and has no digits 8 and 9");
  EXPECT_EQ(words("0xFFFFFFFFFFFFFFFFF"), "t:1:1: number does not fit into 64 bits");
}

}  // namespace
}  // namespace cupel::pipeline::syntax
