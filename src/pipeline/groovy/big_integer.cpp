// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/big_integer.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <limits>

namespace cupel::pipeline {
namespace {

using Number = boost::multiprecision::cpp_int;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

std::size_t bits_of(const Number& number) {
  return number.is_zero() ? 0 : boost::multiprecision::msb(abs(number)) + 1;
}

Error too_large() {
  return fail(Fault::invalid, "the number would have more than {} bits", BigInteger::max_bits)
      .value();
}

/// Two's complement has no end for negative numbers; -x-1 has the same bits, all turned.
Number bitwise(const Number& a, const Number& b, const auto& operation) {
  const auto wide = static_cast<unsigned>(std::max(bits_of(a), bits_of(b)) + 1);
  const Number modulus = Number(1) << wide;
  const auto turned = [&](const Number& x) { return x.sign() < 0 ? Number(x + modulus) : x; };
  Number result = operation(turned(a), turned(b));
  if (boost::multiprecision::bit_test(result, wide - 1)) result -= modulus;
  return result;
}

}  // namespace

struct BigInteger::Digits {
  Number number;
};

BigInteger::BigInteger(std::int64_t number)
    : digits_(std::make_shared<const Digits>(Digits{Number(number)})) {}

std::optional<BigInteger> BigInteger::parse(std::string_view text, unsigned radix) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > max_bits / 4) return std::nullopt;
  // Halves, so that the cost of long texts does not grow with their square.
  const auto read = [radix](const auto& self, std::string_view part) -> std::optional<Number> {
    if (part.size() > 64) {
      const auto low = part.size() / 2;
      const auto left = self(self, part.substr(0, part.size() - low));
      const auto right = self(self, part.substr(part.size() - low));
      if (!left || !right) return std::nullopt;
      return Number(*left * pow(Number(radix), static_cast<unsigned>(low)) + *right);
    }
    Number number = 0;
    for (const char c : part) {
      const int digit = digit_of(c);
      if (digit >= static_cast<int>(radix)) return std::nullopt;
      number = number * radix + digit;
    }
    return number;
  };
  auto number = read(read, text);
  if (!number) return std::nullopt;
  if (minus) *number = -*number;
  return BigInteger(std::make_shared<const Digits>(Digits{std::move(*number)}));
}

std::optional<BigInteger> BigInteger::of(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  return BigInteger(std::make_shared<const Digits>(Digits{Number(std::trunc(number))}));
}

std::string BigInteger::text(unsigned radix) const {
  if (radix == 10) return digits_->number.str();
  auto rest = Number(abs(digits_->number));
  std::string text;
  do {
    const auto digit = static_cast<unsigned>(rest % radix);
    text += static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10);
    rest /= radix;
  } while (!rest.is_zero());
  if (sign() < 0) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

int BigInteger::sign() const { return digits_->number.sign(); }

std::size_t BigInteger::bits() const { return bits_of(digits_->number); }

bool BigInteger::fits_64() const {
  return digits_->number >= std::numeric_limits<std::int64_t>::min() &&
         digits_->number <= std::numeric_limits<std::int64_t>::max();
}

std::int64_t BigInteger::low() const {
  const auto low =
      static_cast<std::uint64_t>(Number(abs(digits_->number) & Number(~std::uint64_t{0})));
  return static_cast<std::int64_t>(sign() < 0 ? ~low + 1 : low);
}

double BigInteger::floating() const { return digits_->number.convert_to<double>(); }

bool BigInteger::bit(std::size_t place) const {
  if (sign() < 0) return !complement().bit(place);
  return place < bits() &&
         boost::multiprecision::bit_test(digits_->number, static_cast<unsigned>(place));
}

BigInteger BigInteger::negated() const {
  return BigInteger(std::make_shared<const Digits>(Digits{-digits_->number}));
}

BigInteger BigInteger::complement() const {
  return BigInteger(std::make_shared<const Digits>(Digits{-digits_->number - 1}));
}

BigInteger add(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{a.digits_->number + b.digits_->number}));
}

BigInteger subtract(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{a.digits_->number - b.digits_->number}));
}

Result<BigInteger> multiply(const BigInteger& a, const BigInteger& b) {
  if (a.bits() + b.bits() > BigInteger::max_bits) return tl::unexpected(too_large());
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{a.digits_->number * b.digits_->number}));
}

BigInteger quotient(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{a.digits_->number / b.digits_->number}));
}

BigInteger remainder(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{a.digits_->number % b.digits_->number}));
}

Result<BigInteger> power(const BigInteger& base, std::uint64_t exponent) {
  const auto bits = base.bits();
  if (bits > 1 && exponent > BigInteger::max_bits / (bits - 1)) return tl::unexpected(too_large());
  if (bits <= 1) exponent = exponent == 0 ? 0 : 2 - exponent % 2;
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{pow(base.digits_->number, static_cast<unsigned>(exponent))}));
}

Result<BigInteger> shifted(const BigInteger& a, std::int64_t distance) {
  if (distance > 0 && a.bits() + static_cast<std::uint64_t>(distance) > BigInteger::max_bits &&
      a.sign() != 0)
    return tl::unexpected(too_large());
  if (a.sign() == 0) return a;
  Number number;
  if (distance >= 0) {
    number = a.digits_->number << static_cast<unsigned>(distance);
  } else if (a.sign() < 0) {
    return TRY(shifted(a.complement(), distance)).complement();
  } else {
    const auto far = std::min<std::uint64_t>(0 - static_cast<std::uint64_t>(distance), a.bits());
    number = a.digits_->number >> static_cast<unsigned>(far);
  }
  return BigInteger(
      std::make_shared<const BigInteger::Digits>(BigInteger::Digits{std::move(number)}));
}

BigInteger bit_and(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(BigInteger::Digits{
      bitwise(a.digits_->number, b.digits_->number,
              [](const Number& x, const Number& y) -> Number { return x & y; })}));
}

BigInteger bit_or(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(BigInteger::Digits{
      bitwise(a.digits_->number, b.digits_->number,
              [](const Number& x, const Number& y) -> Number { return x | y; })}));
}

BigInteger bit_xor(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(BigInteger::Digits{
      bitwise(a.digits_->number, b.digits_->number,
              [](const Number& x, const Number& y) -> Number { return x ^ y; })}));
}

BigInteger common_divisor(const BigInteger& a, const BigInteger& b) {
  return BigInteger(std::make_shared<const BigInteger::Digits>(
      BigInteger::Digits{Number(gcd(a.digits_->number, b.digits_->number))}));
}

int compare(const BigInteger& a, const BigInteger& b) {
  const int order = a.digits_->number.compare(b.digits_->number);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace cupel::pipeline
