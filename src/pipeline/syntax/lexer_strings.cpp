// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "pipeline/syntax/characters.hpp"
#include "pipeline/syntax/lexer.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr std::size_t deepest_nesting = 100;

void append_utf8(std::string& text, std::uint32_t c) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      byte(0xE0U | (c >> 12U));
    } else {
      byte(0xF0U | (c >> 18U));
      byte(0x80U | ((c >> 12U) & 0x3FU));
    }
    byte(0x80U | ((c >> 6U) & 0x3FU));
  }
  byte(0x80U | (c & 0x3FU));
}

bool is_surrogate(std::uint32_t c) { return c >= 0xD800 && c < 0xE000; }

/// The four digits of \uXXXX at `at` (which points to the backslash), with any number of u.
struct UnicodeEscape {
  std::uint32_t value = 0;
  std::size_t length = 0;  // 0: malformed
};
UnicodeEscape read_unicode(std::string_view text, std::size_t at) {
  auto i = at + 1;
  while (i < text.size() && text[i] == 'u') ++i;
  UnicodeEscape result;
  for (int n = 0; n < 4; ++n, ++i) {
    const auto digit = i < text.size() ? digit_value(text[i]) : 99;
    if (digit > 15) return {};
    result.value = result.value * 16 + digit;
  }
  result.length = i - at;
  return result;
}

}  // namespace

bool Lexer::string_start() {
  const char c = peek();
  if (c == '\'') {
    const bool triple = at("'''");
    start_string(triple ? Quote::triple_single : Quote::single, triple ? 3 : 1);
  } else if (c == '"') {
    const bool triple = at("\"\"\"");
    start_string(triple ? Quote::triple_double : Quote::double_, triple ? 3 : 1);
  } else if (c == '/' && !after_operand()) {
    start_string(Quote::slashy, 1);
  } else if (at("$/") && !after_operand()) {
    start_string(Quote::dollar_slashy, 2);
  } else {
    return false;
  }
  return true;
}

void Lexer::start_string(Quote quote, std::size_t opening) {
  const auto begin = at_;
  at_ += opening;
  string_body(quote, begin, false);
}

void Lexer::string_body(Quote quote, std::size_t begin, bool interpolated) {
  const bool one_line = quote == Quote::single || quote == Quote::double_;
  const bool plain = quote == Quote::single || quote == Quote::triple_single;
  auto part = at_;
  std::string text;
  const auto add_part = [&] {
    add(TokenKind::gstring_text, part).text = std::move(text);
    text.clear();
  };
  for (;;) {
    const auto end = at_;
    const bool closed = string_end(quote);
    if (closed || at_ >= text_.size() || (one_line && peek() == '\n')) {
      if (!closed)
        error(begin, at_, one_line ? "string is not closed on its line" : "string is not closed");
      if (!interpolated) {
        add(TokenKind::string, begin).text = std::move(text);
        return;
      }
      const auto behind = at_;
      at_ = end;
      add_part();
      at_ = behind;
      add(TokenKind::gstring_end, end);
      return;
    }
    const bool starts_value = !plain && peek() == '$' && (peek(1) == '{' || is_letter(peek(1)));
    if (!starts_value) {
      string_character(quote, text);
      continue;
    }
    if (!interpolated) {
      const auto here = at_;
      at_ = part;
      add(TokenKind::gstring_begin, begin);
      at_ = here;
      interpolated = true;
    }
    add_part();
    if (peek(1) == '{') {
      open_.push_back({quote, begin, at_});
      if (open_.size() > deepest_nesting) {
        error(at_, at_ + 2, "strings are nested too deeply");
        open_.clear();
        at_ = text_.size();
        return;
      }
      at_ += 2;
      add(TokenKind::interpolation_begin, at_ - 2);
      return;
    }
    path();
    part = at_;
  }
}

bool Lexer::string_end(Quote quote) {
  constexpr std::array<std::string_view, 6> closings{"'", "\"", "'''", "\"\"\"", "/", "/$"};
  const auto closing = closings.at(static_cast<std::size_t>(quote));
  if (!at(closing)) return false;
  at_ += closing.size();
  return true;
}

void Lexer::string_character(Quote quote, std::string& text) {
  const char c = text_[at_];
  const bool slashy = quote == Quote::slashy;
  const bool dollar = quote == Quote::dollar_slashy;
  if (c == '\r' && peek(1) == '\n') {
    ++at_;
  } else if (c == '\\' && !slashy && !dollar) {
    escape(text);
  } else if (slashy && c == '\\' && peek(1) == '/') {
    text += '/';
    at_ += 2;
  } else if (dollar && c == '$' && (peek(1) == '$' || peek(1) == '/')) {
    text += peek(1);
    at_ += 2;
  } else if ((slashy || dollar) && c == '\\' && peek(1) == 'u') {
    unicode_escape(text);
  } else {
    if (c == '$' && (quote == Quote::double_ || quote == Quote::triple_double))
      error(at_, at_ + 1, "'$' must be followed by a name or '{' here",
            "write '\\$' for a dollar sign");
    text += c;
    ++at_;
  }
}

void Lexer::escape(std::string& text) {
  constexpr std::string_view letters = "bfnrts\\'\"$";
  constexpr std::string_view meanings = "\b\f\n\r\t \\'\"$";
  const char c = peek(1);
  if (const auto known = letters.find(c); c != '\0' && known != std::string_view::npos) {
    text += meanings[known];
    at_ += 2;
  } else if (c == 'u') {
    unicode_escape(text);
  } else if (c == '\n' || c == '\r') {
    at_ += c == '\r' && peek(2) == '\n' ? 3 : 2;
  } else if (c >= '0' && c <= '7') {
    const std::size_t most = c <= '3' ? 3 : 2;
    std::uint32_t value = 0;
    ++at_;
    for (std::size_t n = 0; n < most && peek() >= '0' && peek() <= '7'; ++n, ++at_)
      value = value * 8 + digit_value(peek());
    append_utf8(text, value);
  } else {
    const auto length = at_ + 1 < text_.size() ? utf8_length(text_.substr(at_ + 1)) : 0;
    error(at_, at_ + 1 + length,
          fmt::format("unknown escape '\\{}' in a string", text_.substr(at_ + 1, length)),
          "write '\\\\' for a backslash");
    ++at_;
  }
}

void Lexer::unicode_escape(std::string& text) {
  const auto first = read_unicode(text_, at_);
  if (first.length == 0) {
    error(at_, at_ + 2, "four hexadecimal digits must follow '\\u'");
    at_ += 2;
    return;
  }
  at_ += first.length;
  if (!is_surrogate(first.value)) return append_utf8(text, first.value);
  const auto second = at("\\u") ? read_unicode(text_, at_) : UnicodeEscape{};
  const bool pair = first.value < 0xDC00 && second.length != 0 && is_surrogate(second.value) &&
                    second.value >= 0xDC00;
  if (!pair) return append_utf8(text, 0xFFFD);
  at_ += second.length;
  append_utf8(text, 0x10000U + ((first.value - 0xD800U) << 10U) + (second.value - 0xDC00U));
}

void Lexer::path() {
  const auto begin = at_++;
  const auto take_word = [&] {
    while (is_letter(peek()) || is_digit(peek())) ++at_;
  };
  take_word();
  while (peek() == '.' && is_letter(peek(1))) {
    ++at_;
    take_word();
  }
  add(TokenKind::gstring_path, begin);
}

}  // namespace cupel::pipeline::syntax
