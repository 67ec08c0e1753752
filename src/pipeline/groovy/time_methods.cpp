// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/period.hpp"
#include "pipeline/groovy/time_values.hpp"

namespace cupel::pipeline {
namespace {

using Kind = TimeObject::Kind;
constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t max_seconds = 31'556'889'864'403'199;  // as Java's Instant

const TimeObject& self(MethodCall& call) {
  return static_cast<const TimeObject&>(*call.self.object_here());
}

Outcome<Value> moved(const TimeObject& time, std::int64_t seconds, std::int64_t nanos) {
  auto moment = time.moment;
  std::int64_t nano = moment.nano + nanos % billion;
  std::int64_t sum = 0;
  if (__builtin_add_overflow(moment.second, seconds, &sum) || sum > max_seconds ||
      sum < -max_seconds)
    return raise("java.time.DateTimeException", "the time would be out of range");
  sum += nanos / billion;
  if (nano >= billion) {
    nano -= billion;
    ++sum;
  }
  if (nano < 0) {
    nano += billion;
    --sum;
  }
  moment.second = sum;
  moment.nano = static_cast<std::int32_t>(nano);
  if (time.kind == Kind::time) moment = time_of_day(moment);
  return time_value(time.kind, moment);
}

template <std::int64_t Seconds, int Sign>
Outcome<Value> plus_seconds(MethodCall& call) {
  std::int64_t total = 0;
  if (__builtin_mul_overflow(TRY(call.integer(0)), Seconds * Sign, &total))
    return raise("java.time.DateTimeException", "the time would be out of range");
  return moved(self(call), total, 0);
}
template <int Sign>
Outcome<Value> plus_millis(MethodCall& call) {
  const auto count = TRY(call.integer(0)) * Sign;
  return moved(self(call), count / 1000, count % 1000 * 1'000'000);
}
template <int Sign>
Outcome<Value> plus_nanos(MethodCall& call) {
  const auto count = TRY(call.integer(0)) * Sign;
  return moved(self(call), count / billion, count % billion);
}
template <int Months, int Sign>
Outcome<Value> plus_calendar(MethodCall& call) {
  const auto count = TRY(call.integer(0));
  if (count > 12'000'000 || count < -12'000'000)
    return raise("java.time.DateTimeException", "the date would be out of range");
  return time_value(self(call).kind,
                    TRY(moment_or_throw(plus_months(self(call).moment, count * Months * Sign))));
}

Outcome<Value> plus_period(const TimeObject& time, const PeriodObject& period, int sign) {
  if (time.kind == Kind::instant || time.kind == Kind::time || time.kind == Kind::old_date)
    return raise("java.time.temporal.UnsupportedTemporalTypeException",
                 "a Period cannot be added to a {}", time.type_name());
  const auto moment = TRY(moment_or_throw(plus_months(time.moment, period.total_months() * sign)));
  return moved(TimeObject(time.kind, moment), period.days * sign * day_seconds, 0);
}

/// plus(amount, unit), plus(duration), plus(period); a Date: plus(days).
template <int Sign>
Outcome<Value> plus(MethodCall& call) {
  if (call.count() == 1) {
    if (const auto* period = dynamic_cast<const PeriodObject*>(call[0].object_here()))
      return plus_period(self(call), *period, Sign);
    if (const auto* duration = dynamic_cast<const DurationObject*>(call[0].object_here()))
      return moved(self(call), duration->seconds * Sign, std::int64_t{duration->nanos} * Sign);
    return plus_seconds<day_seconds, Sign>(call);
  }
  const auto unit = TRY(call.text(1));
  if (self(call).kind == Kind::time &&
      (unit == "DAYS" || unit == "WEEKS" || unit == "MONTHS" || unit == "YEARS"))
    return raise("java.time.temporal.UnsupportedTemporalTypeException", "Unsupported unit: {}",
                 unit);
  if (unit == "MONTHS") return plus_calendar<1, Sign>(call);
  if (unit == "YEARS") return plus_calendar<12, Sign>(call);
  const auto nanos = TRY(nanos_of_unit(call[1]));
  const auto count = TRY(call.integer(0)) * Sign;
  if (nanos >= billion) {
    std::int64_t total = 0;
    if (__builtin_mul_overflow(count, nanos / billion, &total))
      return raise("java.time.DateTimeException", "the time would be out of range");
    return moved(self(call), total, 0);
  }
  const auto per_second = billion / nanos;
  return moved(self(call), count / per_second, count % per_second * nanos);
}

int order(const TimeObject& a, const TimeObject& b) {
  if (a.moment.second != b.moment.second) return a.moment.second < b.moment.second ? -1 : 1;
  return a.moment.nano < b.moment.nano ? -1 : a.moment.nano > b.moment.nano ? 1 : 0;
}

template <int Wanted>
Outcome<Value> compared(MethodCall& call) {
  return Value(order(self(call), *TRY(time_of(call[0]))) == Wanted);
}

Outcome<Value> compare_to(MethodCall& call) {
  return Value(order(self(call), *TRY(time_of(call[0]))));
}

template <int Fields::*Field>
Outcome<Value> with_field(MethodCall& call) {
  auto fields = fields_of(self(call).moment);
  fields.*Field = static_cast<int>(TRY(call.integer(0)));
  return time_value(self(call).kind,
                    TRY(moment_or_throw(moment_of(fields, self(call).moment.offset))));
}
Outcome<Value> with_year(MethodCall& call) {
  auto fields = fields_of(self(call).moment);
  fields.year = TRY(call.integer(0));
  fields.day = std::min(fields.day, days_in_month(fields.year, fields.month));
  return time_value(self(call).kind,
                    TRY(moment_or_throw(moment_of(fields, self(call).moment.offset))));
}
Outcome<Value> with_nano(MethodCall& call) {
  auto moment = self(call).moment;
  moment.nano =
      static_cast<std::int32_t>(std::clamp<std::int64_t>(TRY(call.integer(0)), 0, billion - 1));
  return time_value(self(call).kind, moment);
}

Outcome<Value> truncated(MethodCall& call) {
  const auto nanos = TRY(nanos_of_unit(call[0]));
  auto moment = self(call).moment;
  if (nanos <= billion) {
    moment.nano = static_cast<std::int32_t>(moment.nano / nanos * nanos);
  } else {
    moment.nano = 0;
    const auto size = nanos / billion;
    auto rest = moment.local() % size;
    if (rest < 0) rest += size;
    moment.second -= rest;
  }
  return time_value(self(call).kind, moment);
}

Outcome<Value> format(MethodCall& call) {
  const auto& time = self(call);
  if (call.count() == 0) return Value(time.text());
  if (call.count() == 2 && time.kind == Kind::old_date) {
    auto zoned = time;
    zoned.moment.offset = TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(1)))));
    return Value(TRY(formatted_time(zoned, call[0])));
  }
  return Value(TRY(formatted_time(time, call[0])));
}

/// To another kind, at the start of its day or in a zone.
template <Kind To>
Outcome<Value> as_kind(MethodCall& call) {
  auto moment = self(call).moment;
  const bool local = To == Kind::date || To == Kind::date_time || To == Kind::time;
  if (local) {
    moment.second = moment.local();
    moment.offset = 0;
  }
  if (To == Kind::date) {
    const auto fields = fields_of(moment);
    moment.second = days_of(fields.year, fields.month, fields.day) * day_seconds;
    moment.nano = 0;
  }
  if (To == Kind::time) moment = time_of_day(moment);
  if (To == Kind::instant) moment.offset = 0;
  return time_value(To, moment);
}

/// atZone, atOffset: the same clock for what has no zone, the same instant for an Instant.
Outcome<Value> in_zone(MethodCall& call) {
  auto moment = self(call).moment;
  const auto offset = TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(0)))));
  if (self(call).kind == Kind::date_time || self(call).kind == Kind::date) moment.second -= offset;
  moment.offset = offset;
  return time_value(Kind::zoned, moment);
}

/// date.atTime(hour, minute), date.atTime(time)
Outcome<Value> at_time(MethodCall& call) {
  if (call.count() == 1) return date_at_time(self(call), *TRY(time_of(call[0])));
  auto fields = fields_of(self(call).moment);
  fields.hour = static_cast<int>(TRY(call.integer(0)));
  fields.minute = static_cast<int>(TRY(call.integer(1)));
  if (call.count() == 3) fields.second = static_cast<int>(TRY(call.integer(2)));
  return time_value(Kind::date_time, TRY(moment_or_throw(moment_of(fields))));
}

/// until(end, unit); of dates until(end) is the Period.
Outcome<Value> until(MethodCall& call) {
  if (call.count() == 1) return period_between(self(call), *TRY(time_of(call[0])));
  return call.evaluator.invoke(call[1], "between", {call.self, call[0]}, call.context);
}

template <const char* Name>
Outcome<Value> field(MethodCall& call) {
  auto value = self(call).field(Name);
  if (value) return std::move(*value);
  return missing_method(call.self, Name, call.arguments);
}
constexpr char year[] = "year", month[] = "month", month_value[] = "monthValue",
               day_of_month[] = "dayOfMonth", day_of_year_name[] = "dayOfYear",
               day_of_week[] = "dayOfWeek", hour[] = "hour", minute[] = "minute",
               second[] = "second", nano[] = "nano", epoch_second[] = "epochSecond",
               time_name[] = "time", zone[] = "zone", offset_name[] = "offset", hours[] = "hours",
               minutes[] = "minutes", seconds[] = "seconds", date_name[] = "date", day[] = "day";

/// Of a Date: how many days; of others: the duration back.
Outcome<Value> minus(MethodCall& call) {
  const auto* other =
      call.count() == 1 ? dynamic_cast<const TimeObject*>(call[0].object_here()) : nullptr;
  if (!other) return plus<-1>(call);
  return Value((self(call).moment.second - other->moment.second) / day_seconds);
}

Outcome<Value> set_time(MethodCall& call) {
  const auto millis = TRY(call.integer(0));
  auto& time = static_cast<TimeObject&>(*call.self.object_here());
  const auto floor = millis / 1000 - (millis % 1000 < 0 ? 1 : 0);
  time.moment = {floor, static_cast<std::int32_t>((millis - floor * 1000) * 1'000'000), 0};
  return Value();
}

Outcome<Value> clear_time(MethodCall& call) {
  auto& time = static_cast<TimeObject&>(*call.self.object_here());
  const auto fields = fields_of(time.moment);
  time.moment = {days_of(fields.year, fields.month, fields.day) * day_seconds, 0, 0};
  return call.self;
}

}  // namespace

const MethodTable& date_methods() {
  static const MethodTable table = {
      {"getTime", {0, 0, field<time_name>}},
      {"setTime", {1, 1, set_time}},
      {"clearTime", {0, 0, clear_time}},
      {"before", {1, 1, compared<-1>}},
      {"after", {1, 1, compared<1>}},
      {"compareTo", {1, 1, compare_to}},
      {"format", {1, 2, format}},
      {"plus", {1, 1, plus<1>}},
      {"minus", {1, 1, minus}},
      {"next", {0, 0, [](MethodCall& c) { return moved(self(c), day_seconds, 0); }}},
      {"previous", {0, 0, [](MethodCall& c) { return moved(self(c), -day_seconds, 0); }}},
      {"toInstant", {0, 0, as_kind<Kind::instant>}},
      {"getYear", {0, 0, field<year>}},
      {"getMonth", {0, 0, field<month>}},
      {"getDate", {0, 0, field<date_name>}},
      {"getDay", {0, 0, field<day>}},
      {"getHours", {0, 0, field<hours>}},
      {"getMinutes", {0, 0, field<minutes>}},
      {"getSeconds", {0, 0, field<seconds>}},
  };
  return table;
}

const MethodTable& time_methods() {
  static const MethodTable table = {
      {"plus", {1, 2, plus<1>}},
      {"minus", {1, 2, minus}},
      {"plusNanos", {1, 1, plus_nanos<1>}},
      {"plusMillis", {1, 1, plus_millis<1>}},
      {"minusMillis", {1, 1, plus_millis<-1>}},
      {"plusSeconds", {1, 1, plus_seconds<1, 1>}},
      {"minusSeconds", {1, 1, plus_seconds<1, -1>}},
      {"plusMinutes", {1, 1, plus_seconds<60, 1>}},
      {"minusMinutes", {1, 1, plus_seconds<60, -1>}},
      {"plusHours", {1, 1, plus_seconds<3600, 1>}},
      {"minusHours", {1, 1, plus_seconds<3600, -1>}},
      {"plusDays", {1, 1, plus_seconds<day_seconds, 1>}},
      {"minusDays", {1, 1, plus_seconds<day_seconds, -1>}},
      {"plusWeeks", {1, 1, plus_seconds<7 * day_seconds, 1>}},
      {"minusWeeks", {1, 1, plus_seconds<7 * day_seconds, -1>}},
      {"plusMonths", {1, 1, plus_calendar<1, 1>}},
      {"minusMonths", {1, 1, plus_calendar<1, -1>}},
      {"plusYears", {1, 1, plus_calendar<12, 1>}},
      {"minusYears", {1, 1, plus_calendar<12, -1>}},
      {"isBefore", {1, 1, compared<-1>}},
      {"isAfter", {1, 1, compared<1>}},
      {"isEqual", {1, 1, compared<0>}},
      {"compareTo", {1, 1, compare_to}},
      {"withYear", {1, 1, with_year}},
      {"withMonth", {1, 1, with_field<&Fields::month>}},
      {"withDayOfMonth", {1, 1, with_field<&Fields::day>}},
      {"withHour", {1, 1, with_field<&Fields::hour>}},
      {"withMinute", {1, 1, with_field<&Fields::minute>}},
      {"withSecond", {1, 1, with_field<&Fields::second>}},
      {"withNano", {1, 1, with_nano}},
      {"truncatedTo", {1, 1, truncated}},
      {"format", {0, 1, format}},
      {"until", {1, 2, until}},
      {"toLocalDate", {0, 0, as_kind<Kind::date>}},
      {"toLocalTime", {0, 0, as_kind<Kind::time>}},
      {"toLocalDateTime", {0, 0, as_kind<Kind::date_time>}},
      {"toInstant", {0, 1, as_kind<Kind::instant>}},
      {"atStartOfDay", {0, 0, as_kind<Kind::date_time>}},
      {"atTime", {1, 3, at_time}},
      {"atZone", {1, 1, in_zone}},
      {"atOffset", {1, 1, in_zone}},
      {"withZoneSameInstant", {1, 1, in_zone}},
      {"toEpochMilli",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value::long_of(self(c).moment.second * 1000 + self(c).moment.nano / 1'000'000);
        }}},
      {"toEpochSecond",
       {0, 1,
        [](MethodCall& c) -> Outcome<Value> { return Value::long_of(self(c).moment.second); }}},
      {"toEpochDay",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto fields = fields_of(self(c).moment);
          return Value::long_of(days_of(fields.year, fields.month, fields.day));
        }}},
      {"isLeapYear",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return Value(is_leap(fields_of(self(c).moment).year));
        }}},
      {"lengthOfMonth",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          const auto fields = fields_of(self(c).moment);
          return Value(days_in_month(fields.year, fields.month));
        }}},
      {"getYear", {0, 0, field<year>}},
      {"getMonth", {0, 0, field<month>}},
      {"getMonthValue", {0, 0, field<month_value>}},
      {"getDayOfMonth", {0, 0, field<day_of_month>}},
      {"getDayOfYear", {0, 0, field<day_of_year_name>}},
      {"getDayOfWeek", {0, 0, field<day_of_week>}},
      {"getHour", {0, 0, field<hour>}},
      {"getMinute", {0, 0, field<minute>}},
      {"getSecond", {0, 0, field<second>}},
      {"getNano", {0, 0, field<nano>}},
      {"getEpochSecond", {0, 0, field<epoch_second>}},
      {"getZone", {0, 0, field<zone>}},
      {"getOffset", {0, 0, field<offset_name>}},
  };
  return table;
}

const MethodTable& local_time_methods() {
  static const MethodTable table = [] {
    MethodTable made = {
        {"atDate",
         {1, 1,
          [](MethodCall& c) -> Outcome<Value> {
            return date_at_time(*TRY(time_of(c[0])), self(c));
          }}},
        {"toSecondOfDay",
         {0, 0, [](MethodCall& c) -> Outcome<Value> { return Value(self(c).moment.second); }}},
        {"toNanoOfDay",
         {0, 0,
          [](MethodCall& c) -> Outcome<Value> {
            return Value::long_of(self(c).moment.second * billion + self(c).moment.nano);
          }}},
    };
    for (const auto* name :
         {"plus",         "minus",      "plusNanos",  "plusSeconds", "minusSeconds", "plusMinutes",
          "minusMinutes", "plusHours",  "minusHours", "isBefore",    "isAfter",      "compareTo",
          "withHour",     "withMinute", "withSecond", "withNano",    "truncatedTo",  "format",
          "until",        "getHour",    "getMinute",  "getSecond",   "getNano"})
      made.emplace(name, time_methods().at(name));
    return made;
  }();
  return table;
}

const Method* TimeObject::method(std::string_view name) const {
  const auto& table = kind == Kind::old_date ? date_methods()
                      : kind == Kind::time   ? local_time_methods()
                                             : time_methods();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace cupel::pipeline
