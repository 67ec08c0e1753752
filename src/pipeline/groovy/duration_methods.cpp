// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/time_values.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t max_amount = 1'000'000'000'000'000;

const DurationObject& duration(MethodCall& call) {
  return static_cast<const DurationObject&>(*call.self.object_here());
}
const DateFormatObject& date_format(MethodCall& call) {
  return static_cast<const DateFormatObject&>(*call.self.object_here());
}

Outcome<std::int64_t> amount(MethodCall& call, std::size_t i) {
  const auto number = TRY(call.integer(i));
  if (number > max_amount || number < -max_amount)
    return raise("java.lang.ArithmeticException", "long overflow");
  return number;
}

template <std::int64_t Seconds>
Outcome<Value> in_units(MethodCall& call) {
  return Value::long_of(duration(call).seconds / Seconds);
}
template <std::int64_t Seconds, std::int64_t Of>
Outcome<Value> part(MethodCall& call) {
  return Value(duration(call).seconds / Seconds % Of);
}

template <std::int64_t Seconds, int Sign>
Outcome<Value> plus_seconds(MethodCall& call) {
  return duration_value(duration(call).seconds + TRY(amount(call, 0)) * Seconds * Sign,
                        duration(call).nanos);
}
template <int Sign>
Outcome<Value> plus(MethodCall& call) {
  const auto* other = dynamic_cast<const DurationObject*>(call[0].object_here());
  if (!other) return missing_method(call.self, "plus", call.arguments);
  return duration_value(duration(call).seconds + other->seconds * Sign,
                        duration(call).nanos + std::int64_t{other->nanos} * Sign);
}

Outcome<Value> multiplied(MethodCall& call) {
  const auto by = TRY(amount(call, 0));
  std::int64_t seconds = 0;
  if (__builtin_mul_overflow(duration(call).seconds, by, &seconds) || by > billion)
    return raise("java.lang.ArithmeticException", "long overflow");
  return duration_value(seconds, duration(call).nanos * by);
}

Outcome<Value> divided(MethodCall& call) {
  const auto by = TRY(amount(call, 0));
  if (by == 0) return raise("java.lang.ArithmeticException", "Cannot divide by zero");
  const auto rest = duration(call).seconds % by;
  return duration_value(duration(call).seconds / by, (rest * billion + duration(call).nanos) / by);
}

Outcome<Value> millis(MethodCall& call) {
  return Value::long_of(duration(call).seconds * 1000 + duration(call).nanos / 1'000'000);
}

const MethodTable& duration_methods() {
  static const MethodTable table = {
      {"toMillis", {0, 0, millis}},
      {"toNanos",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::long_of(duration(c).seconds * billion + duration(c).nanos);
        }}},
      {"getSeconds", {0, 0, in_units<1>}},
      {"toSeconds", {0, 0, in_units<1>}},
      {"toMinutes", {0, 0, in_units<60>}},
      {"toHours", {0, 0, in_units<3600>}},
      {"toDays", {0, 0, in_units<86'400>}},
      {"toSecondsPart", {0, 0, part<1, 60>}},
      {"toMinutesPart", {0, 0, part<60, 60>}},
      {"toHoursPart", {0, 0, part<3600, 24>}},
      {"plus", {1, 1, plus<1>}},
      {"minus", {1, 1, plus<-1>}},
      {"plusSeconds", {1, 1, plus_seconds<1, 1>}},
      {"minusSeconds", {1, 1, plus_seconds<1, -1>}},
      {"plusMinutes", {1, 1, plus_seconds<60, 1>}},
      {"minusMinutes", {1, 1, plus_seconds<60, -1>}},
      {"plusHours", {1, 1, plus_seconds<3600, 1>}},
      {"plusDays", {1, 1, plus_seconds<86'400, 1>}},
      {"multipliedBy", {1, 1, multiplied}},
      {"dividedBy", {1, 1, divided}},
      {"negated",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return duration_value(-duration(c).seconds, -std::int64_t{duration(c).nanos});
        }}},
      {"isZero",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(duration(c).seconds == 0 && duration(c).nanos == 0);
        }}},
      {"isNegative",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(duration(c).seconds < 0); }}},
  };
  return table;
}

/// SimpleDateFormat.parse gives a Date.
Outcome<Value> parse(MethodCall& call) {
  const auto& format = date_format(call);
  auto moment = parse_moment(TRY(call.text(0)), format.pattern, format.offset.value_or(0));
  if (!moment) return raise("java.text.ParseException", "{}", moment.error().text());
  moment->offset = 0;
  return time_value(TimeObject::Kind::old_date, *moment);
}

Outcome<Value> with_zone(MethodCall& call, bool copy) {
  const auto offset = TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(0)))));
  auto& format = static_cast<DateFormatObject&>(*call.self.object_here());
  if (!copy) {
    format.offset = offset;
    return Value();
  }
  auto other = std::make_shared<DateFormatObject>(format.type_name(), format.pattern);
  other->offset = offset;
  return Value(std::shared_ptr<Object>(std::move(other)));
}

Outcome<Value> format_it(MethodCall& call) {
  return Value(TRY(formatted_time(*TRY(time_of(call[0])), call.self)));
}

const MethodTable& format_methods() {
  static const MethodTable table = {
      {"format", {1, 1, format_it}},
      {"parse", {1, 1, parse}},
      {"setTimeZone", {1, 1, [](MethodCall& c) { return with_zone(c, false); }}},
      {"withZone", {1, 1, [](MethodCall& c) { return with_zone(c, true); }}},
      {"setLenient", {1, 1, [](MethodCall&) -> Outcome<Value> { return Value(); }}},
      {"withLocale", {1, 1, [](MethodCall& c) -> Outcome<Value> { return c.self; }}},
      {"toPattern",
       {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(date_format(c).pattern); }}},
  };
  return table;
}

/// ChronoUnit.between
Outcome<Value> between(MethodCall& call) {
  const auto unit = TRY(call.own_text());
  const auto &a = *TRY(time_of(call[0])), &b = *TRY(time_of(call[1]));
  if (unit == "MONTHS" || unit == "YEARS") {
    const auto x = fields_of(a.moment), y = fields_of(b.moment);
    auto months = (y.year - x.year) * 12 + y.month - x.month;
    if (months > 0 && y.day < x.day) --months;
    if (months < 0 && y.day > x.day) ++months;
    return Value::long_of(unit == "MONTHS" ? months : months / 12);
  }
  const auto nanos = TRY(nanos_of_unit(call.self));
  const auto seconds = b.moment.local() - a.moment.local();
  if (nanos >= billion) {
    auto whole = seconds;
    if (whole > 0 && b.moment.nano < a.moment.nano) --whole;
    if (whole < 0 && b.moment.nano > a.moment.nano) ++whole;
    return Value::long_of(whole / (nanos / billion));
  }
  return Value::long_of(seconds * (billion / nanos) + (b.moment.nano - a.moment.nano) / nanos);
}

/// TimeUnit.X.toY(n)
Outcome<std::int64_t> converted(std::int64_t count, std::int64_t from, std::int64_t to) {
  if (from >= to) {
    std::int64_t result = 0;
    if (!__builtin_mul_overflow(count, from / to, &result)) return result;
    return count < 0 ? std::numeric_limits<std::int64_t>::min()
                     : std::numeric_limits<std::int64_t>::max();
  }
  return count / (to / from);
}

template <std::int64_t To>
Outcome<Value> to_unit(MethodCall& call) {
  return Value::long_of(TRY(converted(TRY(call.integer(0)), TRY(nanos_of_unit(call.self)), To)));
}

Outcome<Value> convert(MethodCall& call) {
  return Value::long_of(TRY(
      converted(TRY(call.integer(0)), TRY(nanos_of_unit(call[1])), TRY(nanos_of_unit(call.self)))));
}

Outcome<Value> no_sleep(MethodCall&) {
  return refuse("TimeUnit.sleep() would block the controller; use the step sleep");
}

const MethodTable& unit_methods() {
  static const MethodTable table = {
      {"between", {2, 2, between}},
      {"convert", {2, 2, convert}},
      {"toNanos", {1, 1, to_unit<1>}},
      {"toMicros", {1, 1, to_unit<1'000>}},
      {"toMillis", {1, 1, to_unit<1'000'000>}},
      {"toSeconds", {1, 1, to_unit<billion>}},
      {"toMinutes", {1, 1, to_unit<60 * billion>}},
      {"toHours", {1, 1, to_unit<3600 * billion>}},
      {"toDays", {1, 1, to_unit<86'400 * billion>}},
      {"sleep", {1, 1, no_sleep}},
      {"name", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text())); }}},
      {"getID", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text())); }}},
      {"getId", {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(TRY(c.own_text())); }}},
  };
  return table;
}

const Method* find_in(const MethodTable& table, std::string_view name) {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace

const Method* DurationObject::method(std::string_view name) const {
  return find_in(duration_methods(), name);
}
const Method* DateFormatObject::method(std::string_view name) const {
  return find_in(format_methods(), name);
}
const Method* UnitObject::method(std::string_view wanted) const {
  return find_in(unit_methods(), wanted);
}

}  // namespace cupel::pipeline
