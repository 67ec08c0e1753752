// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

// Groovy's DIVISION_EXTRA_PRECISION and DIVISION_MIN_SCALE.
constexpr std::int64_t extra_digits = 10;
constexpr std::int64_t least_places = 10;

Result<BigInteger> power_of_ten(std::int64_t exponent) {
  if (exponent > 2 * Decimal::max_scale)
    return fail(Fault::invalid, "the decimal number has too many digits");
  return power(BigInteger(10), static_cast<std::uint64_t>(exponent));
}

Result<Decimal> fit(BigInteger units, std::int64_t scale) {
  if (std::abs(scale) > Decimal::max_scale)
    return fail(Fault::invalid, "the decimal number has more than {} places", Decimal::max_scale);
  return Decimal{std::move(units), scale};
}

Result<std::pair<BigInteger, BigInteger>> aligned(const Decimal& a, const Decimal& b) {
  const auto scale = std::max(a.scale, b.scale);
  return std::pair(TRY(multiply(a.units, TRY(power_of_ten(scale - a.scale)))),
                   TRY(multiply(b.units, TRY(power_of_ten(scale - b.scale)))));
}

/// a / b as a whole number. `b` is positive.
Result<BigInteger> divided(const BigInteger& a, const BigInteger& b, Rounding rounding) {
  const auto whole = quotient(a, b);
  const auto rest = remainder(a, b);
  if (rest.sign() == 0) return whole;
  const auto away = add(whole, BigInteger(a.sign()));
  const int half = compare(add(rest.magnitude(), rest.magnitude()), b);
  switch (rounding) {
    case Rounding::up: return away;
    case Rounding::down: return whole;
    case Rounding::ceiling: return a.sign() > 0 ? away : whole;
    case Rounding::floor: return a.sign() < 0 ? away : whole;
    case Rounding::half_up: return half >= 0 ? away : whole;
    case Rounding::half_down: return half > 0 ? away : whole;
    case Rounding::half_even: return half > 0 || (half == 0 && whole.bit(0)) ? away : whole;
    case Rounding::unnecessary: break;
  }
  return fail(Fault::invalid, "Rounding necessary");
}

/// How often `factor` divides the number, which loses it.
std::int64_t take_factor(BigInteger& number, const BigInteger& factor) {
  std::int64_t times = 0;
  while (remainder(number, factor).sign() == 0) {
    number = quotient(number, factor);
    ++times;
  }
  return times;
}

/// Digits and exponent of 0.DIGITS * 10^exponent, by the shortest text that reads back.
template <typename Float>
std::pair<std::string, int> shortest(Float number) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const auto mark = text.find('e');
  std::string digits(text.substr(0, mark));
  std::erase(digits, '.');
  auto exponent = text.substr(mark + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  return {digits, static_cast<int>(parse_integer(exponent).value_or(0)) + 1};
}

template <typename Float>
std::string java_text(Float number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  const std::string sign = std::signbit(number) ? "-" : "";
  if (number == 0) return sign + "0.0";
  auto [digits, exponent] = shortest(std::abs(number));
  const auto places = static_cast<int>(digits.size());
  if (exponent > 7 || exponent < -2) {
    const auto tail = places > 1 ? digits.substr(1) : std::string("0");
    return sign + digits.substr(0, 1) + "." + tail + "E" + std::to_string(exponent - 1);
  }
  if (exponent <= 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent), '0') + digits;
  if (places <= exponent)
    return sign + digits + std::string(static_cast<std::size_t>(exponent - places), '0') + ".0";
  return sign + digits.substr(0, static_cast<std::size_t>(exponent)) + "." +
         digits.substr(static_cast<std::size_t>(exponent));
}

}  // namespace

Result<Decimal> Decimal::of_floating(double number) {
  if (!std::isfinite(number)) return fail(Fault::invalid, "Infinite or NaN");
  return parse(floating_text(number));
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const auto wrong = [text] { return fail(Fault::invalid, "'{}' is no number", text); };
  const auto mark = text.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    auto digits = text.substr(mark + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto number = parse_integer(digits);
    if (!number) return wrong();
    if (std::abs(*number) > max_scale)
      return fail(Fault::invalid, "the exponent of '{}' is too large", text);
    exponent = *number;
  }
  std::string digits(text.substr(0, mark));
  const auto point = digits.find('.');
  std::int64_t scale = 0;
  if (point != std::string::npos) {
    scale = static_cast<std::int64_t>(digits.size() - point) - 1;
    digits.erase(point, 1);
  }
  auto units = BigInteger::parse(digits);
  if (!units) return wrong();
  return fit(std::move(*units), scale - exponent);
}

std::string Decimal::text() const {
  auto digits = units.magnitude().text();
  const auto exponent = static_cast<std::int64_t>(digits.size()) - 1 - scale;
  if (scale >= 0 && exponent >= -6) return plain_text();
  if (digits.size() > 1) digits.insert(1, ".");
  const auto sign = std::string(units.sign() < 0 ? "-" : "");
  if (exponent == 0) return sign + digits;
  return sign + digits + "E" + (exponent > 0 ? "+" : "") + std::to_string(exponent);
}

std::string Decimal::plain_text() const {
  auto digits = units.magnitude().text();
  if (scale > 0) {
    const auto places = static_cast<std::size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  } else if (!is_zero()) {
    digits.append(static_cast<std::size_t>(-scale), '0');
  }
  return units.sign() < 0 ? "-" + digits : digits;
}

std::int64_t Decimal::precision() const {
  return static_cast<std::int64_t>(units.magnitude().text().size());
}

BigInteger Decimal::big_whole() const {
  const auto ten = power_of_ten(std::abs(scale));
  if (!ten) return {};
  if (scale > 0) return quotient(units, *ten);
  auto product = multiply(units, *ten);
  return product ? std::move(*product) : BigInteger();
}

std::int64_t Decimal::whole() const { return big_whole().low(); }

double Decimal::floating() const { return std::strtod(text().c_str(), nullptr); }

Result<Decimal> Decimal::rounded(std::int64_t places, Rounding rounding) const {
  if (places >= scale) return fit(TRY(multiply(units, TRY(power_of_ten(places - scale)))), places);
  return fit(TRY(divided(units, TRY(power_of_ten(scale - places)), rounding)), places);
}

Result<Decimal> Decimal::with_precision(std::int64_t digits, Rounding rounding) const {
  auto number = *this;
  // Rounding 99.9 up gives a digit more: again, then.
  while (digits > 0 && number.precision() > digits)
    number = TRY(number.rounded(number.scale - (number.precision() - digits), rounding));
  return number;
}

Decimal Decimal::stripped() const {
  if (is_zero()) return of(0);
  auto number = *this;
  number.scale -= take_factor(number.units, BigInteger(10));
  return number;
}

Result<Decimal> add(const Decimal& a, const Decimal& b) {
  const auto [x, y] = TRY(aligned(a, b));
  return fit(add(x, y), std::max(a.scale, b.scale));
}

Result<Decimal> subtract(const Decimal& a, const Decimal& b) { return add(a, b.negated()); }

Result<Decimal> multiply(const Decimal& a, const Decimal& b) {
  return fit(TRY(multiply(a.units, b.units)), a.scale + b.scale);
}

Result<Decimal> divide(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return fail(Fault::invalid, "Division by zero");
  const auto preferred = a.scale - b.scale;
  if (a.is_zero()) return fit(BigInteger(), std::max<std::int64_t>(preferred, 0));
  const auto common = common_divisor(a.units, b.units);
  auto numerator = quotient(a.units, common);
  auto denominator = quotient(b.units, common);
  if (denominator.sign() < 0) {
    numerator = numerator.negated();
    denominator = denominator.negated();
  }
  auto rest = denominator;
  const auto places = std::max(take_factor(rest, BigInteger(2)), take_factor(rest, BigInteger(5)));
  if (rest == BigInteger(1))
    return fit(quotient(TRY(multiply(numerator, TRY(power_of_ten(places)))), denominator),
               places + preferred);
  const auto digits = std::max(a.precision(), b.precision()) + extra_digits;
  // Digits enough for the division, and one more for what was cut.
  const auto up = std::max<std::int64_t>(
      digits + 2 + Decimal{denominator, 0}.precision() - Decimal{numerator, 0}.precision(), 0);
  const auto wide = TRY(multiply(numerator, TRY(power_of_ten(up))));
  // Never exact: a digit that is not zero behind the last makes every later rounding right.
  const auto cut =
      add(TRY(multiply(quotient(wide, denominator), BigInteger(10))), BigInteger(wide.sign()));
  auto result = TRY(TRY(fit(cut, up + 1 + preferred)).with_precision(digits, Rounding::half_up));
  const auto most = std::max({a.scale, b.scale, least_places});
  if (result.scale > most) result = TRY(result.rounded(most, Rounding::half_up));
  return result;
}

Result<Decimal> remainder(const Decimal& a, const Decimal& b) {
  const auto [x, y] = TRY(aligned(a, b));
  return fit(remainder(x, y), std::max(a.scale, b.scale));
}

Result<Decimal> power(const Decimal& base, std::uint64_t exponent) {
  if (exponent > static_cast<std::uint64_t>(Decimal::max_scale))
    return fail(Fault::invalid, "the decimal number has too many digits");
  return fit(TRY(power(base.units, exponent)), base.scale * static_cast<std::int64_t>(exponent));
}

int compare(const Decimal& a, const Decimal& b) {
  if (a.units.sign() != b.units.sign()) return a.units.sign() < b.units.sign() ? -1 : 1;
  const auto both = aligned(a, b);
  // Numbers so far apart that they cannot be aligned differ by their exponents.
  if (!both) return (a.scale < b.scale ? 1 : -1) * (a.units.sign() < 0 ? -1 : 1);
  return compare(both->first, both->second);
}

std::string floating_text(double number) { return java_text(number); }
std::string floating_text(float number) { return java_text(number); }

}  // namespace cupel::pipeline
