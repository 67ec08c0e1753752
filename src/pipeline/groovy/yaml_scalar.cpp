// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/yaml_text.hpp"

namespace cupel::pipeline {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, text) != words.end();
}

constexpr std::array<std::string_view, 9> yes_words{"yes",  "Yes", "YES", "true", "True",
                                                    "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 9> no_words{"no",    "No",  "NO",  "false", "False",
                                                   "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> null_words{"~", "null", "Null", "NULL", " "};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Without "_" and with the sign apart; nothing if there is another character than `allowed`.
struct Digits {
  bool minus = false;
  std::string text;
};
std::optional<Digits> digits_of(std::string_view text, std::string_view allowed) {
  Digits digits;
  if (text.starts_with('-') || text.starts_with('+')) {
    digits.minus = text.front() == '-';
    text.remove_prefix(1);
  }
  for (const char c : text) {
    if (c == '_') continue;
    if (allowed.find(c) == std::string_view::npos) return std::nullopt;
    digits.text += c;
  }
  if (digits.text.empty()) return std::nullopt;
  return digits;
}

Result<Value> number_of(const Digits& digits, unsigned radix) {
  return whole_number((digits.minus ? "-" : "") + digits.text, radix);
}

/// 1:30:00
Result<std::optional<Value>> sexagesimal(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  const auto parts = split(text, ':');
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto digits = digits_of(parts[i], "0123456789");
    if (!digits || !is_digit(parts[i][0]) || (i == 0 && parts[i][0] == '0') ||
        (i > 0 && (parts[i].size() > 2 || (parts[i].size() == 2 && parts[i][0] > '5'))))
      return std::optional<Value>();
    const auto part = parse_integer(digits->text);
    if (!part || sum > (std::int64_t{1} << 50))
      return fail(Fault::invalid, "'{}' is too large", text);
    sum = sum * 60 + *part;
  }
  return std::optional<Value>(Value(minus ? -sum : sum));
}

Result<std::optional<Value>> whole(std::string_view text) {
  const auto body = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (body.empty() || !is_digit(body[0])) return std::optional<Value>();
  const auto radix =
      body.starts_with("0x")   ? 16U
      : body.starts_with("0b") ? 2U
      : body.size() > 1 && body[0] == '0' && body.find_first_of(":.eE") == std::string_view::npos
          ? 8U
          : 10U;
  if (radix == 10) {
    if (body.find(':') != std::string_view::npos) return sexagesimal(text);
    if (const auto digits = digits_of(text, "0123456789"))
      return std::optional(TRY(number_of(*digits, 10)));
    return std::optional<Value>();
  }
  const auto prefix = radix == 8 ? 1U : 2U;
  auto digits =
      digits_of(body.substr(prefix),
                std::string_view("0123456789abcdefABCDEF").substr(0, radix == 16 ? 22 : radix));
  if (!digits) return std::optional<Value>();
  digits->minus = text.starts_with('-');
  return std::optional(TRY(number_of(*digits, radix)));
}

/// [-+]?[0-9_]*.[0-9_]*([eE][-+]?[0-9]+)?, with a point or an exponent.
bool looks_floating(std::string_view text) {
  std::size_t at = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const bool point_first = at < text.size() && text[at] == '.';
  if (at >= text.size() || (!is_digit(text[at]) && !point_first)) return false;
  if (point_first && (at + 1 >= text.size() || !is_digit(text[at + 1]))) return false;
  bool point = false, exponent = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_digit(c) || c == '_') continue;
    if (c == '.' && !point) {
      point = true;
    } else if (c == 'e' || c == 'E') {
      exponent = true;
      ++at;
      break;
    } else {
      return false;
    }
  }
  if (!exponent) return point;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  return at < text.size() &&
         std::ranges::all_of(text.substr(at), [](char c) { return is_digit(c); });
}

std::optional<std::string_view> special_floating(std::string_view text) {
  const auto body = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (body == ".inf" || body == ".Inf" || body == ".INF")
    return text.starts_with('-') ? "-Infinity" : "Infinity";
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return "NaN";
  return std::nullopt;
}

}  // namespace

Result<Value> resolve_yaml_scalar(std::string_view text) {
  if (text.empty() || is_one_of(text, null_words)) return Value();
  if (is_one_of(text, yes_words)) return Value(true);
  if (is_one_of(text, no_words)) return Value(false);
  if (auto number = TRY(whole(text))) return std::move(*number);
  if (const auto special = special_floating(text)) return floating_number(*special);
  if (looks_floating(text)) {
    std::string digits(text);
    std::erase(digits, '_');
    return floating_number(digits);
  }
  return Value(text);
}

}  // namespace cupel::pipeline
