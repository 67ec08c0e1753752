// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/syntax/diagnostic.hpp"
#include "pipeline/syntax/source.hpp"

namespace cupel::pipeline::syntax {

enum class TokenKind : std::uint8_t {
  end,  ///< one, at the end of the text
  identifier,
  keyword,
  symbol,         ///< an operator or bracket
  integer,        ///< text: decimal digits; suffix in `suffix`
  decimal,        ///< text: digits, point, exponent; suffix in `suffix`
  string,         ///< text: its value, without interpolation
  gstring_begin,  ///< then gstring_text, a value, gstring_text, ..., gstring_end
  gstring_text,
  gstring_path,         ///< $a.b: word is "a.b"
  interpolation_begin,  ///< ${ ... then tokens
  interpolation_end,    ///< }
  gstring_end,
  bad,  ///< reported already
};

/// A word of the language. `word` points into the Source.
struct Token {
  TokenKind kind = TokenKind::end;
  bool newline_before = false;
  bool space_before = false;  ///< a newline is space as well
  char suffix = 0;            ///< of a number, in lower case: i l g f d, or 0
  Span span;
  std::string_view word;
  std::string text;
};

/// The whole text as tokens; the last is `end`. Mistakes are reported and passed over.
/// Text that is not UTF-8, holds a NUL or is larger than 2 MiB gives one error and no tokens.
std::vector<Token> tokenize(const Source& source, Diagnostics& diagnostics);

bool is_keyword(std::string_view word);

}  // namespace cupel::pipeline::syntax
