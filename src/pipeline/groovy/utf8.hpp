// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cupel::pipeline {

/// Texts are UTF-8 here, while Java counts characters. A character is a code point (Java counts two
/// for those beyond U+FFFF); a byte that is no UTF-8 is one of its own.

/// The character at `at`, which moves behind it.
char32_t next_character(std::string_view text, std::size_t& at);
/// What cannot be a character (a lone surrogate) becomes U+FFFD.
void append_utf8(char32_t character, std::string& to);

/// How many characters; quick where all are ASCII.
std::int64_t character_count(std::string_view text);
/// The byte where character `index` begins; the end if there are not so many.
std::size_t byte_of(std::string_view text, std::int64_t index);
/// Characters [begin, end).
std::string_view characters(std::string_view text, std::int64_t begin, std::int64_t end);

/// The text with U+FFFD for what is no UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace cupel::pipeline
