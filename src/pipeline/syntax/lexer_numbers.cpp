// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cctype>

#include "pipeline/syntax/characters.hpp"
#include "pipeline/syntax/lexer.hpp"

namespace cupel::pipeline::syntax {

namespace {

/// Radix to decimal digits; empty if it is larger than 64 bits.
std::string to_decimal(const std::string& digits, unsigned radix) {
  std::uint64_t value = 0;
  for (const char c : digits) {
    std::uint64_t next = 0;
    if (__builtin_mul_overflow(value, radix, &next)) return {};
    if (__builtin_add_overflow(next, digit_value(c), &value)) return {};
  }
  return fmt::format("{}", value);
}

}  // namespace

void Lexer::number() {
  const auto begin = at_;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) return radix_number(begin, 16);
  if (peek() == '0' && (peek(1) == 'b' || peek(1) == 'B')) return radix_number(begin, 2);
  std::string digits;
  const auto take_digits = [&] {
    for (; is_digit(peek()) || (peek() == '_' && (is_digit(peek(1)) || peek(1) == '_')); ++at_)
      if (peek() != '_') digits += peek();
  };
  take_digits();
  bool decimal = false;
  if (peek() == '.' && is_digit(peek(1))) {
    decimal = true;
    digits += '.';
    ++at_;
    take_digits();
  }
  const bool is_signed = peek(1) == '+' || peek(1) == '-';
  if ((peek() == 'e' || peek() == 'E') && is_digit(peek(is_signed ? 2 : 1))) {
    decimal = true;
    digits += 'e';
    ++at_;
    if (is_signed) digits += text_[at_++];
    take_digits();
  }
  const auto suffix = static_cast<char>(std::tolower(static_cast<unsigned char>(peek())));
  decimal = decimal || suffix == 'f' || suffix == 'd';
  if (!decimal) {
    const bool octal = digits.size() > 1 && digits[0] == '0';
    return add_integer(begin, digits, octal ? 8 : 10);
  }
  const bool has_suffix = suffix == 'f' || suffix == 'd' || suffix == 'g';
  if (has_suffix) ++at_;
  auto& token = add(TokenKind::decimal, begin);
  token.suffix = has_suffix ? suffix : '\0';
  token.text = std::move(digits);
}

void Lexer::radix_number(std::size_t begin, unsigned radix) {
  at_ += 2;
  std::string digits;
  for (; digit_value(peek()) < radix || peek() == '_'; ++at_)
    if (peek() != '_') digits += peek();
  if (digits.empty()) {
    error(begin, at_, fmt::format("digits are missing behind '{}'", text_.substr(begin, 2)));
    digits.push_back('0');
  }
  add_integer(begin, digits, radix);
}

void Lexer::add_integer(std::size_t begin, const std::string& digits, unsigned radix) {
  const auto suffix = static_cast<char>(std::tolower(static_cast<unsigned char>(peek())));
  const bool has_suffix = suffix == 'i' || suffix == 'l' || suffix == 'g';
  if (has_suffix) ++at_;
  if (continues_word(peek())) {
    while (continues_word(peek())) ++at_;
    error(begin, at_, fmt::format("'{}' is not a number", text_.substr(begin, at_ - begin)));
  } else if (radix == 8 && digits.find_first_of("89") != std::string::npos) {
    error(begin, at_, "a number that starts with 0 is octal and has no digits 8 and 9");
  }
  auto value = radix == 10 ? digits : to_decimal(digits, radix);
  if (value.empty()) error(begin, at_, "number does not fit into 64 bits");
  auto& token = add(TokenKind::integer, begin);
  token.suffix = has_suffix ? suffix : '\0';
  token.text = std::move(value);
}

}  // namespace cupel::pipeline::syntax
