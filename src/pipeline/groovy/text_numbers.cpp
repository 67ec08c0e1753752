// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/text_methods.hpp"

namespace cupel::pipeline {
namespace {

tl::unexpected<Signal> no_number(std::string_view text) {
  return raise("java.lang.NumberFormatException", "For input string: \"{}\"", text);
}

Outcome<std::string> trimmed(MethodCall& call) {
  const auto text = TRY(call.own_text());
  return std::string(trim(text));
}

Outcome<Value> to_floating(MethodCall& call, bool single) {
  const auto text = TRY(trimmed(call));
  const auto number = parse_floating(text);
  if (!number)
    return text.empty() ? raise("java.lang.NumberFormatException", "empty String")
                        : no_number(text);
  return single ? Value::float_of(*number) : Value(*number);
}

Outcome<Value> to_decimal(MethodCall& call) {
  const auto text = TRY(trimmed(call));
  const auto number = decimal_number(text);
  if (!number)
    return raise("java.lang.NumberFormatException",
                 "Character array is missing \"exponent\" mark 'e' or 'E', or is no number: \"{}\"",
                 text);
  return *number;
}

Outcome<Value> to_big_integer(MethodCall& call) {
  const auto text = TRY(trimmed(call));
  auto number = BigInteger::parse(text);
  if (!number) return no_number(text);
  return Value(std::move(*number));
}

Outcome<Value> to_boolean(MethodCall& call) {
  const auto text = lower_case(TRY(trimmed(call)));
  return Value(text == "true" || text == "y" || text == "1");
}

template <Outcome<Value> (*Convert)(MethodCall&)>
Outcome<Value> is_kind(MethodCall& call) {
  const auto value = Convert(call);
  return Value(value.has_value());
}

Outcome<Value> to_integer(MethodCall& call) {
  return parse_whole(TRY(trimmed(call)), 10, Width::integer);
}
Outcome<Value> to_long(MethodCall& call) {
  return parse_whole(TRY(trimmed(call)), 10, Width::long_);
}
Outcome<Value> to_short(MethodCall& call) {
  return parse_whole(TRY(trimmed(call)), 10, Width::short_);
}
Outcome<Value> to_double(MethodCall& call) { return to_floating(call, false); }
Outcome<Value> to_float(MethodCall& call) { return to_floating(call, true); }

Outcome<Value> to_character(MethodCall& call) {
  return call.evaluator.cast(call.self, "java.lang.Character", call.context);
}

}  // namespace

Outcome<Value> parse_whole(std::string_view text, unsigned radix, Width width) {
  const auto number = BigInteger::parse(text, radix);
  if (!number || !number->fits_64()) return no_number(text);
  const auto low = number->low();
  if (width == Width::long_) return Value::long_of(low);
  const Value whole(Whole{low, width});
  if (long_of(narrowed(Value::long_of(low), width)) != low) {
    if (width == Width::integer) return no_number(text);
    return raise("java.lang.NumberFormatException", "Value out of range. Value:\"{}\" Radix:{}",
                 text, radix);
  }
  return whole;
}

void add_text_numbers(MethodTable& table) {
  table = {
      {"toInteger", {0, 0, to_integer}},
      {"toLong", {0, 0, to_long}},
      {"toShort", {0, 0, to_short}},
      {"toDouble", {0, 0, to_double}},
      {"toFloat", {0, 0, to_float}},
      {"toBigDecimal", {0, 0, to_decimal}},
      {"toBigInteger", {0, 0, to_big_integer}},
      {"toBoolean", {0, 0, to_boolean}},
      {"toCharacter", {0, 0, to_character}},
      {"isInteger", {0, 0, is_kind<to_integer>}},
      {"isLong", {0, 0, is_kind<to_long>}},
      {"isDouble", {0, 0, is_kind<to_double>}},
      {"isFloat", {0, 0, is_kind<to_float>}},
      {"isBigDecimal", {0, 0, is_kind<to_decimal>}},
      {"isNumber", {0, 0, is_kind<to_decimal>}},
      {"isBigInteger", {0, 0, is_kind<to_big_integer>}},
  };
}

}  // namespace cupel::pipeline
