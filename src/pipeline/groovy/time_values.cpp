// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/time_values.hpp"

#include <array>
#include <cctype>

#include "pipeline/groovy/numbers.hpp"

namespace cupel::pipeline {
namespace {

using Kind = TimeObject::Kind;
constexpr std::int64_t billion = 1'000'000'000;

int ordered(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

}  // namespace

std::string TimeObject::type_name() const {
  switch (kind) {
    case Kind::old_date: return "java.util.Date";
    case Kind::instant: return "java.time.Instant";
    case Kind::date: return "java.time.LocalDate";
    case Kind::time: return "java.time.LocalTime";
    case Kind::date_time: return "java.time.LocalDateTime";
    case Kind::zoned: return "java.time.ZonedDateTime";
  }
  return "java.time.Instant";
}

std::string TimeObject::text() const {
  switch (kind) {
    case Kind::old_date: {
      const auto text = format_moment(moment, "EEE MMM dd HH:mm:ss zzz yyyy");
      return text ? *text : type_name();
    }
    case Kind::instant: {
      auto time = iso_time(moment);
      if (time.size() == 5) time += ":00";
      return iso_date(moment) + "T" + time + "Z";
    }
    case Kind::date: return iso_date(moment);
    case Kind::time: return iso_time(moment);
    case Kind::date_time: return iso_date(moment) + "T" + iso_time(moment);
    case Kind::zoned: return iso_date(moment) + "T" + iso_time(moment) + iso_offset(moment.offset);
  }
  return type_name();
}

Outcome<bool> TimeObject::equals(const Value& other) {
  const auto* time = dynamic_cast<const TimeObject*>(other.object_here());
  return time && time->kind == kind && time->moment.second == moment.second &&
         time->moment.nano == moment.nano && time->moment.offset == moment.offset;
}

Outcome<std::int32_t> TimeObject::hash() { return hash_of(Value(text())); }

Outcome<std::optional<int>> TimeObject::compare(const Value& other) {
  const auto* time = dynamic_cast<const TimeObject*>(other.object_here());
  if (!time || time->kind != kind) return std::optional<int>();
  const auto order = ordered(moment.second, time->moment.second);
  return std::optional(order != 0 ? order : ordered(moment.nano, time->moment.nano));
}

std::optional<Value> TimeObject::field(std::string_view name) const {
  static constexpr std::array days = {"MONDAY", "TUESDAY",  "WEDNESDAY", "THURSDAY",
                                      "FRIDAY", "SATURDAY", "SUNDAY"};
  static constexpr std::array months = {"JANUARY",   "FEBRUARY", "MARCH",    "APRIL",
                                        "MAY",       "JUNE",     "JULY",     "AUGUST",
                                        "SEPTEMBER", "OCTOBER",  "NOVEMBER", "DECEMBER"};
  const auto fields = fields_of(moment);
  if (kind == Kind::old_date) {
    if (name == "time") return Value::long_of(moment.second * 1000 + moment.nano / 1'000'000);
    if (name == "year") return Value(fields.year - 1900);
    if (name == "month") return Value(fields.month - 1);
    if (name == "date") return Value(fields.day);
    if (name == "hours") return Value(fields.hour);
    if (name == "minutes") return Value(fields.minute);
    if (name == "seconds") return Value(fields.second);
    if (name == "day") return Value(weekday_of(moment) % 7);
    return std::nullopt;
  }
  if (name == "nano") return Value(std::int64_t{fields.nano});
  if (kind == Kind::time && name != "hour" && name != "minute" && name != "second")
    return std::nullopt;
  if (name == "epochSecond") return Value::long_of(moment.second);
  if (kind == Kind::instant) return std::nullopt;
  if (name == "year") return Value(fields.year);
  if (name == "monthValue") return Value(fields.month);
  if (name == "month")
    return unit_value("java.time.Month", months[static_cast<std::size_t>(fields.month - 1)]);
  if (name == "dayOfMonth") return Value(fields.day);
  if (name == "dayOfYear") return Value(day_of_year(moment));
  if (name == "dayOfWeek")
    return unit_value("java.time.DayOfWeek",
                      days[static_cast<std::size_t>(weekday_of(moment) - 1)]);
  if (name == "hour") return Value(fields.hour);
  if (name == "minute") return Value(fields.minute);
  if (name == "second") return Value(fields.second);
  if (name == "zone" || name == "offset")
    return unit_value("java.time.ZoneOffset", iso_offset(moment.offset));
  return std::nullopt;
}

Outcome<Value> TimeObject::get(const std::string& name, Context& context) {
  if (auto value = field(name)) return std::move(*value);
  if (name == "leapYear" && kind != Kind::time) return Value(is_leap(fields_of(moment).year));
  return Object::get(name, context);
}

std::string DurationObject::text() const {
  if (seconds == 0 && nanos == 0) return "PT0S";
  auto whole = seconds;
  auto fraction = static_cast<std::int64_t>(nanos);
  if (whole < 0 && fraction > 0) {
    ++whole;
    fraction -= billion;
  }
  std::string text = "PT";
  if (whole / 3600 != 0) text += fmt::format("{}H", whole / 3600);
  if (whole / 60 % 60 != 0) text += fmt::format("{}M", whole / 60 % 60);
  const auto rest = whole % 60;
  if (rest == 0 && fraction == 0) return text;
  if (fraction == 0) return text + fmt::format("{}S", rest);
  auto digits = fmt::format("{:09}", fraction < 0 ? -fraction : fraction);
  while (digits.back() == '0') digits.pop_back();
  return text + fmt::format("{}{}.{}S", rest == 0 && fraction < 0 ? "-" : "", rest, digits);
}

Outcome<bool> DurationObject::equals(const Value& other) {
  const auto* duration = dynamic_cast<const DurationObject*>(other.object_here());
  return duration && duration->seconds == seconds && duration->nanos == nanos;
}

Outcome<std::optional<int>> DurationObject::compare(const Value& other) {
  const auto* duration = dynamic_cast<const DurationObject*>(other.object_here());
  if (!duration) return std::optional<int>();
  const auto order = ordered(seconds, duration->seconds);
  return std::optional(order != 0 ? order : ordered(nanos, duration->nanos));
}

Outcome<Value> DurationObject::get(const std::string& name, Context& context) {
  if (name == "seconds") return Value::long_of(seconds);
  if (name == "nano") return Value(std::int64_t{nanos});
  return Object::get(name, context);
}

Value time_value(TimeObject::Kind kind, Moment moment) {
  return Value(std::shared_ptr<Object>(std::make_shared<TimeObject>(kind, moment)));
}

Value duration_value(std::int64_t seconds, std::int64_t nanos) {
  seconds += nanos / billion;
  nanos %= billion;
  if (nanos < 0) {
    nanos += billion;
    --seconds;
  }
  return Value(std::shared_ptr<Object>(
      std::make_shared<DurationObject>(seconds, static_cast<std::int32_t>(nanos))));
}

Value unit_value(std::string type, std::string name) {
  return Value(
      std::shared_ptr<Object>(std::make_shared<UnitObject>(std::move(type), std::move(name))));
}

Moment time_of_day(const Moment& moment) {
  constexpr std::int64_t day = 86'400;
  const auto rest = moment.second % day;
  return {rest < 0 ? rest + day : rest, moment.nano, 0};
}

Outcome<Value> date_at_time(const TimeObject& date, const TimeObject& time) {
  if (date.kind != Kind::date || time.kind != Kind::time)
    return raise("java.lang.IllegalArgumentException",
                 "a LocalDate and a LocalTime are needed, not a {} and a {}", date.type_name(),
                 time.type_name());
  return time_value(Kind::date_time,
                    {date.moment.second + time.moment.second, time.moment.nano, 0});
}

Outcome<Moment> moment_or_throw(Result<Moment> moment) {
  if (moment) return *moment;
  return raise("java.time.DateTimeException", "{}", moment.error().text());
}

Outcome<std::int64_t> nanos_of_unit(const Value& unit) {
  static const std::unordered_map<std::string_view, std::int64_t> units = {
      {"NANOSECONDS", 1},
      {"NANOS", 1},
      {"MICROSECONDS", 1'000},
      {"MICROS", 1'000},
      {"MILLISECONDS", 1'000'000},
      {"MILLIS", 1'000'000},
      {"SECONDS", billion},
      {"MINUTES", 60 * billion},
      {"HOURS", 3600 * billion},
      {"DAYS", 86'400 * billion},
      {"HALF_DAYS", 43'200 * billion},
      {"WEEKS", 7 * 86'400 * billion}};
  const auto name = TRY(text_of(unit));
  const auto found = units.find(name);
  if (found == units.end())
    return raise("java.lang.IllegalArgumentException", "the unit {} is not supported here", name);
  return found->second;
}

Outcome<const TimeObject*> time_of(const Value& value) {
  if (const auto* time = dynamic_cast<const TimeObject*>(value.object_here())) return time;
  return raise("java.lang.IllegalArgumentException", "a date or time is needed, not a {}",
               value.type_name());
}

namespace {

/// Whether the pattern asks for more than a time of day.
bool asks_for_a_date(std::string_view pattern) {
  if (pattern.starts_with("ISO_") || pattern == "BASIC_ISO_DATE")
    return pattern != "ISO_LOCAL_TIME" && pattern != "ISO_TIME";
  bool quoted = false;
  for (const char letter : pattern) {
    if (letter == '\'') quoted = !quoted;
    if (!quoted &&
        std::string_view("GuyDMLdQqYwWEecFVzOXxZ").find(letter) != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace

Outcome<std::string> formatted_time(const TimeObject& time, const Value& format) {
  const auto* formatter = dynamic_cast<const DateFormatObject*>(format.object_here());
  const auto pattern = formatter ? formatter->pattern : TRY(text_of(format));
  if (time.kind == Kind::time && asks_for_a_date(pattern))
    return raise("java.time.temporal.UnsupportedTemporalTypeException",
                 "a LocalTime has no date: {}", pattern);
  auto moment = time.moment;
  if (formatter && formatter->offset &&
      (time.kind == Kind::instant || time.kind == Kind::zoned || time.kind == Kind::old_date))
    moment.offset = *formatter->offset;
  if (pattern == "ISO_INSTANT") {
    moment.offset = 0;
    return TimeObject(Kind::instant, moment).text();
  }
  const auto full_time = [&] {
    auto text = iso_time(moment);
    return text.size() == 5 ? text + ":00" : text;
  };
  if (pattern == "ISO_LOCAL_DATE" || pattern == "ISO_DATE") return iso_date(moment);
  if (pattern == "BASIC_ISO_DATE") return format_moment(moment, "yyyyMMdd");
  if (pattern == "ISO_LOCAL_TIME" || pattern == "ISO_TIME") return full_time();
  if (pattern == "ISO_LOCAL_DATE_TIME") return iso_date(moment) + "T" + full_time();
  if (pattern.starts_with("ISO_")) {
    const bool zone = time.kind == Kind::zoned || time.kind == Kind::instant;
    return iso_date(moment) + "T" + full_time() + (zone ? iso_offset(moment.offset) : "");
  }
  auto text = format_moment(moment, pattern);
  if (!text) return raise("java.lang.IllegalArgumentException", "{}", text.error().text());
  return std::move(*text);
}

}  // namespace cupel::pipeline
