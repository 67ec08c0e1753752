// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/number_text.hpp"

#include <charconv>
#include <limits>

namespace cupel::pipeline {

Result<Value> whole_number(std::string_view digits, unsigned radix) {
  const auto number = BigInteger::parse(digits, radix);
  if (!number) return fail(Fault::invalid, "'{}' is no number", digits.substr(0, 60));
  if (number->fits_64()) return Value(number->low());
  return Value(*number);
}

Result<Value> decimal_number(std::string_view text) { return Value(TRY(Decimal::parse(text))); }

Result<Value> floating_number(std::string_view text) {
  const auto number = parse_floating(text);
  if (!number) return fail(Fault::invalid, "'{}' is no number", text.substr(0, 60));
  return Value(*number);
}

std::optional<double> parse_floating(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  if (text == "Infinity") {
    number = std::numeric_limits<double>::infinity();
  } else {
    if (!text.empty() &&
        (text.back() == 'd' || text.back() == 'D' || text.back() == 'f' || text.back() == 'F'))
      text.remove_suffix(1);
    if (text.empty() || (text[0] != '.' && (text[0] < '0' || text[0] > '9'))) return std::nullopt;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end || error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc::result_out_of_range)
      number = text.find_first_of("eE") != std::string_view::npos &&
                       text.find("e-") != std::string_view::npos
                   ? 0.0
                   : std::numeric_limits<double>::infinity();
  }
  return minus ? -number : number;
}

}  // namespace cupel::pipeline
