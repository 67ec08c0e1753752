// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/syntax/token.hpp"

namespace cupel::pipeline::syntax {

/// The state behind tokenize(). Strings with interpolation nest, so that it keeps a stack of the
/// strings it is inside of; it does not recurse.
class Lexer {
 public:
  Lexer(const Source& source, Diagnostics& diagnostics);
  std::vector<Token> run();

 private:
  enum class Quote { single, double_, triple_single, triple_double, slashy, dollar_slashy };

  /// A string whose `${` is open, and how many braces are open inside of that.
  struct OpenString {
    Quote quote;
    std::size_t begin;          // of the string
    std::size_t interpolation;  // of the ${
    std::size_t braces = 0;
  };

  bool acceptable();
  void skip_blanks();
  bool skip_comment();
  void next();

  void word();
  void number();
  void radix_number(std::size_t begin, unsigned radix);
  void add_integer(std::size_t begin, const std::string& digits, unsigned radix);
  void symbol();
  bool close_interpolation();

  bool string_start();
  void start_string(Quote quote, std::size_t opening);
  /// Reads on inside a string, from its beginning or behind an interpolation.
  void string_body(Quote quote, std::size_t begin, bool interpolated);
  bool string_end(Quote quote);
  /// Appends what the escape or plain character at the cursor means.
  void string_character(Quote quote, std::string& text);
  void escape(std::string& text);
  void unicode_escape(std::string& text);
  void path();

  bool after_operand() const;
  char peek(std::size_t ahead = 0) const;
  bool at(std::string_view text) const { return text_.substr(at_).starts_with(text); }
  Position position(std::size_t offset);
  Span span_from(std::size_t begin);
  Token& add(TokenKind kind, std::size_t begin);
  void error(std::size_t begin, std::size_t end, std::string message, std::string hint = {});

  const Source& source_;
  Diagnostics& diagnostics_;
  std::string_view text_;
  std::size_t at_ = 0;
  Position anchor_;  // the last position computed: the next is counted from there
  bool newline_before_ = false;
  bool space_before_ = false;
  std::vector<OpenString> open_;
  std::vector<Token> tokens_;
};

}  // namespace cupel::pipeline::syntax
