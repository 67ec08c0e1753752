// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/time_values.hpp"
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

/// What YAML 1.1 calls a timestamp, taken apart from the left.
class Timestamp {
 public:
  explicit Timestamp(std::string_view text) : rest_(text) {}

  /// 2001-12-14, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43; nothing for other texts.
  std::optional<Moment> read() {
    Fields fields;
    const bool short_date = rest_.size() == 10;
    const auto year = number(4, 4), month = take('-') ? number(1, 2) : std::nullopt,
               day = take('-') ? number(1, 2) : std::nullopt;
    if (!year || !month || !day) return std::nullopt;
    fields.year = *year;
    fields.month = static_cast<int>(*month);
    fields.day = static_cast<int>(*day);
    std::int64_t offset = 0;
    if (rest_.empty()) {
      if (!short_date) return std::nullopt;
    } else if (!time(fields) || !zone(offset)) {
      return std::nullopt;
    }
    auto moment = moment_of(fields);
    if (!moment || !rest_.empty()) return std::nullopt;
    moment->second -= offset;
    return *moment;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool blanks() {
    const auto before = rest_.size();
    while (take(' ') || take('\t')) continue;
    return rest_.size() != before;
  }
  std::optional<std::int64_t> number(std::size_t least, std::size_t most) {
    std::size_t length = 0;
    while (length < most && length < rest_.size() && is_digit(rest_[length])) ++length;
    if (length < least) return std::nullopt;
    const auto value = parse_integer(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return value ? std::optional(*value) : std::nullopt;
  }

  bool time(Fields& fields) {
    if (!take('T') && !take('t') && !blanks()) return false;
    const auto hour = number(1, 2), minute = take(':') ? number(2, 2) : std::nullopt,
               second = take(':') ? number(2, 2) : std::nullopt;
    if (!hour || !minute || !second) return false;
    fields.hour = static_cast<int>(*hour);
    fields.minute = static_cast<int>(*minute);
    fields.second = static_cast<int>(*second);
    if (!take('.')) return true;
    // A Date has milliseconds.
    std::string digits;
    while (!rest_.empty() && is_digit(rest_[0])) {
      digits += rest_[0];
      rest_.remove_prefix(1);
    }
    digits.resize(3, '0');
    const auto millis = parse_integer(digits);
    if (millis) fields.nano = static_cast<std::int32_t>(*millis * 1'000'000);
    return true;
  }

  bool zone(std::int64_t& offset) {
    blanks();
    if (rest_.empty() || take('Z')) return true;
    const bool minus = rest_[0] == '-';
    if (!take('-') && !take('+')) return false;
    const auto hours = number(1, 2);
    const auto minutes = take(':') ? number(2, 2) : std::optional<std::int64_t>(0);
    if (!hours || !minutes) return false;
    offset = (*hours * 60 + *minutes) * 60 * (minus ? -1 : 1);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

Result<Value> resolve_yaml_scalar(std::string_view text) {
  if (text.empty() || is_one_of(text, null_words)) return Value();
  if (is_one_of(text, yes_words)) return Value(true);
  if (is_one_of(text, no_words)) return Value(false);
  if (text.size() >= 8 && is_digit(text[0]) && text[4] == '-')
    if (const auto moment = Timestamp(text).read())
      return time_value(TimeObject::Kind::old_date, *moment);
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
