// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/decimal.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

__extension__ using Wide = __int128;
constexpr Wide limit = 1'000'000'000'000'000'000;
constexpr int quotient_scale = 10;

Wide power_of_ten(int exponent) {
  Wide power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Result<Decimal> fit(Wide units, int scale, int wanted_scale) {
  while (scale > wanted_scale && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  if (units >= limit || units <= -limit || scale > 18)
    return fail(Fault::invalid,
                "the decimal number has more than 18 digits, which is not supported");
  return Decimal{static_cast<std::int64_t>(units), scale};
}

/// Both at the same scale; at most 18 + 18 digits, which a Wide holds.
std::pair<Wide, Wide> aligned(Decimal a, Decimal b) {
  const int scale = std::max(a.scale, b.scale);
  return {a.units * power_of_ten(scale - a.scale), b.units * power_of_ten(scale - b.scale)};
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
  const auto mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    auto digits = text.substr(mark + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto number = parse_integer(digits);
    if (!number || std::abs(*number) > 18) return fail(Fault::invalid, "'{}' is no number", text);
    exponent = *number;
  }
  const auto mantissa = text.substr(0, mark);
  Wide units = 0;
  int scale = 0;
  bool point = false, any = false, minus = false;
  for (std::size_t i = 0; i < mantissa.size(); ++i) {
    const char c = mantissa[i];
    if (i == 0 && (c == '-' || c == '+')) {
      minus = c == '-';
    } else if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      units = units * 10 + (c - '0');
      if (point) ++scale;
      if (units >= limit) return fail(Fault::invalid, "'{}' has more than 18 digits", text);
    } else {
      return fail(Fault::invalid, "'{}' is no number", text);
    }
  }
  if (!any) return fail(Fault::invalid, "'{}' is no number", text);
  if (minus) units = -units;
  const int final_scale = scale - static_cast<int>(exponent);
  if (final_scale < 0) return fit(units * power_of_ten(-final_scale), 0, 0);
  return fit(units, final_scale, final_scale);
}

std::string Decimal::text() const {
  auto digits = std::to_string(units < 0 ? -units : units);
  if (scale > 0) {
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return units < 0 ? "-" + digits : digits;
}

std::int64_t Decimal::whole() const {
  return static_cast<std::int64_t>(units / power_of_ten(scale));
}

Result<Decimal> add(Decimal a, Decimal b) {
  const auto [x, y] = aligned(a, b);
  const int scale = std::max(a.scale, b.scale);
  return fit(x + y, scale, scale);
}

Result<Decimal> subtract(Decimal a, Decimal b) { return add(a, {-b.units, b.scale}); }

Result<Decimal> multiply(Decimal a, Decimal b) {
  return fit(Wide{a.units} * b.units, a.scale + b.scale, a.scale + b.scale);
}

Result<Decimal> divide(Decimal a, Decimal b) {
  if (b.is_zero()) return fail(Fault::invalid, "Division by zero");
  const int up = quotient_scale + b.scale - a.scale;
  Wide numerator = a.units;
  Wide denominator = b.units;
  if (up > 19) return fail(Fault::invalid, "the decimal number has too many digits");
  if (up >= 0) numerator *= power_of_ten(up);
  if (up < 0) denominator *= power_of_ten(-up);
  const bool minus = (numerator < 0) != (denominator < 0);
  if (numerator < 0) numerator = -numerator;
  if (denominator < 0) denominator = -denominator;
  const Wide quotient = (numerator + denominator / 2) / denominator;
  return fit(minus ? -quotient : quotient, quotient_scale, 0);
}

int compare(Decimal a, Decimal b) {
  const auto [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

}  // namespace cupel::pipeline
