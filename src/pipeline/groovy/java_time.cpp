// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/random.hpp"
#include "pipeline/groovy/time_values.hpp"

namespace cupel::pipeline {
namespace {

using Kind = TimeObject::Kind;

Moment from_millis(std::int64_t millis) {
  const auto second = millis / 1000 - (millis % 1000 < 0 ? 1 : 0);
  return {second, static_cast<std::int32_t>((millis - second * 1000) * 1'000'000), 0};
}

Outcome<Moment> now(StaticCall& call) {
  return from_millis(TRY(clock_millis(call.evaluator, call.context)));
}

template <Kind To>
Outcome<Value> now_as(StaticCall& call) {
  auto moment = TRY(now(call));
  if (call.count() == 1) moment.offset = TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(0)))));
  if (To == Kind::date || To == Kind::date_time || To == Kind::time) {
    moment.second = moment.local();
    moment.offset = 0;
  }
  if (To == Kind::time) moment = time_of_day(moment);
  if (To == Kind::date) {
    const auto fields = fields_of(moment);
    moment = {days_of(fields.year, fields.month, fields.day) * 86'400, 0, 0};
  }
  return time_value(To, moment);
}

/// parse(text), parse(text, formatter)
template <Kind To>
Outcome<Value> parse(StaticCall& call) {
  const auto text = TRY(call.text(0));
  const auto* format = call.count() == 2
                           ? dynamic_cast<const DateFormatObject*>(call.arguments[1].object_here())
                           : nullptr;
  const bool iso = !format || format->pattern.starts_with("ISO_");
  auto moment = iso ? parse_iso(text) : parse_moment(text, format->pattern);
  if (!moment) return raise("java.time.format.DateTimeParseException", "{}", moment.error().text());
  const bool has_time = text.find('T') != std::string::npos;
  if (iso && ((To == Kind::date) == has_time || (To == Kind::instant && !text.ends_with('Z'))))
    return raise("java.time.format.DateTimeParseException", "Text '{}' could not be parsed", text);
  if (To == Kind::date_time || To == Kind::date) {
    moment->second = moment->local();
    moment->offset = 0;
  }
  return time_value(To, *moment);
}

/// LocalTime.parse(text), parse(text, formatter)
Outcome<Value> parse_local_time(StaticCall& call) {
  const auto text = TRY(call.text(0));
  const auto* format = call.count() == 2
                           ? dynamic_cast<const DateFormatObject*>(call.arguments[1].object_here())
                           : nullptr;
  const bool iso = !format || format->pattern.starts_with("ISO_");
  const bool zoned = iso && text.find_first_not_of("0123456789:.") != std::string::npos;
  const auto moment = iso ? parse_iso("1970-01-01T" + text) : parse_moment(text, format->pattern);
  if (!moment || zoned)
    return raise("java.time.format.DateTimeParseException", "Text '{}' could not be parsed", text);
  return time_value(Kind::time, time_of_day(*moment));
}

/// LocalTime.of(hour, minute), of(hour, minute, second), with nanoseconds
Outcome<Value> local_time_of(StaticCall& call) {
  Fields fields;
  fields.hour = static_cast<int>(TRY(call.integer(0)));
  fields.minute = static_cast<int>(TRY(call.integer(1)));
  if (call.count() > 2) fields.second = static_cast<int>(TRY(call.integer(2)));
  auto moment = TRY(moment_or_throw(moment_of(fields)));
  const auto nano = call.count() > 3 ? TRY(call.integer(3)) : 0;
  if (nano < 0 || nano > 999'999'999)
    return raise("java.time.DateTimeException", "Invalid value for NanoOfSecond: {}", nano);
  moment.nano = static_cast<std::int32_t>(nano);
  return time_value(Kind::time, moment);
}

Outcome<Value> second_of_day(StaticCall& call) {
  const auto second = TRY(call.integer(0));
  if (second < 0 || second >= 86'400)
    return raise("java.time.DateTimeException", "Invalid value for SecondOfDay: {}", second);
  return time_value(Kind::time, {second, 0, 0});
}

template <std::int64_t Second, std::int32_t Nano>
Outcome<Value> known_time(StaticCall&) {
  return time_value(Kind::time, {Second, Nano, 0});
}

Outcome<std::int64_t> number_or_month(StaticCall& call, std::size_t i) {
  static constexpr std::string_view names = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  if (call.arguments[i].as_integer()) return call.integer(i);
  const auto place = names.find(TRY(call.text(i)).substr(0, 3));
  return static_cast<std::int64_t>(place == std::string_view::npos ? 0 : place / 3 + 1);
}

template <Kind To>
Outcome<Value> of_fields(StaticCall& call) {
  Fields fields;
  fields.year = TRY(call.integer(0));
  fields.month = static_cast<int>(TRY(number_or_month(call, 1)));
  fields.day = static_cast<int>(TRY(call.integer(2)));
  if (call.count() > 3) fields.hour = static_cast<int>(TRY(call.integer(3)));
  if (call.count() > 4) fields.minute = static_cast<int>(TRY(call.integer(4)));
  if (call.count() > 5) fields.second = static_cast<int>(TRY(call.integer(5)));
  return time_value(To, TRY(moment_or_throw(moment_of(fields))));
}

/// LocalDateTime.of(date, time), or by its fields
Outcome<Value> local_date_time_of(StaticCall& call) {
  if (call.count() == 2)
    return date_at_time(*TRY(time_of(call.arguments[0])), *TRY(time_of(call.arguments[1])));
  if (call.count() > 4) return of_fields<Kind::date_time>(call);
  return raise("java.lang.IllegalArgumentException",
               "LocalDateTime.of: a date and a time are needed, or year, month, day, hour, minute");
}

/// ZonedDateTime.of(dateTime, zone), ofInstant(instant, zone)
Outcome<Value> zoned(StaticCall& call) {
  const auto& time = *TRY(time_of(call.arguments[0]));
  auto moment = time.moment;
  const auto offset = TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(1)))));
  if (time.kind == Kind::date_time) moment.second -= offset;
  moment.offset = offset;
  return time_value(Kind::zoned, moment);
}
Outcome<Value> local_of_instant(StaticCall& call) {
  auto moment = TRY(time_of(call.arguments[0]))->moment;
  moment.second += TRY(Outcome<std::int32_t>(parse_zone(TRY(call.text(1)))));
  moment.offset = 0;
  return time_value(Kind::date_time, moment);
}

template <std::int64_t Seconds>
Outcome<Value> duration_of(StaticCall& call) {
  std::int64_t total = 0;
  if (__builtin_mul_overflow(TRY(call.integer(0)), Seconds, &total))
    return raise("java.lang.ArithmeticException", "long overflow");
  return duration_value(total, 0);
}

Outcome<Value> between(StaticCall& call) {
  const auto &a = *TRY(time_of(call.arguments[0])), &b = *TRY(time_of(call.arguments[1]));
  return duration_value(b.moment.second - a.moment.second, b.moment.nano - a.moment.nano);
}

/// PT1H2M3.5S
Outcome<Value> parse_duration(StaticCall& call) {
  const auto text = TRY(call.text(0));
  const auto wrong = [&] {
    return raise("java.time.format.DateTimeParseException",
                 "Text cannot be parsed to a Duration: {}", text);
  };
  std::string_view rest = text;
  const bool minus = rest.starts_with('-');
  if (minus) rest.remove_prefix(1);
  if (!rest.starts_with('P') || rest.size() < 3) return wrong();
  rest.remove_prefix(1);
  std::int64_t seconds = 0, nanos = 0;
  while (!rest.empty()) {
    if (rest[0] == 'T') {
      rest.remove_prefix(1);
      continue;
    }
    const auto end = rest.find_first_not_of("-0123456789.");
    if (end == std::string_view::npos || end == 0) return wrong();
    const auto number = Decimal::parse(rest.substr(0, end));
    if (!number || number->precision() > 15) return wrong();
    const char unit = rest[end];
    const std::int64_t factor = unit == 'D' ? 86'400 : unit == 'H' ? 3600 : unit == 'M' ? 60 : 1;
    if (std::string_view("DHMS").find(unit) == std::string_view::npos) return wrong();
    const auto whole = number->whole();
    seconds += whole * factor;
    nanos +=
        static_cast<std::int64_t>((number->floating() - static_cast<double>(whole)) * 1e9 + 0.5);
    rest.remove_prefix(end + 1);
  }
  return duration_value(minus ? -seconds : seconds, minus ? -nanos : nanos);
}

Outcome<Value> formatter(StaticCall& call) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<DateFormatObject>("java.time.format.DateTimeFormatter", TRY(call.text(0)))));
}
template <const char* Name>
Outcome<Value> iso_formatter(StaticCall&) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<DateFormatObject>("java.time.format.DateTimeFormatter", Name)));
}
constexpr char iso_instant[] = "ISO_INSTANT", iso_local_date[] = "ISO_LOCAL_DATE",
               iso_date_name[] = "ISO_DATE", basic[] = "BASIC_ISO_DATE",
               iso_local_time[] = "ISO_LOCAL_TIME", iso_local_date_time[] = "ISO_LOCAL_DATE_TIME",
               iso_date_time[] = "ISO_DATE_TIME", iso_offset_date_time[] = "ISO_OFFSET_DATE_TIME",
               iso_zoned_date_time[] = "ISO_ZONED_DATE_TIME";

template <const char* Type, const char* Name>
Outcome<Value> unit(StaticCall&) {
  return unit_value(Type, Name);
}
constexpr char chrono_unit[] = "java.time.temporal.ChronoUnit",
               time_unit[] = "java.util.concurrent.TimeUnit",
               zone_offset[] = "java.time.ZoneOffset";
constexpr char nanos_name[] = "NANOS", micros_name[] = "MICROS", millis_name[] = "MILLIS",
               seconds_name[] = "SECONDS", minutes_name[] = "MINUTES", hours_name[] = "HOURS",
               days_name[] = "DAYS", weeks_name[] = "WEEKS", months_name[] = "MONTHS",
               years_name[] = "YEARS", nanoseconds_name[] = "NANOSECONDS",
               microseconds_name[] = "MICROSECONDS", milliseconds_name[] = "MILLISECONDS",
               z_name[] = "Z";

Outcome<Value> zone_of(StaticCall& call) {
  const auto name = TRY(call.text(0));
  const auto offset = TRY(Outcome<std::int32_t>(parse_zone(name)));
  static_cast<void>(offset);
  return unit_value("java.time.ZoneId", name);
}
Outcome<Value> default_zone(StaticCall&) { return unit_value("java.time.ZoneId", "UTC"); }

Outcome<Value> new_date(StaticCall& call) {
  if (call.count() == 0) return time_value(Kind::old_date, TRY(now(call)));
  if (call.arguments[0].as_integer())
    return time_value(Kind::old_date, from_millis(TRY(call.integer(0))));
  if (const auto* time = dynamic_cast<const TimeObject*>(call.arguments[0].object_here()))
    return time_value(Kind::old_date, time->moment);
  return refuse("new Date(text) is not supported; use Date.parse(pattern, text)");
}

/// Date.parse(pattern, text)
Outcome<Value> parse_date(StaticCall& call) {
  auto moment = parse_moment(TRY(call.text(1)), TRY(call.text(0)));
  if (!moment) return raise("java.text.ParseException", "{}", moment.error().text());
  moment->offset = 0;
  return time_value(Kind::old_date, *moment);
}

Outcome<Value> date_from(StaticCall& call) {
  auto moment = TRY(time_of(call.arguments[0]))->moment;
  moment.offset = 0;
  return time_value(Kind::old_date, moment);
}

Outcome<Value> new_format(StaticCall& call) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<DateFormatObject>("java.text.SimpleDateFormat", TRY(call.text(0)))));
}

}  // namespace

std::span<const JavaClass> date_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.Date",
       .construct = {0, 1, new_date},
       .methods = {{"parse", {2, 2, parse_date}}, {"from", {1, 1, date_from}}}},
      {.name = "java.text.SimpleDateFormat", .construct = {1, 2, new_format}},
      {.name = "java.util.TimeZone",
       .methods = {{"getTimeZone", {1, 1, zone_of}}, {"getDefault", {0, 0, default_zone}}},
       .properties = {{"default", default_zone}}},
      {.name = "java.util.Locale",
       .properties =
           {{"ENGLISH",
             [](StaticCall&) -> Outcome<Value> { return unit_value("java.util.Locale", "en"); }},
            {"US",
             [](StaticCall&) -> Outcome<Value> { return unit_value("java.util.Locale", "en_US"); }},
            {"ROOT",
             [](StaticCall&) -> Outcome<Value> { return unit_value("java.util.Locale", ""); }}}},
      {.name = "java.util.concurrent.TimeUnit",
       .properties = {{"NANOSECONDS", unit<time_unit, nanoseconds_name>},
                      {"MICROSECONDS", unit<time_unit, microseconds_name>},
                      {"MILLISECONDS", unit<time_unit, milliseconds_name>},
                      {"SECONDS", unit<time_unit, seconds_name>},
                      {"MINUTES", unit<time_unit, minutes_name>},
                      {"HOURS", unit<time_unit, hours_name>},
                      {"DAYS", unit<time_unit, days_name>}}},
  };
  return classes;
}

std::span<const JavaClass> time_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.time.Instant",
       .methods = {{"now", {0, 0, now_as<Kind::instant>}},
                   {"parse", {1, 1, parse<Kind::instant>}},
                   {"ofEpochMilli",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       return time_value(Kind::instant, from_millis(TRY(c.integer(0))));
                     }}},
                   {"ofEpochSecond",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       return time_value(Kind::instant, {TRY(c.integer(0)), 0, 0});
                     }}}},
       .properties = {{"EPOCH",
                       [](StaticCall&) -> Outcome<Value> {
                         return time_value(Kind::instant, {});
                       }}}},
      {.name = "java.time.LocalDate",
       .methods = {{"now", {0, 1, now_as<Kind::date>}},
                   {"parse", {1, 2, parse<Kind::date>}},
                   {"of", {3, 3, of_fields<Kind::date>}},
                   {"ofEpochDay",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       const auto days = TRY(c.integer(0));
                       if (days > 300'000'000 || days < -300'000'000)
                         return raise("java.time.DateTimeException", "Invalid EpochDay: {}", days);
                       return time_value(Kind::date, {days * 86'400, 0, 0});
                     }}}}},
      {.name = "java.time.LocalTime",
       .methods = {{"now", {0, 1, now_as<Kind::time>}},
                   {"parse", {1, 2, parse_local_time}},
                   {"of", {2, 4, local_time_of}},
                   {"ofSecondOfDay", {1, 1, second_of_day}}},
       .properties = {{"MIDNIGHT", known_time<0, 0>},
                      {"MIN", known_time<0, 0>},
                      {"NOON", known_time<43'200, 0>},
                      {"MAX", known_time<86'399, 999'999'999>}}},
      {.name = "java.time.LocalDateTime",
       .methods = {{"now", {0, 1, now_as<Kind::date_time>}},
                   {"parse", {1, 2, parse<Kind::date_time>}},
                   {"of", {2, 7, local_date_time_of}},
                   {"ofInstant", {2, 2, local_of_instant}}}},
      {.name = "java.time.ZonedDateTime",
       .methods = {{"now", {0, 1, now_as<Kind::zoned>}},
                   {"parse", {1, 2, parse<Kind::zoned>}},
                   {"of", {2, 2, zoned}},
                   {"ofInstant", {2, 2, zoned}}}},
      {.name = "java.time.OffsetDateTime",
       .methods = {{"now", {0, 1, now_as<Kind::zoned>}},
                   {"parse", {1, 2, parse<Kind::zoned>}},
                   {"of", {2, 2, zoned}}}},
      {.name = "java.time.Duration",
       .methods = {{"ofSeconds", {1, 1, duration_of<1>}},
                   {"ofMinutes", {1, 1, duration_of<60>}},
                   {"ofHours", {1, 1, duration_of<3600>}},
                   {"ofDays", {1, 1, duration_of<86'400>}},
                   {"ofMillis",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       const auto millis = TRY(c.integer(0));
                       return duration_value(millis / 1000, millis % 1000 * 1'000'000);
                     }}},
                   {"ofNanos",
                    {1, 1,
                     [](StaticCall& c) -> Outcome<Value> {
                       return duration_value(0, TRY(c.integer(0)));
                     }}},
                   {"between", {2, 2, between}},
                   {"parse", {1, 1, parse_duration}}},
       .properties = {{"ZERO",
                       [](StaticCall&) -> Outcome<Value> { return duration_value(0, 0); }}}},
      {.name = "java.time.ZoneId",
       .methods = {{"of", {1, 1, zone_of}}, {"systemDefault", {0, 0, default_zone}}}},
      {.name = "java.time.ZoneOffset",
       .methods = {{"of", {1, 1, zone_of}}},
       .properties = {{"UTC", unit<zone_offset, z_name>}}},
      {.name = "java.time.format.DateTimeFormatter",
       .methods = {{"ofPattern", {1, 2, formatter}}},
       .properties = {{"ISO_INSTANT", iso_formatter<iso_instant>},
                      {"ISO_LOCAL_DATE", iso_formatter<iso_local_date>},
                      {"ISO_DATE", iso_formatter<iso_date_name>},
                      {"BASIC_ISO_DATE", iso_formatter<basic>},
                      {"ISO_LOCAL_TIME", iso_formatter<iso_local_time>},
                      {"ISO_LOCAL_DATE_TIME", iso_formatter<iso_local_date_time>},
                      {"ISO_DATE_TIME", iso_formatter<iso_date_time>},
                      {"ISO_OFFSET_DATE_TIME", iso_formatter<iso_offset_date_time>},
                      {"ISO_ZONED_DATE_TIME", iso_formatter<iso_zoned_date_time>}}},
      {.name = "java.time.temporal.ChronoUnit",
       .properties = {{"NANOS", unit<chrono_unit, nanos_name>},
                      {"MICROS", unit<chrono_unit, micros_name>},
                      {"MILLIS", unit<chrono_unit, millis_name>},
                      {"SECONDS", unit<chrono_unit, seconds_name>},
                      {"MINUTES", unit<chrono_unit, minutes_name>},
                      {"HOURS", unit<chrono_unit, hours_name>},
                      {"DAYS", unit<chrono_unit, days_name>},
                      {"WEEKS", unit<chrono_unit, weeks_name>},
                      {"MONTHS", unit<chrono_unit, months_name>},
                      {"YEARS", unit<chrono_unit, years_name>}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
