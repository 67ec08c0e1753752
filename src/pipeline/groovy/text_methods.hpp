// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cupel::pipeline {

// As Java's methods of the same names, for all of Unicode's simple mappings.
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);
/// Character.isWhitespace
bool is_white_space(char32_t character);

// As Character.isLetter and its kin.
bool is_letter(char32_t character);
bool is_digit(char32_t character);
bool is_letter_or_digit(char32_t character);
bool is_upper(char32_t character);
bool is_lower(char32_t character);

/// At \n, \r\n and \r; no empty line behind the last of them.
std::vector<std::string> text_lines(std::string_view text);

}  // namespace cupel::pipeline
