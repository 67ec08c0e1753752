// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline {

/// A decimal number: units / 10^scale, as BigDecimal, within 18 digits. What does not fit fails.
struct Decimal {
  std::int64_t units = 0;
  int scale = 0;

  static Decimal of(std::int64_t integer) { return {integer, 0}; }
  /// "1.50", "2e3".
  static Result<Decimal> parse(std::string_view text);
  std::string text() const;
  bool is_zero() const { return units == 0; }
  /// Towards zero.
  std::int64_t whole() const;
};

Result<Decimal> add(Decimal a, Decimal b);
Result<Decimal> subtract(Decimal a, Decimal b);
Result<Decimal> multiply(Decimal a, Decimal b);
/// As Groovy's `/`: exact where ten decimals suffice, else rounded half up to ten.
Result<Decimal> divide(Decimal a, Decimal b);
int compare(Decimal a, Decimal b);

}  // namespace cupel::pipeline
