// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline {

/// A Java pattern in PCRE2's words. Only what Java has passes: no recursion, no callouts, no verbs.
struct PcrePattern {
  std::string text;
  std::size_t groups = 0;
  std::map<std::string, std::size_t, std::less<>> names;
  bool unix_lines = false;
  bool unicode_classes = false;
  std::uint32_t inline_flags = 0;  ///< (?i) outside of all groups, as Regex::Flag
};

/// `flags`: of Regex. The error's text is Java's, with its place.
Result<PcrePattern> translate_pattern(std::string_view java, std::uint32_t flags);

/// A class such as [a-z&&[^x]], `at` on its '['; leaves `at` behind its ']'. `skip_blanks`: (?x).
Result<std::string> translate_class(std::string_view java, std::size_t& at, bool skip_blanks);

/// \p{NAME} or \P{NAME}, `at` behind the p; outside of brackets.
Result<std::string> translate_property(std::string_view java, std::size_t& at, bool negated);

/// The character that an escape names (\t, \x41, \u0041, \0101, \cA), `at` behind the backslash;
/// nothing, and `at` as it was, if it does not name one.
Result<std::optional<char32_t>> escaped_character(std::string_view java, std::size_t& at);

/// A character as PCRE2 takes it literally, in or outside of brackets.
std::string pcre_literal(char32_t character);

/// Java's error text.
tl::unexpected<Error> bad_pattern(std::string_view what, std::string_view java, std::size_t at);

}  // namespace cupel::pipeline
