// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "pipeline/groovy/big_integer.hpp"

namespace cupel::pipeline {

enum class Rounding { up, down, ceiling, floor, half_up, half_down, half_even, unnecessary };

/// A decimal number: units / 10^scale, as java.math.BigDecimal: 1.0 and 1.00 are equal in value but
/// not in scale. What has too many digits fails.
struct Decimal {
  static constexpr std::int64_t max_scale = 100'000;

  BigInteger units;
  std::int64_t scale = 0;

  static Decimal of(std::int64_t integer) { return {BigInteger(integer), 0}; }
  static Decimal of(BigInteger integer) { return {std::move(integer), 0}; }
  /// By its shortest text, as BigDecimal.valueOf; fails for infinities and NaN.
  static Result<Decimal> of_floating(double number);
  /// "1.50", "2e3".
  static Result<Decimal> parse(std::string_view text);
  /// As BigDecimal.toString(): with an exponent where that is shorter.
  std::string text() const;
  /// Without an exponent. Fails where that would be too long.
  std::string plain_text() const;
  bool is_zero() const { return units.sign() == 0; }
  /// Number of digits of the units.
  std::int64_t precision() const;
  /// Towards zero; the lowest 64 bits.
  std::int64_t whole() const;
  BigInteger big_whole() const;
  double floating() const;
  Decimal negated() const { return {units.negated(), scale}; }
  /// With that many places; for `unnecessary`, fails where digits would be lost.
  Result<Decimal> rounded(std::int64_t places, Rounding rounding) const;
  /// With that many digits at most.
  Result<Decimal> with_precision(std::int64_t digits, Rounding rounding) const;
  /// Without zeros at the end, as stripTrailingZeros().
  Decimal stripped() const;
};

Result<Decimal> add(const Decimal& a, const Decimal& b);
Result<Decimal> subtract(const Decimal& a, const Decimal& b);
Result<Decimal> multiply(const Decimal& a, const Decimal& b);
/// As Groovy's `/`: exact where that is possible, else with ten digits more than the longer operand
/// has, but no more than ten places (or as many as an operand has). `b` is not zero.
Result<Decimal> divide(const Decimal& a, const Decimal& b);
Result<Decimal> remainder(const Decimal& a, const Decimal& b);
Result<Decimal> power(const Decimal& base, std::uint64_t exponent);
int compare(const Decimal& a, const Decimal& b);

/// As Double.toString and Float.toString: 1.0, 1.0E10, NaN.
std::string floating_text(double number);
std::string floating_text(float number);

}  // namespace cupel::pipeline
