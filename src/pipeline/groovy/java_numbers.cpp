// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;

Outcome<double> floating(StaticCall& call, std::size_t i) {
  if (call.arguments[i].is_number()) return floating_of(call.arguments[i]);
  return raise("java.lang.IllegalArgumentException", "a number is needed, not a {}",
               call.arguments[i].type_name());
}

template <double (*Function)(double)>
Outcome<Value> of_double(StaticCall& call) {
  return Value(Function(TRY(floating(call, 0))));
}

Outcome<Value> extreme(StaticCall& call, int wanted) {
  const auto &a = call.arguments[0], &b = call.arguments[1];
  if (!a.is_number() || !b.is_number())
    return raise("java.lang.IllegalArgumentException", "numbers are needed");
  return numbers_compare(a, b) * wanted >= 0 ? a : b;
}

Outcome<Value> absolute(StaticCall& call) {
  const auto& value = call.arguments[0];
  if (!value.is_number()) return raise("java.lang.IllegalArgumentException", "a number is needed");
  return numbers_compare(value, Value(0)) < 0 ? negated(value) : Outcome<Value>(value);
}

Outcome<Value> rounded(StaticCall& call) {
  const auto number = TRY(floating(call, 0));
  const auto* kind = call.arguments[0].as_floating();
  const auto whole = std::floor(number + 0.5);
  if (kind && kind->single) return narrowed(Value(whole), Width::integer);
  return Value::long_of(long_of(Value(whole)));
}

Outcome<Value> floor_mod(StaticCall& call) {
  const auto a = TRY(call.integer(0)), b = TRY(call.integer(1));
  if (b == 0) return raise("java.lang.ArithmeticException", "/ by zero");
  const auto rest = b == -1 ? 0 : a % b;
  return Value(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest);
}
Outcome<Value> floor_div(StaticCall& call) {
  const auto a = TRY(call.integer(0)), b = TRY(call.integer(1));
  if (b == 0) return raise("java.lang.ArithmeticException", "/ by zero");
  if (b == -1) return negated(call.arguments[0]);
  return Value(a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0));
}

template <Op op>
Outcome<Value> exact(StaticCall& call) {
  const auto &a = call.arguments[0], &b = call.arguments[1];
  const auto result =
      TRY(calculate(op, Value(TRY(big_integer_of(a))), Value(TRY(big_integer_of(b)))));
  const auto wrapped = TRY(calculate(op, a, b));
  if (!numbers_equal(result, wrapped))
    return raise("java.lang.ArithmeticException", "integer overflow");
  return wrapped;
}

template <Width width>
Outcome<Value> parse(StaticCall& call) {
  if (call.arguments[0].is_number()) return narrowed(call.arguments[0], width);
  if (call.arguments[0].is_null())
    return raise("java.lang.NumberFormatException", "Cannot parse null string: null");
  const auto radix = call.count() == 2 ? TRY(call.integer(1)) : 10;
  if (radix < 2 || radix > 36)
    return raise("java.lang.NumberFormatException", "radix {} is not from 2 to 36", radix);
  return parse_whole(TRY(call.text(0)), static_cast<unsigned>(radix), width);
}

template <unsigned Radix, Width width>
Outcome<Value> unsigned_text(StaticCall& call) {
  const auto number = TRY(call.integer(0));
  const auto bits = width == Width::long_ ? static_cast<std::uint64_t>(number)
                                          : static_cast<std::uint32_t>(number);
  auto big = BigInteger(static_cast<std::int64_t>(bits >> 1U));
  big = add(add(big, big), BigInteger(static_cast<std::int64_t>(bits & 1U)));
  return Value(big.text(Radix));
}

Outcome<Value> text_in_radix(StaticCall& call) {
  const auto radix = call.count() == 2 ? TRY(call.integer(1)) : 10;
  return Value(BigInteger(TRY(call.integer(0))).text(static_cast<unsigned>(radix)));
}

Outcome<Value> compared(StaticCall& call) {
  return Value(std::int64_t{TRY(compare_values(call.arguments[0], call.arguments[1]))});
}
Outcome<Value> added(StaticCall& call) {
  return calculate(Op::add, call.arguments[0], call.arguments[1]);
}

Outcome<Value> bit_count(StaticCall& call) {
  const auto number = TRY(call.integer(0));
  const auto* whole = call.arguments[0].as_whole();
  return Value(whole && whole->width == Width::long_
                   ? std::popcount(static_cast<std::uint64_t>(number))
                   : std::popcount(static_cast<std::uint32_t>(number)));
}

Outcome<Value> parse_double(StaticCall& call) {
  if (call.arguments[0].is_number()) return Value(floating_of(call.arguments[0]));
  const auto text = TRY(call.text(0));
  const auto number = parse_floating(text);
  if (!number)
    return text.empty()
               ? raise("java.lang.NumberFormatException", "empty String")
               : raise("java.lang.NumberFormatException", "For input string: \"{}\"", text);
  return Value(*number);
}

Outcome<Value> parse_float(StaticCall& call) {
  return Value::float_of(floating_of(TRY(parse_double(call))));
}

Outcome<Value> parse_boolean(StaticCall& call) {
  if (const auto* flag = call.arguments[0].as_flag()) return Value(*flag);
  if (call.arguments[0].is_null()) return Value(false);
  return Value(lower_case(TRY(call.text(0))) == "true");
}

Outcome<Value> new_decimal(StaticCall& call) {
  const auto& value = call.arguments[0];
  if (value.is_number()) return Value(TRY(decimal_of(value)));
  const auto text = TRY(call.text(0));
  const auto number = decimal_number(text);
  if (!number) return raise("java.lang.NumberFormatException", "'{}' is no decimal number", text);
  return *number;
}

Outcome<Value> new_big_integer(StaticCall& call) {
  const auto& value = call.arguments[0];
  if (value.is_number()) return Value(TRY(big_integer_of(value)));
  const auto radix = call.count() == 2 ? TRY(call.integer(1)) : 10;
  const auto text = TRY(call.text(0));
  auto number = BigInteger::parse(text, static_cast<unsigned>(radix));
  if (!number) return raise("java.lang.NumberFormatException", "For input string: \"{}\"", text);
  return Value(std::move(*number));
}

template <std::int64_t Number>
Outcome<Value> whole_constant(StaticCall&) {
  return Value(Number);
}
template <std::int64_t Number>
Outcome<Value> decimal_constant(StaticCall&) {
  return Value(Decimal::of(BigInteger(Number)));
}
template <std::int64_t Number>
Outcome<Value> big_constant(StaticCall&) {
  return Value(BigInteger(Number));
}

Outcome<char32_t> character(StaticCall& call) {
  const auto& value = call.arguments[0];
  if (const auto* one = value.as_character()) return one->code;
  if (const auto* code = value.as_integer()) return static_cast<char32_t>(*code);
  const auto text = TRY(call.text(0));
  if (text.empty()) return raise("java.lang.IllegalArgumentException", "a character is needed");
  std::size_t at = 0;
  return next_character(text, at);
}
template <bool (*Is)(char32_t)>
Outcome<Value> character_is(StaticCall& call) {
  return Value(Is(TRY(character(call))));
}
Outcome<Value> numeric_value(StaticCall& call) {
  const auto c = TRY(character(call));
  if (c >= '0' && c <= '9') return Value(static_cast<int>(c - '0'));
  if (c >= 'a' && c <= 'z') return Value(static_cast<int>(c - 'a') + 10);
  if (c >= 'A' && c <= 'Z') return Value(static_cast<int>(c - 'A') + 10);
  return Value(-1);
}
Outcome<Value> changed(StaticCall& call, std::string (*change)(std::string_view)) {
  const auto text = change(utf8(TRY(character(call))));
  std::size_t at = 0;
  return Value(Character{next_character(text, at)});
}

}  // namespace

std::span<const JavaClass> number_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.lang.Math",
       .methods = {{"max", {2, 2, [](StaticCall& c) { return extreme(c, 1); }}},
                   {"min", {2, 2, [](StaticCall& c) { return extreme(c, -1); }}},
                   {"abs", {1, 1, absolute}},
                   {"round", {1, 1, rounded}},
                   {"floor", {1, 1, of_double<std::floor>}},
                   {"ceil", {1, 1, of_double<std::ceil>}},
                   {"rint", {1, 1, of_double<std::nearbyint>}},
                   {"sqrt", {1, 1, of_double<std::sqrt>}},
                   {"cbrt", {1, 1, of_double<std::cbrt>}},
                   {"log", {1, 1, of_double<std::log>}},
                   {"log10", {1, 1, of_double<std::log10>}},
                   {"exp", {1, 1, of_double<std::exp>}},
                   {"sin", {1, 1, of_double<std::sin>}},
                   {"cos", {1, 1, of_double<std::cos>}},
                   {"tan", {1, 1, of_double<std::tan>}},
                   {"signum",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       const auto number = TRY(floating(c, 0));
                       return Value(number > 0 ? 1.0 : number < 0 ? -1.0 : number);
                     }}},
                   {"pow",
                    {2, 2,
                     [](StaticCall& c) -> Outcome<Value> {
                       return Value(std::pow(TRY(floating(c, 0)), TRY(floating(c, 1))));
                     }}},
                   {"hypot",
                    {2, 2,
                     [](StaticCall& c) -> Outcome<Value> {
                       return Value(std::hypot(TRY(floating(c, 0)), TRY(floating(c, 1))));
                     }}},
                   {"floorMod", {2, 2, floor_mod}},
                   {"floorDiv", {2, 2, floor_div}},
                   {"addExact", {2, 2, exact<Op::add>}},
                   {"subtractExact", {2, 2, exact<Op::subtract>}},
                   {"multiplyExact", {2, 2, exact<Op::multiply>}},
                   {"random",
                    {0, 0,
                     [](StaticCall&) -> Outcome<Value> {
                       return refuse(
                           "Math.random() is not supported; use new Random().nextDouble()");
                     }}}},
       .properties = {{"PI", [](StaticCall&) -> Outcome<Value> { return Value(std::numbers::pi); }},
                      {"E", [](StaticCall&) -> Outcome<Value> { return Value(std::numbers::e); }}}},
      {.name = "java.lang.Integer",
       .construct = {1, 1, parse<Width::integer>},
       .methods = {{"parseInt", {1, 2, parse<Width::integer>}},
                   {"valueOf", {1, 2, parse<Width::integer>}},
                   {"decode", {1, 1, parse<Width::integer>}},
                   {"toString", {1, 2, text_in_radix}},
                   {"toBinaryString", {1, 1, unsigned_text<2, Width::integer>}},
                   {"toHexString", {1, 1, unsigned_text<16, Width::integer>}},
                   {"toOctalString", {1, 1, unsigned_text<8, Width::integer>}},
                   {"compare", {2, 2, compared}},
                   {"sum", {2, 2, added}},
                   {"max", {2, 2, [](StaticCall& c) { return extreme(c, 1); }}},
                   {"min", {2, 2, [](StaticCall& c) { return extreme(c, -1); }}},
                   {"bitCount", {1, 1, bit_count}}},
       .properties = {{"MAX_VALUE", whole_constant<std::numeric_limits<std::int32_t>::max()>},
                      {"MIN_VALUE", whole_constant<std::numeric_limits<std::int32_t>::min()>}}},
      {.name = "java.lang.Long",
       .construct = {1, 1, parse<Width::long_>},
       .methods = {{"parseLong", {1, 2, parse<Width::long_>}},
                   {"valueOf", {1, 2, parse<Width::long_>}},
                   {"decode", {1, 1, parse<Width::long_>}},
                   {"toString", {1, 2, text_in_radix}},
                   {"toBinaryString", {1, 1, unsigned_text<2, Width::long_>}},
                   {"toHexString", {1, 1, unsigned_text<16, Width::long_>}},
                   {"compare", {2, 2, compared}},
                   {"max", {2, 2, [](StaticCall& c) { return extreme(c, 1); }}},
                   {"min", {2, 2, [](StaticCall& c) { return extreme(c, -1); }}},
                   {"bitCount", {1, 1, bit_count}}},
       .properties = {{"MAX_VALUE", whole_constant<std::numeric_limits<std::int64_t>::max()>},
                      {"MIN_VALUE", whole_constant<std::numeric_limits<std::int64_t>::min()>}}},
      {.name = "java.lang.Double",
       .construct = {1, 1, parse_double},
       .methods = {{"parseDouble", {1, 1, parse_double}},
                   {"valueOf", {1, 1, parse_double}},
                   {"compare", {2, 2, compared}},
                   {"toString",
                    {1, 1,
                     [](StaticCall& c)
                         -> Outcome<Value> { return Value(floating_text(TRY(floating(c, 0)))); }}},
                   {"isNaN",
                    {1, 1,
                     [](StaticCall& c)
                         -> Outcome<Value> { return Value(std::isnan(TRY(floating(c, 0)))); }}}},
       .properties =
           {{"MAX_VALUE",
             [](StaticCall&)
                 -> Outcome<Value> { return Value(std::numeric_limits<double>::max()); }},
            {"MIN_VALUE",
             [](StaticCall&)
                 -> Outcome<Value> { return Value(std::numeric_limits<double>::denorm_min()); }},
            {"NaN",
             [](StaticCall&)
                 -> Outcome<Value> { return Value(std::numeric_limits<double>::quiet_NaN()); }},
            {"POSITIVE_INFINITY",
             [](StaticCall&)
                 -> Outcome<Value> { return Value(std::numeric_limits<double>::infinity()); }},
            {"NEGATIVE_INFINITY",
             [](StaticCall&)
                 -> Outcome<Value> { return Value(-std::numeric_limits<double>::infinity()); }}}},
      {.name = "java.lang.Float",
       .construct = {1, 1, parse_float},
       .methods = {{"parseFloat", {1, 1, parse_float}}, {"valueOf", {1, 1, parse_float}}}},
      {.name = "java.lang.Short",
       .methods = {{"parseShort", {1, 2, parse<Width::short_>}},
                   {"valueOf", {1, 2, parse<Width::short_>}}}},
      {.name = "java.lang.Byte",
       .methods = {{"parseByte", {1, 2, parse<Width::byte_>}},
                   {"valueOf", {1, 2, parse<Width::byte_>}}}},
      {.name = "java.lang.Boolean",
       .construct = {1, 1, parse_boolean},
       .methods = {{"parseBoolean", {1, 1, parse_boolean}},
                   {"valueOf", {1, 1, parse_boolean}},
                   {"toString",
                    {1, 1, [](StaticCall& c) -> Outcome<Value> { return Value(TRY(c.text(0))); }}}},
       .properties = {{"TRUE", [](StaticCall&) -> Outcome<Value> { return Value(true); }},
                      {"FALSE", [](StaticCall&) -> Outcome<Value> { return Value(false); }}}},
      {.name = "java.math.BigDecimal",
       .construct = {1, 1, new_decimal},
       .methods = {{"valueOf", {1, 1, new_decimal}}},
       .properties = {{"ZERO", decimal_constant<0>},
                      {"ONE", decimal_constant<1>},
                      {"TEN", decimal_constant<10>},
                      {"ROUND_UP", whole_constant<0>},
                      {"ROUND_DOWN", whole_constant<1>},
                      {"ROUND_CEILING", whole_constant<2>},
                      {"ROUND_FLOOR", whole_constant<3>},
                      {"ROUND_HALF_UP", whole_constant<4>},
                      {"ROUND_HALF_DOWN", whole_constant<5>},
                      {"ROUND_HALF_EVEN", whole_constant<6>},
                      {"ROUND_UNNECESSARY", whole_constant<7>}}},
      {.name = "java.math.RoundingMode",
       .properties = {{"UP", [](StaticCall&) -> Outcome<Value> { return Value("UP"); }},
                      {"DOWN", [](StaticCall&) -> Outcome<Value> { return Value("DOWN"); }},
                      {"CEILING", [](StaticCall&) -> Outcome<Value> { return Value("CEILING"); }},
                      {"FLOOR", [](StaticCall&) -> Outcome<Value> { return Value("FLOOR"); }},
                      {"HALF_UP", [](StaticCall&) -> Outcome<Value> { return Value("HALF_UP"); }},
                      {"HALF_DOWN",
                       [](StaticCall&) -> Outcome<Value> { return Value("HALF_DOWN"); }},
                      {"HALF_EVEN",
                       [](StaticCall&) -> Outcome<Value> { return Value("HALF_EVEN"); }}}},
      {.name = "java.math.BigInteger",
       .construct = {1, 2, new_big_integer},
       .methods = {{"valueOf", {1, 1, new_big_integer}}},
       .properties = {{"ZERO", big_constant<0>},
                      {"ONE", big_constant<1>},
                      {"TEN", big_constant<10>}}},
      {.name = "java.lang.Character",
       .methods = {{"isDigit", {1, 1, character_is<is_digit>}},
                   {"isLetter", {1, 1, character_is<is_letter>}},
                   {"isAlphabetic", {1, 1, character_is<is_letter>}},
                   {"isLetterOrDigit", {1, 1, character_is<is_letter_or_digit>}},
                   {"isWhitespace", {1, 1, character_is<is_white_space>}},
                   {"isUpperCase", {1, 1, character_is<is_upper>}},
                   {"isLowerCase", {1, 1, character_is<is_lower>}},
                   {"getNumericValue", {1, 1, numeric_value}},
                   {"toUpperCase", {1, 1, [](StaticCall& c) { return changed(c, upper_case); }}},
                   {"toLowerCase", {1, 1, [](StaticCall& c) { return changed(c, lower_case); }}},
                   {"toString",
                    {1, 1,
                     [](StaticCall& c)
                         -> Outcome<Value> { return Value(utf8(TRY(character(c)))); }}},
                   {"valueOf",
                    {1, 1,
                     [](StaticCall& c)
                         -> Outcome<Value> { return Value(Character{TRY(character(c))}); }}}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
