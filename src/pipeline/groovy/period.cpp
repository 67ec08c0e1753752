// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/period.hpp"

#include <charconv>

#include "pipeline/groovy/java_classes.hpp"

namespace cupel::pipeline {
namespace {

using Parts = PeriodObject::Parts;
using Part = std::int64_t Parts::*;

bool is_int(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max();
}

const PeriodObject& self(MethodCall& call) {
  return static_cast<const PeriodObject&>(*call.self.object_here());
}
Parts parts(MethodCall& call) { return {self(call).years, self(call).months, self(call).days}; }

Outcome<std::int64_t> amount(std::int64_t number) {
  if (is_int(number)) return number;
  return raise("java.lang.ArithmeticException", "integer overflow");
}

template <Part Of>
Outcome<Value> part(MethodCall& call) {
  return Value(parts(call).*Of);
}

template <Part Of, int Sign>
Outcome<Value> plus_part(MethodCall& call) {
  auto sum = parts(call);
  sum.*Of += Sign * TRY(amount(TRY(call.integer(0))));
  return period_value(sum);
}

template <Part Of>
Outcome<Value> with_part(MethodCall& call) {
  auto changed = parts(call);
  changed.*Of = TRY(call.integer(0));
  return period_value(changed);
}

template <int Sign>
Outcome<Value> plus(MethodCall& call) {
  const auto* other = dynamic_cast<const PeriodObject*>(call[0].object_here());
  if (!other) return missing_method(call.self, Sign > 0 ? "plus" : "minus", call.arguments);
  const auto& own = self(call);
  return period_value({own.years + Sign * other->years, own.months + Sign * other->months,
                       own.days + Sign * other->days});
}

Outcome<Value> times(const PeriodObject& period, std::int64_t by) {
  return period_value({period.years * by, period.months * by, period.days * by});
}

Outcome<Value> normalized(MethodCall& call) {
  const auto months = self(call).total_months();
  return period_value({months / 12, months % 12, self(call).days});
}

const MethodTable& period_methods() {
  static const MethodTable table = {
      {"getYears", {0, 0, part<&Parts::years>}},
      {"getMonths", {0, 0, part<&Parts::months>}},
      {"getDays", {0, 0, part<&Parts::days>}},
      {"plusYears", {1, 1, plus_part<&Parts::years, 1>}},
      {"plusMonths", {1, 1, plus_part<&Parts::months, 1>}},
      {"plusDays", {1, 1, plus_part<&Parts::days, 1>}},
      {"minusYears", {1, 1, plus_part<&Parts::years, -1>}},
      {"minusMonths", {1, 1, plus_part<&Parts::months, -1>}},
      {"minusDays", {1, 1, plus_part<&Parts::days, -1>}},
      {"withYears", {1, 1, with_part<&Parts::years>}},
      {"withMonths", {1, 1, with_part<&Parts::months>}},
      {"withDays", {1, 1, with_part<&Parts::days>}},
      {"plus", {1, 1, plus<1>}},
      {"minus", {1, 1, plus<-1>}},
      {"multipliedBy",
       {1, 1,
        [](MethodCall& c) -> Outcome<Value> {
          return times(self(c), TRY(amount(TRY(c.integer(0)))));
        }}},
      {"negated", {0, 0, [](MethodCall& c) { return times(self(c), -1); }}},
      {"normalized", {0, 0, normalized}},
      {"toTotalMonths",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> { return Value::long_of(self(c).total_months()); }}},
      {"isZero",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(self(c).years == 0 && self(c).months == 0 && self(c).days == 0);
        }}},
      {"isNegative",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(self(c).years < 0 || self(c).months < 0 || self(c).days < 0);
        }}},
  };
  return table;
}

template <Part Of, int Times = 1>
Outcome<Value> of_part(StaticCall& call) {
  Parts made;
  made.*Of = TRY(amount(TRY(call.integer(0)))) * Times;
  return period_value(made);
}

Outcome<Value> of_parts(StaticCall& call) {
  return period_value({TRY(call.integer(0)), TRY(call.integer(1)), TRY(call.integer(2))});
}

Outcome<Value> between(StaticCall& call) {
  return period_between(*TRY(time_of(call.arguments[0])), *TRY(time_of(call.arguments[1])));
}

/// P1Y2M3W4D, each with a sign of its own.
Outcome<Value> parse(StaticCall& call) {
  const auto text = TRY(call.text(0));
  const auto wrong = [&] {
    return raise("java.time.format.DateTimeParseException", "Text cannot be parsed to a Period: {}",
                 text);
  };
  std::string_view rest = text;
  const bool minus = rest.starts_with('-');
  if (minus || rest.starts_with('+')) rest.remove_prefix(1);
  if (!rest.starts_with('P') || rest.size() < 3) return wrong();
  rest.remove_prefix(1);
  Parts made;
  std::string_view left = "YMWD";
  while (!rest.empty()) {
    if (rest.starts_with('+')) rest.remove_prefix(1);
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const auto digits = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || digits == rest.size()) return wrong();
    const auto unit = left.find(rest[digits]);
    if (unit == std::string_view::npos) return wrong();
    const auto count = std::int64_t{number} * (minus ? -1 : 1);
    if (rest[digits] == 'Y') made.years = count;
    if (rest[digits] == 'M') made.months = count;
    if (rest[digits] == 'W') made.days = count * 7;
    if (rest[digits] == 'D') made.days += count;
    left.remove_prefix(unit + 1);
    rest.remove_prefix(digits + 1);
  }
  return period_value(made);
}

}  // namespace

std::string PeriodObject::text() const {
  std::string text = "P";
  if (years != 0) text += fmt::format("{}Y", years);
  if (months != 0) text += fmt::format("{}M", months);
  if (days != 0) text += fmt::format("{}D", days);
  return text.size() == 1 ? "P0D" : text;
}

Outcome<bool> PeriodObject::equals(const Value& other) {
  const auto* period = dynamic_cast<const PeriodObject*>(other.object_here());
  return period && period->years == years && period->months == months && period->days == days;
}

Outcome<std::int32_t> PeriodObject::hash() { return hash_of(Value(text())); }

Outcome<Value> PeriodObject::get(const std::string& name, Context& context) {
  if (name == "years") return Value(years);
  if (name == "months") return Value(months);
  if (name == "days") return Value(days);
  return Object::get(name, context);
}

const Method* PeriodObject::method(std::string_view name) const {
  const auto found = period_methods().find(name);
  return found == period_methods().end() ? nullptr : &found->second;
}

Outcome<Value> period_value(PeriodObject::Parts parts) {
  for (const auto part : {parts.years, parts.months, parts.days}) TRY(amount(part));
  return Value(std::shared_ptr<Object>(std::make_shared<PeriodObject>(parts)));
}

Outcome<Value> period_between(const TimeObject& from, const TimeObject& to) {
  if (from.kind != TimeObject::Kind::date || to.kind != TimeObject::Kind::date)
    return raise("java.lang.IllegalArgumentException",
                 "two LocalDates are needed, not a {} and a {}", from.type_name(), to.type_name());
  const auto a = fields_of(from.moment), b = fields_of(to.moment);
  auto months = (b.year - a.year) * 12 + b.month - a.month;
  std::int64_t days = b.day - a.day;
  if (months > 0 && days < 0) {
    --months;
    const auto reached = TRY(moment_or_throw(plus_months(from.moment, months)));
    days = (to.moment.second - reached.second) / 86'400;
  } else if (months < 0 && days > 0) {
    ++months;
    days -= days_in_month(b.year, b.month);
  }
  return period_value({months / 12, months % 12, days});
}

std::span<const JavaClass> period_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.time.Period",
       .methods = {{"of", {3, 3, of_parts}},
                   {"ofYears", {1, 1, of_part<&Parts::years>}},
                   {"ofMonths", {1, 1, of_part<&Parts::months>}},
                   {"ofWeeks", {1, 1, of_part<&Parts::days, 7>}},
                   {"ofDays", {1, 1, of_part<&Parts::days>}},
                   {"between", {2, 2, between}},
                   {"parse", {1, 1, parse}}},
       .properties = {{"ZERO", [](StaticCall&) { return period_value({}); }}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
