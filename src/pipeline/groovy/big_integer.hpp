// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cupel::pipeline {

/// A whole number of any size, as java.math.BigInteger. Immutable: copies share the digits. What
/// would have more than max_bits fails, so that code cannot use all memory for one number.
class BigInteger {
 public:
  static constexpr std::size_t max_bits = 1U << 18;

  BigInteger() : BigInteger(0) {}
  BigInteger(std::int64_t number);
  /// Digits with an optional sign; nothing if there is anything else.
  static std::optional<BigInteger> parse(std::string_view text, unsigned radix = 10);
  /// The whole part; nothing for infinities and NaN.
  static std::optional<BigInteger> of(double number);

  std::string text(unsigned radix = 10) const;
  int sign() const;
  /// Of the magnitude.
  std::size_t bits() const;
  bool fits_64() const;
  /// The lowest 64 bits, as longValue().
  std::int64_t low() const;
  double floating() const;
  bool bit(std::size_t place) const;

  BigInteger negated() const;
  BigInteger magnitude() const { return sign() < 0 ? negated() : *this; }
  BigInteger complement() const;

  friend BigInteger add(const BigInteger& a, const BigInteger& b);
  friend BigInteger subtract(const BigInteger& a, const BigInteger& b);
  friend Result<BigInteger> multiply(const BigInteger& a, const BigInteger& b);
  /// Towards zero, and what is left, with the sign of `a`. `b` is not zero.
  friend BigInteger quotient(const BigInteger& a, const BigInteger& b);
  friend BigInteger remainder(const BigInteger& a, const BigInteger& b);
  friend Result<BigInteger> power(const BigInteger& base, std::uint64_t exponent);
  /// To the right for a negative distance, rounding down.
  friend Result<BigInteger> shifted(const BigInteger& a, std::int64_t distance);
  friend BigInteger bit_and(const BigInteger& a, const BigInteger& b);
  friend BigInteger bit_or(const BigInteger& a, const BigInteger& b);
  friend BigInteger bit_xor(const BigInteger& a, const BigInteger& b);
  friend BigInteger common_divisor(const BigInteger& a, const BigInteger& b);
  friend int compare(const BigInteger& a, const BigInteger& b);
  friend bool operator==(const BigInteger& a, const BigInteger& b) { return compare(a, b) == 0; }

 private:
  struct Digits;
  explicit BigInteger(std::shared_ptr<const Digits> digits) : digits_(std::move(digits)) {}
  std::shared_ptr<const Digits> digits_;  // shared: immutable
};

BigInteger add(const BigInteger& a, const BigInteger& b);
BigInteger subtract(const BigInteger& a, const BigInteger& b);
Result<BigInteger> multiply(const BigInteger& a, const BigInteger& b);
BigInteger quotient(const BigInteger& a, const BigInteger& b);
BigInteger remainder(const BigInteger& a, const BigInteger& b);
Result<BigInteger> power(const BigInteger& base, std::uint64_t exponent);
Result<BigInteger> shifted(const BigInteger& a, std::int64_t distance);
BigInteger bit_and(const BigInteger& a, const BigInteger& b);
BigInteger bit_or(const BigInteger& a, const BigInteger& b);
BigInteger bit_xor(const BigInteger& a, const BigInteger& b);
BigInteger common_divisor(const BigInteger& a, const BigInteger& b);
int compare(const BigInteger& a, const BigInteger& b);

}  // namespace cupel::pipeline
