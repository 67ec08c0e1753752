// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/number_text.hpp"

#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace cupel::pipeline {

Result<Value> whole_number(std::string_view digits, unsigned radix) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, static_cast<int>(radix));
  if (error == std::errc{} && stop == end) return Value(number);
  auto big = BigInteger::parse(digits, radix);
  if (!big) return fail(Fault::invalid, "'{}' is no number, or has too many digits", digits);
  return Value(std::move(*big));
}

Result<Value> decimal_number(std::string_view text) { return Value(TRY(Decimal::parse(text))); }

Result<Value> floating_number(std::string_view text) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") return Value(std::numeric_limits<double>::quiet_NaN());
  if (text == "Infinity" || text == "+Infinity") return Value(infinity);
  if (text == "-Infinity") return Value(-infinity);
  auto digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (stop != end || error == std::errc::invalid_argument)
    return fail(Fault::invalid, "'{}' is no number", text);
  // Too large or too small for a double; which of the two, its text says.
  if (error == std::errc::result_out_of_range)
    return Value(std::strtod(std::string(digits).c_str(), nullptr));
  return Value(number);
}

}  // namespace cupel::pipeline
