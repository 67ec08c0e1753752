// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cupel::pipeline::syntax {

// Bytes as Groovy's lexer sees them; each byte of a character beyond ASCII counts as a letter.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
constexpr bool starts_word(char c) { return is_letter(c) || c == '$'; }
constexpr bool continues_word(char c) { return starts_word(c) || is_digit(c); }
/// Whether the byte is a later one of a UTF-8 sequence.
constexpr bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}
/// The value of a hexadecimal digit, or 99.
constexpr unsigned digit_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return 99;
}

}  // namespace cupel::pipeline::syntax
