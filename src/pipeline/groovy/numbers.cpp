// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/numbers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

enum class Kind { integer, long_, big_integer, decimal, floating };

Kind kind_of(const Value& number) {
  if (const auto* whole = number.as_whole())
    return whole->width == Width::long_ ? Kind::long_ : Kind::integer;
  if (number.as_floating()) return Kind::floating;
  return number.as_decimal() ? Kind::decimal : Kind::big_integer;
}

Value integer(std::int64_t wide) {
  return Value(Whole{static_cast<std::int32_t>(static_cast<std::uint64_t>(wide)), Width::integer});
}

tl::unexpected<Signal> no_division() {
  return raise("java.lang.ArithmeticException", "Division by zero");
}

tl::unexpected<Signal> cannot_use(std::string_view method, const Value& number) {
  return raise("java.lang.UnsupportedOperationException",
               "Cannot use {}() on this number type: {} with value: {}", method, number.type_name(),
               number_text(number));
}

/// A Result of a number too large is a limit, which no `catch` takes.
template <typename T>
Outcome<Value> limited(Result<T> result) {
  if (result) return Value(std::move(*result));
  return refuse("{}", result.error().text());
}

std::int64_t multiplied(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  static_cast<void>(__builtin_mul_overflow(a, b, &result));  // wraps
  return result;
}

Outcome<Value> with_longs(Op op, std::int64_t a, std::int64_t b, Kind kind) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  const auto made = [kind](std::uint64_t wide) {
    const auto number = static_cast<std::int64_t>(wide);
    return kind == Kind::long_ ? Value::long_of(number) : integer(number);
  };
  switch (op) {
    case Op::add: return made(x + y);
    case Op::subtract: return made(x - y);
    case Op::multiply: return made(static_cast<std::uint64_t>(multiplied(a, b)));
    case Op::remainder:
      if (b == 0) return raise("java.lang.ArithmeticException", "/ by zero");
      return made(static_cast<std::uint64_t>(b == -1 ? 0 : a % b));
    case Op::bit_and: return made(x & y);
    case Op::bit_or: return made(x | y);
    default: return made(x ^ y);
  }
}

Outcome<Value> with_big_integers(Op op, const BigInteger& a, const BigInteger& b) {
  switch (op) {
    case Op::add: return Value(add(a, b));
    case Op::subtract: return Value(subtract(a, b));
    case Op::multiply: return limited(multiply(a, b));
    case Op::remainder:
      if (b.sign() == 0) return raise("java.lang.ArithmeticException", "BigInteger divide by zero");
      return Value(remainder(a, b));
    case Op::bit_and: return Value(bit_and(a, b));
    case Op::bit_or: return Value(bit_or(a, b));
    default: return Value(bit_xor(a, b));
  }
}

Outcome<Value> with_doubles(Op op, double a, double b) {
  switch (op) {
    case Op::add: return Value(a + b);
    case Op::subtract: return Value(a - b);
    case Op::multiply: return Value(a * b);
    case Op::divide: return Value(a / b);
    default: return Value(std::fmod(a, b));
  }
}

Outcome<Value> with_decimals(Op op, const Decimal& a, const Decimal& b) {
  if (op == Op::add) return limited(add(a, b));
  if (op == Op::subtract) return limited(subtract(a, b));
  if (op == Op::multiply) return limited(multiply(a, b));
  if (b.is_zero()) return no_division();
  return limited(divide(a, b));
}

Outcome<Value> raised(const Value& base, const Value& exponent) {
  const auto* whole = exponent.as_whole();
  const auto kind = kind_of(base);
  if (whole && whole->width != Width::long_ && whole->number >= 0 && kind != Kind::floating) {
    const auto times = static_cast<std::uint64_t>(whole->number);
    if (kind == Kind::decimal) return limited(power(*base.as_decimal(), times));
    auto result = power(TRY(big_integer_of(base)), times);
    if (!result) return refuse("{}", result.error().text());
    if (kind == Kind::big_integer || !result->fits_64()) return Value(std::move(*result));
    const auto number = result->low();
    if (kind == Kind::long_) return Value::long_of(number);
    return number == static_cast<std::int32_t>(number) ? integer(number)
                                                       : Value(std::move(*result));
  }
  const double result = std::pow(floating_of(base), floating_of(exponent));
  if (result == std::trunc(result) && std::abs(result) < 9e18)
    return Value(static_cast<std::int64_t>(result));
  return Value(result);
}

Outcome<Value> shift(Op op, const Value& a, const Value& distance) {
  const auto far_kind = kind_of(distance);
  if (far_kind == Kind::decimal || far_kind == Kind::floating)
    return raise("java.lang.UnsupportedOperationException",
                 "Shift distance must be an integral type, but {} ({}) was supplied",
                 number_text(distance), distance.type_name());
  const auto far = int_of(distance);
  const auto kind = kind_of(a);
  if (kind == Kind::big_integer && op != Op::shift_right_unsigned)
    return limited(shifted(*a.as_big_integer(), op == Op::shift_left ? far : -std::int64_t{far}));
  if (kind != Kind::integer && kind != Kind::long_)
    return cannot_use(op == Op::shift_left    ? "leftShift"
                      : op == Op::shift_right ? "rightShift"
                                              : "rightShiftUnsigned",
                      a);
  const auto number = *a.as_integer();
  if (kind == Kind::long_) {
    const auto by = static_cast<unsigned>(far) & 63U;
    const auto bits = static_cast<std::uint64_t>(number);
    if (op == Op::shift_left) return Value::long_of(static_cast<std::int64_t>(bits << by));
    if (op == Op::shift_right) return Value::long_of(number >> by);
    return Value::long_of(static_cast<std::int64_t>(bits >> by));
  }
  const auto by = static_cast<unsigned>(far) & 31U;
  const auto bits = static_cast<std::uint32_t>(number);
  if (op == Op::shift_left) return integer(static_cast<std::int32_t>(bits << by));
  if (op == Op::shift_right) return integer(static_cast<std::int32_t>(number) >> by);
  return integer(static_cast<std::int32_t>(bits >> by));
}

std::string_view method_of(Op op) {
  if (op == Op::remainder) return "mod";
  if (op == Op::bit_and) return "and";
  return op == Op::bit_or ? "or" : "xor";
}

}  // namespace

Outcome<Value> calculate(Op op, const Value& a, const Value& b) {
  if (op == Op::power) return raised(a, b);
  if (op == Op::shift_left || op == Op::shift_right || op == Op::shift_right_unsigned)
    return shift(op, a, b);
  const auto kind = std::max(kind_of(a), kind_of(b));
  const bool bits = op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor;
  if (kind == Kind::floating) {
    if (bits) return cannot_use(method_of(op), a);
    return with_doubles(op, floating_of(a), floating_of(b));
  }
  if (kind == Kind::decimal && (bits || op == Op::remainder)) return cannot_use(method_of(op), a);
  if (kind == Kind::decimal || op == Op::divide)
    return with_decimals(op, TRY(decimal_of(a)), TRY(decimal_of(b)));
  if (kind == Kind::big_integer)
    return with_big_integers(op, TRY(big_integer_of(a)), TRY(big_integer_of(b)));
  return with_longs(op, *a.as_integer(), *b.as_integer(), kind);
}

Outcome<Value> whole_quotient(const Value& a, const Value& b) {
  const auto kind = std::max(kind_of(a), kind_of(b));
  if (kind >= Kind::decimal) return cannot_use("intdiv", a);
  if (is_zero(b)) return raise("java.lang.ArithmeticException", "/ by zero");
  if (kind == Kind::big_integer)
    return Value(quotient(TRY(big_integer_of(a)), TRY(big_integer_of(b))));
  const auto x = *a.as_integer();
  const auto y = *b.as_integer();
  const auto result = y == -1 ? multiplied(x, -1) : x / y;
  return kind == Kind::long_ ? Value::long_of(result) : integer(result);
}

Outcome<Value> negated(const Value& number) {
  if (const auto* floating = number.as_floating())
    return Value(Floating{-floating->number, floating->single});
  if (const auto* decimal = number.as_decimal()) return Value(decimal->negated());
  if (const auto* big = number.as_big_integer()) return Value(big->negated());
  return calculate(Op::subtract, integer(0), number);
}

Outcome<Value> complement(const Value& number) {
  if (const auto* big = number.as_big_integer()) return Value(big->complement());
  if (const auto* whole = number.as_whole())
    return whole->width == Width::long_ ? Value::long_of(~whole->number) : integer(~whole->number);
  return cannot_use("bitwiseNegate", number);
}

int numbers_compare(const Value& a, const Value& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.as_whole() && b.as_whole()) return order(*a.as_integer(), *b.as_integer());
  const auto kind = std::max(kind_of(a), kind_of(b));
  if (kind == Kind::floating) {
    const double x = floating_of(a), y = floating_of(b);
    // As Double.compare: NaN is above all.
    if (std::isnan(x) || std::isnan(y)) return order(std::isnan(x), std::isnan(y));
    return order(x, y);
  }
  const auto x = decimal_of(a);
  const auto y = decimal_of(b);
  return x && y ? compare(*x, *y) : 0;
}

bool numbers_equal(const Value& a, const Value& b) { return numbers_compare(a, b) == 0; }

bool is_zero(const Value& number) {
  if (const auto* whole = number.as_whole()) return whole->number == 0;
  if (const auto* floating = number.as_floating()) return floating->number == 0;
  if (const auto* decimal = number.as_decimal()) return decimal->is_zero();
  return number.as_big_integer()->sign() == 0;
}

std::string number_text(const Value& number) {
  if (const auto* whole = number.as_whole()) return std::to_string(whole->number);
  if (const auto* floating = number.as_floating())
    return floating->single ? floating_text(static_cast<float>(floating->number))
                            : floating_text(floating->number);
  if (const auto* decimal = number.as_decimal()) return decimal->text();
  return number.as_big_integer()->text();
}

double floating_of(const Value& number) {
  if (const auto* whole = number.as_whole()) return static_cast<double>(whole->number);
  if (const auto* floating = number.as_floating()) return floating->number;
  if (const auto* decimal = number.as_decimal()) return decimal->floating();
  return number.as_big_integer()->floating();
}

Outcome<Decimal> decimal_of(const Value& number) {
  if (const auto* whole = number.as_whole()) return Decimal::of(whole->number);
  if (const auto* decimal = number.as_decimal()) return *decimal;
  if (const auto* big = number.as_big_integer()) return Decimal::of(*big);
  auto decimal = Decimal::parse(number_text(number));
  if (!decimal) return raise("java.lang.NumberFormatException", "Infinite or NaN");
  return std::move(*decimal);
}

Outcome<BigInteger> big_integer_of(const Value& number) {
  if (const auto* whole = number.as_whole()) return BigInteger(whole->number);
  if (const auto* big = number.as_big_integer()) return *big;
  if (const auto* decimal = number.as_decimal()) return decimal->big_whole();
  auto big = BigInteger::of(number.as_floating()->number);
  if (!big) return raise("java.lang.NumberFormatException", "Infinite or NaN");
  return std::move(*big);
}

std::int64_t long_of(const Value& number) {
  if (const auto* whole = number.as_whole()) return whole->number;
  if (const auto* decimal = number.as_decimal()) return decimal->whole();
  if (const auto* big = number.as_big_integer()) return big->low();
  const double value = number.as_floating()->number;
  if (std::isnan(value)) return 0;
  if (value >= 9223372036854775807.0) return std::numeric_limits<std::int64_t>::max();
  if (value <= -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

std::int32_t int_of(const Value& number) {
  if (const auto* floating = number.as_floating()) {
    if (floating->number >= 2147483647.0) return std::numeric_limits<std::int32_t>::max();
    if (floating->number <= -2147483648.0) return std::numeric_limits<std::int32_t>::min();
  }
  return static_cast<std::int32_t>(static_cast<std::uint64_t>(long_of(number)));
}

Value narrowed(const Value& number, Width width) {
  if (width == Width::long_) return Value::long_of(long_of(number));
  const auto whole = int_of(number);
  if (width == Width::integer) return integer(whole);
  if (width == Width::short_) return Value(Whole{static_cast<std::int16_t>(whole), width});
  return Value(Whole{static_cast<std::int8_t>(whole), width});
}

}  // namespace cupel::pipeline
