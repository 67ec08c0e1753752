// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cmath>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

/// A character counts by its code.
Value number(const Value& value) {
  if (const auto* character = value.as_character())
    return Value(static_cast<std::int64_t>(character->code));
  return value;
}

template <Op op>
Outcome<Value> operate(MethodCall& call) {
  const auto right = number(call[0]);
  if (!right.is_number()) {
    if (op == Op::add && right.is_text())
      return call.text_value(TRY(call.own_text()) + TRY(call.text(0)));
    return missing_method(call.self, "plus", call.arguments);
  }
  return calculate(op, number(call.self), right);
}

Outcome<Value> int_div(MethodCall& call) {
  if (!call[0].is_number()) return missing_method(call.self, "intdiv", call.arguments);
  return whole_quotient(number(call.self), call[0]);
}

Outcome<Value> times(MethodCall& call) {
  const auto count = long_of(call.self);
  for (std::int64_t i = 0; i < count; ++i) TRY(call.apply({Value(i)}));
  return Value();
}

enum class Way { up, down };
Outcome<Value> count_to(MethodCall& call, Way way) {
  const int sign = way == Way::up ? 1 : -1;
  if (!call[0].is_number()) return missing_method(call.self, "upto", call.arguments);
  if (numbers_compare(call.self, call[0]) * sign > 0)
    return raise("groovy.lang.GroovyRuntimeException",
                 "The argument ({}) to {}() cannot be {} than the value ({}) it's called on.",
                 number_text(call[0]), way == Way::up ? "upto" : "downto",
                 way == Way::up ? "less" : "greater", number_text(call.self));
  for (auto i = number(call.self); numbers_compare(i, call[0]) * sign <= 0;
       i = TRY(calculate(Op::add, i, Value(sign))))
    TRY(call.apply({i}));
  return Value();
}

Outcome<Value> step(MethodCall& call) {
  if (!call[0].is_number() || !call[1].is_number() || is_zero(call[1]))
    return raise("groovy.lang.GroovyRuntimeException", "Infinite loop in {}.step({}, {})",
                 number_text(call.self), TRY(call.text(0)), TRY(call.text(1)));
  const int sign = numbers_compare(call[1], Value(0)) > 0 ? 1 : -1;
  for (auto i = number(call.self); numbers_compare(i, call[0]) * sign < 0;
       i = TRY(calculate(Op::add, i, call[1])))
    TRY(call.apply({i}));
  return Value();
}

Outcome<Value> absolute(MethodCall& call) {
  return numbers_compare(call.self, Value(0)) < 0 ? negated(call.self) : Outcome<Value>(call.self);
}

/// round(), round(places), trunc(places), ceil, floor of Double and BigDecimal.
Outcome<Value> rounded(MethodCall& call, Rounding rounding, bool long_result) {
  const auto places = call.count() == 1 ? TRY(call.integer(0)) : 0;
  if (const auto* floating = call.self.as_floating()) {
    if (call.count() == 0 && long_result) {
      return Value::long_of(long_of(Value(std::floor(floating->number + 0.5))));
    }
    if (!std::isfinite(floating->number)) return call.self;
    const auto decimal = TRY(decimal_of(call.self));
    return Value(TRY(Outcome<Decimal>(decimal.rounded(places, rounding))).floating());
  }
  if (const auto* decimal = call.self.as_decimal())
    return Value(TRY(Outcome<Decimal>(decimal->rounded(places, rounding))));
  return call.self;
}

Outcome<Value> to_decimal(MethodCall& call) { return Value(TRY(decimal_of(number(call.self)))); }
Outcome<Value> to_big_integer(MethodCall& call) {
  return Value(TRY(big_integer_of(number(call.self))));
}

Outcome<Value> set_scale(MethodCall& call) {
  const auto decimal = TRY(decimal_of(call.self));
  auto rounding = Rounding::unnecessary;
  if (call.count() == 2) rounding = TRY(rounding_of(call[1]));
  auto scaled = decimal.rounded(TRY(call.integer(0)), rounding);
  if (!scaled) return raise("java.lang.ArithmeticException", "Rounding necessary");
  return Value(std::move(*scaled));
}

Outcome<Value> compare_to(MethodCall& call) {
  return Value(std::int64_t{TRY(compare_values(call.self, call[0]))});
}

Outcome<Value> bit_count(MethodCall& call) {
  const auto* whole = call.self.as_whole();
  if (!whole) return missing_method(call.self, "bitCount", call.arguments);
  const auto bits = whole->width == Width::long_
                        ? static_cast<std::uint64_t>(whole->number)
                        : static_cast<std::uint32_t>(static_cast<std::int32_t>(whole->number));
  return Value(std::popcount(bits));
}

Outcome<Value> signum(MethodCall& call) { return Value(numbers_compare(call.self, Value(0))); }

Outcome<Value> powered(MethodCall& call) {
  return calculate(Op::power, number(call.self), number(call[0]));
}

Outcome<Value> with_digits(MethodCall& call) {
  const auto* decimal = call.self.as_decimal();
  if (!decimal) return missing_method(call.self, "stripTrailingZeros", call.arguments);
  return Value(decimal->stripped());
}

Outcome<Value> plain_text(MethodCall& call) {
  const auto decimal = TRY(decimal_of(call.self));
  return call.text_value(TRY(Outcome<std::string>(decimal.plain_text())));
}

enum class Property { scale, precision, units };
Outcome<Value> decimal_property(MethodCall& call, Property property) {
  const auto decimal = TRY(decimal_of(call.self));
  if (property == Property::scale) return Value(decimal.scale);
  if (property == Property::precision) return Value(decimal.precision());
  return Value(decimal.units);
}

Outcome<Value> extreme(MethodCall& call, int wanted) {
  return TRY(compare_values(call[0], call.self)) * wanted > 0 ? call[0] : call.self;
}

Outcome<Value> negate(MethodCall& call) { return negated(number(call.self)); }

}  // namespace

Outcome<Rounding> rounding_of(const Value& value) {
  if (const auto* number = value.as_integer()) {
    static constexpr std::array modes = {
        Rounding::up,      Rounding::down,      Rounding::ceiling,   Rounding::floor,
        Rounding::half_up, Rounding::half_down, Rounding::half_even, Rounding::unnecessary};
    if (*number >= 0 && *number < static_cast<std::int64_t>(modes.size()))
      return modes[static_cast<std::size_t>(*number)];
  }
  static const std::unordered_map<std::string_view, Rounding> names = {
      {"UP", Rounding::up},
      {"DOWN", Rounding::down},
      {"CEILING", Rounding::ceiling},
      {"FLOOR", Rounding::floor},
      {"HALF_UP", Rounding::half_up},
      {"HALF_DOWN", Rounding::half_down},
      {"HALF_EVEN", Rounding::half_even},
      {"UNNECESSARY", Rounding::unnecessary}};
  const auto name = TRY(text_of(value));
  const auto found = names.find(name);
  if (found == names.end())
    return raise("java.lang.IllegalArgumentException", "Invalid rounding mode: {}", name);
  return found->second;
}

void add_number_methods(MethodTable& table) {
  table = {
      {"times", {1, 1, times}},
      {"upto", {2, 2, [](MethodCall& c) { return count_to(c, Way::up); }}},
      {"downto", {2, 2, [](MethodCall& c) { return count_to(c, Way::down); }}},
      {"step", {3, 3, step}},
      {"abs", {0, 0, absolute}},
      {"intdiv", {1, 1, int_div}},
      {"plus", {1, 1, operate<Op::add>}},
      {"add", {1, 1, operate<Op::add>}},
      {"minus", {1, 1, operate<Op::subtract>}},
      {"subtract", {1, 1, operate<Op::subtract>}},
      {"multiply", {1, 1, operate<Op::multiply>}},
      {"div", {1, 1, operate<Op::divide>}},
      {"divide", {1, 1, operate<Op::divide>}},
      {"mod", {1, 1, operate<Op::remainder>}},
      {"remainder", {1, 1, operate<Op::remainder>}},
      {"power", {1, 1, powered}},
      {"pow", {1, 1, powered}},
      {"and", {1, 1, operate<Op::bit_and>}},
      {"or", {1, 1, operate<Op::bit_or>}},
      {"xor", {1, 1, operate<Op::bit_xor>}},
      {"leftShift", {1, 1, operate<Op::shift_left>}},
      {"rightShift", {1, 1, operate<Op::shift_right>}},
      {"negative", {0, 0, negate}},
      {"negate", {0, 0, negate}},
      {"unaryMinus", {0, 0, negate}},
      {"next", {0, 0, [](MethodCall& c) { return calculate(Op::add, number(c.self), Value(1)); }}},
      {"previous",
       {0, 0, [](MethodCall& c) { return calculate(Op::subtract, number(c.self), Value(1)); }}},
      {"round", {0, 1, [](MethodCall& c) { return rounded(c, Rounding::half_up, true); }}},
      {"trunc", {0, 1, [](MethodCall& c) { return rounded(c, Rounding::down, false); }}},
      {"ceil", {0, 1, [](MethodCall& c) { return rounded(c, Rounding::ceiling, false); }}},
      {"floor", {0, 1, [](MethodCall& c) { return rounded(c, Rounding::floor, false); }}},
      {"setScale", {1, 2, set_scale}},
      {"stripTrailingZeros", {0, 0, with_digits}},
      {"toPlainString", {0, 0, plain_text}},
      {"scale", {0, 0, [](MethodCall& c) { return decimal_property(c, Property::scale); }}},
      {"precision", {0, 0, [](MethodCall& c) { return decimal_property(c, Property::precision); }}},
      {"unscaledValue", {0, 0, [](MethodCall& c) { return decimal_property(c, Property::units); }}},
      {"toInteger",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::integer); }}},
      {"intValue",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::integer); }}},
      {"toLong",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::long_); }}},
      {"longValue",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::long_); }}},
      {"shortValue",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::short_); }}},
      {"byteValue",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return narrowed(number(c.self), Width::byte_); }}},
      {"toDouble",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(floating_of(number(c.self))); }}},
      {"doubleValue",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(floating_of(number(c.self))); }}},
      {"toFloat",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::float_of(floating_of(number(c.self)));
        }}},
      {"floatValue",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::float_of(floating_of(number(c.self)));
        }}},
      {"toBigDecimal", {0, 0, to_decimal}},
      {"toBigInteger", {0, 0, to_big_integer}},
      {"compareTo", {1, 1, compare_to}},
      {"bitCount", {0, 0, bit_count}},
      {"bitwiseNegate", {0, 0, [](MethodCall& c) { return complement(number(c.self)); }}},
      {"signum", {0, 0, signum}},
      {"max", {1, 1, [](MethodCall& c) { return extreme(c, 1); }}},
      {"min", {1, 1, [](MethodCall& c) { return extreme(c, -1); }}},
      {"isNaN",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value(std::isnan(floating_of(c.self))); }}},
      {"isInfinite",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value(std::isinf(floating_of(c.self))); }}},
      {"toChar",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(Character{static_cast<char32_t>(long_of(number(c.self)))});
        }}},
  };
}

}  // namespace cupel::pipeline
